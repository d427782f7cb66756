/* SPDX-License-Identifier: Apache-2.0 */
/* Postings of a database: that they are what docs/FORMAT.md says, that verify proves it, and that lies lead nowhere. */
#include "unit/db/sample.h"
#include "unit/db/walk.h"

#include "db/postings.h"

static spectra_builder *builder_with(spectra_postings postings, uint32_t losses) {
    spectra_builder *builder = sample_full_builder();
    const spectra_builder_options options = {.size = sizeof options, .postings = postings, .loss_postings = losses};
    assert_int_equal(spectra_builder_set_options(builder, &options, NULL), SPECTRA_OK);
    return builder;
}

static uint8_t *file_with(spectra_postings postings, uint32_t losses, size_t *size) {
    spectra_builder *builder = builder_with(postings, losses);
    uint8_t *file = sample_file(builder, size);
    spectra_builder_free(builder);
    return file;
}

static db_set set_of(const spectra_database *database, int kind) {
    db_set set;
    assert_int_equal(db_find_set(&set, database, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE, kind), SPECTRA_OK);
    return set;
}

static db_set open_set(const spectra_database *database) {
    return set_of(database, DB_SET_OPEN);
}

static void options_that_contradict_or_are_unknown_are_refused(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    const uint32_t size = sizeof(spectra_builder_options);
    const spectra_builder_options bad[] = {{0, 0, 0},     {size - 4, 0, 0}, {size, 3, 0},
                                           {size, -1, 0}, {size, 0, 2},     {size, SPECTRA_POSTINGS_NEVER, 1}};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(spectra_builder_set_options(builder, &bad[i], NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_set_options(builder, NULL, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_set_options(NULL, &bad[0], NULL), SPECTRA_E_INVALID);
    spectra_builder_free(builder);
}

static void a_small_set_has_postings_only_where_they_are_asked_for(void **state) {
    (void)state;
    static const spectra_postings asked[] = {SPECTRA_POSTINGS_DEFAULT, SPECTRA_POSTINGS_NEVER, SPECTRA_POSTINGS_ALWAYS};
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        size_t size;
        bool always = asked[i] == SPECTRA_POSTINGS_ALWAYS;
        uint8_t *file = file_with(asked[i], always, &size);
        spectra_database *database = sample_open(file, size);
        db_set open = open_set(database), windowed = set_of(database, DB_SET_WINDOWED);
        sample_verify(database);
        assert_int_equal(open.by_mz.block_count, always);
        assert_int_equal(open.by_loss.block_count, 0);
        assert_int_equal(windowed.by_mz.block_count, always);
        assert_int_equal(windowed.by_loss.block_count, always);
        spectra_database_close(database);
        free(file);
    }
}

static void weight_codes_are_the_least_upper_bounds(void **state) {
    (void)state;
    assert_int_equal(db_weight_code(65535), 208);
    for (uint32_t weight = 0; weight <= 65535; weight++) {
        uint32_t code = db_weight_code(weight);
        assert_true(db_weight_bound(code) >= weight);
        if (code > 0) assert_true(db_weight_bound(code - 1) < weight);
    }
}

/* Every peak is in the range of its own key, and in none that ends a unit below or begins a unit above. */
static uint32_t find_peaks(const db_set *set, const db_postings *postings, bool by_loss) {
    uint32_t found = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        db_spectrum spectrum;
        assert_true(db_spectrum_at(&spectrum, set, i));
        for (uint32_t peak = spectrum.first_peak; peak < spectrum.first_peak + spectrum.peak_count; peak++) {
            uint64_t mz = set->mz_uth[peak], key = by_loss ? (UINT64_C(1) << 32) + spectrum.precursor_uth - mz : mz;
            db_range range, below, above;
            assert_true(db_posting_range(&range, postings, 0, key, key));
            assert_true(db_posting_range(&below, postings, 0, 0, key - 40));
            assert_true(db_posting_range(&above, postings, 0, key + 40, UINT64_MAX / 2));
            assert_true(below.end == range.first && above.first == range.end);
            for (uint32_t k = range.first; k < range.end; k++)
                found += db_posting_spectrum(postings->words[k]) == i &&
                         db_posting_code(postings->words[k]) == db_weight_code(set->weight[peak]);
        }
    }
    return found;
}

static void every_peak_is_found_by_its_key(void **state) {
    (void)state;
    size_t size;
    uint8_t *file = file_with(SPECTRA_POSTINGS_ALWAYS, 1, &size);
    spectra_database *database = sample_open(file, size);
    for (int kind = DB_SET_WINDOWED; kind <= DB_SET_OPEN; kind++) {
        db_set set = set_of(database, kind);
        assert_true(set.peak_count > 0);
        assert_int_equal(set.by_mz.count, set.peak_count);
        assert_int_equal(set.by_loss.count, kind == DB_SET_WINDOWED ? set.peak_count : 0);
        assert_int_equal(find_peaks(&set, &set.by_mz, false), set.peak_count);
        if (kind == DB_SET_WINDOWED) assert_int_equal(find_peaks(&set, &set.by_loss, true), set.peak_count);
    }
    spectra_database_close(database);
    free(file);
}

static void two_builds_are_byte_equal(void **state) {
    (void)state;
    size_t size, other_size;
    spectra_builder *builder = builder_with(SPECTRA_POSTINGS_ALWAYS, 1);
    uint8_t *file = sample_file(builder, &size), *again = sample_file(builder, &other_size);
    assert_true(size == other_size && memcmp(file, again, size) == 0);
    spectra_builder_free(builder);
    free(file);
    free(again);
}

/* What verify says of a file whose digests are right and whose section holds `value` at `offset`. */
typedef struct told_lie {
    const char *section;
    uint32_t offset, value;
    const char *message;
} told_lie;

static void check_lie(const uint8_t *file, size_t size, const told_lie *lie) {
    spectra_error error = {0};
    uint8_t *lying = (uint8_t *)malloc(size);
    assert_non_null(lying);
    memcpy(lying, file, size);
    spectra_database *database = sample_open(lying, size);
    spectra_section section = sample_section(database, lie->section, SPECTRA_TRACK_MSMS);
    base_put32(lying + section.offset + lie->offset, base_get32(lying + section.offset + lie->offset) + lie->value);
    sample_seal(lying, base_get64(file + 24));
    if (spectra_database_verify(database, &error) != SPECTRA_E_CORRUPT || strcmp(error.message, lie->message) != 0)
        fail_msg("%s + %u: expected \"%s\", not \"%s\"", lie->section, lie->offset, lie->message, error.message);
    spectra_database_close(database);
    free(lying);
}

static void verify_proves_each_posting(void **state) {
    (void)state;
    static const told_lie lies[] = {
        {"open postings", 0, 1, "a posting is no peak"},
        {"open postings", 0, 1u << 8, "a posting is no peak"},
        {"open postings", 0, 1u << 24, "a posting is no peak"},
        {"open postings", 0, 60000u << 8, "a posting is no peak"},
        {"windowed loss postings", 0, 1, "a posting is no peak"},
        {"open posting cells", 0, 1, "a block has cells beyond its postings"},
        {"open posting cells", 4, 0xffffffff, "a block has cells beyond its postings"},
        {"open posting cells", 8, 100000, "cells are not in order"},
        {"open posting cells", 8, 0xffffffff, "cells are not in order"},
        {"open posting blocks", 0, 1, "a posting is no peak"},
        {"open posting blocks", 4, 1, "a block of postings does not begin where the one before ends"},
        {"open posting blocks", 12, 1, "a block of postings does not begin where the one before ends"},
        {"open posting blocks", 8, 1, "the closing row of the posting blocks is wrong"},
    };
    size_t size;
    uint8_t *file = file_with(SPECTRA_POSTINGS_ALWAYS, 1, &size);
    for (size_t i = 0; i < COUNT_OF(lies); i++) check_lie(file, size, &lies[i]);
    free(file);
}

static void peaks_that_a_recipe_would_have_merged_are_found(void **state) {
    (void)state;
    size_t size;
    uint8_t *file = file_with(SPECTRA_POSTINGS_ALWAYS, 1, &size);
    spectra_database *database = sample_open(file, size);
    db_set set = open_set(database);
    db_spectrum last;
    assert_true(db_spectrum_at(&last, &set, set.count - 1) && last.peak_count > 1);
    uint32_t peak = last.first_peak, gap = set.mz_uth[peak + 1] - set.mz_uth[peak];
    spectra_database_close(database);
    const told_lie lie = {"open m/z", 4 * peak, gap - 20000, "peaks stand closer than their recipe allows"};
    check_lie(file, size, &lie);
    free(file);
}

static uint8_t *table_row(uint8_t *file, uint16_t kind) {
    uint8_t *row = file + 256;
    while (base_get16(row) != kind) row += 32;
    return row;
}

/* Bit k of `lost`: the k-th of a key's sections is one that nobody knows. */
static spectra_status find_without(const uint16_t kinds[3], uint32_t lost) {
    size_t size;
    db_set set;
    uint8_t *file = file_with(SPECTRA_POSTINGS_ALWAYS, 1, &size);
    for (size_t k = 0; k < 3; k++)
        if (lost >> k & 1) base_put16(table_row(file, kinds[k]), 0x7777);
    spectra_database *database = sample_open(file, size);
    spectra_status status = db_find_set(&set, database, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE, DB_SET_WINDOWED);
    spectra_database_close(database);
    free(file);
    return status;
}

static void postings_that_lack_a_section_are_corrupt_and_none_at_all_are_fine(void **state) {
    (void)state;
    static const uint16_t kinds[2][3] = {
        {DB_KIND_POSTINGS, DB_KIND_POSTING_CELLS, DB_KIND_POSTING_BLOCKS},
        {DB_KIND_LOSS_POSTINGS, DB_KIND_LOSS_CELLS, DB_KIND_LOSS_BLOCKS},
    };
    for (size_t key = 0; key < 2; key++)
        for (uint32_t lost = 0; lost < 8; lost++)
            assert_int_equal(find_without(kinds[key], lost), lost == 0 || lost == 7 ? SPECTRA_OK : SPECTRA_E_CORRUPT);
}

static void postings_of_another_number_of_blocks_are_corrupt(void **state) {
    (void)state;
    size_t size;
    db_set set;
    uint8_t *file = file_with(SPECTRA_POSTINGS_ALWAYS, 0, &size), *row = table_row(file, DB_KIND_POSTING_BLOCKS);
    base_put64(row + DB_SECTION_SIZE, base_get64(row + DB_SECTION_SIZE) + DB_BLOCK_ROW_SIZE);
    base_put64(row + DB_SECTION_COUNT, base_get64(row + DB_SECTION_COUNT) + 1);
    spectra_database *database = sample_open(file, size);
    assert_int_equal(db_find_set(&set, database, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE, DB_SET_OPEN),
                     SPECTRA_E_CORRUPT);
    spectra_database_close(database);
    free(file);
}

static void a_large_set_has_postings_unasked(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    const sample_record record = {"T", "first", NULL, "C10H12N2O", "MS2", "P", "177.1022", NULL, NULL, 2, 3};
    for (uint32_t count = 1; count <= 4096; count++) {
        assert_int_equal(sample_add(builder, &record, NULL), SPECTRA_OK);
        if (count < 4095) continue;
        size_t size;
        uint8_t *file = sample_file(builder, &size);
        spectra_database *database = sample_open(file, size);
        assert_int_equal(open_set(database).by_mz.block_count, count == 4096);
        spectra_database_close(database);
        free(file);
    }
    spectra_builder_free(builder);
}

/* A range of a lying file is false or lies inside the postings. */
static void lying_offsets_lead_nowhere_outside(void **state) {
    (void)state;
    size_t size;
    uint64_t random = 7, found = 0, refused = 0;
    uint8_t *file = file_with(SPECTRA_POSTINGS_ALWAYS, 0, &size), *lying = (uint8_t *)malloc(size);
    assert_non_null(lying);
    for (int round = 0; round < 3000; round++) {
        memcpy(lying, file, size);
        spectra_database *database = sample_open(lying, size);
        spectra_section section =
            sample_section(database, round % 2 ? "open posting blocks" : "open posting cells", SPECTRA_TRACK_MSMS);
        for (int lies = 0; lies < 30; lies++)
            base_put32(lying + section.offset + sample_random(&random) % (section.size / 4) * 4,
                       sample_random(&random) % 2 ? (uint32_t)sample_random(&random)
                                                  : (uint32_t)(sample_random(&random) % 400));
        db_set set = open_set(database);
        for (uint32_t mz = 40000000; mz < 160000000; mz += 990000) {
            db_range range;
            bool true_range = db_posting_range(&range, &set.by_mz, 0, mz, mz + 20000);
            if (true_range) assert_true(range.first <= range.end && range.end <= set.by_mz.count);
            assert_true(db_posting_estimate(&set.by_mz, 0, mz, mz + 20000) <= set.by_mz.count);
            *(true_range ? &found : &refused) += 1;
        }
        spectra_database_close(database);
    }
    assert_true(found > 1000 && refused > 1000);
    free(lying);
    free(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_that_contradict_or_are_unknown_are_refused),
        cmocka_unit_test(a_small_set_has_postings_only_where_they_are_asked_for),
        cmocka_unit_test(weight_codes_are_the_least_upper_bounds),
        cmocka_unit_test(every_peak_is_found_by_its_key),
        cmocka_unit_test(two_builds_are_byte_equal),
        cmocka_unit_test(verify_proves_each_posting),
        cmocka_unit_test(peaks_that_a_recipe_would_have_merged_are_found),
        cmocka_unit_test(postings_that_lack_a_section_are_corrupt_and_none_at_all_are_fine),
        cmocka_unit_test(postings_of_another_number_of_blocks_are_corrupt),
        cmocka_unit_test(a_large_set_has_postings_unasked),
        cmocka_unit_test(lying_offsets_lead_nowhere_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
