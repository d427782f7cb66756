/* SPDX-License-Identifier: Apache-2.0 */
/* ANDI/MS: scans are found, scaled and told apart; what is wrong in a file is told with its byte. */
#include "unit/io/streams.h"

static void scans_are_scaled_and_have_their_time_track_and_polarity(void **state) {
    (void)state;
    size_t size;
    char *bytes = load_sample("scans.cdf", &size);
    for (size_t chunk = 0; chunk < 9; chunk++) {
        bytes_in in = {bytes, size, 0, chunk};
        spectra_reader *reader = open_bytes(&in, NULL);
        assert_int_equal(spectra_reader_format(reader), SPECTRA_FORMAT_ANDI);
        const spectra_spectrum *spectrum = next_good(reader);
        double seconds = 0;
        assert_int_equal(spectra_spectrum_retention_time(spectrum, &seconds), SPECTRA_OK);
        assert_true(seconds == 5.25);
        assert_int_equal(spectra_spectrum_track(spectrum), SPECTRA_TRACK_EI);
        assert_int_equal(spectra_spectrum_polarity(spectrum), SPECTRA_POLARITY_POSITIVE);
        assert_int_equal(spectra_spectrum_peak_count(spectrum), 2);
        assert_true(spectra_spectrum_mz(spectrum)[0] == 1161 * 0.05 && spectra_spectrum_intensity(spectrum)[1] == 23.5);
        assert_int_equal(spectra_spectrum_peak_count(next_good(reader)), 0);
        assert_int_equal(spectra_spectrum_peak_count(next_good(reader)), 3);
        assert_int_equal(spectra_spectrum_peak_count(next_good(reader)), 1);
        assert_end(reader);
        assert_end(reader);
        spectra_reader_free(reader);
    }
    free(bytes);
}

/* Where a name stands in a file. */
static size_t find(const char *bytes, size_t size, const char *name) {
    size_t at = 0;
    while (at + strlen(name) <= size && memcmp(bytes + at, name, strlen(name)) != 0) at++;
    assert_true(at + strlen(name) <= size);
    return at;
}

/* Reads a file of which nothing may come but one error, and gives where it is. */
static uint64_t refused_at(const char *bytes, size_t size, const char *message) {
    bytes_in in = {bytes, size, 0, 0};
    const spectra_reader_options options = {.size = sizeof options, .format = SPECTRA_FORMAT_ANDI};
    spectra_reader *reader = open_bytes(&in, &options);
    const spectra_spectrum *spectrum;
    spectra_error error = {0};
    assert_int_equal(spectra_reader_next(reader, &spectrum, &error), SPECTRA_E_FORMAT);
    assert_string_equal(error.message, message);
    assert_end(reader);
    spectra_reader_free(reader);
    return error.offset;
}

static void a_file_shorter_than_its_header_says_is_not_read(void **state) {
    (void)state;
    size_t size;
    char *bytes = load_sample("scans.cdf", &size);
    assert_int_equal(refused_at(bytes, size - 1, "the file ends 1 bytes before what its header describes"), size - 1);
    assert_int_equal(refused_at(bytes, 10, "damaged header of netCDF"), 8);
    free(bytes);
}

static void what_the_header_lacks_is_told(void **state) {
    (void)state;
    size_t size;
    char *bytes = load_sample("scans.cdf", &size);
    bytes[find(bytes, size, "point_count")] = 'x';
    refused_at(bytes, size, "ANDI/MS without one of its arrays");
    bytes[find(bytes, size, "mass_values")] = 'x';
    refused_at(bytes, size, "netCDF without mass_values: no spectra are in it");
    free(bytes);
}

/* The second scan, which is empty, is said to have the points of the first: then it alone is left out. */
static void a_scan_inside_the_one_before_is_left_out(void **state) {
    (void)state;
    size_t size;
    char *bytes = load_sample("scans.cdf", &size);
    static const char counts[] = "\0\0\0\2\0\0\0\0\0\0\0\3\0\0\0\1";
    static const char indexes[] = "\0\0\0\0\0\0\0\2\0\0\0\2\0\0\0\5";
    size_t at = 0, index = 0;
    while (memcmp(bytes + at, counts, 16) != 0) at++;
    while (memcmp(bytes + index, indexes, 16) != 0) index++;
    bytes[at + 7] = 1;
    bytes[index + 7] = 1;
    bytes_in in = {bytes, size, 0, 0};
    spectra_reader *reader = open_bytes(&in, NULL);
    const spectra_spectrum *spectrum;
    spectra_error error = {0};
    next_good(reader);
    assert_int_equal(spectra_reader_next(reader, &spectrum, &error), SPECTRA_E_FORMAT);
    assert_string_equal(error.message, "a scan outside the arrays or inside the one before");
    assert_int_equal(error.offset, index + 4);
    assert_int_equal(spectra_spectrum_peak_count(next_good(reader)), 3);
    next_good(reader);
    assert_end(reader);
    spectra_reader_free(reader);
    free(bytes);
}

static void a_chromatogram_is_refused_by_name(void **state) {
    (void)state;
    size_t size;
    char *bytes = load_sample("scans.cdf", &size);
    bytes[find(bytes, size, "mass_values")] = 'x';
    bytes_in in = {bytes, size, 0, 0};
    spectra_reader *reader;
    spectra_error error = {0};
    assert_int_equal(spectra_reader_open_stream(&reader, read_bytes, &in, NULL, NULL, &error), SPECTRA_E_UNSUPPORTED);
    assert_string_equal(error.message, "netCDF without mass_values (a chromatogram) is not read by this version");
    free(bytes);
}

static void a_file_above_the_limit_is_refused(void **state) {
    (void)state;
    size_t size;
    char *bytes = load_sample("scans.cdf", &size);
    bytes_in in = {bytes, size, 0, 0};
    const spectra_reader_options options = {.size = sizeof options, .max_input_size = size - 1};
    spectra_reader *reader = open_bytes(&in, &options);
    const spectra_spectrum *spectrum;
    assert_int_equal(spectra_reader_next(reader, &spectrum, NULL), SPECTRA_E_LIMIT);
    assert_end(reader);
    spectra_reader_free(reader);
    free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scans_are_scaled_and_have_their_time_track_and_polarity),
        cmocka_unit_test(a_file_shorter_than_its_header_says_is_not_read),
        cmocka_unit_test(what_the_header_lacks_is_told),
        cmocka_unit_test(a_scan_inside_the_one_before_is_left_out),
        cmocka_unit_test(a_chromatogram_is_refused_by_name),
        cmocka_unit_test(a_file_above_the_limit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
