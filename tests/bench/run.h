/* SPDX-License-Identifier: Apache-2.0 */
/* What the groups of rows share: libraries, queries, and how a piece of work is compared with its baseline. */
#ifndef BENCH_RUN_H
#define BENCH_RUN_H

#include "baseline.h"
#include "generate.h"
#include "table.h"

typedef struct bench_run {
    bench_table table;
    const char *folder;  /* where the libraries are */
    const char *program; /* `spectra` */
    const char *only; /* "open", "hybrid", "identity", "EI", "build", "size", "process", "read", "profile"; NULL: all */
    const char *source[SPECTRA_TRACK_MSMS + 1]; /* files that the libraries were made from, by track */
    uint32_t msms_size;                         /* spectra of the libraries */
    uint32_t ei_size, ei_large_size;
    uint32_t query_count;
    uint32_t rounds;
} bench_run;

/* A library, open, and queries for it. */
typedef struct bench_library {
    const spectra_database *database;
    spectra_database *opened;
    spectra_track track;
    spectra_spectrum **queries;
    uint32_t query_count;
    void *work, *baseline_work; /* scratch of each side */
    size_t work_size;
} bench_library;

void bench_library_open(bench_library *library, const bench_run *run, spectra_track track, uint32_t size);
void bench_library_close(bench_library *library);
/* The library's file: folder/ei-N.spdb or folder/msms-N.spdb. */
void bench_library_path(char path[4096], const bench_run *run, spectra_track track, uint32_t size);

/* True where a group of rows is asked for. */
bool bench_wanted(const bench_run *run, const char *group);

/* One kind of query, done twice: by a baseline, and by spectra_search. */
typedef struct bench_work {
    const char *name;
    bench_target target;
    int set; /* DB_SET_… whose recipe prepares the baseline's query */
    void (*baseline)(bench_hits *hits, void *context, const spectra_prepared *query);
    void *context;
    spectra_search_options options;
    bool same_measure; /* both sides return the same, which is checked */
} bench_work;

/* Runs all queries in turn by the baseline and by the library, in rounds; adds the row and says how far they agree. */
void bench_compare(bench_run *run, const bench_library *library, const bench_work *work);
/* The same queries by one thread and by two: adds the row. */
void bench_two_threads(bench_run *run, const bench_library *library, const bench_work *work);

/* The groups of rows. */
void bench_rows_msms(bench_run *run);
void bench_rows_ei(bench_run *run);
void bench_rows_files(bench_run *run);
void bench_rows_profile(bench_run *run);

#endif
