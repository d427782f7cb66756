/* SPDX-License-Identifier: Apache-2.0 */
/* What the library is compared with: what anybody would write first, in plain C and with BLAS, over the same prepared
   peaks and with the same answers. */
#ifndef BENCH_BASELINE_H
#define BENCH_BASELINE_H

#include "db/db.h"

#define BENCH_TOP 10

/* A spectrum found: scores are 1 for equal spectra. */
typedef struct bench_hit {
    uint32_t entry;
    float score;
} bench_hit;

/* The best BENCH_TOP, best first, ties by entry; `count` of them. */
typedef struct bench_hits {
    bench_hit hit[BENCH_TOP];
    uint32_t count;
} bench_hits;

/* The best of one score for each entry. */
void bench_take_top(bench_hits *hits, const float *score, uint32_t count);

/* --- Accurate mass: all peaks of a set sorted by m/z, scores scattered into an array over all entries --- */

typedef struct bench_index bench_index;

/* With what hybrid search needs, or without. */
bench_index *bench_index_make(const db_set *set, bool hybrid);
void bench_index_free(bench_index *index);

/* Spectral entropy similarity with every spectrum. */
void bench_search_open(bench_hits *hits, bench_index *index, const spectra_prepared *query, uint32_t tolerance_uth);
/* The same with x·log2 x from a table of integers, as our own kernels have it: no longer plain, and faster. */
void bench_search_table(bench_hits *hits, bench_index *index, const spectra_prepared *query, uint32_t tolerance_uth);
/* As bench_search_open; spectra outside the precursor window are passed over where a peak of theirs is met. */
void bench_search_identity(bench_hits *hits, bench_index *index, const spectra_prepared *query, uint32_t tolerance_uth,
                           uint32_t precursor_tolerance_uth);
/* As bench_search_open, of a set whose precursors are known; what is alone is then paired with peaks of equal neutral
   loss. A query peak counts once for a spectrum, and so does a peak of the spectrum. */
void bench_search_hybrid(bench_hits *hits, bench_index *index, const spectra_prepared *query, uint32_t tolerance_uth);

/* --- Nominal mass: one row of floats for each spectrum, unit norm of √I --- */

typedef struct bench_matrix bench_matrix;

/* Of a database of EI spectra alone. Columns are the m/z that some spectrum has a peak at. */
bench_matrix *bench_matrix_make(const db_set *set);
void bench_matrix_free(bench_matrix *matrix);
uint32_t bench_matrix_columns(const bench_matrix *matrix);

/* Cosine of √I with every spectrum, by sgemv. */
void bench_matrix_search(bench_hits *hits, bench_matrix *matrix, const spectra_prepared *query);
/* Every spectrum with every other by one sgemm into an N × N array, which stays the matrix's; row by row. */
const float *bench_matrix_all(bench_matrix *matrix);

#endif
