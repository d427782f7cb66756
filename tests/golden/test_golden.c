/* SPDX-License-Identifier: Apache-2.0 */
/* Scores against numbers that this library did not make: what NIST MS Search printed, and a reference in double
   precision (reference.py). README.md tells where the files come from. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fixed.h"
#include "c_library.h"
#include "kernels/kernels.h"
#include "peaks/peaks.h"
#include "spectrum/prepared.h"

#define LINE_SIZE 4096
#define PEAKS_MAX 256
#define FIELDS_MAX 5

/* A spectrum prepared in memory of its own. */
typedef struct sample {
    spectra_spectrum *raw;
    const spectra_prepared *prepared;
    uint8_t memory[64 * 1024];
} sample;

static FILE *open_facts(const char *name) {
    char path[1024];
    assert_true(snprintf(path, sizeof path, "%s/golden/%s", TESTS_DIR, name) < (int)sizeof path);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    return file;
}

/* Splits a line at tabs; returns false at the end of the file. */
static int read_fields(FILE *file, char line[LINE_SIZE], char *field[FIELDS_MAX]) {
    if (!fgets(line, LINE_SIZE, file)) return 0;
    size_t count = 0;
    assert_non_null(strchr(line, '\n'));
    *strchr(line, '\n') = '\0';
    for (char *at = line; at && count < FIELDS_MAX; count++) {
        field[count] = at;
        at = strchr(at, '\t');
        if (at) *at++ = '\0';
    }
    while (count < FIELDS_MAX) field[count++] = NULL;
    return 1;
}

static double read_number(const char *text, char **end) {
    c_library saved = c_library_begin();
    double value = strtod(text, end);
    c_library_end(&saved);
    return value;
}

/* "m/z:intensity m/z:intensity …" */
static size_t read_peaks(const char *text, double *mz, double *intensity) {
    size_t count = 0;
    for (; *text; text += strspn(text, " ")) {
        char *end;
        assert_true(count < PEAKS_MAX);
        mz[count] = read_number(text, &end);
        assert_int_equal(*end, ':');
        intensity[count++] = read_number(end + 1, &end);
        text = end;
    }
    return count;
}

static void prepare(sample *out, const char *peaks, const char *precursor, const spectra_recipe *recipe) {
    double mz[PEAKS_MAX], intensity[PEAKS_MAX];
    size_t count = read_peaks(peaks, mz, intensity);
    spectra_scratch scratch;
    spectra_scratch_init(&scratch, out->memory, sizeof out->memory);
    assert_int_equal(spectra_spectrum_create(&out->raw, NULL), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_set_peaks(out->raw, mz, intensity, count, NULL), SPECTRA_OK);
    if (precursor) {
        assert_int_equal(spectra_spectrum_add_metadata(out->raw, "PrecursorMZ", precursor), SPECTRA_OK);
    }
    assert_int_equal(spectra_prepare(&out->prepared, out->raw, recipe, &scratch, NULL), SPECTRA_OK);
}

static void release(sample *spectrum) {
    spectra_spectrum_free(spectrum->raw);
}

static kernels_nominal nominal_of(const sample *spectrum) {
    return (kernels_nominal){spectrum->prepared->nominal, spectrum->prepared->root, spectrum->prepared->count};
}

/* NIST */

static void prepare_alkane(sample *out, const char *kind, const char *id) {
    FILE *file = open_facts("nist_alkanes_spectra.tsv");
    char line[LINE_SIZE], *field[FIELDS_MAX];
    spectra_recipe recipe;
    int found = 0;
    spectra_recipe_nominal(&recipe);
    while (!found && read_fields(file, line, field)) {
        found = strcmp(field[0], kind) == 0 && strcmp(field[1], id) == 0;
        if (found) prepare(out, field[3], NULL, &recipe);
    }
    assert_true(found);
    fclose(file);
}

/* MF = 1000·score − ½, rounded, is the whole part of 1000·score. */
static long printed(uint32_t score) {
    return (long)((uint64_t)score * 1000 >> 30);
}

static void thirty_match_factors_equal_those_of_nist_to_the_last_digit(void **state) {
    (void)state;
    FILE *file = open_facts("nist_alkanes_hits.tsv");
    char line[LINE_SIZE], *field[FIELDS_MAX];
    int hits = 0;
    assert_true(read_fields(file, line, field));
    while (read_fields(file, line, field)) {
        static sample query, reference;
        prepare_alkane(&query, "query", field[0]);
        prepare_alkane(&reference, "library", field[2]);
        kernels_nominal u = nominal_of(&query), l = nominal_of(&reference);
        kernels_match match;
        kernels_match_factor_scalar(&match, &u, &l);
        assert_int_equal(printed(match.match_factor), strtol(field[3], NULL, 10));
        assert_int_equal(printed(match.reverse_match_factor), strtol(field[4], NULL, 10));
        release(&query);
        release(&reference);
        hits++;
    }
    fclose(file);
    assert_int_equal(hits, 30);
}

/* The double-precision reference */

static double unit(uint32_t score) {
    return score / 1073741824.0;
}

/* Two cosines over m/z >= start by the kernel, [0] of (.5, 0), [1] of (.53, 1.3); norms have 8 binary places. */
static void range_cosines(double cosine[2], const spectra_prepared *query, const spectra_prepared *reference,
                          uint32_t start) {
    static uint32_t cell[KERNELS_NOMINAL_CELLS];
    uint64_t norm[2][2] = {{0, 0}, {0, 0}}, sums[2];
    memset(cell, 0, sizeof cell);
    for (uint32_t i = 0; i < query->count; i++) {
        uint32_t a = query->root[i] >> 4, b = query->weighted[i];
        if (query->nominal[i] < start) continue;
        cell[query->nominal[i]] = a | b << 16;
        norm[0][0] += a * a;
        norm[1][0] += b * b;
    }
    for (uint32_t i = 0; i < reference->count; i++) {
        uint32_t a = reference->root[i] >> 4, b = reference->weighted[i];
        if (reference->nominal[i] < start) continue;
        norm[0][1] += a * a;
        norm[1][1] += b * b;
    }
    kernels_active()->nominal_dots(sums, reference->nominal, reference->root, reference->weighted, reference->count,
                                   cell);
    for (int i = 0; i < 2; i++) {
        double norms = (double)base_sqrt(norm[i][0] << 16) * base_sqrt(norm[i][1] << 16);
        cosine[i] = sums[i] ? (double)sums[i] * 65536 / norms : 0;
    }
}

static void score_ei(double score[7], const sample *query, const sample *reference) {
    kernels_nominal u = nominal_of(query), l = nominal_of(reference);
    uint32_t first = query->prepared->first_mz, other = reference->prepared->first_mz, common;
    uint32_t start = first > other ? first : other;
    kernels_match match;
    kernels_match_factor_scalar(&match, &u, &l);
    score[0] = unit(match.match_factor);
    score[1] = unit(match.reverse_match_factor);
    score[2] = unit(match.similarity);
    range_cosines(score + 3, query->prepared, reference->prepared, start);
    score[5] = unit(kernels_ratio_scalar(&u, &l, start, &common));
    score[6] = common;
}

static void score_msms(double score[2], const sample *query, const sample *reference) {
    const spectra_prepared *u = query->prepared, *l = reference->prepared;
    const spectra_tolerance tolerance = {.uth = 10000};
    uint32_t low[PEAKS_MAX], high[PEAKS_MAX], matched;
    kernels_accurate peaks = {l->mz_uth, l->weight, l->count};
    peaks_windows(low, high, u->mz_uth, u->count, &tolerance);
    kernels_windows windows = {low, high, u->weight, u->count};
    score[0] = kernels_entropy_scalar(&windows, &peaks, &matched, NULL) / (double)KERNELS_ENTROPY_FULL;
    score[1] = matched;
}

/* Splits "precursor peaks". */
static void prepare_msms(sample *out, char *text) {
    spectra_recipe recipe;
    spectra_recipe_windowed(&recipe);
    char *peaks = strchr(text, ' ');
    assert_non_null(peaks);
    *peaks = '\0';
    prepare(out, peaks + 1, text, &recipe);
}

static void raise_to_distance(double *largest, double a, double b) {
    double distance = a > b ? a - b : b - a;
    if (distance > *largest) *largest = distance;
}

/* Scores every pair of a kind and raises difference[i] to the largest distance from score i of the facts. */
static int compare_with_facts(const char *kind, double *difference, size_t score_count) {
    FILE *file = open_facts("reference_facts.tsv");
    char line[LINE_SIZE], *field[FIELDS_MAX];
    int pairs = 0;
    while (read_fields(file, line, field)) {
        static sample query, reference;
        double score[7];
        if (strcmp(field[0], kind) != 0) continue;
        if (strcmp(kind, "ei") == 0) {
            spectra_recipe recipe;
            spectra_recipe_nominal(&recipe);
            prepare(&query, field[1], NULL, &recipe);
            prepare(&reference, field[2], NULL, &recipe);
            score_ei(score, &query, &reference);
        } else {
            prepare_msms(&query, field[1]);
            prepare_msms(&reference, field[2]);
            score_msms(score, &query, &reference);
        }
        char *at = field[3];
        for (size_t i = 0; i < score_count; i++) raise_to_distance(&difference[i], score[i], read_number(at, &at));
        release(&query);
        release(&reference);
        pairs++;
    }
    fclose(file);
    for (size_t i = 0; i < score_count; i++)
        print_message("%s score %zu: largest difference %.3g\n", kind, i, difference[i]);
    return pairs;
}

/* √I has 16 bits, so the ratio of a peak of 1 in 999 is good to 1/4000; the cosines keep 12. Largest differences found:
   5.5e-5 in both match factors, 9e-6 in the similarity, 1.5e-4 in the cosines, 1.1e-4 in the ratio. */
static void nominal_scores_agree_with_double_precision(void **state) {
    (void)state;
    static const double bound[7] = {1e-4, 1e-4, 2e-5, 3e-4, 3e-4, 2e-4, 0};
    double difference[7] = {0};
    assert_int_equal(compare_with_facts("ei", difference, 7), 150);
    for (int i = 0; i < 7; i++) assert_true(difference[i] <= bound[i]);
}

/* Weights have 16 bits. Largest difference found: 3.1e-5; the pairs are the same. */
static void entropy_agrees_with_double_precision(void **state) {
    (void)state;
    double difference[2] = {0};
    assert_int_equal(compare_with_facts("msms", difference, 2), 150);
    assert_true(difference[0] <= 1e-4);
    assert_true(difference[1] <= 0);
}

static void facts_are_what_the_reference_prints(void **state) {
    (void)state;
    int status =
        system("python3 \"" TESTS_DIR "/golden/reference.py\" --check \"" TESTS_DIR "/golden/reference_facts.tsv\"");
    assert_int_equal(status, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thirty_match_factors_equal_those_of_nist_to_the_last_digit),
        cmocka_unit_test(nominal_scores_agree_with_double_precision),
        cmocka_unit_test(entropy_agrees_with_double_precision),
        cmocka_unit_test(facts_are_what_the_reference_prints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
