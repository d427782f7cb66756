/* SPDX-License-Identifier: Apache-2.0 */
/* Ranked search against comparing with every entry one by one, and what the options mean. */
#include "unit/db/sample.h"

#include "kernels/kernels.h"
#include "peaks/peaks.h"
#include "spectra/search.h"

#define LIBRARY 300
#define TOP 20

/* A made-up library: compounds of one to four spectra each, many of them alike, some equal. */
static spectra_database *library(uint8_t **file, const char *kind, uint64_t seed) {
    spectra_builder *builder = sample_builder();
    for (uint32_t i = 0; i < LIBRARY; i++) {
        char accession[16], name[16], precursor[16];
        uint64_t state = seed + i * 7919u;
        snprintf(accession, sizeof accession, "L-%u", (unsigned)i);
        snprintf(name, sizeof name, "compound %u", (unsigned)(sample_random(&state) % (LIBRARY / 2)));
        snprintf(precursor, sizeof precursor, "%u.1", (unsigned)(200 + sample_random(&state) % 3));
        sample_record record = {.accession = accession,
                                .name = name,
                                .kind = kind,
                                .polarity = "P",
                                .precursor = strcmp(kind, "EI") == 0 ? NULL : precursor,
                                .peaks = (uint32_t)(sample_random(&state) % 60),
                                .seed = seed + i % 97};
        assert_int_equal(sample_add(builder, &record, NULL), SPECTRA_OK);
    }
    size_t size;
    *file = sample_file(builder, &size);
    spectra_builder_free(builder);
    return sample_open(*file, size);
}

static spectra_spectrum *query_of(const char *kind, uint32_t peaks, uint64_t seed) {
    sample_record record = {
        .name = "query", .kind = kind, .polarity = "P", .precursor = "201.1", .peaks = peaks, .seed = seed};
    return sample_spectrum(&record);
}

static uint8_t scratch_bytes[1 << 20];

static spectra_scratch fresh_scratch(size_t peaks) {
    spectra_scratch scratch;
    size_t size = spectra_search_required(peaks);
    assert_true(size <= sizeof scratch_bytes);
    spectra_scratch_init(&scratch, scratch_bytes, size);
    return scratch;
}

static uint32_t search(spectra_hit *hits, uint32_t capacity, const spectra_database *database,
                       const spectra_spectrum *query, const spectra_search_options *options) {
    spectra_search_summary summary;
    spectra_error error = {0};
    spectra_scratch scratch = fresh_scratch(spectra_spectrum_peak_count(query));
    spectra_status status = spectra_search(hits, capacity, &summary, &database, 1, query, options, &scratch, &error);
    if (status < 0) print_error("%s\n", error.message);
    assert_int_equal(status, SPECTRA_OK);
    assert_int_equal(scratch.used, 0);
    return summary.hit_count;
}

/* Score of the query with one spectrum of a set, straight from the kernels. */
static uint32_t brute_score(const spectra_prepared *query, const db_set *set, const db_spectrum *spectrum) {
    if (set->recipe.kind == SPECTRA_RECIPE_NOMINAL) {
        kernels_nominal a = {query->nominal, query->root, query->count};
        kernels_nominal b = {set->nominal + spectrum->first_peak, set->root + spectrum->first_peak,
                             spectrum->peak_count};
        kernels_match match;
        kernels_match_factor_scalar(&match, &a, &b);
        return match.match_factor;
    }
    uint32_t low[512], high[512], matched;
    spectra_tolerance tolerance = {.uth = 10000};
    peaks_windows(low, high, query->mz_uth, query->count, &tolerance);
    kernels_accurate b = {set->mz_uth + spectrum->first_peak, set->weight + spectrum->first_peak, spectrum->peak_count};
    kernels_windows a = {low, high, query->weight, query->count};
    uint64_t sum = kernels_entropy_scalar(&a, &b, &matched, NULL);
    return (uint32_t)((sum << 30) / KERNELS_ENTROPY_FULL);
}

/* Everything compared, sorted by score and entry, first of each compound. */
static uint32_t brute_search(spectra_hit *hits, const spectra_database *database, const spectra_spectrum *query,
                             int set_kind, spectra_track track) {
    static spectra_hit all[LIBRARY];
    uint32_t count = 0, kept = 0;
    db_set set;
    assert_int_equal(db_find_set(&set, database, track, SPECTRA_POLARITY_POSITIVE, set_kind), SPECTRA_OK);
    spectra_scratch scratch = fresh_scratch(spectra_spectrum_peak_count(query));
    const spectra_prepared *prepared;
    assert_int_equal(spectra_prepare(&prepared, query, &set.recipe, &scratch, NULL), SPECTRA_OK);
    for (uint32_t i = 0; i < set.count; i++) {
        db_spectrum spectrum;
        db_entry_key key;
        assert_true(db_spectrum_at(&spectrum, &set, i));
        assert_true(db_entry_key_at(&key, database, spectrum.entry));
        spectra_hit hit = {
            .entry = spectrum.entry, .substance = key.substance, .score = brute_score(prepared, &set, &spectrum)};
        uint32_t place = count++;
        for (; place > 0 && (all[place - 1].score < hit.score ||
                             (all[place - 1].score == hit.score && all[place - 1].entry > hit.entry));
             place--)
            all[place] = all[place - 1];
        all[place] = hit;
    }
    for (uint32_t i = 0; i < count && kept < TOP; i++) {
        bool seen = all[i].score == 0;
        for (uint32_t k = 0; k < kept; k++) seen |= hits[k].substance == all[i].substance;
        if (!seen) hits[kept++] = all[i];
    }
    return kept;
}

static void assert_same_as_brute(const char *kind, spectra_track track, int set_kind,
                                 const spectra_search_options *options) {
    for (uint64_t seed = 1; seed <= 40; seed++) {
        uint8_t *file;
        spectra_database *database = library(&file, kind, seed);
        spectra_spectrum *query = query_of(kind, (uint32_t)(seed * 7 % 61), seed + seed % 3);
        spectra_hit hits[TOP], expected[TOP];
        uint32_t count = search(hits, TOP, database, query, options);
        assert_int_equal(count, brute_search(expected, database, query, set_kind, track));
        for (uint32_t i = 0; i < count; i++) {
            assert_int_equal(hits[i].entry, expected[i].entry);
            assert_int_equal(hits[i].score, expected[i].score);
        }
        spectra_spectrum_free(query);
        spectra_database_close(database);
        free(file);
    }
}

static void match_factor_search_equals_comparing_with_every_entry(void **state) {
    (void)state;
    assert_same_as_brute("EI", SPECTRA_TRACK_EI, DB_SET_NOMINAL, NULL);
}

static void open_entropy_search_equals_comparing_with_every_entry(void **state) {
    (void)state;
    spectra_search_options options = {.size = sizeof options, .open = 1};
    assert_same_as_brute("MS2", SPECTRA_TRACK_MSMS, DB_SET_OPEN, &options);
}

static uint32_t count_deltas(const spectra_hit *hits, uint32_t count, int64_t most) {
    uint32_t inside = 0;
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(hits[i].has_delta_mass, 1);
        inside += hits[i].delta_mass_uda >= -most && hits[i].delta_mass_uda <= most;
    }
    return inside;
}

/* Precursors of the library are 200.1, 201.1 and 202.1, the query's is 201.1; peaks lie below 100. */
static void a_precursor_window_leaves_what_lies_inside_its_inclusive_edges(void **state) {
    (void)state;
    uint8_t *file;
    spectra_database *database = library(&file, "MS2", 5);
    spectra_spectrum *query = query_of("MS2", 30, 5);
    spectra_search_options options = {.size = sizeof options, .open = 1, .all_spectra = 1};
    spectra_hit hits[LIBRARY];
    uint32_t all = search(hits, LIBRARY, database, query, &options);
    uint32_t middle = count_deltas(hits, all, 0);
    assert_true(middle > 10 && middle < all);
    options.open = 0;
    options.precursor_tolerance.uth = 999999;
    assert_int_equal(search(hits, LIBRARY, database, query, &options), middle);
    assert_int_equal(count_deltas(hits, middle, 0), middle);
    options.precursor_tolerance.uth = 1000000;
    assert_int_equal(search(hits, LIBRARY, database, query, &options), all);
    spectra_spectrum_free(query);
    spectra_database_close(database);
    free(file);
}

/* A spectrum that stands in the library finds itself with a full score, by every measure. */
static void a_spectrum_finds_itself(void **state) {
    (void)state;
    for (int accurate = 0; accurate < 2; accurate++) {
        const char *kind = accurate ? "MS2" : "EI";
        uint8_t *file;
        spectra_database *database = library(&file, kind, 11);
        spectra_builder *builder = sample_builder();
        sample_record own = {.accession = "OWN",
                             .name = "own",
                             .kind = kind,
                             .polarity = "P",
                             .precursor = "201.1",
                             .peaks = 40,
                             .seed = 1234};
        assert_int_equal(sample_add(builder, &own, NULL), SPECTRA_OK);
        size_t size;
        uint8_t *second_file = sample_file(builder, &size);
        spectra_database *second = sample_open(second_file, size);
        spectra_spectrum *query = sample_spectrum(&own);
        const spectra_database *both[] = {database, second};
        for (int32_t measure = SPECTRA_MEASURE_DEFAULT; measure <= SPECTRA_MEASURE_IDENTITY; measure++) {
            if (accurate && measure != SPECTRA_MEASURE_DEFAULT) continue;
            spectra_search_options options = {.size = sizeof options, .measure = measure};
            spectra_hit hits[3];
            spectra_search_summary summary;
            spectra_scratch scratch = fresh_scratch(40);
            assert_int_equal(spectra_search(hits, 3, &summary, both, 2, query, &options, &scratch, NULL), SPECTRA_OK);
            assert_int_equal(hits[0].database, 1);
            assert_true(hits[0].score >= SPECTRA_SCORE_ONE - 16);
            assert_true(hits[0].reverse_score >= SPECTRA_SCORE_ONE - (1u << 17));
            assert_true(hits[1].score < hits[0].score);
        }
        spectra_spectrum_free(query);
        spectra_builder_free(builder);
        spectra_database_close(second);
        spectra_database_close(database);
        free(second_file);
        free(file);
    }
}

/* The same compound in two databases takes one place. */
static void a_compound_in_two_databases_is_listed_once(void **state) {
    (void)state;
    uint8_t *file_a, *file_b;
    const spectra_database *both[] = {library(&file_a, "EI", 3), library(&file_b, "EI", 3)};
    spectra_spectrum *query = query_of("EI", 50, 4);
    spectra_hit hits[TOP], single[TOP];
    spectra_search_summary summary;
    spectra_scratch scratch = fresh_scratch(50);
    assert_int_equal(spectra_search(hits, TOP, &summary, both, 2, query, NULL, &scratch, NULL), SPECTRA_OK);
    assert_int_equal(search(single, TOP, both[0], query, NULL), summary.hit_count);
    for (uint32_t i = 0; i < summary.hit_count; i++) {
        assert_int_equal(hits[i].database, 0);
        assert_int_equal(hits[i].entry, single[i].entry);
    }
    spectra_spectrum_free(query);
    spectra_database_close((spectra_database *)(uintptr_t)both[0]);
    spectra_database_close((spectra_database *)(uintptr_t)both[1]);
    free(file_a);
    free(file_b);
}

static void what_is_excluded_does_not_appear(void **state) {
    (void)state;
    uint8_t *file;
    spectra_database *database = library(&file, "EI", 8);
    spectra_spectrum *query = query_of("EI", 50, 9);
    spectra_hit hits[LIBRARY], fewer[LIBRARY];
    spectra_search_options options = {.size = sizeof options, .all_spectra = 1};
    uint32_t count = search(hits, LIBRARY, database, query, &options);
    const char *prefixes[] = {"L-1"}; /* L-1, L-10 … L-19, L-100 … L-199 */
    options.exclude_accession = prefixes;
    options.exclude_accession_count = 1;
    uint32_t others = 0, left = search(fewer, LIBRARY, database, query, &options);
    for (uint32_t i = 0; i < count; i++)
        others += !(hits[i].entry == 1 || (hits[i].entry >= 10 && hits[i].entry < 20) ||
                    (hits[i].entry >= 100 && hits[i].entry < 200));
    assert_true(others < count);
    assert_int_equal(left, others);
    assert_int_equal(spectra_spectrum_add_metadata(query, "Name", "unused: the first name counts"), SPECTRA_OK);
    options.exclude_accession_count = 0;
    options.exclude_own_compound = 1;
    assert_int_equal(search(fewer, LIBRARY, database, query, &options), count); /* named "query": nothing of its own */
    spectra_spectrum *named = query_of("EI", 50, 9);
    spectra_substance best;
    assert_int_equal(spectra_database_substance(database, hits[0].substance, &best), SPECTRA_OK);
    spectra_spectrum *own;
    assert_int_equal(spectra_spectrum_create(&own, NULL), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_add_metadata(own, "Name", best.name), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_add_metadata(own, "Instrument_type", "EI-B"), SPECTRA_OK);
    assert_int_equal(
        spectra_spectrum_set_peaks(own, spectra_spectrum_mz(named), spectra_spectrum_intensity(named), 50, NULL),
        SPECTRA_OK);
    left = search(fewer, LIBRARY, database, own, &options);
    assert_true(left < count);
    for (uint32_t i = 0; i < left; i++) assert_int_not_equal(fewer[i].substance, hits[0].substance);
    spectra_spectrum_free(own);
    spectra_spectrum_free(named);
    spectra_spectrum_free(query);
    spectra_database_close(database);
    free(file);
}

static void a_least_score_keeps_exactly_what_reaches_it(void **state) {
    (void)state;
    uint8_t *file;
    spectra_database *database = library(&file, "EI", 21);
    spectra_spectrum *query = query_of("EI", 50, 22);
    spectra_hit hits[LIBRARY], above[LIBRARY];
    spectra_search_options options = {.size = sizeof options, .all_spectra = 1};
    uint32_t count = search(hits, LIBRARY, database, query, &options), expected = 0;
    options.min_score = hits[count / 2].score;
    while (expected < count && hits[expected].score >= options.min_score) expected++;
    assert_int_equal(search(above, LIBRARY, database, query, &options), expected);
    spectra_spectrum_free(query);
    spectra_database_close(database);
    free(file);
}

static spectra_status refused(const spectra_search_options *options, const spectra_spectrum *query, const char *word) {
    uint8_t *file;
    spectra_database *database = library(&file, "EI", 1);
    const spectra_database *list = database;
    spectra_hit hit;
    spectra_search_summary summary;
    spectra_error error = {0};
    spectra_scratch scratch = fresh_scratch(spectra_spectrum_peak_count(query));
    spectra_status status = spectra_search(&hit, 1, &summary, &list, 1, query, options, &scratch, &error);
    assert_int_equal(error.status, status);
    assert_non_null(strstr(error.message, word));
    spectra_database_close(database);
    free(file);
    return status;
}

static void contradictory_options_are_refused_with_a_reason(void **state) {
    (void)state;
    spectra_spectrum *ei = query_of("EI", 5, 1), *msms = query_of("MS2", 5, 1);
    spectra_search_options options = {.size = 1};
    assert_int_equal(refused(&options, ei, "size"), SPECTRA_E_INVALID);
    options = (spectra_search_options){.size = sizeof options, .measure = SPECTRA_MEASURE_ENTROPY};
    assert_int_equal(refused(&options, ei, "measure"), SPECTRA_E_INVALID);
    options.measure = SPECTRA_MEASURE_IDENTITY;
    options.mode = SPECTRA_SEARCH_REVERSE;
    assert_int_equal(refused(&options, ei, "identity"), SPECTRA_E_INVALID);
    options = (spectra_search_options){.size = sizeof options, .open = 1, .precursor_tolerance = {.ppm = 5}};
    assert_int_equal(refused(&options, msms, "precursor"), SPECTRA_E_INVALID);
    options = (spectra_search_options){.size = sizeof options, .exclude_accession_count = 1};
    assert_int_equal(refused(&options, ei, "accession"), SPECTRA_E_INVALID);
    options = (spectra_search_options){.size = sizeof options, .mode = SPECTRA_SEARCH_HYBRID + 1};
    assert_int_equal(refused(&options, ei, "mode"), SPECTRA_E_INVALID);
    options.mode = -1;
    assert_int_equal(refused(&options, ei, "mode"), SPECTRA_E_INVALID);
    options = (spectra_search_options){.size = sizeof options, .min_score = SPECTRA_SCORE_ONE + 1};
    assert_int_equal(refused(&options, ei, "score"), SPECTRA_E_INVALID);
    options = (spectra_search_options){.size = sizeof options, .mass_da = 336};
    assert_int_equal(refused(&options, msms, "EI only"), SPECTRA_E_INVALID);
    options.mass_da = 4096;
    assert_int_equal(refused(&options, ei, "4095"), SPECTRA_E_INVALID);
    assert_int_equal(refused(NULL, msms, "MS/MS"), SPECTRA_E_NOT_FOUND);
    spectra_spectrum *blank;
    assert_int_equal(spectra_spectrum_create(&blank, NULL), SPECTRA_OK);
    assert_int_equal(refused(NULL, blank, "track"), SPECTRA_E_INVALID);
    options = (spectra_search_options){.size = sizeof options, .track = SPECTRA_TRACK_MSMS};
    assert_int_equal(refused(&options, blank, "precursor"), SPECTRA_E_INVALID);
    spectra_spectrum_free(blank);
    spectra_spectrum_free(msms);
    spectra_spectrum_free(ei);
}

/* Opening does not look into a recipe, so a search has to. */
static void databases_of_other_recipes_or_none_are_refused(void **state) {
    (void)state;
    static const struct {
        uint32_t field, value;
        spectra_status status;
        const char *word;
    } cases[] = {{DB_RECIPE_NOISE, 20000, SPECTRA_E_RECIPE, "recipes"},
                 {DB_RECIPE_KIND, SPECTRA_RECIPE_NOMINAL, SPECTRA_E_CORRUPT, "verify"}};
    spectra_spectrum *query = query_of("MS2", 5, 1);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        uint8_t *files[2];
        spectra_database *databases[] = {library(&files[0], "MS2", 1), library(&files[1], "MS2", 1)};
        const spectra_database *const list[] = {databases[0], databases[1]};
        const uint8_t *recipe =
            databases[1]
                ->sets[db_group_of(SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE, DB_SET_WINDOWED)][DB_SLOT_RECIPE]
                .data;
        base_put32(files[1] + (recipe - files[1]) + cases[i].field, cases[i].value);
        spectra_hit hit;
        spectra_search_summary summary;
        spectra_error error;
        spectra_scratch scratch = fresh_scratch(5);
        assert_int_equal(spectra_search(&hit, 1, &summary, list, 2, query, NULL, &scratch, &error), cases[i].status);
        assert_non_null(strstr(error.message, cases[i].word));
        for (size_t k = 0; k < 2; k++) {
            spectra_database_close(databases[k]);
            free(files[k]);
        }
    }
    spectra_spectrum_free(query);
}

static void every_measure_has_a_name(void **state) {
    (void)state;
    static const char *const names[] = {"default",         "match-factor",    "identity",     "entropy", "cosine",
                                        "weighted-cosine", "modified-cosine", "neutral-loss", "hybrid",  "unknown"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_string_equal(spectra_measure_text((spectra_measure)i), names[i]);
}

static void a_search_without_its_parts_is_refused(void **state) {
    (void)state;
    uint8_t *file;
    spectra_database *database = library(&file, "EI", 1);
    const spectra_database *list = database;
    spectra_spectrum *query = query_of("EI", 5, 1);
    spectra_hit hit;
    spectra_search_summary summary;
    spectra_scratch s = fresh_scratch(5);
    assert_int_equal(spectra_search(NULL, 1, &summary, &list, 1, query, NULL, &s, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_search(&hit, 0, &summary, &list, 1, query, NULL, &s, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_search(&hit, 1, NULL, &list, 1, query, NULL, &s, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_search(&hit, 1, &summary, NULL, 1, query, NULL, &s, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_search(&hit, 1, &summary, &list, 0, query, NULL, &s, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_search(&hit, 1, &summary, &list, 1, NULL, NULL, &s, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_search(&hit, 1, &summary, &list, 1, query, NULL, NULL, NULL), SPECTRA_E_INVALID);
    spectra_spectrum_free(query);
    spectra_database_close(database);
    free(file);
}

static void a_scratch_that_is_too_small_is_an_error_and_stays_usable(void **state) {
    (void)state;
    uint8_t *file;
    spectra_database *database = library(&file, "EI", 2);
    const spectra_database *list = database;
    spectra_spectrum *query = query_of("EI", 50, 2);
    spectra_hit hits[TOP];
    spectra_search_summary summary;
    for (size_t size = 0; size < spectra_search_required(50); size += 9973) {
        spectra_scratch scratch;
        spectra_scratch_init(&scratch, scratch_bytes, size);
        spectra_search_options options = {.size = sizeof options, .measure = SPECTRA_MEASURE_IDENTITY};
        spectra_status status = spectra_search(hits, TOP, &summary, &list, 1, query, &options, &scratch, NULL);
        assert_true(status == SPECTRA_OK || status == SPECTRA_E_MEMORY);
        assert_int_equal(scratch.used, 0);
    }
    spectra_spectrum_free(query);
    spectra_database_close(database);
    free(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(match_factor_search_equals_comparing_with_every_entry),
        cmocka_unit_test(open_entropy_search_equals_comparing_with_every_entry),
        cmocka_unit_test(a_precursor_window_leaves_what_lies_inside_its_inclusive_edges),
        cmocka_unit_test(a_spectrum_finds_itself),
        cmocka_unit_test(a_compound_in_two_databases_is_listed_once),
        cmocka_unit_test(what_is_excluded_does_not_appear),
        cmocka_unit_test(a_least_score_keeps_exactly_what_reaches_it),
        cmocka_unit_test(contradictory_options_are_refused_with_a_reason),
        cmocka_unit_test(databases_of_other_recipes_or_none_are_refused),
        cmocka_unit_test(every_measure_has_a_name),
        cmocka_unit_test(a_search_without_its_parts_is_refused),
        cmocka_unit_test(a_scratch_that_is_too_small_is_an_error_and_stays_usable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
