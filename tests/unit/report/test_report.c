/* SPDX-License-Identifier: Apache-2.0 */
/* Reports of hits and failures made by hand: what is missing is refused, what leads nowhere is left empty, text stays
   in its cell and in its string. The command line cases hold reports of real queries. */
#include "unit/db/sample.h"

#include "spectra/report.h"

static char written[1 << 14];
static size_t written_size;

static spectra_status keep(void *context, const char *bytes, size_t size) {
    (void)context;
    assert_true(written_size + size < sizeof written);
    memcpy(written + written_size, bytes, size);
    written_size += size;
    written[written_size] = '\0';
    return SPECTRA_OK;
}

static spectra_status refuse(void *context, const char *bytes, size_t size) {
    (void)context, (void)bytes, (void)size;
    return SPECTRA_E_IO;
}

static const spectra_sink sink = {NULL, keep};
static const spectra_sink full = {NULL, refuse};

static uint8_t *file;
static const spectra_database *database;
static spectra_spectrum *spectrum;
static const char *const name = "a file";
static spectra_report_query query;

static int begin(void **state) {
    (void)state;
    size_t size;
    file = sample_full_file(&size);
    database = sample_open(file, size);
    assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
    sample_add_line(spectrum, "Name", "one\ttwo \"three\"\nfour");
    query = (spectra_report_query){
        .spectrum = spectrum, .source = "-", .databases = &database, .database_names = &name, .database_count = 1};
    return 0;
}

static int end(void **state) {
    (void)state;
    spectra_spectrum_free(spectrum);
    spectra_database_close((spectra_database *)(uintptr_t)database);
    free(file);
    return 0;
}

static const spectra_hit real = {.entry = 1, .substance = 2, .score = SPECTRA_SCORE_ONE, .matched_peaks = 7};
static const spectra_hit nowhere = {.entry = 9999, .substance = 9999, .score = SPECTRA_SCORE_ONE / 2};

static spectra_status report(const spectra_hit *hits, uint32_t count, spectra_report_format format) {
    const spectra_search_summary summary = {.track = SPECTRA_TRACK_MSMS,
                                            .polarity = SPECTRA_POLARITY_POSITIVE,
                                            .measure = SPECTRA_MEASURE_ENTROPY,
                                            .hit_count = count};
    written_size = 0;
    return spectra_report_hits(&sink, format, &query, hits, &summary);
}

static void a_table_keeps_its_columns_whatever_the_text(void **state) {
    (void)state;
    assert_int_equal(report(&real, 1, SPECTRA_REPORT_TSV), SPECTRA_OK);
    size_t tabs = 0, lines = 0;
    for (const char *c = written; *c; c++) {
        tabs += *c == '\t';
        lines += *c == '\n';
    }
    assert_int_equal(tabs, 10);
    assert_int_equal(lines, 1);
    assert_non_null(strstr(written, "one two \"three\" four\t1\t1\tT-2\tsecond\t"));
    assert_non_null(strstr(written, "\t1.000000\t0.000000\t7\t\ta file\n"));
}

static void json_escapes_what_would_end_a_string_or_a_line(void **state) {
    (void)state;
    assert_int_equal(report(&real, 1, SPECTRA_REPORT_JSONL), SPECTRA_OK);
    assert_non_null(strstr(written, "\"id\":\"one\\ttwo \\\"three\\\"\\nfour\""));
    assert_ptr_equal(strchr(written, '\n'), written + written_size - 1);
}

static void a_hit_that_leads_nowhere_has_no_name(void **state) {
    (void)state;
    assert_int_equal(report(&nowhere, 1, SPECTRA_REPORT_TSV), SPECTRA_OK);
    assert_non_null(strstr(written, "\t1\t9999\t\t\t\t0.500000\t"));
    assert_int_equal(report(&nowhere, 1, SPECTRA_REPORT_JSONL), SPECTRA_OK);
    assert_non_null(strstr(written, "\"accession\":\"\",\"substance\":\"\""));
    assert_int_equal(report(&nowhere, 1, SPECTRA_REPORT_TEXT), SPECTRA_OK);
}

static void no_hit_is_said_in_words(void **state) {
    (void)state;
    assert_int_equal(report(NULL, 0, SPECTRA_REPORT_TEXT), SPECTRA_OK);
    assert_non_null(strstr(written, "no hit"));
    assert_int_equal(report(NULL, 0, SPECTRA_REPORT_TSV), SPECTRA_OK);
    assert_int_equal(written_size, 0);
}

static void a_failure_tells_its_place_where_it_has_one(void **state) {
    (void)state;
    spectra_error error = {.status = SPECTRA_E_FORMAT, .line = 12, .offset = 345, .message = "no number"};
    written_size = 0;
    assert_int_equal(spectra_report_failure(&sink, SPECTRA_REPORT_TEXT, "x.msp", 2, &error), SPECTRA_OK);
    assert_string_equal(written, "x.msp, record 3: no answer: no number (line 12, byte 345)\n\n");
    written_size = 0;
    assert_int_equal(spectra_report_failure(&sink, SPECTRA_REPORT_JSONL, "x.msp", 2, &error), SPECTRA_OK);
    assert_non_null(strstr(written, "\"message\":\"no number\",\"line\":12,\"offset\":345}}\n"));
    error.line = 0;
    written_size = 0;
    assert_int_equal(spectra_report_failure(&sink, SPECTRA_REPORT_TEXT, "x.msp", 2, &error), SPECTRA_OK);
    assert_string_equal(written, "x.msp, record 3: no answer: no number\n\n");
}

static void a_report_that_lacks_a_part_or_has_no_such_format_is_refused(void **state) {
    (void)state;
    const spectra_search_summary summary = {.hit_count = 1};
    const spectra_identification verdict = {.verdict = SPECTRA_VERDICT_NO_MATCH};
    const spectra_sink none = {NULL, NULL};
    const spectra_error error = {.status = SPECTRA_E_IO};
    spectra_report_query incomplete[6];
    for (size_t i = 0; i < COUNT_OF(incomplete); i++) incomplete[i] = query;
    incomplete[0].spectrum = NULL;
    incomplete[1].source = NULL;
    incomplete[2].databases = NULL;
    incomplete[3].database_names = NULL;
    incomplete[4].database_count = 0;
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(spectra_report_hits(&sink, SPECTRA_REPORT_TSV, &incomplete[i], &real, &summary),
                         SPECTRA_E_INVALID);
    assert_int_equal(spectra_report_hits(NULL, SPECTRA_REPORT_TSV, &query, &real, &summary), SPECTRA_E_INVALID);
    assert_int_equal(spectra_report_hits(&none, SPECTRA_REPORT_TSV, &query, &real, &summary), SPECTRA_E_INVALID);
    assert_int_equal(spectra_report_hits(&sink, SPECTRA_REPORT_TSV, NULL, &real, &summary), SPECTRA_E_INVALID);
    assert_int_equal(spectra_report_hits(&sink, SPECTRA_REPORT_TSV, &query, NULL, &summary), SPECTRA_E_INVALID);
    assert_int_equal(spectra_report_hits(&sink, SPECTRA_REPORT_TSV, &query, &real, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_report_hits(&sink, 9, &query, &real, &summary), SPECTRA_E_INVALID);
    assert_int_equal(spectra_report_hits_header(NULL, SPECTRA_REPORT_TSV), SPECTRA_E_INVALID);
    assert_int_equal(spectra_report_hits_header(&none, SPECTRA_REPORT_TSV), SPECTRA_E_INVALID);
    assert_int_equal(spectra_report_hits_header(&sink, SPECTRA_REPORT_TSV + 1), SPECTRA_E_INVALID);
    assert_int_equal(spectra_report_hits_header(&sink, SPECTRA_REPORT_TEXT - 1), SPECTRA_E_INVALID);
    assert_int_equal(spectra_report_identification(NULL, SPECTRA_REPORT_TEXT, &query, &verdict), SPECTRA_E_INVALID);
    assert_int_equal(spectra_report_identification(&sink, SPECTRA_REPORT_TEXT, &query, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_report_identification(&sink, SPECTRA_REPORT_TSV, &query, &verdict), SPECTRA_E_INVALID);
    assert_int_equal(spectra_report_failure(NULL, SPECTRA_REPORT_TEXT, "x", 0, &error), SPECTRA_E_INVALID);
    assert_int_equal(spectra_report_failure(&none, SPECTRA_REPORT_TEXT, "x", 0, &error), SPECTRA_E_INVALID);
    assert_int_equal(spectra_report_failure(&sink, SPECTRA_REPORT_TEXT, NULL, 0, &error), SPECTRA_E_INVALID);
    assert_int_equal(spectra_report_failure(&sink, SPECTRA_REPORT_TEXT, "x", 0, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_report_failure(&sink, SPECTRA_REPORT_TSV, "x", 0, &error), SPECTRA_E_INVALID);
}

static void a_sink_that_fails_fails_the_report(void **state) {
    (void)state;
    const spectra_search_summary summary = {.hit_count = 1};
    assert_int_equal(spectra_report_hits(&full, SPECTRA_REPORT_TSV, &query, &real, &summary), SPECTRA_E_IO);
    assert_int_equal(spectra_report_hits_header(&full, SPECTRA_REPORT_TSV), SPECTRA_E_IO);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_keeps_its_columns_whatever_the_text),
        cmocka_unit_test(json_escapes_what_would_end_a_string_or_a_line),
        cmocka_unit_test(a_hit_that_leads_nowhere_has_no_name),
        cmocka_unit_test(no_hit_is_said_in_words),
        cmocka_unit_test(a_failure_tells_its_place_where_it_has_one),
        cmocka_unit_test(a_report_that_lacks_a_part_or_has_no_such_format_is_refused),
        cmocka_unit_test(a_sink_that_fails_fails_the_report),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
