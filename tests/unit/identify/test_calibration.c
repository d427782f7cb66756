/* SPDX-License-Identifier: Apache-2.0 */
/* Calibration: the logistic fit, degraded copies, and the probabilities that a made-up library gives. */
#include "unit/db/sample.h"

#include "base/fixed.h"
#include "identify/degrade.h"
#include "identify/logistic.h"
#include "spectra/identify.h"

#define COMPOUNDS 150u
#define PEAKS 40u

static int32_t random_feature(uint64_t *state) {
    return (int32_t)(sample_random(state) % 65537);
}

static void a_fit_finds_the_model_that_made_the_cases(void **state) {
    (void)state;
    static logistic_case cases[8000];
    const logistic_model truth = {10 << 16, 4 << 16, -(8 << 16)};
    uint64_t random = 7;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        cases[i].x[0] = random_feature(&random);
        cases[i].x[1] = random_feature(&random);
        cases[i].outcome = sample_random(&random) % (1u << 30) < logistic_probability(&truth, cases[i].x);
    }
    logistic_model found = logistic_fit(cases, COUNT_OF(cases));
    assert_in_range(found.first, 9 << 16, 11 << 16);
    assert_in_range(found.second, 3 << 16, 5 << 16);
    assert_in_range(-found.constant, 7 << 16, 9 << 16);
}

static void separable_cases_have_a_bounded_fit(void **state) {
    (void)state;
    const logistic_case cases[] = {{{0, 0}, 0}, {{20000, 0}, 0}, {{50000, 0}, 1}, {{65536, 0}, 1}};
    logistic_model found = logistic_fit(cases, COUNT_OF(cases));
    assert_true(logistic_probability(&found, cases[0].x) < 1u << 29);
    assert_true(logistic_probability(&found, cases[3].x) > 1u << 29);
    assert_in_range(found.first, 1, LOGISTIC_MAX - 1);
    assert_int_equal(found.second, 0);
}

static void a_fit_to_nothing_says_half(void **state) {
    (void)state;
    const int32_t x[2] = {65536, 65536};
    logistic_model found = logistic_fit(NULL, 0);
    assert_int_equal(logistic_probability(&found, x), 1 << 29);
}

static void probabilities_of_opposite_odds_add_up_to_one(void **state) {
    (void)state;
    const int32_t x[2] = {65536, 0};
    uint32_t before = 0;
    for (int32_t z = -LOGISTIC_MAX; z <= LOGISTIC_MAX; z += 4096) {
        const logistic_model model = {z, 0, 0}, opposite = {-z, 0, 0};
        uint32_t p = logistic_probability(&model, x);
        assert_int_equal(p + logistic_probability(&opposite, x), 1 << 30);
        assert_true(p >= before);
        before = p;
    }
}

/* --- A library of EI spectra, each its own compound --- */

static sample_record record_of(uint32_t i, char name[32]) {
    snprintf(name, 32, "compound %u", (unsigned)i);
    return (sample_record){.name = name, .kind = "EI", .peaks = PEAKS, .seed = 1000 + i};
}

static spectra_builder *library(uint32_t first, uint32_t count) {
    spectra_builder *builder = sample_builder();
    for (uint32_t i = first; i < first + count; i++) {
        char name[32];
        sample_record record = record_of(i, name);
        assert_int_equal(sample_add(builder, &record, NULL), SPECTRA_OK);
    }
    return builder;
}

static uint8_t *calibrated_file(uint32_t first, uint32_t count, size_t *size) {
    spectra_builder *builder = library(first, count);
    assert_int_equal(spectra_builder_calibrate(builder, NULL), SPECTRA_OK);
    uint8_t *file = sample_file(builder, size);
    spectra_builder_free(builder);
    return file;
}

static uint8_t scratch_bytes[1 << 20];

/* What the databases say of compound number i, whether they hold it or not; valid until the next call. */
static const spectra_identification *identify(const spectra_database *const *databases, uint32_t count, uint32_t i,
                                              const spectra_search_options *options) {
    static spectra_scratch scratch;
    char name[32];
    sample_record record = record_of(i, name);
    spectra_spectrum *query = sample_spectrum(&record);
    const spectra_identification *found = NULL;
    assert_true(spectra_identify_required(PEAKS) <= sizeof scratch_bytes);
    spectra_scratch_init(&scratch, scratch_bytes, sizeof scratch_bytes);
    assert_int_equal(spectra_identify(&found, databases, count, query, options, &scratch, NULL), SPECTRA_OK);
    spectra_spectrum_free(query);
    return found;
}

static void a_compound_of_the_library_is_more_probable_than_any_other(void **state) {
    (void)state;
    size_t size;
    uint8_t *file = calibrated_file(0, COMPOUNDS, &size);
    const spectra_database *database = sample_open(file, size);
    sample_verify(database);
    for (uint32_t i = 0; i < 20; i++) {
        const spectra_identification *known = identify(&database, 1, i, NULL);
        assert_int_equal(known->calibration, SPECTRA_CALIBRATION_INSIDE);
        assert_int_equal(known->calibration_queries, 4 * COMPOUNDS);
        assert_in_range(known->structure_permille, 900, 999);
        assert_true(known->group_permille >= known->structure_permille - 1);
        uint32_t known_permille = known->structure_permille;
        const spectra_identification *unknown = identify(&database, 1, COMPOUNDS + i, NULL);
        assert_int_equal(unknown->calibration, SPECTRA_CALIBRATION_INSIDE);
        assert_in_range(unknown->structure_permille, 1, known_permille / 2);
    }
    spectra_database_close((spectra_database *)(uintptr_t)database);
    free(file);
}

static void tracks_are_calibrated_apart(void **state) {
    (void)state;
    spectra_builder *builder = library(0, 100);
    for (uint32_t i = 0; i < 100; i++) {
        char name[32], precursor[32];
        sample_record record = record_of(i, name);
        snprintf(precursor, sizeof precursor, "%u.1234", 200 + (unsigned)i / 10);
        record.kind = "MS2";
        record.polarity = "N";
        record.precursor = precursor;
        assert_int_equal(sample_add(builder, &record, NULL), SPECTRA_OK);
    }
    assert_int_equal(spectra_builder_calibrate(builder, NULL), SPECTRA_OK);
    size_t size;
    uint8_t *file = sample_file(builder, &size);
    spectra_builder_free(builder);
    spectra_database *database = sample_open(file, size);
    db_calibration ei, msms;
    assert_true(db_find_calibration(&ei, database, SPECTRA_TRACK_EI, SPECTRA_POLARITY_POSITIVE));
    assert_true(db_find_calibration(&msms, database, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_NEGATIVE));
    assert_false(db_find_calibration(&ei, database, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE));
    assert_int_equal(msms.queries, 400);
    assert_true(msms.structure[0] > 0 && msms.structure[2] < 0);
    spectra_database_close(database);
    free(file);
}

static void the_same_spectra_are_calibrated_to_the_same_bytes(void **state) {
    (void)state;
    size_t size_a, size_b;
    uint8_t *a = calibrated_file(0, COMPOUNDS, &size_a), *b = calibrated_file(0, COMPOUNDS, &size_b);
    assert_int_equal(size_a, size_b);
    assert_memory_equal(a, b, size_a);
    free(a);
    free(b);
}

static spectra_calibration calibration_of(spectra_builder *builder) {
    size_t size;
    uint8_t *file = sample_file(builder, &size);
    const spectra_database *database = sample_open(file, size);
    spectra_calibration found = identify(&database, 1, 0, NULL)->calibration;
    spectra_database_close((spectra_database *)(uintptr_t)database);
    free(file);
    return found;
}

static void what_is_added_later_drops_the_calibration(void **state) {
    (void)state;
    spectra_builder *builder = library(0, COMPOUNDS);
    assert_int_equal(calibration_of(builder), SPECTRA_CALIBRATION_NONE);
    assert_int_equal(spectra_builder_calibrate(builder, NULL), SPECTRA_OK);
    assert_int_equal(calibration_of(builder), SPECTRA_CALIBRATION_INSIDE);
    char name[32];
    sample_record more = record_of(COMPOUNDS, name);
    assert_int_equal(sample_add(builder, &more, NULL), SPECTRA_OK);
    assert_int_equal(calibration_of(builder), SPECTRA_CALIBRATION_NONE);
    spectra_builder_free(builder);
}

static void few_spectra_stay_uncalibrated(void **state) {
    (void)state;
    spectra_builder *builder = library(0, 99);
    assert_int_equal(spectra_builder_calibrate(builder, NULL), SPECTRA_OK);
    assert_int_equal(calibration_of(builder), SPECTRA_CALIBRATION_NONE);
    spectra_builder_free(builder);
    assert_int_equal(spectra_builder_calibrate(NULL, NULL), SPECTRA_E_INVALID);
}

static void two_databases_at_once_have_no_probability(void **state) {
    (void)state;
    size_t size_a, size_b;
    uint8_t *a = calibrated_file(0, COMPOUNDS, &size_a), *b = calibrated_file(COMPOUNDS, COMPOUNDS, &size_b);
    const spectra_database *databases[] = {sample_open(a, size_a), sample_open(b, size_b)};
    const spectra_identification *found = identify(databases, 2, 0, NULL);
    assert_int_equal(found->calibration, SPECTRA_CALIBRATION_OUTSIDE);
    assert_int_equal(found->structure_permille, 0);
    assert_int_equal(found->group_permille, 0);
    for (int i = 0; i < 2; i++) spectra_database_close((spectra_database *)(uintptr_t)databases[i]);
    free(a);
    free(b);
}

/* --- Degraded copies --- */

static void a_copy_is_the_same_every_time_and_each_is_another(void **state) {
    (void)state;
    size_t size;
    spectra_builder *builder = library(0, 8);
    uint8_t *file = sample_file(builder, &size);
    spectra_builder_free(builder);
    const spectra_database *database = sample_open(file, size);
    db_set set;
    db_spectrum spectrum;
    degraded_peak peaks[3][PEAKS + DEGRADE_FOREIGN];
    assert_int_equal(db_find_set(&set, database, SPECTRA_TRACK_EI, SPECTRA_POLARITY_POSITIVE, DB_SET_NOMINAL),
                     SPECTRA_OK);
    for (uint32_t i = 0; i < set.count; i++) {
        uint32_t precursor;
        size_t counts[3];
        assert_true(db_spectrum_at(&spectrum, &set, i));
        for (uint32_t k = 0; k < 3; k++) counts[k] = identify_degrade(peaks[k], &precursor, &set, &spectrum, k / 2);
        assert_in_range(counts[0], 1, PEAKS + DEGRADE_FOREIGN);
        assert_int_equal(counts[0], counts[1]);
        assert_memory_equal(peaks[0], peaks[1], counts[0] * sizeof peaks[0][0]);
        assert_true(counts[2] != counts[0] || memcmp(peaks[0], peaks[2], counts[0] * sizeof peaks[0][0]) != 0);
        int32_t strongest = INT32_MAX;
        for (size_t k = 0; k < counts[0]; k++) {
            assert_in_range(peaks[0][k].weakness, 0, 12 << 16);
            if (peaks[0][k].weakness < strongest) strongest = peaks[0][k].weakness;
        }
        assert_int_equal(strongest, 0);
        assert_int_equal(precursor, 0);
    }
    spectra_database_close((spectra_database *)(uintptr_t)database);
    free(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fit_finds_the_model_that_made_the_cases),
        cmocka_unit_test(separable_cases_have_a_bounded_fit),
        cmocka_unit_test(a_fit_to_nothing_says_half),
        cmocka_unit_test(probabilities_of_opposite_odds_add_up_to_one),
        cmocka_unit_test(a_compound_of_the_library_is_more_probable_than_any_other),
        cmocka_unit_test(tracks_are_calibrated_apart),
        cmocka_unit_test(the_same_spectra_are_calibrated_to_the_same_bytes),
        cmocka_unit_test(what_is_added_later_drops_the_calibration),
        cmocka_unit_test(few_spectra_stay_uncalibrated),
        cmocka_unit_test(two_databases_at_once_have_no_probability),
        cmocka_unit_test(a_copy_is_the_same_every_time_and_each_is_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
