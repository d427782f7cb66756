/* SPDX-License-Identifier: Apache-2.0 */
/* Writing: what is written reads back the same, and what would not is refused. */
#include "spectrum/raw.h"
#include "unit/io/streams.h"

/* All spectra of some bytes, written in one format. */
static bytes_out convert(const char *bytes, size_t size, spectra_format format) {
    bytes_in in = {bytes, size, 0, 0};
    spectra_reader *reader = open_bytes(&in, NULL);
    bytes_out out = {NULL, 0};
    spectra_sink sink = {&out, write_bytes};
    spectra_writer *writer;
    assert_int_equal(spectra_writer_create(&writer, format, &sink, NULL), SPECTRA_OK);
    const spectra_spectrum *spectrum;
    spectra_status status;
    spectra_error error = {0};
    while ((status = spectra_reader_next(reader, &spectrum, &error)) == SPECTRA_OK) {
        status = spectra_writer_write(writer, spectrum, &error);
        if (status < 0) print_message("%s\n", error.message);
        assert_int_equal(status, SPECTRA_OK);
    }
    assert_int_equal(status, SPECTRA_END);
    assert_int_equal(spectra_writer_finish(writer), SPECTRA_OK);
    spectra_writer_free(writer);
    spectra_reader_free(reader);
    return out;
}

/* Writing a sample and reading it back changes nothing. */
static void check_round_trip(const char *name, spectra_format format) {
    size_t size;
    char *bytes = load_sample(name, &size);
    bytes_out direct = convert(bytes, size, SPECTRA_FORMAT_JSON), written = convert(bytes, size, format);
    bytes_out back = convert(written.bytes, written.size, SPECTRA_FORMAT_JSON);
    assert_string_equal(direct.bytes, back.bytes);
    free(direct.bytes);
    free(written.bytes);
    free(back.bytes);
    free(bytes);
}

static void msp_reads_back_the_same(void **state) {
    (void)state;
    static const char *const names[] = {"msp_nist.msp",  "msp_massbank.msp", "msp_mona.msp",
                                        "msp_riken.msp", "msp_swgdrug.msp",  "msp_golm.msp"};
    for (size_t i = 0; i < COUNT_OF(names); i++) check_round_trip(names[i], SPECTRA_FORMAT_MSP);
}

static void mgf_and_own_records_read_back_the_same(void **state) {
    (void)state;
    check_round_trip("mascot.mgf", SPECTRA_FORMAT_MGF);
    check_round_trip("records.spectra", SPECTRA_FORMAT_RECORD);
}

/* One spectrum of a text, written in a format. */
static char *rewrite(const char *text, spectra_format format) {
    bytes_in in = over_text(text);
    spectra_reader *reader = open_bytes(&in, NULL);
    char *written = write_one(next_good(reader), format);
    spectra_reader_free(reader);
    return written;
}

static void check_rewrite(const char *text, spectra_format format, const char *expected) {
    char *written = rewrite(text, format);
    assert_string_equal(written, expected);
    free(written);
}

static const char massbank[] = "ACCESSION: A1\nCH$NAME: caffeine\nCH$FORMULA: C8H10N4O2\n"
                               "AC$INSTRUMENT_TYPE: LC-ESI-QFT\nMS$FOCUSED_ION: PRECURSOR_M/Z 195.0877\n"
                               "MS$FOCUSED_ION: PRECURSOR_TYPE [M+H]+\nPK$NUM_PEAK: 1\n"
                               "PK$PEAK: m/z int. rel.int.\n  138.0662 23797.5 999\n//\n";

static void essentials_are_written_under_the_keys_of_the_format(void **state) {
    (void)state;
    check_rewrite(massbank, SPECTRA_FORMAT_MSP,
                  "Name: caffeine\nPrecursorMZ: 195.0877\nACCESSION: A1\nCH$NAME: caffeine\nCH$FORMULA: C8H10N4O2\n"
                  "AC$INSTRUMENT_TYPE: LC-ESI-QFT\nMS$FOCUSED_ION: PRECURSOR_M/Z 195.0877\n"
                  "MS$FOCUSED_ION: PRECURSOR_TYPE [M+H]+\nNum Peaks: 1\n138.0662 23797.5\n\n");
    check_rewrite(massbank, SPECTRA_FORMAT_MGF,
                  "BEGIN IONS\nTITLE=caffeine\nPEPMASS=195.0877\nCHARGE=1+\nACCESSION=A1\nCH$NAME=caffeine\n"
                  "CH$FORMULA=C8H10N4O2\nAC$INSTRUMENT_TYPE=LC-ESI-QFT\nMS$FOCUSED_ION=PRECURSOR_M/Z 195.0877\n"
                  "MS$FOCUSED_ION=PRECURSOR_TYPE [M+H]+\n138.0662 23797.5\nEND IONS\n\n");
    check_rewrite(massbank, SPECTRA_FORMAT_RECORD,
                  "spectra-records 1\nrecord: A1\nname: caffeine\ntrack: msms\npolarity: positive\n"
                  "precursor_mz: 195.0877\nACCESSION: A1\nCH$NAME: caffeine\nCH$FORMULA: C8H10N4O2\n"
                  "AC$INSTRUMENT_TYPE: LC-ESI-QFT\nMS$FOCUSED_ION: PRECURSOR_M/Z 195.0877\n"
                  "MS$FOCUSED_ION: PRECURSOR_TYPE [M+H]+\npeaks: 1\n138.0662 23797.5\nend\n\n");
    check_rewrite("BEGIN IONS\nTITLE=scan 7\nPEPMASS=195.0877 12\nCHARGE=1+\n1 1\nEND IONS\n", SPECTRA_FORMAT_MSP,
                  "Name: scan 7\nPrecursorMZ: 195.0877\nTITLE: scan 7\nPEPMASS: 195.0877 12\nCHARGE: 1+\n"
                  "Num Peaks: 1\n1 1\n\n");
}

static void a_precursor_that_is_computed_is_not_written(void **state) {
    (void)state;
    check_rewrite("NAME: a\nFormula: C8H10N4O2\nAdduct: [M+H]+\nNum Peaks: 0\n", SPECTRA_FORMAT_MSP,
                  "NAME: a\nFormula: C8H10N4O2\nAdduct: [M+H]+\nNum Peaks: 0\n\n");
}

static void what_cannot_be_read_of_a_record_gets_no_key_of_the_format(void **state) {
    (void)state;
    check_rewrite("TITLE: a\nPrecursorMZ: 337,2\nAdduct: M+H\nNum Peaks: 0\n", SPECTRA_FORMAT_MGF,
                  "BEGIN IONS\nTITLE=a\nPrecursorMZ=337,2\nAdduct=M+H\nEND IONS\n\n");
}

static void a_charge_in_a_comment_is_that_of_the_record(void **state) {
    (void)state;
    check_rewrite("TITLE: a\nComments: \"charge=2+\"\nAdduct: [M+H]+\nNum Peaks: 0\n", SPECTRA_FORMAT_MGF,
                  "BEGIN IONS\nCHARGE=2+\nTITLE=a\nComments=\"charge=2+\"\nAdduct=[M+H]+\nEND IONS\n\n");
}

static void annotations_are_quoted_where_they_must_be(void **state) {
    (void)state;
    static const char mgf[] = "BEGIN IONS\nTITLE=a\n1 1 \"2 x\"\n2 1 ion \"b\"\n3 1 \" c\"\n4 1 2+\nEND IONS\n";
    static const char written[] =
        "Name: a\nTITLE: a\nNum Peaks: 4\n1 1 \"2 x\"\n2 1 ion \"b\"\n3 1 \" c\"\n4 1 \"2+\"\n\n";
    check_rewrite(mgf, SPECTRA_FORMAT_MSP, written);
    char *back = rewrite(written, SPECTRA_FORMAT_MGF);
    assert_string_equal(strstr(back, "1 1 "), "1 1 \"2 x\"\n2 1 ion \"b\"\n3 1 \" c\"\n4 1 2+\nEND IONS\n\n");
    free(back);
}

typedef struct refused_pair {
    spectra_format format;
    const char *key, *value;
} refused_pair;

static spectra_status ignore_bytes(void *context, const char *bytes, size_t size) {
    (void)bytes;
    *(size_t *)context += size;
    return SPECTRA_OK;
}

static spectra_status try_write(const spectra_spectrum *spectrum, spectra_format format, size_t *written) {
    *written = 0;
    spectra_sink sink = {written, ignore_bytes};
    spectra_writer *writer;
    spectra_error error = {0};
    assert_int_equal(spectra_writer_create(&writer, format, &sink, NULL), SPECTRA_OK);
    spectra_status status = spectra_writer_write(writer, spectrum, &error);
    assert_int_equal(status, error.status);
    spectra_writer_free(writer);
    return status;
}

static void what_a_format_cannot_carry_is_refused_whole(void **state) {
    (void)state;
    static const refused_pair cases[] = {
        {SPECTRA_FORMAT_MSP, "a:b", "x"},
        {SPECTRA_FORMAT_MSP, "a\nb", "x"},
        {SPECTRA_FORMAT_MSP, "a", "x\ny"},
        {SPECTRA_FORMAT_MSP, "a", "x\ry"},
        {SPECTRA_FORMAT_MSP, "#a", "x"},
        {SPECTRA_FORMAT_MSP, "NumPeaks", "1"},
        {SPECTRA_FORMAT_MSP, "\357\273\277a", "x"},
        {SPECTRA_FORMAT_MGF, "a=b", "x"},
        {SPECTRA_FORMAT_MGF, "1a", "x"},
        {SPECTRA_FORMAT_MGF, "-a", "x"},
        {SPECTRA_FORMAT_MGF, "a", "x\ny"},
        {SPECTRA_FORMAT_RECORD, "a:b", "x"},
        {SPECTRA_FORMAT_RECORD, "peaks", "1"},
        {SPECTRA_FORMAT_RECORD, "#a", "x"},
        {SPECTRA_FORMAT_RECORD, "record", "another"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        spectra_spectrum *spectrum;
        size_t written;
        assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
        assert_int_equal(spectra_spectrum_add_metadata(spectrum, "DB#", "1"), SPECTRA_OK);
        assert_int_equal(try_write(spectrum, cases[i].format, &written), SPECTRA_OK);
        assert_int_equal(spectra_spectrum_add_metadata(spectrum, cases[i].key, cases[i].value), SPECTRA_OK);
        assert_int_equal(try_write(spectrum, cases[i].format, &written), SPECTRA_E_FORMAT);
        assert_int_equal(written, 0);
        assert_int_equal(try_write(spectrum, SPECTRA_FORMAT_JSON, &written), SPECTRA_OK);
        spectra_spectrum_free(spectrum);
    }
}

/* With a quote in it, it can stand in no quotes. */
static void an_annotation_that_would_begin_a_record_is_refused(void **state) {
    (void)state;
    bytes_in in = over_text("BEGIN IONS\nTITLE=a\n1 1 id: \"b\"\n2 1 ids: \"b\"\nEND IONS\n"
                            "BEGIN IONS\nTITLE=a\n1 1 ids: \"b\"\n2 1 id: b\nEND IONS\n");
    spectra_reader *reader = open_bytes(&in, NULL);
    const spectra_spectrum *spectrum = next_good(reader);
    size_t written;
    assert_int_equal(try_write(spectrum, SPECTRA_FORMAT_MSP, &written), SPECTRA_E_FORMAT);
    assert_int_equal(try_write(spectrum, SPECTRA_FORMAT_MGF, &written), SPECTRA_OK);
    spectrum = next_good(reader);
    assert_int_equal(try_write(spectrum, SPECTRA_FORMAT_MSP, &written), SPECTRA_OK);
    spectra_reader_free(reader);
}

static void an_annotation_that_begins_with_a_quote_cannot_stand_bare(void **state) {
    (void)state;
    bytes_in in = over_text("Name: a\nNum Peaks: 1\n1 1 b\n");
    spectra_reader *reader = open_bytes(&in, NULL);
    spectra_spectrum *spectrum = (spectra_spectrum *)(uintptr_t)next_good(reader);
    size_t written;
    assert_true(spectrum_add_annotation(spectrum, "\"c", 2));
    assert_int_equal(try_write(spectrum, SPECTRA_FORMAT_MGF, &written), SPECTRA_E_FORMAT);
    assert_int_equal(written, 0);
    spectra_reader_free(reader);
}

static void an_own_record_needs_an_accession(void **state) {
    (void)state;
    spectra_spectrum *spectrum;
    size_t written;
    assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
    assert_int_equal(try_write(spectrum, SPECTRA_FORMAT_RECORD, &written), SPECTRA_E_FORMAT);
    spectra_spectrum_free(spectrum);
}

static void json_is_complete(void **state) {
    (void)state;
    check_rewrite(
        "Name: a\nSynon: b\nSynon: c\nx y: \nDB#: 7\nSynon: d\nNum Peaks: 2\n1e-7 0.25\n2e21 3 \"q\"\n",
        SPECTRA_FORMAT_JSON,
        "[\n{\"id\":\"7\",\"metadata\":{\"Name\":\"a\",\"Synon\":[\"b\",\"c\",\"d\"],\"x y\":\"\",\"DB#\":\"7\"},"
        "\"peaks\":[[1e-7,0.25],[2e21,3]],\"annotations\":[null,\"q\"]}\n]\n");
    check_rewrite("1 2\n", SPECTRA_FORMAT_JSON, "[\n{\"id\":null,\"metadata\":{},\"peaks\":[[1,2]]}\n]\n");
}

static void json_escapes_what_it_must(void **state) {
    (void)state;
    check_rewrite("Name: \"a\\b/\x01\x1f\x7f\tc\xc3\xa9\bd\fe\nNum Peaks: 0\n", SPECTRA_FORMAT_JSON,
                  "[\n{\"id\":\"\\\"a\\\\b/\\u0001\\u001f\x7f\\tc\xc3\xa9\\bd\\fe\",\"metadata\":{\"Name\":"
                  "\"\\\"a\\\\b/\\u0001\\u001f\x7f\\tc\xc3\xa9\\bd\\fe\"},\"peaks\":[]}\n]\n");
}

static void a_file_without_spectra_is_whole(void **state) {
    (void)state;
    static const struct {
        spectra_format format;
        const char *text;
    } cases[] = {
        {SPECTRA_FORMAT_JSON, "[\n]\n"}, {SPECTRA_FORMAT_RECORD, "spectra-records 1\n"}, {SPECTRA_FORMAT_MSP, NULL}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        bytes_out out = {NULL, 0};
        spectra_sink sink = {&out, write_bytes};
        spectra_writer *writer;
        assert_int_equal(spectra_writer_create(&writer, cases[i].format, &sink, NULL), SPECTRA_OK);
        assert_int_equal(spectra_writer_finish(writer), SPECTRA_OK);
        spectra_writer_free(writer);
        if (cases[i].text) assert_string_equal(out.bytes, cases[i].text);
        if (!cases[i].text) assert_int_equal(out.size, 0);
        free(out.bytes);
    }
}

static void spectra_stand_one_behind_the_other(void **state) {
    (void)state;
    static const char text[] = "Name: a\nNum Peaks: 0\n\nName: b\nNum Peaks: 0\n\n";
    bytes_out json = convert(text, sizeof text - 1, SPECTRA_FORMAT_JSON);
    bytes_out msp = convert(text, sizeof text - 1, SPECTRA_FORMAT_MSP);
    assert_string_equal(json.bytes, "[\n{\"id\":\"a\",\"metadata\":{\"Name\":\"a\"},\"peaks\":[]},"
                                    "\n{\"id\":\"b\",\"metadata\":{\"Name\":\"b\"},\"peaks\":[]}\n]\n");
    assert_string_equal(msp.bytes, text);
    free(json.bytes);
    free(msp.bytes);
}

static spectra_status refuse_bytes(void *context, const char *bytes, size_t size) {
    (void)context, (void)bytes, (void)size;
    return SPECTRA_E_LIMIT;
}

static void a_sink_that_fails_is_an_io_error(void **state) {
    (void)state;
    spectra_sink sink = {NULL, refuse_bytes};
    spectra_spectrum *spectrum;
    spectra_writer *writer;
    assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
    assert_int_equal(spectra_writer_create(&writer, SPECTRA_FORMAT_JSON, &sink, NULL), SPECTRA_OK);
    assert_int_equal(spectra_writer_write(writer, spectrum, NULL), SPECTRA_E_IO);
    assert_int_equal(spectra_writer_finish(writer), SPECTRA_E_IO);
    spectra_writer_free(writer);
    spectra_spectrum_free(spectrum);
}

static void only_formats_that_are_written_have_a_writer(void **state) {
    (void)state;
    size_t written;
    spectra_sink sink = {&written, ignore_bytes};
    spectra_writer *writer;
    assert_int_equal(spectra_writer_create(&writer, SPECTRA_FORMAT_MASSBANK, &sink, NULL), SPECTRA_E_UNSUPPORTED);
    assert_int_equal(spectra_writer_create(&writer, SPECTRA_FORMAT_TEXT, &sink, NULL), SPECTRA_E_UNSUPPORTED);
    assert_int_equal(spectra_writer_create(&writer, SPECTRA_FORMAT_UNKNOWN, &sink, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_writer_create(&writer, 7, &sink, NULL), SPECTRA_E_INVALID);
    assert_null(writer);
}

static void without_a_writer_nothing_is_written(void **state) {
    (void)state;
    size_t written = 0;
    spectra_sink sink = {&written, ignore_bytes}, no_sink = {&written, NULL};
    spectra_writer *writer;
    assert_int_equal(spectra_writer_create(NULL, SPECTRA_FORMAT_MSP, &sink, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_writer_create(&writer, SPECTRA_FORMAT_MSP, NULL, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_writer_create(&writer, SPECTRA_FORMAT_MSP, &no_sink, NULL), SPECTRA_E_INVALID);
    assert_null(writer);
    assert_int_equal(spectra_writer_create(&writer, SPECTRA_FORMAT_MSP, &sink, NULL), SPECTRA_OK);
    assert_int_equal(spectra_writer_write(writer, NULL, NULL), SPECTRA_E_INVALID);
    spectra_writer_free(writer);
    spectra_spectrum *spectrum;
    assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
    assert_int_equal(spectra_writer_write(NULL, spectrum, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_writer_finish(NULL), SPECTRA_E_INVALID);
    spectra_spectrum_free(spectrum);
    assert_int_equal(written, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(msp_reads_back_the_same),
        cmocka_unit_test(mgf_and_own_records_read_back_the_same),
        cmocka_unit_test(essentials_are_written_under_the_keys_of_the_format),
        cmocka_unit_test(a_precursor_that_is_computed_is_not_written),
        cmocka_unit_test(what_cannot_be_read_of_a_record_gets_no_key_of_the_format),
        cmocka_unit_test(a_charge_in_a_comment_is_that_of_the_record),
        cmocka_unit_test(annotations_are_quoted_where_they_must_be),
        cmocka_unit_test(what_a_format_cannot_carry_is_refused_whole),
        cmocka_unit_test(an_annotation_that_would_begin_a_record_is_refused),
        cmocka_unit_test(an_annotation_that_begins_with_a_quote_cannot_stand_bare),
        cmocka_unit_test(an_own_record_needs_an_accession),
        cmocka_unit_test(json_is_complete),
        cmocka_unit_test(json_escapes_what_it_must),
        cmocka_unit_test(a_file_without_spectra_is_whole),
        cmocka_unit_test(spectra_stand_one_behind_the_other),
        cmocka_unit_test(a_sink_that_fails_is_an_io_error),
        cmocka_unit_test(only_formats_that_are_written_have_a_writer),
        cmocka_unit_test(without_a_writer_nothing_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
