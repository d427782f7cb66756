/* SPDX-License-Identifier: Apache-2.0 */
/* What a sample is made of, on a made-up library whose answers are known: spectra at two collision energies. */
#include "unit/db/sample.h"

#include "identify/mixture.h"
#include "spectra/mixture.h"

#define PEAKS 12

/* Peaks of a compound depend on its seed and on the energy: heavier ones at the lower. */
typedef struct compound {
    const char *name, *inchikey, *formula;
    uint64_t seed;
} compound;

/* TWIN is an isomer of ALPHA and has its spectra; GAMMA has an isomer that nobody measured. */
static const compound alpha = {"alpha", "AAAAAAAAAAAAAA-UHFFFAOYSA-N", "C20H24N2O", 1};
static const compound twin = {"twin", "BBBBBBBBBBBBBB-UHFFFAOYSA-N", "C20H24N2O", 1};
static const compound beta = {"beta", "CCCCCCCCCCCCCC-UHFFFAOYSA-N", "C17H21NO4", 2};
static const compound gamma_ray = {"gamma", "DDDDDDDDDDDDDD-UHFFFAOYSA-N", "C10H15N", 3};
static const compound delta = {"delta", "EEEEEEEEEEEEEE-UHFFFAOYSA-N", "C12H17NO", 4};
static const compound hidden = {"hidden isomer", "FFFFFFFFFFFFFF-UHFFFAOYSA-N", "C10H15N", 0};
/* SPIKE has one ion and little besides, of which LONE_ION has nothing. */
static const compound spike = {"spike", "HHHHHHHHHHHHHH-UHFFFAOYSA-N", "C11H15N", 5};
static const compound lone_ion = {"lone ion", "", "", 5};
static const compound strange = {"strange", "GGGGGGGGGGGGGG-UHFFFAOYSA-N", "C9H13N", 9};

typedef struct part {
    const compound *of;
    double share;
} part;

typedef struct peak {
    double mz, intensity;
} peak;

static void make_peaks(peak *peaks, const compound *c, int energy) {
    uint64_t state = c->seed * 2654435761u + (uint64_t)energy * 40503u + 88172645463325252u;
    for (uint32_t i = 0; i < PEAKS; i++) {
        uint64_t place = c->seed * 97 + i * 31; /* the same ions at every energy */
        peaks[i] = (peak){60.0 + (double)(place % 400) + (double)(place % 89) / 1000,
                          (double)(20 + sample_random(&state) % 900)};
    }
    peaks[energy == 30 ? PEAKS - 1 : 0].intensity = 1000;
    for (uint32_t i = 1; c->seed == spike.seed && i < PEAKS; i++) peaks[i].intensity = c == &spike ? 10 + i : 0;
    if (c->seed == spike.seed) peaks[0].intensity = 1000;
}

static int by_mz(const void *a, const void *b) {
    double first = ((const peak *)a)->mz, second = ((const peak *)b)->mz;
    return (first > second) - (first < second);
}

static spectra_spectrum *spectrum_of(const part *parts, size_t count, int energy, double shift, const compound *named) {
    peak peaks[PEAKS * 8], own[PEAKS];
    double mz[PEAKS * 8], intensity[PEAKS * 8];
    size_t used = 0;
    char words[16];
    spectra_spectrum *spectrum;
    for (size_t p = 0; p < count; p++) {
        make_peaks(own, parts[p].of, energy);
        for (uint32_t i = 0; i < PEAKS; i++)
            peaks[used++] = (peak){own[i].mz + shift, own[i].intensity * parts[p].share};
    }
    qsort(peaks, used, sizeof *peaks, by_mz);
    for (size_t i = 0; i < used; i++) {
        mz[i] = peaks[i].mz;
        intensity[i] = peaks[i].intensity;
    }
    assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
    sample_add_line(spectrum, "Name", named ? named->name : "sample");
    if (named) sample_add_line(spectrum, "InChIKey", named->inchikey);
    if (named) sample_add_line(spectrum, "Formula", named->formula);
    sample_add_line(spectrum, "Spectrum_type", "in-source");
    sample_add_line(spectrum, "Ion_mode", "P");
    snprintf(words, sizeof words, "%d V", energy);
    sample_add_line(spectrum, "Collision_energy", words);
    assert_int_equal(spectra_spectrum_set_peaks(spectrum, mz, intensity, used, NULL), SPECTRA_OK);
    return spectrum;
}

static uint8_t *file, *scratch_bytes;
static const spectra_database *database;
static spectra_scratch scratch;
static size_t scratch_size;

static uint8_t *make_library(size_t *size) {
    const compound *known[] = {&alpha, &twin, &beta, &gamma_ray, &delta, &spike, &hidden};
    spectra_builder *builder = sample_builder();
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        const spectra_substance substance = {
            .name = known[i]->name, .inchikey = known[i]->inchikey, .formula = known[i]->formula};
        assert_int_equal(spectra_builder_add_substance(builder, &substance, NULL), SPECTRA_OK);
        for (int energy = 30; known[i] != &hidden && energy <= 60; energy += 30) {
            const part alone = {known[i], 1};
            spectra_spectrum *spectrum = spectrum_of(&alone, 1, energy, 0, known[i]);
            assert_int_equal(spectra_builder_add_spectrum(builder, spectrum, SPECTRA_TRACK_UNKNOWN, NULL), SPECTRA_OK);
            spectra_spectrum_free(spectrum);
        }
    }
    uint8_t *made = sample_file(builder, size);
    spectra_builder_free(builder);
    return made;
}

static int open_library(void **state) {
    (void)state;
    size_t size;
    file = make_library(&size);
    database = sample_open(file, size);
    scratch_size = spectra_mixture_required(PEAKS * 8, 2);
    scratch_bytes = (uint8_t *)malloc(scratch_size);
    return scratch_bytes ? 0 : -1;
}

static int close_library(void **state) {
    (void)state;
    spectra_database_close((spectra_database *)(uintptr_t)database);
    free(file);
    free(scratch_bytes);
    return 0;
}

typedef struct asking {
    int energies[2];
    double shift;
    const spectra_search_options *options;
    size_t size; /* of the scratch; 0: what is asked for */
} asking;

static const asking usual = {{30, 60}, 0, NULL, 0};

static spectra_status try_explain(const spectra_mixture **result, const part *parts, size_t count, const asking *how) {
    spectra_spectrum *spectra[2];
    for (int i = 0; i < 2; i++) spectra[i] = spectrum_of(parts, count, how->energies[i], how->shift, NULL);
    memset(scratch_bytes, 0xff, scratch_size); /* nothing is told that nobody wrote */
    spectra_scratch_init(&scratch, scratch_bytes, how->size ? how->size : scratch_size);
    spectra_status status = spectra_mixture_identify(result, &database, 1, (const spectra_spectrum *const *)spectra, 2,
                                                     how->options, &scratch, NULL);
    for (int i = 0; i < 2; i++) spectra_spectrum_free(spectra[i]);
    return status;
}

static const spectra_mixture *explain(const part *parts, size_t count, const asking *how) {
    const spectra_mixture *result = NULL;
    assert_int_equal(try_explain(&result, parts, count, how), SPECTRA_OK);
    return result;
}

static const char *name_of(uint32_t substance) {
    spectra_substance about;
    assert_int_equal(spectra_database_substance(database, substance, &about), SPECTRA_OK);
    return about.name;
}

static void assert_component(const spectra_mixture *result, uint32_t i, const compound *expected, double share) {
    assert_true(i < result->component_count);
    const spectra_component *component = &result->components[i];
    assert_string_equal(name_of(component->substance), expected->name);
    assert_in_range(component->share_ppm, (uint32_t)(share * 0.95e6), (uint32_t)(share * 1.05e6));
    assert_true(component->share_low_ppm <= component->share_ppm && component->share_ppm <= component->share_high_ppm);
    assert_true(component->evidence >= 20000);
}

static void components_and_their_shares_are_found(void **state) {
    (void)state;
    const part parts[] = {{&beta, 0.8}, {&delta, 0.2}};
    const spectra_mixture *result = explain(parts, 2, &usual);
    assert_int_equal(result->component_count, 2);
    assert_component(result, 0, &beta, 0.8);
    assert_component(result, 1, &delta, 0.2);
    assert_int_equal(result->components[1].supporting, 2);
    assert_int_equal(result->verdict, SPECTRA_VERDICT_SUPPORTED);
    for (uint32_t i = 0; i < result->spectrum_count; i++) {
        assert_true(result->spectra[i].explained_permille >= 995);
        assert_int_equal(result->spectra[i].unexplained_count, 0);
    }
}

static void a_minor_component_of_one_per_cent_is_found(void **state) {
    (void)state;
    const part parts[] = {{&beta, 0.99}, {&delta, 0.01}};
    const spectra_mixture *result = explain(parts, 2, &usual);
    assert_int_equal(result->component_count, 2);
    assert_component(result, 1, &delta, 0.01);
}

static void isomers_with_the_same_spectra_are_one_set(void **state) {
    (void)state;
    const part parts[] = {{&alpha, 0.7}, {&beta, 0.3}};
    const spectra_mixture *result = explain(parts, 2, &usual);
    assert_int_equal(result->component_count, 2);
    assert_int_equal(result->verdict, SPECTRA_VERDICT_NOT_DISTINGUISHED);
    const spectra_component *set = &result->components[0];
    assert_int_equal(set->verdict, SPECTRA_VERDICT_NOT_DISTINGUISHED);
    assert_int_equal(set->alternative_count, 1);
    assert_string_equal(name_of(set->substance), "alpha");
    assert_string_equal(name_of(set->alternatives[0].substance), "twin");
    assert_in_range(set->share_ppm, 650000, 750000);
    assert_component(result, 1, &beta, 0.3);
    assert_int_equal(result->components[1].verdict, SPECTRA_VERDICT_SUPPORTED);
}

static void an_isomer_that_nobody_measured_is_named(void **state) {
    (void)state;
    const part parts[] = {{&gamma_ray, 1}};
    const spectra_mixture *result = explain(parts, 1, &usual);
    assert_component(result, 0, &gamma_ray, 1);
    assert_int_equal(result->components[0].verdict, SPECTRA_VERDICT_NOT_DISTINGUISHED);
    assert_int_equal(result->components[0].unrepresented_count, 1);
    assert_string_equal(name_of(result->components[0].unrepresented[0].substance), "hidden isomer");
}

static void masses_that_are_off_are_moved_back(void **state) {
    (void)state;
    const part parts[] = {{&beta, 0.8}, {&delta, 0.2}};
    const asking off = {{30, 60}, -0.009, NULL, 0};
    const spectra_mixture *result = explain(parts, 2, &off);
    assert_in_range(9200 + result->spectra[0].shift_uth, 0, 400);
    assert_int_equal(result->component_count, 2);
    assert_component(result, 1, &delta, 0.2);
}

static void integer_masses_are_compared_as_such(void **state) {
    (void)state;
    const part parts[] = {{&beta, 0.8}, {&delta, 0.2}};
    const spectra_search_options wide = {.size = sizeof wide, .tolerance = {.uth = 500000}};
    const asking how = {{30, 60}, 0.02, &wide, 0};
    const spectra_mixture *result = explain(parts, 2, &how);
    assert_int_equal(result->integer_masses, 1);
    assert_int_equal(result->component_count, 2);
    assert_int_equal(explain(parts, 2, &usual)->integer_masses, 0);
}

static bool says(const char *const *sentences, uint32_t count, const char *words) {
    for (uint32_t i = 0; i < count; i++)
        if (strstr(sentences[i], words)) return true;
    return false;
}

static void spectra_are_compared_with_the_nearest_energy(void **state) {
    (void)state;
    const part parts[] = {{&beta, 1}};
    const asking swapped = {{60, 30}, 0, NULL, 0};
    const spectra_mixture *result = explain(parts, 1, &swapped);
    assert_int_equal(result->spectra[0].index, 1);
    assert_int_equal(result->spectra[0].compared, 1);
    assert_false(says(result->warnings, result->warning_count, "nearest"));
    const asking between = {{32, 61}, 0, NULL, 0};
    result = explain(parts, 1, &between);
    assert_true(says(result->warnings, result->warning_count, "nearest"));
    assert_int_equal(result->spectra[0].compared, 1);
}

static void what_no_reference_has_is_told(void **state) {
    (void)state;
    const part parts[] = {{&beta, 0.5}, {&strange, 0.5}};
    const spectra_mixture *result = explain(parts, 2, &usual);
    assert_int_equal(result->component_count, 1);
    assert_string_equal(name_of(result->components[0].substance), "beta");
    assert_true(result->spectra[0].unexplained_count >= PEAKS / 2);
    assert_true(result->spectra[0].explained_permille < 700);
    assert_true(says(result->against, result->against_count, "of the signal is explained"));
    const part unknown[] = {{&strange, 1}};
    const spectra_mixture *nothing = explain(unknown, 1, &usual);
    assert_int_equal(nothing->verdict, SPECTRA_VERDICT_NO_MATCH);
    assert_int_equal(nothing->candidate_count, 0);
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(nothing->spectra[i].index, i);
        assert_int_equal(nothing->spectra[i].explained_permille, 0);
        assert_int_equal(nothing->spectra[i].unexplained_count, SPECTRA_MIXTURE_UNEXPLAINED);
    }
}

static void one_ion_alone_is_no_component(void **state) {
    (void)state;
    const part ion[] = {{&beta, 0.8}, {&lone_ion, 0.2}}, whole[] = {{&beta, 0.8}, {&spike, 0.2}};
    const spectra_mixture *result = explain(ion, 2, &usual);
    assert_int_equal(result->component_count, 1);
    assert_string_equal(name_of(result->components[0].substance), "beta");
    assert_true(says(result->against, result->against_count, "one ion alone speaks for spike"));
    result = explain(whole, 2, &usual);
    assert_int_equal(result->component_count, 2);
    assert_false(says(result->against, result->against_count, "one ion alone"));
}

static void a_scratch_too_small_is_refused_and_left_as_it_was(void **state) {
    (void)state;
    const part parts[] = {{&alpha, 0.7}, {&beta, 0.3}};
    const spectra_mixture *result;
    assert_int_equal(try_explain(&result, parts, 2, &usual), SPECTRA_OK);
    size_t needed = scratch.peak;
    assert_true(needed <= scratch_size);
    for (size_t size = 1; size < needed; size += 1999) {
        const asking small = {{30, 60}, 0, NULL, size};
        assert_int_equal(try_explain(&result, parts, 2, &small), SPECTRA_E_MEMORY);
        assert_int_equal(scratch.used, 0);
    }
}

static void what_is_no_sample_is_refused(void **state) {
    (void)state;
    const part parts[] = {{&beta, 1}};
    const spectra_mixture *result;
    spectra_spectrum *one = spectrum_of(parts, 1, 30, 0, NULL), *negative = NULL;
    const spectra_spectrum *spectra[SPECTRA_MIXTURE_SPECTRA + 1] = {one, NULL};
    spectra_scratch_init(&scratch, scratch_bytes, scratch_size);
    assert_int_equal(spectra_mixture_identify(&result, &database, 1, spectra, 0, NULL, &scratch, NULL),
                     SPECTRA_E_INVALID);
    assert_int_equal(spectra_mixture_identify(&result, &database, 1, spectra, 2, NULL, &scratch, NULL),
                     SPECTRA_E_INVALID);
    assert_int_equal(
        spectra_mixture_identify(&result, &database, 1, spectra, SPECTRA_MIXTURE_SPECTRA + 1, NULL, &scratch, NULL),
        SPECTRA_E_INVALID);
    const spectra_search_options ranked = {.size = sizeof ranked, .measure = SPECTRA_MEASURE_COSINE};
    assert_int_equal(spectra_mixture_identify(&result, &database, 1, spectra, 1, &ranked, &scratch, NULL),
                     SPECTRA_E_INVALID);
    assert_int_equal(spectra_spectrum_create(&negative, NULL), SPECTRA_OK);
    sample_add_line(negative, "Spectrum_type", "in-source");
    sample_add_line(negative, "Ion_mode", "N");
    spectra[1] = negative;
    assert_int_equal(spectra_mixture_identify(&result, &database, 1, spectra, 2, NULL, &scratch, NULL),
                     SPECTRA_E_INVALID);
    assert_int_equal(scratch.used, 0);
    spectra_spectrum_free(one);
    spectra_spectrum_free(negative);
}

static spectra_status explain_by(const spectra_mixture **result, const spectra_database *const *databases,
                                 uint32_t count) {
    const part parts[] = {{&beta, 0.8}, {&delta, 0.2}};
    spectra_spectrum *spectrum = spectrum_of(parts, 2, 30, 0, NULL);
    spectra_scratch_init(&scratch, scratch_bytes, scratch_size);
    spectra_status status = spectra_mixture_identify(
        result, databases, count, (const spectra_spectrum *const *)&spectrum, 1, NULL, &scratch, NULL);
    spectra_spectrum_free(spectrum);
    return status;
}

static void a_compound_of_two_databases_is_one_component(void **state) {
    (void)state;
    size_t size;
    uint8_t *copy = make_library(&size);
    const spectra_database *both[] = {database, sample_open(copy, size)};
    const spectra_mixture *result;
    assert_int_equal(explain_by(&result, both, 2), SPECTRA_OK);
    assert_int_equal(result->component_count, 2);
    assert_component(result, 0, &beta, 0.8);
    assert_component(result, 1, &delta, 0.2);
    assert_int_equal(result->spectra[0].compared, 4);
    assert_int_equal(result->verdict, SPECTRA_VERDICT_SUPPORTED);
    spectra_database_close((spectra_database *)(uintptr_t)both[1]);
    free(copy);
}

/* A file made before in-source spectra stood in a fine set. */
static void a_database_without_what_mixtures_need_is_refused(void **state) {
    (void)state;
    size_t size;
    uint8_t *old = make_library(&size);
    for (uint32_t i = 0; i < base_get32(old + DB_HEADER_SECTION_COUNT); i++) {
        uint8_t *row = old + DB_HEADER_SIZE + (size_t)i * DB_SECTION_ROW_SIZE;
        if (row[DB_SECTION_SET] != DB_SET_FINE) continue;
        base_put16(row + DB_SECTION_KIND, 0x7f00); /* a kind that is not known */
        row[DB_SECTION_FLAGS] = DB_SECTION_OPTIONAL;
    }
    const spectra_database *opened = sample_open(old, size);
    const spectra_mixture *result;
    assert_int_equal(explain_by(&result, &opened, 1), SPECTRA_E_UNSUPPORTED);
    assert_int_equal(scratch.used, 0);
    spectra_database_close((spectra_database *)(uintptr_t)opened);
    free(old);
}

/* 0.1 % of the strong peak at 200, and what a detector makes beside it; at a whole number away it is an isotope. */
static void ringing_beside_a_strong_peak_is_left_out(void **state) {
    (void)state;
    const uint32_t mz[] = {194500000, 199500000, 200000000, 200015000, 200500000, 201000000, 206500000};
    const uint16_t root[] = {6000, 6000, 65535, 6000, 6000, 6000, 6000};
    uint32_t kept[8], value[8];
    mixture_peaks peaks = {kept, value, 0};
    mixture_take_peaks(&peaks, 8, mz, root, COUNT_OF(mz));
    static const uint32_t expected[] = {200000000, 200015000, 201000000, 206500000};
    assert_int_equal(peaks.count, COUNT_OF(expected));
    assert_memory_equal(kept, expected, sizeof expected);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(components_and_their_shares_are_found),
        cmocka_unit_test(a_minor_component_of_one_per_cent_is_found),
        cmocka_unit_test(isomers_with_the_same_spectra_are_one_set),
        cmocka_unit_test(an_isomer_that_nobody_measured_is_named),
        cmocka_unit_test(masses_that_are_off_are_moved_back),
        cmocka_unit_test(integer_masses_are_compared_as_such),
        cmocka_unit_test(spectra_are_compared_with_the_nearest_energy),
        cmocka_unit_test(what_no_reference_has_is_told),
        cmocka_unit_test(one_ion_alone_is_no_component),
        cmocka_unit_test(a_scratch_too_small_is_refused_and_left_as_it_was),
        cmocka_unit_test(what_is_no_sample_is_refused),
        cmocka_unit_test(a_compound_of_two_databases_is_one_component),
        cmocka_unit_test(a_database_without_what_mixtures_need_is_refused),
        cmocka_unit_test(ringing_beside_a_strong_peak_is_left_out),
    };
    return cmocka_run_group_tests(tests, open_library, close_library);
}
