/* SPDX-License-Identifier: Apache-2.0 */
/* The alias table: how NIST, MassBank, MoNA, GNPS, RIKEN, Golm, SWGDRUG and our own records spell the fields. */
#include "spectrum/fields.h"

#include <string.h>

#include "base/numbers.h"

#define KEY_SIZE 64

const spectrum_alias spectrum_aliases[] = {
    {"accession", SPECTRA_FIELD_ACCESSION, false},
    {"acchromatographycolumnname", SPECTRA_FIELD_COLUMN, false},
    {"acchromatographyretentionindex", SPECTRA_FIELD_RETENTION_INDEX, false},
    {"acchromatographyretentiontime", SPECTRA_FIELD_RETENTION_TIME, false},
    {"acinstrument", SPECTRA_FIELD_INSTRUMENT, false},
    {"acinstrumenttype", SPECTRA_FIELD_INSTRUMENT_TYPE, false},
    {"acmassspectrometrycollisionenergy", SPECTRA_FIELD_COLLISION_ENERGY, false},
    {"acmassspectrometryionization", SPECTRA_FIELD_IONISATION, false},
    {"acmassspectrometryionmode", SPECTRA_FIELD_POLARITY, false},
    {"acmassspectrometrymstype", SPECTRA_FIELD_SPECTRUM_TYPE, false},
    {"adduct", SPECTRA_FIELD_ADDUCT, false},
    {"author", SPECTRA_FIELD_AUTHOR, false},
    {"authors", SPECTRA_FIELD_AUTHOR, false},
    {"cas", SPECTRA_FIELD_CAS, false},
    {"casname", SPECTRA_FIELD_NAME, false},
    {"casno", SPECTRA_FIELD_CAS, false},
    {"casnumber", SPECTRA_FIELD_CAS, false},
    {"casregistryno", SPECTRA_FIELD_CAS, false},
    {"charge", SPECTRA_FIELD_CHARGE, false},
    {"chcompoundclass", SPECTRA_FIELD_CLASS, false},
    {"chexactmass", SPECTRA_FIELD_EXACT_MASS, false},
    {"chformula", SPECTRA_FIELD_FORMULA, false},
    {"chiupac", SPECTRA_FIELD_INCHI, false},
    {"chlinkcas", SPECTRA_FIELD_CAS, false},
    {"chlinkinchikey", SPECTRA_FIELD_INCHIKEY, false},
    {"chname", SPECTRA_FIELD_NAME, false},
    {"chsmiles", SPECTRA_FIELD_SMILES, false},
    {"class", SPECTRA_FIELD_CLASS, false},
    {"collisionenergy", SPECTRA_FIELD_COLLISION_ENERGY, false},
    {"column", SPECTRA_FIELD_COLUMN, false},
    {"columnname", SPECTRA_FIELD_COLUMN, false},
    {"columntype", SPECTRA_FIELD_COLUMN, true}, /* of the index, beside a column */
    {"com", SPECTRA_FIELD_COMMENT, false},
    {"comment", SPECTRA_FIELD_COMMENT, false},
    {"comments", SPECTRA_FIELD_COMMENT, false},
    {"compoundclass", SPECTRA_FIELD_CLASS, false},
    {"compoundname", SPECTRA_FIELD_NAME, false},
    {"contributor", SPECTRA_FIELD_AUTHOR, true},
    {"datacollector", SPECTRA_FIELD_AUTHOR, true},
    {"db", SPECTRA_FIELD_ACCESSION, false},
    {"exactmass", SPECTRA_FIELD_EXACT_MASS, false},
    {"formula", SPECTRA_FIELD_FORMULA, false},
    {"id", SPECTRA_FIELD_ACCESSION, true},
    {"inchi", SPECTRA_FIELD_INCHI, false},
    {"inchikey", SPECTRA_FIELD_INCHIKEY, false},
    {"instrument", SPECTRA_FIELD_INSTRUMENT, false},
    {"instrumenttype", SPECTRA_FIELD_INSTRUMENT_TYPE, false},
    {"ionisation", SPECTRA_FIELD_IONISATION, false},
    {"ionisationmode", SPECTRA_FIELD_POLARITY, false},
    {"ionization", SPECTRA_FIELD_IONISATION, false},
    {"ionizationmode", SPECTRA_FIELD_POLARITY, false},
    {"ionmode", SPECTRA_FIELD_POLARITY, false},
    {"ionsource", SPECTRA_FIELD_IONISATION, false},
    {"iontype", SPECTRA_FIELD_ADDUCT, false},
    {"isolationwindowtargetmz", SPECTRA_FIELD_PRECURSOR_MZ, true},
    {"licence", SPECTRA_FIELD_LICENCE, false},
    {"license", SPECTRA_FIELD_LICENCE, false},
    {"metbcas", SPECTRA_FIELD_CAS, false},
    {"metbinchi", SPECTRA_FIELD_INCHI, false},
    {"metbinchikey", SPECTRA_FIELD_INCHIKEY, false},
    {"modtype", SPECTRA_FIELD_SITES, false},
    {"molecularformula", SPECTRA_FIELD_FORMULA, false},
    {"molform", SPECTRA_FIELD_FORMULA, false},
    {"msfocusedioniontype", SPECTRA_FIELD_ADDUCT, false},
    {"msfocusedionprecursormz", SPECTRA_FIELD_PRECURSOR_MZ, false},
    {"msfocusedionprecursortype", SPECTRA_FIELD_ADDUCT, false},
    {"mslevel", SPECTRA_FIELD_SPECTRUM_TYPE, false},
    {"mstype", SPECTRA_FIELD_SPECTRUM_TYPE, false},
    {"name", SPECTRA_FIELD_NAME, false},
    {"pepmass", SPECTRA_FIELD_PRECURSOR_MZ, false},
    {"pksplash", SPECTRA_FIELD_SPLASH, false},
    {"polarity", SPECTRA_FIELD_POLARITY, false},
    {"precursormz", SPECTRA_FIELD_PRECURSOR_MZ, false},
    {"precursortype", SPECTRA_FIELD_ADDUCT, false},
    {"record", SPECTRA_FIELD_ACCESSION, false},
    {"recordtitle", SPECTRA_FIELD_NAME, true},
    {"retentionindex", SPECTRA_FIELD_RETENTION_INDEX, false},
    {"retentiontime", SPECTRA_FIELD_RETENTION_TIME, false},
    {"ri", SPECTRA_FIELD_RETENTION_INDEX, false},
    {"rt", SPECTRA_FIELD_RETENTION_TIME, false},
    {"rtinseconds", SPECTRA_FIELD_RETENTION_TIME, false},
    {"sites", SPECTRA_FIELD_SITES, false},
    {"smiles", SPECTRA_FIELD_SMILES, false},
    {"source", SPECTRA_FIELD_SOURCE, false},
    {"sourceinstrument", SPECTRA_FIELD_INSTRUMENT_TYPE, false}, /* GNPS: "DI-ESI-Orbitrap" */
    {"spectrometerdatasystem", SPECTRA_FIELD_INSTRUMENT, false},
    {"spectrometertype", SPECTRA_FIELD_INSTRUMENT_TYPE, false},
    {"spectrumid", SPECTRA_FIELD_ACCESSION, false},
    {"spectrumtype", SPECTRA_FIELD_SPECTRUM_TYPE, false},
    {"splash", SPECTRA_FIELD_SPLASH, false},
    {"stdinchi", SPECTRA_FIELD_INCHI, false},
    {"synon", SPECTRA_FIELD_SYNONYM, false},
    {"synonym", SPECTRA_FIELD_SYNONYM, false},
    {"synonyms", SPECTRA_FIELD_SYNONYM, false},
    {"title", SPECTRA_FIELD_NAME, true},
    {"totalexactmass", SPECTRA_FIELD_EXACT_MASS, false},
    {"track", SPECTRA_FIELD_TRACK, false},
};
const size_t spectrum_alias_count = sizeof spectrum_aliases / sizeof spectrum_aliases[0];

/* The next letter or digit from *position on, in lower case; '\0' at the end. */
static char next_folded(const char *text, size_t size, size_t *position) {
    while (*position < size) {
        char c = text[(*position)++];
        if (c >= 'A' && c <= 'Z') return (char)(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) return c;
    }
    return '\0';
}

/* Appends what is folded of a text to *count characters; false where it is too long for any alias. */
static bool fold(char out[KEY_SIZE], size_t *count, const char *text, size_t size) {
    size_t position = 0;
    for (char c = next_folded(text, size, &position); c; c = next_folded(text, size, &position)) {
        if (*count == KEY_SIZE - 1) return false;
        out[(*count)++] = c;
    }
    out[*count] = '\0';
    return true;
}

const spectrum_alias *spectrum_find_alias(const char *key, size_t key_size, const char *tag, size_t tag_size) {
    char folded[KEY_SIZE];
    size_t count = 0;
    if (!fold(folded, &count, key, key_size) || !fold(folded, &count, tag, tag_size)) return NULL;
    size_t low = 0, high = spectrum_alias_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *alias = spectrum_aliases[middle].key;
        int order = folded[0] - alias[0];
        if (order == 0) order = strcmp(folded, alias);
        if (order == 0) return &spectrum_aliases[middle];
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

spectra_field spectrum_field_of_key(const char *key, size_t key_size) {
    const spectrum_alias *alias = spectrum_find_alias(key, key_size, "", 0);
    return alias ? alias->field : SPECTRA_FIELD_COUNT;
}

static bool folded_equal(const char *a, size_t a_size, const char *b, size_t b_size) {
    size_t i = 0, j = 0;
    for (;;) {
        char c = next_folded(a, a_size, &i);
        if (c != next_folded(b, b_size, &j)) return false;
        if (!c) return true;
    }
}

bool spectrum_key_is(const char *key, size_t key_size, const char *folded) {
    return folded_equal(key, key_size, folded, strlen(folded));
}

bool spectrum_keys_match(const char *a, const char *b) {
    return folded_equal(a, strlen(a), b, strlen(b));
}

bool spectrum_parse_precursor(const char *text, double *mz) {
    base_cursor cursor = base_cursor_over(text, strlen(text));
    if (!base_parse_double(&cursor, mz) || !(*mz > 0)) return false;
    return base_cursor_at_end(&cursor) || base_cursor_peek(&cursor) == ' ' || base_cursor_peek(&cursor) == '\t';
}

bool spectrum_is_value(spectra_field field, const char *text) {
    if (!text[0] || strcmp(text, "NA") == 0 || base_equal_ignoring_case(text, "N/A")) return false;
    if (field == SPECTRA_FIELD_CHARGE) return strspn(text, "0+-") != strlen(text);
    double mz;
    return field != SPECTRA_FIELD_PRECURSOR_MZ || spectrum_parse_precursor(text, &mz);
}
