/* SPDX-License-Identifier: Apache-2.0 */
/* Ways to modify a made-up parent of m/z 300 with places 0 to 3, against what can be counted by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "identify/msms.h"

#define PARENT 300000000u
#define METHYL 14015650
#define OXYGEN 15994915
#define FLUORO 17990578
#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static identify_msms_rules rules;
static identify_msms_hypothesis found[IDENTIFY_MSMS_HYPOTHESES];

static void add(uint32_t place, int32_t mass_uda, uint32_t cost) {
    const identify_msms_delta delta = {.mass_uda = mass_uda, .cost = cost};
    assert_true(identify_msms_add_delta(&rules, place, &delta));
}

/* Each place may be unmodified, or gain a methyl group or an oxygen for 100 each. */
static int set_up(void **state) {
    (void)state;
    rules = (identify_msms_rules){.max_cost = 250,
                                  .unlisted_cost = 400,
                                  .window_uda = 3000,
                                  .window_ppm = 5,
                                  .margin_uth = 1600000,
                                  .sharpness = 1 << 14,
                                  .ion_count = 3};
    rules.ion[0] = (identify_msms_ion){.mz_uth = 105000000, .kept = 1, .weight = 65536};
    rules.ion[1] = (identify_msms_ion){.mz_uth = 188000000, .kept = 3, .weight = 32768};
    rules.ion[2] = (identify_msms_ion){.mz_uth = 150000000, .kept = 12, .weight = 65536};
    for (uint32_t place = 0; place < IDENTIFY_MSMS_PLACES; place++) {
        add(place, OXYGEN, 100);
        add(place, 0, 0);
        add(place, METHYL, 100);
    }
    return 0;
}

static uint32_t ask(const uint32_t *mz, const uint16_t *weight, size_t count, int64_t delta_uda) {
    const kernels_accurate peaks = {mz, weight, count};
    return identify_msms_find_hypotheses(found, &rules, &peaks, delta_uda, (uint32_t)(PARENT + delta_uda));
}

static void deltas_stand_in_order_of_mass_then_cost(void **state) {
    (void)state;
    add(0, METHYL, 50);
    const int32_t masses[] = {0, METHYL, METHYL, OXYGEN};
    for (uint32_t i = 0; i < COUNT_OF(masses); i++) assert_int_equal(rules.delta[0][i].mass_uda, masses[i]);
    assert_int_equal(rules.delta[0][1].cost, 50);
}

static void a_full_place_takes_no_more(void **state) {
    (void)state;
    for (int32_t i = 3; i < (int32_t)IDENTIFY_MSMS_DELTAS; i++) add(0, i, 0);
    const identify_msms_delta one_more = {.mass_uda = 1};
    assert_false(identify_msms_add_delta(&rules, 0, &one_more));
    assert_int_equal(rules.delta_count[0], IDENTIFY_MSMS_DELTAS);
}

/* Two methyl groups, at two different places: 4·3/2 ways; three would cost too much. */
static void every_way_within_the_cost_is_found(void **state) {
    (void)state;
    assert_int_equal(ask(NULL, NULL, 0, 2 * METHYL), 6 + 4);
    uint32_t seen = 0;
    for (uint32_t i = 0; i < 6; i++) {
        assert_false(found[i].unlisted);
        assert_int_equal(found[i].cost, 200);
        assert_int_equal(found[i].score, -200);
        seen |= 1u << found[i].modified;
    }
    assert_int_equal(seen, 1 << 3 | 1 << 5 | 1 << 6 | 1 << 9 | 1 << 10 | 1 << 12);
    assert_int_equal(ask(NULL, NULL, 0, 3 * METHYL), 4);
}

static void sums_outside_the_tolerance_are_no_way(void **state) {
    (void)state;
    const int64_t window = 3000 + (PARENT + METHYL) / 200000;
    assert_int_equal(ask(NULL, NULL, 0, METHYL + window), 4);
    assert_false(found[0].unlisted);
    assert_int_equal(ask(NULL, NULL, 0, METHYL + window + 1), 4);
    assert_true(found[0].unlisted);
    assert_int_equal(ask(NULL, NULL, 0, METHYL - window), 4);
    assert_false(found[0].unlisted);
    assert_int_equal(ask(NULL, NULL, 0, METHYL - window - 1), 4);
    assert_true(found[0].unlisted);
}

/* 105 carries place 0, 188 places 0 and 1 at half the weight. */
static void fragments_move_with_the_places_they_keep(void **state) {
    (void)state;
    const uint32_t mz[] = {105000000, 188000000 + METHYL};
    const uint16_t weight[] = {40000, 20000};
    assert_int_equal(ask(mz, weight, 2, METHYL), 4);
    assert_int_equal(found[0].modified, 2);
    assert_int_equal(found[0].score, 40000 + 10000 - 100);
    assert_int_equal(found[0].explained, 2);
    const kernels_accurate peaks = {mz, weight, 2};
    assert_int_equal(identify_msms_ion_mz(&rules, 1, &found[0], PARENT + METHYL), 188000000 + METHYL);
    assert_int_equal(identify_msms_find_peak(&rules, &peaks, 188000000 + METHYL), 1);
}

static void a_fragment_is_found_within_its_tolerance_and_the_nearest_peak_wins(void **state) {
    (void)state;
    const uint32_t mz[] = {105000000 - 3525, 105003000, 150003750, 150003751};
    const uint16_t weight[] = {1, 1, 1, 1};
    kernels_accurate peaks = {mz, weight, 4};
    assert_int_equal(identify_msms_find_peak(&rules, &peaks, 105000000), 1);
    peaks.count = 1;
    assert_int_equal(identify_msms_find_peak(&rules, &peaks, 105000000), 0);
    assert_int_equal(identify_msms_find_peak(&rules, &peaks, 105000001), UINT32_MAX);
    peaks = (kernels_accurate){mz + 2, weight, 1};
    assert_int_equal(identify_msms_find_peak(&rules, &peaks, 150000000), 0);
    peaks = (kernels_accurate){mz + 3, weight, 1};
    assert_int_equal(identify_msms_find_peak(&rules, &peaks, 150000000), UINT32_MAX);
}

static void a_peak_counts_once_with_its_heaviest_fragment(void **state) {
    (void)state;
    const uint32_t mz[] = {105000000};
    const uint16_t weight[] = {65535};
    rules.ion[1].mz_uth = 105001000;
    assert_int_equal(ask(mz, weight, 1, 0), 1);
    assert_int_equal(found[0].score, 65535);
    assert_int_equal(found[0].explained, 1);
}

static void what_reaches_the_precursor_is_no_fragment(void **state) {
    (void)state;
    rules.ion[0].mz_uth = PARENT - 1600000;
    const identify_msms_hypothesis none = {.score = 0};
    assert_int_equal(identify_msms_ion_mz(&rules, 0, &none, PARENT), 0);
    assert_int_equal(identify_msms_ion_mz(&rules, 0, &none, PARENT + 1), PARENT - 1600000);
    const identify_msms_hypothesis lighter = {.mass_uda = {-(int32_t)PARENT}};
    assert_int_equal(identify_msms_ion_mz(&rules, 0, &lighter, PARENT), 0);
}

/* Equal scores and costs: two common changes before one, then the later place. */
static void ties_go_to_more_places_then_to_later_ones(void **state) {
    (void)state;
    add(3, METHYL + OXYGEN, 200);
    assert_int_equal(ask(NULL, NULL, 0, METHYL + OXYGEN), 12 + 1 + 3);
    assert_int_equal(found[0].modified, 12);
    assert_int_equal(found[11].modified, 3);
    assert_int_equal(found[12].modified, 8);
    for (uint32_t i = 13; i < 16; i++) assert_true(found[i].unlisted);
}

static void a_delta_in_no_row_may_stand_at_one_place(void **state) {
    (void)state;
    const uint32_t mz[] = {105000000 + FLUORO};
    const uint16_t weight[] = {60000};
    assert_int_equal(ask(mz, weight, 1, FLUORO), 4);
    assert_true(found[0].unlisted);
    assert_int_equal(found[0].modified, 1);
    assert_int_equal(found[0].mass_uda[0], FLUORO);
    assert_int_equal(found[0].score, 60000 - 400);
    assert_int_equal(found[1].modified, 8);
    rules.delta_count[3] = 1; /* a place that the parent does not have */
    assert_int_equal(ask(mz, weight, 1, FLUORO), 3);
}

static void a_mass_that_everything_fits_says_nothing(void **state) {
    (void)state;
    for (int32_t i = 0; i < 30; i++)
        for (uint32_t place = 0; place < 2; place++) add(place, 1000000 + i, 0);
    assert_int_equal(ask(NULL, NULL, 0, 2000030), 0);
}

static void every_hypothesis_stands_in_order(void **state) {
    (void)state;
    uint32_t mz[40];
    uint16_t weight[40];
    for (uint32_t i = 0; i < 40; i++) {
        mz[i] = 100000000 + i * 2000000 + (uint32_t)(i * i * 4591u % 9001u);
        weight[i] = (uint16_t)(i * 73 % 211);
    }
    for (int32_t i = 1; i < 20; i++)
        for (uint32_t place = 0; place < 3; place++) add(place, 2000000 + i * 1000, (uint32_t)i % 3);
    uint32_t count = ask(mz, weight, 40, 4006000);
    assert_in_range(count, 50, IDENTIFY_MSMS_HYPOTHESES);
    for (uint32_t i = 1; i < count; i++) {
        assert_true(found[i - 1].score >= found[i].score);
        assert_true(found[i - 1].score > found[i].score || found[i - 1].cost <= found[i].cost);
    }
}

/* One unit of score is worth 2^(2^-10): 1024 of them halve the odds. */
static void sets_share_the_odds_of_their_hypotheses(void **state) {
    (void)state;
    const identify_msms_hypothesis list[] = {{.score = 5000, .modified = 8},
                                             {.score = 5000 - 1024, .modified = 4},
                                             {.score = 5000 - 1024, .modified = 12},
                                             {.score = 5000 - 1024, .modified = 4}};
    identify_msms_set set[IDENTIFY_MSMS_SETS];
    assert_int_equal(identify_msms_odds(&rules, &list[0], &list[1]), 1 << 29);
    assert_int_equal(identify_msms_weigh_sets(set, &rules, list, 4), 3);
    assert_int_equal(set[0].modified, 8);
    assert_int_equal(set[0].probability, (1u << 30) * 2 / 5);
    assert_int_equal(set[1].modified, 4);
    assert_int_equal(set[1].probability, (1u << 30) * 2 / 5);
    assert_int_equal(set[2].modified, 12);
    assert_int_equal(set[2].probability, (1u << 30) / 5);
}

/* Similarity of relatives. */

static const uint32_t relative_mz[] = {105000000, 188000000, 244000000};
static const uint16_t relative_weight[] = {20000, 30000, 15535};

static uint32_t matched;

static uint32_t compare(const uint32_t *mz, const uint16_t *weight, size_t count, int64_t shift_uth) {
    uint32_t low[8], high[8], pairs[8];
    for (size_t i = 0; i < count; i++) {
        low[i] = mz[i] - 10000;
        high[i] = mz[i] + 10000;
    }
    const uint32_t precursor_uth = 300000000;
    const search_accurate_query query = {.measure = SPECTRA_MEASURE_HYBRID,
                                         .precursor_uth = (uint32_t)(precursor_uth + shift_uth),
                                         .windows = {low, high, weight, count},
                                         .pairs = pairs};
    const kernels_accurate reference = {relative_mz, relative_weight, 3};
    return identify_msms_likeness(&query, &reference, precursor_uth, &matched);
}

static void a_spectrum_equals_itself_wherever_its_precursor_went(void **state) {
    (void)state;
    assert_int_equal(compare(relative_mz, relative_weight, 3, 0), 1 << 30);
    assert_int_equal(compare(relative_mz, relative_weight, 3, 50000000), 1 << 30);
    uint32_t moved[3];
    for (size_t i = 0; i < 3; i++) moved[i] = relative_mz[i] + METHYL;
    assert_int_equal(compare(moved, relative_weight, 3, METHYL), 1 << 30);
    assert_int_equal(compare(moved, relative_weight, 3, -METHYL), 0);
}

static void what_stayed_and_what_moved_both_count(void **state) {
    (void)state;
    const uint32_t mz[] = {105000000, 188000000 + METHYL, 244000000 + METHYL};
    assert_int_equal(compare(mz, relative_weight, 3, METHYL), 1 << 30);
    assert_int_equal(matched, 3);
    assert_in_range(compare(mz, relative_weight, 3, 0), 1, (1 << 30) / 2);
}

/* 188 of the reference is taken at its own m/z: it is not free to move to 202 as well. */
static void no_peak_is_used_twice(void **state) {
    (void)state;
    const uint32_t mz[] = {188000000, 188000000 + METHYL};
    const uint16_t weight[] = {30000, 35535};
    const uint32_t alone[] = {188000000};
    assert_int_equal(compare(mz, weight, 2, METHYL), compare(alone, weight, 1, METHYL));
}

static void a_shift_below_the_tolerance_is_none(void **state) {
    (void)state;
    const uint32_t mz[] = {105019000};
    const uint16_t weight[] = {65535};
    assert_int_equal(compare(mz, weight, 1, 10000), 0);
    assert_true(compare(mz, weight, 1, 10001) > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(deltas_stand_in_order_of_mass_then_cost, set_up),
        cmocka_unit_test_setup(a_full_place_takes_no_more, set_up),
        cmocka_unit_test_setup(every_way_within_the_cost_is_found, set_up),
        cmocka_unit_test_setup(sums_outside_the_tolerance_are_no_way, set_up),
        cmocka_unit_test_setup(fragments_move_with_the_places_they_keep, set_up),
        cmocka_unit_test_setup(a_fragment_is_found_within_its_tolerance_and_the_nearest_peak_wins, set_up),
        cmocka_unit_test_setup(a_peak_counts_once_with_its_heaviest_fragment, set_up),
        cmocka_unit_test_setup(what_reaches_the_precursor_is_no_fragment, set_up),
        cmocka_unit_test_setup(ties_go_to_more_places_then_to_later_ones, set_up),
        cmocka_unit_test_setup(a_delta_in_no_row_may_stand_at_one_place, set_up),
        cmocka_unit_test_setup(a_mass_that_everything_fits_says_nothing, set_up),
        cmocka_unit_test_setup(every_hypothesis_stands_in_order, set_up),
        cmocka_unit_test_setup(sets_share_the_odds_of_their_hypotheses, set_up),
        cmocka_unit_test(a_spectrum_equals_itself_wherever_its_precursor_went),
        cmocka_unit_test(what_stayed_and_what_moved_both_count),
        cmocka_unit_test(no_peak_is_used_twice),
        cmocka_unit_test(a_shift_below_the_tolerance_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
