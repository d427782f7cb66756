/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs of peaks and what they sum to, and the hybrid match factor: against the plainest way to the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/fixed.h"
#include "kernels/kernels.h"

#define ROUNDS 20000
#define PEAKS_MAX 12u
#define MANY 65535u

static uint64_t random_state = 1;

static uint32_t next_random(void) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 32);
}

typedef struct spectrum {
    uint32_t mz[PEAKS_MAX], low[PEAKS_MAX], high[PEAKS_MAX];
    uint16_t weight[PEAKS_MAX];
    size_t count;
} spectrum;

/* So dense that windows overlap, and with few different weights. */
static void make(spectrum *out) {
    uint32_t mz = 100;
    out->count = next_random() % (PEAKS_MAX + 1);
    for (size_t i = 0; i < out->count; i++) {
        mz += 1 + next_random() % 9;
        out->mz[i] = mz;
        out->low[i] = mz - 3;
        out->high[i] = mz + 3;
        out->weight[i] = (uint16_t)(1 + next_random() % 4 * 20000);
    }
}

static kernels_windows windows_of(const spectrum *s) {
    return (kernels_windows){s->low, s->high, s->weight, s->count};
}

static kernels_accurate peaks_of(const spectrum *s) {
    return (kernels_accurate){s->mz, s->weight, s->count};
}

static int in_window(const spectrum *query, size_t i, const spectrum *reference, size_t j, int64_t shift) {
    int64_t mz = reference->mz[j] + shift;
    return mz >= query->low[i] && mz <= query->high[i];
}

/* Ascending: the lowest free partner that is above the one before. */
static uint32_t pair_plainly(uint32_t *pairs, const spectrum *query, const spectrum *reference, int64_t shift) {
    uint8_t taken[PEAKS_MAX] = {0};
    uint32_t made = 0;
    size_t next = 0;
    for (size_t i = 0; i < query->count; i++)
        if (pairs[i] != KERNELS_ALONE) taken[pairs[i]] = 1;
    for (size_t i = 0; i < query->count; i++) {
        if (pairs[i] != KERNELS_ALONE) continue;
        for (size_t j = next; j < reference->count; j++) {
            if (taken[j] || !in_window(query, i, reference, j, shift)) continue;
            pairs[i] = (uint32_t)j;
            next = j + 1;
            made++;
            break;
        }
    }
    return made;
}

static void pairs_ascend_and_leave_what_is_taken(void **state) {
    (void)state;
    uint32_t shifted = 0;
    for (int round = 0; round < ROUNDS; round++) {
        spectrum a, b;
        uint32_t pairs[PEAKS_MAX], expected[PEAKS_MAX];
        make(&a);
        make(&b);
        kernels_windows query = windows_of(&a);
        kernels_accurate reference = peaks_of(&b);
        int64_t shift = (int64_t)(next_random() % 41) - 20;
        kernels_unpair(pairs, a.count);
        kernels_unpair(expected, a.count);
        assert_int_equal(kernels_pair_scalar(pairs, &query, &reference, 0), pair_plainly(expected, &a, &b, 0));
        assert_memory_equal(pairs, expected, a.count * sizeof *pairs);
        uint32_t made = kernels_pair_scalar(pairs, &query, &reference, shift);
        assert_int_equal(made, pair_plainly(expected, &a, &b, shift));
        assert_memory_equal(pairs, expected, a.count * sizeof *pairs);
        shifted += made;
    }
    assert_true(shifted > ROUNDS / 10);
}

/* All pairs that fit, the best of them first. */
static uint32_t pair_greedily(uint32_t *pairs, const spectrum *query, const spectrum *reference, int64_t shift) {
    uint8_t taken[PEAKS_MAX] = {0};
    uint32_t made = 0;
    kernels_unpair(pairs, query->count);
    for (;;) {
        size_t best_i = query->count, best_j = 0;
        uint32_t best = 0;
        for (size_t i = 0; i < query->count; i++) {
            for (size_t j = 0; j < reference->count; j++) {
                uint32_t product = (uint32_t)query->weight[i] * reference->weight[j];
                if (pairs[i] != KERNELS_ALONE || taken[j]) continue;
                if (!in_window(query, i, reference, j, 0) && !in_window(query, i, reference, j, shift)) continue;
                if (best_i < query->count && product <= best) continue;
                best_i = i;
                best_j = j;
                best = product;
            }
        }
        if (best_i == query->count) return made;
        pairs[best_i] = (uint32_t)best_j;
        taken[best_j] = 1;
        made++;
    }
}

static void greedy_pairs_take_the_largest_product_first(void **state) {
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        spectrum a, b;
        uint32_t pairs[PEAKS_MAX], expected[PEAKS_MAX], best[PEAKS_MAX];
        uint8_t taken[KERNELS_TAKEN_SIZE(PEAKS_MAX)];
        const kernels_greedy_room room = {best, taken};
        make(&a);
        make(&b);
        kernels_windows query = windows_of(&a);
        kernels_accurate reference = peaks_of(&b);
        int64_t shift = (int64_t)(next_random() % 41) - 20;
        uint32_t made = pair_greedily(expected, &a, &b, shift);
        assert_int_equal(kernels_pair_greedy_scalar(pairs, &query, &reference, shift, &room), made);
        assert_memory_equal(pairs, expected, a.count * sizeof *pairs);
    }
}

static void entropy_of_direct_pairs_is_the_entropy_similarity(void **state) {
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        spectrum a, b;
        uint32_t pairs[PEAKS_MAX], kept[PEAKS_MAX], matched;
        make(&a);
        make(&b);
        kernels_windows query = windows_of(&a);
        kernels_accurate reference = peaks_of(&b);
        uint32_t score = kernels_entropy_scalar(&query, &reference, &matched, kept);
        kernels_unpair(pairs, a.count);
        assert_int_equal(kernels_pair_scalar(pairs, &query, &reference, 0), matched);
        assert_memory_equal(pairs, kept, a.count * sizeof *pairs);
        assert_int_equal(kernels_entropy_of_pairs_scalar(pairs, &query, &reference), score);
    }
}

static void sums_of_the_most_and_the_largest_peaks_are_exact(void **state) {
    (void)state;
    static uint32_t mz[MANY], low[MANY], high[MANY], pairs[MANY], best[MANY];
    static uint16_t weight[MANY];
    static uint8_t taken[KERNELS_TAKEN_SIZE(MANY)];
    const kernels_greedy_room room = {best, taken};
    memset(weight, 0xff, sizeof weight);
    for (uint32_t i = 0; i < MANY; i++) low[i] = high[i] = mz[i] = UINT32_MAX - MANY + i;
    kernels_windows query = {low, high, weight, MANY};
    kernels_accurate reference = {mz, weight, MANY};
    const uint64_t expected = UINT64_C(65535) * 65535 * 65535;
    kernels_unpair(pairs, MANY);
    assert_int_equal(kernels_pair_scalar(pairs, &query, &reference, 0), MANY);
    assert_true(kernels_dot_scalar(pairs, &query, &reference) == expected);
    assert_true(kernels_squares_scalar(weight, MANY) == expected);
    assert_int_equal(kernels_entropy_of_pairs_scalar(pairs, &query, &reference), KERNELS_ENTROPY_FULL);
    query.count = 2000;
    assert_int_equal(kernels_pair_greedy_scalar(pairs, &query, &reference, -1, &room), 2000);
}

/* Hybrid match factor */

#define CELLS KERNELS_NOMINAL_CELLS
static uint16_t dense_query[CELLS], dense_reference[CELLS];
static uint32_t order[CELLS];
static const kernels_hybrid_room hybrid_room = {dense_query, dense_reference, order};

static kernels_hybrid hybrid(const kernels_nominal *query, const kernels_nominal *reference, int32_t delta_da) {
    kernels_hybrid out;
    kernels_hybrid_scalar(&out, query, reference, delta_da, &hybrid_room);
    return out;
}

typedef struct nominal_spectrum {
    uint16_t nominal[PEAKS_MAX], root[PEAKS_MAX];
    size_t count;
} nominal_spectrum;

static void make_nominal(nominal_spectrum *out) {
    uint32_t mz = 40;
    out->count = next_random() % (PEAKS_MAX + 1);
    for (size_t i = 0; i < out->count; i++) {
        mz += 1 + next_random() % 5;
        out->nominal[i] = (uint16_t)mz;
        out->root[i] = (uint16_t)base_root_table[1 + next_random() % (i % 2 ? 999 : 9)];
    }
}

static kernels_nominal nominal_of(const nominal_spectrum *s) {
    return (kernels_nominal){s->nominal, s->root, s->count};
}

static void a_hybrid_without_difference_is_the_similarity_and_a_move_only_raises_it(void **state) {
    (void)state;
    uint32_t raised = 0;
    for (int round = 0; round < ROUNDS; round++) {
        nominal_spectrum a, b;
        make_nominal(&a);
        make_nominal(&b);
        kernels_nominal query = nominal_of(&a), reference = nominal_of(&b);
        kernels_match match;
        kernels_match_factor_scalar(&match, &query, &reference);
        kernels_hybrid still = hybrid(&query, &reference, 0);
        assert_int_equal(still.score, match.similarity);
        assert_int_equal(still.matched, match.matched);
        kernels_hybrid moved = hybrid(&query, &reference, (int32_t)(next_random() % 41) - 20);
        /* Roots of moved intensities are rounded: the norm may change by as much. */
        assert_true(moved.score + (1u << 16) >= still.score);
        assert_true(moved.reverse_score >= moved.score);
        raised += moved.score > still.score;
    }
    assert_true(raised > ROUNDS / 10);
}

static void a_reference_that_lies_moved_by_the_difference_matches_fully(void **state) {
    (void)state;
    static const uint16_t mz[] = {50, 57, 91}, moved[] = {64, 71, 105}, intensity[] = {100, 999, 300};
    uint16_t exact[3];
    for (size_t i = 0; i < 3; i++) exact[i] = (uint16_t)base_root_table[intensity[i]];
    kernels_nominal query = {moved, exact, 3}, reference = {mz, exact, 3};
    /* Comparing begins at 64, so that of the reference 91 alone is left: 105 is explained, 64 and 71 are not. */
    kernels_hybrid one = hybrid(&query, &reference, 14);
    assert_int_equal(one.matched, 1);
    static const uint16_t both[] = {40, 64, 71, 105}, all[] = {40, 50, 57, 91};
    const uint16_t four[4] = {(uint16_t)base_root_table[500], exact[0], exact[1], exact[2]};
    kernels_nominal long_query = {both, four, 4}, long_reference = {all, four, 4};
    kernels_hybrid full = hybrid(&long_query, &long_reference, 14);
    assert_int_equal(full.matched, 4);
    assert_int_equal(full.score, UINT32_C(1) << 30);
    assert_true(hybrid(&long_query, &long_reference, 15).score < full.score);
}

/* Of 74, 300 move to 88 first; to what is left there 100 of 60 are worth moving, to 400 they would not be. */
static void the_larger_residual_moves_first(void **state) {
    (void)state;
    static const uint16_t query_mz[] = {50, 60, 74, 88}, reference_mz[] = {50, 60, 74};
    const uint16_t query_root[] = {65535, (uint16_t)base_root_table[12], (uint16_t)base_root_table[100],
                                   (uint16_t)base_root_table[300]};
    const uint16_t reference_root[] = {65535, (uint16_t)base_root_table[112], (uint16_t)base_root_table[400]};
    kernels_nominal query = {query_mz, query_root, 4}, reference = {reference_mz, reference_root, 3};
    kernels_hybrid moved = hybrid(&query, &reference, 14);
    assert_int_equal(moved.matched, 4);
    assert_int_equal(dense_reference[60], 12);
    assert_int_equal(dense_reference[74], 200);
    assert_int_equal(dense_reference[88], 300);
}

static void a_lying_reference_stays_inside_the_cells(void **state) {
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        nominal_spectrum a, b;
        make_nominal(&a);
        for (size_t i = 0; i < PEAKS_MAX; i++) {
            b.nominal[i] = (uint16_t)(next_random() % 3 ? 40 + next_random() % 30 : next_random());
            b.root[i] = (uint16_t)next_random();
        }
        b.count = PEAKS_MAX;
        kernels_nominal query = nominal_of(&a), reference = nominal_of(&b);
        kernels_hybrid out = hybrid(&query, &reference, (int32_t)(next_random() % 41) - 20);
        assert_true(out.score <= UINT32_C(1) << 30 && out.reverse_score <= UINT32_C(1) << 30);
    }
    nominal_spectrum a;
    make_nominal(&a);
    kernels_nominal query = nominal_of(&a);
    hybrid(&query, &query, INT32_MAX);
    hybrid(&query, &query, INT32_MIN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_ascend_and_leave_what_is_taken),
        cmocka_unit_test(greedy_pairs_take_the_largest_product_first),
        cmocka_unit_test(entropy_of_direct_pairs_is_the_entropy_similarity),
        cmocka_unit_test(sums_of_the_most_and_the_largest_peaks_are_exact),
        cmocka_unit_test(a_hybrid_without_difference_is_the_similarity_and_a_move_only_raises_it),
        cmocka_unit_test(a_reference_that_lies_moved_by_the_difference_matches_fully),
        cmocka_unit_test(the_larger_residual_moves_first),
        cmocka_unit_test(a_lying_reference_stays_inside_the_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
