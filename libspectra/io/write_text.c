/* SPDX-License-Identifier: Apache-2.0 */
/* A spectrum as MSP, MGF or own record: metadata word for word, and under the format's own key what it cannot do
   without. What would not read back the same is refused. */
#include <string.h>

#include "base/numbers.h"
#include "base/text.h"
#include "chem/chem.h"
#include "io/reader.h"
#include "io/writer.h"
#include "spectrum/fields.h"

#define MAX_ESSENTIALS 4
#define VALUE_SIZE 64
#define BYTE_ORDER_MARK "\xef\xbb\xbf" /* in front of a file it is passed over */

/* What a format cannot do without, and the key it has there. */
typedef struct essential {
    const char *key;
    spectra_field field;
} essential;

typedef struct text_style {
    spectra_format format;
    const char *begin;
    const char *mark;      /* between key and value; no key holds its first character */
    const char *count_key; /* NULL: the number of peaks is not declared */
    const char *end;
    const char *refused_first;            /* characters that no key begins with */
    essential essentials[MAX_ESSENTIALS]; /* up to one without key */
} text_style;

static const text_style styles[] = {
    {SPECTRA_FORMAT_MSP,
     "",
     ": ",
     "Num Peaks: ",
     "\n",
     "#",
     {{"Name", SPECTRA_FIELD_NAME}, {"PrecursorMZ", SPECTRA_FIELD_PRECURSOR_MZ}}},
    {SPECTRA_FORMAT_MGF,
     "BEGIN IONS\n",
     "=",
     NULL,
     "END IONS\n\n",
     "0123456789.+-",
     {{"TITLE", SPECTRA_FIELD_NAME}, {"PEPMASS", SPECTRA_FIELD_PRECURSOR_MZ}, {"CHARGE", SPECTRA_FIELD_CHARGE}}},
    {SPECTRA_FORMAT_RECORD,
     "record: ",
     ": ",
     "peaks: ",
     "end\n\n",
     "#",
     {{"name", SPECTRA_FIELD_NAME},
      {"track", SPECTRA_FIELD_TRACK},
      {"polarity", SPECTRA_FIELD_POLARITY},
      {"precursor_mz", SPECTRA_FIELD_PRECURSOR_MZ}}},
};

static const text_style *find_style(spectra_format format) {
    const text_style *style = styles;
    while (style->format != format) style++;
    return style;
}

static bool has_line_end(const char *text) {
    return strpbrk(text, "\r\n") != NULL;
}

static spectra_status cannot_carry(const text_style *style, const char *what, const char *text, spectra_error *error) {
    return base_fail(error, SPECTRA_E_FORMAT, BASE_NO_PLACE, "%s cannot carry the %s %s",
                     spectra_format_text(style->format), what, text);
}

/* --- Metadata --- */

/* Whether a key would be taken for a part of the format. */
static bool is_reserved(const text_style *style, const char *key) {
    if (style->format == SPECTRA_FORMAT_MSP) {
        return spectrum_key_is(key, strlen(key), "numpeaks") || base_starts_with(key, BYTE_ORDER_MARK);
    }
    return style->format == SPECTRA_FORMAT_RECORD && (strcmp(key, "peaks") == 0 || strcmp(key, "record") == 0);
}

static spectra_status put_pair(spectra_writer *writer, const text_style *style, const char *key, const char *value,
                               spectra_error *error) {
    if (strchr(key, style->mark[0]) || has_line_end(key) || strchr(style->refused_first, key[0]) ||
        is_reserved(style, key)) {
        return cannot_carry(style, "key", key, error);
    }
    if (has_line_end(value)) return cannot_carry(style, "line end in the value of", key, error);
    io_put_string(writer, key);
    io_put_string(writer, style->mark);
    io_put_string(writer, value);
    io_put_string(writer, "\n");
    return SPECTRA_OK;
}

static bool has_key(const spectra_spectrum *spectrum, const char *wanted) {
    const char *key, *value;
    for (size_t i = 0; spectra_spectrum_metadata(spectrum, i, &key, &value) == SPECTRA_OK; i++) {
        if (spectrum_keys_match(key, wanted)) return true;
    }
    return false;
}

/* The charge as stated, else that of the adduct: "1+" of "[M+H]+". */
static const char *charge_text(base_text *text, const spectra_spectrum *spectrum) {
    const char *stated = spectra_spectrum_field(spectrum, SPECTRA_FIELD_CHARGE);
    const char *adduct_text = spectra_spectrum_field(spectrum, SPECTRA_FIELD_ADDUCT);
    chem_adduct adduct;
    if (stated) return stated;
    if (!adduct_text || !chem_adduct_parse(&adduct, adduct_text)) return NULL;
    base_text_unsigned(text, (uint64_t)(adduct.charge < 0 ? -(int64_t)adduct.charge : adduct.charge));
    base_text_string(text, adduct.charge < 0 ? "-" : "+");
    return text->bytes;
}

/* The precursor as stated: a computed one would look like a measured one. */
static const char *precursor_text(base_text *text, const spectra_spectrum *spectrum) {
    const char *stated = spectra_spectrum_field(spectrum, SPECTRA_FIELD_PRECURSOR_MZ);
    double mz;
    if (!stated) return NULL;
    spectrum_parse_precursor(stated, &mz); /* nothing else is a value of this field */
    base_text_double(text, mz);
    return text->bytes;
}

/* The value of an essential key, NULL or empty where the record does not tell. */
static const char *essential_value(base_text *text, const spectra_spectrum *spectrum, spectra_field field) {
    static const char *const tracks[] = {"", "ei", "msms", "insource"};
    static const char *const polarities[] = {"", "positive", "negative"};
    switch (field) {
    case SPECTRA_FIELD_PRECURSOR_MZ:
        return precursor_text(text, spectrum);
    case SPECTRA_FIELD_CHARGE:
        return charge_text(text, spectrum);
    case SPECTRA_FIELD_TRACK:
        return tracks[spectra_spectrum_track(spectrum)];
    case SPECTRA_FIELD_POLARITY:
        return polarities[spectra_spectrum_polarity(spectrum)];
    default:
        return spectra_spectrum_field(spectrum, field);
    }
}

static spectra_status put_essentials(spectra_writer *writer, const text_style *style, const spectra_spectrum *spectrum,
                                     spectra_error *error) {
    for (size_t i = 0; i < MAX_ESSENTIALS && style->essentials[i].key; i++) {
        const essential *wanted = &style->essentials[i];
        char bytes[VALUE_SIZE];
        base_text text;
        base_text_init(&text, bytes, sizeof bytes);
        if (has_key(spectrum, wanted->key)) continue;
        const char *value = essential_value(&text, spectrum, wanted->field);
        if (!value || !value[0]) continue;
        spectra_status status = put_pair(writer, style, wanted->key, value, error);
        if (status < 0) return status;
    }
    return SPECTRA_OK;
}

/* Own records have their accession in the first line; the key `record` is not repeated below it. */
static spectra_status put_accession(spectra_writer *writer, const char *accession, spectra_error *error) {
    if (!accession || has_line_end(accession)) {
        return base_fail(error, SPECTRA_E_FORMAT, BASE_NO_PLACE, "a record needs an accession of one line");
    }
    io_put_string(writer, accession);
    io_put_string(writer, "\n");
    return SPECTRA_OK;
}

/* All pairs but one `record` that says what `named` does (NULL: none). */
static spectra_status put_metadata(spectra_writer *writer, const text_style *style, const spectra_spectrum *spectrum,
                                   const char *named, spectra_error *error) {
    const char *key, *value;
    for (size_t i = 0; spectra_spectrum_metadata(spectrum, i, &key, &value) == SPECTRA_OK; i++) {
        if (named && strcmp(key, "record") == 0 && strcmp(value, named) == 0) {
            named = NULL;
            continue;
        }
        spectra_status status = put_pair(writer, style, key, value, error);
        if (status < 0) return status;
    }
    return SPECTRA_OK;
}

/* --- Peaks --- */

/* Whether the reader of MSP takes a text among the peaks for the first line of the next record. */
static bool begins_like_a_record(const char *text, size_t size) {
    io_line line = {.text = text, .size = size};
    io_pair pair;
    return io_split(&pair, &line, ':') && spectrum_find_alias(pair.key, pair.key_size, "", 0);
}

/* Whether an annotation reads back when it stands without quotes: a text, in MGF also the one word of a charge. */
static bool stands_bare(const text_style *style, const char *annotation) {
    size_t size = strlen(annotation);
    if (style->format == SPECTRA_FORMAT_RECORD || io_is_blank(annotation[0]) || io_is_blank(annotation[size - 1])) {
        return false;
    }
    if (style->format == SPECTRA_FORMAT_MSP && begins_like_a_record(annotation, size)) return false;
    if (io_begins_free_text(annotation[0])) return true;
    return style->format == SPECTRA_FORMAT_MGF && annotation[0] != '"' && !strpbrk(annotation, " \t");
}

/* In quotes; bare in MGF, where a charge must stand so, and where the annotation has quotes of its own. */
static spectra_status put_annotation(spectra_writer *writer, const text_style *style, const char *annotation,
                                     spectra_error *error) {
    bool has_quote = strchr(annotation, '"') != NULL, bare = stands_bare(style, annotation);
    if (has_line_end(annotation) || (has_quote && !bare)) return cannot_carry(style, "annotation", annotation, error);
    const char *quote = bare && (has_quote || style->format == SPECTRA_FORMAT_MGF) ? "" : "\"";
    io_put_string(writer, " ");
    io_put_string(writer, quote);
    io_put_string(writer, annotation);
    io_put_string(writer, quote);
    return SPECTRA_OK;
}

static spectra_status put_peaks(spectra_writer *writer, const text_style *style, const spectra_spectrum *spectrum,
                                spectra_error *error) {
    const double *mz = spectra_spectrum_mz(spectrum), *intensity = spectra_spectrum_intensity(spectrum);
    for (size_t i = 0; i < spectra_spectrum_peak_count(spectrum); i++) {
        const char *annotation = spectra_spectrum_annotation(spectrum, i);
        io_put_double(writer, mz[i]);
        io_put_string(writer, " ");
        io_put_double(writer, intensity[i]);
        spectra_status status = annotation ? put_annotation(writer, style, annotation, error) : SPECTRA_OK;
        if (status < 0) return status;
        io_put_string(writer, "\n");
    }
    return SPECTRA_OK;
}

static void put_count(spectra_writer *writer, const text_style *style, const spectra_spectrum *spectrum) {
    if (!style->count_key) return;
    io_put_string(writer, style->count_key);
    io_put_unsigned(writer, spectra_spectrum_peak_count(spectrum));
    io_put_string(writer, "\n");
}

spectra_status io_put_text(spectra_writer *writer, const spectra_spectrum *spectrum, spectra_error *error) {
    const text_style *style = find_style(writer->format);
    const char *named = NULL;
    io_put_string(writer, style->begin);
    spectra_status status = SPECTRA_OK;
    if (style->format == SPECTRA_FORMAT_RECORD) {
        named = spectra_spectrum_field(spectrum, SPECTRA_FIELD_ACCESSION);
        status = put_accession(writer, named, error);
    }
    if (status == SPECTRA_OK) status = put_essentials(writer, style, spectrum, error);
    if (status == SPECTRA_OK) status = put_metadata(writer, style, spectrum, named, error);
    if (status < 0) return status;
    put_count(writer, style, spectrum);
    status = put_peaks(writer, style, spectrum, error);
    io_put_string(writer, style->end);
    return status;
}
