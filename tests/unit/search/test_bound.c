/* SPDX-License-Identifier: Apache-2.0 */
/* Search of the EI track, which leaves out what a bound excludes, against scoring every spectrum: 10,000 queries for
   each measure and mode, on libraries made to be hard. Each must give the same spectra with the same scores in the same
   order. */
#include "search/bound.h"
#include "search/pair.h"
#include "search/waiting.h"
#include "spectra/search.h"
#include "unit/db/sample.h"

#define LIBRARIES 20
#define QUERIES 500
#define ENTRIES 150
#define TOP 10
#define CANDIDATES 30
#define PEAKS_MAX 700

typedef struct made_spectrum {
    double mz[PEAKS_MAX], intensity[PEAKS_MAX];
    size_t count;
} made_spectrum;

static uint64_t random_state = 1;

static uint32_t below(uint32_t end) {
    return (uint32_t)(sample_random(&random_state) >> 20) % end;
}

static void add_peak(made_spectrum *out, uint32_t mz, uint32_t intensity) {
    if (out->count == PEAKS_MAX || mz > 4095) return;
    out->mz[out->count] = mz;
    out->intensity[out->count++] = intensity;
}

static void make_random(made_spectrum *out, uint32_t peaks, uint32_t step) {
    uint32_t mz = 5 + below(60);
    if (below(3) == 0) add_peak(out, mz - 3, 0); /* where the scan began */
    for (uint32_t i = 0; i < peaks; i++) {
        add_peak(out, mz, 1 + below(30) * below(34));
        mz += 1 + below(step);
    }
}

/* One of 40 that are alike, with other intensities, peaks lost and its beginning cut off. */
static void make_variant(made_spectrum *out, uint32_t change) {
    uint64_t kept = random_state;
    random_state = 77 + below(40);
    made_spectrum source = {.count = 0};
    make_random(&source, 45, 4);
    random_state = kept;
    uint32_t cut = change ? below(8) : 0;
    for (size_t i = cut; i < source.count; i++)
        if (change == 0 || below(10) != 0)
            add_peak(out, (uint32_t)source.mz[i], (uint32_t)source.intensity[i] * (100 + below(1 + change)) / 100);
}

/* Peaks of one and two units beside a strong one. */
static void make_faint(made_spectrum *out) {
    for (uint32_t mz = 20 + below(5); mz < 80; mz += 1 + below(3)) add_peak(out, mz, below(8) ? 1 + below(3) : 999);
}

static void make_spectrum(made_spectrum *out) {
    out->count = 0;
    switch (below(9)) {
    case 0:
        make_random(out, below(3), 100);
        break;
    case 1:
        make_faint(out);
        break;
    case 2:
        if (below(4) == 0) make_random(out, 200 + below(500), 10);
        break;
    case 3:
        make_random(out, below(70), 6);
        break;
    case 4:
        make_variant(out, 0);
        break;
    default:
        make_variant(out, below(2) ? 40 : 400);
    }
}

static spectra_spectrum *raw_spectrum(const char *name) {
    made_spectrum made;
    spectra_spectrum *out;
    make_spectrum(&made);
    assert_int_equal(spectra_spectrum_create(&out, NULL), SPECTRA_OK);
    sample_add_line(out, "Name", name);
    sample_add_line(out, "Instrument_type", "EI-B");
    assert_int_equal(spectra_spectrum_set_peaks(out, made.mz, made.intensity, made.count, NULL), SPECTRA_OK);
    return out;
}

static spectra_database *make_library(uint8_t **file) {
    spectra_builder *builder = sample_builder();
    for (uint32_t i = 0; i < ENTRIES; i++) {
        char name[16];
        snprintf(name, sizeof name, "compound %u", (unsigned)below(ENTRIES / 2));
        spectra_spectrum *spectrum = raw_spectrum(name);
        assert_int_equal(spectra_builder_add_spectrum(builder, spectrum, SPECTRA_TRACK_EI, NULL), SPECTRA_OK);
        spectra_spectrum_free(spectrum);
    }
    size_t size;
    *file = sample_file(builder, &size);
    spectra_builder_free(builder);
    return sample_open(*file, size);
}

/* What a spectrum scores by each way of ranking. */
typedef struct all_scores {
    spectra_hit hit[ENTRIES];
    uint32_t root[ENTRIES], weighted[ENTRIES];
} all_scores;

static void score_all(all_scores *out, const spectra_database *database, const spectra_spectrum *query,
                      const spectra_search_options *options, spectra_scratch *scratch) {
    db_set set;
    const spectra_prepared *prepared;
    search_nominal_query nominal;
    spectra_measure measure = options->measure ? options->measure : SPECTRA_MEASURE_MATCH_FACTOR;
    assert_int_equal(db_find_set(&set, database, SPECTRA_TRACK_EI, SPECTRA_POLARITY_POSITIVE, DB_SET_NOMINAL),
                     SPECTRA_OK);
    assert_int_equal(spectra_prepare(&prepared, query, &set.recipe, scratch, NULL), SPECTRA_OK);
    assert_int_equal(search_nominal_begin(&nominal, prepared, measure, options->mode, scratch), SPECTRA_OK);
    for (uint32_t i = 0; i < ENTRIES; i++) {
        db_spectrum spectrum;
        db_entry_key key;
        assert_true(db_spectrum_at(&spectrum, &set, i) && db_entry_key_at(&key, database, i));
        search_nominal_reference reference = {
            {set.nominal + spectrum.first_peak, set.root + spectrum.first_peak, spectrum.peak_count},
            set.weighted + spectrum.first_peak,
            spectrum.first_mz,
            spectrum.root_norm,
            spectrum.weighted_norm,
            0};
        search_score score = search_nominal_score(&nominal, &reference);
        search_nominal_complete(&score, &nominal, &reference);
        search_range_cosines cosines = search_nominal_cosines(&nominal, &reference);
        out->hit[i] = (spectra_hit){
            .entry = i, .substance = key.substance, .score = score.score, .reverse_score = score.reverse_score};
        out->root[i] = cosines.root;
        out->weighted[i] = cosines.weighted;
    }
}

/* How many come before entry i, which has a rank above 0. */
static uint32_t place_of(const uint32_t *rank, uint32_t i) {
    uint32_t before = 0;
    for (uint32_t k = 0; k < ENTRIES; k++) before += rank[k] > rank[i] || (rank[k] == rank[i] && k < i);
    return before;
}

/* What the measure ranks an entry by, 0 where it is none of its candidates. */
static void rank_all(uint32_t rank[ENTRIES], const all_scores *scores, const spectra_search_options *options) {
    for (uint32_t i = 0; i < ENTRIES; i++) {
        bool candidate = (scores->root[i] > 0 && place_of(scores->root, i) < CANDIDATES) ||
                         (scores->weighted[i] > 0 && place_of(scores->weighted, i) < CANDIDATES);
        rank[i] = options->mode == SPECTRA_SEARCH_REVERSE ? scores->hit[i].reverse_score : scores->hit[i].score;
        if (options->measure == SPECTRA_MEASURE_IDENTITY && !candidate) rank[i] = 0;
    }
}

static uint32_t best_of(spectra_hit hits[TOP], const all_scores *scores, const spectra_search_options *options) {
    uint32_t rank[ENTRIES], count = 0;
    rank_all(rank, scores, options);
    while (count < TOP) {
        uint32_t best = 0;
        for (uint32_t i = 1; i < ENTRIES; i++)
            if (rank[i] > rank[best]) best = i;
        if (rank[best] == 0) break;
        bool seen = false;
        for (uint32_t k = 0; k < count && !options->all_spectra; k++)
            seen |= hits[k].substance == scores->hit[best].substance;
        if (!seen) hits[count++] = scores->hit[best];
        rank[best] = 0;
    }
    return count;
}

static uint8_t bytes[1 << 20];

static spectra_scratch fresh_scratch(void) {
    spectra_scratch scratch;
    spectra_scratch_init(&scratch, bytes, sizeof bytes);
    return scratch;
}

static void assert_equal_to_all(const spectra_database *database, const spectra_search_options *options) {
    static all_scores scores;
    spectra_hit hits[TOP], expected[TOP];
    spectra_search_summary summary;
    spectra_spectrum *query = raw_spectrum("query");
    spectra_scratch scratch = fresh_scratch();
    assert_int_equal(spectra_search(hits, TOP, &summary, &database, 1, query, options, &scratch, NULL), SPECTRA_OK);
    score_all(&scores, database, query, options, &scratch);
    assert_int_equal(summary.compared, ENTRIES);
    assert_int_equal(summary.hit_count, best_of(expected, &scores, options));
    for (uint32_t i = 0; i < summary.hit_count; i++) {
        assert_int_equal(hits[i].entry, expected[i].entry);
        assert_int_equal(hits[i].score, expected[i].score);
        assert_int_equal(hits[i].reverse_score, expected[i].reverse_score);
    }
    spectra_spectrum_free(query);
}

static void assert_searches_equal(spectra_measure measure, spectra_search_mode mode) {
    for (uint32_t library = 0; library < LIBRARIES; library++) {
        random_state = 1000 + library;
        uint8_t *file;
        spectra_database *database = make_library(&file);
        spectra_search_options options = {
            .size = sizeof options, .measure = measure, .mode = mode, .all_spectra = library % 2};
        for (int i = 0; i < QUERIES; i++) assert_equal_to_all(database, &options);
        spectra_database_close(database);
        free(file);
    }
}

static void match_factor_search_equals_scoring_all(void **state) {
    (void)state;
    assert_searches_equal(SPECTRA_MEASURE_MATCH_FACTOR, SPECTRA_SEARCH_IDENTITY);
}

static void similarity_search_equals_scoring_all(void **state) {
    (void)state;
    assert_searches_equal(SPECTRA_MEASURE_MATCH_FACTOR, SPECTRA_SEARCH_SIMILARITY);
}

static void reverse_search_equals_scoring_all(void **state) {
    (void)state;
    assert_searches_equal(SPECTRA_MEASURE_MATCH_FACTOR, SPECTRA_SEARCH_REVERSE);
}

static void identity_search_equals_scoring_all(void **state) {
    (void)state;
    assert_searches_equal(SPECTRA_MEASURE_IDENTITY, SPECTRA_SEARCH_IDENTITY);
}

/* Its score by the weight that a bound is of. */
static uint32_t score_of(const all_scores *scores, bound_weight weight, uint32_t i) {
    if (weight == BOUND_ROOT) return scores->root[i];
    return weight == BOUND_WEIGHTED ? scores->weighted[i] : scores->hit[i].score;
}

static void assert_bound_is_close(const bound_query *bound, const bound_block *block, uint32_t i, uint32_t score) {
    const uint32_t half = (score + SPECTRA_SCORE_ONE) / 2, of = bound_of(bound, block, i);
    if (score > 0) assert_true(of >= bound_least(bound, score));
    if (bound_next(bound, block, i, half) != i) assert_true(of <= bound_least(bound, half) + 2);
}

/* The ratio term is rounded up to 2^-8. */
static void assert_match_is_close(const bound_query *bound, const bound_block *block, uint32_t i, uint32_t score) {
    const uint32_t first = block->rows.first_peak[i], least = score + SPECTRA_SCORE_ONE / 128;
    const kernels_nominal reference = {block->set->nominal + first, block->set->root + first,
                                       block->rows.first_peak[i + 1] - first};
    if (score > 0) assert_true(bound_match_reaches(bound, &reference, score));
    if (least <= SPECTRA_SCORE_ONE) assert_false(bound_match_reaches(bound, &reference, least));
}

static uint32_t count_left_out(const spectra_database *database, const spectra_spectrum *query, bound_weight weight) {
    static all_scores scores;
    static bound_block block;
    spectra_search_options options = {.mode =
                                          weight == BOUND_PLAIN ? SPECTRA_SEARCH_SIMILARITY : SPECTRA_SEARCH_IDENTITY};
    spectra_scratch scratch = fresh_scratch();
    score_all(&scores, database, query, &options, &scratch);
    db_set set;
    const spectra_prepared *prepared;
    bound_query bound;
    uint32_t left_out = 0;
    assert_int_equal(db_find_set(&set, database, SPECTRA_TRACK_EI, SPECTRA_POLARITY_POSITIVE, DB_SET_NOMINAL),
                     SPECTRA_OK);
    assert_int_equal(spectra_prepare(&prepared, query, &set.recipe, &scratch, NULL), SPECTRA_OK);
    assert_int_equal(bound_make(&bound, prepared, weight, &scratch), SPECTRA_OK);
    for (uint32_t first = 0; first < ENTRIES; first += block.count) {
        assert_true(bound_read(&block, &set, first));
        bound_run(&bound, &block);
        for (uint32_t i = 0; i < block.count; i++) {
            uint32_t score = score_of(&scores, weight, first + i), half = (score + SPECTRA_SCORE_ONE) / 2;
            if (score > 0) assert_int_equal(bound_next(&bound, &block, i, score), i);
            left_out += bound_next(&bound, &block, i, half) != i;
            assert_bound_is_close(&bound, &block, i, score);
            if (weight == BOUND_MASS) assert_match_is_close(&bound, &block, i, score);
        }
    }
    return left_out;
}

/* A bound that lets everything pass would be right, too, but of no use. */
static void a_bound_keeps_a_spectrum_at_its_own_score_and_leaves_out_many(void **state) {
    (void)state;
    for (bound_weight weight = BOUND_ROOT; weight <= BOUND_MASS; weight++) {
        uint32_t left_out = 0;
        random_state = 5;
        uint8_t *file;
        spectra_database *database = make_library(&file);
        for (int i = 0; i < QUERIES; i++) {
            spectra_spectrum *query = raw_spectrum("query");
            left_out += count_left_out(database, query, weight);
            spectra_spectrum_free(query);
        }
        assert_true(left_out > QUERIES * ENTRIES / 2);
        spectra_database_close(database);
        free(file);
    }
}

/* Adds numbers until no more fit, and takes those from `least` upwards. Returns how many fitted. */
static uint32_t fill_and_take(search_waiting *waiting, uint32_t least) {
    uint32_t added = 0, wanted = 0, last = UINT32_MAX;
    search_waiting_spectrum next = {0, 0};
    do {
        next = (search_waiting_spectrum){below(300), added++};
        wanted += next.bound >= least;
    } while (!search_waiting_add(waiting, next));
    search_waiting_order(waiting);
    for (; search_waiting_take(&next, waiting, least); wanted--) {
        assert_in_range(next.bound, least, last);
        assert_true(next.spectrum < added);
        last = next.bound;
    }
    assert_int_equal(wanted, 0);
    assert_false(search_waiting_take(&next, waiting, 0));
    return added;
}

static void what_waits_is_taken_from_the_highest_bound_downwards(void **state) {
    (void)state;
    search_waiting waiting;
    spectra_scratch scratch = fresh_scratch();
    memset(bytes, 0xff, sizeof bytes);
    assert_true(search_waiting_begin(&waiting, &scratch));
    const uint32_t first = fill_and_take(&waiting, 200);
    for (uint32_t least = 0; least < 300; least += 50) assert_true(fill_and_take(&waiting, least) > first);
    spectra_scratch_init(&scratch, bytes, search_waiting_required() / 2);
    assert_false(search_waiting_begin(&waiting, &scratch));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_waits_is_taken_from_the_highest_bound_downwards),
        cmocka_unit_test(a_bound_keeps_a_spectrum_at_its_own_score_and_leaves_out_many),
        cmocka_unit_test(match_factor_search_equals_scoring_all),
        cmocka_unit_test(similarity_search_equals_scoring_all),
        cmocka_unit_test(reverse_search_equals_scoring_all),
        cmocka_unit_test(identity_search_equals_scoring_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
