/* SPDX-License-Identifier: Apache-2.0 */
/* What kind of measurement a record tells of: track, level, polarity, charge, precursor. Reads fields; "unknown" where
   the record does not tell. */
#include <string.h>

#include "base/numbers.h"
#include "base/text.h"
#include "chem/chem.h"
#include "spectrum/fields.h"

/* More charges than any ion carries. */
#define MAX_CHARGE 1000

/* Fields that tell how ions were made. */
static const spectra_field source_fields[] = {SPECTRA_FIELD_INSTRUMENT_TYPE, SPECTRA_FIELD_IONISATION,
                                              SPECTRA_FIELD_POLARITY}; /* JCAMP-DX: "EI+" */

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_alphanumeric(char c) {
    c = lower(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Whether a text goes on with `part`, case ignored; `part` is in lower case. */
static bool goes_on_with(const char *text, const char *part) {
    for (; *part; text++, part++) {
        if (lower(*text) != *part) return false;
    }
    return true;
}

/* Whether `word` (lower case) stands in a text between what is no letter or digit. */
static bool has_word(const char *text, const char *word) {
    if (!text) return false;
    size_t size = strlen(word);
    for (const char *at = text; *at; at++) {
        if (lower(*at) != *word) continue;
        if ((at == text || !is_alphanumeric(at[-1])) && goes_on_with(at, word) && !is_alphanumeric(at[size])) {
            return true;
        }
    }
    return false;
}

static bool source_has_word(const spectra_spectrum *spectrum, const char *const *words, size_t count) {
    for (size_t i = 0; i < sizeof source_fields / sizeof source_fields[0]; i++) {
        const char *text = spectra_spectrum_field(spectrum, source_fields[i]);
        for (size_t j = 0; j < count; j++) {
            if (has_word(text, words[j])) return true;
        }
    }
    return false;
}

static bool is_electron_ionisation(const spectra_spectrum *spectrum) {
    static const char *const words[] = {"ei", "electron ionization", "electron ionisation", "electron impact"};
    return source_has_word(spectrum, words, sizeof words / sizeof words[0]);
}

static bool is_soft_ionisation(const spectra_spectrum *spectrum) {
    static const char *const words[] = {"esi", "hesi", "nanoesi", "electrospray", "apci", "appi", "lc"};
    return source_has_word(spectrum, words, sizeof words / sizeof words[0]);
}

static bool is_in_source(const spectra_spectrum *spectrum) {
    static const char *const words[] = {"in-source", "insource", "in source"};
    const char *type = spectra_spectrum_field(spectrum, SPECTRA_FIELD_SPECTRUM_TYPE);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (has_word(type, words[i])) return true;
    }
    return source_has_word(spectrum, words, sizeof words / sizeof words[0]);
}

uint32_t spectra_spectrum_ms_level(const spectra_spectrum *spectrum) {
    const char *text = spectra_spectrum_field(spectrum, SPECTRA_FIELD_SPECTRUM_TYPE);
    if (!text) return 0;
    if (*text >= '1' && *text <= '9') return (uint32_t)(*text - '0');
    for (const char *at = text; *at; at++) {
        if ((at != text && is_alphanumeric(at[-1])) || !goes_on_with(at, "ms")) continue;
        char next = lower(at[2]);
        if (next >= '1' && next <= '9') return (uint32_t)(next - '0');
        if (next == 'n' || goes_on_with(at + 2, "/ms")) return 2;
        if (!is_alphanumeric(next)) return 1;
    }
    return 0;
}

/* Whether the record names a precursor and its adduct or charge. MGF's PEPMASS is that of a selected precursor. */
static bool has_selected_precursor(const spectra_spectrum *spectrum) {
    if (!spectra_spectrum_field(spectrum, SPECTRA_FIELD_PRECURSOR_MZ)) return false;
    if (spectra_spectrum_field(spectrum, SPECTRA_FIELD_ADDUCT)) return true;
    if (spectra_spectrum_field(spectrum, SPECTRA_FIELD_CHARGE)) return true;
    const char *key, *value;
    for (size_t i = 0; spectra_spectrum_metadata(spectrum, i, &key, &value) == SPECTRA_OK; i++) {
        if (spectrum_key_is(key, strlen(key), "pepmass")) return true;
    }
    return false;
}

static spectra_track stated_track(const spectra_spectrum *spectrum) {
    const char *text = spectra_spectrum_field(spectrum, SPECTRA_FIELD_TRACK);
    if (!text) return SPECTRA_TRACK_UNKNOWN;
    if (base_equal_ignoring_case(text, "ei")) return SPECTRA_TRACK_EI;
    if (base_equal_ignoring_case(text, "msms")) return SPECTRA_TRACK_MSMS;
    return base_equal_ignoring_case(text, "insource") ? SPECTRA_TRACK_INSOURCE : SPECTRA_TRACK_UNKNOWN;
}

spectra_track spectra_spectrum_track(const spectra_spectrum *spectrum) {
    spectra_track stated = stated_track(spectrum);
    if (stated != SPECTRA_TRACK_UNKNOWN) return stated;
    uint32_t level = spectra_spectrum_ms_level(spectrum);
    /* EI first: its spectra are sometimes called in-source, which they are. */
    if (is_electron_ionisation(spectrum)) return level >= 2 ? SPECTRA_TRACK_MSMS : SPECTRA_TRACK_EI;
    if (is_in_source(spectrum)) return SPECTRA_TRACK_INSOURCE;
    if (level != 0) return level >= 2 ? SPECTRA_TRACK_MSMS : SPECTRA_TRACK_UNKNOWN;
    bool selected = is_soft_ionisation(spectrum) || has_selected_precursor(spectrum);
    return selected ? SPECTRA_TRACK_MSMS : SPECTRA_TRACK_UNKNOWN;
}

/* "P", "POSITIVE", "positive ion", "+", "EI+" and the like. */
static spectra_polarity polarity_of_field(const char *text) {
    if (!text) return SPECTRA_POLARITY_UNKNOWN;
    char last = text[strlen(text) - 1]; /* a field says something */
    if (base_equal_ignoring_case(text, "p") || *text == '+' || last == '+' || goes_on_with(text, "pos")) {
        return SPECTRA_POLARITY_POSITIVE;
    }
    bool negative = base_equal_ignoring_case(text, "n") || *text == '-' || last == '-' || goes_on_with(text, "neg");
    return negative ? SPECTRA_POLARITY_NEGATIVE : SPECTRA_POLARITY_UNKNOWN;
}

/* The sign that ends an adduct: "[M+H]+", "[M]+*", "[M]+.". */
static spectra_polarity polarity_of_adduct(const char *text) {
    size_t size = text ? strlen(text) : 0;
    while (size > 0 && (text[size - 1] == '*' || text[size - 1] == '.')) size--;
    if (size > 0 && text[size - 1] == '+') return SPECTRA_POLARITY_POSITIVE;
    return size > 0 && text[size - 1] == '-' ? SPECTRA_POLARITY_NEGATIVE : SPECTRA_POLARITY_UNKNOWN;
}

/* "2+", "+1", "1-"; a number without a sign does not tell. */
static spectra_polarity polarity_of_charge(const char *text) {
    bool positive = text && strchr(text, '+'), negative = text && strchr(text, '-');
    if (positive == negative) return SPECTRA_POLARITY_UNKNOWN;
    return positive ? SPECTRA_POLARITY_POSITIVE : SPECTRA_POLARITY_NEGATIVE;
}

spectra_polarity spectra_spectrum_polarity(const spectra_spectrum *spectrum) {
    spectra_polarity polarity = polarity_of_field(spectra_spectrum_field(spectrum, SPECTRA_FIELD_POLARITY));
    if (polarity == SPECTRA_POLARITY_UNKNOWN) {
        polarity = polarity_of_adduct(spectra_spectrum_field(spectrum, SPECTRA_FIELD_ADDUCT));
    }
    if (polarity == SPECTRA_POLARITY_UNKNOWN) {
        polarity = polarity_of_charge(spectra_spectrum_field(spectrum, SPECTRA_FIELD_CHARGE));
    }
    if (polarity == SPECTRA_POLARITY_UNKNOWN && spectra_spectrum_track(spectrum) == SPECTRA_TRACK_EI) {
        polarity = SPECTRA_POLARITY_POSITIVE;
    }
    return polarity;
}

/* The charge as the field states it, without its sign; 0 for "2+ and 3+" and for what is no number. */
static int32_t size_of_charge(const char *text) {
    uint64_t value;
    base_cursor cursor = base_cursor_over(text, strlen(text));
    if (!base_cursor_accept(&cursor, '+')) base_cursor_accept(&cursor, '-');
    if (!base_parse_unsigned(&cursor, &value) || value > MAX_CHARGE) return 0;
    if (!base_cursor_accept(&cursor, '+')) base_cursor_accept(&cursor, '-');
    return base_cursor_at_end(&cursor) ? (int32_t)value : 0;
}

int32_t spectra_spectrum_charge(const spectra_spectrum *spectrum) {
    const char *stated = spectra_spectrum_field(spectrum, SPECTRA_FIELD_CHARGE);
    const char *adduct_text = spectra_spectrum_field(spectrum, SPECTRA_FIELD_ADDUCT);
    chem_adduct adduct;
    if (stated) {
        spectra_polarity sign = polarity_of_charge(stated);
        if (sign == SPECTRA_POLARITY_UNKNOWN) sign = spectra_spectrum_polarity(spectrum);
        int32_t size = sign == SPECTRA_POLARITY_UNKNOWN ? 0 : size_of_charge(stated);
        return sign == SPECTRA_POLARITY_NEGATIVE ? -size : size;
    }
    return adduct_text && chem_adduct_parse(&adduct, adduct_text) ? adduct.charge : 0;
}

spectra_status spectra_spectrum_precursor_mz(const spectra_spectrum *spectrum, double *mz) {
    if (!spectrum || !mz) return SPECTRA_E_INVALID;
    const char *stated = spectra_spectrum_field(spectrum, SPECTRA_FIELD_PRECURSOR_MZ);
    if (stated && spectrum_parse_precursor(stated, mz)) return SPECTRA_OK;
    const char *formula_text = spectra_spectrum_field(spectrum, SPECTRA_FIELD_FORMULA);
    const char *adduct_text = spectra_spectrum_field(spectrum, SPECTRA_FIELD_ADDUCT);
    chem_formula formula;
    chem_adduct adduct;
    if (!formula_text || !adduct_text || !chem_formula_parse(&formula, formula_text) ||
        !chem_adduct_parse(&adduct, adduct_text)) {
        return SPECTRA_E_NOT_FOUND;
    }
    formula.charge = 0; /* the adduct accounts for the electrons */
    uint32_t mz_uth = chem_adduct_mz_uth(&adduct, chem_monoisotopic_uda(&formula));
    if (mz_uth == 0) return SPECTRA_E_NOT_FOUND;
    *mz = base_from_micro(mz_uth);
    return SPECTRA_OK;
}
