/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of a simulated device: blanks, samples, what is left of one in the next. */
#include "unit/signal/profiles.h"

#define NOISE 5.0

typedef struct made_session {
    spectra_session *session;
    void *memory;
    spectra_scratch scratch;
    const spectra_session_result *result;
    uint64_t seed;
} made_session;

static made_profile *empty_scan(made_session *made) {
    made_profile *scan = make_profile(0, 0);
    for (int i = 0; i < PROFILE_COUNT; i++) scan->intensity[i] = 50;
    add_noise(scan, NOISE, ++made->seed);
    return scan;
}

static made_session *begin_session(const spectra_session_options *options) {
    made_session *made = calloc(1, sizeof *made);
    assert_non_null(made);
    const spectra_profile_options profile = {.size = sizeof profile, .fwhm = 0.7};
    made_profile *scan = make_profile(0, 0);
    size_t size = spectra_session_required(&scan->profile, &profile);
    made->memory = malloc(size);
    assert_non_null(made->memory);
    assert_int_equal(spectra_session_begin(&made->session, made->memory, size, &scan->profile, &profile, options),
                     SPECTRA_OK);
    made->scratch = signals_scratch(spectra_session_peaks_required(made->session));
    free_profile(scan);
    return made;
}

static void end_session(made_session *made) {
    free(made->memory);
    free(made->scratch.bytes);
    free(made);
}

/* A scan of some peaks; `first` to `first` + 30 in steps of 6. */
static void add_scan(made_session *made, spectra_scan kind, double background, uint32_t first, double area) {
    made_profile *scan = empty_scan(made);
    add_peak(scan, 73 * PROFILE_COMB, background, 0.7);
    for (uint32_t unit = first; area > 0 && unit < first + 30; unit += 6)
        add_peak(scan, unit * PROFILE_COMB, area, 0.7);
    assert_int_equal(spectra_session_add(made->session, kind, &scan->profile, NULL), SPECTRA_OK);
    free_profile(scan);
}

static const spectra_session_result *find(made_session *made) {
    spectra_scratch_reset(&made->scratch);
    assert_int_equal(spectra_session_find_peaks(&made->result, made->session, &made->scratch, NULL), SPECTRA_OK);
    return made->result;
}

/* Of the peak at a unit; 0 where there is none. */
static double intensity_at(const made_session *made, uint32_t unit) {
    const spectra_profile_result *profile = made->result->profile;
    for (uint32_t i = 0; i < profile->peak_count; i++)
        if (profile->peaks[i].mz == unit) return profile->peaks[i].intensity;
    return 0;
}

static void what_the_blank_has_is_taken_off(void **state) {
    (void)state;
    made_session *made = begin_session(NULL);
    for (int i = 0; i < 4; i++) add_scan(made, SPECTRA_SCAN_BLANK, 5000, 0, 0);
    for (int i = 0; i < 3; i++) add_scan(made, SPECTRA_SCAN_SAMPLE, 5000, 100, 2000);
    find(made);
    assert_true(intensity_at(made, 73) == 0);
    for (uint32_t unit = 100; unit < 130; unit += 6) assert_true(fabs(intensity_at(made, unit) - 6000) < 300);
    assert_int_equal(made->result->scan_count, 3);
    assert_int_equal(made->result->blank_count, 4);
    assert_in_range(made->result->blank_peaks, 1, 3);
    assert_int_equal(made->result->warnings, 0);
    end_session(made);
}

static void what_exceeds_the_blank_is_left(void **state) {
    (void)state;
    made_session *made = begin_session(NULL);
    for (int i = 0; i < 2; i++) add_scan(made, SPECTRA_SCAN_BLANK, 1000, 0, 0);
    for (int i = 0; i < 2; i++) add_scan(made, SPECTRA_SCAN_SAMPLE, 9000, 0, 0);
    find(made);
    assert_true(fabs(intensity_at(made, 73) - 16000) < 400);
    end_session(made);
}

static void without_a_blank_nothing_is_taken_off_and_it_is_told(void **state) {
    (void)state;
    made_session *made = begin_session(NULL);
    add_scan(made, SPECTRA_SCAN_SAMPLE, 5000, 0, 0);
    find(made);
    assert_true(intensity_at(made, 73) > 4000);
    assert_int_equal(made->result->warnings, SPECTRA_SESSION_NO_BLANK);
    end_session(made);
}

static void a_blank_as_sample_is_noise_only(void **state) {
    (void)state;
    made_session *made = begin_session(NULL);
    for (int i = 0; i < 4; i++) add_scan(made, SPECTRA_SCAN_BLANK, 5000, 0, 0);
    for (int i = 0; i < 4; i++) add_scan(made, SPECTRA_SCAN_SAMPLE, 5300, 0, 0);
    find(made);
    assert_int_equal(made->result->profile->peak_count, 0);
    assert_true(made->result->profile->warnings & SPECTRA_PROFILE_NO_SIGNAL);
    end_session(made);
}

static void scans_added_up_show_what_one_does_not(void **state) {
    (void)state;
    made_session *made = begin_session(NULL);
    add_scan(made, SPECTRA_SCAN_SAMPLE, 0, 100, 20);
    find(made);
    assert_true(intensity_at(made, 112) == 0);
    for (int i = 0; i < 63; i++) add_scan(made, SPECTRA_SCAN_SAMPLE, 0, 100, 20);
    find(made);
    assert_true(fabs(intensity_at(made, 112) - 64 * 20) < 500);
    end_session(made);
}

static void what_is_left_of_the_sample_before_is_taken_off(void **state) {
    (void)state;
    made_session *made = begin_session(NULL);
    add_scan(made, SPECTRA_SCAN_BLANK, 0, 0, 0);
    add_scan(made, SPECTRA_SCAN_SAMPLE, 0, 100, 40000);
    find(made);
    assert_true(made->result->carry_over == 0);
    assert_int_equal(spectra_session_next(made->session, 0), SPECTRA_OK);
    made_profile *scan = empty_scan(made);
    for (uint32_t unit = 100; unit < 130; unit += 6) add_peak(scan, unit * PROFILE_COMB, 1200, 0.7); /* 3 % */
    add_peak(scan, 151 * PROFILE_COMB, 3000, 0.7);
    assert_int_equal(spectra_session_add(made->session, SPECTRA_SCAN_SAMPLE, &scan->profile, NULL), SPECTRA_OK);
    free_profile(scan);
    find(made);
    for (uint32_t unit = 100; unit < 130; unit += 6) assert_true(intensity_at(made, unit) == 0);
    assert_true(fabs(intensity_at(made, 151) - 3000) < 200);
    assert_true(fabs(made->result->carry_over - 0.03) < 0.004);
    assert_in_range(made->result->carried_peaks, 5, 15); /* and what deconvolution left beside them */
    assert_int_equal(made->result->warnings, SPECTRA_SESSION_CARRIED);
    end_session(made);
}

static void the_same_substance_again_is_no_carry_over(void **state) {
    (void)state;
    made_session *made = begin_session(NULL);
    add_scan(made, SPECTRA_SCAN_SAMPLE, 0, 100, 40000);
    find(made);
    assert_int_equal(spectra_session_next(made->session, 0), SPECTRA_OK);
    add_scan(made, SPECTRA_SCAN_SAMPLE, 0, 100, 20000);
    find(made);
    assert_true(fabs(made->result->carry_over - 0.05) < 1e-5);
    for (uint32_t unit = 100; unit < 130; unit += 6) assert_true(fabs(intensity_at(made, unit) - 18000) < 400);
    end_session(made);
}

static void another_substance_takes_nothing_off(void **state) {
    (void)state;
    made_session *made = begin_session(NULL);
    add_scan(made, SPECTRA_SCAN_SAMPLE, 0, 100, 40000);
    find(made);
    assert_int_equal(spectra_session_next(made->session, 0), SPECTRA_OK);
    add_scan(made, SPECTRA_SCAN_SAMPLE, 0, 202, 20000);
    find(made);
    assert_true(made->result->carry_over == 0);
    assert_true(intensity_at(made, 202) > 19000);
    /* Nor does what was there before the blank was begun anew. */
    assert_int_equal(spectra_session_next(made->session, 1), SPECTRA_OK);
    add_scan(made, SPECTRA_SCAN_SAMPLE, 0, 202, 400);
    find(made);
    assert_true(intensity_at(made, 202) > 300);
    end_session(made);
}

static void saturation_in_one_scan_is_that_of_the_sum(void **state) {
    (void)state;
    made_session *made = calloc(1, sizeof *made);
    assert_non_null(made);
    made_profile *scan = empty_scan(made);
    const spectra_profile_options profile = {.size = sizeof profile, .fwhm = 0.7};
    scan->profile.saturation = 1000;
    size_t size = spectra_session_required(&scan->profile, &profile);
    made->memory = malloc(size);
    assert_int_equal(spectra_session_begin(&made->session, made->memory, size, &scan->profile, &profile, NULL),
                     SPECTRA_OK);
    made->scratch = signals_scratch(spectra_session_peaks_required(made->session));
    add_peak(scan, 91 * PROFILE_COMB, 5000, 0.7); /* 671 high */
    add_peak(scan, 120 * PROFILE_COMB, 5000, 0.7);
    assert_int_equal(spectra_session_add(made->session, SPECTRA_SCAN_SAMPLE, &scan->profile, NULL), SPECTRA_OK);
    add_peak(scan, 91 * PROFILE_COMB, 5000, 0.7);
    assert_int_equal(spectra_session_add(made->session, SPECTRA_SCAN_SAMPLE, &scan->profile, NULL), SPECTRA_OK);
    find(made);
    const spectra_profile_result *result = made->result->profile;
    assert_true(result->warnings & SPECTRA_PROFILE_SATURATED);
    for (uint32_t i = 0; i < result->peak_count; i++)
        assert_int_equal(result->peaks[i].flags, result->peaks[i].mz == 91 ? SPECTRA_PEAK_SATURATED : 0);
    free_profile(scan);
    end_session(made);
}

static void what_does_not_fit_is_refused_and_changes_nothing(void **state) {
    (void)state;
    made_session *made = begin_session(NULL);
    made_profile *scan = empty_scan(made);
    spectra_error error;
    assert_int_equal(spectra_session_find_peaks(&made->result, made->session, &made->scratch, NULL),
                     SPECTRA_E_NOT_FOUND);
    assert_int_equal(spectra_session_add(made->session, 2, &scan->profile, NULL), SPECTRA_E_INVALID);
    scan->intensity[17] = (double)INFINITY;
    assert_int_equal(spectra_session_add(made->session, SPECTRA_SCAN_SAMPLE, &scan->profile, &error), SPECTRA_E_FORMAT);
    assert_int_equal(error.offset, 17);
    scan->intensity[17] = 1;
    scan->mz[2999] += 1e-9;
    assert_int_equal(spectra_session_add(made->session, SPECTRA_SCAN_SAMPLE, &scan->profile, NULL), SPECTRA_E_FORMAT);
    assert_int_equal(spectra_session_find_peaks(&made->result, made->session, &made->scratch, NULL),
                     SPECTRA_E_NOT_FOUND);
    assert_null(made->result);
    const spectra_session_options options = {.size = sizeof options, .carry_over = 0.6};
    assert_int_equal(spectra_session_begin(&made->session, made->memory, 1000, &scan->profile, NULL, &options),
                     SPECTRA_E_INVALID);
    assert_int_equal(spectra_session_begin(&made->session, made->memory, 1000, &scan->profile, NULL, NULL),
                     SPECTRA_E_MEMORY);
    assert_null(made->session);
    free_profile(scan);
    end_session(made);
}

static void too_small_a_scratch_is_given_back(void **state) {
    (void)state;
    made_session *made = begin_session(NULL);
    add_scan(made, SPECTRA_SCAN_BLANK, 5000, 0, 0);
    add_scan(made, SPECTRA_SCAN_SAMPLE, 5000, 100, 2000);
    size_t size = made->scratch.size;
    for (made->scratch.size = 0; made->scratch.size < size; made->scratch.size += size / 16 + 1) {
        spectra_status status = spectra_session_find_peaks(&made->result, made->session, &made->scratch, NULL);
        assert_true(status == SPECTRA_E_MEMORY || status == SPECTRA_OK);
        assert_true(status == SPECTRA_OK || made->scratch.used == 0);
        spectra_scratch_reset(&made->scratch);
    }
    made->scratch.size = size;
    find(made);
    end_session(made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_blank_has_is_taken_off),
        cmocka_unit_test(what_exceeds_the_blank_is_left),
        cmocka_unit_test(without_a_blank_nothing_is_taken_off_and_it_is_told),
        cmocka_unit_test(a_blank_as_sample_is_noise_only),
        cmocka_unit_test(scans_added_up_show_what_one_does_not),
        cmocka_unit_test(what_is_left_of_the_sample_before_is_taken_off),
        cmocka_unit_test(the_same_substance_again_is_no_carry_over),
        cmocka_unit_test(another_substance_takes_nothing_off),
        cmocka_unit_test(saturation_in_one_scan_is_that_of_the_sum),
        cmocka_unit_test(what_does_not_fit_is_refused_and_changes_nothing),
        cmocka_unit_test(too_small_a_scratch_is_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
