/* SPDX-License-Identifier: Apache-2.0 */
/* One hash over ten million scores, seven of each of 1.5 million random pairs: every compiler, optimisation level and
   kernel must give it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/tables.h"

#define PAIRS 1500000
#define PEAKS_MAX 32u
#define EXPECTED UINT64_C(0x6838233085ee9fd3)

typedef struct random_spectrum {
    uint16_t nominal[PEAKS_MAX], root[PEAKS_MAX], weight[PEAKS_MAX];
    uint32_t mz_uth[PEAKS_MAX], low[PEAKS_MAX], high[PEAKS_MAX];
    size_t count;
} random_spectrum;

static uint32_t next_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 32);
}

/* Dense enough that pairs share peaks; some m/z are shifted by less than a window. */
static void make(random_spectrum *out, uint64_t *random) {
    uint32_t mz = 20 + next_random(random) % 30;
    out->count = next_random(random) % (PEAKS_MAX + 1);
    for (size_t i = 0; i < out->count; i++) {
        uint32_t bits = next_random(random), shift = bits % 15000;
        mz += 1 + bits % 3;
        out->nominal[i] = (uint16_t)mz;
        out->root[i] = (uint16_t)(1 + (bits >> 16) * (uint64_t)(bits >> 16) / 65537);
        out->weight[i] = (uint16_t)(65535 / out->count);
        out->mz_uth[i] = mz * 1000000 + shift;
        out->low[i] = out->mz_uth[i] - 10000;
        out->high[i] = out->mz_uth[i] + 10000;
    }
}

static void add(uint64_t *hash, uint64_t value) {
    *hash = (*hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    *hash ^= *hash >> 29;
}

static void add_dots(uint64_t *hash, const kernels_table *table, const random_spectrum *a, const random_spectrum *b) {
    static uint32_t cell[KERNELS_NOMINAL_CELLS];
    uint64_t sums[2];
    for (size_t i = 0; i < a->count; i++)
        cell[a->nominal[i]] = (uint32_t)a->root[i] >> 4 | (a->weight[i] & 4095u) << 16;
    table->nominal_dots(sums, b->nominal, b->root, b->weight, b->count, cell);
    for (size_t i = 0; i < a->count; i++) cell[a->nominal[i]] = 0;
    add(hash, sums[0]);
    add(hash, sums[1]);
}

static void add_measures(uint64_t *hash, const random_spectrum *a, const random_spectrum *b) {
    kernels_nominal query = {a->nominal, a->root, a->count}, reference = {b->nominal, b->root, b->count};
    kernels_windows windows = {a->low, a->high, a->weight, a->count};
    kernels_accurate accurate = {b->mz_uth, b->weight, b->count};
    kernels_match match;
    uint32_t common, matched, pairs[PEAKS_MAX];
    kernels_match_factor_scalar(&match, &query, &reference);
    add(hash, (uint64_t)match.match_factor << 32 | match.reverse_match_factor);
    add(hash, (uint64_t)match.similarity << 32 | match.matched);
    add(hash, kernels_ratio_scalar(&query, &reference, 40, &common));
    add(hash, common);
    add(hash, kernels_entropy_scalar(&windows, &accurate, &matched, pairs));
    add(hash, matched);
    for (size_t i = 0; i < a->count; i++) add(hash, pairs[i]);
}

static uint64_t hash_of(const kernels_table *table) {
    uint64_t random = 1, hash = 0;
    for (int i = 0; i < PAIRS; i++) {
        random_spectrum a, b;
        make(&a, &random);
        make(&b, &random);
        add_dots(&hash, table, &a, &b);
        add_measures(&hash, &a, &b);
    }
    return hash;
}

static void check(const char *name) {
    const kernels_table *table = table_or_skip(name);
    uint64_t hash = hash_of(table);
    print_message("%s: %016llx\n", name, (unsigned long long)hash);
    assert_true(hash == EXPECTED);
}

static void scalar_kernels_give_the_committed_hash(void **state) {
    (void)state;
    check("scalar");
}

static void avx2_kernels_give_the_committed_hash(void **state) {
    (void)state;
    check("avx2");
}

static void avx512_kernels_give_the_committed_hash(void **state) {
    (void)state;
    check("avx512");
}

static void neon_kernels_give_the_committed_hash(void **state) {
    (void)state;
    check("neon");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalar_kernels_give_the_committed_hash),
        cmocka_unit_test(avx2_kernels_give_the_committed_hash),
        cmocka_unit_test(avx512_kernels_give_the_committed_hash),
        cmocka_unit_test(neon_kernels_give_the_committed_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
