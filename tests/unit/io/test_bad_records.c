/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers make of what is wrong or odd: the place, one error a record, the rest still read. */
#include "unit/io/streams.h"

/* What reading gives next: a spectrum of this name, or an error at this line and column (both from 1). */
typedef struct event {
    const char *name;
    uint64_t line, column;
} event;

static uint64_t offset_of(const char *text, uint64_t line, uint64_t column) {
    const char *at = text;
    for (uint64_t i = 1; i < line; i++) at = strchr(at, '\n') + 1;
    return (uint64_t)(at - text) + column - 1;
}

static void check_event(spectra_reader *reader, const char *text, const event *expected) {
    const spectra_spectrum *spectrum;
    spectra_error error = {0};
    spectra_status status = spectra_reader_next(reader, &spectrum, &error);
    if (expected->name) {
        if (status < 0) print_message("line %u: %s\n", (unsigned)error.line, error.message);
        assert_int_equal(status, SPECTRA_OK);
        assert_field(spectrum, SPECTRA_FIELD_NAME, expected->name);
        return;
    }
    assert_int_equal(status, SPECTRA_E_FORMAT);
    assert_null(spectrum);
    if (error.line != expected->line) print_message("line %u: %s\n", (unsigned)error.line, error.message);
    assert_int_equal(error.line, expected->line);
    assert_int_equal(error.offset, offset_of(text, expected->line, expected->column));
}

static void check_events(const char *text, spectra_format format, const event *events, size_t count) {
    for (size_t chunk = 0; chunk < 8; chunk++) {
        bytes_in in = over_text(text);
        in.chunk = chunk;
        spectra_reader_options options = {.size = sizeof options, .format = format};
        spectra_reader *reader = open_bytes(&in, &options);
        for (size_t i = 0; i < count; i++) check_event(reader, text, &events[i]);
        assert_end(reader);
        spectra_reader_free(reader);
    }
}

static void check_sample(const char *name, const event *events, size_t count) {
    size_t size;
    char *text = load_sample(name, &size);
    check_events(text, SPECTRA_FORMAT_UNKNOWN, events, count);
    free(text);
}

static void bad_msp_records_give_one_error_each_with_its_place(void **state) {
    (void)state;
    static const event events[] = {
        {"good one", 0, 0}, {NULL, 10, 1}, {NULL, 14, 1},  {NULL, 18, 4}, {NULL, 23, 10},     {NULL, 27, 1},
        {NULL, 32, 4},      {NULL, 36, 1}, {NULL, 39, 13}, {NULL, 45, 1}, {"good two", 0, 0}, {"good three", 0, 0},
    };
    check_sample("bad.msp", events, COUNT_OF(events));
}

static void bad_mgf_records_give_one_error_each_with_its_place(void **state) {
    (void)state;
    static const event events[] = {
        {NULL, 5, 1},   {"good one", 0, 0}, {NULL, 10, 1},        {NULL, 13, 4},
        {NULL, 17, 23}, {"good two", 0, 0}, {"good three", 0, 0},
    };
    check_sample("bad.mgf", events, COUNT_OF(events));
}

static void bad_massbank_records_give_one_error_each_with_its_place(void **state) {
    (void)state;
    static const event events[] = {
        {NULL, 7, 1}, {NULL, 13, 1}, {"good one", 0, 0}, {NULL, 22, 1}, {"good two", 0, 0},
    };
    check_sample("bad_massbank.txt", events, COUNT_OF(events));
}

static void bad_own_records_give_one_error_each_with_its_place(void **state) {
    (void)state;
    static const event events[] = {
        {NULL, 7, 1}, {"good one", 0, 0}, {NULL, 17, 1}, {NULL, 20, 1}, {NULL, 25, 1}, {"good two", 0, 0},
    };
    check_sample("bad.spectra", events, COUNT_OF(events));
}

static void bad_columns_are_refused_with_their_place(void **state) {
    (void)state;
    static const struct {
        const char *text;
        event expected;
    } cases[] = {
        {"105,07 12,3\n", {NULL, 1, 8}}, {"105,07\t12,3\n", {NULL, 1, 8}},
        {"105,07;12,3\n", {NULL, 1, 7}}, {"1 2\n105,07\n", {NULL, 2, 1}},
        {"105\n", {NULL, 1, 4}},         {"1 2 3\n", {NULL, 1, 5}},
        {"1 2\n3 x\n", {NULL, 2, 3}},    {"1 2\n0 5\n", {NULL, 2, 1}},
        {"1 2\nend\n", {NULL, 2, 1}},    {"mz int\nmz int\n1 2\n", {NULL, 2, 1}},
        {"mz int\n", {NULL, 1, 1}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_events(cases[i].text, SPECTRA_FORMAT_TEXT, &cases[i].expected, 1);
}

typedef struct text_case {
    const char *text;
    spectra_format format;
    event events[3];
    size_t count;
} text_case;

static void oddities_end_in_an_error_or_a_whole_record(void **state) {
    (void)state;
    static const text_case cases[] = {
        /* a blank line inside the peaks, and one inside the metadata */
        {"Name: a\nNum Peaks: 2\n1 1\n\n2 2\n\nName: b\nNum Peaks: 0\n",
         SPECTRA_FORMAT_MSP,
         {{NULL, 4, 1}, {"b", 0, 0}},
         2},
        {"Name: a\nNum Peaks: 2\n1 1; 2 2; 3 3;\n\nName: b\nNum Peaks: 0\n",
         SPECTRA_FORMAT_MSP,
         {{NULL, 3, 11}, {"b", 0, 0}},
         2},
        {"Name: a\nNum Peaks: 1\n1 1\njunk\n\nName: b\nNum Peaks: 0\n",
         SPECTRA_FORMAT_MSP,
         {{NULL, 4, 1}, {"b", 0, 0}},
         2},
        {"Name: a\nNum Peaks: 1\n1 1\n# between\nName: b\nNum Peaks: 0\n",
         SPECTRA_FORMAT_MSP,
         {{"a", 0, 0}, {"b", 0, 0}},
         2},
        {"Name: a\n# inside\nNum Peaks: 0\n", SPECTRA_FORMAT_MSP, {{NULL, 2, 1}}, 1},
        {"Name: a\nNum Peaks: 1\n1 1 \"open\n", SPECTRA_FORMAT_MSP, {{NULL, 3, 5}}, 1},
        {"Name: a\nNum Peaks: 1\n1 1 \"\"\n", SPECTRA_FORMAT_MSP, {{"a", 0, 0}}, 1},
        {"Name: a\nNum Peaks: 1\n1:1\n.5:1\n", SPECTRA_FORMAT_MSP, {{NULL, 4, 1}}, 1},
        {"Name: a\nNum Peaks: 1\n1 1 Name: b\nNum Peaks: 0\n", SPECTRA_FORMAT_MSP, {{NULL, 3, 5}}, 1},
        {"Name: a\nNum Peaks: 1\n1;1\n", SPECTRA_FORMAT_MSP, {{NULL, 3, 2}}, 1},
        {"Name: a\nNum Peaks: 1\n1 1;; \n", SPECTRA_FORMAT_MSP, {{NULL, 3, 5}}, 1},
        {"Name: a\nNum Peaks: 2\n1 1e999\n", SPECTRA_FORMAT_MSP, {{NULL, 3, 3}}, 1},
        {"Name: a\nNum Peaks: 2\n1 nan\n", SPECTRA_FORMAT_MSP, {{NULL, 3, 3}}, 1},
        {"Name: a\nNum Peaks: -1\n", SPECTRA_FORMAT_MSP, {{NULL, 2, 12}}, 1},
        {"Name: a\nNum Peaks: 99999999999999999999\n", SPECTRA_FORMAT_MSP, {{NULL, 2, 12}}, 1},
        {"Name: a\nNum Peaks: 1\n", SPECTRA_FORMAT_MSP, {{NULL, 3, 1}}, 1},
        {"Name: a\n", SPECTRA_FORMAT_MSP, {{NULL, 2, 1}}, 1},
        {"Name: a\n\nName: b\nNum Peaks: 0\n", SPECTRA_FORMAT_MSP, {{NULL, 1, 1}, {"b", 0, 0}}, 2},
        {"junk\n\nName: b\nNum Peaks: 0\n", SPECTRA_FORMAT_MSP, {{NULL, 1, 1}, {"b", 0, 0}}, 2},
        {"Name: a\nNum Peaks: 1\n1 2O\n", SPECTRA_FORMAT_MSP, {{NULL, 3, 4}}, 1},
        {"Name: a\nNum Peaks: 2\n1 1\r2 2\n", SPECTRA_FORMAT_MSP, {{NULL, 3, 4}}, 1},
        {"BEGIN IONS\n1 12,3\nEND IONS\n", SPECTRA_FORMAT_MGF, {{NULL, 2, 5}}, 1},
        {"BEGIN IONS\n-1 12\nEND IONS\n", SPECTRA_FORMAT_MGF, {{NULL, 2, 1}}, 1},
        {": no key\n", SPECTRA_FORMAT_MSP, {{NULL, 1, 1}}, 1},
        {"\r \r: no key\n", SPECTRA_FORMAT_MSP, {{NULL, 1, 1}}, 1},
        /* a bad line among what is common to all spectra leaves the others */
        {"A=1\njunk\nB=2\nBEGIN IONS\nTITLE=a\nEND IONS\n", SPECTRA_FORMAT_MGF, {{NULL, 2, 1}, {"a", 0, 0}}, 2},
        {"BEGIN IONS\nTITLE=a\njunk\nEND IONS\n", SPECTRA_FORMAT_MGF, {{NULL, 3, 1}}, 1},
        {"BEGIN IONS\nTITLE=a\n1 1\n", SPECTRA_FORMAT_MGF, {{NULL, 4, 1}}, 1},
        {"BEGIN IONS\nTITLE=a\n1 1 2 x\nEND IONS\n", SPECTRA_FORMAT_MGF, {{NULL, 3, 7}}, 1},
        {"BEGIN IONS\nTITLE=a\n1 1 \"x\" y\nEND IONS\n", SPECTRA_FORMAT_MGF, {{NULL, 3, 9}}, 1},
        {"ACCESSION: a\nCH$NAME: a\nPK$PEAK: m/z int. rel.int.\n//\n", SPECTRA_FORMAT_MASSBANK, {{NULL, 3, 1}}, 1},
        {"ACCESSION: a\nCH$NAME: a\n//\nfoo\n//\n", SPECTRA_FORMAT_MASSBANK, {{NULL, 3, 1}, {NULL, 4, 1}}, 2},
        {"ACCESSION: a\nPK$NUM_PEAK: 1\nPK$PEAK: m/z int. rel.int.\n  1 2\n//\n",
         SPECTRA_FORMAT_MASSBANK,
         {{NULL, 4, 6}},
         1},
        {"ACCESSION: a\na tag of far more than the sixty-four characters that one may have to be continued: b\n  "
         "c\n//\n",
         SPECTRA_FORMAT_MASSBANK,
         {{NULL, 3, 1}},
         1},
        {"ACCESSION: a\nPK$NUM_PEAK: 0\nPK$PEAK: m/z int. rel.int.\n", SPECTRA_FORMAT_MASSBANK, {{NULL, 4, 1}}, 1},
        {"Name: a\n", SPECTRA_FORMAT_RECORD, {{NULL, 1, 1}}, 1},
        {"", SPECTRA_FORMAT_RECORD, {{NULL, 1, 1}}, 1},
        {"spectra-records 1\nfoo: a\n", SPECTRA_FORMAT_RECORD, {{NULL, 2, 1}}, 1},
        {"spectra-records 1\nrecord: a\n\npeaks: 0\nend\n", SPECTRA_FORMAT_RECORD, {{NULL, 3, 1}}, 1},
        {"spectra-records 1\nrecord: a\npeaks: 1\n1 1 x\nend\n", SPECTRA_FORMAT_RECORD, {{NULL, 4, 5}}, 1},
        {"spectra-records 1\nrecord: a\npeaks: 0\n", SPECTRA_FORMAT_RECORD, {{NULL, 4, 1}}, 1},
        {"spectra-records 1\n", SPECTRA_FORMAT_RECORD, {{NULL, 0, 0}}, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        check_events(cases[i].text, cases[i].format, cases[i].events, cases[i].count);
    }
}

#define JCAMP_HEAD "##TITLE= a\n##NPOINTS= 1\n"
#define JCAMP_TABLE "##XYDATA= (XY..XY)\n"
#define JCAMP_NEXT "##TITLE= b\n##NPOINTS= 1\n##PEAK TABLE= (XY..XY)\n1 1\n##END=\n"

static void damage_to_jcamp_is_told_and_the_next_block_read(void **state) {
    (void)state;
    static const text_case cases[] = {
        {JCAMP_HEAD JCAMP_TABLE "1 1\n##END=\n" JCAMP_NEXT, SPECTRA_FORMAT_JCAMP, {{"a", 0, 0}, {"b", 0, 0}}, 2},
        {JCAMP_HEAD JCAMP_TABLE "1 1\n" JCAMP_NEXT, SPECTRA_FORMAT_JCAMP, {{"a", 0, 0}, {"b", 0, 0}}, 2},
        {JCAMP_HEAD JCAMP_TABLE "1 1, 2 2\n" JCAMP_NEXT, SPECTRA_FORMAT_JCAMP, {{NULL, 5, 1}, {"b", 0, 0}}, 2},
        {JCAMP_HEAD JCAMP_TABLE "1 1 2\n" JCAMP_NEXT, SPECTRA_FORMAT_JCAMP, {{NULL, 4, 6}, {"b", 0, 0}}, 2},
        {JCAMP_HEAD JCAMP_TABLE "1 1##END=\n" JCAMP_NEXT, SPECTRA_FORMAT_JCAMP, {{NULL, 4, 1}, {"b", 0, 0}}, 2},
        {JCAMP_HEAD JCAMP_TABLE "#END=\n" JCAMP_NEXT, SPECTRA_FORMAT_JCAMP, {{NULL, 4, 1}, {"b", 0, 0}}, 2},
        {JCAMP_HEAD "##XYDATA= (X++(Y..Y))\n1 1\n" JCAMP_NEXT, SPECTRA_FORMAT_JCAMP, {{NULL, 3, 3}, {"b", 0, 0}}, 2},
        {JCAMP_HEAD "##XYDTA= (XY..XY)\n1 1\n" JCAMP_NEXT, SPECTRA_FORMAT_JCAMP, {{NULL, 3, 1}, {"b", 0, 0}}, 2},
        {JCAMP_HEAD "##END=\n" JCAMP_NEXT, SPECTRA_FORMAT_JCAMP, {{NULL, 4, 1}, {"b", 0, 0}}, 2},
        {JCAMP_HEAD JCAMP_NEXT, SPECTRA_FORMAT_JCAMP, {{NULL, 4, 1}, {"b", 0, 0}}, 2},
        {JCAMP_HEAD "##OWNER\n" JCAMP_NEXT, SPECTRA_FORMAT_JCAMP, {{NULL, 3, 1}, {"b", 0, 0}}, 2},
        {JCAMP_HEAD "#OWNER= x\n" JCAMP_NEXT, SPECTRA_FORMAT_JCAMP, {{NULL, 3, 1}, {"b", 0, 0}}, 2},
        {JCAMP_HEAD "x\n" JCAMP_NEXT, SPECTRA_FORMAT_JCAMP, {{NULL, 3, 1}, {"b", 0, 0}}, 2},
        {JCAMP_HEAD "##OWNER= x##DATE= y\n" JCAMP_NEXT, SPECTRA_FORMAT_JCAMP, {{NULL, 3, 1}, {"b", 0, 0}}, 2},
        {JCAMP_HEAD "##DATA TYPE= INFRARED SPECTRUM\n" JCAMP_NEXT,
         SPECTRA_FORMAT_JCAMP,
         {{NULL, 3, 3}, {"b", 0, 0}},
         2},
        {JCAMP_HEAD "##YFACTOR= 2\n" JCAMP_NEXT, SPECTRA_FORMAT_JCAMP, {{NULL, 3, 3}, {"b", 0, 0}}, 2},
        {JCAMP_HEAD "##FACTOR= 1, 10\n" JCAMP_NEXT, SPECTRA_FORMAT_JCAMP, {{NULL, 3, 3}, {"b", 0, 0}}, 2},
        {JCAMP_HEAD JCAMP_TABLE "1 1\n##OWNER= x\n" JCAMP_NEXT,
         SPECTRA_FORMAT_JCAMP,
         {{"a", 0, 0}, {NULL, 5, 3}, {"b", 0, 0}},
         3},
        {"##OWNER= x\n" JCAMP_NEXT, SPECTRA_FORMAT_JCAMP, {{NULL, 1, 3}, {"b", 0, 0}}, 2},
        {JCAMP_HEAD, SPECTRA_FORMAT_JCAMP, {{NULL, 3, 1}}, 1},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_events(cases[i].text, cases[i].format, cases[i].events, cases[i].count);
}

static void jcamp_without_its_number_of_peaks_is_a_warning(void **state) {
    (void)state;
    bytes_in in = over_text("##TITLE=a\n##XYDATA=(XY..XY)\n1 1\n##TITLE=b\n##XYDATA=(XY..XY)\n1 1\n");
    spectra_reader *reader = open_bytes(&in, NULL);
    const spectra_spectrum *spectrum = next_good(reader);
    assert_int_equal(spectra_spectrum_warning_count(spectrum), 1);
    assert_string_equal(spectra_spectrum_warning(spectrum, 0), "no number of peaks is declared");
    spectrum = next_good(reader);
    assert_string_equal(spectra_spectrum_warning(spectrum, 1), "end not verified");
    spectra_reader_free(reader);
}

static void jcamp_tells_ionisation_and_polarity_in_one_word(void **state) {
    (void)state;
    bytes_in in = over_text("##TITLE=a\n##.IONIZATION MODE= EI+\n##XYDATA=(XY..XY)\n1 1\n##TITLE=b\n"
                            "##.IONIZATION MODE= CI-\n##XYDATA=(XY..XY)\n1 1\n");
    spectra_reader *reader = open_bytes(&in, NULL);
    const spectra_spectrum *spectrum = next_good(reader);
    assert_int_equal(spectra_spectrum_track(spectrum), SPECTRA_TRACK_EI);
    assert_int_equal(spectra_spectrum_polarity(spectrum), SPECTRA_POLARITY_POSITIVE);
    spectrum = next_good(reader);
    assert_int_equal(spectra_spectrum_track(spectrum), SPECTRA_TRACK_UNKNOWN);
    assert_int_equal(spectra_spectrum_polarity(spectrum), SPECTRA_POLARITY_NEGATIVE);
    spectra_reader_free(reader);
}

static void a_nul_byte_in_text_is_an_error(void **state) {
    (void)state;
    static const char text[] =
        "Name: a\0b\nNum Peaks: 0\n\nName: b\nNum Peaks: 1\n1 1 x\0y\n\nName: c\nNum Peaks: 1\n1 \0 1\n";
    bytes_in in = {text, sizeof text - 1, 0, 0};
    spectra_reader *reader = open_bytes(&in, NULL);
    const spectra_spectrum *spectrum;
    spectra_error error;
    assert_int_equal(spectra_reader_next(reader, &spectrum, &error), SPECTRA_E_FORMAT);
    assert_int_equal(error.offset, 7);
    assert_int_equal(spectra_reader_next(reader, &spectrum, &error), SPECTRA_E_FORMAT);
    assert_int_equal(error.line, 6);
    assert_int_equal(spectra_reader_next(reader, &spectrum, &error), SPECTRA_E_FORMAT);
    assert_int_equal(error.line, 10);
    assert_end(reader);
    spectra_reader_free(reader);
}

static void a_peak_that_may_be_lost_in_an_mgf_line_is_a_warning(void **state) {
    (void)state;
    static const struct {
        const char *lines, *warning;
    } cases[] = {
        {"1 1 2\n3 4", "only some peaks have a third column"},
        {"SCANS=1110.07 42\n3 4", "the last line of metadata may hold a peak"},
        {"CHARGE=1+105.07 42 C8H9\n3 4", "the last line of metadata may hold a peak"},
        {"SEQ=*..*110.07\t42 2+\n3 4 1\n5 6 1", "the last line of metadata may hold a peak"},
        {"PEPMASS=983.6846.60 73\n3 4", "the last line of metadata may hold a peak"},
        {"PEPMASS=810.78 1838.7231.4 26.5", "the last line of metadata may hold a peak"},
        {"PEPMASS=810.78 1838.7 231.4\n3 4", "the last line of metadata may hold a peak"},
        {"TITLE=a1 1e999\n3 4", NULL},
        {"TITLE=a 1 2\nPEPMASS=810.78 1838.7\n3 4 1\n5 6 2+", NULL},
        {"PEPMASS=810.78\nTITLE=2 a\n3 4 ion of 2+\n5 6 1/2", NULL},
        {"1 2 a\n3 4 b5 6.5 c\n7 8 d", "an annotation may hold a peak"},
        {"1 23 4", "the only peak has a third column"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[128];
        assert_true(snprintf(text, sizeof text, "BEGIN IONS\n%s\nEND IONS\n", cases[i].lines) < (int)sizeof text);
        bytes_in in = over_text(text);
        spectra_reader *reader = open_bytes(&in, NULL);
        const spectra_spectrum *spectrum = next_good(reader);
        assert_int_equal(spectra_spectrum_warning_count(spectrum), cases[i].warning ? 1 : 0);
        if (cases[i].warning) assert_string_equal(spectra_spectrum_warning(spectrum, 0), cases[i].warning);
        spectra_reader_free(reader);
    }
}

static void windows_1252_is_converted_with_a_warning(void **state) {
    (void)state;
    bytes_in in = over_text("Name: caf\xe9\nNum Peaks: 1\n1 1 \"\x80\"\n\nName: caf\xc3\xa9\nNum Peaks: 0\n");
    spectra_reader *reader = open_bytes(&in, NULL);
    const spectra_spectrum *spectrum = next_good(reader);
    assert_field(spectrum, SPECTRA_FIELD_NAME, "caf\xc3\xa9");
    assert_string_equal(spectra_spectrum_annotation(spectrum, 0), "\xe2\x82\xac");
    assert_int_equal(spectra_spectrum_warning_count(spectrum), 1);
    spectrum = next_good(reader);
    assert_field(spectrum, SPECTRA_FIELD_NAME, "caf\xc3\xa9");
    assert_int_equal(spectra_spectrum_warning_count(spectrum), 0);
    spectra_reader_free(reader);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_msp_records_give_one_error_each_with_its_place),
        cmocka_unit_test(bad_mgf_records_give_one_error_each_with_its_place),
        cmocka_unit_test(bad_massbank_records_give_one_error_each_with_its_place),
        cmocka_unit_test(bad_own_records_give_one_error_each_with_its_place),
        cmocka_unit_test(bad_columns_are_refused_with_their_place),
        cmocka_unit_test(oddities_end_in_an_error_or_a_whole_record),
        cmocka_unit_test(damage_to_jcamp_is_told_and_the_next_block_read),
        cmocka_unit_test(jcamp_without_its_number_of_peaks_is_a_warning),
        cmocka_unit_test(jcamp_tells_ionisation_and_polarity_in_one_word),
        cmocka_unit_test(a_nul_byte_in_text_is_an_error),
        cmocka_unit_test(a_peak_that_may_be_lost_in_an_mgf_line_is_a_warning),
        cmocka_unit_test(windows_1252_is_converted_with_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
