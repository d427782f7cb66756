/* SPDX-License-Identifier: Apache-2.0 */
/* Small made-up spectra and databases for the tests of db/. Nothing here was measured. */
#ifndef TESTS_UNIT_DB_SAMPLE_H
#define TESTS_UNIT_DB_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "db/calibration.h"
#include "db/inside.h"

/* Tables of a family that does not exist. */
#define SAMPLE_KNOWLEDGE TESTS_DIR "/knowledge"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static inline uint64_t sample_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* A record as a test states it; NULL leaves a line out. */
typedef struct sample_record {
    const char *accession, *name, *inchikey, *formula;
    const char *kind; /* "EI", "MS2", "in-source" */
    const char *polarity, *precursor, *substance_class, *sites;
    uint32_t peaks; /* how many, made from `seed` */
    uint64_t seed;
} sample_record;

static inline void sample_add_line(spectra_spectrum *spectrum, const char *key, const char *value) {
    if (value) assert_int_equal(spectra_spectrum_add_metadata(spectrum, key, value), SPECTRA_OK);
}

/* Peaks at whole m/z for EI, at four decimals for the others. */
static inline void sample_set_peaks(spectra_spectrum *spectrum, const sample_record *record) {
    double mz[512], intensity[512];
    uint64_t state = record->seed * 2654435761u + 88172645463325252u;
    assert_in_range(record->peaks, 0, COUNT_OF(mz));
    for (uint32_t i = 0; i < record->peaks; i++) {
        mz[i] = 40.0 + i + (strcmp(record->kind, "EI") == 0 ? 0.0 : (double)(sample_random(&state) % 9000) / 1e4);
        intensity[i] = (double)(20 + sample_random(&state) % 980);
    }
    assert_int_equal(spectra_spectrum_set_peaks(spectrum, mz, intensity, record->peaks, NULL), SPECTRA_OK);
}

static inline spectra_spectrum *sample_spectrum(const sample_record *record) {
    spectra_spectrum *spectrum;
    assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
    sample_add_line(spectrum, "Name", record->name);
    sample_add_line(spectrum, "DB#", record->accession);
    sample_add_line(spectrum, "InChIKey", record->inchikey);
    sample_add_line(spectrum, "Formula", record->formula);
    sample_add_line(spectrum, "Ion_mode", record->polarity);
    sample_add_line(spectrum, "PrecursorMZ", record->precursor);
    sample_add_line(spectrum, "Class", record->substance_class);
    sample_add_line(spectrum, "ModType", record->sites);
    if (strcmp(record->kind, "EI") == 0) {
        sample_add_line(spectrum, "Instrument_type", "EI-B");
    } else {
        sample_add_line(spectrum, "Spectrum_type", record->kind);
    }
    sample_set_peaks(spectrum, record);
    return spectrum;
}

static inline spectra_status sample_add(spectra_builder *builder, const sample_record *record, spectra_error *error) {
    spectra_spectrum *spectrum = sample_spectrum(record);
    spectra_status status = spectra_builder_add_spectrum(builder, spectrum, SPECTRA_TRACK_UNKNOWN, error);
    spectra_spectrum_free(spectrum);
    return status;
}

static inline spectra_builder *sample_builder(void) {
    spectra_builder *builder;
    assert_int_equal(spectra_builder_create(&builder, NULL), SPECTRA_OK);
    return builder;
}

/* Sets are small here: they have postings only where they are asked for. */
static inline void sample_ask_for_postings(spectra_builder *builder) {
    const spectra_builder_options options = {
        .size = sizeof options, .postings = SPECTRA_POSTINGS_ALWAYS, .loss_postings = 1};
    assert_int_equal(spectra_builder_set_options(builder, &options, NULL), SPECTRA_OK);
}

/* One spectrum at least for each peak set, precursors not in order, one spectrum without a peak, one MS/MS spectrum
   without a precursor. */
static const sample_record sample_records[] = {
    {"T-1", "first", "AAAAAAAAAAAAAA-UHFFFAOYSA-N", "C10H12N2O", "EI", NULL, NULL, "made_up", "D", 30, 1},
    {"T-2", "second", "BBBBBBBBBBBBBB-UHFFFAOYSA-N", "C11H14N2O", "MS2", "P", "191.1179", NULL, NULL, 110, 2},
    {"T-3", "first", "AAAAAAAAAAAAAA-UHFFFAOYSA-N", "C10H12N2O", "MS2", "P", "177.1022", NULL, NULL, 120, 3},
    {"T-4", "third", NULL, NULL, "MS2", "N", "175.0877", NULL, NULL, 60, 4},
    {"T-5", "second", "BBBBBBBBBBBBBB-UHFFFAOYSA-N", "C11H14N2O", "in-source", "P", "191.1179", NULL, NULL, 12, 5},
    {"T-6", "second", "BBBBBBBBBBBBBB-UHFFFAOYSA-N", "C11H14N2O", "EI", "P", NULL, NULL, NULL, 0, 6},
    {"T-7", "second", "BBBBBBBBBBBBBB-UHFFFAOYSA-N", "C11H14N2O", "MS2", "P", "191.1179", NULL, NULL, 90, 7},
    {"T-8", "fourth", NULL, "C4H8O2", "MS2", "P", NULL, NULL, NULL, 8, 8},
    {"T-9", "fourth", NULL, "C4H8O2", "in-source", "N", "87.0452", NULL, NULL, 6, 9},
    {"T-10", "third", NULL, NULL, "EI", NULL, NULL, NULL, NULL, 12, 10},
};

static const db_calibration sample_calibrations[] = {
    {SPECTRA_TRACK_EI, SPECTRA_POLARITY_POSITIVE, 1000, 3, 1 << 29, {300000, -7, -250000}, {310000, 12, -1}, {0}},
    {SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_NEGATIVE, 7, 1, 1 << 30, {-2147483647, 0, 1}, {1, 2, 3}, {0}},
};

static inline spectra_builder *sample_full_builder(void) {
    spectra_builder *builder = sample_builder();
    const spectra_substance unmeasured = {.name = "never measured",
                                          .inchikey = "CCCCCCCCCCCCCC-UHFFFAOYSA-N",
                                          .formula = "C5H5N",
                                          .substance_class = "made_up",
                                          .source = "test"};
    assert_int_equal(spectra_builder_add_substance(builder, &unmeasured, NULL), SPECTRA_OK);
    assert_int_equal(spectra_builder_add_knowledge(builder, SAMPLE_KNOWLEDGE, NULL), SPECTRA_OK);
    for (size_t i = 0; i < COUNT_OF(sample_records); i++)
        assert_int_equal(sample_add(builder, &sample_records[i], NULL), SPECTRA_OK);
    db_builder_calibrate(builder, sample_calibrations, COUNT_OF(sample_calibrations));
    return builder;
}

/* A database in memory of its own, exactly as long as it is: a step beyond it is seen. Freed with free. */
static inline uint8_t *sample_file(spectra_builder *builder, size_t *size) {
    const void *bytes;
    assert_int_equal(spectra_builder_write_memory(builder, &bytes, size, NULL), SPECTRA_OK);
    uint8_t *copy = (uint8_t *)malloc(*size);
    assert_non_null(copy);
    memcpy(copy, bytes, *size);
    return copy;
}

static inline uint8_t *sample_full_file(size_t *size) {
    spectra_builder *builder = sample_full_builder();
    uint8_t *file = sample_file(builder, size);
    spectra_builder_free(builder);
    return file;
}

static inline spectra_database *sample_open(const uint8_t *file, size_t size) {
    spectra_database *database;
    spectra_error error;
    spectra_status status = spectra_database_open_memory(&database, file, size, NULL, &error);
    if (status < 0) print_error("%s at %llu\n", error.message, (unsigned long long)error.offset);
    assert_int_equal(status, SPECTRA_OK);
    return database;
}

static inline void sample_verify(const spectra_database *database) {
    spectra_error error;
    spectra_status status = spectra_database_verify(database, &error);
    if (status < 0) print_error("%s at %llu\n", error.message, (unsigned long long)error.offset);
    assert_int_equal(status, SPECTRA_OK);
}

/* The first section of this name and track. */
static inline spectra_section sample_section(const spectra_database *database, const char *name, spectra_track track) {
    spectra_section section;
    for (uint32_t i = 0; spectra_database_section(database, i, &section) == SPECTRA_OK; i++)
        if (strcmp(section.name, name) == 0 && section.track == track) return section;
    fail_msg("no section %s", name);
    return section;
}

/* Digests anew, as docs/FORMAT.md says, so that lying content passes them. */
static inline void sample_seal(uint8_t *file, size_t digest_offset) {
    base_digest state;
    uint8_t *digest = file + digest_offset;
    for (size_t start = 256; start < digest_offset; start += 65536, digest += 32)
        base_digest_of(file + start, digest_offset - start < 65536 ? digest_offset - start : 65536, digest);
    memset(file + 224, 0, 32);
    base_digest_init(&state);
    base_digest_add(&state, file, 256);
    base_digest_add(&state, file + digest_offset, (size_t)(digest - (file + digest_offset)));
    base_digest_finish(&state, file + 224);
}

#endif
