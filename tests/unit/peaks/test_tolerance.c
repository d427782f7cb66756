/* SPDX-License-Identifier: Apache-2.0 */
/* Tolerances at their edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "peaks/peaks.h"

static void a_tolerance_in_uth_is_the_same_everywhere(void **state) {
    (void)state;
    const spectra_tolerance tolerance = {.uth = 10000};
    assert_int_equal(peaks_tolerance_at(&tolerance, 0), 10000);
    assert_int_equal(peaks_tolerance_at(&tolerance, UINT32_MAX), 10000);
}

static void a_tolerance_in_ppm_grows_with_mz_and_rounds_down(void **state) {
    (void)state;
    const spectra_tolerance tolerance = {.uth = 10000, .ppm = 20};
    assert_int_equal(peaks_tolerance_at(&tolerance, 337227440), 6744); /* 6744.55 */
    assert_int_equal(peaks_tolerance_at(&tolerance, 49999), 0);
    assert_int_equal(peaks_tolerance_at(&tolerance, 50000), 1);
    assert_int_equal(peaks_tolerance_at(&tolerance, UINT32_MAX), 85899);
}

static void a_tolerance_wider_than_all_mz_saturates(void **state) {
    (void)state;
    const spectra_tolerance tolerance = {.ppm = UINT32_MAX};
    assert_int_equal(peaks_tolerance_at(&tolerance, UINT32_MAX), UINT32_MAX);
}

static void windows_reach_the_same_way_to_both_sides_and_stop_at_the_ends(void **state) {
    (void)state;
    const spectra_tolerance tolerance = {.uth = 10000};
    static const uint32_t mz[] = {9999, 10000, 10001, 146060100, UINT32_MAX - 10000, UINT32_MAX - 9999};
    static const uint32_t lows[] = {0, 0, 1, 146050100, UINT32_MAX - 20000, UINT32_MAX - 19999};
    static const uint32_t highs[] = {19999, 20000, 20001, 146070100, UINT32_MAX, UINT32_MAX};
    uint32_t low[6], high[6];
    peaks_windows(low, high, mz, 6, &tolerance);
    assert_memory_equal(low, lows, sizeof lows);
    assert_memory_equal(high, highs, sizeof highs);
}

static void windows_in_ppm_follow_each_peak(void **state) {
    (void)state;
    const spectra_tolerance tolerance = {.ppm = 5};
    static const uint32_t mz[] = {100000000, 400000000};
    uint32_t low[2], high[2];
    peaks_windows(low, high, mz, 2, &tolerance);
    assert_int_equal(low[0], 99999500);
    assert_int_equal(high[0], 100000500);
    assert_int_equal(low[1], 399998000);
    assert_int_equal(high[1], 400002000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tolerance_in_uth_is_the_same_everywhere),
        cmocka_unit_test(a_tolerance_in_ppm_grows_with_mz_and_rounds_down),
        cmocka_unit_test(a_tolerance_wider_than_all_mz_saturates),
        cmocka_unit_test(windows_reach_the_same_way_to_both_sides_and_stop_at_the_ends),
        cmocka_unit_test(windows_in_ppm_follow_each_peak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
