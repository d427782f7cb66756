/* SPDX-License-Identifier: Apache-2.0 */
/* The solver in integers against the same problem solved in doubles from its formulas. */
#include "unit/db/sample.h"

#include "base/memory.h"
#include "identify/nonnegative.h"

#define ROWS 40
#define COLUMNS 6

static uint8_t bytes[1 << 20];
static spectra_scratch scratch;
static uint32_t measured[ROWS], rows[COLUMNS][ROWS], values[COLUMNS][ROWS];
static nonnegative_column columns[COLUMNS];
static double dense[COLUMNS][ROWS];

static uint32_t random_below(uint64_t *state, uint32_t end) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % end;
}

/* Columns that share rows; the last is nearly the first. */
static void make_columns(uint64_t seed) {
    for (uint32_t j = 0; j < COLUMNS; j++) {
        columns[j] = (nonnegative_column){rows[j], values[j], 0};
        for (uint32_t i = 0; i < ROWS; i++) {
            uint32_t value = j == COLUMNS - 1         ? (uint32_t)(dense[0][i] * 16777216 * (i % 2 ? 1.03 : 0.97))
                             : random_below(&seed, 3) ? 0
                                                      : 1000 + random_below(&seed, 16000000);
            dense[j][i] = value / 16777216.0;
            if (value == 0) continue;
            rows[j][columns[j].count] = i;
            values[j][columns[j].count++] = value;
        }
    }
}

static void mix(const double coefficient[COLUMNS], uint64_t seed, bool noisy) {
    for (uint32_t i = 0; i < ROWS; i++) {
        double sum = 0;
        for (uint32_t j = 0; j < COLUMNS; j++) sum += coefficient[j] * dense[j][i];
        if (noisy) sum *= 0.9 + random_below(&seed, 200) / 1000.0;
        measured[i] = (uint32_t)(sum * 16777216);
    }
}

static nonnegative_system solve(void) {
    nonnegative_system system = {.measured = measured,
                                 .row_count = ROWS,
                                 .noise = NONNEGATIVE_LEAST_NOISE,
                                 .columns = columns,
                                 .column_count = COLUMNS};
    spectra_scratch_init(&scratch, bytes, sizeof bytes);
    assert_true(nonnegative_begin(&system, &scratch));
    nonnegative_fit(&system);
    return system;
}

/* --- In doubles --- */

static double root_of(double square) {
    double root = square > 1 ? square : 1;
    for (int i = 0; i < 100; i++) root = (root + square / root) / 2;
    return root;
}

static void descend_in_doubles(double *x, const double *sigma, uint32_t without) {
    for (int sweep = 0; sweep < 200000; sweep++)
        for (uint32_t j = 0; j < COLUMNS; j++) {
            double moment = 0, square = 0;
            for (uint32_t i = 0; i < ROWS; i++) {
                double rest = measured[i] / 16777216.0;
                for (uint32_t k = 0; k < COLUMNS; k++)
                    if (k != j) rest -= x[k] * dense[k][i];
                moment += dense[j][i] * rest / (sigma[i] * sigma[i]);
                square += dense[j][i] * dense[j][i] / (sigma[i] * sigma[i]);
            }
            x[j] = j != without && moment > 0 ? moment / square : 0;
        }
}

static double chi_square_in_doubles(const double *x, const double *sigma) {
    double sum = 0;
    for (uint32_t i = 0; i < ROWS; i++) {
        double rest = measured[i] / 16777216.0;
        for (uint32_t k = 0; k < COLUMNS; k++) rest -= x[k] * dense[k][i];
        sum += rest * rest / (sigma[i] * sigma[i]);
    }
    return sum;
}

static void set_sigma_in_doubles(double *sigma, const double *x) {
    for (uint32_t i = 0; i < ROWS; i++) {
        double fitted = 0, largest = measured[i] / 16777216.0;
        for (uint32_t k = 0; k < COLUMNS; k++) fitted += x[k] * dense[k][i];
        if (fitted > largest) largest = fitted;
        sigma[i] = root_of(1e-6 + 0.0225 * largest * largest);
    }
}

static void assert_near(double found, double expected, double most) {
    double away = found > expected ? found - expected : expected - found;
    if (away > most) print_error("%g is not %g\n", found, expected);
    assert_true(away <= most);
}

static void what_was_mixed_is_found(void **state) {
    (void)state;
    static const double mixed[COLUMNS] = {0, 0.7, 0, 0.02, 0.3, 0};
    make_columns(1);
    mix(mixed, 2, false);
    nonnegative_system system = solve();
    for (uint32_t j = 0; j < COLUMNS; j++)
        assert_near((double)nonnegative_coefficient(&system, j) / 16777216, mixed[j], 1e-4);
    assert_true(system.chi_square < NONNEGATIVE_CHI_SQUARE_ONE / 100);
}

static void fit_and_evidence_are_those_of_the_formulas(void **state) {
    (void)state;
    static const double mixed[COLUMNS] = {0.5, 0, 0.01, 0.2, 0, 0};
    for (uint64_t seed = 1; seed <= 5; seed++) {
        double x[COLUMNS] = {0}, sigma[ROWS];
        make_columns(seed);
        mix(mixed, seed, true);
        nonnegative_system system = solve();
        for (int round = 0; round <= 4; round++) {
            set_sigma_in_doubles(sigma, x);
            descend_in_doubles(x, sigma, COLUMNS);
        }
        double whole = chi_square_in_doubles(x, sigma);
        assert_near((double)system.chi_square / NONNEGATIVE_CHI_SQUARE_ONE, whole, 0.02 + whole / 1000);
        for (uint32_t j = 0; j < COLUMNS; j++) {
            uint8_t marked[COLUMNS] = {0};
            double without[COLUMNS];
            marked[j] = 1;
            memcpy(without, x, sizeof x);
            descend_in_doubles(without, sigma, j);
            double growth = chi_square_in_doubles(without, sigma) - whole;
            double found = (double)nonnegative_without(&system, marked, NULL).all / NONNEGATIVE_CHI_SQUARE_ONE;
            assert_near(found, growth, 0.05 + growth / 500);
        }
    }
}

/* Two columns that are one: neither is missed alone, both are missed together. */
static void what_can_take_its_place_takes_it(void **state) {
    (void)state;
    static const double mixed[COLUMNS] = {0.5, 0.2, 0, 0, 0, 0};
    make_columns(3);
    memcpy(rows[COLUMNS - 1], rows[0], sizeof rows[0]);
    memcpy(values[COLUMNS - 1], values[0], sizeof values[0]);
    mix(mixed, 1, false);
    nonnegative_system system = solve();
    uint64_t left[COLUMNS];
    uint8_t first[COLUMNS] = {1}, both[COLUMNS] = {1, 0, 0, 0, 0, 1};
    assert_true(nonnegative_without(&system, first, left).all < NONNEGATIVE_CHI_SQUARE_ONE / 10);
    assert_int_equal(left[0], 0);
    assert_near((double)left[COLUMNS - 1] / 16777216, 0.5, 1e-3);
    assert_true(nonnegative_without(&system, both, NULL).all > 50 * NONNEGATIVE_CHI_SQUARE_ONE);
}

static void a_column_too_faint_to_count_is_left_out(void **state) {
    (void)state;
    static const double mixed[COLUMNS] = {0, 0.5, 0, 0, 0, 0};
    make_columns(4);
    mix(mixed, 1, false);
    for (uint32_t k = 0; k < columns[0].count; k++) values[0][k] = 1;
    nonnegative_system system = solve();
    assert_int_equal(nonnegative_coefficient(&system, 0), 0);
    assert_near((double)nonnegative_coefficient(&system, 1) / 16777216, 0.5, 1e-3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_mixed_is_found),
        cmocka_unit_test(fit_and_evidence_are_those_of_the_formulas),
        cmocka_unit_test(what_can_take_its_place_takes_it),
        cmocka_unit_test(a_column_too_faint_to_count_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
