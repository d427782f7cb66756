/* SPDX-License-Identifier: Apache-2.0 */
/* mzXML 2 and 3: scans, which may stand in one another,

       <scan num= peaksCount=N msLevel= …>     attributes become metadata
         <precursorMz …>m/z</precursorMz>
         <peaks precision= …>base64</peaks>    N pairs of m/z and intensity, the highest byte first

   A scan ends at its end tag or where the next one begins in it. What the schema does not know is an error inside a
   scan and an instrument; behind the peaks it may be the next scan, damaged: then this one is given out with a warning,
   and the error comes next. The index is not read. */
#include <string.h>

#include "io/arrays.h"
#include "io/reader.h"
#include "io/xml.h"

typedef struct io_mzxml {
    io_xml xml;
    io_array decoder;
    base_vector values;             /* double: m/z and intensity by turns */
    base_vector text;               /* char: of precursorMz or comment */
    uint64_t declared_count, count; /* of scans */
    bool ended;                     /* </mzXML> was there */
    bool at_scan;                   /* the last event began another scan */
    /* Of the scan being read. */
    uint64_t length;
    bool filled, decoding, collecting, profile;
    bool has_peaks;       /* all of them */
    spectra_error behind; /* what is wrong behind them */
} io_mzxml;

static io_mzxml *state_of(const spectra_reader *reader) {
    return reader->state;
}

static spectra_status out_of_memory(spectra_error *error) {
    return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "not enough memory");
}

static spectra_status create_state(spectra_reader *reader, spectra_error *error) {
    io_mzxml *mzxml = base_allocate(reader->allocator, sizeof *mzxml);
    if (!mzxml) return out_of_memory(error);
    memset(mzxml, 0, sizeof *mzxml);
    io_xml_init(&mzxml->xml, &reader->lines, reader->allocator);
    io_array_init(&mzxml->decoder, reader->allocator);
    base_vector_init(&mzxml->values, sizeof(double), reader->allocator);
    base_vector_init(&mzxml->text, sizeof(char), reader->allocator);
    reader->state = mzxml;
    return SPECTRA_OK;
}

static void free_state(spectra_reader *reader) {
    io_mzxml *mzxml = state_of(reader);
    if (!mzxml) return;
    io_xml_free(&mzxml->xml);
    io_array_free(&mzxml->decoder);
    base_vector_free(&mzxml->values);
    base_vector_free(&mzxml->text);
    base_release(reader->allocator, mzxml, sizeof *mzxml);
}

static bool is_one_of(const io_xml *xml, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (io_xml_is(xml, names[i])) return true;
    }
    return false;
}

/* --- Around the scans --- */

/* Of the instrument only the ionisation is kept: by electrons it tells the track. */
static spectra_status take_instrument(spectra_reader *reader, const io_xml *xml, spectra_error *error) {
    static const char *const others[] = {"msManufacturer", "msModel",  "msMassAnalyzer", "msDetector", "msResolution",
                                         "software",       "operator", "nameValue",      "comment"};
    if (is_one_of(xml, others, sizeof others / sizeof others[0])) return SPECTRA_OK;
    const io_xml_attribute *value = io_xml_find(xml, "value");
    if (!io_xml_is(xml, "msIonisation") || !value) {
        return base_fail(error, SPECTRA_E_FORMAT, xml->place, "unexpected element in an instrument");
    }
    if (spectra_spectrum_metadata_count(reader->common) > 0) return SPECTRA_OK;
    const io_line line = {value->value, value->value_size, true, xml->place};
    const io_pair pair = {"Ionization", 10, 0};
    return io_add_common_pair(reader, &line, &pair, error);
}

static spectra_status check_count(const io_mzxml *mzxml, spectra_error *error) {
    if (mzxml->xml.fragment || mzxml->count == mzxml->declared_count) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_FORMAT, mzxml->xml.place, "%u scans where %u are declared", mzxml->count,
                     mzxml->declared_count);
}

/* Text stands in few elements; elsewhere it is a tag that has lost its '<'. */
static spectra_status take_outer_text(const io_xml *xml, spectra_error *error) {
    static const char *const elements[] = {"offset", "indexOffset", "sha1", "comment"};
    if (io_xml_is_blank(xml->text, xml->size) || xml->fragment) return SPECTRA_OK;
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
        if (xml->depth > 0 && strcmp(xml->names[xml->depth - 1], elements[i]) == 0) return SPECTRA_OK;
    }
    return base_fail(error, SPECTRA_E_FORMAT, xml->place, "unexpected text between elements");
}

/* Moves on to the next <scan>: SPECTRA_OK; SPECTRA_END behind the file. */
static spectra_status advance(spectra_reader *reader, io_mzxml *mzxml, spectra_error *error) {
    io_xml *xml = &mzxml->xml;
    for (;;) {
        spectra_status status = io_xml_next(xml, error);
        if (status < 0) return status;
        if (xml->kind == IO_XML_END_OF_FILE) {
            if (mzxml->ended || xml->fragment) return SPECTRA_END;
            return base_fail(error, SPECTRA_E_FORMAT, xml->place, "the file ends before </mzXML>");
        }
        if (xml->kind == IO_XML_START && io_xml_is(xml, "scan")) return SPECTRA_OK;
        if (xml->kind == IO_XML_START && io_xml_is(xml, "msRun"))
            status = io_xml_find_number(xml, "scanCount", &mzxml->declared_count, error);
        if (xml->kind == IO_XML_START && io_xml_is_inside(xml, "msInstrument"))
            status = take_instrument(reader, xml, error);
        if (xml->kind == IO_XML_END && io_xml_is(xml, "msRun")) status = check_count(mzxml, error);
        if (xml->kind == IO_XML_END && io_xml_is(xml, "mzXML")) mzxml->ended = true;
        if (xml->kind == IO_XML_TEXT) status = take_outer_text(xml, error);
        if (status < 0) return status;
    }
}

/* --- Metadata --- */

static spectra_status add_text(spectra_reader *reader, const char *key, size_t key_size, const char *value,
                               size_t value_size, base_place place, spectra_error *error) {
    const io_line line = {value, value_size, true, place};
    return io_add_text(reader, key, key_size, &line, error);
}

/* "PT353.43S" is a time of 353.43 s; other durations are kept as they are. */
static spectra_status add_time(spectra_reader *reader, io_mzxml *mzxml, const io_xml_attribute *a,
                               spectra_error *error) {
    const char *value = a->value;
    size_t size = a->value_size;
    bool seconds = size > 3 && memcmp(value, "PT", 2) == 0 && value[size - 1] == 'S';
    for (size_t i = 2; seconds && i + 1 < size; i++) seconds = (value[i] >= '0' && value[i] <= '9') || value[i] == '.';
    if (!seconds) return add_text(reader, a->name, a->name_size, value, size, mzxml->xml.place, error);
    mzxml->text.count = 0;
    if (!base_vector_append(&mzxml->text, value + 2, size - 3) || !base_vector_append(&mzxml->text, " s", 2)) {
        return out_of_memory(error);
    }
    return add_text(reader, a->name, a->name_size, mzxml->text.data, mzxml->text.count, mzxml->xml.place, error);
}

static spectra_status take_attributes(spectra_reader *reader, io_mzxml *mzxml, spectra_error *error) {
    const io_xml *xml = &mzxml->xml;
    spectra_status status = SPECTRA_OK;
    for (uint32_t i = 0; i < xml->attribute_count && status == SPECTRA_OK; i++) {
        const io_xml_attribute *a = &xml->attributes[i];
        if (a == io_xml_find(xml, "peaksCount")) continue;
        bool charge = a == io_xml_find(xml, "precursorCharge");
        status = a == io_xml_find(xml, "retentionTime")
                     ? add_time(reader, mzxml, a, error)
                     : add_text(reader, charge ? "Charge" : a->name, charge ? 6 : a->name_size, a->value, a->value_size,
                                xml->place, error);
    }
    return status;
}

static spectra_status take_name_value(spectra_reader *reader, const io_xml *xml, spectra_error *error) {
    const io_xml_attribute *name = io_xml_find(xml, "name"), *value = io_xml_find(xml, "value");
    if (!name || !value || io_xml_is_blank(name->value, name->value_size)) {
        return base_fail(error, SPECTRA_E_FORMAT, xml->place, "nameValue without name or value");
    }
    return add_text(reader, name->value, name->value_size, value->value, value->value_size, xml->place, error);
}

/* --- Peaks --- */

/* Whether an attribute is one of the values, or is not there. */
static bool may_be(const io_xml *xml, const char *name, const char *first, const char *second) {
    const io_xml_attribute *a = io_xml_find(xml, name);
    return !a || io_xml_has_value(a, first) || io_xml_has_value(a, second);
}

static spectra_status begin_peaks(io_mzxml *mzxml, spectra_error *error) {
    static const char *const names[] = {"precision",   "byteOrder",       "pairOrder",
                                        "contentType", "compressionType", "compressedLen"};
    const io_xml *xml = &mzxml->xml;
    size_t known = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) known += io_xml_find(xml, names[i]) != NULL;
    if (mzxml->filled || known != xml->attribute_count || !may_be(xml, "precision", "32", "64") ||
        !may_be(xml, "byteOrder", "network", "network") || !may_be(xml, "pairOrder", "m/z-int", "m/z-int") ||
        !may_be(xml, "contentType", "m/z-int", "m/z-int") || !may_be(xml, "compressionType", "none", "zlib")) {
        return base_fail(error, SPECTRA_E_FORMAT, xml->place, "peaks of a kind that is not read");
    }
    mzxml->filled = true;
    mzxml->decoding = mzxml->length > 0; /* some writers fill an empty scan with zeros */
    const io_packing packing = {.number = io_xml_has_value(io_xml_find(xml, "precision"), "64") ? IO_NUMBER_FLOAT64
                                                                                                : IO_NUMBER_FLOAT32,
                                .zlib = io_xml_has_value(io_xml_find(xml, "compressionType"), "zlib"),
                                .big_endian = true};
    return io_array_begin(&mzxml->decoder, packing, &mzxml->values, 2 * mzxml->length, xml->place, error);
}

static spectra_status end_peaks(io_mzxml *mzxml, spectra_error *error) {
    spectra_status status = mzxml->decoding ? io_array_end(&mzxml->decoder, error) : SPECTRA_OK;
    mzxml->decoding = false;
    mzxml->has_peaks = status == SPECTRA_OK;
    return status;
}

/* --- A scan --- */

static spectra_status begin_element(spectra_reader *reader, io_mzxml *mzxml, spectra_error *error) {
    const io_xml *xml = &mzxml->xml;
    if (io_xml_is(xml, "peaks")) return begin_peaks(mzxml, error);
    if (io_xml_is(xml, "nameValue")) return take_name_value(reader, xml, error);
    bool text = io_xml_is(xml, "precursorMz") || io_xml_is(xml, "comment");
    if (!text && !io_xml_is(xml, "scanOrigin") && !io_xml_is(xml, "maldi")) {
        return base_fail(error, SPECTRA_E_FORMAT, xml->place, "unexpected element in a scan");
    }
    spectra_status status = take_attributes(reader, mzxml, error);
    mzxml->collecting = text;
    mzxml->text.count = 0;
    return status;
}

static spectra_status take_text(const spectra_reader *reader, io_mzxml *mzxml, spectra_error *error) {
    const io_xml *xml = &mzxml->xml;
    if (mzxml->decoding) return io_array_add(&mzxml->decoder, xml->text, xml->size, xml->place, error);
    if (mzxml->collecting) {
        if (xml->size > reader->options.max_line_size - mzxml->text.count) {
            return base_fail(error, SPECTRA_E_LIMIT, xml->place, "text of more than %u bytes",
                             (uint64_t)reader->options.max_line_size);
        }
        return base_vector_append(&mzxml->text, xml->text, xml->size) ? SPECTRA_OK : out_of_memory(error);
    }
    bool in_peaks = xml->depth > 0 && strcmp(xml->names[xml->depth - 1], "peaks") == 0;
    if (in_peaks || io_xml_is_blank(xml->text, xml->size)) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_FORMAT, xml->place, "unexpected text in a scan");
}

static spectra_status end_element(spectra_reader *reader, io_mzxml *mzxml, spectra_error *error) {
    const io_xml *xml = &mzxml->xml;
    if (io_xml_is(xml, "peaks")) return end_peaks(mzxml, error);
    if (!mzxml->collecting) return SPECTRA_OK;
    mzxml->collecting = false;
    const char *key = io_xml_is(xml, "comment") ? "comment" : "Precursor_mz";
    const char *text = mzxml->text.count > 0 ? mzxml->text.data : "";
    return add_text(reader, key, strlen(key), text, mzxml->text.count, xml->place, error);
}

/* Up to the end of the scan or the beginning of one in it. */
static spectra_status read_elements(spectra_reader *reader, io_mzxml *mzxml, spectra_error *error) {
    io_xml *xml = &mzxml->xml;
    for (;;) {
        spectra_status status = io_xml_next(xml, error);
        if (status < 0) return status;
        if (xml->kind == IO_XML_END && io_xml_is(xml, "scan")) return SPECTRA_OK;
        mzxml->at_scan = xml->kind == IO_XML_START && io_xml_is(xml, "scan");
        if (mzxml->at_scan && (mzxml->collecting || (mzxml->filled && !mzxml->has_peaks))) {
            return base_fail(error, SPECTRA_E_FORMAT, xml->place, "a scan begins inside another element");
        }
        if (mzxml->at_scan) return SPECTRA_OK;
        if (xml->kind == IO_XML_START) status = begin_element(reader, mzxml, error);
        if (xml->kind == IO_XML_TEXT) status = take_text(reader, mzxml, error);
        if (xml->kind == IO_XML_END) status = end_element(reader, mzxml, error);
        if (status < 0) return status;
    }
}

/* Up to the end; an error behind the peaks is kept for the next call. */
static spectra_status read_scan(spectra_reader *reader, io_mzxml *mzxml, spectra_error *error) {
    spectra_error reason = {0};
    spectra_status status = read_elements(reader, mzxml, &reason);
    bool bad = status == SPECTRA_E_FORMAT || status == SPECTRA_E_LIMIT;
    if (bad && mzxml->has_peaks) {
        mzxml->behind = reason;
        return io_end_not_verified(reader, (base_place){reason.line, reason.offset}, error);
    }
    if (status < 0 && error) *error = reason;
    return status;
}

static spectra_status finish(spectra_reader *reader, const io_mzxml *mzxml, base_place place, spectra_error *error) {
    if (!mzxml->has_peaks && mzxml->length > 0) {
        return base_fail(error, SPECTRA_E_FORMAT, place, "scan without its peaks");
    }
    const double *values = mzxml->values.data;
    spectra_status status = io_add_common(reader, place, error);
    if (status == SPECTRA_OK && mzxml->length > 0) {
        status = io_add_arrays(reader, values, values + 1, 2, (size_t)mzxml->length, place, error);
    }
    if (status == SPECTRA_OK && mzxml->profile) status = io_add_profile_warning(reader, error);
    return status < 0 ? status : spectrum_finish(reader->spectrum, place, error);
}

static spectra_status read_record(spectra_reader *reader, spectra_error *error) {
    spectra_status status = reader->state ? SPECTRA_OK : create_state(reader, error);
    if (status < 0) return status;
    io_mzxml *mzxml = state_of(reader);
    if (mzxml->behind.status < 0) {
        if (error) *error = mzxml->behind;
        status = mzxml->behind.status;
        mzxml->behind.status = SPECTRA_OK;
        return status;
    }
    if (!mzxml->at_scan) status = advance(reader, mzxml, error);
    if (status != SPECTRA_OK) return status;
    base_place place = mzxml->xml.place;
    mzxml->count++;
    mzxml->at_scan = mzxml->filled = mzxml->has_peaks = mzxml->decoding = mzxml->collecting = false;
    mzxml->profile = io_xml_has_value(io_xml_find(&mzxml->xml, "centroided"), "0");
    status = io_xml_find_number(&mzxml->xml, "peaksCount", &mzxml->length, error);
    if (status == SPECTRA_OK && mzxml->length > reader->options.max_peaks) {
        status = base_fail(error, SPECTRA_E_LIMIT, place, "more than %u peaks", (uint64_t)reader->options.max_peaks);
    }
    if (status == SPECTRA_OK) status = take_attributes(reader, mzxml, error);
    if (status == SPECTRA_OK) status = read_scan(reader, mzxml, error);
    return status < 0 ? status : finish(reader, mzxml, place, error);
}

/* A scan that has begun in the bad one is still there. */
static spectra_status recover(spectra_reader *reader, spectra_error *error) {
    io_mzxml *mzxml = state_of(reader);
    mzxml->behind.status = SPECTRA_OK;
    return mzxml->at_scan ? SPECTRA_OK : io_xml_seek(&mzxml->xml, "scan", error);
}

const io_format io_format_mzxml = {read_record, recover, free_state};
