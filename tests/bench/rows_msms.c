/* SPDX-License-Identifier: Apache-2.0 */
/* Accurate mass: open and hybrid search, identity inside a precursor window, two threads. */
#include <stdio.h>

#include "run.h"

#define TOLERANCE_UTH 10000u /* of fragments and of the precursor */

static void open_baseline(bench_hits *hits, void *context, const spectra_prepared *query) {
    bench_search_open(hits, context, query, TOLERANCE_UTH);
}

static void table_baseline(bench_hits *hits, void *context, const spectra_prepared *query) {
    bench_search_table(hits, context, query, TOLERANCE_UTH);
}

static void identity_baseline(bench_hits *hits, void *context, const spectra_prepared *query) {
    bench_search_identity(hits, context, query, TOLERANCE_UTH, TOLERANCE_UTH);
}

static void hybrid_baseline(bench_hits *hits, void *context, const spectra_prepared *query) {
    bench_search_hybrid(hits, context, query, TOLERANCE_UTH);
}

static bench_index *make_index(const bench_library *library, int set, bool hybrid) {
    db_set found;
    bench_check(db_find_set(&found, library->database, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE, set), NULL,
                "baseline");
    return bench_index_make(&found, hybrid);
}

static spectra_search_options options_of(spectra_search_mode mode) {
    return (spectra_search_options){.size = sizeof(spectra_search_options),
                                    .track = SPECTRA_TRACK_MSMS,
                                    .mode = mode,
                                    .tolerance = {.uth = TOLERANCE_UTH},
                                    .all_spectra = 1};
}

static void add_open(bench_run *run, const bench_library *library) {
    bench_work work = {.name = "open, ten best",
                       .target = {BENCH_RATIO, "x", 6, 13},
                       .set = DB_SET_OPEN,
                       .baseline = open_baseline,
                       .options = options_of(SPECTRA_SEARCH_SIMILARITY),
                       .same_measure = true};
    work.context = make_index(library, DB_SET_OPEN, false);
    bench_compare(run, library, &work);
    work.name = "open, threshold 0.7";
    work.options.min_score = SPECTRA_SCORE_ONE / 10 * 7;
    work.same_measure = false;
    bench_compare(run, library, &work);
    work.name = "open, ten best, baseline by table";
    work.target.kind = BENCH_FACT;
    work.baseline = table_baseline;
    work.options.min_score = 0;
    work.same_measure = true;
    bench_compare(run, library, &work);
    bench_index_free(work.context);
    work.name = "open, two threads";
    bench_two_threads(run, library, &work);
}

static void add_hybrid(bench_run *run, const bench_library *library) {
    bench_work work = {.name = "hybrid",
                       .target = {BENCH_RATIO, "x", 30, 100},
                       .set = DB_SET_WINDOWED,
                       .baseline = hybrid_baseline,
                       .options = options_of(SPECTRA_SEARCH_HYBRID),
                       .same_measure = true};
    work.context = make_index(library, DB_SET_WINDOWED, true);
    bench_compare(run, library, &work);
    bench_index_free(work.context);
}

static void add_identity(bench_run *run, const bench_library *library) {
    bench_work work = {.name = "identity",
                       .target = {BENCH_RATIO, "x", 50, 200},
                       .set = DB_SET_WINDOWED,
                       .baseline = identity_baseline,
                       .options = options_of(SPECTRA_SEARCH_IDENTITY),
                       .same_measure = true};
    work.options.precursor_tolerance.uth = TOLERANCE_UTH;
    work.context = make_index(library, DB_SET_WINDOWED, false);
    bench_compare(run, library, &work);
    bench_index_free(work.context);
}

void bench_rows_msms(bench_run *run) {
    char name[32];
    if (!bench_wanted(run, "open") && !bench_wanted(run, "hybrid") && !bench_wanted(run, "identity")) return;
    bench_library library;
    snprintf(name, sizeof name, "msms %u", run->msms_size);
    run->table.library = name;
    bench_library_open(&library, run, SPECTRA_TRACK_MSMS, run->msms_size);
    if (bench_wanted(run, "open")) add_open(run, &library);
    if (bench_wanted(run, "hybrid")) add_hybrid(run, &library);
    if (bench_wanted(run, "identity")) add_identity(run, &library);
    bench_library_close(&library);
}
