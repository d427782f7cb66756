/* SPDX-License-Identifier: Apache-2.0 */
/* Nominal mass: single queries against libraries of two sizes, all against all. */
#include <stdio.h>
#include <stdlib.h>

#include "run.h"

static void matrix_baseline(bench_hits *hits, void *context, const spectra_prepared *query) {
    bench_matrix_search(hits, context, query);
}

static bench_matrix *make_matrix(const bench_library *library) {
    db_set set;
    bench_check(db_find_set(&set, library->database, SPECTRA_TRACK_EI, SPECTRA_POLARITY_POSITIVE, DB_SET_NOMINAL), NULL,
                "baseline");
    return bench_matrix_make(&set);
}

static void add_single(bench_run *run, const bench_library *library, void *matrix, const char *name,
                       spectra_measure measure) {
    bench_work work = {
        .name = name,
        .target = {BENCH_RATIO, "x", 7, 18},
        .set = DB_SET_NOMINAL,
        .baseline = matrix_baseline,
        .context = matrix,
        .options = {.size = sizeof work.options, .track = SPECTRA_TRACK_EI, .measure = measure, .all_spectra = 1}};
    bench_compare(run, library, &work);
}

static spectra_status count_pairs(void *context, const spectra_pair *pairs, uint32_t count) {
    (void)pairs;
    *(uint64_t *)context += count;
    return SPECTRA_OK;
}

/* Every pair of the library from 0.7 upwards: how many. */
static uint64_t find_pairs(const bench_library *library, spectra_scratch *scratch) {
    spectra_error error = {0};
    uint64_t count = 0;
    bench_check(spectra_search_pairs(library->database, NULL, count_pairs, &count, scratch, &error), &error, "pairs");
    return count;
}

static void add_all(bench_run *run, const bench_library *library, bench_matrix *matrix) {
    static const bench_target target = {BENCH_RATIO, "x", 2.3, 3.6};
    bench_samples baseline = {0}, ours = {0};
    spectra_scratch scratch;
    char note[96];
    const size_t size = spectra_search_pairs_required(library->database);
    void *bytes = bench_allocate(size, 1);
    spectra_scratch_init(&scratch, bytes, size);
    bench_matrix_all(matrix);
    snprintf(note, sizeof note, "another measure than the baseline's, range-aware: %llu pairs from 0.7 upwards",
             (unsigned long long)find_pairs(library, &scratch));
    bench_table_note(note);
    for (uint32_t round = 0; round < 3; round++) {
        double start = bench_cpu_seconds();
        bench_matrix_all(matrix);
        bench_samples_add(&baseline, bench_cpu_since(start));
        start = bench_cpu_seconds();
        find_pairs(library, &scratch);
        bench_samples_add(&ours, bench_cpu_since(start));
    }
    bench_table_compare(&run->table, "EI all against all", &target, &baseline, &ours);
    bench_samples_free(&baseline);
    bench_samples_free(&ours);
    free(bytes);
}

static void add_library(bench_run *run, uint32_t size, bool all) {
    char name[32], note[64];
    bench_library library;
    snprintf(name, sizeof name, "ei %u", size);
    run->table.library = name;
    bench_library_open(&library, run, SPECTRA_TRACK_EI, size);
    bench_matrix *matrix = make_matrix(&library);
    snprintf(note, sizeof note, "the baseline's matrix has %u columns", bench_matrix_columns(matrix));
    bench_table_note(note);
    add_single(run, &library, matrix, "EI cosine", SPECTRA_MEASURE_COSINE);
    add_single(run, &library, matrix, "EI identity score", SPECTRA_MEASURE_IDENTITY);
    add_single(run, &library, matrix, "EI match factor", SPECTRA_MEASURE_MATCH_FACTOR);
    if (all) add_all(run, &library, matrix);
    bench_matrix_free(matrix);
    bench_library_close(&library);
}

void bench_rows_ei(bench_run *run) {
    if (!bench_wanted(run, "EI")) return;
    add_library(run, run->ei_size, true);
    add_library(run, run->ei_large_size, false);
}
