/* SPDX-License-Identifier: Apache-2.0 */
/* Search by entropy, open by postings and inside a precursor window, and by hybrid, against comparing with every
   spectrum: random and adverse libraries, sets around the size of a block, several databases, thresholds, tolerances
   and exclusions. */
#include "unit/db/sample.h"

#include "kernels/kernels.h"
#include "peaks/peaks.h"
#include "spectra/search.h"

#define MOST_HITS 40u
#define MOST_PEAKS 40u
#define MOST_DATABASES 3u

static uint8_t scratch_bytes[1 << 20];

/* --- Libraries: peaks stand on few m/z, moved by nothing, to the edges of a window, and one step beyond --- */

static double place_of(uint64_t *random) {
    static const uint32_t moved[] = {0, 0, 0, 1, 39, 40, 9999, 10000, 10001, 20000, 20001};
    uint32_t uth = 60000000 + (uint32_t)(sample_random(random) % 30) * 1000000;
    return (double)(uth + moved[sample_random(random) % COUNT_OF(moved)]) / 1e6;
}

static void set_peaks(spectra_spectrum *spectrum, uint32_t count, uint64_t *random) {
    double mz[MOST_PEAKS], intensity[MOST_PEAKS];
    for (uint32_t i = 0; i < count; i++) {
        mz[i] = place_of(random);
        intensity[i] = (double)(1u << sample_random(random) % 8); /* equal ones are frequent */
    }
    assert_int_equal(spectra_spectrum_set_peaks(spectrum, mz, intensity, count, NULL), SPECTRA_OK);
}

/* Spectra of equal `seed` have equal peaks. Every eighth has none, every eighth one. */
static spectra_spectrum *make(uint64_t seed, uint32_t compound, uint32_t precursor) {
    spectra_spectrum *spectrum;
    char name[24], mz[24];
    uint64_t random = seed * 0x9e3779b97f4a7c15u + 1;
    uint32_t count = (uint32_t)(sample_random(&random) % MOST_PEAKS), kind = (uint32_t)(seed % 8);
    snprintf(name, sizeof name, "compound %u", (unsigned)compound);
    snprintf(mz, sizeof mz, "%u.25", (unsigned)precursor);
    assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
    sample_add_line(spectrum, "Name", name);
    sample_add_line(spectrum, "DB#", name);
    sample_add_line(spectrum, "Spectrum_type", "MS2");
    sample_add_line(spectrum, "Ion_mode", "P");
    sample_add_line(spectrum, "PrecursorMZ", precursor ? mz : NULL);
    set_peaks(spectrum, kind < 2 ? kind : count, &random);
    return spectrum;
}

typedef struct library {
    uint8_t *file;
    spectra_database *database;
} library;

static library build(uint32_t count, uint64_t seed, uint32_t variety) {
    library out;
    size_t size;
    uint64_t random = seed * 2 + 1;
    spectra_builder *builder = sample_builder();
    sample_ask_for_postings(builder);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t compound = (uint32_t)(sample_random(&random) % (count / 3 + 1));
        spectra_spectrum *spectrum =
            make(seed * 1000 + sample_random(&random) % variety, compound, (uint32_t)(sample_random(&random) % 300));
        assert_int_equal(spectra_builder_add_spectrum(builder, spectrum, SPECTRA_TRACK_UNKNOWN, NULL), SPECTRA_OK);
        spectra_spectrum_free(spectrum);
    }
    out.file = sample_file(builder, &size);
    out.database = sample_open(out.file, size);
    spectra_builder_free(builder);
    return out;
}

static void end(library *in) {
    spectra_database_close(in->database);
    free(in->file);
}

/* --- Comparing with everything --- */

typedef struct brute_hit {
    uint32_t score, database, entry, substance;
} brute_hit;

static int by_rank(const void *a, const void *b) {
    const brute_hit *x = (const brute_hit *)a, *y = (const brute_hit *)b;
    if (x->score != y->score) return x->score < y->score ? 1 : -1;
    if (x->database != y->database) return x->database < y->database ? -1 : 1;
    return x->entry < y->entry ? -1 : 1;
}

static const char *name_of(const spectra_database *const *databases, const brute_hit *hit) {
    spectra_substance substance;
    assert_int_equal(spectra_database_substance(databases[hit->database], hit->substance, &substance), SPECTRA_OK);
    return substance.name;
}

static bool excluded(const spectra_database *database, uint32_t entry, const spectra_search_options *options) {
    spectra_entry facts;
    assert_int_equal(spectra_database_entry(database, entry, &facts), SPECTRA_OK);
    for (uint32_t i = 0; i < options->exclude_accession_count; i++)
        if (strncmp(facts.accession, options->exclude_accession[i], strlen(options->exclude_accession[i])) == 0)
            return true;
    return false;
}

static bool outside(const spectra_spectrum *query, const db_spectrum *spectrum, const spectra_search_options *options) {
    uint32_t low, high, precursor_uth;
    double precursor;
    if (options->open || options->mode == SPECTRA_SEARCH_HYBRID) return false;
    assert_int_equal(spectra_spectrum_precursor_mz(query, &precursor), SPECTRA_OK);
    precursor_uth = (uint32_t)(precursor * 1e6);
    peaks_windows(&low, &high, &precursor_uth, 1, &options->precursor_tolerance);
    return spectrum->precursor_uth < low || spectrum->precursor_uth > high;
}

static uint64_t sum_of(const kernels_windows *query, const kernels_accurate *reference, bool hybrid, int64_t shift) {
    uint32_t pairs[MOST_PEAKS], matched;
    if (!hybrid) return kernels_entropy_scalar(query, reference, &matched, NULL);
    kernels_unpair(pairs, query->count);
    kernels_pair_scalar(pairs, query, reference, 0);
    kernels_pair_scalar(pairs, query, reference, shift);
    return kernels_entropy_of_pairs_scalar(pairs, query, reference);
}

/* False where the database has no set for such a search. */
static bool score_all(brute_hit *all, size_t *total, const spectra_database *database, uint32_t number,
                      const spectra_spectrum *query, const spectra_search_options *options) {
    db_set set;
    spectra_scratch scratch;
    const spectra_prepared *prepared;
    uint32_t low[MOST_PEAKS], high[MOST_PEAKS];
    const spectra_tolerance usual = {.uth = 10000};
    const int kind = options->open ? DB_SET_OPEN : DB_SET_WINDOWED;
    if (db_find_set(&set, database, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE, kind) != SPECTRA_OK) return false;
    const bool hybrid = options->mode == SPECTRA_SEARCH_HYBRID;
    assert_true(set.by_mz.block_count > 0);
    assert_int_equal(set.by_loss.block_count > 0, !options->open);
    spectra_scratch_init(&scratch, scratch_bytes, sizeof scratch_bytes);
    assert_int_equal(spectra_prepare(&prepared, query, &set.recipe, &scratch, NULL), SPECTRA_OK);
    bool given = options->tolerance.uth > 0 || options->tolerance.ppm > 0;
    peaks_windows(low, high, prepared->mz_uth, prepared->count, given ? &options->tolerance : &usual);
    const kernels_windows windows = {low, high, prepared->weight, prepared->count};
    for (uint32_t i = 0; i < set.count; i++) {
        db_spectrum spectrum;
        db_entry_key key;
        assert_true(db_spectrum_at(&spectrum, &set, i));
        assert_true(db_entry_key_at(&key, database, spectrum.entry));
        kernels_accurate reference = {set.mz_uth + spectrum.first_peak, set.weight + spectrum.first_peak,
                                      spectrum.peak_count};
        int64_t shift = (int64_t)prepared->precursor_uth - spectrum.precursor_uth;
        uint64_t sum = sum_of(&windows, &reference, hybrid, shift);
        uint32_t score = (uint32_t)((sum << 30) / KERNELS_ENTROPY_FULL);
        if (score == 0 || score < options->min_score || outside(query, &spectrum, options) ||
            excluded(database, spectrum.entry, options))
            continue;
        all[(*total)++] = (brute_hit){score, number, spectrum.entry, key.substance};
    }
    return true;
}

/* The best of each compound, or of all. */
static uint32_t keep_best(brute_hit *kept, uint32_t capacity, const brute_hit *all, size_t count,
                          const spectra_database *const *databases, bool all_spectra) {
    uint32_t found = 0;
    for (size_t i = 0; i < count && found < capacity; i++) {
        bool seen = false;
        for (uint32_t k = 0; k < found && !all_spectra; k++)
            seen |= strcmp(name_of(databases, &kept[k]), name_of(databases, &all[i])) == 0;
        if (!seen) kept[found++] = all[i];
    }
    return found;
}

static void compare_search(const spectra_database *const *databases, uint32_t database_count,
                           const spectra_spectrum *query, const spectra_search_options *options, uint32_t capacity) {
    static brute_hit all[MOST_DATABASES * 70000];
    brute_hit expected[MOST_HITS];
    spectra_hit hits[MOST_HITS];
    spectra_search_summary summary;
    spectra_scratch scratch;
    size_t count = 0, size = spectra_search_required(spectra_spectrum_peak_count(query));
    bool any = false;
    for (uint32_t i = 0; i < database_count; i++) any |= score_all(all, &count, databases[i], i, query, options);
    qsort(all, count, sizeof *all, by_rank);
    uint32_t found = keep_best(expected, capacity, all, count, databases, options->all_spectra);
    assert_true(size <= sizeof scratch_bytes);
    spectra_scratch_init(&scratch, scratch_bytes, size);
    assert_int_equal(
        spectra_search(hits, capacity, &summary, databases, database_count, query, options, &scratch, NULL),
        any ? SPECTRA_OK : SPECTRA_E_NOT_FOUND);
    assert_int_equal(scratch.used, 0);
    assert_int_equal(summary.hit_count, found);
    for (uint32_t i = 0; i < found; i++) {
        assert_int_equal(hits[i].score, expected[i].score);
        assert_int_equal(hits[i].database, expected[i].database);
        assert_int_equal(hits[i].entry, expected[i].entry);
        assert_int_equal(hits[i].substance, expected[i].substance);
    }
}

/* --- Searches --- */

static const char *const left_out[] = {"compound 1", "compound 2"};

static spectra_search_options any_options(uint64_t *random) {
    static const spectra_tolerance tolerances[] = {{0, 0},     {0, 0},  {10000, 0},  {1, 0},
                                                   {45000, 0}, {0, 20}, {2500000, 0}};
    static const uint32_t windows_uth[] = {1, 1000000, 20000000, 1000000000};
    spectra_search_options options = {.size = sizeof options, .open = sample_random(random) % 2};
    if (!options.open && sample_random(random) % 2)
        options.mode = SPECTRA_SEARCH_HYBRID;
    else if (!options.open)
        options.precursor_tolerance.uth = windows_uth[sample_random(random) % COUNT_OF(windows_uth)];
    options.all_spectra = sample_random(random) % 2;
    options.tolerance = tolerances[sample_random(random) % COUNT_OF(tolerances)];
    if (sample_random(random) % 2) options.min_score = (uint32_t)(sample_random(random) % SPECTRA_SCORE_ONE);
    if (sample_random(random) % 4 == 0) {
        options.exclude_accession = left_out;
        options.exclude_accession_count = 1 + (uint32_t)(sample_random(random) % 2);
    }
    return options;
}

static void compare_searches(const library *libraries, uint32_t count, uint32_t searches, uint64_t seed,
                             uint32_t variety) {
    const spectra_database *databases[MOST_DATABASES];
    uint64_t random = seed * 77 + 5;
    for (uint32_t i = 0; i < count; i++) databases[i] = libraries[i].database;
    for (uint32_t i = 0; i < searches; i++) {
        static const uint32_t capacities[] = {1, 3, 10, MOST_HITS};
        /* Some queries have the peaks of a reference, others none of theirs. */
        uint64_t peaks = seed * 1000 + sample_random(&random) % (2 * variety);
        spectra_search_options options = any_options(&random);
        uint32_t least = options.open ? 0 : 1; /* 0: no precursor */
        spectra_spectrum *query = make(peaks, 0, least + (uint32_t)(sample_random(&random) % 299));
        compare_search(databases, count, query, &options, capacities[sample_random(&random) % COUNT_OF(capacities)]);
        spectra_spectrum_free(query);
    }
}

static void searches_in_small_libraries_equal_comparing_with_every_entry(void **state) {
    (void)state;
    static const uint32_t sizes[] = {1, 2, 17, 150, 400}, varieties[] = {1, 7, 40, 100000};
    uint64_t seed = 1;
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        for (size_t k = 0; k < COUNT_OF(varieties); k++, seed++) {
            library one = build(sizes[i], seed, varieties[k]);
            sample_verify(one.database);
            compare_searches(&one, 1, 1800, seed, varieties[k]);
            end(&one);
        }
}

/* A reverse score may be above every bound of the score: such a search compares with everything. */
static void a_short_reverse_hybrid_list_is_the_beginning_of_a_long_one(void **state) {
    (void)state;
    enum { SIZE = 60, SHORT = 2 };
    const spectra_search_options options = {
        .size = sizeof options, .mode = SPECTRA_SEARCH_REVERSE, .measure = SPECTRA_MEASURE_HYBRID, .open = 1};
    library one = build(SIZE, 7, 7);
    const spectra_database *database = one.database;
    for (uint32_t i = 0; i < 200; i++) {
        spectra_hit all[SIZE], first[SHORT];
        spectra_search_summary summary;
        spectra_scratch scratch;
        spectra_spectrum *query = make(7000 + i % 14, 0, 1 + i);
        spectra_scratch_init(&scratch, scratch_bytes, sizeof scratch_bytes);
        assert_int_equal(spectra_search(all, SIZE, &summary, &database, 1, query, &options, &scratch, NULL),
                         SPECTRA_OK);
        uint32_t found = summary.hit_count < SHORT ? summary.hit_count : SHORT;
        assert_int_equal(spectra_search(first, SHORT, &summary, &database, 1, query, &options, &scratch, NULL),
                         SPECTRA_OK);
        assert_int_equal(summary.hit_count, found);
        for (uint32_t k = 0; k < found; k++) {
            assert_int_equal(first[k].entry, all[k].entry);
            assert_int_equal(first[k].reverse_score, all[k].reverse_score);
        }
        spectra_spectrum_free(query);
    }
    end(&one);
}

static void searches_in_several_databases_equal_comparing_with_every_entry(void **state) {
    (void)state;
    for (uint64_t seed = 50; seed < 54; seed++) {
        library libraries[MOST_DATABASES];
        for (uint32_t i = 0; i < MOST_DATABASES; i++) libraries[i] = build(60 + 90 * i, seed, 30);
        compare_searches(libraries, MOST_DATABASES, 1800, seed, 30);
        for (uint32_t i = 0; i < MOST_DATABASES; i++) end(&libraries[i]);
    }
}

static void sets_around_the_size_of_a_block_equal_comparing_with_every_entry(void **state) {
    (void)state;
    static const uint32_t sizes[] = {65535, 65536, 65537};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        library one = build(sizes[i], 90 + i, i == 1 ? 50 : 1000000);
        compare_searches(&one, 1, 30, 90 + i, i == 1 ? 50 : 1000000);
        end(&one);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(searches_in_small_libraries_equal_comparing_with_every_entry),
        cmocka_unit_test(a_short_reverse_hybrid_list_is_the_beginning_of_a_long_one),
        cmocka_unit_test(searches_in_several_databases_equal_comparing_with_every_entry),
        cmocka_unit_test(sets_around_the_size_of_a_block_equal_comparing_with_every_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
