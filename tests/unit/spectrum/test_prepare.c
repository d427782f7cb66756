/* SPDX-License-Identifier: Apache-2.0 */
/* Preparing a raw spectrum by each recipe, step by step. */
#include "peaks/peaks.h"
#include "unit/spectrum/prepare.h"

static const spectra_prepared *prepare_by(const spectra_recipe *recipe, const double *mz, const double *intensity,
                                          size_t count, const char *precursor) {
    spectra_spectrum *raw = raw_of(mz, intensity, count, precursor);
    const spectra_prepared *prepared;
    spectra_scratch scratch;
    spectra_scratch_init(&scratch, memory, sizeof memory);
    assert_int_equal(spectra_prepare(&prepared, raw, recipe, &scratch, NULL), SPECTRA_OK);
    spectra_spectrum_free(raw);
    return prepared;
}

static const spectra_prepared *nominal(const double *mz, const double *intensity, size_t count) {
    spectra_recipe recipe;
    spectra_recipe_nominal(&recipe);
    return prepare_by(&recipe, mz, intensity, count, NULL);
}

static const spectra_prepared *windowed(const double *mz, const double *intensity, size_t count,
                                        const char *precursor) {
    spectra_recipe recipe;
    spectra_recipe_windowed(&recipe);
    return prepare_by(&recipe, mz, intensity, count, precursor);
}

static const spectra_prepared *opened(const double *mz, const double *intensity, size_t count) {
    spectra_recipe recipe;
    spectra_recipe_open(&recipe);
    return prepare_by(&recipe, mz, intensity, count, NULL);
}

/* Nominal mass */

static void each_integer_mz_keeps_its_strongest_peak(void **state) {
    (void)state;
    const double mz[] = {56.4, 56.5, 57.0, 57.49, 57.5, 100}, intensity[] = {8, 1, 16, 4, 2, 4};
    const uint16_t expected[] = {56, 57, 58, 100};
    const spectra_prepared *prepared = nominal(mz, intensity, 6);
    assert_int_equal(prepared->count, 4);
    assert_memory_equal(prepared->nominal, expected, sizeof expected);
    assert_int_equal(prepared->root[1], 65535);
    assert_int_equal(prepared->root[3], 32784); /* 4 of 16 is 250 of 999 */
}

static void mz_beyond_4095_are_dropped_and_counted(void **state) {
    (void)state;
    const double mz[] = {0.4, 0.5, 4095.4, 4095.5, 1e6, 1e300}, intensity[] = {9, 4, 1, 9, 9, 9};
    const spectra_prepared *prepared = nominal(mz, intensity, 6);
    assert_int_equal(spectra_prepared_peak_count(prepared), 2);
    assert_int_equal(spectra_prepared_out_of_range(prepared), 4);
    assert_int_equal(prepared->nominal[0], 1);
    assert_int_equal(prepared->nominal[1], 4095);
    assert_int_equal(prepared->root[0], 65535);
}

static void a_zero_intensity_is_no_peak_but_tells_where_the_scan_began(void **state) {
    (void)state;
    const double mz[] = {29, 77, 105}, intensity[] = {0, 5, -0.0};
    const spectra_prepared *prepared = nominal(mz, intensity, 3);
    assert_int_equal(prepared->count, 1);
    assert_int_equal(prepared->nominal[0], 77);
    assert_int_equal(prepared->first_mz, 29);
}

/* (root − ½)² <= 65535²·i/999 < (root + ½)². */
static void roots_are_rounded_exactly(void **state) {
    (void)state;
    double mz[999], intensity[999];
    for (int i = 0; i < 999; i++) {
        mz[i] = i + 1;
        intensity[i] = i + 1;
    }
    const spectra_prepared *prepared = nominal(mz, intensity, 999);
    assert_int_equal(prepared->count, 999);
    for (uint64_t i = 0; i < 999; i++) {
        uint64_t twice = 2 * (uint64_t)prepared->root[i], square = UINT64_C(4) * 65535 * 65535 * (i + 1);
        assert_true((twice - 1) * (twice - 1) * 999 <= square && square < (twice + 1) * (twice + 1) * 999);
    }
    assert_int_equal(prepared->root[0], 2073);
}

static void what_rounds_to_nothing_of_999_is_no_peak(void **state) {
    (void)state;
    const double mz[] = {50, 60, 70, 80}, intensity[] = {1e-320, 0.499, 0.5, 999};
    const spectra_prepared *prepared = nominal(mz, intensity, 4);
    assert_int_equal(prepared->count, 2);
    assert_int_equal(prepared->nominal[0], 70);
    assert_int_equal(prepared->root[0], 2073); /* 1 of 999 */
    assert_int_equal(prepared->first_mz, 50);
}

/* u = I^.53·m^1.3: 4095·(½)^1.3 = 1663.1, 4095·(250/999)^.53·(½)^1.3 = 798.1. */
static void weights_follow_intensity_and_mz(void **state) {
    (void)state;
    const double mz[] = {100, 200}, equal[] = {7, 7}, quarter[] = {1, 4};
    const spectra_prepared *prepared = nominal(mz, equal, 2);
    assert_int_equal(prepared->weighted[0], 1663);
    assert_int_equal(prepared->weighted[1], 4095);
    assert_int_equal(nominal(mz, quarter, 2)->weighted[0], 798);
}

/* Accurate mass */

static void precursor_and_what_is_above_it_go_before_the_base_peak_is_taken(void **state) {
    (void)state;
    const double mz[] = {100, 150, 298.399999, 298.4, 300}, intensity[] = {1, 100, 40, 1e6, 1e9};
    const spectra_prepared *prepared = windowed(mz, intensity, 5, "300");
    assert_int_equal(prepared->count, 3);
    assert_int_equal(prepared->mz_uth[0], 100000000);
    assert_int_equal(prepared->mz_uth[2], 298399999);
    assert_int_equal(prepared->precursor_uth, 300000000);
    assert_int_equal(opened(mz, intensity, 5)->count, 1);
}

static void one_per_cent_of_the_base_peak_stays_and_less_goes(void **state) {
    (void)state;
    const double mz[] = {100, 110, 120}, intensity[] = {1, 0.99999999999999, 100};
    const spectra_prepared *prepared = opened(mz, intensity, 3);
    assert_int_equal(prepared->count, 2);
    assert_int_equal(prepared->mz_uth[0], 100000000);
}

static void close_peaks_become_one_at_their_mean(void **state) {
    (void)state;
    const double mz[] = {100, 100.02, 200, 200.020001}, intensity[] = {3, 1, 2, 2};
    const spectra_prepared *prepared = opened(mz, intensity, 4);
    assert_int_equal(prepared->count, 3);
    assert_int_equal(prepared->mz_uth[0], 100005000);
    assert_int_equal(prepared->mz_uth[1], 200000000);
    assert_int_equal(weight_sum(prepared), 65535);
    assert_true(prepared->weight[0] > prepared->weight[1]);
}

/* Merged they are five times the base peak. */
static void merged_peaks_weigh_like_one_of_their_sum(void **state) {
    (void)state;
    const double mz[] = {100, 100.005, 100.01, 100.015, 100.02, 200}, intensity[] = {1, 1, 1, 1, 1, 1};
    const double merged_mz[] = {100.01, 200}, merged[] = {5, 1};
    uint16_t weight[2];
    const spectra_prepared *prepared = opened(merged_mz, merged, 2);
    memcpy(weight, prepared->weight, sizeof weight);
    prepared = opened(mz, intensity, 6);
    assert_int_equal(prepared->count, 2);
    assert_int_equal(prepared->mz_uth[0], 100010000);
    assert_memory_equal(prepared->weight, weight, sizeof weight);
}

static void mz_that_micro_units_cannot_hold_are_dropped_and_counted(void **state) {
    (void)state;
    const double mz[] = {100, 4294.967295, 4294.967296, 1e300}, intensity[] = {1, 1, 5, 5};
    const spectra_prepared *prepared = opened(mz, intensity, 4);
    assert_int_equal(prepared->count, 2);
    assert_int_equal(prepared->mz_uth[1], UINT32_MAX);
    assert_int_equal(spectra_prepared_out_of_range(prepared), 2);
}

/* S = .5623, e = (1 + S)/4 = .3906, (1/3)^e = .6511: shares of 39691.8 and 25843.2. */
static void weights_are_raised_where_entropy_is_below_three(void **state) {
    (void)state;
    const double mz[] = {100, 200}, intensity[] = {3, 1};
    const spectra_prepared *prepared = opened(mz, intensity, 2);
    assert_in_range(prepared->weight[0], 39691, 39693);
    assert_int_equal(weight_sum(prepared), 65535);
}

/* √(1/4) and √(1/100) of 65535; 0.999 % is noise. */
static void roots_are_those_of_the_share_of_the_base_peak(void **state) {
    (void)state;
    const double mz[] = {50, 60, 70, 80}, intensity[] = {250, 1000, 10, 9.99};
    const spectra_prepared *prepared = opened(mz, intensity, 4);
    assert_int_equal(prepared->count, 3);
    assert_int_equal(prepared->root[0], 32768);
    assert_int_equal(prepared->root[1], 65535);
    assert_int_equal(prepared->root[2], 6554);
}

static void weights_are_proportional_where_entropy_is_above_three(void **state) {
    (void)state;
    double mz[64], intensity[64];
    for (int i = 0; i < 64; i++) {
        mz[i] = 100 + i;
        intensity[i] = i % 2 + 1;
    }
    const spectra_prepared *prepared = opened(mz, intensity, 64);
    assert_int_equal(weight_sum(prepared), 65535);
    for (uint32_t i = 0; i < 64; i++) assert_in_range(prepared->weight[i], i % 2 ? 1365 : 682, i % 2 ? 1366 : 683);
}

static void one_peak_has_all_the_weight_and_ties_go_to_the_lowest_index(void **state) {
    (void)state;
    const double mz[] = {100, 200, 300, 400}, intensity[] = {5, 5, 5, 5};
    assert_int_equal(opened(mz, intensity, 1)->weight[0], 65535);
    const spectra_prepared *prepared = opened(mz, intensity, 4);
    for (int i = 0; i < 4; i++) assert_int_equal(prepared->weight[i], i < 3 ? 16384 : 16383);
}

static void weights_of_no_intensity_are_none(void **state) {
    (void)state;
    const uint64_t value[] = {0, 0, 0}, mixed[] = {0, 1 << 20, 0};
    uint64_t work[3];
    uint16_t weight[3] = {1, 1, 1};
    spectrum_entropy_weights(weight, value, work, 0);
    assert_int_equal(weight[0], 1);
    spectrum_entropy_weights(weight, value, work, 3);
    assert_int_equal(weight[0] | weight[1] | weight[2], 0);
    spectrum_entropy_weights(weight, mixed, work, 3);
    assert_int_equal(weight[0] | weight[2], 0);
    assert_int_equal(weight[1], 65535);
}

static void of_very_many_peaks_only_those_with_weight_stay(void **state) {
    (void)state;
    enum { MANY = 70000 };
    static double mz[MANY], intensity[MANY];
    spectra_recipe recipe;
    spectra_recipe_open(&recipe);
    recipe.merge_gap_uth = 0;
    for (int i = 0; i < MANY; i++) {
        mz[i] = 100 + i * 0.01;
        intensity[i] = 1;
    }
    const spectra_prepared *prepared = prepare_by(&recipe, mz, intensity, MANY, NULL);
    assert_int_equal(prepared->count, 65535);
    assert_int_equal(weight_sum(prepared), 65535);
}

static void a_spectrum_may_lose_all_its_peaks(void **state) {
    (void)state;
    const double mz[] = {250, 5000}, intensity[] = {5, 5}, zero[] = {0, 0};
    assert_int_equal(windowed(mz, intensity, 2, "100.5")->count, 0);
    assert_int_equal(windowed(mz, intensity, 2, "1")->count, 0);
    assert_int_equal(opened(mz, zero, 2)->count, 0);
    assert_int_equal(opened(mz, zero, 0)->count, 0);
    assert_int_equal(nominal(mz, zero, 2)->count, 0);
    assert_int_equal(nominal(mz, zero, 2)->first_mz, 250);
    assert_int_equal(nominal(mz, zero, 0)->first_mz, 0);
}

/* Arguments */

static spectra_status status_of(const spectra_recipe *recipe, const char *precursor) {
    const double mz[] = {100}, intensity[] = {1};
    spectra_spectrum *raw = raw_of(mz, intensity, 1, precursor);
    const spectra_prepared *prepared;
    spectra_scratch scratch;
    spectra_error error;
    spectra_scratch_init(&scratch, memory, sizeof memory);
    spectra_status status = spectra_prepare(&prepared, raw, recipe, &scratch, &error);
    if (status != SPECTRA_OK) {
        assert_int_equal(error.status, status);
        assert_int_equal(scratch.used, 0);
    }
    spectra_spectrum_free(raw);
    return status;
}

static void a_recipe_that_contradicts_itself_is_refused(void **state) {
    (void)state;
    spectra_recipe recipe;
    spectra_recipe_nominal(&recipe);
    assert_int_equal(status_of(&recipe, NULL), SPECTRA_OK);
    recipe.noise_ppm = 1;
    assert_int_equal(status_of(&recipe, NULL), SPECTRA_E_INVALID);
    spectra_recipe_open(&recipe);
    recipe.noise_ppm = 1000001;
    assert_int_equal(status_of(&recipe, NULL), SPECTRA_E_INVALID);
    spectra_recipe_open(&recipe);
    recipe.merge_gap_uth = 1000001;
    assert_int_equal(status_of(&recipe, NULL), SPECTRA_E_INVALID);
    recipe = (spectra_recipe){.kind = 3};
    assert_int_equal(status_of(&recipe, NULL), SPECTRA_E_INVALID);
    assert_int_equal(status_of(NULL, NULL), SPECTRA_E_INVALID);
}

static void a_precursor_margin_needs_a_precursor(void **state) {
    (void)state;
    spectra_recipe recipe;
    spectra_recipe_windowed(&recipe);
    assert_int_equal(status_of(&recipe, NULL), SPECTRA_E_INVALID);
    assert_int_equal(status_of(&recipe, "99999"), SPECTRA_E_INVALID);
    assert_int_equal(status_of(&recipe, "300.1"), SPECTRA_OK);
}

/* Whether the windowed recipe makes of the spectrum what the open one has made of it. */
static bool prepares_alike(const double *mz, size_t count, const spectra_recipe *recipe) {
    const double intensity[] = {2, 1, 3};
    spectra_spectrum *raw = raw_of(mz, intensity, count, "300");
    spectra_recipe open;
    spectra_recipe_open(&open);
    const spectra_prepared *first, *second;
    spectra_scratch scratch;
    spectra_scratch_init(&scratch, memory, sizeof memory);
    assert_int_equal(spectra_prepare(&first, raw, &open, &scratch, NULL), SPECTRA_OK);
    assert_int_equal(spectra_prepare(&second, raw, recipe, &scratch, NULL), SPECTRA_OK);
    bool alike = spectrum_prepares_alike(first, raw, recipe);
    if (alike) {
        assert_int_equal(second->count, first->count);
        assert_memory_equal(second->mz_uth, first->mz_uth, first->count * sizeof *first->mz_uth);
        assert_memory_equal(second->weight, first->weight, first->count * sizeof *first->weight);
        assert_memory_equal(second->root, first->root, first->count * sizeof *first->root);
    }
    spectra_spectrum_free(raw);
    return alike;
}

static void what_lies_below_the_margin_prepares_alike_with_it_and_without(void **state) {
    (void)state;
    const double below[] = {100, 200, 298.399999}, inside[] = {100, 200, 298.4}, beyond[] = {100, 200, 5000};
    spectra_recipe recipe;
    spectra_recipe_windowed(&recipe);
    assert_true(prepares_alike(below, 3, &recipe));
    assert_true(prepares_alike(below, 0, &recipe));
    assert_false(prepares_alike(inside, 3, &recipe));
    assert_false(prepares_alike(beyond, 3, &recipe));
    recipe.noise_ppm++;
    assert_false(prepares_alike(below, 3, &recipe));
    spectra_recipe_windowed(&recipe);
    recipe.merge_gap_uth--;
    assert_false(prepares_alike(below, 3, &recipe));
    spectrum_recipe_fine(&recipe);
    assert_false(prepares_alike(below, 3, &recipe));
    spectra_recipe_nominal(&recipe);
    assert_false(prepares_alike(below, 3, &recipe));
}

static void a_spectrum_beyond_the_limit_of_peaks_is_refused(void **state) {
    (void)state;
    size_t count = PEAKS_MAX_MERGED + 1;
    double *ones = malloc(count * sizeof *ones);
    for (size_t i = 0; i < count; i++) ones[i] = 1;
    spectra_spectrum *raw = raw_of(ones, ones, count, NULL);
    spectra_recipe recipe;
    spectra_recipe_open(&recipe);
    const spectra_prepared *prepared;
    spectra_scratch scratch;
    spectra_scratch_init(&scratch, memory, sizeof memory);
    assert_int_equal(spectra_prepare(&prepared, raw, &recipe, &scratch, NULL), SPECTRA_E_LIMIT);
    spectra_spectrum_free(raw);
    free(ones);
}

static void recipes_are_told_apart_and_keep_their_names(void **state) {
    (void)state;
    spectra_recipe recipe[3];
    spectra_recipe_nominal(&recipe[0]);
    spectra_recipe_windowed(&recipe[1]);
    spectra_recipe_open(&recipe[2]);
    assert_true(spectra_recipe_fingerprint(&recipe[0]) == UINT64_C(0x9a79fe64b8581f0b));
    assert_true(spectra_recipe_fingerprint(&recipe[1]) == UINT64_C(0x786eb17628c5fd4e));
    assert_true(spectra_recipe_fingerprint(&recipe[2]) == UINT64_C(0x1c220f2476b8a4a0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_integer_mz_keeps_its_strongest_peak),
        cmocka_unit_test(mz_beyond_4095_are_dropped_and_counted),
        cmocka_unit_test(a_zero_intensity_is_no_peak_but_tells_where_the_scan_began),
        cmocka_unit_test(roots_are_rounded_exactly),
        cmocka_unit_test(what_rounds_to_nothing_of_999_is_no_peak),
        cmocka_unit_test(weights_follow_intensity_and_mz),
        cmocka_unit_test(precursor_and_what_is_above_it_go_before_the_base_peak_is_taken),
        cmocka_unit_test(one_per_cent_of_the_base_peak_stays_and_less_goes),
        cmocka_unit_test(close_peaks_become_one_at_their_mean),
        cmocka_unit_test(merged_peaks_weigh_like_one_of_their_sum),
        cmocka_unit_test(mz_that_micro_units_cannot_hold_are_dropped_and_counted),
        cmocka_unit_test(weights_are_raised_where_entropy_is_below_three),
        cmocka_unit_test(roots_are_those_of_the_share_of_the_base_peak),
        cmocka_unit_test(weights_are_proportional_where_entropy_is_above_three),
        cmocka_unit_test(one_peak_has_all_the_weight_and_ties_go_to_the_lowest_index),
        cmocka_unit_test(weights_of_no_intensity_are_none),
        cmocka_unit_test(of_very_many_peaks_only_those_with_weight_stay),
        cmocka_unit_test(a_spectrum_may_lose_all_its_peaks),
        cmocka_unit_test(a_recipe_that_contradicts_itself_is_refused),
        cmocka_unit_test(a_precursor_margin_needs_a_precursor),
        cmocka_unit_test(what_lies_below_the_margin_prepares_alike_with_it_and_without),
        cmocka_unit_test(a_spectrum_beyond_the_limit_of_peaks_is_refused),
        cmocka_unit_test(recipes_are_told_apart_and_keep_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
