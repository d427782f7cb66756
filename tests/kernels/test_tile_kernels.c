/* SPDX-License-Identifier: Apache-2.0 */
/* Tiles of nominal spectra: which dot products are above their limits, plainly and by every table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernels/random.h"
#include "kernels/tables.h"

#define GROUPS 1024u
#define ROUNDS 3000

static uint8_t tile[GROUPS * KERNELS_TILE * 4];
static uint16_t group[GROUPS];
static uint32_t code[GROUPS], limit[KERNELS_TILE];
static kernels_groups query = {group, code, 0};

/* All codes at their largest in some rounds: nothing saturates on the way. */
static void make(uint32_t round) {
    const uint32_t most = round % 5 ? 1 + next_random() % 128 : 128;
    for (size_t i = 0; i < sizeof tile; i++) tile[i] = (uint8_t)(round % 5 ? next_random() % (most + 1) : most);
    query.count = round % 7 ? next_random() % 60 : GROUPS;
    for (uint32_t k = 0; k < query.count; k++) {
        group[k] = (uint16_t)(query.count == GROUPS ? k : next_random() % GROUPS);
        code[k] = round % 5 ? next_random() & 0x7f7f7f7f : 0x7f7f7f7f;
    }
}

static uint32_t dot_of(uint32_t s) {
    uint32_t dot = 0;
    for (uint32_t k = 0; k < query.count; k++)
        for (uint32_t r = 0; r < 4; r++)
            dot += (code[k] >> 8 * r & 255) * tile[((size_t)group[k] * KERNELS_TILE + s) * 4 + r];
    return dot;
}

/* Limits at the dot product itself, one below it, and anywhere. */
static uint32_t make_limits(void) {
    static const uint32_t factors[] = {0, 1, 1u << 31, UINT32_MAX};
    const uint32_t factor = next_random() % 2 ? next_random() : factors[next_random() % 4];
    for (uint32_t s = 0; s < KERNELS_TILE; s++) {
        const uint64_t wanted = (uint64_t)(dot_of(s) - next_random() % 2) << 32;
        const uint64_t near = factor ? (wanted + factor - 1) / factor : 0;
        limit[s] = next_random() % 4 && near <= UINT32_MAX ? (uint32_t)near : next_random();
    }
    return factor;
}

static void a_bit_is_set_where_the_dot_product_is_above_its_limit(void **state) {
    (void)state;
    uint32_t set = 0, equal = 0;
    for (uint32_t round = 0; round < 300; round++) {
        make(round);
        const uint32_t factor = make_limits();
        const uint64_t reached = kernels_scalar.tile_reaches(tile, &query, factor, limit);
        for (uint32_t s = 0; s < KERNELS_TILE; s++) {
            const uint64_t least = (uint64_t)factor * limit[s] >> 32;
            assert_int_equal(reached >> s & 1, dot_of(s) > least);
            set += (uint32_t)(reached >> s & 1);
            equal += dot_of(s) == least;
        }
    }
    assert_true(set > 1000 && equal > 1000);
}

static void assert_table_equals_scalar(const char *name) {
    const kernels_table *table = table_or_skip(name);
    assert_true(table->tile_reaches != kernels_scalar.tile_reaches);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        if (round % 10 == 0) make(round / 10);
        const uint32_t factor = make_limits();
        assert_true(table->tile_reaches(tile, &query, factor, limit) ==
                    kernels_scalar.tile_reaches(tile, &query, factor, limit));
    }
}

static void avx2_tiles_equal_the_scalar_ones(void **state) {
    (void)state;
    assert_table_equals_scalar("avx2");
}

static void avx512_tiles_equal_the_scalar_ones(void **state) {
    (void)state;
    assert_table_equals_scalar("avx512");
}

static void neon_tiles_equal_the_scalar_ones(void **state) {
    (void)state;
    assert_table_equals_scalar("neon");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bit_is_set_where_the_dot_product_is_above_its_limit),
        cmocka_unit_test(avx2_tiles_equal_the_scalar_ones),
        cmocka_unit_test(avx512_tiles_equal_the_scalar_ones),
        cmocka_unit_test(neon_tiles_equal_the_scalar_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
