/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting of peaks: order, stability, and the permutation that goes with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "peaks/peaks.h"

#define MOST 1000

static uint32_t next_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

static void sorted_peaks_stay_and_are_reported_as_sorted(void **state) {
    (void)state;
    double mz[] = {1, 2, 2, 3}, intensity[] = {9, 8, 7, 6};
    uint32_t order[8];
    assert_int_equal(peaks_sort(mz, intensity, order, 4), 0);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(order[i], i);
        assert_true(intensity[i] == 9.0 - i);
    }
}

static void peaks_of_equal_mz_keep_their_order(void **state) {
    (void)state;
    double mz[] = {5, 3, 5, 3, 1, 5}, intensity[] = {0, 1, 2, 3, 4, 5};
    static const double sorted[] = {1, 3, 3, 5, 5, 5};
    static const uint32_t expected[] = {4, 1, 3, 0, 2, 5};
    uint32_t order[12];
    assert_int_equal(peaks_sort(mz, intensity, order, 6), 1);
    for (size_t i = 0; i < 6; i++) {
        assert_true(mz[i] == sorted[i]);
        assert_int_equal(order[i], expected[i]);
        assert_true(intensity[i] == expected[i]);
    }
}

static void no_peak_and_one_peak_are_sorted(void **state) {
    (void)state;
    double mz = 7, intensity = 1;
    uint32_t order[2] = {9, 9};
    assert_int_equal(peaks_sort(&mz, &intensity, order, 0), 0);
    assert_int_equal(order[0], 9);
    assert_int_equal(peaks_sort(&mz, &intensity, order, 1), 0);
    assert_int_equal(order[0], 0);
    assert_true(mz == 7 && intensity == 1);
}

static void random_peaks_are_sorted_stably_with_their_permutation(void **state) {
    (void)state;
    static double mz[MOST], intensity[MOST], before[MOST];
    static uint32_t order[2 * MOST];
    uint64_t seed = 1;
    for (size_t count = 0; count < MOST; count += 1 + count / 7) {
        uint32_t different = 1 + next_random(&seed) % 200;
        for (size_t i = 0; i < count; i++) {
            before[i] = mz[i] = next_random(&seed) % different;
            intensity[i] = (double)i;
        }
        peaks_sort(mz, intensity, order, count);
        for (size_t i = 0; i < count; i++) {
            assert_true(mz[i] == before[order[i]]);
            assert_true(intensity[i] == order[i]);
            if (i > 0) assert_true(mz[i] > mz[i - 1] || (mz[i] == mz[i - 1] && order[i] > order[i - 1]));
        }
    }
}

static void falling_peaks_are_reversed(void **state) {
    (void)state;
    static double mz[MOST], intensity[MOST];
    static uint32_t order[2 * MOST];
    for (size_t i = 0; i < MOST; i++) {
        mz[i] = (double)(MOST - i);
        intensity[i] = mz[i];
    }
    assert_int_equal(peaks_sort(mz, intensity, order, MOST), 1);
    for (size_t i = 0; i < MOST; i++) {
        assert_true(mz[i] == (double)(i + 1) && intensity[i] == mz[i]);
        assert_int_equal(order[i], MOST - 1 - i);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorted_peaks_stay_and_are_reported_as_sorted),
        cmocka_unit_test(peaks_of_equal_mz_keep_their_order),
        cmocka_unit_test(no_peak_and_one_peak_are_sorted),
        cmocka_unit_test(random_peaks_are_sorted_stably_with_their_permutation),
        cmocka_unit_test(falling_peaks_are_reversed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
