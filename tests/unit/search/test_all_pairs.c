/* SPDX-License-Identifier: Apache-2.0 */
/* All against all of EI spectra against comparing every two: random and adverse spectra, sizes around those of tiles
   and blocks, least scores at the very score of a pair, parts. */
#include "spectra/search.h"
#include "unit/db/sample.h"

#define KINDS 40u /* different spectra; a library repeats them */
#define MOST 4600u
#define PEAKS_MAX 1100u

static uint64_t random_state = 1;

static uint32_t below(uint32_t end) {
    return (uint32_t)(sample_random(&random_state) >> 20) % end;
}

static spectra_spectrum *kinds[KINDS];
static uint32_t cosine[KINDS][KINDS]; /* as spectra_similarity has it */
static uint8_t scratch_bytes[1 << 22];

typedef struct made_spectrum {
    double mz[PEAKS_MAX], intensity[PEAKS_MAX];
    size_t count;
} made_spectrum;

static void add_peak(made_spectrum *out, uint32_t mz, uint32_t intensity) {
    if (out->count == PEAKS_MAX || mz > 4095) return;
    out->mz[out->count] = mz;
    out->intensity[out->count++] = intensity;
}

/* Half of them are variants of few, begun at other m/z. Others are empty, of one peak, faint, dense or very long. */
static void make(made_spectrum *out, uint32_t kind) {
    static const uint32_t counts[] = {0, 1, 2, 60, 60, 300, 1024, 1100};
    const uint32_t count = counts[kind % COUNT_OF(counts)], begin = 1 + below(60);
    out->count = 0;
    if (below(3) == 0) add_peak(out, begin, 0); /* where the scan began */
    if (kind % 2 == 0) {
        for (uint32_t i = 0, mz = begin + 1; i < count; i++, mz += 1 + below(count > 300 ? 4 : 9))
            add_peak(out, mz, 1 + below(30) * below(34));
        return;
    }
    for (uint32_t mz = 20 + below(30); mz < 150; mz += 1 + below(2))
        if (below(8) > 0) add_peak(out, mz, 1 + (mz * mz * (kind % 3 + 1)) % 900 + below(kind * 5));
}

static void make_kinds(void) {
    for (uint32_t i = 0; i < KINDS; i++) {
        made_spectrum made;
        make(&made, i);
        assert_int_equal(spectra_spectrum_create(&kinds[i], NULL), SPECTRA_OK);
        sample_add_line(kinds[i], "Name", "made up");
        sample_add_line(kinds[i], "Instrument_type", "EI-B");
        assert_int_equal(spectra_spectrum_set_peaks(kinds[i], made.mz, made.intensity, made.count, NULL), SPECTRA_OK);
    }
    const spectra_search_options options = {
        .size = sizeof options, .track = SPECTRA_TRACK_EI, .measure = SPECTRA_MEASURE_COSINE};
    spectra_scratch scratch;
    spectra_scratch_init(&scratch, scratch_bytes, sizeof scratch_bytes);
    for (uint32_t i = 0; i < KINDS; i++)
        for (uint32_t k = 0; k < KINDS; k++) {
            spectra_hit hit;
            assert_int_equal(spectra_similarity(&hit, kinds[i], kinds[k], &options, NULL, &scratch, NULL), SPECTRA_OK);
            cosine[i][k] = hit.score;
        }
}

typedef struct library {
    uint32_t count;
    uint32_t kind[MOST]; /* of each entry */
    uint8_t *file;
    spectra_database *database;
} library;

static void build(library *out, uint32_t count) {
    spectra_builder *builder = sample_builder();
    size_t size;
    out->count = count;
    for (uint32_t i = 0; i < count; i++) {
        out->kind[i] = below(KINDS);
        assert_int_equal(spectra_builder_add_spectrum(builder, kinds[out->kind[i]], SPECTRA_TRACK_EI, NULL),
                         SPECTRA_OK);
    }
    out->file = sample_file(builder, &size);
    out->database = sample_open(out->file, size);
    spectra_builder_free(builder);
}

static void end(library *in) {
    spectra_database_close(in->database);
    free(in->file);
}

/* --- What is found, and what should be --- */

typedef struct found_pairs {
    spectra_pair *pair;
    size_t count, capacity;
    size_t stop_at;        /* takes no more than these */
    spectra_status answer; /* then */
} found_pairs;

static spectra_status keep(void *context, const spectra_pair *pairs, uint32_t count) {
    found_pairs *found = (found_pairs *)context;
    assert_true(count > 0 && found->count + count <= found->capacity);
    memcpy(found->pair + found->count, pairs, count * sizeof *pairs);
    found->count += count;
    return found->count >= found->stop_at ? found->answer : SPECTRA_OK;
}

static found_pairs room_for(uint32_t entries) {
    const size_t capacity = (size_t)entries * entries / 2 + 1;
    found_pairs out = {malloc(capacity * sizeof(spectra_pair)), 0, capacity, SIZE_MAX, SPECTRA_END};
    assert_non_null(out.pair);
    return out;
}

static int by_entries(const void *a, const void *b) {
    const spectra_pair *x = (const spectra_pair *)a, *y = (const spectra_pair *)b;
    if (x->first != y->first) return x->first < y->first ? -1 : 1;
    return x->second < y->second ? -1 : x->second > y->second;
}

static void find(found_pairs *out, const library *in, uint32_t min_score, uint32_t part_count) {
    const size_t size = spectra_search_pairs_required(in->database);
    uint8_t *bytes = malloc(size);
    spectra_scratch scratch;
    assert_non_null(bytes);
    out->count = 0;
    for (uint32_t part = 0; part < part_count; part++) {
        const spectra_pairs_options options = {sizeof options, min_score, part_count, part};
        spectra_scratch_init(&scratch, bytes, size);
        assert_int_equal(spectra_search_pairs(in->database, &options, keep, out, &scratch, NULL), SPECTRA_OK);
        assert_int_equal(scratch.used, 0);
    }
    free(bytes);
    qsort(out->pair, out->count, sizeof *out->pair, by_entries);
}

static void assert_all_found(const library *in, uint32_t min_score, uint32_t part_count) {
    found_pairs found = room_for(in->count);
    size_t place = 0;
    find(&found, in, min_score, part_count);
    for (uint32_t i = 0; i < in->count; i++)
        for (uint32_t k = i + 1; k < in->count; k++) {
            const uint32_t score = cosine[in->kind[i]][in->kind[k]];
            if (score < min_score) continue;
            assert_true(place < found.count);
            const spectra_pair *pair = &found.pair[place++];
            assert_true(pair->first == i && pair->second == k && pair->score == score);
        }
    assert_int_equal(place, found.count);
    free(found.pair);
}

/* --- Tests --- */

static void pairs_of_small_libraries_are_those_of_every_two_comparisons(void **state) {
    (void)state;
    static const uint32_t sizes[] = {1, 2, 3, 63, 64, 65, 127, 128, 129, 200}, parts[] = {1, 2, 3, 100};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        static library one;
        build(&one, sizes[i]);
        assert_all_found(&one, 1, 1);
        for (uint32_t round = 0; round < 100; round++) {
            const uint32_t score = cosine[below(KINDS)][below(KINDS)];
            assert_all_found(&one, score ? score : 1, parts[below(4)]);
            if (score < SPECTRA_SCORE_ONE) assert_all_found(&one, score + 1, 1);
        }
        end(&one);
    }
}

/* A block holds 4096 rows, or fewer that have many peaks: these have about a thousand groups of m/z in each eighth. */
static void libraries_of_several_blocks_are_compared_whole(void **state) {
    (void)state;
    static const uint32_t sizes[] = {4095, 4097, MOST};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        static library one;
        build(&one, sizes[i]);
        assert_all_found(&one, SPECTRA_SCORE_ONE / 10 * (uint32_t)(7 + i), (uint32_t)i + 1);
        end(&one);
    }
}

static void the_least_score_is_seven_tenths_unless_given(void **state) {
    (void)state;
    static library one;
    build(&one, 150);
    found_pairs found = room_for(one.count), usual = room_for(one.count);
    spectra_scratch scratch;
    find(&found, &one, SPECTRA_SCORE_ONE / 10 * 7, 1);
    spectra_scratch_init(&scratch, scratch_bytes, sizeof scratch_bytes);
    assert_int_equal(spectra_search_pairs(one.database, NULL, keep, &usual, &scratch, NULL), SPECTRA_OK);
    assert_true(found.count > 0 && found.count < (size_t)150 * 149 / 2);
    assert_int_equal(usual.count, found.count);
    free(found.pair);
    free(usual.pair);
    end(&one);
}

static void a_caller_may_stop_it(void **state) {
    (void)state;
    static library one;
    build(&one, 400);
    found_pairs found = room_for(one.count);
    const spectra_pairs_options options = {.size = sizeof options, .min_score = 1};
    static const spectra_status answers[] = {SPECTRA_END, SPECTRA_E_IO, SPECTRA_E_MEMORY};
    spectra_scratch scratch;
    found.stop_at = 1;
    spectra_scratch_init(&scratch, scratch_bytes, sizeof scratch_bytes);
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        found.count = 0;
        found.answer = answers[i];
        assert_int_equal(spectra_search_pairs(one.database, &options, keep, &found, &scratch, NULL), answers[i]);
        assert_true(found.count > 0 && found.count < 5000);
        assert_int_equal(scratch.used, 0);
    }
    free(found.pair);
    end(&one);
}

static void what_does_not_fit_is_refused(void **state) {
    (void)state;
    static library one;
    build(&one, 10);
    found_pairs found = room_for(one.count);
    spectra_scratch scratch;
    spectra_scratch_init(&scratch, scratch_bytes, sizeof scratch_bytes);
    const spectra_pairs_options wrong[] = {
        {1, 0, 0, 0}, {sizeof *wrong, SPECTRA_SCORE_ONE + 1, 0, 0}, {sizeof *wrong, 0, 0, 1}, {sizeof *wrong, 0, 3, 3}};
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_int_equal(spectra_search_pairs(one.database, &wrong[i], keep, &found, &scratch, NULL),
                         SPECTRA_E_INVALID);
    assert_int_equal(spectra_search_pairs(NULL, NULL, keep, &found, &scratch, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_search_pairs(one.database, NULL, NULL, &found, &scratch, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_search_pairs(one.database, NULL, keep, &found, NULL, NULL), SPECTRA_E_INVALID);
    const size_t required = spectra_search_pairs_required(one.database);
    for (size_t size = 0; size < required / 2; size += required / 40) {
        spectra_scratch_init(&scratch, scratch_bytes, size);
        assert_int_equal(spectra_search_pairs(one.database, NULL, keep, &found, &scratch, NULL), SPECTRA_E_MEMORY);
        assert_int_equal(scratch.used, 0);
    }
    assert_int_equal(found.count, 0);
    assert_true(spectra_search_pairs_required(NULL) < required);
    free(found.pair);
    end(&one);
}

static void a_database_without_ei_spectra_has_no_pairs(void **state) {
    (void)state;
    static const sample_record msms = {"A-1", "one", NULL, NULL, "MS2", "P", "191.1179", NULL, NULL, 20, 3};
    spectra_builder *builder = sample_builder();
    size_t size;
    found_pairs found = room_for(1);
    spectra_scratch scratch;
    assert_int_equal(sample_add(builder, &msms, NULL), SPECTRA_OK);
    uint8_t *file = sample_file(builder, &size);
    spectra_database *database = sample_open(file, size);
    spectra_scratch_init(&scratch, scratch_bytes, sizeof scratch_bytes);
    assert_int_equal(spectra_search_pairs(database, NULL, keep, &found, &scratch, NULL), SPECTRA_E_NOT_FOUND);
    spectra_database_close(database);
    spectra_builder_free(builder);
    free(file);
    free(found.pair);
}

static int prepare(void **state) {
    (void)state;
    make_kinds();
    return 0;
}

static int clean(void **state) {
    (void)state;
    for (uint32_t i = 0; i < KINDS; i++) spectra_spectrum_free(kinds[i]);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_of_small_libraries_are_those_of_every_two_comparisons),
        cmocka_unit_test(libraries_of_several_blocks_are_compared_whole),
        cmocka_unit_test(the_least_score_is_seven_tenths_unless_given),
        cmocka_unit_test(a_caller_may_stop_it),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(a_database_without_ei_spectra_has_no_pairs),
    };
    return cmocka_run_group_tests(tests, prepare, clean);
}
