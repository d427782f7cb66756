/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/signal/profiles.h"

/* What weak peaks may be off by beside strong ones of 10,000. */
#define SMALL_AREA 100

static spectra_profile_options options_with(double fwhm) {
    return (spectra_profile_options){.size = sizeof(spectra_profile_options), .fwhm = fwhm};
}

/* Each unit of the pattern with its area, and nothing else above a share of the strongest. */
static void expect_pattern(const made_profile *made, double tolerance, double spurious) {
    double all = 0, of_pattern = 0;
    for (uint32_t i = 0; i < PATTERN_COUNT; i++) {
        const spectra_profile_peak *peak = peak_near(made, pattern_unit(i));
        assert_non_null(peak);
        assert_true(peak->mz == pattern_unit(i));
        assert_true(fabs(peak->intensity - pattern_area(i)) < tolerance * pattern_area(i) + SMALL_AREA);
        of_pattern += peak->intensity;
    }
    for (uint32_t i = 0; i < made->result->peak_count; i++) all += made->result->peaks[i].intensity;
    assert_true(all - of_pattern < spurious * all);
}

static void sums_of_the_samples_are_kept(void **state) {
    (void)state;
    made_profile *made = make_profile(0, 0);
    spectra_profile_options options = options_with(0.7);
    double samples = 0, cells = 0;
    add_pattern(made, 0.7);
    for (int i = 0; i < PROFILE_COUNT; i++) {
        made->mz[i] += 0.04 * sin(i); /* an uneven axis */
        samples += made->intensity[i];
    }
    assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
    for (uint32_t i = 0; i < made->result->cell_count; i++) cells += (double)made->result->sum[i];
    assert_true(fabs(cells / samples - 1) < 1e-5);
    free_profile(made);
}

static void peaks_that_stand_apart_are_found_with_their_areas(void **state) {
    (void)state;
    made_profile *made = make_profile(0, 0);
    spectra_profile_options options = options_with(0.7);
    add_pattern(made, 0.7);
    add_noise(made, 0.5, 1);
    assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
    expect_pattern(made, 0.05, 0.01);
    assert_int_equal(made->result->warnings, 0);
    free_profile(made);
}

static void peaks_that_run_into_each_other_are_taken_apart(void **state) {
    (void)state;
    made_profile *made = make_profile(0, 0);
    spectra_profile_options options = options_with(2.0);
    options.iterations = 200;
    add_pattern(made, 2.0);
    add_noise(made, 0.05, 2);
    assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
    expect_pattern(made, 0.25, 0.05);
    free_profile(made);
}

static void a_baseline_is_taken_off(void **state) {
    (void)state;
    static const spectra_baseline kinds[] = {SPECTRA_BASELINE_OPENING, SPECTRA_BASELINE_HIGH_PASS};
    static const double spurious[] = {0.05, 0.15}; /* a low-pass lags behind where the baseline falls */
    for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
        made_profile *made = make_profile(0, 0);
        spectra_profile_options options = options_with(0.7);
        options.baseline = kinds[kind];
        add_pattern(made, 0.7);
        add_noise(made, 0.5, 3);
        for (int i = 0; i < PROFILE_COUNT; i++) made->intensity[i] += 200 + 300 * exp(-i / 1000.0);
        assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
        expect_pattern(made, 0.1, spurious[kind]);
        free_profile(made);
    }
}

static void the_baseline_stays_where_it_is_said_to_be_none(void **state) {
    (void)state;
    made_profile *made = make_profile(0, 0);
    spectra_profile_options options = options_with(0.7);
    options.baseline = SPECTRA_BASELINE_NONE;
    add_peak(made, 100 * PROFILE_COMB, 1000, 0.7);
    for (int i = 0; i < PROFILE_COUNT; i++) made->intensity[i] += 50;
    assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
    assert_non_null(peak_near(made, 60));
    free_profile(made);
}

static void add_background(made_profile *made, double fwhm) {
    static const double ions[][2] = {{18.0100, 2500}, {28.0056, 6000}, {31.9893, 1500}, {39.9618, 150}, {43.9893, 300}};
    for (size_t i = 0; i < COUNT_OF(ions); i++) add_peak(made, ions[i][0], ions[i][1], fwhm);
}

static void the_axis_is_found_from_the_background(void **state) {
    (void)state;
    static const double axes[][2] = {{0.9, 6e-4}, {-1.1, -8e-4}, {0.3, 0}};
    for (size_t i = 0; i < COUNT_OF(axes); i++) {
        made_profile *made = make_profile(axes[i][0], axes[i][1]);
        spectra_profile_options options = options_with(0.7);
        options.ionisation = SPECTRA_IONISATION_EI;
        add_background(made, 0.7);
        add_pattern(made, 0.7);
        add_noise(made, 0.5, i + 4);
        assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
        assert_int_equal(made->result->warnings, 0);
        assert_true(fabs(made->result->axis_offset - axes[i][0]) < 0.05);
        assert_true(fabs(made->result->axis_slope_ppm - axes[i][1] * 1e6) < 150);
        assert_true(made->result->axis_offset_error < 0.1 && made->result->axis_slope_error_ppm < 300);
        expect_pattern(made, 0.1, 0.1);
        assert_null(peak_near(made, 28)); /* nothing but background */
        free_profile(made);
    }
}

static void the_offset_of_wide_peaks_is_found(void **state) {
    (void)state;
    made_profile *made = make_profile(0.25, 1e-4);
    spectra_profile_options options = options_with(3.0);
    options.ionisation = SPECTRA_IONISATION_EI;
    options.max_offset = 0.5;
    add_background(made, 3.0);
    add_pattern(made, 3.0);
    add_noise(made, 0.5, 5);
    assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
    assert_true(fabs(made->result->axis_offset - 0.25) < 0.1);
    assert_true(made->result->axis_slope_ppm == 0 && made->result->axis_slope_error_ppm > 500);
    free_profile(made);
}

static void an_axis_without_known_ions_is_undetermined(void **state) {
    (void)state;
    made_profile *made = make_profile(0.9, 0);
    spectra_profile_options options = options_with(0.7);
    options.ionisation = SPECTRA_IONISATION_PROTONATED;
    add_pattern(made, 0.7);
    add_noise(made, 0.5, 6);
    assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
    assert_true(made->result->warnings & SPECTRA_PROFILE_AXIS_UNDETERMINED);
    assert_true(made->result->axis_offset == 0 && made->result->axis_offset_error > 1);
    free_profile(made);
}

static void noise_is_the_deviation_of_a_cell(void **state) {
    (void)state;
    made_profile *made = make_profile(0, 0);
    spectra_profile_options options = options_with(0.7);
    options.method = SPECTRA_PEAKS_CENTROID;
    add_noise(made, 7, 7);
    add_pattern(made, 0.7);
    assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
    assert_true(fabs(made->result->noise / 7 - 1) < 0.15);
    free_profile(made);
}

static void noise_alone_is_no_signal(void **state) {
    (void)state;
    uint32_t false_peaks = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        made_profile *made = make_profile(0, 0);
        spectra_profile_options options = options_with(0.7);
        add_noise(made, 3, 100 + seed);
        for (int i = 0; i < PROFILE_COUNT; i++) made->intensity[i] += 100;
        assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
        false_peaks += made->result->peak_count;
        if (made->result->peak_count == 0) assert_true(made->result->warnings & SPECTRA_PROFILE_NO_SIGNAL);
        free_profile(made);
    }
    assert_true(false_peaks <= 6); /* of 20 × 300 units at 4 standard deviations */
}

static void every_kind_of_number_gives_the_same_peaks(void **state) {
    (void)state;
    made_profile *made = make_profile(0, 0);
    spectra_profile_options options = options_with(0.7);
    static float floats[PROFILE_COUNT], mz[PROFILE_COUNT];
    static uint16_t shorts[PROFILE_COUNT];
    static uint32_t words[PROFILE_COUNT];
    add_pattern(made, 0.7);
    for (int i = 0; i < PROFILE_COUNT; i++) {
        made->intensity[i] = floor(made->intensity[i] + 0.5);
        floats[i] = (float)made->intensity[i];
        shorts[i] = (uint16_t)made->intensity[i];
        words[i] = (uint32_t)made->intensity[i];
        mz[i] = (float)made->mz[i];
    }
    const void *values[] = {made->intensity, floats, shorts, words};
    static spectra_profile_peak expected[PROFILE_COUNT];
    uint32_t count = 0;
    for (spectra_samples kind = SPECTRA_SAMPLES_DOUBLE; kind <= SPECTRA_SAMPLES_UINT32; kind++) {
        made->profile.intensity = values[kind];
        made->profile.intensity_kind = kind;
        assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
        if (kind == SPECTRA_SAMPLES_DOUBLE) {
            count = made->result->peak_count;
            assert_in_range(count, PATTERN_COUNT, PROFILE_COUNT);
            memcpy(expected, made->result->peaks, count * sizeof *expected);
        }
        assert_int_equal(made->result->peak_count, count);
        assert_memory_equal(made->result->peaks, expected, count * sizeof *expected);
    }
    made->profile.mz = mz; /* rounded: no longer the same bits */
    made->profile.mz_kind = SPECTRA_SAMPLES_FLOAT;
    assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
    expect_pattern(made, 0.05, 0.01);
    made->profile.mz = NULL;
    made->profile.first_mz = PROFILE_FIRST;
    made->profile.step_mz = PROFILE_STEP;
    assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
    expect_pattern(made, 0.05, 0.01);
    free_profile(made);
}

static void saturation_and_gaps_are_told(void **state) {
    (void)state;
    made_profile *made = make_profile(0, 0);
    spectra_profile_options options = options_with(0.7);
    add_pattern(made, 0.7);
    made->profile.saturation = 1200;
    for (int i = 0; i < PROFILE_COUNT; i++)
        if (made->intensity[i] > 1200) made->intensity[i] = 1200;
    for (int i = 600; i < 640; i++) made->intensity[i] = (double)NAN; /* 70 to 74 */
    assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
    assert_int_equal(made->result->warnings, SPECTRA_PROFILE_SATURATED | SPECTRA_PROFILE_GAPS);
    assert_int_equal(peak_near(made, pattern_unit(0))->flags, SPECTRA_PEAK_SATURATED);
    assert_int_equal(peak_near(made, pattern_unit(1))->flags, 0);
    free_profile(made);
}

static void a_missing_stretch_of_the_axis_is_a_gap(void **state) {
    (void)state;
    made_profile *made = make_profile(0, 0);
    spectra_profile_options options = options_with(0.7);
    add_pattern(made, 0.7);
    for (int i = 1500; i < PROFILE_COUNT; i++) made->mz[i] += 20;
    assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
    assert_int_equal(made->result->warnings, SPECTRA_PROFILE_GAPS);
    free_profile(made);
}

static void centroids_lie_where_the_peaks_are_within_their_errors(void **state) {
    (void)state;
    double pulls = 0;
    uint32_t count = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        made_profile *made = make_profile(0, 0);
        spectra_profile_options options = options_with(0.7);
        options.method = SPECTRA_PEAKS_CENTROID;
        for (int i = 0; i < 20; i++) add_peak(made, 30.123 + 12.345 * i, 500, 0.7);
        add_noise(made, 5, 200 + seed);
        assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
        for (int i = 0; i < 20; i++) {
            const spectra_profile_peak *peak = peak_near(made, 30.123 + 12.345 * i);
            assert_non_null(peak);
            double pull = (peak->mz - 30.123 - 12.345 * i) / peak->mz_error;
            double height_pull = (peak->intensity - 500) / peak->intensity_error;
            assert_true(fabs(pull) < 5 && fabs(height_pull) < 5.5);
            pulls += pull * pull;
            count++;
        }
        free_profile(made);
    }
    assert_true(pulls / count > 0.4 && pulls / count < 2.5); /* errors that are errors */
}

static void a_width_that_is_not_given_is_measured(void **state) {
    (void)state;
    static const double widths[] = {0.6, 1.0};
    for (size_t i = 0; i < COUNT_OF(widths); i++) {
        made_profile *made = make_profile(0, 0);
        for (uint32_t k = 0; k < 20; k++) add_peak(made, (40 + 10 * k) * PROFILE_COMB, 1000 + 10 * k, widths[i]);
        add_noise(made, 0.5, 9);
        assert_int_equal(find_peaks(made, NULL), SPECTRA_OK);
        assert_true(fabs(made->result->fwhm / widths[i] - 1) < 0.1);
        free_profile(made);
    }
}

static double distance_from_truth(const float *curve, const made_profile *clean) {
    double sum = 0;
    for (int i = 0; i < PROFILE_COUNT; i++) sum += pow((double)curve[i] - clean->intensity[i], 2);
    return sum;
}

static void the_wiener_filter_comes_nearer_to_the_truth(void **state) {
    (void)state;
    made_profile *made = make_profile(0, 0), *clean = make_profile(0, 0);
    spectra_profile_options options = options_with(0.7);
    options.method = SPECTRA_PEAKS_CENTROID;
    options.wiener = 1;
    add_pattern(made, 0.7);
    add_pattern(clean, 0.7);
    add_noise(made, 100, 10);
    assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
    assert_non_null(made->result->denoised);
    assert_true(distance_from_truth(made->result->denoised, clean) <
                0.5 * distance_from_truth(made->result->sum, clean));
    free_profile(made);
    free_profile(clean);
}

static void what_cannot_be_a_profile_is_refused(void **state) {
    (void)state;
    made_profile *made = make_profile(0, 0);
    spectra_profile_options options = options_with(0.7);
    spectra_error error;
    add_pattern(made, 0.7);
    assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
    made->intensity[77] = (double)INFINITY;
    assert_int_equal(spectra_profile_find_peaks(&made->result, &made->profile, &options, &made->scratch, &error),
                     SPECTRA_E_FORMAT);
    assert_int_equal(error.offset, 77);
    made->intensity[77] = 0;
    made->mz[99] = made->mz[98];
    assert_int_equal(find_peaks(made, &options), SPECTRA_E_FORMAT);
    made->mz[99] = (double)NAN;
    assert_int_equal(find_peaks(made, &options), SPECTRA_E_FORMAT);
    free_profile(made);
}

static void bad_options_are_refused(void **state) {
    (void)state;
    made_profile *made = make_profile(0, 0);
    const spectra_profile_options good = options_with(0.7);
    const spectra_profile_options bad[] = {
        {.size = 1},
        {.size = sizeof good, .ionisation = 3},
        {.size = sizeof good, .method = 2},
        {.size = sizeof good, .baseline = -1},
        {.size = sizeof good, .wiener = 2},
        {.size = sizeof good, .iterations = 201},
        {.size = sizeof good, .fwhm = 0.01},
        {.size = sizeof good, .fwhm = (double)NAN},
        {.size = sizeof good, .threshold = -1},
        {.size = sizeof good, .ion_intensity = (double)INFINITY},
        {.size = sizeof good, .max_offset = 2},
        {.size = sizeof good, .max_slope_ppm = 2000},
    };
    spectra_scratch scratch = {0};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_true(spectra_profile_required(&made->profile, &bad[i]) == SIZE_MAX);
        assert_int_equal(spectra_profile_fft_size(&made->profile, &bad[i]), 0);
        assert_int_equal(spectra_profile_find_peaks(&made->result, &made->profile, &bad[i], &scratch, NULL),
                         SPECTRA_E_INVALID);
    }
    made->profile.count = 7;
    assert_int_equal(spectra_profile_find_peaks(&made->result, &made->profile, &good, &scratch, NULL),
                     SPECTRA_E_INVALID);
    made->profile = (spectra_profile){
        .size = sizeof made->profile, .count = 100, .intensity = made->intensity, .first_mz = 0, .step_mz = 9000};
    assert_int_equal(spectra_profile_find_peaks(&made->result, &made->profile, &good, &scratch, NULL), SPECTRA_E_LIMIT);
    free_profile(made);
}

static void odd_profiles_do_no_harm(void **state) {
    (void)state;
    for (spectra_peak_method method = SPECTRA_PEAKS_COMB; method <= SPECTRA_PEAKS_CENTROID; method++)
        for (int kind = 0; kind < 5; kind++) {
            made_profile *made = make_profile(0, 0);
            spectra_profile_options options = {.size = sizeof options, .method = method, .wiener = 1};
            options.ionisation = SPECTRA_IONISATION_EI;
            for (int i = 0; i < PROFILE_COUNT; i++) {
                if (kind == 1) made->intensity[i] = (double)NAN;
                if (kind == 2) made->intensity[i] = -1e30;
                if (kind == 3) made->intensity[i] = i % 2 ? 1e30 : -1e30;
            }
            if (kind == 4) made->profile.count = 8;
            made->intensity[5] = 1;
            assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
            for (uint32_t i = 0; i < made->result->peak_count; i++) {
                assert_true(made->result->peaks[i].mz > 0 && made->result->peaks[i].mz < 1e6);
                assert_true(made->result->peaks[i].intensity > 0 && made->result->peaks[i].intensity < 1e40);
            }
            free_profile(made);
        }
}

static void scratch_of_the_size_asked_for_suffices_and_less_is_given_back(void **state) {
    (void)state;
    made_profile *made = make_profile(0, 0);
    spectra_profile_options options = options_with(0.7);
    add_pattern(made, 0.7);
    size_t needed = spectra_profile_required(&made->profile, &options);
    for (size_t part = 0; part <= 8; part++) {
        size_t size = needed * part / 8;
        uint8_t *bytes = malloc(needed + 64);
        spectra_scratch_init(&made->scratch, bytes + 1, size);
        spectra_status status =
            spectra_profile_find_peaks(&made->result, &made->profile, &options, &made->scratch, NULL);
        assert_int_equal(status, part == 8 ? SPECTRA_OK : SPECTRA_E_MEMORY);
        if (part < 8) assert_int_equal(made->scratch.used, 0);
        free(bytes);
    }
    free(made);
}

static void quanta_are_whole(void **state) {
    (void)state;
    made_profile *made = make_profile(0, 0);
    spectra_profile_options options = options_with(0.7);
    double strongest = 0;
    add_pattern(made, 0.7);
    add_noise(made, 0.5, 11);
    assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
    for (uint32_t i = 0; i < made->result->peak_count; i++)
        strongest = fmax(strongest, made->result->peaks[i].intensity);
    for (uint32_t i = 0; i < made->result->peak_count; i++) {
        double quanta = made->result->peaks[i].intensity / exp2(floor(log2(strongest)) - 16);
        assert_true(quanta == floor(quanta) && quanta >= 1 && quanta <= 131072);
    }
    free_profile(made);
}

static void a_spectrum_takes_the_peaks_and_the_warnings(void **state) {
    (void)state;
    made_profile *made = make_profile(0, 0);
    spectra_profile_options options = options_with(0.7);
    options.ionisation = SPECTRA_IONISATION_PROTONATED;
    add_pattern(made, 0.7);
    add_noise(made, 0.5, 12);
    assert_int_equal(find_peaks(made, &options), SPECTRA_OK);
    spectra_spectrum *spectrum;
    assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_add_metadata(spectrum, "Name", "it"), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_from_profile(spectrum, made->result), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_peak_count(spectrum), made->result->peak_count);
    assert_true(spectra_spectrum_mz(spectrum)[3] == made->result->peaks[3].mz);
    assert_true(spectra_spectrum_intensity(spectrum)[3] == made->result->peaks[3].intensity);
    assert_int_equal(spectra_spectrum_warning_count(spectrum), 1);
    assert_string_equal(spectra_spectrum_warning(spectrum, 0),
                        "profile: the mass axis could not be determined and may be off");
    assert_string_equal(spectra_spectrum_field(spectrum, SPECTRA_FIELD_NAME), "it");
    assert_int_equal(spectra_spectrum_from_profile(NULL, made->result), SPECTRA_E_INVALID);
    assert_int_equal(spectra_spectrum_from_profile(spectrum, NULL), SPECTRA_E_INVALID);
    spectra_spectrum_free(spectrum);
    free_profile(made);
}

/* --- The shift of two curves --- */

#define CURVE_COUNT 500

static void make_curve(float *curve, double shift) {
    for (int i = 0; i < CURVE_COUNT; i++) {
        curve[i] = 0;
        for (int k = 0; k < 10; k++)
            curve[i] += (float)exp(-pow((i - shift - 30 - 37.0 * k - k * k) / 4, 2)) / (float)(1 + k % 3);
    }
}

static void shifts_between_samples_are_found(void **state) {
    (void)state;
    static const double shifts[] = {0, 1, -1, 0.3, 7.45, -12.8};
    static float a[CURVE_COUNT], b[CURVE_COUNT];
    spectra_scratch scratch = signals_scratch(spectra_profile_shift_required(CURVE_COUNT));
    for (size_t i = 0; i < COUNT_OF(shifts); i++) {
        double found = 99;
        make_curve(a, shifts[i]);
        make_curve(b, 0);
        assert_int_equal(spectra_profile_shift(&found, a, b, CURVE_COUNT, 20, &scratch), SPECTRA_OK);
        assert_true(fabs(found - shifts[i]) < 0.02);
        assert_int_equal(scratch.used, 0);
    }
    free(scratch.bytes);
}

static void a_shift_that_is_not_there_is_not_found(void **state) {
    (void)state;
    static float a[CURVE_COUNT], b[CURVE_COUNT];
    double found;
    spectra_scratch scratch = signals_scratch(spectra_profile_shift_required(CURVE_COUNT));
    make_curve(a, 15);
    make_curve(b, 0);
    assert_int_equal(spectra_profile_shift(&found, a, b, CURVE_COUNT, 5, &scratch), SPECTRA_E_NOT_FOUND);
    memset(a, 0, sizeof a);
    assert_int_equal(spectra_profile_shift(&found, a, b, CURVE_COUNT, 5, &scratch), SPECTRA_E_NOT_FOUND);
    assert_int_equal(spectra_profile_shift(&found, a, b, CURVE_COUNT, 500, &scratch), SPECTRA_E_INVALID);
    scratch.size = 100;
    assert_int_equal(spectra_profile_shift(&found, a, b, CURVE_COUNT, 5, &scratch), SPECTRA_E_MEMORY);
    assert_true(spectra_profile_shift_required(1) == SIZE_MAX);
    free(scratch.bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_of_the_samples_are_kept),
        cmocka_unit_test(peaks_that_stand_apart_are_found_with_their_areas),
        cmocka_unit_test(peaks_that_run_into_each_other_are_taken_apart),
        cmocka_unit_test(a_baseline_is_taken_off),
        cmocka_unit_test(the_baseline_stays_where_it_is_said_to_be_none),
        cmocka_unit_test(the_axis_is_found_from_the_background),
        cmocka_unit_test(the_offset_of_wide_peaks_is_found),
        cmocka_unit_test(an_axis_without_known_ions_is_undetermined),
        cmocka_unit_test(noise_is_the_deviation_of_a_cell),
        cmocka_unit_test(noise_alone_is_no_signal),
        cmocka_unit_test(every_kind_of_number_gives_the_same_peaks),
        cmocka_unit_test(saturation_and_gaps_are_told),
        cmocka_unit_test(a_missing_stretch_of_the_axis_is_a_gap),
        cmocka_unit_test(centroids_lie_where_the_peaks_are_within_their_errors),
        cmocka_unit_test(a_width_that_is_not_given_is_measured),
        cmocka_unit_test(the_wiener_filter_comes_nearer_to_the_truth),
        cmocka_unit_test(what_cannot_be_a_profile_is_refused),
        cmocka_unit_test(bad_options_are_refused),
        cmocka_unit_test(odd_profiles_do_no_harm),
        cmocka_unit_test(scratch_of_the_size_asked_for_suffices_and_less_is_given_back),
        cmocka_unit_test(quanta_are_whole),
        cmocka_unit_test(a_spectrum_takes_the_peaks_and_the_warnings),
        cmocka_unit_test(shifts_between_samples_are_found),
        cmocka_unit_test(a_shift_that_is_not_there_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
