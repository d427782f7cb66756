/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds by postings: what adding does, and every table against the scalar one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/random.h"
#include "kernels/tables.h"

#define BOUNDS 65536u
static uint16_t bounds[BOUNDS], listed[BOUNDS], expected_list[BOUNDS], term[256];
static uint32_t postings[MANY];

static void fill_postings(uint32_t spectra, uint32_t largest_term) {
    for (size_t i = 0; i < MANY; i++)
        postings[i] = next_random() << 24 | (next_random() % spectra) << 8 | (next_random() & 255);
    for (size_t i = 0; i < 256; i++) term[i] = (uint16_t)(next_random() % (largest_term + 1));
    memset(bounds, 0, sizeof bounds);
}

static void postings_add_their_terms_and_saturate(void **state) {
    (void)state;
    const uint32_t twice[] = {0x12000703, 0xff000703, 0x00ffff04};
    fill_postings(BOUNDS, 16384);
    term[3] = 40000;
    term[4] = 7;
    kernels_add_postings(bounds, twice, 3, term);
    assert_int_equal(bounds[7], 65535);
    assert_int_equal(bounds[65535], 7);
    kernels_add_postings(bounds, twice, 3, term);
    assert_int_equal(bounds[7], 65535);
    assert_int_equal(bounds[65535], 14);
    assert_int_equal(kernels_scalar.count_at_least(bounds, BOUNDS, 15), 1);
    assert_int_equal(kernels_scalar.list_at_least(listed, BOUNDS, bounds, BOUNDS, 14), 2);
    assert_true(listed[0] == 7 && listed[1] == 65535);
}

static void assert_bounds_equal(const kernels_table *table, size_t first, size_t count, uint16_t least,
                                size_t capacity) {
    size_t found = table->list_at_least(listed, capacity, bounds + first, count, least);
    assert_int_equal(table->count_at_least(bounds + first, count, least),
                     kernels_scalar.count_at_least(bounds + first, count, least));
    assert_int_equal(found, kernels_scalar.list_at_least(expected_list, capacity, bounds + first, count, least));
    assert_memory_equal(listed, expected_list, found * sizeof *listed);
}

static void assert_table_equals_scalar(const char *name) {
    const kernels_table *table = table_or_skip(name);
    assert_true(table->count_at_least != kernels_scalar.count_at_least);
    for (uint32_t round = 0; round < 40; round++) {
        fill_postings(round % 2 ? BOUNDS : 50, round % 3 ? 500 : 65535);
        kernels_add_postings(bounds, postings, next_random() % MANY, term);
        for (uint32_t i = 0; i < 20; i++)
            assert_bounds_equal(table, next_random() % 40, next_random() % (BOUNDS - 40),
                                (uint16_t)(next_random() >> i), 1 + next_random() % 600);
        assert_bounds_equal(table, 0, BOUNDS, 0, BOUNDS);
        assert_bounds_equal(table, 0, BOUNDS, 65535, BOUNDS);
        for (size_t size = 0; size < 70; size++) assert_bounds_equal(table, size, size, (uint16_t)next_random(), 33);
    }
}

static void avx2_counts_and_lists_as_the_scalar_table(void **state) {
    (void)state;
    assert_table_equals_scalar("avx2");
}

static void avx512_counts_and_lists_as_the_scalar_table(void **state) {
    (void)state;
    assert_table_equals_scalar("avx512");
}

static void neon_counts_and_lists_as_the_scalar_table(void **state) {
    (void)state;
    assert_table_equals_scalar("neon");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(postings_add_their_terms_and_saturate),
        cmocka_unit_test(avx2_counts_and_lists_as_the_scalar_table),
        cmocka_unit_test(avx512_counts_and_lists_as_the_scalar_table),
        cmocka_unit_test(neon_counts_and_lists_as_the_scalar_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
