/* SPDX-License-Identifier: Apache-2.0 */
/* Telling a format by its content, and refusing by name what is not read. */
#include "unit/io/streams.h"

static spectra_status open_sized(spectra_reader **reader, const char *bytes, size_t size, spectra_error *error) {
    bytes_in in = {bytes, size, 0, 0};
    spectra_status status = spectra_reader_open_stream(reader, read_bytes, &in, NULL, NULL, error);
    return status;
}

static void check_format(const char *text, spectra_format expected) {
    spectra_reader *reader;
    spectra_error error;
    spectra_status status = open_sized(&reader, text, strlen(text), &error);
    if (status != SPECTRA_OK) print_message("%s: %s\n", text, error.message);
    assert_int_equal(status, SPECTRA_OK);
    if (spectra_reader_format(reader) != expected) print_message("%s\n", text);
    assert_int_equal(spectra_reader_format(reader), expected);
    spectra_reader_free(reader);
}

static void samples_are_told_by_their_content(void **state) {
    (void)state;
    static const struct {
        const char *name;
        spectra_format format;
    } samples[] = {
        {"msp_nist.msp", SPECTRA_FORMAT_MSP},      {"msp_massbank.msp", SPECTRA_FORMAT_MSP},
        {"msp_mona.msp", SPECTRA_FORMAT_MSP},      {"msp_riken.msp", SPECTRA_FORMAT_MSP},
        {"msp_swgdrug.msp", SPECTRA_FORMAT_MSP},   {"msp_golm.msp", SPECTRA_FORMAT_MSP},
        {"gnps.mgf", SPECTRA_FORMAT_MGF},          {"mascot.mgf", SPECTRA_FORMAT_MGF},
        {"massbank.txt", SPECTRA_FORMAT_MASSBANK}, {"two_columns.txt", SPECTRA_FORMAT_TEXT},
        {"two_columns.csv", SPECTRA_FORMAT_TEXT},  {"records.spectra", SPECTRA_FORMAT_RECORD},
        {"run.mzML", SPECTRA_FORMAT_MZML},
    };
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        size_t size;
        char *text = load_sample(samples[i].name, &size);
        check_format(text, samples[i].format);
        free(text);
    }
}

static void marks_blanks_and_comments_in_front_are_passed_over(void **state) {
    (void)state;
    check_format("\xef\xbb\xbfName: x\nNum Peaks: 0\n", SPECTRA_FORMAT_MSP);
    check_format("\n# Name: y\n\t\nfoo: x\nNum Peaks: 0\n", SPECTRA_FORMAT_MSP);
    check_format("## a = b\n105 1\n", SPECTRA_FORMAT_TEXT);
    check_format("##\n### a = b\n105 1\n", SPECTRA_FORMAT_TEXT);
    check_format("COM=x\n \nBEGIN IONS\n", SPECTRA_FORMAT_MGF);
    check_format("; a comment\n\nCOM=x\n  BEGIN IONS\n", SPECTRA_FORMAT_MGF);
    check_format("\xef\xbb\xbfspectra-records 1\n", SPECTRA_FORMAT_RECORD);
    check_format("\xef\xbb\xbf<?xml version='1.0'?><mzXML>", SPECTRA_FORMAT_MZXML);
    check_format("# a comment\n##TITLE= a\n##JCAMP-DX= 5.00\n", SPECTRA_FORMAT_JCAMP);
    check_format("<?xml version=\"1.0\"?>\n<!-- x -->\n<indexedmzML xmlns=\"x\">\n<mzML>", SPECTRA_FORMAT_MZML);
}

static void columns_may_have_a_heading(void **state) {
    (void)state;
    check_format("m/z intensity\n105.07 12\n", SPECTRA_FORMAT_TEXT);
    check_format("Sample: x\n105.07;12\n", SPECTRA_FORMAT_TEXT);
    check_format("300 5\n250 4\n200 3\n", SPECTRA_FORMAT_TEXT);
    /* no first line of a Sequest file, though numbers of that size */
    check_format("300,2\n100 4\n200 3\n", SPECTRA_FORMAT_TEXT);
    check_format("300;2\n100 4\n200 3\n", SPECTRA_FORMAT_TEXT);
    check_format("300 .2e1\n100 4\n200 3\n", SPECTRA_FORMAT_TEXT);
    check_format("300 2.5\n100 4\n200 3\n", SPECTRA_FORMAT_TEXT);
    check_format("105,07 12,3\n", SPECTRA_FORMAT_TEXT); /* refused on reading, with its place */
}

typedef struct refusal {
    const char *bytes;
    size_t size;
    const char *name;
} refusal;

#define REFUSAL(bytes, name)                                                                                           \
    { bytes, sizeof bytes - 1, name }

static void what_is_not_read_is_refused_by_name(void **state) {
    (void)state;
    static const refusal cases[] = {
        REFUSAL("<?xml version=\"1.0\"?><!DOCTYPE mzML><mzML>", "XML with a DOCTYPE"),
        REFUSAL("\n  <mzData version=\"1.05\">", "mzData"),
        REFUSAL("<?xml version=\"1.0\"?><other>", "XML"),
        REFUSAL("<?xml", "XML"),
        REFUSAL("<mzSpecLib>\nMS:1003186|library format version=1.0\n", "mzSpecLib"),
        REFUSAL("[\n  {\"spectrum_id\": 1}]", "JSON"),
        REFUSAL("{\"a\": 1}", "JSON"),
        REFUSAL("CDF\x01\x00\x00\x00\x00", "netCDF"),
        REFUSAL("CDF\x02\x00\x00\x00\x00", "netCDF without mass_values"),
        REFUSAL("CDF\x05\x00\x00\x00\x00", "netCDF-5"),
        REFUSAL("\x89HDF\r\n\x1a\n\x00", "HDF5"),
        REFUSAL("\xff\xfeN\x00", "UTF-16"),
        REFUSAL("\xfe\xff\x00N", "UTF-16"),
        REFUSAL("1745.22 3\n139.42 318.52\n149.93 61870.99\n", "Sequest dta"),
        REFUSAL("1745.22 3\n139.42 318.52\n149", "Sequest dta"),
        REFUSAL("1745.22 3\n139.42 318.52", "Sequest dta"),
        REFUSAL("spectra-records 2\n", "another version of spectra-records"),
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        spectra_reader *reader;
        spectra_error error = {0};
        spectra_status status = open_sized(&reader, cases[i].bytes, cases[i].size, &error);
        if (status != SPECTRA_E_UNSUPPORTED) print_message("%s\n", cases[i].bytes);
        assert_int_equal(status, SPECTRA_E_UNSUPPORTED);
        assert_null(reader);
        assert_memory_equal(error.message, cases[i].name, strlen(cases[i].name));
    }
}

static void anything_else_is_no_known_format(void **state) {
    (void)state;
    static const refusal cases[] = {
        REFUSAL("", ""),
        REFUSAL("\n\n# only a comment\n", ""),
        REFUSAL("Dear colleague,\nhere are the spectra.\n", ""),
        REFUSAL("Subject: spectra\n\nhere they are\n", ""),
        REFUSAL("a=b\nc=d\n", ""),
        REFUSAL("\x00\x00\x00\x00", ""),
        REFUSAL("\x89PNG\r\n\x1a\n", ""),
        REFUSAL("spectra-records", ""),
        REFUSAL("# comment\nspectra-records 1\n", ""),
        REFUSAL("CDF", ""),
        REFUSAL(";5 3\n", ""),
        REFUSAL("+5 3\n", ""),
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        spectra_reader *reader;
        spectra_error error;
        spectra_status status = open_sized(&reader, cases[i].bytes, cases[i].size, &error);
        if (status != SPECTRA_E_FORMAT) print_message("%s\n", cases[i].bytes);
        assert_int_equal(status, SPECTRA_E_FORMAT);
        assert_string_equal(error.message, "no known format");
    }
}

static void bad_options_are_invalid(void **state) {
    (void)state;
    const spectra_reader_options bad[] = {
        {.size = 4},
        {.size = sizeof bad[0], .format = 99},
        {.size = sizeof bad[0], .format = -1},
        {.size = sizeof bad[0], .strict = 2},
        {.size = sizeof bad[0], .max_peaks = UINT32_MAX},
    };
    spectra_reader *reader;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        bytes_in in = over_text("Name: x\nNum Peaks: 0\n");
        assert_int_equal(spectra_reader_open_stream(&reader, read_bytes, &in, &bad[i], NULL, NULL), SPECTRA_E_INVALID);
        assert_null(reader);
    }
    spectra_reader_options json = {.size = sizeof json, .format = SPECTRA_FORMAT_JSON};
    assert_int_equal(spectra_reader_open_stream(&reader, read_bytes, NULL, &json, NULL, NULL), SPECTRA_E_UNSUPPORTED);
    assert_int_equal(spectra_reader_open_stream(&reader, NULL, NULL, NULL, NULL, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_reader_open(&reader, NULL, NULL, NULL, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_reader_open(&reader, "no/such/file", NULL, NULL, NULL), SPECTRA_E_IO);
    assert_int_equal(spectra_reader_open(NULL, "no/such/file", NULL, NULL, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_reader_open_stream(NULL, read_bytes, NULL, NULL, NULL, NULL), SPECTRA_E_INVALID);
}

static void without_a_reader_nothing_is_read(void **state) {
    (void)state;
    bytes_in in = over_text("Name: x\nNum Peaks: 0\n");
    spectra_reader *reader = open_bytes(&in, NULL);
    const spectra_spectrum *spectrum = (const spectra_spectrum *)reader;
    assert_int_equal(spectra_reader_next(NULL, &spectrum, NULL), SPECTRA_E_INVALID);
    assert_null(spectrum);
    assert_int_equal(spectra_reader_next(reader, NULL, NULL), SPECTRA_E_INVALID);
    next_good(reader);
    assert_int_equal(spectra_reader_format(NULL), SPECTRA_FORMAT_UNKNOWN);
    spectra_reader_free(reader);
    spectra_reader_free(NULL);
}

static void every_format_has_a_name(void **state) {
    (void)state;
    static const char *const names[] = {"unknown format",  "MSP",           "MGF",  "MassBank record", "two columns",
                                        "spectra-records", "JSON",          "mzML", "JCAMP-DX",        "mzXML",
                                        "ANDI/MS",         "unknown format"};
    for (size_t i = 0; i < COUNT_OF(names); i++) assert_string_equal(spectra_format_text((spectra_format)i), names[i]);
}

static void a_file_is_read_as_a_stream_is(void **state) {
    (void)state;
    spectra_reader *reader;
    spectra_error error;
    assert_int_equal(spectra_reader_open(&reader, TESTS_DIR "/data/msp_nist.msp", NULL, NULL, &error), SPECTRA_OK);
    for (int i = 0; i < 3; i++) next_good(reader);
    assert_end(reader);
    spectra_reader_free(reader);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_told_by_their_content),
        cmocka_unit_test(marks_blanks_and_comments_in_front_are_passed_over),
        cmocka_unit_test(columns_may_have_a_heading),
        cmocka_unit_test(what_is_not_read_is_refused_by_name),
        cmocka_unit_test(anything_else_is_no_known_format),
        cmocka_unit_test(bad_options_are_invalid),
        cmocka_unit_test(without_a_reader_nothing_is_read),
        cmocka_unit_test(every_format_has_a_name),
        cmocka_unit_test(a_file_is_read_as_a_stream_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
