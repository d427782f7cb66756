/* SPDX-License-Identifier: Apache-2.0 */
/* What the fault tests share: bytes that are collected without memory, a folder of their own, files. */
#ifndef TESTS_FAULT_FIXTURE_H
#define TESTS_FAULT_FIXTURE_H

#include <unistd.h>

#include "spectra/spectra.h"
#include "unit/db/sample.h"

#define FIXTURE_BYTES (1u << 18)

/* Collects what is written to it. */
typedef struct fixed_bytes {
    size_t size;
    char bytes[FIXTURE_BYTES];
} fixed_bytes;

static inline spectra_status fixed_write(void *context, const char *bytes, size_t size) {
    fixed_bytes *out = (fixed_bytes *)context;
    if (size > sizeof out->bytes - out->size) return SPECTRA_E_IO;
    if (size > 0) memcpy(out->bytes + out->size, bytes, size);
    out->size += size;
    return SPECTRA_OK;
}

static inline bool fixed_equal(const fixed_bytes *a, const fixed_bytes *b) {
    return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

/* A spectrum of each kind that an answer is different for. */
enum { FIXTURE_EI, FIXTURE_MSMS, FIXTURE_OPEN, FIXTURE_INSOURCE, FIXTURE_QUERIES };

static inline spectra_spectrum *fixture_query(int kind) {
    static const sample_record queries[FIXTURE_QUERIES] = {
        [FIXTURE_EI] = {"Q-1", "unknown 1", NULL, NULL, "EI", NULL, NULL, NULL, NULL, 30, 1},
        [FIXTURE_MSMS] = {"Q-2", "unknown 2", NULL, NULL, "MS2", "P", "191.1179", NULL, NULL, 110, 2},
        [FIXTURE_OPEN] = {"Q-3", "unknown 3", NULL, NULL, "MS2", "P", NULL, NULL, NULL, 90, 7},
        [FIXTURE_INSOURCE] = {"Q-4", "unknown 4", NULL, NULL, "in-source", "P", "191.1179", NULL, NULL, 12, 5},
    };
    return sample_spectrum(&queries[kind]);
}

static inline spectra_search_options fixture_options(int kind) {
    return (spectra_search_options){.size = sizeof(spectra_search_options), .open = kind == FIXTURE_OPEN};
}

/* The spectrum with itself by each measure that fits it. */
static inline spectra_status fixture_compare(fixed_bytes *out, const spectra_spectrum *spectrum,
                                             const spectra_search_options *options, spectra_scratch *scratch) {
    spectra_search_options one = *options;
    for (one.measure = SPECTRA_MEASURE_DEFAULT; one.measure <= SPECTRA_MEASURE_HYBRID; one.measure++) {
        spectra_hit hit;
        spectra_status status = spectra_similarity(&hit, spectrum, spectrum, &one, NULL, scratch, NULL);
        if (status == SPECTRA_OK) status = fixed_write(out, (const char *)&hit.score, sizeof hit.score);
        if (status < 0 && status != SPECTRA_E_INVALID) return status;
    }
    return SPECTRA_OK;
}

/* The spectrum as a sample of its own, as the reports write it. */
static inline spectra_status fixture_mix(const spectra_sink *sink, const spectra_report_query *query,
                                         const spectra_search_options *options, spectra_scratch *scratch) {
    const spectra_mixture *mixture;
    spectra_scratch_reset(scratch);
    spectra_status status = spectra_mixture_identify(&mixture, query->databases, query->database_count,
                                                     &query->spectrum, 1, options, scratch, NULL);
    if (status == SPECTRA_OK) status = spectra_report_mixture(sink, SPECTRA_REPORT_TEXT, query, mixture);
    if (status == SPECTRA_OK) status = spectra_report_mixture(sink, SPECTRA_REPORT_JSONL, query, mixture);
    spectra_scratch_reset(scratch);
    return status == SPECTRA_E_UNSUPPORTED ? SPECTRA_OK : status; /* EI, MS/MS */
}

/* The whole answer to a query, search and identification, as the reports write it. Allocates nothing. */
static inline spectra_status fixture_answer(fixed_bytes *out, const spectra_database *database,
                                            const spectra_spectrum *spectrum, int kind, spectra_scratch *scratch) {
    static const char *const name = "sample";
    spectra_search_options options = fixture_options(kind);
    const spectra_report_query query = {.spectrum = spectrum,
                                        .source = "sample",
                                        .databases = &database,
                                        .database_names = &name,
                                        .database_count = 1,
                                        .options = &options};
    const spectra_sink sink = {out, fixed_write};
    const spectra_identification *identification;
    spectra_hit hits[8];
    spectra_search_summary summary;
    out->size = 0;
    spectra_scratch_reset(scratch);
    spectra_status status =
        spectra_search(hits, COUNT_OF(hits), &summary, &database, 1, spectrum, &options, scratch, NULL);
    for (spectra_report_format format = SPECTRA_REPORT_TEXT; status == SPECTRA_OK && format <= SPECTRA_REPORT_TSV;
         format++)
        status = spectra_report_hits(&sink, format, &query, hits, &summary);
    if (status == SPECTRA_OK)
        status = spectra_identify(&identification, &database, 1, spectrum, &options, scratch, NULL);
    if (status == SPECTRA_OK)
        status = spectra_report_identification(&sink, SPECTRA_REPORT_TEXT, &query, identification);
    if (status == SPECTRA_OK)
        status = spectra_report_identification(&sink, SPECTRA_REPORT_JSONL, &query, identification);
    if (status == SPECTRA_OK) status = fixture_mix(&sink, &query, &options, scratch);
    return status == SPECTRA_OK ? fixture_compare(out, spectrum, &options, scratch) : status;
}

/* A scratch of exactly the size that a query of this spectrum needs, in memory of its own. */
static inline spectra_scratch fixture_scratch(const spectra_spectrum *spectrum) {
    size_t peaks = spectra_spectrum_peak_count(spectrum), size = spectra_identify_required(peaks);
    if (size < spectra_mixture_required(peaks, 1)) size = spectra_mixture_required(peaks, 1);
    if (size < spectra_similarity_required(peaks, peaks)) size = spectra_similarity_required(peaks, peaks);
    void *bytes = malloc(size);
    assert_non_null(bytes);
    spectra_scratch scratch;
    spectra_scratch_init(&scratch, bytes, size);
    return scratch;
}

static inline void fixture_path(char path[256], const char *folder, const char *name) {
    int size = snprintf(path, 256, "%s/%s", folder, name);
    assert_in_range(size, 1, 255);
}

#endif
