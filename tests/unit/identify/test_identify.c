/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts on a made-up library whose answers are known. */
#include "unit/db/sample.h"

#include "identify/thresholds.h"
#include "spectra/identify.h"

#define PEAKS 30

/* A compound whose peaks stand at first, first + step, first + 2·step … with intensities of its own. */
typedef struct compound {
    const char *name, *inchikey, *formula, *substance_class, *core, *sites;
    uint32_t first, step;
    uint64_t seed;
} compound;

/* ALPHA and its twin share every peak; BETA is apart; GAMMA has an isomer that nobody measured. */
static const compound alpha = {
    "alpha", "AAAAAAAAAAAAAA-UHFFFAOYSA-N", "C20H24N2O", "fentanyl_type", "4-anilidopiperidine", "D", 41, 7, 1};
static const compound twin = {
    "twin", "BBBBBBBBBBBBBB-UHFFFAOYSA-N", "C21H26N2O", "fentanyl_type", "4-anilidopiperidine", "E", 41, 7, 1};
static const compound beta = {"beta", "CCCCCCCCCCCCCC-UHFFFAOYSA-N", "C17H21NO4", "other_drug", "", "", 44, 7, 2};
static const compound gamma_ray = {"gamma", "DDDDDDDDDDDDDD-UHFFFAOYSA-N", "C10H15N", "other_drug", "", "", 46, 7, 3};
static const compound hidden = {
    "hidden isomer", "EEEEEEEEEEEEEE-UHFFFAOYSA-N", "C10H15N", "other_drug", "", "", 0, 0, 0};
static const compound unseen = {
    "unseen", "FFFFFFFFFFFFFF-UHFFFAOYSA-N", "C22H27N3O3", "other_opioid", "2-benzylbenzimidazole", "", 0, 0, 0};

static spectra_spectrum *spectrum_of(const compound *c, bool named) {
    double mz[PEAKS], intensity[PEAKS];
    uint64_t state = c->seed * 2654435761u + 88172645463325252u;
    for (uint32_t i = 0; i < PEAKS; i++) {
        mz[i] = c->first + i * c->step;
        intensity[i] = (double)(50 + sample_random(&state) % 950);
    }
    spectra_spectrum *spectrum;
    assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
    sample_add_line(spectrum, "Name", named ? c->name : "unknown");
    sample_add_line(spectrum, "DB#", named ? c->name : "Q-1");
    if (named) sample_add_line(spectrum, "InChIKey", c->inchikey);
    if (named) sample_add_line(spectrum, "Formula", c->formula);
    sample_add_line(spectrum, "Instrument_type", "EI");
    assert_int_equal(spectra_spectrum_set_peaks(spectrum, mz, intensity, PEAKS, NULL), SPECTRA_OK);
    return spectrum;
}

static uint8_t *file;
static const spectra_database *database;
static uint8_t *scratch_bytes;
static spectra_scratch scratch;

static int open_library(void **state) {
    (void)state;
    const compound *known[] = {&alpha, &twin, &beta, &gamma_ray, &hidden, &unseen};
    spectra_builder *builder = sample_builder();
    assert_int_equal(spectra_builder_add_knowledge(builder, SAMPLE_KNOWLEDGE, NULL), SPECTRA_OK);
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        const spectra_substance substance = {.name = known[i]->name,
                                             .inchikey = known[i]->inchikey,
                                             .formula = known[i]->formula,
                                             .core = known[i]->core,
                                             .substance_class = known[i]->substance_class,
                                             .sites = known[i]->sites};
        assert_int_equal(spectra_builder_add_substance(builder, &substance, NULL), SPECTRA_OK);
    }
    for (size_t i = 0; i < 4; i++) {
        spectra_spectrum *spectrum = spectrum_of(known[i], true);
        assert_int_equal(spectra_builder_add_spectrum(builder, spectrum, SPECTRA_TRACK_UNKNOWN, NULL), SPECTRA_OK);
        spectra_spectrum_free(spectrum);
    }
    size_t size;
    file = sample_file(builder, &size);
    spectra_builder_free(builder);
    database = sample_open(file, size);
    scratch_bytes = (uint8_t *)malloc(spectra_identify_required(PEAKS));
    return scratch_bytes ? 0 : -1;
}

static int close_library(void **state) {
    (void)state;
    spectra_database_close((spectra_database *)(uintptr_t)database);
    free(file);
    free(scratch_bytes);
    return 0;
}

static const spectra_identification *identify(const spectra_spectrum *spectrum, const spectra_search_options *options) {
    const spectra_identification *result = NULL;
    spectra_error error = {0};
    spectra_scratch_init(&scratch, scratch_bytes, spectra_identify_required(PEAKS));
    spectra_status status = spectra_identify(&result, &database, 1, spectrum, options, &scratch, &error);
    if (status < 0) print_error("%s\n", error.message);
    assert_int_equal(status, SPECTRA_OK);
    return result;
}

static const spectra_identification *identify_compound(const compound *c) {
    spectra_spectrum *spectrum = spectrum_of(c, false);
    const spectra_identification *result = identify(spectrum, NULL);
    spectra_spectrum_free(spectrum);
    return result;
}

static const char *name_of(uint32_t substance) {
    spectra_substance about;
    assert_int_equal(spectra_database_substance(database, substance, &about), SPECTRA_OK);
    return about.name;
}

static bool says(const char *const *sentences, uint32_t count, const char *words) {
    for (uint32_t i = 0; i < count; i++)
        if (strstr(sentences[i], words)) return true;
    return false;
}

static void one_substance_without_unmeasured_isomers_is_supported(void **state) {
    (void)state;
    const spectra_identification *it = identify_compound(&beta);
    assert_int_equal(it->verdict, SPECTRA_VERDICT_SUPPORTED);
    assert_int_equal(it->set_count, 1);
    assert_string_equal(name_of(it->candidates[0].substance), "beta");
    assert_int_equal(it->unrepresented_count, 0);
    assert_null(it->class_name);
    assert_int_equal(it->against_count, 0);
}

static void an_isomer_that_nobody_measured_is_named_and_prevents_support(void **state) {
    (void)state;
    const spectra_identification *it = identify_compound(&gamma_ray);
    assert_int_equal(it->verdict, SPECTRA_VERDICT_NOT_DISTINGUISHED);
    assert_int_equal(it->set_count, 1);
    assert_int_equal(it->unrepresented_count, 1);
    assert_string_equal(name_of(it->unrepresented[0].substance), "hidden isomer");
}

static void substances_with_equal_spectra_form_the_set_and_give_their_class(void **state) {
    (void)state;
    const spectra_identification *it = identify_compound(&alpha);
    assert_int_equal(it->verdict, SPECTRA_VERDICT_NOT_DISTINGUISHED);
    assert_int_equal(it->set_count, 2);
    assert_string_equal(name_of(it->candidates[0].substance), "alpha");
    assert_string_equal(name_of(it->candidates[1].substance), "twin");
    assert_string_equal(it->class_name, "made-up");
    assert_true(says(it->against, it->against_count, "site D"));
}

static void what_resembles_nothing_is_no_match(void **state) {
    (void)state;
    const compound stranger = {.first = 43, .step = 7, .seed = 9};
    const spectra_identification *it = identify_compound(&stranger);
    assert_int_equal(it->verdict, SPECTRA_VERDICT_NO_MATCH);
    assert_int_equal(it->set_count, 0);
}

static void a_molecular_mass_that_contradicts_leaves_it_inconclusive(void **state) {
    (void)state;
    spectra_spectrum *spectrum = spectrum_of(&beta, false);
    spectra_search_options options = {.size = sizeof options, .mass_da = 303};
    assert_int_equal(identify(spectrum, &options)->verdict, SPECTRA_VERDICT_SUPPORTED);
    options.mass_da = 317;
    const spectra_identification *it = identify(spectrum, &options);
    assert_int_equal(it->verdict, SPECTRA_VERDICT_INCONCLUSIVE);
    assert_int_equal(it->candidates[0].delta_mass_uda, 14000000);
    assert_true(says(it->against, it->against_count, "the molecular mass given is 317, that of beta is 303"));
    spectra_spectrum_free(spectrum);
}

static spectra_verdict verdict_on(const double *mz, const double *intensity, size_t count, const char *words) {
    spectra_spectrum *spectrum;
    assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_set_peaks(spectrum, mz, intensity, count, NULL), SPECTRA_OK);
    spectra_search_options options = {.size = sizeof options, .track = SPECTRA_TRACK_EI};
    const spectra_identification *it = identify(spectrum, &options);
    assert_true(says(it->against, it->against_count, words));
    spectra_verdict verdict = it->verdict;
    spectra_spectrum_free(spectrum);
    return verdict;
}

static void few_peaks_carry_no_verdict_not_even_no_match(void **state) {
    (void)state;
    const double mz[] = {44, 51, 58, 43, 50}, intensity[] = {999, 300, 500, 400, 300};
    assert_int_equal(verdict_on(mz, intensity, 3, "that can be compared: 3"), SPECTRA_VERDICT_INCONCLUSIVE);
    assert_int_equal(verdict_on(mz + 3, intensity, 2, "that can be compared: 2"), SPECTRA_VERDICT_INCONCLUSIVE);
    assert_int_equal(verdict_on(NULL, NULL, 0, "that can be compared: 0"), SPECTRA_VERDICT_INCONCLUSIVE);
}

static void a_scaffold_without_a_spectrum_is_said_to_be_invisible(void **state) {
    (void)state;
    const spectra_identification *it = identify_compound(&beta);
    assert_true(says(it->warnings, it->warning_count, "2 of the 6 substances"));
    assert_true(says(it->warnings, it->warning_count, "scaffold 2-benzylbenzimidazole (known substances: 1)"));
    assert_false(says(it->warnings, it->warning_count, "4-anilidopiperidine"));
}

static void main_peaks_say_what_the_other_side_has(void **state) {
    (void)state;
    spectra_spectrum *spectrum = spectrum_of(&beta, false);
    double mz[PEAKS + 1], intensity[PEAKS + 1];
    memcpy(mz, spectra_spectrum_mz(spectrum), PEAKS * sizeof *mz);
    memcpy(intensity, spectra_spectrum_intensity(spectrum), PEAKS * sizeof *intensity);
    mz[PEAKS] = 300.0;
    intensity[PEAKS] = 1000; /* foreign, and the base peak */
    assert_int_equal(spectra_spectrum_set_peaks(spectrum, mz, intensity, PEAKS + 1, NULL), SPECTRA_OK);
    const spectra_identification *result = NULL;
    uint8_t *bytes = (uint8_t *)malloc(spectra_identify_required(PEAKS + 1));
    spectra_scratch_init(&scratch, bytes, spectra_identify_required(PEAKS + 1));
    assert_int_equal(spectra_identify(&result, &database, 1, spectrum, NULL, &scratch, NULL), SPECTRA_OK);
    assert_int_equal(result->query_peak_count, SPECTRA_MAIN_PEAKS);
    assert_int_equal(result->query_peaks[0].mz_uth, 300000000);
    assert_int_equal(result->query_peaks[0].permille, 1000);
    assert_int_equal(result->query_peaks[0].matched, 0);
    assert_int_equal(result->query_peaks[1].matched, 1);
    assert_int_equal(result->reference_peaks[0].matched, 1);
    assert_true(says(result->against, result->against_count, "1 of the 10 main peaks of the query"));
    free(bytes);
    spectra_spectrum_free(spectrum);
}

static void settings_that_an_identification_chooses_itself_are_refused(void **state) {
    (void)state;
    spectra_spectrum *spectrum = spectrum_of(&beta, false);
    const spectra_identification *result;
    spectra_scratch_init(&scratch, scratch_bytes, spectra_identify_required(PEAKS));
    spectra_search_options options = {.size = sizeof options, .mode = SPECTRA_SEARCH_REVERSE};
    assert_int_equal(spectra_identify(&result, &database, 1, spectrum, &options, &scratch, NULL), SPECTRA_E_INVALID);
    options = (spectra_search_options){.size = sizeof options, .min_score = 1};
    assert_int_equal(spectra_identify(&result, &database, 1, spectrum, &options, &scratch, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_identify(NULL, &database, 1, spectrum, NULL, &scratch, NULL), SPECTRA_E_INVALID);
    spectra_spectrum_free(spectrum);
}

/* The second database knows nothing but what the first one's substances table names without a spectrum. */
static void an_isomer_that_another_database_has_is_not_missing(void **state) {
    (void)state;
    compound measured = hidden;
    measured.first = 49;
    measured.step = 7;
    measured.seed = 9;
    spectra_builder *builder = sample_builder();
    spectra_spectrum *reference = spectrum_of(&measured, true), *query = spectrum_of(&gamma_ray, false);
    assert_int_equal(spectra_builder_add_spectrum(builder, reference, SPECTRA_TRACK_UNKNOWN, NULL), SPECTRA_OK);
    size_t size;
    uint8_t *second = sample_file(builder, &size);
    const spectra_database *databases[] = {database, sample_open(second, size)};
    const spectra_identification *it;
    spectra_scratch_init(&scratch, scratch_bytes, spectra_identify_required(PEAKS));
    assert_int_equal(spectra_identify(&it, databases, 2, query, NULL, &scratch, NULL), SPECTRA_OK);
    assert_int_equal(it->verdict, SPECTRA_VERDICT_SUPPORTED);
    assert_int_equal(it->unrepresented_count, 0);
    assert_true(says(it->warnings, it->warning_count, "substances that database 1 knows have no EI spectrum"));
    spectra_database_close((spectra_database *)(uintptr_t)databases[1]);
    spectra_builder_free(builder);
    spectra_spectrum_free(reference);
    spectra_spectrum_free(query);
    free(second);
}

static void of_very_many_unmeasured_isomers_some_are_named_and_the_rest_is_said(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    spectra_spectrum *reference = spectrum_of(&gamma_ray, true);
    for (char a = 'A'; a <= 'J'; a++) {
        for (char b = 'A'; b <= 'J'; b++) {
            char key[] = "ZZZZZZZZZZZZAA-UHFFFAOYSA-N";
            key[12] = a;
            key[13] = b;
            const spectra_substance isomer = {.name = key, .inchikey = key, .formula = gamma_ray.formula};
            assert_int_equal(spectra_builder_add_substance(builder, &isomer, NULL), SPECTRA_OK);
        }
    }
    assert_int_equal(spectra_builder_add_spectrum(builder, reference, SPECTRA_TRACK_UNKNOWN, NULL), SPECTRA_OK);
    size_t size;
    uint8_t *bytes = sample_file(builder, &size);
    const spectra_database *crowded = sample_open(bytes, size);
    const spectra_identification *it;
    spectra_scratch_init(&scratch, scratch_bytes, spectra_identify_required(PEAKS));
    assert_int_equal(spectra_identify(&it, &crowded, 1, reference, NULL, &scratch, NULL), SPECTRA_OK);
    assert_int_equal(it->verdict, SPECTRA_VERDICT_NOT_DISTINGUISHED);
    assert_int_equal(it->unrepresented_count, 64);
    assert_true(says(it->warnings, it->warning_count, "more unmeasured isomers are known than are listed"));
    spectra_database_close((spectra_database *)(uintptr_t)crowded);
    spectra_builder_free(builder);
    spectra_spectrum_free(reference);
    free(bytes);
}

static void every_verdict_has_a_word(void **state) {
    (void)state;
    static const char *const words[] = {"supported",    "not_distinguished", "class_only",
                                        "inconclusive", "no_match",          "unknown"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        assert_string_equal(spectra_verdict_text((spectra_verdict)i), words[i]);
}

static void options_of_another_size_are_refused(void **state) {
    (void)state;
    const spectra_search_options options = {.size = sizeof options - 1};
    const spectra_identification *result;
    spectra_spectrum *spectrum = spectrum_of(&beta, false);
    spectra_scratch_init(&scratch, scratch_bytes, spectra_identify_required(PEAKS));
    assert_int_equal(spectra_identify(&result, &database, 1, spectrum, &options, &scratch, NULL), SPECTRA_E_INVALID);
    spectra_spectrum_free(spectrum);
}

static void thresholds_are_in_order(void **state) {
    (void)state;
    for (int t = 0; t < 3; t++) {
        const identify_thresholds *limits = &identify_thresholds_by_track[t];
        assert_true(limits->resembles <= limits->group && limits->group <= limits->structure);
        assert_true(limits->set_margin < SPECTRA_SCORE_ONE / 2 && limits->matched_peaks > 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_substance_without_unmeasured_isomers_is_supported),
        cmocka_unit_test(an_isomer_that_nobody_measured_is_named_and_prevents_support),
        cmocka_unit_test(substances_with_equal_spectra_form_the_set_and_give_their_class),
        cmocka_unit_test(what_resembles_nothing_is_no_match),
        cmocka_unit_test(a_molecular_mass_that_contradicts_leaves_it_inconclusive),
        cmocka_unit_test(few_peaks_carry_no_verdict_not_even_no_match),
        cmocka_unit_test(a_scaffold_without_a_spectrum_is_said_to_be_invisible),
        cmocka_unit_test(main_peaks_say_what_the_other_side_has),
        cmocka_unit_test(settings_that_an_identification_chooses_itself_are_refused),
        cmocka_unit_test(an_isomer_that_another_database_has_is_not_missing),
        cmocka_unit_test(of_very_many_unmeasured_isomers_some_are_named_and_the_rest_is_said),
        cmocka_unit_test(every_verdict_has_a_word),
        cmocka_unit_test(options_of_another_size_are_refused),
        cmocka_unit_test(thresholds_are_in_order),
    };
    return cmocka_run_group_tests(tests, open_library, close_library);
}
