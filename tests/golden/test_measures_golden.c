/* SPDX-License-Identifier: Apache-2.0 */
/* Measured spectra of the reference and of tests/data compared pairwise, against measures.py in double precision. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "c_library.h"
#include "spectra/io.h"
#include "spectra/search.h"

#define RECORDS_MAX 1024
#define LINE_SIZE 1024
#define REFERENCE_DIR TESTS_DIR "/../reference-spectra"
#define FILES                                                                                                          \
    REFERENCE_DIR "/ei.spectra", REFERENCE_DIR "/msms.spectra", REFERENCE_DIR "/insource.spectra",                     \
        TESTS_DIR "/data/records.spectra"

static spectra_spectrum *records[RECORDS_MAX];
static size_t record_count;
static uint8_t scratch_bytes[1 << 20];

static int read_records(void **state) {
    (void)state;
    static const char *const paths[] = {FILES};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        spectra_reader *reader;
        const spectra_spectrum *spectrum;
        assert_int_equal(spectra_reader_open(&reader, paths[i], NULL, NULL, NULL), SPECTRA_OK);
        while (spectra_reader_next(reader, &spectrum, NULL) == SPECTRA_OK) {
            assert_true(record_count < RECORDS_MAX);
            assert_int_equal(spectra_spectrum_copy(&records[record_count++], spectrum, NULL), SPECTRA_OK);
        }
        spectra_reader_free(reader);
    }
    return 0;
}

static int free_records(void **state) {
    (void)state;
    while (record_count > 0) spectra_spectrum_free(records[--record_count]);
    return 0;
}

static const spectra_spectrum *find_record(const char *accession) {
    for (size_t i = 0; i < record_count; i++)
        if (strcmp(spectra_spectrum_field(records[i], SPECTRA_FIELD_ACCESSION), accession) == 0) return records[i];
    fail_msg("no record %s", accession);
    return NULL;
}

static spectra_measure measure_of(const char *name) {
    spectra_measure measure = SPECTRA_MEASURE_HYBRID;
    while (measure > SPECTRA_MEASURE_DEFAULT && strcmp(spectra_measure_text(measure), name) != 0) measure--;
    assert_int_not_equal(measure, SPECTRA_MEASURE_DEFAULT);
    return measure;
}

static double read_number(const char *text) {
    c_library saved = c_library_begin();
    double value = strtod(text, NULL);
    c_library_end(&saved);
    return value;
}

/* Largest distances of one measure on one kind of spectrum. */
typedef struct distance {
    int pairs, matching;
    double score, reverse;
} distance;

static void raise_to(double *largest, uint32_t score, const char *fact) {
    double difference = (double)score / SPECTRA_SCORE_ONE - read_number(fact);
    if (difference < 0) difference = -difference;
    if (difference > *largest) *largest = difference;
}

static void compare(distance *out, const spectra_spectrum *query, const spectra_spectrum *reference,
                    spectra_measure measure, char *const fact[3]) {
    spectra_hit hit;
    spectra_scratch scratch;
    const spectra_search_options options = {.size = sizeof options, .measure = measure};
    spectra_scratch_init(&scratch, scratch_bytes, sizeof scratch_bytes);
    assert_int_equal(spectra_similarity(&hit, query, reference, &options, NULL, &scratch, NULL), SPECTRA_OK);
    raise_to(&out->score, hit.score, fact[0]);
    raise_to(&out->reverse, hit.reverse_score, fact[1]);
    assert_int_equal(hit.matched_peaks, strtoul(fact[2], NULL, 10));
    out->pairs++;
    out->matching += hit.matched_peaks > 0;
}

/* Every fact of a track and measure. */
static distance compare_all(const char *track, const char *name) {
    distance out = {0};
    char line[LINE_SIZE];
    FILE *file = fopen(TESTS_DIR "/golden/measures_facts.tsv", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        char *rest, *fact[3];
        if (strcmp(strtok_r(line, "\t", &rest), track) != 0) continue;
        const spectra_spectrum *query = find_record(strtok_r(NULL, "\t", &rest));
        const spectra_spectrum *reference = find_record(strtok_r(NULL, "\t", &rest));
        for (char *told; (told = strtok_r(NULL, " \n", &rest)) != NULL;) {
            for (int i = 0; i < 3; i++) fact[i] = strtok_r(NULL, " \n", &rest);
            if (strcmp(told, name) == 0) compare(&out, query, reference, measure_of(name), fact);
        }
    }
    fclose(file);
    print_message("%s %s: %d pairs, largest difference %.3g, reverse %.3g\n", track, name, out.pairs, out.score,
                  out.reverse);
    assert_true(out.matching > 20);
    return out;
}

static void assert_within(const char *track, const char *name, double bound, double reverse_bound) {
    distance found = compare_all(track, name);
    assert_true(found.score <= bound);
    assert_true(found.reverse <= reverse_bound);
}

/* 12-bit roots in the cosines: largest differences found 3.0e-4, reverse 4.2e-4. 16-bit ones in hybrid: 5.5e-6, 1.3e-5.
 */
static void ei_measures_agree_with_double_precision(void **state) {
    (void)state;
    assert_within("ei", "cosine", 0x1p-11, 0x1p-10);
    assert_within("ei", "weighted-cosine", 0x1p-11, 0x1p-10);
    assert_within("ei", "hybrid", 0x1p-14, 0x1p-14);
}

/* 16-bit roots: 7.1e-6, reverse 1.3e-5. Entropy weights of 65535 in all: 5.9e-5; kept ones are rounded down, 2.2e-4. */
static void accurate_measures_agree_with_double_precision(void **state) {
    (void)state;
    assert_within("msms", "entropy", 0x1p-13, 0x1p-11);
    assert_within("msms", "cosine", 0x1p-14, 0x1p-14);
    assert_within("insource", "entropy", 0x1p-13, 0x1p-11);
    assert_within("insource", "cosine", 0x1p-14, 0x1p-14);
}

static void shifted_measures_agree_with_double_precision(void **state) {
    (void)state;
    assert_within("msms", "modified-cosine", 0x1p-14, 0x1p-14);
    assert_within("msms", "neutral-loss", 0x1p-14, 0x1p-14);
    assert_within("msms", "hybrid", 0x1p-13, 0x1p-11);
}

static void facts_are_what_the_script_prints(void **state) {
    (void)state;
    static const char *const paths[] = {FILES};
    char command[4096] =
        "python3 -B \"" TESTS_DIR "/golden/measures.py\" --check \"" TESTS_DIR "/golden/measures_facts.tsv\"";
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_true(strlen(command) + strlen(paths[i]) + 4 < sizeof command);
        strcat(strcat(strcat(command, " \""), paths[i]), "\"");
    }
    assert_int_equal(system(command), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ei_measures_agree_with_double_precision),
        cmocka_unit_test(accurate_measures_agree_with_double_precision),
        cmocka_unit_test(shifted_measures_agree_with_double_precision),
        cmocka_unit_test(facts_are_what_the_script_prints),
    };
    return cmocka_run_group_tests(tests, read_records, free_records);
}
