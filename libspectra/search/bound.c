/* SPDX-License-Identifier: Apache-2.0 */
/* Upper bounds of the EI measures. Everything is rounded to the side that keeps a spectrum. */
#include "search/bound.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"

#define CELLS KERNELS_NOMINAL_CELLS
#define ONE (UINT32_C(1) << 30)
#define FULL_CODE 127u
#define FOUND 4u /* arrays that a kernel fills */

/* A norm has 17 bits at most, so that two of them and a score of 30 bits make 64. */
#define NORM_MAX ((UINT64_C(1) << 17) - 1)
#define NORM_SHIFT 14u      /* of Σ (root >> 4)² and its like */
#define MASS_NORM_SHIFT 30u /* of Σ m·root² */

size_t bound_required(void) {
    return base_scratch_cost(2 * KERNELS_CODES, sizeof(uint8_t)) + base_scratch_cost(CELLS + 1, sizeof(uint32_t)) +
           base_scratch_cost(FOUND * DB_ROWS, sizeof(uint32_t));
}

static uint64_t weight_of(const spectra_prepared *prepared, uint32_t i, bound_weight weight) {
    switch (weight) {
    case BOUND_ROOT:
        return prepared->root[i] >> 4;
    case BOUND_WEIGHTED:
        return prepared->weighted[i];
    case BOUND_PLAIN:
        return prepared->root[i];
    default:
        return (uint64_t)prepared->nominal[i] * prepared->root[i];
    }
}

static void set_codes(bound_query *out, const spectra_prepared *prepared) {
    uint64_t largest = 0;
    memset(out->code, 0, KERNELS_CODES);
    for (uint32_t i = 0; i < prepared->count; i++) {
        uint64_t weight = weight_of(prepared, i, out->weight);
        if (weight > largest) largest = weight;
    }
    for (uint32_t i = 0; i < prepared->count; i++) {
        uint64_t code = largest ? (weight_of(prepared, i, out->weight) * FULL_CODE + largest - 1) / largest : 0;
        out->code[prepared->nominal[i]] = (uint8_t)code;
    }
    switch (out->weight) {
    case BOUND_PLAIN:
        out->unit = 4 * largest;
        break;
    case BOUND_MASS:
        out->unit = (largest + 63) / 64;
        break;
    default:
        out->unit = 64 * largest;
    }
}

/* The cosines take roots of the sums of squares, rounded down to 2^-8: at least n − √n/128 in squares. */
static uint64_t square_of_root(uint64_t n) {
    uint64_t cut = (n >> (n >= UINT64_C(1) << 14 ? 14 : 7)) + 1;
    return n > cut ? n - cut : 0;
}

/* The squares of one peak, where it counts whatever its partner. */
static uint64_t square_of(const spectra_prepared *prepared, uint32_t i, bound_weight weight) {
    uint64_t root = prepared->root[i], value = weight_of(prepared, i, weight);
    switch (weight) {
    case BOUND_PLAIN:
        return root > KERNELS_COUNTED_ROOT ? root * root : 0;
    case BOUND_MASS:
        return root > KERNELS_COUNTED_ROOT ? value * root : 0;
    default:
        return value * value;
    }
}

/* Of the counted peaks; BOUND_MASS alone needs them. */
static void set_ranks(bound_query *out, const spectra_prepared *prepared) {
    uint8_t *rank = out->code + KERNELS_CODES;
    uint32_t mz = 0, counted = 0;
    for (uint32_t i = 0; i < prepared->count; i++) {
        if (prepared->root[i] <= KERNELS_COUNTED_ROOT) continue;
        while (mz < prepared->nominal[i]) rank[mz++] = (uint8_t)counted;
        counted++;
    }
    memset(rank + mz, (uint8_t)counted, KERNELS_CODES - mz);
}

static uint32_t cut_norm(uint64_t norm) {
    return (uint32_t)(norm < NORM_MAX ? norm : NORM_MAX);
}

static uint32_t norm_of(uint64_t squares, bound_weight weight) {
    switch (weight) {
    case BOUND_PLAIN:
        return cut_norm(squares >> (8 + NORM_SHIFT));
    case BOUND_MASS:
        return cut_norm(squares >> MASS_NORM_SHIFT);
    default:
        return cut_norm(square_of_root(squares) >> NORM_SHIFT);
    }
}

static void set_norms(bound_query *out, const spectra_prepared *prepared) {
    uint64_t squares = 0;
    uint32_t norm = 0, mz = CELLS;
    for (uint32_t i = prepared->count; i-- > 0;) {
        while (mz > prepared->nominal[i]) out->norm[mz--] = norm;
        squares += square_of(prepared, i, out->weight);
        norm = norm_of(squares, out->weight);
    }
    for (uint32_t m = 0; m <= mz; m++) out->norm[m] = norm;
}

spectra_status bound_make(bound_query *out, const spectra_prepared *prepared, bound_weight weight,
                          spectra_scratch *scratch) {
    out->weight = weight;
    out->start = prepared->first_mz;
    if (weight == BOUND_PLAIN || weight == BOUND_MASS) out->start = prepared->count > 0 ? prepared->nominal[0] : 0;
    out->code = base_scratch_take(scratch, 2 * KERNELS_CODES, sizeof *out->code);
    out->norm = base_scratch_take(scratch, CELLS + 1, sizeof *out->norm);
    uint32_t *found = base_scratch_take(scratch, FOUND * DB_ROWS, sizeof *found);
    if (!out->code || !out->norm || !found) return SPECTRA_E_MEMORY;
    out->found = (kernels_bounds){.dot = found,
                                  .below = found + DB_ROWS,
                                  .norm = found + DB_ROWS,
                                  .common = found + 2 * DB_ROWS,
                                  .adjacent = found + 3 * DB_ROWS};
    set_codes(out, prepared);
    set_norms(out, prepared);
    if (weight == BOUND_MASS) set_ranks(out, prepared);
    return SPECTRA_OK;
}

bool bound_read(bound_block *out, const db_set *set, uint32_t first) {
    uint32_t left = set->count - first;
    out->set = set;
    out->first = first;
    out->count = left < DB_ROWS ? left : DB_ROWS;
    return db_nominal_rows_at(&out->rows, set, first, out->count);
}

void bound_run(bound_query *query, const bound_block *block) {
    bool weighted = query->weight == BOUND_WEIGHTED;
    kernels_run run = {.nominal = block->set->nominal,
                       .value = weighted ? block->set->weighted : block->set->root,
                       .first = block->rows.first_peak,
                       .count = block->count,
                       .detail = weighted ? 0 : 4,
                       .start = query->start};
    kernels_codes codes = {query->code, query->code + KERNELS_CODES};
    if (query->weight == BOUND_MASS)
        kernels_active()->match_bounds(&query->found, &run, &codes);
    else
        kernels_active()->cosine_bounds(&query->found, &run, &codes);
}

/* (numerator of the cosine)² >= least score · norm · norm? */
static bool reaches(const bound_query *query, uint32_t dot, uint64_t score, uint32_t start, uint32_t norm) {
    uint64_t both = (dot * query->unit + FULL_CODE - 1) / FULL_CODE;
    return both > UINT32_MAX || both * both >= score * query->norm[start & KERNELS_NOMINAL_MASK] * norm;
}

static uint32_t later(uint32_t a, uint32_t b) {
    return a > b ? a : b;
}

/* A bound of Σ (value >> detail)² of the peaks below the start: each is below 1024·c², and c·min(c, 127) at least
   127/128 of c²: 1033 is above 1024·128/127. */
static uint64_t squares_below(const bound_query *query, uint32_t i) {
    return (uint64_t)query->found.below[i] * 1033;
}

static bool cosine_reaches(const bound_query *query, const bound_block *block, uint32_t i, uint32_t least) {
    uint64_t norm = query->weight == BOUND_ROOT ? block->rows.root_norm[i] : block->rows.weighted_norm[i];
    uint64_t below = squares_below(query, i);
    norm = norm > below ? square_of_root(norm - below) >> NORM_SHIFT : 0;
    uint64_t score = (uint64_t)(least - 1) * (least - 1) >> 30;
    return reaches(query, query->found.dot[i], score, later(query->start, block->rows.first_mz[i]), cut_norm(norm));
}

static uint32_t first_peak_mz(const bound_block *block, uint32_t i) {
    uint32_t first = block->rows.first_peak[i];
    return first < block->rows.first_peak[i + 1] ? block->set->nominal[first] : 0;
}

/* Peaks that do not count have a root of 2073 at most. */
static bool plain_reaches(const bound_query *query, const bound_block *block, uint32_t i, uint32_t least) {
    uint64_t peaks = block->rows.first_peak[i + 1] - block->rows.first_peak[i];
    uint64_t faint = (KERNELS_COUNTED_ROOT * KERNELS_COUNTED_ROOT / 256 + 1) * peaks + squares_below(query, i);
    uint64_t norm = block->rows.root_norm[i] > faint ? (block->rows.root_norm[i] - faint) >> NORM_SHIFT : 0;
    return reaches(query, query->found.dot[i], least, later(query->start, first_peak_mz(block, i)), cut_norm(norm));
}

/* F_D >= least − (1 − least)·N₂/N₁ for a match factor of `least`. */
static bool match_reaches(const bound_query *query, const bound_block *block, uint32_t i, uint32_t least) {
    const kernels_bounds *found = &query->found;
    if (found->common[i] == 0) return found->dot[i] > 0;
    uint64_t ratios = ((uint64_t)(ONE - least) * found->adjacent[i] + found->common[i] - 1) / found->common[i];
    if (ratios >= least) return true;
    return reaches(query, found->dot[i], least - ratios, later(query->start, first_peak_mz(block, i)),
                   cut_norm((uint64_t)found->norm[i] >> (MASS_NORM_SHIFT - 26)));
}

uint32_t bound_next(const bound_query *query, const bound_block *block, uint32_t i, uint32_t least) {
    assert(least > 0 && least <= ONE);
    switch (query->weight) {
    case BOUND_MASS:
        while (i < block->count && !match_reaches(query, block, i, least)) i++;
        return i;
    case BOUND_PLAIN:
        while (i < block->count && !plain_reaches(query, block, i, least)) i++;
        return i;
    default:
        while (i < block->count && !cosine_reaches(query, block, i, least)) i++;
        return i;
    }
}
