/* SPDX-License-Identifier: Apache-2.0 */
/* Transients, windows and calibrations against transient.py, in double precision and exact fractions. */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "c_library.h"
#include "signal/window.h"

#define LINE_SIZE 16384
#define MOST_NUMBERS 512
#define MOST_IONS 16

static double read_number(const char *text) {
    c_library saved = c_library_begin();
    double value = strtod(text, NULL);
    c_library_end(&saved);
    return value;
}

/* Numbers between commas and colons. */
static uint32_t read_numbers(double *numbers, char *text) {
    uint32_t count = 0;
    char *rest;
    for (char *word = strtok_r(text, ",:", &rest); word; word = strtok_r(NULL, ",:", &rest)) {
        assert_true(count < MOST_NUMBERS);
        numbers[count++] = read_number(word);
    }
    return count;
}

/* Calls `check` with what follows the first word of each line that begins with it. */
static void for_each(const char *what, void (*check)(char **fields)) {
    static char line[LINE_SIZE];
    int lines = 0;
    FILE *file = fopen(TESTS_DIR "/golden/transient_facts.tsv", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        char *rest, *fields[10] = {0};
        line[strcspn(line, "\n")] = '\0';
        if (strcmp(strtok_r(line, "\t", &rest), what) != 0) continue;
        for (int i = 0; i < 10 && (fields[i] = strtok_r(NULL, "\t", &rest)) != NULL; i++) {
        }
        check(fields);
        lines++;
    }
    fclose(file);
    assert_true(lines >= 4);
}

static spectra_apodisation window_of(const char *name) {
    if (strcmp(name, "hann") == 0) return SPECTRA_APODISATION_HANN;
    return strcmp(name, "kaiser") == 0 ? SPECTRA_APODISATION_KAISER : SPECTRA_APODISATION_NONE;
}

static void assert_near(double found, double expected, double bound) {
    if (!(fabs(found - expected) <= bound)) fail_msg("%.12g is not %.12g within %g", found, expected, bound);
}

static void check_peaks(const spectra_transient_result *result, const double *facts, uint32_t count) {
    for (uint32_t k = 0; k < count; k += 2) {
        uint32_t found = 0;
        for (uint32_t i = 0; i < result->peak_count; i++) {
            if (fabs(result->frequencies[i].value - facts[k]) > 1) continue;
            assert_near(result->frequencies[i].value, facts[k], 1e-5);
            assert_near(result->peaks[i].intensity, facts[k + 1], 3e-5 * facts[k + 1]);
            assert_near(result->peaks[i].mz, 1e5 / facts[k], 1e-4);
            found++;
        }
        assert_int_equal(found, 1);
    }
}

/* One bin is 1 Hz, and an ion of 1 Hz has m/z 10⁵. */
static void check_transient(char **fields) {
    static double samples[MOST_NUMBERS], facts[MOST_NUMBERS];
    const spectra_mass_calibration calibration = {.size = sizeof calibration, .a = 1e5};
    const spectra_transient_options options = {.size = sizeof options,
                                               .apodisation = window_of(fields[0]),
                                               .kaiser_beta = read_number(fields[1]),
                                               .threshold = 20,
                                               .min_mz = 1e5 / 299.5,
                                               .max_mz = 1e5 / 1.5};
    spectra_transient transient = {.size = sizeof transient, .samples = samples, .calibration = &calibration};
    const spectra_transient_result *result;
    spectra_scratch scratch;
    transient.sampling_rate = read_number(fields[2]);
    transient.count = read_numbers(samples, fields[3]);
    size_t size = spectra_transient_required(transient.count, &options);
    void *bytes = malloc(size);
    spectra_scratch_init(&scratch, bytes, size);
    assert_int_equal(spectra_transient_find_peaks(&result, &transient, &options, &scratch, NULL), SPECTRA_OK);
    assert_true(result->bin_width == 1);
    assert_near(result->noise, read_number(fields[4]), 1e-3 * result->noise);
    uint32_t count = read_numbers(facts, fields[5]);
    for (uint32_t i = 0; i < count; i++) assert_near((double)result->magnitude[7 * i], facts[i], 0.01);
    check_peaks(result, facts, read_numbers(facts, fields[6]));
    free(bytes);
}

static void transients_are_transformed_as_their_formulas_say(void **state) {
    (void)state;
    for_each("transient", check_transient);
}

static void check_window(char **fields) {
    signal_window window;
    signal_window_init(&window, window_of(fields[0]), read_number(fields[1]));
    assert_near(signal_window_correlation(&window, 0.5), read_number(fields[2]), 1e-4);
    assert_near(signal_window_correlation(&window, 1), read_number(fields[3]), 1e-4);
    double bias = signal_window_bias(&window), measured = read_number(fields[4]);
    assert_true(bias > 0.95 * measured && bias < 1.3 * measured);
}

static void windows_correlate_and_mislead_as_measured(void **state) {
    (void)state;
    for_each("window", check_window);
}

/* An ion that lasts touches the envelope; one that decays to e⁻³ stays below the four times of signal/lobes.c. */
static void check_lobes(char **fields) {
    static double facts[MOST_NUMBERS];
    signal_window window;
    signal_window_init(&window, window_of(fields[0]), read_number(fields[1]));
    uint32_t count = read_numbers(facts, fields[3]);
    double most = 0;
    for (uint32_t i = 0; i < count; i += 2) most = fmax(most, facts[i + 1] / signal_window_lobe(&window, facts[i]));
    if (read_number(fields[2]) == 0)
        assert_true(most > 0.98 && most < 1.02);
    else
        assert_true(most > 1.5 && most < 4);
}

static void side_lobes_are_no_higher_than_said(void **state) {
    (void)state;
    for_each("lobes", check_lobes);
}

static void check_fit(char **fields) {
    static double numbers[MOST_NUMBERS];
    spectra_calibrant ions[MOST_IONS];
    uint32_t count = read_numbers(numbers, fields[1]) / 3;
    for (uint32_t i = 0; i < count; i++)
        ions[i] = (spectra_calibrant){numbers[3 * i], numbers[3 * i + 1], numbers[3 * i + 2]};
    spectra_analyser analyser = strcmp(fields[0], "icr") == 0 ? SPECTRA_ANALYSER_ICR : SPECTRA_ANALYSER_ORBITRAP;
    spectra_mass_calibration fit;
    assert_int_equal(spectra_mass_calibration_fit(&fit, analyser, ions, count), SPECTRA_OK);
    const double found[] = {fit.a, fit.b, fit.a_variance, fit.b_variance, fit.covariance, fit.rms_ppm};
    for (int i = 0; i < 6; i++) {
        double fact = read_number(fields[2 + i]);
        assert_near(found[i], fact, (i == 0 ? 1e-12 : 1e-6) * fabs(fact) + 1e-9);
    }
    assert_int_equal(fit.ion_count, count);
}

static void calibrations_are_fitted_as_in_exact_fractions(void **state) {
    (void)state;
    for_each("fit", check_fit);
}

static void the_facts_are_what_the_formulas_give(void **state) {
    (void)state;
    int status =
        system("python3 \"" TESTS_DIR "/golden/transient.py\" --check \"" TESTS_DIR "/golden/transient_facts.tsv\"");
    assert_int_equal(status, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transients_are_transformed_as_their_formulas_say),
        cmocka_unit_test(windows_correlate_and_mislead_as_measured),
        cmocka_unit_test(side_lobes_are_no_higher_than_said),
        cmocka_unit_test(calibrations_are_fitted_as_in_exact_fractions),
        cmocka_unit_test(the_facts_are_what_the_formulas_give),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
