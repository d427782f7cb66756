/* SPDX-License-Identifier: Apache-2.0 */
/* The kernels by themselves: each table against the scalar one, the measures on spectra small enough to reckon by hand,
   and arrays that lie. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "kernels/random.h"
#include "kernels/tables.h"

#define ONE (UINT32_C(1) << 30)

/* Dispatch */

/* Best first. */
static const char *const names[] = {"avx512", "avx2", "neon", "scalar"};
#define NAMES (sizeof names / sizeof names[0])

static void tables_answer_to_their_names(void **state) {
    (void)state;
    assert_ptr_equal(kernels_named("scalar"), &kernels_scalar);
    assert_string_equal(kernels_scalar.name, "scalar");
    assert_null(kernels_named("mmx"));
    assert_null(kernels_named(""));
    for (size_t i = 0; i < NAMES; i++) {
        const kernels_table *table = kernels_named(names[i]);
        if (table) assert_string_equal(table->name, names[i]);
    }
#ifdef KERNELS_HAVE_X86
    if (__builtin_cpu_supports("avx2")) assert_ptr_equal(kernels_named("avx2"), &kernels_avx2);
    if (__builtin_cpu_supports("avx512vbmi2")) assert_ptr_equal(kernels_named("avx512"), &kernels_avx512);
#endif
#ifdef KERNELS_HAVE_NEON
    assert_ptr_equal(kernels_named("neon"), &kernels_neon);
#endif
}

/* Asks a fresh process, for the choice is made once: does it run `expected` where SPECTRA_KERNEL is `wanted`? */
static int chosen_is(const char *wanted, const char *expected) {
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int set = wanted ? setenv("SPECTRA_KERNEL", wanted, 1) : unsetenv("SPECTRA_KERNEL");
        _exit(set == 0 && strcmp(kernels_active()->name, expected) == 0 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void environment_forces_a_table_and_an_unknown_name_the_scalar_one(void **state) {
    (void)state;
    size_t best = 0;
    while (!kernels_named(names[best])) best++;
    assert_true(chosen_is("abacus", "scalar"));
    assert_true(chosen_is(NULL, names[best]));
    assert_true(chosen_is("", names[best]));
    for (size_t i = best; i < NAMES; i++)
        assert_true(chosen_is(names[i], kernels_named(names[i]) ? names[i] : "scalar"));
    if (strcmp(names[best], "scalar") != 0) assert_false(chosen_is("scalar", names[best]));
}

/* Nominal dot products */

typedef struct dot_input {
    uint16_t nominal[MANY + 1], root[MANY + 1], weight[MANY + 1];
    uint32_t cell[KERNELS_NOMINAL_CELLS];
} dot_input;

static dot_input input;

static void fill_at_random(void) {
    for (size_t i = 0; i <= MANY; i++) {
        input.nominal[i] = (uint16_t)next_random();
        input.root[i] = (uint16_t)next_random();
        input.weight[i] = (uint16_t)next_random();
    }
    for (size_t m = 0; m < KERNELS_NOMINAL_CELLS; m++) input.cell[m] = next_random() & 0x0fff0fff;
}

static void fill_with_the_largest(void) {
    memset(input.nominal, 0xff, sizeof input.nominal);
    memset(input.root, 0xff, sizeof input.root);
    memset(input.weight, 0xff, sizeof input.weight);
    for (size_t m = 0; m < KERNELS_NOMINAL_CELLS; m++) input.cell[m] = 0x0fff0fff;
}

static void dots(const kernels_table *table, uint64_t sums[2], size_t first, size_t count) {
    table->nominal_dots(sums, input.nominal + first, input.root + first, input.weight + first, count, input.cell);
}

static void dots_follow_their_definition(void **state) {
    (void)state;
    uint64_t sums[2], a = 0, b = 0;
    fill_at_random();
    for (size_t i = 0; i < 1000; i++) {
        uint64_t cell = input.cell[input.nominal[i] % 4096];
        a += cell % 65536 * (input.root[i] / 16);
        b += cell / 65536 * (input.weight[i] % 4096);
    }
    dots(&kernels_scalar, sums, 0, 1000);
    assert_true(sums[0] == a && sums[1] == b);
}

static void dots_of_the_largest_values_do_not_overflow(void **state) {
    (void)state;
    uint64_t sums[2];
    fill_with_the_largest();
    dots(kernels_active(), sums, 0, MANY);
    assert_true(sums[0] == UINT64_C(65535) * 4095 * 4095);
    assert_true(sums[1] == UINT64_C(65535) * 4095 * 4095);
}

static void assert_equal_to_scalar(const kernels_table *table, size_t first, size_t count) {
    uint64_t expected[2], sums[2] = {1, 1};
    dots(&kernels_scalar, expected, first, count);
    dots(table, sums, first, count);
    assert_true(sums[0] == expected[0] && sums[1] == expected[1]);
}

static void assert_dots_equal_to_scalar(const kernels_table *table) {
    fill_at_random();
    for (size_t count = 0; count < 200; count++) assert_equal_to_scalar(table, count % 13, count);
    for (int i = 0; i < 200; i++) assert_equal_to_scalar(table, 1, next_random() % MANY);
    fill_with_the_largest();
    for (size_t count = 2040; count < 2060; count++) assert_equal_to_scalar(table, 0, count);
    for (size_t count = 4088; count < 4108; count++) assert_equal_to_scalar(table, 0, count);
    assert_equal_to_scalar(table, 0, MANY);
}

/* Bounds of runs */

#define SPECTRA 70u

typedef struct bound_input {
    uint8_t code[KERNELS_CODES], rank[KERNELS_CODES];
    uint32_t first[SPECTRA + 1];
    uint32_t found[2][5][SPECTRA];
} bound_input;

static bound_input bounds;

/* Spectra of up to `longest` peaks, ascending or not, and a query of every `gap`-th m/z. */
static void make_run(uint32_t longest, uint32_t gap, bool ascending, uint32_t mz_range) {
    fill_at_random();
    memset(&bounds, 0, sizeof bounds);
    uint32_t rank = 0;
    for (uint32_t m = 1; m < KERNELS_NOMINAL_CELLS; m++) {
        bool there = next_random() % gap == 0;
        if (there) bounds.code[m] = (uint8_t)(1 + next_random() % 127);
        rank += there && next_random() % 8 != 0;
        bounds.rank[m] = (uint8_t)rank;
    }
    bounds.first[0] = next_random() % 5;
    for (uint32_t i = 0; i < SPECTRA; i++) {
        uint32_t left = MANY - bounds.first[i], count = next_random() % (longest + 1), mz = 0;
        bounds.first[i + 1] = bounds.first[i] + (count < left ? count : left);
        for (uint32_t k = bounds.first[i]; ascending && k < bounds.first[i + 1]; k++) {
            mz += 1 + next_random() % 5;
            input.nominal[k] = (uint16_t)mz;
        }
    }
    for (uint32_t k = 0; !ascending && k < MANY; k++) input.nominal[k] = (uint16_t)(next_random() % mz_range);
    for (uint32_t k = 0; k < MANY; k++)
        if (next_random() % 4 == 0) input.root[k] = (uint16_t)(next_random() % 4096);
}

static void run_bounds(const kernels_table *table, int side, size_t count, uint32_t start) {
    kernels_bounds out = {.dot = bounds.found[side][0], .below = bounds.found[side][1]};
    kernels_run run = {input.nominal, input.root, bounds.first, count, 4, start};
    const kernels_codes codes = {bounds.code, bounds.rank};
    table->cosine_bounds(&out, &run, &codes);
    out = (kernels_bounds){bounds.found[side][0], NULL, bounds.found[side][2], bounds.found[side][3],
                           bounds.found[side][4]};
    table->match_bounds(&out, &run, &codes);
}

static void assert_bounds_equal_to_scalar(const kernels_table *table) {
    static const uint32_t longest[] = {0, 1, 20, 60, 130, 900, 9000};
    for (uint32_t round = 0; round < 210; round++) {
        make_run(longest[round % 7], 1 + round % 5, round % 3 != 0, round % 2 ? 400 : 65536);
        size_t count = round % 11 == 0 ? round % SPECTRA : SPECTRA;
        uint32_t start = next_random() % (round % 5 == 0 ? 4096 : 60);
        run_bounds(&kernels_scalar, 0, count, start);
        run_bounds(table, 1, count, start);
        assert_memory_equal(bounds.found[1], bounds.found[0], sizeof bounds.found[0]);
        kernels_bounds out[2] = {{bounds.found[0][0], bounds.found[0][1], NULL, NULL, NULL},
                                 {bounds.found[1][0], bounds.found[1][1], NULL, NULL, NULL}};
        kernels_run run = {input.nominal, input.weight, bounds.first, count, 0, start};
        const kernels_codes codes = {bounds.code, bounds.rank};
        kernels_scalar.cosine_bounds(&out[0], &run, &codes);
        table->cosine_bounds(&out[1], &run, &codes);
        assert_memory_equal(bounds.found[1], bounds.found[0], sizeof bounds.found[0]);
    }
    fill_with_the_largest();
    memset(bounds.code, 127, KERNELS_NOMINAL_CELLS);
    bounds.first[0] = 0;
    bounds.first[1] = MANY;
    run_bounds(&kernels_scalar, 0, 1, 4095);
    run_bounds(table, 1, 1, 4095);
    assert_memory_equal(bounds.found[1], bounds.found[0], sizeof bounds.found[0]);
}

/* Peaks 20, 30 and 40 of a reference; the query has 20, 35 and 40. */
static void bounds_are_as_reckoned_by_hand(void **state) {
    (void)state;
    memset(&bounds, 0, sizeof bounds);
    bounds.code[20] = 100;
    bounds.code[35] = 50;
    bounds.code[40] = 127;
    for (uint32_t m = 20; m < KERNELS_CODES; m++) bounds.rank[m] = (uint8_t)(m < 35 ? 1 : m < 40 ? 2 : 3);
    const uint16_t nominal[] = {20, 30, 40}, root[] = {65535, 2073, 32768};
    const uint32_t first[] = {0, 3};
    uint32_t dot, below, norm, common, adjacent;
    const kernels_bounds out = {&dot, &below, &norm, &common, &adjacent};
    const kernels_run run = {nominal, root, first, 1, 4, 40};
    const kernels_codes codes = {bounds.code, bounds.rank};
    kernels_scalar.cosine_bounds(&out, &run, &codes);
    assert_int_equal(dot, 100 * 128 + 127 * 65);
    assert_int_equal(below, 128 * 127 + 5 * 5);
    kernels_scalar.match_bounds(&out, &run, &codes);
    assert_int_equal(dot, 100 * 128 + 127 * 65);
    assert_int_equal(norm, 10 * 64);
    assert_int_equal(common, 2);
    assert_int_equal(adjacent, 0); /* 35 of the query stands between */
    for (uint32_t m = 40; m < KERNELS_CODES; m++) bounds.rank[m] = 2;
    kernels_scalar.match_bounds(&out, &run, &codes);
    assert_int_equal(adjacent, 1); /* 30 of the reference does not count */
}

/* Each table by name, whatever runs by default. */
static void assert_table_equals_scalar(const char *name) {
    const kernels_table *table = table_or_skip(name);
    assert_true(table->nominal_dots != kernels_scalar.nominal_dots);
    assert_dots_equal_to_scalar(table);
    assert_bounds_equal_to_scalar(table);
}

static void avx2_equals_scalar_bit_for_bit(void **state) {
    (void)state;
    assert_table_equals_scalar("avx2");
}

static void avx512_equals_scalar_bit_for_bit(void **state) {
    (void)state;
    assert_table_equals_scalar("avx512");
}

static void neon_equals_scalar_bit_for_bit(void **state) {
    (void)state;
    assert_table_equals_scalar("neon");
}

/* Entropy */

#define WINDOW 10u

static uint32_t entropy(const kernels_accurate *query, const kernels_accurate *reference, uint32_t *matched,
                        uint32_t *pairs) {
    uint32_t low[16], high[16];
    assert_true(query->count <= 16);
    for (size_t i = 0; i < query->count; i++) {
        low[i] = query->mz_uth[i] - WINDOW;
        high[i] = query->mz_uth[i] + WINDOW;
    }
    kernels_windows windows = {low, high, query->weight, query->count};
    return kernels_entropy_scalar(&windows, reference, matched, pairs);
}

/* To half a unit for each of the three table entries behind a pair. */
static void equal_spectra_have_full_entropy_similarity(void **state) {
    (void)state;
    const uint32_t mz[] = {1000, 2000, 3000};
    const uint16_t weight[] = {32768, 16384, 16383}, alone[] = {65535};
    uint32_t matched;
    kernels_accurate three = {mz, weight, 3}, one = {mz, alone, 1};
    assert_in_range(entropy(&three, &three, &matched, NULL), KERNELS_ENTROPY_FULL - 4, KERNELS_ENTROPY_FULL);
    assert_int_equal(matched, 3);
    assert_in_range(entropy(&one, &one, &matched, NULL), KERNELS_ENTROPY_FULL - 1, KERNELS_ENTROPY_FULL);
}

/* ½[(a+b)·lg(a+b) − a·lg a − b·lg b] with a = 1, b = ½ is (1.5·0.585 + 0.5)/2 = 0.6887. */
static void entropy_of_one_common_peak_is_as_reckoned(void **state) {
    (void)state;
    const uint32_t query_mz[] = {1000}, reference_mz[] = {1000, 5000};
    const uint16_t query_weight[] = {65535}, reference_weight[] = {32767, 32768};
    uint32_t matched;
    kernels_accurate query = {query_mz, query_weight, 1}, reference = {reference_mz, reference_weight, 2};
    uint32_t score = entropy(&query, &reference, &matched, NULL);
    assert_in_range(score, (uint32_t)(0.68871 * KERNELS_ENTROPY_FULL), (uint32_t)(0.68873 * KERNELS_ENTROPY_FULL));
    assert_int_equal(matched, 1);
}

static void pairs_are_one_to_one_with_inclusive_windows(void **state) {
    (void)state;
    const uint32_t query_mz[] = {999, 1000, 2000, 3000, 4000}, reference_mz[] = {990, 1990, 2005, 3011, 3989, 4010};
    const uint16_t query_weight[] = {13107, 13107, 13107, 13107, 13107};
    const uint16_t reference_weight[] = {10922, 10922, 10923, 10922, 10923, 10923};
    uint32_t matched, pairs[5];
    kernels_accurate query = {query_mz, query_weight, 5}, reference = {reference_mz, reference_weight, 6};
    assert_true(entropy(&query, &reference, &matched, pairs) > 0);
    assert_int_equal(matched, 3);
    assert_int_equal(pairs[0], 0);
    assert_int_equal(pairs[1], UINT32_MAX); /* its only partner is taken */
    assert_int_equal(pairs[2], 1);          /* 1990 is the edge of its window */
    assert_int_equal(pairs[3], UINT32_MAX); /* 3011 is one too far */
    assert_int_equal(pairs[4], 5);
}

static void spectra_without_common_peaks_have_no_entropy_similarity(void **state) {
    (void)state;
    const uint32_t mz[] = {1000}, other[] = {5000};
    const uint16_t weight[] = {65535};
    uint32_t matched = 1;
    kernels_accurate query = {mz, weight, 1}, reference = {other, weight, 1}, empty = {mz, weight, 0};
    assert_int_equal(entropy(&query, &reference, &matched, NULL), 0);
    assert_int_equal(matched, 0);
    assert_int_equal(entropy(&query, &empty, &matched, NULL), 0);
    assert_int_equal(entropy(&empty, &query, &matched, NULL), 0);
}

static void entropy_of_lying_weights_stops_at_full_scale(void **state) {
    (void)state;
    static uint16_t weight[MANY];
    static uint32_t mz[MANY], low[MANY], high[MANY];
    uint32_t matched;
    memset(weight, 0xff, sizeof weight);
    memset(high, 0xff, sizeof high);
    for (size_t i = 0; i < MANY; i++) mz[i] = next_random();
    kernels_accurate reference = {mz, weight, MANY};
    kernels_windows query = {low, high, weight, MANY};
    assert_int_equal(kernels_entropy_scalar(&query, &reference, &matched, NULL), KERNELS_ENTROPY_FULL);
    assert_int_equal(matched, MANY);
}

/* Match factor */

static kernels_match match(const kernels_nominal *query, const kernels_nominal *reference) {
    kernels_match out;
    kernels_match_factor_scalar(&out, query, reference);
    return out;
}

static void equal_spectra_match_perfectly(void **state) {
    (void)state;
    const uint16_t mz[] = {50, 77, 105, 146, 245}, root[] = {9000, 65535, 2100, 44000, 30001};
    kernels_nominal spectrum = {mz, root, 5};
    kernels_match out = match(&spectrum, &spectrum);
    assert_int_equal(out.match_factor, ONE);
    assert_int_equal(out.reverse_match_factor, ONE);
    assert_int_equal(out.similarity, ONE);
    assert_int_equal(out.matched, 5);
}

/* Common: 10 and 20, roots 40000/40000 and 60000/30000; 15 is in the query alone and breaks the chain, so N2 = 0.
   F_D = (10·4·4 + 20·6·3)² / ((10·16 + 15·25 + 20·36)·(10·16 + 20·9)) = 520²/(1255·340); reverse without 375. */
static void match_factor_is_as_reckoned_by_hand(void **state) {
    (void)state;
    const uint16_t query_mz[] = {10, 15, 20}, query_root[] = {40000, 50000, 60000};
    const uint16_t reference_mz[] = {10, 20}, reference_root[] = {40000, 30000};
    kernels_nominal query = {query_mz, query_root, 3}, reference = {reference_mz, reference_root, 2};
    kernels_match out = match(&query, &reference);
    assert_int_equal(out.match_factor, (uint64_t)ONE * 520 * 520 / (1255 * 340));
    assert_int_equal(out.reverse_match_factor, (uint64_t)ONE * 520 * 520 / (880 * 340));
    assert_int_equal(out.similarity, (uint64_t)ONE * 34 * 34 / (77 * 25));
    assert_int_equal(out.matched, 2);
}

/* Without the peak between, r = (60000·40000)/(40000·30000) = 2 and F_R = ½: (520²/(880·340)·2 + ½·1)/3. */
static void neighbouring_common_peaks_add_their_ratio(void **state) {
    (void)state;
    const uint16_t mz[] = {10, 20}, query_root[] = {40000, 60000}, reference_root[] = {40000, 30000};
    kernels_nominal query = {mz, query_root, 2}, reference = {mz, reference_root, 2};
    uint64_t dot = (uint64_t)ONE * 520 * 520 / (880 * 340);
    assert_int_equal(match(&query, &reference).match_factor, (dot * 2 + ONE / 2) / 3);
}

/* 2073 stands for 1 of 999, 2074 for more. */
static void a_peak_of_one_in_999_neither_counts_nor_breaks_the_chain(void **state) {
    (void)state;
    const uint16_t mz[] = {10, 15, 20}, faint[] = {40000, 2073, 60000}, counted[] = {40000, 2074, 60000};
    const uint16_t reference_mz[] = {10, 20}, reference_root[] = {40000, 60000};
    kernels_nominal faint_query = {mz, faint, 3}, counted_query = {mz, counted, 3};
    kernels_nominal reference = {reference_mz, reference_root, 2};
    assert_int_equal(match(&faint_query, &reference).match_factor, ONE);
    kernels_match out = match(&counted_query, &reference);
    assert_true(out.match_factor < ONE);
    assert_int_equal(out.reverse_match_factor, ONE);
}

static void comparing_starts_at_the_later_of_the_two_first_peaks(void **state) {
    (void)state;
    const uint16_t mz[] = {28, 50, 77, 105}, root[] = {65535, 30000, 20000, 40000};
    const uint16_t later_mz[] = {44, 77, 105}, later_root[] = {0, 20000, 40000};
    kernels_nominal query = {mz, root, 4}, later = {later_mz, later_root, 3};
    assert_int_equal(match(&query, &later).match_factor, ONE);
    assert_int_equal(match(&later, &query).match_factor, ONE);
    assert_int_equal(match(&query, &later).matched, 2);
}

static void nothing_in_common_scores_zero(void **state) {
    (void)state;
    const uint16_t mz[] = {50, 70}, other[] = {60, 80}, root[] = {65535, 40000}, none[] = {0, 0};
    kernels_nominal query = {mz, root, 2}, reference = {other, root, 2}, empty = {mz, root, 0}, zeros = {mz, none, 2};
    const kernels_nominal *pairs[][2] = {{&query, &reference}, {&query, &empty}, {&empty, &query},
                                         {&empty, &empty},     {&query, &zeros}, {&zeros, &zeros}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        kernels_match out = match(pairs[i][0], pairs[i][1]);
        uint32_t common;
        assert_int_equal(out.match_factor | out.reverse_match_factor | out.similarity | out.matched, 0);
        assert_int_equal(kernels_ratio_scalar(pairs[i][0], pairs[i][1], 0, &common), 0);
        assert_int_equal(common, 0);
    }
}

/* Ratios of the three common peaks from 10 on: 2 against 1, then ½ against 1; faint peaks between do not matter. */
static void mean_ratio_goes_over_adjacent_common_peaks(void **state) {
    (void)state;
    const uint16_t query_mz[] = {5, 10, 15, 20, 30}, query_root[] = {1, 20000, 60000, 40000, 20000};
    const uint16_t reference_mz[] = {5, 10, 20, 30}, reference_root[] = {60000, 30000, 30000, 20000};
    kernels_nominal query = {query_mz, query_root, 5}, reference = {reference_mz, reference_root, 4};
    uint32_t common;
    uint64_t first = ONE / 2, second = ((uint64_t)ONE * 3) / 4;
    assert_int_equal(kernels_ratio_scalar(&query, &reference, 6, &common), (first + second) / 2);
    assert_int_equal(common, 3);
    assert_true(kernels_ratio_scalar(&query, &reference, 5, &common) < (first + second) / 2);
    assert_int_equal(common, 4);
}

static void arrays_that_lie_give_scores_within_scale(void **state) {
    (void)state;
    uint32_t common;
    for (int round = 0; round < 40; round++) {
        fill_at_random();
        if (round % 4 == 1) fill_with_the_largest();
        if (round % 4 == 2) memset(input.nominal, 0xff, sizeof input.nominal);
        if (round % 4 == 3) memset(input.root, 0, MANY / 2 * sizeof input.root[0]);
        kernels_nominal query = {input.nominal, input.root, MANY - (size_t)round};
        kernels_nominal reference = {input.nominal + round, input.weight + round, MANY - (size_t)round};
        kernels_match out = match(&query, &reference);
        assert_true(out.match_factor <= ONE && out.reverse_match_factor <= ONE && out.similarity <= ONE);
        assert_true(kernels_ratio_scalar(&query, &reference, 0, &common) <= ONE);
        if (round % 4 == 1) assert_int_equal(out.match_factor, ONE);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_answer_to_their_names),
        cmocka_unit_test(environment_forces_a_table_and_an_unknown_name_the_scalar_one),
        cmocka_unit_test(dots_follow_their_definition),
        cmocka_unit_test(dots_of_the_largest_values_do_not_overflow),
        cmocka_unit_test(bounds_are_as_reckoned_by_hand),
        cmocka_unit_test(avx2_equals_scalar_bit_for_bit),
        cmocka_unit_test(avx512_equals_scalar_bit_for_bit),
        cmocka_unit_test(neon_equals_scalar_bit_for_bit),
        cmocka_unit_test(equal_spectra_have_full_entropy_similarity),
        cmocka_unit_test(entropy_of_one_common_peak_is_as_reckoned),
        cmocka_unit_test(pairs_are_one_to_one_with_inclusive_windows),
        cmocka_unit_test(spectra_without_common_peaks_have_no_entropy_similarity),
        cmocka_unit_test(entropy_of_lying_weights_stops_at_full_scale),
        cmocka_unit_test(equal_spectra_match_perfectly),
        cmocka_unit_test(match_factor_is_as_reckoned_by_hand),
        cmocka_unit_test(neighbouring_common_peaks_add_their_ratio),
        cmocka_unit_test(a_peak_of_one_in_999_neither_counts_nor_breaks_the_chain),
        cmocka_unit_test(comparing_starts_at_the_later_of_the_two_first_peaks),
        cmocka_unit_test(nothing_in_common_scores_zero),
        cmocka_unit_test(mean_ratio_goes_over_adjacent_common_peaks),
        cmocka_unit_test(arrays_that_lie_give_scores_within_scale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
