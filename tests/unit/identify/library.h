/* SPDX-License-Identifier: Apache-2.0 */
/* A database made in memory, and what it is asked. */
#ifndef TESTS_IDENTIFY_LIBRARY_H
#define TESTS_IDENTIFY_LIBRARY_H

#include "unit/db/sample.h"

#include "spectra/identify.h"

typedef struct library {
    uint8_t *file;
    size_t size;
    spectra_database *database;
} library;

/* Takes the spectrum. */
static inline void add_spectrum(spectra_builder *builder, spectra_spectrum *spectrum) {
    assert_int_equal(spectra_builder_add_spectrum(builder, spectrum, SPECTRA_TRACK_UNKNOWN, NULL), SPECTRA_OK);
    spectra_spectrum_free(spectrum);
}

/* Takes the builder. */
static inline library library_of(spectra_builder *builder) {
    library out;
    out.file = sample_file(builder, &out.size);
    spectra_builder_free(builder);
    out.database = sample_open(out.file, out.size);
    return out;
}

static inline void close_library(library *it) {
    spectra_database_close(it->database);
    free(it->file);
}

static uint8_t *bytes; /* of the scratch that an answer lies in: to be freed by the test */

static inline spectra_status try_to_ask(const spectra_identification **result, const spectra_database *database,
                                        const spectra_spectrum *query, const spectra_search_options *options) {
    spectra_scratch scratch;
    size_t size = spectra_identify_required(spectra_spectrum_peak_count(query));
    bytes = (uint8_t *)malloc(size);
    assert_non_null(bytes);
    memset(bytes, 0xff, size);
    spectra_scratch_init(&scratch, bytes, size);
    return spectra_identify(result, &database, 1, query, options, &scratch, NULL);
}

/* Takes the spectrum. */
static inline const spectra_identification *ask_of(const library *it, spectra_spectrum *spectrum,
                                                   const spectra_search_options *options) {
    const spectra_identification *result;
    assert_int_equal(try_to_ask(&result, it->database, spectrum, options), SPECTRA_OK);
    spectra_spectrum_free(spectrum);
    return result;
}

#endif
