/* SPDX-License-Identifier: Apache-2.0 */
/* Non-negative least squares on sparse columns, weighted by a noise model: how much of each reference spectrum is in a
   measured one, and how much worse the fit is without some of them. Knows rows and columns; nothing of m/z or
   compounds. All in integers. */
#ifndef IDENTIFY_NONNEGATIVE_H
#define IDENTIFY_NONNEGATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "spectra/memory.h"

/* Intensities and coefficients: a spectrum's base peak is 2^24, a coefficient of 2^24 is the column as it stands. */
#define NONNEGATIVE_ONE (UINT32_C(1) << 24)
/* χ², in 2^-24. */
#define NONNEGATIVE_CHI_SQUARE_ONE (UINT64_C(1) << 24)
#define NONNEGATIVE_COLUMNS 96u             /* at most */
#define NONNEGATIVE_COLUMN_ROWS 256u        /* of one column, at most */
#define NONNEGATIVE_MAX (UINT32_C(1) << 26) /* of an intensity */
#define NONNEGATIVE_LEAST_NOISE (NONNEGATIVE_ONE / 1000)

/* Entries of one column by ascending row, no row twice; values above 0. */
typedef struct nonnegative_column {
    const uint32_t *row, *value;
    uint32_t count;
} nonnegative_column;

typedef struct nonnegative_system {
    const uint32_t *measured; /* of each row */
    uint32_t row_count;
    uint32_t noise; /* standard deviation that every row has: NONNEGATIVE_LEAST_NOISE or more */
    const nonnegative_column *columns;
    uint32_t column_count;
    /* Found by nonnegative_fit. */
    uint32_t *sigma; /* of each row */
    uint32_t *fitted;
    uint32_t *trial; /* what is fitted without some of the columns */
    int64_t *gram;   /* column_count², in 2^-26, columns scaled to a norm of ½ to 1 */
    int64_t *moment; /* of each scaled column with the measured, in 2^-24 */
    int32_t *scale;  /* of a column: it was divided by 2^scale */
    int64_t *scaled; /* coefficients of scaled columns, in 2^-24 */
    uint64_t chi_square;
} nonnegative_system;

size_t nonnegative_required(uint32_t row_count);

/* Takes what the fit needs; false where the scratch is too small. */
bool nonnegative_begin(nonnegative_system *system, spectra_scratch *scratch);

/* Minimises Σ (measured − fitted)² / σ² with coefficients of 0 or more; σ² = noise² + (0.15·max(measured, fitted))²,
   found in four rounds. */
void nonnegative_fit(nonnegative_system *system);

/* By how much χ² grows. */
typedef struct nonnegative_growth {
    uint64_t all;
    uint64_t besides; /* the row where it grows most */
} nonnegative_growth;

/* The same rows with σ as it is, where the columns marked (one byte each) must be 0. `left`, where not NULL, takes the
   coefficients of that fit. */
nonnegative_growth nonnegative_without(const nonnegative_system *system, const uint8_t *marked, uint64_t *left);

/* Coefficient of a column. */
uint64_t nonnegative_coefficient(const nonnegative_system *system, uint32_t column);

#endif
