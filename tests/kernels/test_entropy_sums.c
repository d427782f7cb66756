/* SPDX-License-Identifier: Apache-2.0 */
/* Entropy sums of many spectra at once: the scalar ones against the comparison of one, every table against the scalar
   one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/random.h"
#include "kernels/tables.h"

#define PEAKS 20000u
#define SPECTRA 300u
#define WINDOWS 300u

static uint32_t mz[PEAKS], first[SPECTRA + 1], low[WINDOWS], high[WINDOWS], sums[SPECTRA], expected[SPECTRA];
static uint16_t weight[PEAKS], query_weight[WINDOWS];
static kernels_windows query = {low, high, query_weight, 0};
static kernels_accurate_run run = {mz, weight, first, 0};

static int ascending(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Few places, so that windows are met, with their edges, overlap, and have the same cell as others. */
static uint32_t place(void) {
    static const uint32_t moved[] = {0, 0, 1, 9999, 10000, 10001, 20000, 20001, 16777216, 67108864};
    return 50000000 + next_random() % 40 * 700000 + moved[next_random() % 10];
}

static void make_query(uint32_t count, uint32_t tolerance) {
    query.count = count;
    for (uint32_t i = 0; i < count; i++) low[i] = place();
    qsort(low, count, sizeof *low, ascending);
    for (uint32_t i = 0; i < count; i++) {
        high[i] = low[i] > UINT32_MAX - tolerance ? UINT32_MAX : low[i] + tolerance;
        low[i] = low[i] > tolerance ? low[i] - tolerance : 0;
        query_weight[i] = (uint16_t)(next_random() >> next_random() % 16);
    }
}

/* Spectra of up to `most` peaks: most of all of them, none. */
static void make_run(uint32_t count, uint32_t most, int in_order) {
    run.count = count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t size = next_random() % 4 ? next_random() % (most + 1) : 0;
        first[i + 1] = first[i] + (size < PEAKS - first[i] ? size : 0);
        for (uint32_t k = first[i]; k < first[i + 1]; k++) {
            mz[k] = in_order || next_random() % 8 ? place() : next_random() | (next_random() % 2 ? 0 : UINT32_MAX);
            weight[k] = (uint16_t)(next_random() >> next_random() % 16);
        }
        if (in_order) qsort(mz + first[i], first[i + 1] - first[i], sizeof *mz, ascending);
    }
}

static uint32_t any_tolerance(void) {
    static const uint32_t tolerances[] = {0, 1, 10000, 10000, 500000, 20000000, UINT32_MAX};
    return tolerances[next_random() % 7];
}

static void sums_of_spectra_in_order_are_those_of_single_comparisons(void **state) {
    (void)state;
    uint64_t total = 0;
    for (uint32_t round = 0; round < 3000; round++) {
        kernels_cells cells;
        make_query(next_random() % 40, any_tolerance());
        make_run(next_random() % 60, 40, 1);
        kernels_mark_cells(&cells, &query);
        kernels_scalar.entropy_sums(sums, &run, &query, &cells);
        for (size_t i = 0; i < run.count; i++) {
            uint32_t matched;
            const kernels_accurate one = {mz + first[i], weight + first[i], first[i + 1] - first[i]};
            assert_int_equal(sums[i], kernels_entropy_scalar(&query, &one, &matched, NULL));
            total += sums[i] > 0;
        }
    }
    assert_true(total > 10000);
}

static void unmarked_cells_hold_no_window(void **state) {
    (void)state;
    kernels_cells cells;
    make_query(1, 0);
    low[0] = 5u << KERNELS_CELL_BITS;
    high[0] = (7u << KERNELS_CELL_BITS) - 1;
    kernels_mark_cells(&cells, &query);
    assert_int_equal(cells.word[0], 3u << 5);
    for (size_t i = 1; i < KERNELS_CELLS / 32; i++) assert_int_equal(cells.word[i], 0);
    high[0] = low[0] + (KERNELS_CELLS << KERNELS_CELL_BITS) - 1;
    kernels_mark_cells(&cells, &query);
    for (size_t i = 0; i < KERNELS_CELLS / 32; i++) assert_int_equal(cells.word[i], UINT32_MAX);
    low[0] = high[0] = UINT32_MAX;
    kernels_mark_cells(&cells, &query);
    assert_int_equal(cells.word[KERNELS_CELLS / 32 - 1], 1u << 31);
}

static void assert_sums_equal(const kernels_table *table) {
    kernels_cells cells;
    kernels_mark_cells(&cells, &query);
    memset(sums, 0xff, sizeof sums);
    table->entropy_sums(sums, &run, &query, &cells);
    kernels_scalar.entropy_sums(expected, &run, &query, &cells);
    assert_memory_equal(sums, expected, run.count * sizeof *sums);
}

static void assert_table_equals_scalar(const char *name, int has_its_own) {
    static const uint32_t windows[] = {0, 1, 15, 16, 17, 63, 127, 128, 129, 300};
    const kernels_table *table = table_or_skip(name);
    assert_int_equal(table->entropy_sums != kernels_scalar.entropy_sums, has_its_own);
    for (uint32_t round = 0; round < 1500; round++) {
        make_query(round % 2 ? windows[next_random() % 10] : next_random() % 40, any_tolerance());
        make_run(next_random() % (SPECTRA + 1), round % 5 ? 40 : 3000, round % 3 != 0);
        assert_sums_equal(table);
    }
    for (uint32_t size = 2030; size < 2070; size++) {
        make_query(40, 10000);
        make_run(1, 5000, 1);
        first[1] = size; /* one spectrum to about the end of a stream, then another */
        first[2] = size + 7;
        run.count = 2;
        assert_sums_equal(table);
    }
}

static void avx2_sums_equal_the_scalar_ones(void **state) {
    (void)state;
    assert_table_equals_scalar("avx2", 0);
}

static void avx512_sums_equal_the_scalar_ones(void **state) {
    (void)state;
    assert_table_equals_scalar("avx512", 1);
}

static void neon_sums_equal_the_scalar_ones(void **state) {
    (void)state;
    assert_table_equals_scalar("neon", 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_of_spectra_in_order_are_those_of_single_comparisons),
        cmocka_unit_test(unmarked_cells_hold_no_window),
        cmocka_unit_test(avx2_sums_equal_the_scalar_ones),
        cmocka_unit_test(avx512_sums_equal_the_scalar_ones),
        cmocka_unit_test(neon_sums_equal_the_scalar_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
