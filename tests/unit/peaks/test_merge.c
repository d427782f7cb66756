/* SPDX-License-Identifier: Apache-2.0 */
/* Merging of close peaks: edges, ties and means by hand, random peaks against the rule written the slow way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "peaks/peaks.h"

#define FEW 60
#define MANY 100000

typedef struct spectrum {
    uint32_t mz[MANY];
    uint64_t intensity[MANY];
    size_t count;
} spectrum;

static uint32_t next_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

static void merge(spectrum *s, uint32_t gap) {
    static uint32_t order[MANY];
    static uint8_t mark[MANY];
    memset(order, 0xff, sizeof order);
    memset(mark, 0xff, sizeof mark);
    s->count = peaks_merge_close(s->mz, s->intensity, s->count, gap, order, mark);
}

static void set(spectrum *s, size_t count, const uint32_t *mz, const uint64_t *intensity) {
    memcpy(s->mz, mz, count * sizeof *mz);
    memcpy(s->intensity, intensity, count * sizeof *intensity);
    s->count = count;
}

static void expect(const spectrum *s, size_t count, const uint32_t *mz, const uint64_t *intensity) {
    assert_int_equal(s->count, count);
    assert_memory_equal(s->mz, mz, count * sizeof *mz);
    assert_memory_equal(s->intensity, intensity, count * sizeof *intensity);
}

static int closest_gap_exceeds(const spectrum *s, uint32_t gap) {
    for (size_t i = 1; i < s->count; i++) {
        if (s->mz[i] <= s->mz[i - 1] || s->mz[i] - s->mz[i - 1] <= gap) return 0;
    }
    return 1;
}

static uint64_t total_intensity(const spectrum *s) {
    uint64_t total = 0;
    for (size_t i = 0; i < s->count; i++) total += s->intensity[i];
    return total;
}

static spectrum peaks, others;

static void a_gap_of_just_the_limit_is_merged_and_one_more_is_not(void **state) {
    (void)state;
    set(&peaks, 3, (uint32_t[]){1000000, 1020000, 1060001}, (uint64_t[]){1, 3, 7});
    merge(&peaks, 20000);
    expect(&peaks, 2, (uint32_t[]){1015000, 1060001}, (uint64_t[]){4, 7});
    set(&peaks, 2, (uint32_t[]){1000000, 1020001}, (uint64_t[]){1, 3});
    merge(&peaks, 20000);
    expect(&peaks, 2, (uint32_t[]){1000000, 1020001}, (uint64_t[]){1, 3});
}

static void a_gap_of_nothing_merges_peaks_of_the_same_mz(void **state) {
    (void)state;
    set(&peaks, 4, (uint32_t[]){5, 6, 6, 7}, (uint64_t[]){1, 2, 3, 4});
    merge(&peaks, 0);
    expect(&peaks, 3, (uint32_t[]){5, 6, 7}, (uint64_t[]){1, 5, 4});
}

static void the_strongest_takes_first_and_leaves_the_rest(void **state) {
    (void)state;
    /* The middle one takes both sides; from the left there would have been two. */
    set(&peaks, 3, (uint32_t[]){100, 110, 120}, (uint64_t[]){1, 8, 1});
    merge(&peaks, 10);
    expect(&peaks, 1, (uint32_t[]){110}, (uint64_t[]){10});
    /* The left one takes the middle; the right one is out of its reach, and of their mean's. */
    set(&peaks, 3, (uint32_t[]){100, 110, 120}, (uint64_t[]){8, 1, 1});
    merge(&peaks, 10);
    expect(&peaks, 2, (uint32_t[]){101, 120}, (uint64_t[]){9, 1});
}

static void of_equal_peaks_the_one_of_lowest_mz_takes_first(void **state) {
    (void)state;
    set(&peaks, 4, (uint32_t[]){100, 110, 120, 130}, (uint64_t[]){5, 5, 5, 5});
    merge(&peaks, 10);
    expect(&peaks, 2, (uint32_t[]){105, 125}, (uint64_t[]){10, 10});
}

static void peaks_that_come_close_by_merging_are_merged_again(void **state) {
    (void)state;
    /* 104 takes 112 and comes to 108, from where 118 is within reach. */
    set(&peaks, 3, (uint32_t[]){104, 112, 118}, (uint64_t[]){3, 3, 1});
    merge(&peaks, 10);
    expect(&peaks, 1, (uint32_t[]){109}, (uint64_t[]){7});
}

static void means_round_half_upwards(void **state) {
    (void)state;
    set(&peaks, 4, (uint32_t[]){10, 11, 1000, 1003}, (uint64_t[]){1, 1, 2, 1});
    merge(&peaks, 5);
    expect(&peaks, 2, (uint32_t[]){11, 1001}, (uint64_t[]){2, 3});
}

static void peaks_without_intensity_do_not_move_the_mean(void **state) {
    (void)state;
    set(&peaks, 4, (uint32_t[]){10, 12, 100, 103}, (uint64_t[]){0, 4, 0, 0});
    merge(&peaks, 5);
    expect(&peaks, 2, (uint32_t[]){12, 100}, (uint64_t[]){4, 0});
}

static void the_ends_of_the_range_of_mz_are_merged_without_wrapping(void **state) {
    (void)state;
    set(&peaks, 4, (uint32_t[]){0, 1, UINT32_MAX - 1, UINT32_MAX}, (uint64_t[]){1, 2, 2097151, 2097151});
    merge(&peaks, PEAKS_MAX_GAP_UTH);
    expect(&peaks, 2, (uint32_t[]){1, UINT32_MAX}, (uint64_t[]){3, 4194302});
}

static void no_peaks_are_left_of_no_peaks(void **state) {
    (void)state;
    peaks.count = 0;
    merge(&peaks, 10);
    assert_int_equal(peaks.count, 0);
}

/* Random peaks around few places, with many equal intensities. */
static void scatter(spectrum *s, uint64_t *seed, size_t count, uint32_t width, uint32_t different) {
    uint32_t mz = 50000000;
    s->count = count;
    for (size_t i = 0; i < count; i++) {
        mz += next_random(seed) % width;
        s->mz[i] = mz;
        s->intensity[i] = 1 + next_random(seed) % different;
    }
}

/* One pass of the rule, the slow way: looks for the strongest, then for all that it takes, in the whole list. */
static void merge_once_slowly(spectrum *s, uint32_t gap) {
    uint8_t used[FEW] = {0};
    spectrum *merged = &others;
    merged->count = 0;
    for (;;) {
        size_t best = s->count;
        for (size_t i = 0; i < s->count; i++) {
            if (!used[i] && (best == s->count || s->intensity[i] > s->intensity[best])) best = i;
        }
        if (best == s->count) break;
        uint64_t sum = 0, weighted = 0;
        for (size_t i = 0; i < s->count; i++) {
            int64_t distance = (int64_t)s->mz[i] - s->mz[best];
            if (used[i] || distance > gap || -distance > gap) continue;
            used[i] = 1;
            sum += s->intensity[i];
            weighted += s->intensity[i] * s->mz[i];
        }
        uint32_t mean = (uint32_t)((2 * weighted + sum) / (2 * sum));
        size_t at = merged->count++;
        for (; at > 0 && merged->mz[at - 1] > mean; at--) {
            merged->mz[at] = merged->mz[at - 1];
            merged->intensity[at] = merged->intensity[at - 1];
        }
        merged->mz[at] = mean;
        merged->intensity[at] = sum;
    }
    set(s, merged->count, merged->mz, merged->intensity);
}

static void random_peaks_merge_as_by_the_rule_written_the_slow_way(void **state) {
    (void)state;
    static spectrum slow;
    uint64_t seed = 1;
    for (int i = 0; i < 20000; i++) {
        scatter(&peaks, &seed, next_random(&seed) % FEW, 1 + next_random(&seed) % 60000, 1 + next_random(&seed) % 900);
        set(&slow, peaks.count, peaks.mz, peaks.intensity);
        while (!closest_gap_exceeds(&slow, 20000)) merge_once_slowly(&slow, 20000);
        merge(&peaks, 20000);
        expect(&peaks, slow.count, slow.mz, slow.intensity);
    }
}

static void merging_keeps_total_intensity_and_leaves_only_wider_gaps(void **state) {
    (void)state;
    uint64_t seed = 2;
    for (uint32_t width = 1; width < 40000; width = width * 3 + 1) {
        scatter(&peaks, &seed, MANY, width, 2097151);
        uint64_t total = total_intensity(&peaks);
        merge(&peaks, 20000);
        assert_true(total_intensity(&peaks) == total);
        assert_true(closest_gap_exceeds(&peaks, 20000));
    }
}

/* Shapes that a rule of squared time would spend minutes on: one peak's reach holds thousands of others. */
static void dense_profiles_of_100000_points_are_merged(void **state) {
    (void)state;
    for (int shape = 0; shape < 4; shape++) {
        peaks.count = MANY;
        for (uint32_t i = 0; i < MANY; i++) {
            const uint64_t heights[] = {7, 1 + i, MANY - i, 1 + (i * UINT64_C(7919)) % 1000};
            peaks.mz[i] = 100000000 + i;
            peaks.intensity[i] = heights[shape];
        }
        uint64_t total = total_intensity(&peaks);
        merge(&peaks, 20000);
        assert_true(total_intensity(&peaks) == total);
        assert_true(closest_gap_exceeds(&peaks, 20000));
        assert_in_range(peaks.count, 2, 4);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gap_of_just_the_limit_is_merged_and_one_more_is_not),
        cmocka_unit_test(a_gap_of_nothing_merges_peaks_of_the_same_mz),
        cmocka_unit_test(the_strongest_takes_first_and_leaves_the_rest),
        cmocka_unit_test(of_equal_peaks_the_one_of_lowest_mz_takes_first),
        cmocka_unit_test(peaks_that_come_close_by_merging_are_merged_again),
        cmocka_unit_test(means_round_half_upwards),
        cmocka_unit_test(peaks_without_intensity_do_not_move_the_mean),
        cmocka_unit_test(the_ends_of_the_range_of_mz_are_merged_without_wrapping),
        cmocka_unit_test(no_peaks_are_left_of_no_peaks),
        cmocka_unit_test(random_peaks_merge_as_by_the_rule_written_the_slow_way),
        cmocka_unit_test(merging_keeps_total_intensity_and_leaves_only_wider_gaps),
        cmocka_unit_test(dense_profiles_of_100000_points_are_merged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
