/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers make of each dialect, and what their options do. */
#include "unit/io/streams.h"

static void assert_peak(const spectra_spectrum *spectrum, size_t index, double mz, double intensity) {
    assert_true(index < spectra_spectrum_peak_count(spectrum));
    assert_true(spectra_spectrum_mz(spectrum)[index] == mz);
    assert_true(spectra_spectrum_intensity(spectrum)[index] == intensity);
}

static size_t count_key(const spectra_spectrum *spectrum, const char *wanted) {
    size_t count = 0;
    const char *key, *value;
    for (size_t i = 0; spectra_spectrum_metadata(spectrum, i, &key, &value) == SPECTRA_OK; i++) {
        if (strcmp(key, wanted) == 0) count++;
    }
    return count;
}

/* A sample and the reader over it. */
typedef struct sample {
    char *text;
    bytes_in in;
    spectra_reader *reader;
} sample;

static void open_sample(sample *s, const char *name) {
    s->text = load_sample(name, &s->in.size);
    s->in = (bytes_in){s->text, s->in.size, 0, 0};
    s->reader = open_bytes(&s->in, NULL);
}

static void close_sample(sample *s) {
    assert_end(s->reader);
    spectra_reader_free(s->reader);
    free(s->text);
}

/* --- Dialects --- */

static void nist_msp_is_read(void **state) {
    (void)state;
    sample s;
    open_sample(&s, "msp_nist.msp");
    const spectra_spectrum *spectrum = next_good(s.reader);
    assert_int_equal(spectra_spectrum_peak_count(spectrum), 12);
    assert_peak(spectrum, 0, 42, 187);
    assert_peak(spectrum, 11, 246, 180);
    assert_field(spectrum, SPECTRA_FIELD_CAS, "437-38-7");
    assert_field(spectrum, SPECTRA_FIELD_ACCESSION, "1");
    assert_int_equal(count_key(spectrum, "Synon"), 2);
    assert_int_equal(count_key(spectrum, "Num Peaks"), 0);
    assert_int_equal(spectra_spectrum_track(spectrum), SPECTRA_TRACK_UNKNOWN);
    assert_int_equal(spectra_spectrum_peak_count(next_good(s.reader)), 5);
    spectrum = next_good(s.reader);
    assert_string_equal(spectra_spectrum_annotation(spectrum, 2), "p/0.9ppm; 10/12");
    assert_int_equal(spectra_spectrum_track(spectrum), SPECTRA_TRACK_MSMS);
    assert_int_equal(spectra_spectrum_warning_count(spectrum), 0);
    close_sample(&s);
}

static void massbank_msp_without_a_last_line_end_is_not_verified(void **state) {
    (void)state;
    sample s;
    open_sample(&s, "msp_massbank.msp");
    const spectra_spectrum *spectrum = next_good(s.reader);
    assert_int_equal(spectra_spectrum_warning_count(spectrum), 0);
    assert_int_equal(spectra_spectrum_polarity(spectrum), SPECTRA_POLARITY_POSITIVE);
    spectrum = next_good(s.reader);
    assert_peak(spectrum, 1, 150.0561, 310);
    assert_int_equal(spectra_spectrum_warning_count(spectrum), 1);
    assert_string_equal(spectra_spectrum_warning(spectrum, 0), "end not verified");
    close_sample(&s);
}

static void mona_msp_is_read(void **state) {
    (void)state;
    sample s;
    double mz;
    open_sample(&s, "msp_mona.msp");
    const spectra_spectrum *spectrum = next_good(s.reader);
    assert_field(spectrum, SPECTRA_FIELD_ACCESSION, "OWN10001");
    assert_field(spectrum, SPECTRA_FIELD_AUTHOR, "Nobody, In Particular");
    assert_null(spectra_spectrum_field(spectrum, SPECTRA_FIELD_PRECURSOR_MZ));
    assert_int_equal(spectra_spectrum_precursor_mz(spectrum, &mz), SPECTRA_OK);
    assert_true(mz > 194.0797 && mz < 194.0800);
    assert_int_equal(spectra_spectrum_track(spectrum), SPECTRA_TRACK_EI);
    assert_peak(spectrum, 3, 194, 99.99);
    assert_int_equal(spectra_spectrum_track(next_good(s.reader)), SPECTRA_TRACK_EI);
    close_sample(&s);
}

static void riken_msp_may_name_the_compound_in_the_middle(void **state) {
    (void)state;
    sample s;
    double mz;
    open_sample(&s, "msp_riken.msp");
    const spectra_spectrum *spectrum = next_good(s.reader);
    assert_field(spectrum, SPECTRA_FIELD_NAME, "Caffeine");
    assert_field(spectrum, SPECTRA_FIELD_INCHIKEY, "RYYVLZVUVIJVGH-UHFFFAOYSA-N");
    assert_int_equal(spectra_spectrum_precursor_mz(spectrum, &mz), SPECTRA_OK);
    assert_true(mz == 195.0876617431641);
    assert_int_equal(count_key(spectrum, "RETENTIONTIME"), 1);
    assert_peak(spectrum, 0, 138.0662, 999);
    spectrum = next_good(s.reader);
    assert_string_equal(spectra_spectrum_annotation(spectrum, 0), "phosphocholine");
    assert_string_equal(spectra_spectrum_annotation(spectrum, 1), "[M+H-C18H32O]+ loss of 18:1");
    assert_null(spectra_spectrum_annotation(spectrum, 2));
    close_sample(&s);
}

static void swgdrug_msp_closes_a_record_by_the_next_key(void **state) {
    (void)state;
    sample s;
    open_sample(&s, "msp_swgdrug.msp");
    const spectra_spectrum *spectrum = next_good(s.reader);
    assert_field(spectrum, SPECTRA_FIELD_ACCESSION, "49");
    assert_field(spectrum, SPECTRA_FIELD_SMILES, "[H+].[Cl-]");
    assert_peak(spectrum, 2, 37, 50.25);
    spectrum = next_good(s.reader);
    assert_field(spectrum, SPECTRA_FIELD_NAME, "Cocaine");
    assert_int_equal(spectra_spectrum_track(spectrum), SPECTRA_TRACK_EI);
    close_sample(&s);
}

static void golm_msp_keeps_decimal_commas_in_metadata(void **state) {
    (void)state;
    sample s;
    open_sample(&s, "msp_golm.msp");
    const spectra_spectrum *spectrum = next_good(s.reader);
    assert_field(spectrum, SPECTRA_FIELD_NAME, "M000001_A000001-101-xxx_NA_959,45_PRED_VAR5_ALK_Unknown#own-001");
    assert_int_equal(spectra_spectrum_peak_count(spectrum), 7);
    assert_peak(spectrum, 6, 81, 0);
    spectrum = next_good(s.reader);
    assert_field(spectrum, SPECTRA_FIELD_RETENTION_INDEX, "986,97");
    assert_field(spectrum, SPECTRA_FIELD_INCHIKEY, "FFDGPVCHZBVARC-UHFFFAOYSA-N");
    assert_null(spectra_spectrum_field(spectrum, SPECTRA_FIELD_CAS));
    close_sample(&s);
}

static void gnps_mgf_is_read(void **state) {
    (void)state;
    sample s;
    open_sample(&s, "gnps.mgf");
    const spectra_spectrum *spectrum = next_good(s.reader);
    assert_field(spectrum, SPECTRA_FIELD_ACCESSION, "OWNLIB00000000001");
    assert_null(spectra_spectrum_field(spectrum, SPECTRA_FIELD_CHARGE));
    assert_null(spectra_spectrum_field(spectrum, SPECTRA_FIELD_POLARITY));
    assert_int_equal(spectra_spectrum_track(spectrum), SPECTRA_TRACK_MSMS);
    assert_peak(spectrum, 1, 138.066162, 1251055616);
    assert_int_equal(spectra_spectrum_polarity(next_good(s.reader)), SPECTRA_POLARITY_NEGATIVE);
    close_sample(&s);
}

static void mascot_mgf_shares_what_stands_before_the_records(void **state) {
    (void)state;
    sample s;
    double mz;
    open_sample(&s, "mascot.mgf");
    const spectra_spectrum *spectrum = next_good(s.reader);
    assert_field(spectrum, SPECTRA_FIELD_CHARGE, "2+");
    assert_int_equal(count_key(spectrum, "CHARGE"), 1);
    assert_int_equal(count_key(spectrum, "ITOL"), 1);
    spectrum = next_good(s.reader);
    assert_field(spectrum, SPECTRA_FIELD_CHARGE, "2+ and 3+");
    assert_int_equal(spectra_spectrum_precursor_mz(spectrum, &mz), SPECTRA_OK);
    assert_true(mz == 1084.9);
    assert_string_equal(spectra_spectrum_annotation(spectrum, 1), "2+");
    close_sample(&s);
}

static void massbank_records_are_read(void **state) {
    (void)state;
    sample s;
    double mz;
    open_sample(&s, "massbank.txt");
    const spectra_spectrum *spectrum = next_good(s.reader);
    assert_field(spectrum, SPECTRA_FIELD_NAME, "Caffeine");
    assert_field(spectrum, SPECTRA_FIELD_ACCESSION, "OWN00011");
    assert_field(spectrum, SPECTRA_FIELD_INCHIKEY, "RYYVLZVUVIJVGH-UHFFFAOYSA-N");
    assert_field(spectrum, SPECTRA_FIELD_COLLISION_ENERGY, "35 % (nominal)");
    assert_int_equal(spectra_spectrum_precursor_mz(spectrum, &mz), SPECTRA_OK);
    assert_true(mz == 193.0731);
    assert_int_equal(spectra_spectrum_polarity(spectrum), SPECTRA_POLARITY_NEGATIVE);
    assert_int_equal(spectra_spectrum_track(spectrum), SPECTRA_TRACK_MSMS);
    assert_int_equal(count_key(spectrum, "PK$ANNOTATION"), 3);
    assert_peak(spectrum, 0, 178.0496, 23797.5);
    spectrum = next_good(s.reader);
    assert_int_equal(spectra_spectrum_track(spectrum), SPECTRA_TRACK_EI);
    assert_peak(spectrum, 2, 92, 75);
    close_sample(&s);
}

static void two_columns_are_never_verified(void **state) {
    (void)state;
    static const char *const names[] = {"two_columns.txt", "two_columns.csv"};
    static const double last[][2] = {{188.144, 4717.06}, {303.1, 210}};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        sample s;
        open_sample(&s, names[i]);
        const spectra_spectrum *spectrum = next_good(s.reader);
        assert_peak(spectrum, spectra_spectrum_peak_count(spectrum) - 1, last[i][0], last[i][1]);
        assert_int_equal(spectra_spectrum_track(spectrum), SPECTRA_TRACK_UNKNOWN);
        assert_string_equal(spectra_spectrum_warning(spectrum, 0), "end not verified");
        close_sample(&s);
    }
}

static void own_records_are_read(void **state) {
    (void)state;
    sample s;
    open_sample(&s, "records.spectra");
    const spectra_spectrum *spectrum = next_good(s.reader);
    assert_field(spectrum, SPECTRA_FIELD_ACCESSION, "OWN-EI-1");
    assert_int_equal(spectra_spectrum_track(spectrum), SPECTRA_TRACK_EI);
    assert_int_equal(count_key(spectrum, "reviewed by"), 1);
    assert_peak(spectrum, 3, 245, 999);
    spectrum = next_good(s.reader);
    assert_int_equal(spectra_spectrum_track(spectrum), SPECTRA_TRACK_MSMS);
    assert_string_equal(spectra_spectrum_annotation(spectrum, 0), "C8H9+");
    spectrum = next_good(s.reader);
    assert_int_equal(spectra_spectrum_peak_count(spectrum), 0);
    assert_int_equal(spectra_spectrum_warning_count(spectrum), 0);
    close_sample(&s);
}

/* --- Options --- */

static void check_option(const spectra_reader_options *options, const char *text, spectra_status expected,
                         uint64_t line) {
    bytes_in in = over_text(text);
    spectra_reader *reader = open_bytes(&in, options);
    const spectra_spectrum *spectrum;
    spectra_error error = {0};
    assert_int_equal(spectra_reader_next(reader, &spectrum, &error), expected);
    if (expected < 0) assert_int_equal(error.line, line);
    next_good(reader);
    assert_end(reader);
    spectra_reader_free(reader);
}

static void limits_are_those_of_a_record(void **state) {
    (void)state;
    static const char rest[] = "\n\nName: b\nNum Peaks: 1\n1 1\n";
    static const struct {
        const char *text;
        uint64_t line; /* of the error where the limit is one less */
        spectra_reader_options within, beyond;
    } cases[] = {
        {"Name: a\nNum Peaks: 2\n1 1\n2 2", 2, {.max_peaks = 2}, {.max_peaks = 1}},
        {"Name: a\nX: 1\nNum Peaks: 0", 2, {.max_metadata = 2}, {.max_metadata = 1}},
        {"Name: a\nX: 34567890123456\nNum Peaks: 0", 2, {.max_line_size = 17}, {.max_line_size = 16}},
        {"Name: a\nNum Peaks: 0\n# 345678901234567", 3, {.max_line_size = 17}, {.max_line_size = 16}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[128];
        strcpy(text, cases[i].text);
        strcat(text, rest);
        spectra_reader_options within = cases[i].within, beyond = cases[i].beyond;
        within.size = beyond.size = sizeof within;
        check_option(&within, text, SPECTRA_OK, 0);
        check_option(&beyond, text, SPECTRA_E_LIMIT, cases[i].line);
    }
}

static void peaks_without_a_declared_number_are_limited_too(void **state) {
    (void)state;
    spectra_reader_options options = {.size = sizeof options, .max_peaks = 1};
    check_option(&options, "BEGIN IONS\n1 1\n2 2\nEND IONS\nBEGIN IONS\n1 1\nEND IONS\n", SPECTRA_E_LIMIT, 3);
}

static void what_is_common_to_mgf_records_is_limited(void **state) {
    (void)state;
    static char text[80000];
    spectra_reader_options options = {.size = sizeof options, .format = SPECTRA_FORMAT_MGF};
    static const struct {
        int lines, size;
        bool good;
    } cases[] = {{256, 10, true}, {257, 10, false}, {16, 4096, true}, {17, 4096, false}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *end = text;
        for (int line = 0; line < cases[i].lines; line++) {
            memset(end, 'x', (size_t)cases[i].size);
            memcpy(end, "k=", 2);
            end[cases[i].size] = '\n';
            end += cases[i].size + 1;
        }
        strcpy(end, "BEGIN IONS\nTITLE=a\n1 1\nEND IONS\n");
        bytes_in in = over_text(text);
        spectra_reader *reader = open_bytes(&in, &options);
        const spectra_spectrum *spectrum;
        if (!cases[i].good) assert_int_equal(spectra_reader_next(reader, &spectrum, NULL), SPECTRA_E_LIMIT);
        int kept = cases[i].lines - (cases[i].good ? 0 : 1);
        assert_int_equal(spectra_spectrum_metadata_count(next_good(reader)), kept + 1);
        assert_end(reader);
        spectra_reader_free(reader);
    }
}

static void strict_refuses_what_is_not_verified(void **state) {
    (void)state;
    static const char *const texts[] = {"Name: a\nNum Peaks: 1\n1 1", "1 1\n"};
    spectra_reader_options options = {.size = sizeof options, .strict = 1};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        bytes_in in = over_text(texts[i]);
        spectra_reader *reader = open_bytes(&in, &options);
        const spectra_spectrum *spectrum;
        spectra_error error;
        assert_int_equal(spectra_reader_next(reader, &spectrum, &error), SPECTRA_E_FORMAT);
        assert_string_equal(error.message, "end not verified");
        assert_end(reader);
        spectra_reader_free(reader);
    }
}

static void a_reader_that_failed_stays_failed(void **state) {
    (void)state;
    static char text[70000];
    memset(text, '\n', sizeof text);
    memcpy(text, "Name: a\nNum Peaks: 0\n", 21);
    bytes_in in = {text, sizeof text, 0, 0};
    spectra_reader *reader;
    assert_int_equal(spectra_reader_open_stream(&reader, read_then_fail, &in, NULL, NULL, NULL), SPECTRA_OK);
    next_good(reader);
    const spectra_spectrum *spectrum;
    for (int i = 0; i < 3; i++) assert_int_equal(spectra_reader_next(reader, &spectrum, NULL), SPECTRA_E_IO);
    in = (bytes_in){text, 0, 0, 0};
    spectra_reader_free(reader);
    assert_int_equal(spectra_reader_open_stream(&reader, read_then_fail, &in, NULL, NULL, NULL), SPECTRA_E_IO);
}

static void a_stream_that_fails_in_a_line_too_long_is_an_io_error(void **state) {
    (void)state;
    static char text[70000];
    memset(text, 'x', sizeof text);
    bytes_in in = {text, sizeof text, 0, 0};
    spectra_reader_options options = {.size = sizeof options, .format = SPECTRA_FORMAT_MSP, .max_line_size = 16};
    spectra_reader *reader;
    const spectra_spectrum *spectrum;
    assert_int_equal(spectra_reader_open_stream(&reader, read_then_fail, &in, &options, NULL, NULL), SPECTRA_OK);
    assert_int_equal(spectra_reader_next(reader, &spectrum, NULL), SPECTRA_E_IO);
    spectra_reader_free(reader);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nist_msp_is_read),
        cmocka_unit_test(massbank_msp_without_a_last_line_end_is_not_verified),
        cmocka_unit_test(mona_msp_is_read),
        cmocka_unit_test(riken_msp_may_name_the_compound_in_the_middle),
        cmocka_unit_test(swgdrug_msp_closes_a_record_by_the_next_key),
        cmocka_unit_test(golm_msp_keeps_decimal_commas_in_metadata),
        cmocka_unit_test(gnps_mgf_is_read),
        cmocka_unit_test(mascot_mgf_shares_what_stands_before_the_records),
        cmocka_unit_test(massbank_records_are_read),
        cmocka_unit_test(two_columns_are_never_verified),
        cmocka_unit_test(own_records_are_read),
        cmocka_unit_test(limits_are_those_of_a_record),
        cmocka_unit_test(peaks_without_a_declared_number_are_limited_too),
        cmocka_unit_test(what_is_common_to_mgf_records_is_limited),
        cmocka_unit_test(strict_refuses_what_is_not_verified),
        cmocka_unit_test(a_reader_that_failed_stays_failed),
        cmocka_unit_test(a_stream_that_fails_in_a_line_too_long_is_an_io_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
