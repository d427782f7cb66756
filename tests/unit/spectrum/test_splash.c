/* SPDX-License-Identifier: Apache-2.0 */
/* SPLASH against an independent implementation (splash_facts.h), and what the reader makes of a stated one. */
#include "unit/io/streams.h"

#include "unit/spectrum/splash_facts.h"

static void splash_is_that_of_the_specification(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(splash_facts); i++) {
        spectra_spectrum *spectrum;
        char splash[SPECTRA_SPLASH_SIZE];
        assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
        assert_int_equal(spectra_spectrum_set_peaks(spectrum, splash_facts[i].mz, splash_facts[i].intensity,
                                                    splash_facts[i].count, NULL),
                         SPECTRA_OK);
        assert_int_equal(spectra_spectrum_splash(spectrum, splash), SPECTRA_OK);
        if (strcmp(splash, splash_facts[i].splash) != 0) print_message("%s\n", splash_facts[i].name);
        assert_string_equal(splash, splash_facts[i].splash);
        spectra_spectrum_free(spectrum);
    }
}

static void there_is_no_splash_without_intensity(void **state) {
    (void)state;
    static const double cases[][2] = {{105, 0}, {105, 1e-300}, {1e13, 1}};
    spectra_spectrum *spectrum;
    char splash[SPECTRA_SPLASH_SIZE] = "x";
    assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_splash(spectrum, splash), SPECTRA_E_NOT_FOUND);
    assert_string_equal(splash, "");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(spectra_spectrum_set_peaks(spectrum, &cases[i][0], &cases[i][1], 1, NULL), SPECTRA_OK);
        assert_int_equal(spectra_spectrum_splash(spectrum, splash), SPECTRA_E_NOT_FOUND);
    }
    assert_int_equal(spectra_spectrum_splash(NULL, splash), SPECTRA_E_INVALID);
    assert_int_equal(spectra_spectrum_splash(spectrum, NULL), SPECTRA_E_INVALID);
    spectra_spectrum_free(spectrum);
}

static void check_stated(const char *text, bool agrees) {
    bytes_in in = over_text(text);
    spectra_reader *reader = open_bytes(&in, NULL);
    const spectra_spectrum *spectrum = next_good(reader);
    assert_int_equal(spectra_spectrum_warning_count(spectrum), agrees ? 0 : 1);
    if (!agrees) {
        assert_string_equal(spectra_spectrum_warning(spectrum, 0), "the stated SPLASH does not agree with the peaks");
    }
    spectra_reader_free(reader);
}

static void a_digit_lost_from_a_peak_is_seen_by_the_stated_splash(void **state) {
    (void)state;
    const char *nominal = splash_facts[1].splash;
    char text[256];
    static const struct {
        const char *format;
        bool agrees;
    } cases[] = {
        {"Name: a\nSplash: %s\nNum Peaks: 6\n77 75\n91 83\n105 128\n146 552\n189 318\n245 999\n\n", true},
        {"Name: a\nSplash: %s\nNum Peaks: 6\n77 75\n91 83\n105 128\n146 52\n189 318\n245 999\n\n", false},
        {"Name: a\nSplash: %s\nNum Peaks: 6\n77 75\n91 83\n105 12\n146 552\n189 318\n245 999\n\n", false},
        {"Name: a\nSplash: %s\nNum Peaks: 0\n\n", false},
        {"BEGIN IONS\nSPLASH=%s\n77 75\n91 83\n105 128\n146 552\n189 318\n245 999\nEND IONS\n", true},
        {"BEGIN IONS\nSPLASH=%s\n77 75\n91 83\n105 128\n146 552\n189 318\nEND IONS\n", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *at = strstr(cases[i].format, "%s");
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - cases[i].format), cases[i].format, nominal, at + 2);
        check_stated(text, cases[i].agrees);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splash_is_that_of_the_specification),
        cmocka_unit_test(there_is_no_splash_without_intensity),
        cmocka_unit_test(a_digit_lost_from_a_peak_is_seen_by_the_stated_splash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
