/* SPDX-License-Identifier: Apache-2.0 */
/* A file cut short, or with a byte missing, never yields a silently shorter or altered spectrum. */
#include "unit/io/streams.h"

#define MAX_RECORDS 16

static const char *const samples[] = {
    "msp_nist.msp", "msp_massbank.msp", "msp_mona.msp", "msp_riken.msp",   "msp_swgdrug.msp", "msp_golm.msp",
    "gnps.mgf",     "mascot.mgf",       "massbank.txt", "two_columns.txt", "two_columns.csv", "records.spectra",
};

/* What reading some bytes gives: the records described, which of them carry a warning, and the number of errors. */
typedef struct reading {
    char *record[MAX_RECORDS];
    bool warned[MAX_RECORDS];
    size_t peaks[MAX_RECORDS];
    size_t count;
    size_t errors;
} reading;

static void read_all(reading *out, const char *bytes, size_t size) {
    *out = (reading){.count = 0};
    bytes_in in = {bytes, size, 0, 0};
    spectra_reader *reader;
    if (spectra_reader_open_stream(&reader, read_bytes, &in, NULL, NULL, NULL) != SPECTRA_OK) {
        out->errors = 1;
        return;
    }
    const spectra_spectrum *spectrum;
    spectra_status status;
    while ((status = spectra_reader_next(reader, &spectrum, NULL)) != SPECTRA_END) {
        assert_true(status == SPECTRA_OK || status == SPECTRA_E_FORMAT);
        if (status < 0) {
            assert_true(++out->errors < 100);
            continue;
        }
        assert_true(out->count < MAX_RECORDS);
        out->warned[out->count] = spectra_spectrum_warning_count(spectrum) > 0;
        out->peaks[out->count] = spectra_spectrum_peak_count(spectrum);
        out->record[out->count++] = describe(spectrum);
    }
    spectra_reader_free(reader);
}

static void free_reading(reading *r) {
    for (size_t i = 0; i < r->count; i++) free(r->record[i]);
}

/* The records of a cut file are the first ones of the whole; one that is not the same carries a warning. */
static void check_prefix(const reading *whole, const reading *cut, size_t length) {
    assert_true(cut->count <= whole->count);
    for (size_t i = 0; i < cut->count; i++) {
        bool same = strcmp(cut->record[i], whole->record[i]) == 0;
        if (!same && !cut->warned[i]) print_message("silently altered at length %u\n", (unsigned)length);
        assert_true(same || cut->warned[i]);
    }
    assert_true(cut->errors <= 1);
}

static void no_prefix_yields_a_silently_altered_spectrum(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        size_t size;
        char *bytes = load_sample(samples[i], &size);
        reading whole;
        read_all(&whole, bytes, size);
        assert_int_equal(whole.errors, 0);
        assert_true(whole.count > 0);
        for (size_t length = 0; length < size; length++) {
            char *prefix = malloc(length + 1); /* of its own: a sanitizer sees what is read beyond */
            assert_non_null(prefix);
            memcpy(prefix, bytes, length);
            reading cut;
            read_all(&cut, prefix, length);
            check_prefix(&whole, &cut, length);
            free_reading(&cut);
            free(prefix);
        }
        free_reading(&whole);
        free(bytes);
    }
}

static bool contains(const reading *r, const char *record) {
    for (size_t i = 0; i < r->count; i++) {
        if (strcmp(r->record[i], record) == 0) return true;
    }
    return false;
}

/* A byte belongs to one record, a line end between two to both: all others are there unchanged, and a record that is
   gone has left an error, or its altered self, which has as many peaks or a warning. */
static void check_deletion(const reading *whole, const reading *without) {
    size_t gone = 0;
    for (size_t i = 0; i < whole->count; i++) gone += contains(without, whole->record[i]) ? 0 : 1;
    assert_true(gone <= 2);
    assert_true(without->count + without->errors >= whole->count - (gone > 1 ? 1 : 0));
    assert_true(without->count <= whole->count);
    assert_true(gone < 2 || without->errors > 0);
    for (size_t i = 0; without->errors == 0 && i < without->count; i++) {
        assert_true(without->warned[i] || without->peaks[i] == whole->peaks[i]);
    }
}

/* From where deletions are tried: what a file says of all of its records belongs to each of them. */
static size_t first_record(const char *bytes) {
    const char *begin = strstr(bytes, "BEGIN IONS");
    return begin ? (size_t)(begin - bytes) : 0;
}

static void a_missing_byte_leaves_the_other_records_alone(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        size_t size;
        char *bytes = load_sample(samples[i], &size);
        reading whole;
        read_all(&whole, bytes, size);
        for (size_t at = first_record(bytes); at < size; at++) {
            char *rest = malloc(size);
            assert_non_null(rest);
            memcpy(rest, bytes, at);
            memcpy(rest + at, bytes + at + 1, size - at - 1);
            reading without;
            read_all(&without, rest, size - 1);
            if (without.count > 0 || without.errors == 0) check_deletion(&whole, &without);
            free_reading(&without);
            free(rest);
        }
        free_reading(&whole);
        free(bytes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_prefix_yields_a_silently_altered_spectrum),
        cmocka_unit_test(a_missing_byte_leaves_the_other_records_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
