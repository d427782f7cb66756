/* SPDX-License-Identifier: Apache-2.0 */
/* mzML and mzXML: what is wrong in a file is told with its place, and what stands beside it is still read. */
#include "unit/io/streams.h"

/* Two spectra, each m/z 1 and 2, intensities 3 and 4. */
#define ARRAY(content, numbers)                                                                                        \
    "<binaryDataArray encodedLength=\"12\"><cvParam accession=\"MS:1000521\" name=\"f\"/>"                             \
    "<cvParam accession=\"MS:1000576\" name=\"n\"/><cvParam accession=\"" content "\" name=\"a\"/>"                    \
    "<binary>" numbers "</binary></binaryDataArray>\n"
#define ARRAYS                                                                                                         \
    "<binaryDataArrayList count=\"2\">\n" ARRAY("MS:1000514", "AACAPwAAAEA=")                                          \
        ARRAY("MS:1000515", "AABAQAAAgEA=") "</binaryDataArrayList>"
#define HEAD                                                                                                           \
    "<mzML>\n<referenceableParamGroupList count=\"1\"><referenceableParamGroup id=\"g\">"                              \
    "<cvParam accession=\"MS:1000511\" name=\"l\" value=\"2\"/></referenceableParamGroup>"                             \
    "</referenceableParamGroupList>\n<run><spectrumList count=\"2\">\n"
#define FIRST                                                                                                          \
    "<spectrum index=\"0\" id=\"a\" defaultArrayLength=\"2\">\n<userParam name=\"k\" value=\"v\"/>\n" ARRAYS           \
    "</spectrum>\n"
#define SECOND                                                                                                         \
    "<spectrum index=\"1\" id=\"b\" defaultArrayLength=\"2\"><referenceableParamGroupRef ref=\"g\"/>" ARRAYS           \
    "</spectrum>\n"
#define TAIL "</spectrumList></run></mzML>\n"
static const char good[] = HEAD FIRST SECOND TAIL;

/* A text with its first `old` replaced; the test frees it. */
static char *replaced(const char *whole, const char *old, const char *new) {
    const char *at = strstr(whole, old);
    assert_non_null(at);
    char *text = malloc(strlen(whole) + strlen(new) + 1);
    assert_non_null(text);
    sprintf(text, "%.*s%s%s", (int)(at - whole), whole, new, at + strlen(old));
    return text;
}

static char *altered(const char *old, const char *new) {
    return replaced(good, old, new);
}

static spectra_status next(spectra_reader *reader, const char *id, spectra_error *error) {
    const spectra_spectrum *spectrum;
    spectra_status status = spectra_reader_next(reader, &spectrum, error);
    if (status == SPECTRA_OK) assert_field(spectrum, SPECTRA_FIELD_ACCESSION, id);
    return status;
}

static void a_good_file_is_read_in_pieces_of_any_size(void **state) {
    (void)state;
    for (size_t chunk = 0; chunk < 9; chunk++) {
        bytes_in in = over_text(good);
        in.chunk = chunk;
        spectra_reader *reader = open_bytes(&in, NULL);
        assert_int_equal(spectra_reader_format(reader), SPECTRA_FORMAT_MZML);
        const spectra_spectrum *spectrum = next_good(reader);
        assert_field(spectrum, SPECTRA_FIELD_ACCESSION, "a");
        spectrum = next_good(reader);
        assert_int_equal(spectra_spectrum_ms_level(spectrum), 2);
        assert_int_equal(spectra_spectrum_peak_count(spectrum), 2);
        assert_true(spectra_spectrum_mz(spectrum)[1] == 2 && spectra_spectrum_intensity(spectrum)[0] == 3);
        assert_end(reader);
        assert_end(reader);
        spectra_reader_free(reader);
    }
}

typedef struct damage {
    const char *old, *new, *message;
    const char *at; /* where the error is, found in the altered file */
} damage;

/* What is wrong in the first spectrum gives one error; the second is read. */
static void a_damaged_spectrum_is_told_and_the_next_one_read(void **state) {
    (void)state;
    static const damage cases[] = {
        {"encodedLength=\"12\"", "encodedLength=\"13\"", "12 characters of base64 where 13 are declared", "<binary>"},
        {"encodedLength=\"12\"", "encodedLength=\"\"", "encodedLength is no whole number", "<binaryDataArray e"},
        {"encodedLength=\"12\"", "", "element without encodedLength", "<binaryDataArray >"},
        {"defaultArrayLength=\"2\"", "defaultArrayLength=\"3\"", "2 numbers in an array where 3 are declared",
         "<binary>"},
        {"defaultArrayLength=\"2\"", "defaultArrayLength=\"1\"", "more than the declared 1 numbers in an array",
         "<binary>"},
        {"defaultArrayLength=\"2\"", "", "element without defaultArrayLength", "<spectrum i"},
        {"AACAPwAA", "AAC*PwAA", "unexpected character in base64", "*PwAA"},
        {"AACAPwAAAEA=", "AACAPwAAAEA", "11 characters of base64 where 12 are declared", "<binary>"},
        {"AACAPwAAAEA=", "AACAPwAAAE==", "unexpected character in base64", "=</binary>"},
        {"MS:1000521", "MS:1000574", "an array is described twice", "<cvParam accession=\"MS:1000576"},
        {"MS:1000521", "MS:1009999", "array without a known type of its numbers", "<binary>"},
        {"MS:1000576", "MS:1009999", "array compressed in a way that is not stated or not known", "<binary>"},
        {"MS:1000576", "MS:1000574", "zlib: unknown compression method", "<binary>"},
        {"MS:1000514", "MS:1000515", "two arrays of m/z or two of intensities", NULL},
        {"MS:1000514", "MS:1000786", "spectrum without an array of m/z", "<spectrum i"},
        {"AABAQAAAgEA=", "AABAwAAAgEA=", "peak 1: m/z must be positive and intensity not negative", "<spectrum i"},
        {"AACAPwAAAEA=", "AADAfwAAAEA=", "peak 1: m/z must be positive and intensity not negative", "<spectrum i"},
        {"<userParam name=\"k\"", "<userParam", "parameter without a good name", "<userParam"},
        {"<userParam name=\"k\"", "<cvParam accession=\"MS:100051\" name=\"k\"", "parameter without a good accession",
         "<cvParam accession=\"MS:100051\""},
        {"<userParam name=\"k\"", "<userPaam name=\"k\"", "unexpected element <userPaam> in a spectrum", "<userPaam"},
        {"<userParam name=\"k\"", "userParam name=\"k\"", "unexpected text in a spectrum", "\nuserParam"},
        {"<userParam name=\"k\" value=\"v\"/>", "<referenceableParamGroupRef ref=\"h\"/>",
         "no such group of parameters", "<referenceableParamGroupRef"},
        {"<userParam name=\"k\" value=\"v\"/>", "<userParam name=\"k\" value=\"v\">", "expected </userParam>",
         "</spectrum>"},
        {"<userParam name=\"k\" value=\"v\"/>", "<userParam name=\"k\" value=v/>", "expected a value in quotes", "v/>"},
        {"<userParam name=\"k\" value=\"v\"/>", "<userParam name=\"k\" value=\"v/>", "tag without its end",
         "<userParam"},
        {"<userParam name=\"k\" value=\"v\"/>", "<userParam name=\"k\"value=\"v\"/>", "unexpected character in a tag",
         "value"},
        {"<userParam name=\"k\" value=\"v\"/>", "<userParam name=\"k\" name=\"v\"/>", "the same attribute twice",
         "=\"v\"/>"},
        {"<userParam name=\"k\" value=\"v\"/>", "<userParam name=\"k\" value=\"&v;\"/>",
         "unknown entity in the value before", "/>\n<binaryDataArrayList"},
        {"<userParam name=\"k\" value=\"v\"/>", "<userParam name=\"k\" value=\"&#0;\"/>",
         "unknown entity in the value before", "/>\n<binaryDataArrayList"},
        {"<userParam name=\"k\" value=\"v\"/>", "<![CDATA[x]]>", "a DOCTYPE or CDATA, which are not read", "<![CDATA"},
        {"<userParam name=\"k\" value=\"v\"/>", "<!DOCTYPE x>", "a DOCTYPE or CDATA, which are not read", "<!DOCTYPE"},
        {"</spectrum>", "", "unexpected element <spectrum> in a spectrum", "<spectrum index=\"1\""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *text = altered(cases[i].old, cases[i].new);
        bytes_in in = over_text(text);
        spectra_reader *reader = open_bytes(&in, NULL);
        spectra_error error = {0};
        assert_int_equal(next(reader, NULL, &error), SPECTRA_E_FORMAT);
        assert_string_equal(error.message, cases[i].message);
        const char *at = strstr(text, "<spectrum index=\"0\"");
        if (cases[i].at) at = strstr(at, cases[i].at);
        assert_non_null(at);
        if (cases[i].at && error.offset != (uint64_t)(at - text)) print_message("%s\n", error.message);
        if (cases[i].at) assert_int_equal(error.offset, at - text);
        assert_int_equal(next(reader, "b", &error), SPECTRA_OK);
        assert_end(reader);
        spectra_reader_free(reader);
        free(text);
    }
}

/* What is wrong around the spectra is an error of its own. */
static void damage_around_the_spectra_is_told(void **state) {
    (void)state;
    static const damage cases[] = {
        {"count=\"2\">\n<spectrum ", "count=\"3\">\n<spectrum ", "2 spectra where 3 are declared", NULL},
        {"</mzML>", "", "the file ends before </mzML>", NULL},
        {"</mzML>\n", "</mzML", "the file ends inside a tag", NULL},
        {"</run>", "</rn>", "expected </run>", NULL},
        {"</run>", "/run>", "unexpected text between elements", NULL},
        {"</mzML>", "</mzML></mzML>", "unexpected end tag", NULL},
        {"</run>", "<!-- </run>", "the file ends before -->", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *text = altered(cases[i].old, cases[i].new);
        bytes_in in = over_text(text);
        spectra_reader *reader = open_bytes(&in, NULL);
        spectra_error error = {0};
        assert_int_equal(next(reader, "a", &error), SPECTRA_OK);
        assert_int_equal(next(reader, "b", &error), SPECTRA_OK);
        assert_int_equal(next(reader, NULL, &error), SPECTRA_E_FORMAT);
        assert_string_equal(error.message, cases[i].message);
        assert_end(reader);
        spectra_reader_free(reader);
        free(text);
    }
}

/* Two scans, the second in the first. */
static const char good_scans[] =
    "<mzXML><msRun scanCount=\"2\"><msInstrument><msIonisation value=\"EI\"/></msInstrument>\n"
    "<scan num=\"1\" peaksCount=\"1\"><precursorMz>7</precursorMz><peaks precision=\"32\">P4AAAEAAAAA=</peaks>\n"
    "<scan num=\"2\" peaksCount=\"0\"></scan></scan></msRun></mzXML>";

static void a_damaged_scan_is_told_and_the_next_one_read(void **state) {
    (void)state;
    static const damage cases[] = {
        {"precision=\"32\"", "precision=\"3\"", "peaks of a kind that is not read", "<peaks"},
        {"precision=\"32\"", "byteOrder=\"little\"", "peaks of a kind that is not read", "<peaks"},
        {"precision=\"32\"", "pairOrder=\"int-m/z\"", "peaks of a kind that is not read", "<peaks"},
        {"precision=\"32\"", "precsion=\"32\"", "peaks of a kind that is not read", "<peaks"},
        {"precision=\"32\"", "precision=\"64\"", "1 numbers in an array where 2 are declared", "<peaks"},
        {"peaksCount=\"1\"", "peaksCount=\"2\"", "2 numbers in an array where 4 are declared", "<peaks"},
        {"peaksCount=\"1\"", "peaksCont=\"1\"", "element without peaksCount", "<scan"},
        {"<precursorMz>7</precursorMz>", "<precursrMz>7</precursrMz>", "unexpected element in a scan", "<precursrMz"},
        {"<precursorMz>7</precursorMz>", "7", "unexpected text in a scan", "7"},
        {"<precursorMz>7</precursorMz>", "<nameValue name=\"\" value=\"\"/>", "nameValue without name or value",
         "<nameV"},
        {"<peaks precision=\"32\">P4AAAEAAAAA=</peaks>", "", "scan without its peaks", "<scan"},
        {"P4AAAEAAAAA=", "v4AAAEAAAAA=", "peak 1: m/z must be positive and intensity not negative", "<scan"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *text = replaced(good_scans, cases[i].old, cases[i].new);
        bytes_in in = over_text(text);
        spectra_reader *reader = open_bytes(&in, NULL);
        const spectra_spectrum *spectrum;
        spectra_error error = {0};
        assert_int_equal(spectra_reader_next(reader, &spectrum, &error), SPECTRA_E_FORMAT);
        assert_string_equal(error.message, cases[i].message);
        assert_int_equal(error.offset, strstr(strstr(text, "<scan"), cases[i].at) - text);
        assert_int_equal(spectra_spectrum_track(next_good(reader)), SPECTRA_TRACK_EI);
        assert_end(reader);
        spectra_reader_free(reader);
        free(text);
    }
}

static void damage_around_the_scans_is_told(void **state) {
    (void)state;
    static const damage cases[] = {
        {"scanCount=\"2\"", "scanCount=\"3\"", "2 scans where 3 are declared", NULL},
        {"</mzXML>", "", "the file ends before </mzXML>", NULL},
        {"</msRun>", "/msRun>", "unexpected text between elements", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *text = replaced(good_scans, cases[i].old, cases[i].new);
        bytes_in in = over_text(text);
        spectra_reader *reader = open_bytes(&in, NULL);
        const spectra_spectrum *spectrum;
        spectra_error error = {0};
        assert_true(spectra_spectrum_mz(next_good(reader))[0] == 1);
        assert_int_equal(spectra_spectrum_peak_count(next_good(reader)), 0);
        assert_int_equal(spectra_reader_next(reader, &spectrum, &error), SPECTRA_E_FORMAT);
        assert_string_equal(error.message, cases[i].message);
        assert_end(reader);
        spectra_reader_free(reader);
        free(text);
    }
}

static void entities_and_references_are_resolved(void **state) {
    (void)state;
    char *text = altered("value=\"v\"", "value=\"&lt;&amp;&#65;&#x20ac;&#x1F600;&quot;&apos;&gt;\ta\nb\"");
    bytes_in in = over_text(text);
    spectra_reader *reader = open_bytes(&in, NULL);
    const char *key, *value;
    assert_int_equal(spectra_spectrum_metadata(next_good(reader), 2, &key, &value), SPECTRA_OK);
    assert_string_equal(key, "k");
    assert_string_equal(value, "<&A\xe2\x82\xac\xf0\x9f\x98\x80\"'> a b");
    spectra_reader_free(reader);
    free(text);
}

/* `count` times a text; the test frees it. */
static char *repeated(const char *text, size_t count) {
    size_t size = strlen(text);
    char *all = malloc(count * size + 1);
    assert_non_null(all);
    for (size_t i = 0; i < count; i++) memcpy(all + i * size, text, size);
    all[count * size] = '\0';
    return all;
}

static void check_limit(const char *old, const char *new, const spectra_reader_options *options, const char *message) {
    char *text = altered(old, new);
    bytes_in in = over_text(text);
    spectra_reader *reader = open_bytes(&in, options);
    spectra_error error = {0};
    assert_int_equal(next(reader, NULL, &error), SPECTRA_E_LIMIT);
    assert_string_equal(error.message, message);
    spectra_reader_free(reader);
    free(text);
}

static void limits_hold(void **state) {
    (void)state;
    spectra_reader_options peaks = {.size = sizeof peaks, .max_peaks = 1};
    spectra_reader_options line = {.size = sizeof line, .max_line_size = 50};
    char *scans = repeated("<scanList>", 40), *refs = repeated("<referenceableParamGroupRef ref=\"g\"/>", 65);
    char names[400] = "<userParam";
    for (size_t i = 0; i < 33; i++) sprintf(names + strlen(names), " a%zu=\"\"", i);
    check_limit("<userParam", scans, NULL, "elements nested too deeply");
    check_limit("<userParam", names, NULL, "more than 32 attributes");
    check_limit("<userParam name=\"k\" value=\"v\"/>", refs, NULL, "more than 64 groups of parameters");
    check_limit("x", "x", &peaks, "more than 1 peaks");
    check_limit("name=\"k\"", "name=\"the key of a parameter that is longer than it may be\"", &line,
                "tag of more than 50 bytes");
    free(scans);
    free(refs);
}

static void check_index(const char *tail, bool wrong) {
    char text[sizeof good + 600];
    const char *end = strstr(good, "</mzML>");
    unsigned long long first = (unsigned long long)(strstr(good, "<spectrum i") - good);
    unsigned long long second = (unsigned long long)(strstr(good, "<spectrum index=\"1\"") - good);
    unsigned long long list = (unsigned long long)(end - good) + 8;
    sprintf(text,
            "%.*s</mzML>\n<indexList><index name=\"spectrum\"><offset>%llu</offset><offset>%llu</offset>%s"
            "</index><index name=\"chromatogram\"><offset>7</offset></index></indexList>"
            "<indexListOffset>%llu</indexListOffset>",
            (int)(end - good), good, first, second + (strcmp(tail, "1") == 0), strlen(tail) > 1 ? tail : "", list);
    bytes_in in = over_text(text);
    spectra_reader *reader = open_bytes(&in, NULL);
    assert_int_equal(spectra_spectrum_warning_count(next_good(reader)), 0);
    const spectra_spectrum *last = next_good(reader);
    assert_int_equal(spectra_spectrum_warning_count(last), wrong ? 1 : 0);
    if (wrong) assert_string_equal(spectra_spectrum_warning(last, 0), "the file's index is wrong: it was not used");
    assert_end(reader);
    spectra_reader_free(reader);
}

static void a_wrong_index_is_a_warning_beside_the_last_spectrum(void **state) {
    (void)state;
    check_index("", false);
    check_index("1", true);
    check_index("<offset>5</offset>", true);
    check_index("<offset></offset>", true);
    check_index("<offset>18446744073709551616</offset>", true);
    check_index("<offset>1x</offset>", true);
}

static void the_ionisation_of_the_instrument_tells_the_track(void **state) {
    (void)state;
    char *text =
        altered("<run>", "<source><cvParam accession=\"MS:1000389\" name=\"electron ionization\"/></source><run>");
    bytes_in in = over_text(text);
    spectra_reader *reader = open_bytes(&in, NULL);
    assert_int_equal(spectra_spectrum_track(next_good(reader)), SPECTRA_TRACK_EI);
    spectra_reader_free(reader);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file_is_read_in_pieces_of_any_size),
        cmocka_unit_test(a_damaged_spectrum_is_told_and_the_next_one_read),
        cmocka_unit_test(damage_around_the_spectra_is_told),
        cmocka_unit_test(a_damaged_scan_is_told_and_the_next_one_read),
        cmocka_unit_test(damage_around_the_scans_is_told),
        cmocka_unit_test(entities_and_references_are_resolved),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(a_wrong_index_is_a_warning_beside_the_last_spectrum),
        cmocka_unit_test(the_ionisation_of_the_instrument_tells_the_track),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
