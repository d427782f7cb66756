/* SPDX-License-Identifier: Apache-2.0 */
/* Nominal masses as a dense matrix, and BLAS over it. */
#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "baseline.h"
#include "generate.h"

#define NO_COLUMN UINT32_MAX

struct bench_matrix {
    uint32_t count, columns;
    uint32_t column_of[KERNELS_NOMINAL_CELLS];
    float *rows, *query, *score, *all;
};

static void put(const bench_matrix *matrix, float *row, const uint16_t *nominal, const uint16_t *root, size_t count) {
    double squares = 0;
    for (size_t i = 0; i < count; i++) squares += (double)root[i] * root[i];
    for (size_t i = 0; i < count; i++) {
        uint32_t column = matrix->column_of[nominal[i] & KERNELS_NOMINAL_MASK];
        if (column != NO_COLUMN) row[column] = (float)(root[i] / sqrt(squares));
    }
}

static void find_columns(bench_matrix *matrix, const db_set *set) {
    for (uint32_t m = 0; m < KERNELS_NOMINAL_CELLS; m++) matrix->column_of[m] = NO_COLUMN;
    for (uint32_t i = 0; i < set->peak_count; i++) matrix->column_of[set->nominal[i] & KERNELS_NOMINAL_MASK] = 0;
    for (uint32_t m = 0; m < KERNELS_NOMINAL_CELLS; m++)
        if (matrix->column_of[m] == 0) matrix->column_of[m] = matrix->columns++;
}

bench_matrix *bench_matrix_make(const db_set *set) {
    openblas_set_num_threads(1);
    bench_matrix *matrix = bench_allocate(1, sizeof *matrix);
    matrix->count = set->count;
    find_columns(matrix, set);
    matrix->rows = bench_allocate((size_t)set->count * matrix->columns, sizeof(float));
    matrix->query = bench_allocate(matrix->columns, sizeof(float));
    matrix->score = bench_allocate(set->count, sizeof(float));
    for (uint32_t i = 0; i < set->count; i++) {
        db_spectrum spectrum;
        if (!db_spectrum_at(&spectrum, set, i) || spectrum.entry != i) bench_check(SPECTRA_E_CORRUPT, NULL, "baseline");
        put(matrix, matrix->rows + (size_t)i * matrix->columns, set->nominal + spectrum.first_peak,
            set->root + spectrum.first_peak, spectrum.peak_count);
    }
    return matrix;
}

void bench_matrix_free(bench_matrix *matrix) {
    free(matrix->rows);
    free(matrix->query);
    free(matrix->score);
    free(matrix->all);
    free(matrix);
}

uint32_t bench_matrix_columns(const bench_matrix *matrix) {
    return matrix->columns;
}

void bench_matrix_search(bench_hits *hits, bench_matrix *matrix, const spectra_prepared *query) {
    memset(matrix->query, 0, matrix->columns * sizeof(float));
    put(matrix, matrix->query, query->nominal, query->root, query->count);
    cblas_sgemv(CblasRowMajor, CblasNoTrans, (int)matrix->count, (int)matrix->columns, 1, matrix->rows,
                (int)matrix->columns, matrix->query, 1, 0, matrix->score, 1);
    bench_take_top(hits, matrix->score, matrix->count);
}

const float *bench_matrix_all(bench_matrix *matrix) {
    if (!matrix->all) matrix->all = bench_allocate((size_t)matrix->count * matrix->count, sizeof(float));
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)matrix->count, (int)matrix->count, (int)matrix->columns,
                1, matrix->rows, (int)matrix->columns, matrix->rows, (int)matrix->columns, 0, matrix->all,
                (int)matrix->count);
    return matrix->all;
}
