/* SPDX-License-Identifier: Apache-2.0 */
/* Every measure: a search equals comparing with every entry pairwise, and what a measure needs is asked for. */
#include "unit/db/sample.h"

#include "spectra/search.h"

#define LIBRARY 12
#define TOP 8
#define QUERIES 10000
#define PEAKS_MAX 16u

static uint8_t scratch_bytes[1 << 20];

static spectra_scratch fresh_scratch(size_t size) {
    spectra_scratch scratch;
    assert_true(size <= sizeof scratch_bytes);
    spectra_scratch_init(&scratch, scratch_bytes, size);
    return scratch;
}

/* A made-up record of few different m/z, intensities and masses: equal scores, peaks at the edges of windows, spectra
   of one peak or none, equal ones. */
static spectra_spectrum *record(const char *kind, const char *accession, uint64_t *state) {
    static const char *const formulas[] = {"C10H12N2O", "C11H14N2O", "C12H16N2O", "C10H12N2O2"};
    static const char *const precursors[] = {"120.0", "134.01565", "134.0157", "148.0"};
    static const double steps[] = {0, 0.01, 0.010001, 0.02, 14.01565, 14.0157};
    bool nominal = strcmp(kind, "EI") == 0;
    spectra_spectrum *out;
    double mz[PEAKS_MAX], intensity[PEAKS_MAX], at = 20;
    size_t count = sample_random(state) % 5 == 0 ? sample_random(state) % 2 : sample_random(state) % (PEAKS_MAX + 1);
    assert_int_equal(spectra_spectrum_create(&out, NULL), SPECTRA_OK);
    sample_add_line(out, "Name", accession);
    sample_add_line(out, "DB#", accession);
    sample_add_line(out, "Ion_mode", "P");
    sample_add_line(out, nominal ? "Instrument_type" : "Spectrum_type", nominal ? "EI-B" : kind);
    sample_add_line(out, "Formula", formulas[sample_random(state) % COUNT_OF(formulas)]);
    if (!nominal) sample_add_line(out, "PrecursorMZ", precursors[sample_random(state) % COUNT_OF(precursors)]);
    for (size_t i = 0; i < count; i++) {
        at += (double)(1 + sample_random(state) % 7);
        mz[i] = nominal ? at : at + steps[sample_random(state) % COUNT_OF(steps)];
        intensity[i] = sample_random(state) % 3 == 0 ? 999 : (double)(1 + sample_random(state) % 999);
    }
    assert_int_equal(spectra_spectrum_set_peaks(out, mz, intensity, count, NULL), SPECTRA_OK);
    return out;
}

typedef struct sample_library {
    spectra_spectrum *spectra[LIBRARY];
    uint8_t *file;
    size_t size;
    spectra_database *database;
} sample_library;

static void make_library(sample_library *out, const char *kind, uint64_t seed) {
    spectra_builder *builder = sample_builder();
    uint64_t state = seed * 2654435761u + 1;
    for (uint32_t i = 0; i < LIBRARY; i++) {
        char accession[16];
        uint64_t earlier = seed * 2654435761u + 1;
        snprintf(accession, sizeof accession, "L-%u", (unsigned)i);
        out->spectra[i] = record(kind, accession, i % 8 == 7 ? &earlier : &state); /* every eighth is the first again */
        assert_int_equal(spectra_builder_add_spectrum(builder, out->spectra[i], SPECTRA_TRACK_UNKNOWN, NULL),
                         SPECTRA_OK);
    }
    out->file = sample_file(builder, &out->size);
    out->database = sample_open(out->file, out->size);
    spectra_builder_free(builder);
}

static void free_library(sample_library *library) {
    spectra_database_close(library->database);
    free(library->file);
    for (uint32_t i = 0; i < LIBRARY; i++) spectra_spectrum_free(library->spectra[i]);
}

static spectra_hit compare(const spectra_spectrum *query, const spectra_spectrum *reference,
                           const spectra_search_options *options) {
    spectra_hit hit;
    spectra_error error = {0};
    spectra_scratch scratch = fresh_scratch(spectra_similarity_required(PEAKS_MAX, PEAKS_MAX));
    spectra_status status = spectra_similarity(&hit, query, reference, options, NULL, &scratch, &error);
    if (status < 0) print_error("%s\n", error.message);
    assert_int_equal(status, SPECTRA_OK);
    assert_int_equal(scratch.used, 0);
    return hit;
}

static uint32_t rank(const spectra_hit *hit, const spectra_search_options *options) {
    return options->mode == SPECTRA_SEARCH_REVERSE ? hit->reverse_score : hit->score;
}

/* Pairwise with all of the library, sorted by rank and entry. */
static uint32_t compare_with_all(spectra_hit *hits, const sample_library *library, const spectra_spectrum *query,
                                 const spectra_search_options *options) {
    spectra_hit all[LIBRARY];
    uint32_t count = 0;
    for (uint32_t i = 0; i < LIBRARY; i++) {
        spectra_hit hit = compare(query, library->spectra[i], options);
        hit.entry = i;
        if (rank(&hit, options) == 0) continue;
        uint32_t place = count++;
        for (; place > 0 && rank(&all[place - 1], options) < rank(&hit, options); place--) all[place] = all[place - 1];
        all[place] = hit;
    }
    if (count > TOP) count = TOP;
    memcpy(hits, all, count * sizeof *hits);
    return count;
}

static void assert_same_hit(const spectra_hit *hit, const spectra_hit *expected) {
    assert_int_equal(hit->entry, expected->entry);
    assert_int_equal(hit->score, expected->score);
    assert_int_equal(hit->reverse_score, expected->reverse_score);
    assert_int_equal(hit->match_factor, expected->match_factor);
    assert_int_equal(hit->matched_peaks, expected->matched_peaks);
    assert_int_equal(hit->reference_peaks, expected->reference_peaks);
    assert_int_equal(hit->has_delta_mass, expected->has_delta_mass);
    assert_int_equal(hit->delta_mass_uda, expected->delta_mass_uda);
}

static void assert_search_equals_pairs(const char *kind, spectra_measure measure, spectra_search_mode mode) {
    uint64_t state = 88172645463325252u + (uint64_t)measure;
    uint32_t found = 0, full = 0;
    for (uint64_t round = 0; round < QUERIES / 100; round++) {
        sample_library library;
        make_library(&library, kind, round + 1);
        for (int i = 0; i < 100; i++) {
            spectra_search_options options = {
                .size = sizeof options, .mode = mode, .measure = measure, .open = 1, .all_spectra = 1};
            spectra_hit hits[TOP], expected[TOP];
            spectra_search_summary summary;
            spectra_spectrum *query = record(kind, "query", &state);
            const spectra_database *database = library.database;
            spectra_scratch scratch = fresh_scratch(spectra_search_required(PEAKS_MAX));
            assert_int_equal(spectra_search(hits, TOP, &summary, &database, 1, query, &options, &scratch, NULL),
                             SPECTRA_OK);
            uint32_t count = compare_with_all(expected, &library, query, &options);
            assert_int_equal(summary.hit_count, count);
            for (uint32_t k = 0; k < count; k++) assert_same_hit(&hits[k], &expected[k]);
            found += count;
            full += count > 0 && hits[0].score >= SPECTRA_SCORE_ONE - 256;
            spectra_spectrum_free(query);
        }
        free_library(&library);
    }
    assert_true(found > QUERIES && full > 10);
}

static void ei_searches_equal_pairwise_comparison(void **state) {
    (void)state;
    assert_search_equals_pairs("EI", SPECTRA_MEASURE_COSINE, SPECTRA_SEARCH_IDENTITY);
    assert_search_equals_pairs("EI", SPECTRA_MEASURE_WEIGHTED_COSINE, SPECTRA_SEARCH_REVERSE);
    assert_search_equals_pairs("EI", SPECTRA_MEASURE_MATCH_FACTOR, SPECTRA_SEARCH_SIMILARITY);
}

static void ei_hybrid_search_equals_pairwise_comparison(void **state) {
    (void)state;
    assert_search_equals_pairs("EI", SPECTRA_MEASURE_DEFAULT, SPECTRA_SEARCH_HYBRID);
}

static void msms_searches_equal_pairwise_comparison(void **state) {
    (void)state;
    assert_search_equals_pairs("MS2", SPECTRA_MEASURE_ENTROPY, SPECTRA_SEARCH_REVERSE);
    assert_search_equals_pairs("MS2", SPECTRA_MEASURE_COSINE, SPECTRA_SEARCH_SIMILARITY);
    assert_search_equals_pairs("in-source", SPECTRA_MEASURE_COSINE, SPECTRA_SEARCH_REVERSE);
}

static void shifted_msms_searches_equal_pairwise_comparison(void **state) {
    (void)state;
    assert_search_equals_pairs("MS2", SPECTRA_MEASURE_MODIFIED_COSINE, SPECTRA_SEARCH_IDENTITY);
    assert_search_equals_pairs("MS2", SPECTRA_MEASURE_NEUTRAL_LOSS, SPECTRA_SEARCH_HYBRID);
    assert_search_equals_pairs("MS2", SPECTRA_MEASURE_HYBRID, SPECTRA_SEARCH_REVERSE);
}

static spectra_spectrum *bare(const char *kind, const char *key, const char *value) {
    sample_record sample = {.name = "bare", .kind = kind, .polarity = "P", .peaks = 5, .seed = 3};
    spectra_spectrum *out = sample_spectrum(&sample);
    sample_add_line(out, key, value);
    return out;
}

static void assert_refused(const spectra_spectrum *query, const spectra_search_options *options, const char *advice) {
    spectra_hit hit;
    spectra_error error = {0};
    spectra_scratch scratch = fresh_scratch(spectra_similarity_required(5, 5));
    assert_int_equal(spectra_similarity(&hit, query, query, options, NULL, &scratch, &error), SPECTRA_E_INVALID);
    assert_int_equal(error.status, SPECTRA_E_INVALID);
    assert_non_null(strstr(error.message, advice));
    assert_int_equal(scratch.used, 0);
}

static void a_measure_that_cannot_be_had_is_refused_with_advice(void **state) {
    (void)state;
    static const struct {
        const char *kind;
        spectra_measure measure;
        spectra_search_mode mode;
        const char *advice;
    } cases[] = {
        {"EI", SPECTRA_MEASURE_ENTROPY, 0, "EI has match-factor"},
        {"EI", SPECTRA_MEASURE_MODIFIED_COSINE, 0, "EI has match-factor"},
        {"EI", SPECTRA_MEASURE_HYBRID, 0, "(option mass)"},
        {"EI", SPECTRA_MEASURE_DEFAULT, SPECTRA_SEARCH_HYBRID, "(option mass)"},
        {"EI", SPECTRA_MEASURE_COSINE, SPECTRA_SEARCH_HYBRID, "ranks by hybrid, modified-cosine or neutral-loss"},
        {"EI", SPECTRA_MEASURE_IDENTITY, SPECTRA_SEARCH_HYBRID, "identity searches only"},
        {"MS2", SPECTRA_MEASURE_MATCH_FACTOR, 0, "msms has entropy"},
        {"MS2", SPECTRA_MEASURE_WEIGHTED_COSINE, 0, "msms has entropy"},
        {"MS2", SPECTRA_MEASURE_MODIFIED_COSINE, 0, "states no precursor m/z"},
        {"MS2", SPECTRA_MEASURE_NEUTRAL_LOSS, 0, "states no precursor m/z"},
        {"MS2", SPECTRA_MEASURE_HYBRID, 0, "states no precursor m/z"},
        {"in-source", SPECTRA_MEASURE_HYBRID, 0, "insource has entropy"},
        {"in-source", SPECTRA_MEASURE_DEFAULT, SPECTRA_SEARCH_HYBRID, "insource has entropy"},
        {"MS2", SPECTRA_MEASURE_HYBRID + 1, 0, "unknown measure"},
        {"MS2", -1, 0, "unknown measure"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        spectra_search_options options = {.size = sizeof options, .measure = cases[i].measure, .mode = cases[i].mode};
        spectra_spectrum *query = bare(cases[i].kind, NULL, NULL);
        assert_refused(query, &options, cases[i].advice);
        spectra_spectrum_free(query);
    }
}

/* The mass in the options, else the formula of the record. */
static void ei_hybrid_takes_the_mass_as_given_or_from_the_formula(void **state) {
    (void)state;
    spectra_search_options options = {.size = sizeof options, .mode = SPECTRA_SEARCH_HYBRID};
    spectra_spectrum *query = bare("EI", "Formula", "C11H14N2O"), *reference = bare("EI", "Formula", "C10H12N2O");
    spectra_spectrum *unknown = bare("EI", NULL, NULL);
    spectra_hit hit = compare(query, reference, &options);
    assert_int_equal(hit.has_delta_mass, 1);
    assert_int_equal(hit.delta_mass_uda, 14000000);
    options.mass_da = 177;
    assert_int_equal(compare(query, reference, &options).delta_mass_uda, 1000000);
    hit = compare(query, unknown, &options);
    assert_int_equal(hit.has_delta_mass, 0);
    assert_int_equal(hit.score, SPECTRA_SCORE_ONE);
    spectra_spectrum_free(query);
    spectra_spectrum_free(reference);
    spectra_spectrum_free(unknown);
}

static void a_cosine_in_a_database_without_roots_is_refused_with_advice(void **state) {
    (void)state;
    sample_library library;
    make_library(&library, "MS2", 1);
    uint8_t *row = library.file + 256;
    for (uint32_t i = 0; i < base_get32(library.file + 12); i++, row += 32)
        if (base_get16(row) == DB_KIND_ACCURATE_ROOT) base_put16(row, 0x7777);
    spectra_database_close(library.database);
    library.database = sample_open(library.file, library.size);
    spectra_search_options options = {.size = sizeof options, .measure = SPECTRA_MEASURE_COSINE, .open = 1};
    spectra_hit hit;
    spectra_search_summary summary;
    spectra_error error;
    const spectra_database *database = library.database;
    spectra_scratch scratch = fresh_scratch(spectra_search_required(PEAKS_MAX));
    assert_int_equal(spectra_search(&hit, 1, &summary, &database, 1, library.spectra[1], &options, &scratch, &error),
                     SPECTRA_E_UNSUPPORTED);
    assert_non_null(strstr(error.message, "build it anew"));
    options.measure = SPECTRA_MEASURE_ENTROPY;
    assert_int_equal(spectra_search(&hit, 1, &summary, &database, 1, library.spectra[1], &options, &scratch, &error),
                     SPECTRA_OK);
    free_library(&library);
}

static void a_comparison_without_its_parts_or_by_a_wrong_recipe_is_refused(void **state) {
    (void)state;
    spectra_spectrum *query = bare("EI", NULL, NULL);
    spectra_hit hit;
    spectra_recipe recipe;
    spectra_scratch s = fresh_scratch(spectra_similarity_required(5, 5));
    assert_int_equal(spectra_similarity(NULL, query, query, NULL, NULL, &s, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_similarity(&hit, NULL, query, NULL, NULL, &s, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_similarity(&hit, query, NULL, NULL, NULL, &s, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_similarity(&hit, query, query, NULL, NULL, NULL, NULL), SPECTRA_E_INVALID);
    spectra_recipe_open(&recipe);
    assert_int_equal(spectra_similarity(&hit, query, query, NULL, &recipe, &s, NULL), SPECTRA_E_RECIPE);
    spectra_recipe_nominal(&recipe);
    assert_int_equal(spectra_similarity(&hit, query, query, NULL, &recipe, &s, NULL), SPECTRA_OK);
    assert_int_equal(hit.score, SPECTRA_SCORE_ONE);
    for (size_t size = 0; size < spectra_similarity_required(5, 5); size += 997) {
        spectra_scratch_init(&s, scratch_bytes, size);
        spectra_status status = spectra_similarity(&hit, query, query, NULL, NULL, &s, NULL);
        assert_true(status == SPECTRA_OK || status == SPECTRA_E_MEMORY);
        assert_int_equal(s.used, 0);
    }
    spectra_spectrum_free(query);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ei_searches_equal_pairwise_comparison),
        cmocka_unit_test(ei_hybrid_search_equals_pairwise_comparison),
        cmocka_unit_test(msms_searches_equal_pairwise_comparison),
        cmocka_unit_test(shifted_msms_searches_equal_pairwise_comparison),
        cmocka_unit_test(a_measure_that_cannot_be_had_is_refused_with_advice),
        cmocka_unit_test(ei_hybrid_takes_the_mass_as_given_or_from_the_formula),
        cmocka_unit_test(a_cosine_in_a_database_without_roots_is_refused_with_advice),
        cmocka_unit_test(a_comparison_without_its_parts_or_by_a_wrong_recipe_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
