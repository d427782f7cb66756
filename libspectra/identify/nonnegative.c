/* SPDX-License-Identifier: Apache-2.0 */
/* Coordinate descent on the normal equations: the problem is convex, so that walking from column to column, each to its
   best value with the others held, ends at the minimum; columns that are alike need no care, and nothing is factorised.
   Magnitudes: the measured weighs at most 1/0.15 in a row, so its norm over 2^13 rows is below 2^10; no step of the
   descent makes the fit longer than twice that, and a scaled column is at least ½ long. */
#include "identify/nonnegative.h"

#include <assert.h>
#include <string.h>

#include "base/fixed.h"
#include "base/memory.h"

#define ROUNDS 4
#define SWEEPS 1000
#define STILL 1024 /* a step below 2^-14 is none */
#define MAX_FITTED (UINT64_C(1) << 28)
#define MAX_COEFFICIENT (UINT64_C(1) << 36)
#define LEAST_SQUARE (1 << 22) /* of a scaled column's norm, 1/16: where it is less the column says nothing */

size_t nonnegative_required(uint32_t row_count) {
    size_t columns = NONNEGATIVE_COLUMNS;
    return 3 * base_scratch_cost(row_count, sizeof(uint32_t)) + base_scratch_cost(columns * columns, sizeof(int64_t)) +
           2 * base_scratch_cost(columns, sizeof(int64_t)) + base_scratch_cost(columns, sizeof(int32_t));
}

bool nonnegative_begin(nonnegative_system *system, spectra_scratch *scratch) {
    uint32_t count = system->column_count;
    assert(count <= NONNEGATIVE_COLUMNS && system->noise >= NONNEGATIVE_LEAST_NOISE);
    system->sigma = base_scratch_take(scratch, system->row_count, sizeof *system->sigma);
    system->fitted = base_scratch_take(scratch, system->row_count, sizeof *system->fitted);
    system->trial = base_scratch_take(scratch, system->row_count, sizeof *system->trial);
    system->gram = base_scratch_take(scratch, (size_t)count * count, sizeof *system->gram);
    system->moment = base_scratch_take(scratch, count, sizeof *system->moment);
    system->scaled = base_scratch_take(scratch, count, sizeof *system->scaled);
    system->scale = base_scratch_take(scratch, count, sizeof *system->scale);
    return system->sigma && system->fitted && system->trial && system->gram && system->moment && system->scaled &&
           system->scale;
}

/* σ² = noise² + (0.15·largest)² */
static void set_sigma(nonnegative_system *system) {
    for (uint32_t i = 0; i < system->row_count; i++) {
        uint64_t largest = system->measured[i] > system->fitted[i] ? system->measured[i] : system->fitted[i];
        system->sigma[i] = base_sqrt((uint64_t)system->noise * system->noise + largest * largest / 400 * 9);
    }
}

/* An entry over its σ, in 2^-16: below 2^28. */
static uint64_t weighted(const nonnegative_system *system, const nonnegative_column *column, uint32_t k) {
    return ((uint64_t)column->value[k] << 16) / system->sigma[column->row[k]];
}

/* Σ of products in 2^-24. */
static uint64_t dot(const nonnegative_system *system, const nonnegative_column *a, const nonnegative_column *b) {
    uint64_t sum = 0;
    for (uint32_t i = 0, k = 0; i < a->count && k < b->count;) {
        if (a->row[i] == b->row[k]) sum += weighted(system, a, i) * weighted(system, b, k) >> 8;
        uint32_t row = a->row[i];
        i += row <= b->row[k];
        k += b->row[k] <= row;
    }
    return sum;
}

static uint64_t dot_measured(const nonnegative_system *system, const nonnegative_column *column) {
    uint64_t sum = 0;
    for (uint32_t k = 0; k < column->count; k++) {
        uint32_t row = column->row[k];
        uint64_t measured = ((uint64_t)system->measured[row] << 16) / system->sigma[row];
        sum += weighted(system, column, k) * measured >> 8;
    }
    return sum;
}

static uint64_t shifted(uint64_t value, int32_t down) {
    return down >= 0 ? value >> down : value << -down;
}

/* The scale at which a squared norm in 2^-24 becomes ¼ to 1. */
static int32_t scale_of(uint64_t square) {
    int32_t scale = -12;
    while (scale < 20 && shifted(square, 2 * scale) > NONNEGATIVE_ONE) scale++;
    return scale;
}

static void set_gram(nonnegative_system *system) {
    uint32_t count = system->column_count;
    const nonnegative_column *columns = system->columns;
    for (uint32_t j = 0; j < count; j++) {
        system->scale[j] = scale_of(dot(system, &columns[j], &columns[j]));
        system->moment[j] = (int64_t)shifted(dot_measured(system, &columns[j]), system->scale[j]);
    }
    for (uint32_t j = 0; j < count; j++) {
        for (uint32_t k = 0; k <= j; k++) {
            uint64_t product = dot(system, &columns[j], &columns[k]);
            int64_t scaled = (int64_t)shifted(product, system->scale[j] + system->scale[k] - 2);
            system->gram[j * count + k] = system->gram[k * count + j] = scaled;
        }
    }
}

/* The best value of one coefficient with the others held. */
static int64_t best_value(const nonnegative_system *system, const int64_t *scaled, uint32_t j) {
    const int64_t *row = system->gram + (size_t)j * system->column_count;
    int64_t rest = system->moment[j];
    for (uint32_t k = 0; k < system->column_count; k++)
        if (k != j && scaled[k] > 0) rest -= row[k] * scaled[k] >> 26;
    if (rest <= 0 || row[j] < LEAST_SQUARE) return 0;
    return (rest << 26) / row[j];
}

static void descend(const nonnegative_system *system, int64_t *scaled, const uint8_t *marked) {
    int64_t step = STILL;
    for (int sweep = 0; sweep < SWEEPS && step >= STILL; sweep++) {
        step = 0;
        for (uint32_t j = 0; j < system->column_count; j++) {
            int64_t value = marked && marked[j] ? 0 : best_value(system, scaled, j);
            int64_t moved = value > scaled[j] ? value - scaled[j] : scaled[j] - value;
            if (moved > step) step = moved;
            scaled[j] = value;
        }
    }
}

static uint64_t coefficient_of(const nonnegative_system *system, const int64_t *scaled, uint32_t j) {
    uint64_t coefficient = shifted((uint64_t)scaled[j], system->scale[j]);
    return coefficient < MAX_COEFFICIENT ? coefficient : MAX_COEFFICIENT;
}

static void set_fitted(const nonnegative_system *system, uint32_t *fitted, const int64_t *scaled) {
    memset(fitted, 0, system->row_count * sizeof *fitted);
    for (uint32_t j = 0; j < system->column_count; j++) {
        const nonnegative_column *column = &system->columns[j];
        uint64_t coefficient = coefficient_of(system, scaled, j);
        for (uint32_t k = 0; coefficient > 0 && k < column->count; k++) {
            uint64_t sum = fitted[column->row[k]] + (coefficient * column->value[k] >> 24);
            fitted[column->row[k]] = (uint32_t)(sum < MAX_FITTED ? sum : MAX_FITTED);
        }
    }
}

/* What a row adds to χ². */
static uint64_t square_of(const nonnegative_system *system, uint64_t fitted, uint32_t row) {
    uint64_t measured = system->measured[row];
    uint64_t away = ((measured > fitted ? measured - fitted : fitted - measured) << 16) / system->sigma[row];
    return away * away >> 8;
}

void nonnegative_fit(nonnegative_system *system) {
    memset(system->fitted, 0, system->row_count * sizeof *system->fitted);
    memset(system->scaled, 0, system->column_count * sizeof *system->scaled);
    for (int round = 0; round <= ROUNDS; round++) {
        set_sigma(system);
        set_gram(system);
        memset(system->scaled, 0, system->column_count * sizeof *system->scaled);
        descend(system, system->scaled, NULL);
        set_fitted(system, system->fitted, system->scaled);
    }
    system->chi_square = 0;
    for (uint32_t i = 0; i < system->row_count; i++) system->chi_square += square_of(system, system->fitted[i], i);
}

nonnegative_growth nonnegative_without(const nonnegative_system *system, const uint8_t *marked, uint64_t *left) {
    int64_t scaled[NONNEGATIVE_COLUMNS];
    uint64_t chi_square = 0, most = 0;
    for (uint32_t j = 0; j < system->column_count; j++) scaled[j] = marked[j] ? 0 : system->scaled[j];
    descend(system, scaled, marked);
    set_fitted(system, system->trial, scaled);
    for (uint32_t j = 0; left && j < system->column_count; j++) left[j] = coefficient_of(system, scaled, j);
    for (uint32_t i = 0; i < system->row_count; i++) {
        uint64_t with = square_of(system, system->fitted[i], i), without = square_of(system, system->trial[i], i);
        chi_square += without;
        if (without > with && without - with > most) most = without - with;
    }
    uint64_t growth = chi_square > system->chi_square ? chi_square - system->chi_square : 0;
    return (nonnegative_growth){growth, growth > most ? growth - most : 0};
}

uint64_t nonnegative_coefficient(const nonnegative_system *system, uint32_t column) {
    return coefficient_of(system, system->scaled, column);
}
