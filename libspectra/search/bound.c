/* SPDX-License-Identifier: Apache-2.0 */
/* Upper bounds of the EI measures. Everything is rounded to the side that keeps a spectrum. */
#include "search/bound.h"

#include <assert.h>
#include <string.h>

#include "base/fixed.h"
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
           base_scratch_cost(FOUND * DB_ROWS, sizeof(uint32_t)) + 2 * base_scratch_cost(CELLS, sizeof(uint16_t)) +
           base_scratch_cost(CELLS, sizeof(uint64_t));
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

/* What sum_pair takes of the query. */
static spectra_status set_cells(bound_query *out, const spectra_prepared *prepared, spectra_scratch *scratch) {
    out->root = base_scratch_take(scratch, CELLS, sizeof *out->root);
    out->counted = base_scratch_take(scratch, CELLS, sizeof *out->counted);
    out->squares = base_scratch_take(scratch, CELLS, sizeof *out->squares);
    if (!out->root || !out->counted || !out->squares) return SPECTRA_E_MEMORY;
    memset(out->root, 0, CELLS * sizeof *out->root);
    for (uint32_t i = 0; i < prepared->count; i++) out->root[prepared->nominal[i]] = prepared->root[i];
    uint16_t counted = 0;
    uint64_t squares = 0;
    for (uint32_t mz = 0; mz < CELLS; mz++) {
        counted = (uint16_t)(counted + (out->root[mz] > KERNELS_COUNTED_ROOT));
        out->counted[mz] = counted;
    }
    for (uint32_t mz = CELLS; mz-- > 0;) {
        const uint64_t root = out->root[mz];
        squares += root > KERNELS_COUNTED_ROOT ? mz * root * root : 0;
        out->squares[mz] = squares;
    }
    return SPECTRA_OK;
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
    if (weight != BOUND_MASS) return SPECTRA_OK;
    set_ranks(out, prepared);
    return set_cells(out, prepared, scratch);
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

static uint32_t later(uint32_t a, uint32_t b) {
    return a > b ? a : b;
}

/* (numerator of a cosine)² and the product of the norms, whose quotient is the cosine's square or more. */
typedef struct bound_square {
    uint64_t both; /* the numerator itself: its square may not fit */
    uint64_t norms;
} bound_square;

static bound_square square_over(const bound_query *query, uint32_t i, uint32_t start, uint64_t norm) {
    return (bound_square){(query->found.dot[i] * query->unit + FULL_CODE - 1) / FULL_CODE,
                          (uint64_t)query->norm[start & KERNELS_NOMINAL_MASK] * cut_norm(norm)};
}

/* A bound of Σ (value >> detail)² of the peaks below the start: each is below 1024·c², and c·min(c, 127) at least
   127/128 of c²: 1033 is above 1024·128/127. */
static uint64_t squares_below(const bound_query *query, uint32_t i) {
    return (uint64_t)query->found.below[i] * 1033;
}

static bound_square cosine_square(const bound_query *query, const bound_block *block, uint32_t i) {
    uint64_t norm = query->weight == BOUND_ROOT ? block->rows.root_norm[i] : block->rows.weighted_norm[i];
    uint64_t below = squares_below(query, i);
    norm = norm > below ? square_of_root(norm - below) >> NORM_SHIFT : 0;
    return square_over(query, i, later(query->start, block->rows.first_mz[i]), norm);
}

static uint32_t first_peak_mz(const bound_block *block, uint32_t i) {
    uint32_t first = block->rows.first_peak[i];
    return first < block->rows.first_peak[i + 1] ? block->set->nominal[first] : 0;
}

/* Peaks that do not count have a root of 2073 at most. */
static bound_square plain_square(const bound_query *query, const bound_block *block, uint32_t i) {
    uint64_t peaks = block->rows.first_peak[i + 1] - block->rows.first_peak[i];
    uint64_t faint = (KERNELS_COUNTED_ROOT * KERNELS_COUNTED_ROOT / 256 + 1) * peaks + squares_below(query, i);
    uint64_t norm = block->rows.root_norm[i] > faint ? (block->rows.root_norm[i] - faint) >> NORM_SHIFT : 0;
    return square_over(query, i, later(query->start, first_peak_mz(block, i)), norm);
}

static bound_square mass_square(const bound_query *query, const bound_block *block, uint32_t i) {
    return square_over(query, i, later(query->start, first_peak_mz(block, i)),
                       (uint64_t)query->found.norm[i] >> (MASS_NORM_SHIFT - 26));
}

/* The square of the cosine >= score? */
static bool reaches(bound_square square, uint64_t score) {
    return square.both > UINT32_MAX || square.both * square.both >= score * square.norms;
}

uint32_t bound_least(const bound_query *query, uint32_t least) {
    const bool cosine = query->weight == BOUND_ROOT || query->weight == BOUND_WEIGHTED;
    assert(least > 0 && least <= ONE);
    return cosine ? (uint32_t)((uint64_t)(least - 1) * (least - 1) >> 30) : least;
}

/* F_D >= least − (1 − least)·N₂/N₁ for a match factor of `least`. */
static bool match_reaches(const bound_query *query, const bound_block *block, uint32_t i, uint32_t least) {
    const kernels_bounds *found = &query->found;
    if (found->common[i] == 0) return found->dot[i] > 0;
    const bound_square square = mass_square(query, block, i);
    /* Where N₂ <= N₁ at the most, F_D >= least − (1 − least): nearly all fall short of that, without a division. */
    if (found->adjacent[i] <= found->common[i] && least > ONE / 2 && !reaches(square, 2 * (uint64_t)least - ONE))
        return false;
    uint64_t ratios = ((uint64_t)(ONE - least) * found->adjacent[i] + found->common[i] - 1) / found->common[i];
    return ratios >= least || reaches(square, least - ratios);
}

uint32_t bound_next(const bound_query *query, const bound_block *block, uint32_t i, uint32_t least) {
    least = bound_least(query, least);
    switch (query->weight) {
    case BOUND_MASS:
        while (i < block->count && !match_reaches(query, block, i, least)) i++;
        return i;
    case BOUND_PLAIN:
        while (i < block->count && !reaches(plain_square(query, block, i), least)) i++;
        return i;
    default:
        while (i < block->count && !reaches(cosine_square(query, block, i), least)) i++;
        return i;
    }
}

/* The largest score that it reaches. */
static uint64_t largest_of(bound_square square) {
    if (square.both > UINT32_MAX || square.norms == 0) return ONE;
    uint64_t score = square.both * square.both / square.norms;
    return score < ONE ? score : ONE;
}

/* Of a match factor least·(N₁ + N₂) is F_D·N₁ + N₂ + N₁·2^-30 or less. */
uint32_t bound_of(const bound_query *query, const bound_block *block, uint32_t i) {
    if (query->weight == BOUND_PLAIN) return (uint32_t)largest_of(plain_square(query, block, i));
    if (query->weight != BOUND_MASS) return (uint32_t)largest_of(cosine_square(query, block, i));
    const uint64_t common = query->found.common[i], adjacent = query->found.adjacent[i];
    if (common == 0) return query->found.dot[i] > 0 ? ONE : 0;
    uint64_t bound = (largest_of(mass_square(query, block, i)) * common + adjacent * ONE) / (common + adjacent) + 2;
    return (uint32_t)(bound < ONE ? bound : ONE);
}

/* Sums of a pair's counted peaks as the match factor has them, but for the ratios: those are in 2^-8, rounded up. */
typedef struct pair_sums {
    uint64_t both, query, reference; /* Σ m·root·root */
    uint64_t ratios, ratio_weight;   /* Σ m·ratio, Σ m */
    uint64_t common, ratio_count;
} pair_sums;

static uint64_t ratio_above(uint64_t a, uint64_t b) {
    return a < b ? (a << 8) / b + 1 : (b << 8) / a + 1;
}

static pair_sums sum_pair(const bound_query *query, const kernels_nominal *reference) {
    const uint32_t first_mz = reference->count > 0 ? reference->nominal[0] : 0;
    const uint32_t start = later(query->start, first_mz) & KERNELS_NOMINAL_MASK;
    pair_sums sums = {.query = query->squares[start]};
    uint64_t last_own = 0, last_theirs = 0; /* of the common peak before, unless something alone has come since */
    uint32_t last_counted = 0;
    for (size_t k = 0; k < reference->count; k++) {
        const uint32_t mz = reference->nominal[k] & KERNELS_NOMINAL_MASK;
        const uint64_t theirs = reference->root[k], own = query->root[mz];
        const uint32_t own_counts = own > KERNELS_COUNTED_ROOT;
        if (mz < start || theirs == 0 || (theirs <= KERNELS_COUNTED_ROOT && !own_counts)) continue;
        sums.reference += mz * theirs * theirs;
        if (own > 0) {
            sums.both += mz * theirs * own;
            sums.query += own_counts ? 0 : mz * own * own;
            sums.common++;
            if (last_own > 0 && query->counted[mz] - last_counted == own_counts) {
                sums.ratios += mz * ratio_above(own * last_theirs, theirs * last_own);
                sums.ratio_weight += mz;
                sums.ratio_count++;
            }
            last_counted = query->counted[mz];
        }
        last_own = own;
        last_theirs = theirs;
    }
    return sums;
}

bool bound_match_reaches(const bound_query *query, const kernels_nominal *reference, uint32_t least) {
    assert(query->weight == BOUND_MASS);
    const pair_sums sums = sum_pair(query, reference);
    if (sums.both == 0) return false;
    const uint64_t smaller = sums.query < sums.reference ? sums.query : sums.reference;
    const uint64_t larger = sums.query < sums.reference ? sums.reference : sums.query;
    uint64_t dot = base_multiply_divide(base_multiply_divide(sums.both, sums.both, smaller), ONE, larger);
    uint64_t ratio = sums.ratio_weight ? (sums.ratios << 22) / sums.ratio_weight + 1 : 0;
    dot = dot < ONE ? dot : ONE;
    return dot * sums.common + ratio * sums.ratio_count >= (uint64_t)least * (sums.common + sums.ratio_count);
}
