/* SPDX-License-Identifier: Apache-2.0 */
/* Postings that lie with right digests, each lie made for one rule of the proof. */
#include "db/postings.h"
#include "unit/db/sample.h"

/* A file with postings, and where its parts are. */
typedef struct lying_file {
    uint8_t *file;
    size_t size;
    spectra_database *database;
    db_set set;
} lying_file;

static uint8_t *section_of(const lying_file *f, const char *name) {
    return f->file + sample_section(f->database, name, SPECTRA_TRACK_MSMS).offset;
}

static uint32_t word_at(const uint8_t *words, uint32_t i) {
    return base_get32(words + (size_t)4 * i);
}

static lying_file open_lying(spectra_builder *builder) {
    lying_file f;
    sample_ask_for_postings(builder);
    f.file = sample_file(builder, &f.size);
    f.database = sample_open(f.file, f.size);
    assert_int_equal(db_find_set(&f.set, f.database, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE, DB_SET_OPEN),
                     SPECTRA_OK);
    sample_verify(f.database);
    spectra_builder_free(builder);
    return f;
}

/* Sealed and opened once more, for sections may have other sizes now, verify says `message`. */
static void close_lying(lying_file *f, const char *message) {
    spectra_error error = {0};
    sample_seal(f->file, (size_t)base_get64(f->file + DB_HEADER_DIGEST_OFFSET));
    spectra_database_close(f->database);
    f->database = sample_open(f->file, f->size);
    assert_int_equal(spectra_database_verify(f->database, &error), SPECTRA_E_CORRUPT);
    assert_string_equal(error.message, message);
    spectra_database_close(f->database);
    free(f->file);
}

/* One row more or less of the open set's postings, as the table of sections says. */
static void resize_postings(lying_file *f, int32_t by) {
    uint8_t *row = f->file + DB_HEADER_SIZE;
    while (base_get16(row + DB_SECTION_KIND) != DB_KIND_POSTINGS || row[DB_SECTION_SET] != DB_SET_OPEN)
        row += DB_SECTION_ROW_SIZE;
    base_put64(row + DB_SECTION_SIZE, base_get64(row + DB_SECTION_SIZE) + (uint64_t)(int64_t)(4 * by));
    base_put64(row + DB_SECTION_COUNT, base_get64(row + DB_SECTION_COUNT) + (uint64_t)(int64_t)by);
}

/* A cell of more than one posting. */
static uint32_t full_cell(const uint8_t *offsets, const db_postings *postings) {
    uint32_t cell = 0;
    while (word_at(offsets, cell + 1) - word_at(offsets, cell) < 2) {
        cell++;
        assert_true(cell + 1 < postings->offset_count);
    }
    return cell;
}

static void postings_out_of_order_are_found(void **state) {
    (void)state;
    lying_file f = open_lying(sample_full_builder());
    uint32_t cell = full_cell(section_of(&f, "open posting cells"), &f.set.by_mz);
    uint8_t *first = section_of(&f, "open postings") + (size_t)4 * f.set.by_mz.offsets[cell];
    uint32_t word = base_get32(first);
    base_put32(first, base_get32(first + 4));
    base_put32(first + 4, word);
    close_lying(&f, "postings are not in order");
}

static void postings_a_unit_below_or_above_their_peaks_are_found(void **state) {
    (void)state;
    for (int above = 0; above < 2; above++) {
        lying_file f = open_lying(sample_full_builder());
        uint8_t *word = section_of(&f, "open postings") + (above ? (size_t)4 * (f.set.by_mz.count - 1) : 0);
        uint32_t unit = base_get32(word) >> 24;
        assert_in_range(unit, 1, 254);
        base_put32(word, base_get32(word) + (above ? 1u << 24 : 0xff000000u));
        close_lying(&f, "a posting is no peak");
    }
}

static void a_block_that_ends_where_it_begins_is_found(void **state) {
    (void)state;
    lying_file f = open_lying(sample_full_builder());
    base_put32(section_of(&f, "open posting blocks") + DB_BLOCK_ROW_SIZE + DB_BLOCK_FIRST_OFFSET, 0);
    close_lying(&f, "a block of postings does not begin where the one before ends");
}

static void an_empty_cell_at_the_end_of_a_block_is_found(void **state) {
    (void)state;
    lying_file f = open_lying(sample_full_builder());
    const uint32_t *offsets = f.set.by_mz.offsets;
    uint32_t end = f.set.by_mz.offset_count - 1;
    assert_true(offsets[end - 2] == offsets[end - 1]);
    base_put32(section_of(&f, "open posting blocks") + DB_BLOCK_ROW_SIZE + DB_BLOCK_FIRST_OFFSET, end);
    close_lying(&f, "a block has cells beyond its postings");
}

/* Its last cell is not the set's. */
static void cells_of_no_block_are_found(void **state) {
    (void)state;
    lying_file f = open_lying(sample_full_builder());
    const uint32_t *offsets = f.set.by_mz.offsets;
    uint32_t end = f.set.by_mz.offset_count - 1;
    while (offsets[end - 2] == offsets[end - 1]) end--;
    base_put32(section_of(&f, "open posting blocks") + DB_BLOCK_ROW_SIZE + DB_BLOCK_FIRST_OFFSET, end);
    close_lying(&f, "the closing row of the posting blocks is wrong");
}

static void a_posting_of_no_cell_is_found(void **state) {
    (void)state;
    lying_file f = open_lying(sample_full_builder());
    resize_postings(&f, 1);
    close_lying(&f, "postings are not as many as peaks");
}

static void a_peak_without_posting_is_found(void **state) {
    (void)state;
    lying_file f = open_lying(sample_full_builder());
    uint8_t *offsets = section_of(&f, "open posting cells"), *words = section_of(&f, "open postings");
    uint32_t cell = full_cell(offsets, &f.set.by_mz), lost = word_at(offsets, cell), count = f.set.by_mz.count;
    memmove(words + (size_t)4 * lost, words + (size_t)4 * lost + 4, (size_t)4 * (count - lost - 1));
    base_put32(words + (size_t)4 * (count - 1), 0);
    for (uint32_t i = cell + 1; i < f.set.by_mz.offset_count; i++)
        base_put32(offsets + (size_t)4 * i, word_at(offsets, i) - 1);
    resize_postings(&f, -1);
    close_lying(&f, "postings are not as many as peaks");
}

static void postings_of_peaks_that_may_share_a_unit_are_found(void **state) {
    (void)state;
    lying_file f = open_lying(sample_full_builder());
    uint8_t *row = section_of(&f, "open recipe");
    f.set.recipe.merge_gap_uth = DB_UNIT_UTH - 1;
    base_put32(row + DB_RECIPE_MERGE_GAP, f.set.recipe.merge_gap_uth);
    base_put64(row + DB_RECIPE_FINGERPRINT, spectra_recipe_fingerprint(&f.set.recipe));
    close_lying(&f, "postings of a set whose peaks may share a unit");
}

/* A block without a posting has no cell, and its first is 0. */
static void cells_of_a_block_without_peaks_are_found(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    const sample_record empty = {"T", "first", NULL, "C10H12N2O", "MS2", "P", "177.1022", NULL, NULL, 0, 3};
    assert_int_equal(sample_add(builder, &empty, NULL), SPECTRA_OK);
    lying_file f = open_lying(builder);
    assert_int_equal(f.set.by_mz.block_count, 1);
    assert_int_equal(f.set.by_mz.count, 0);
    base_put32(section_of(&f, "open posting blocks") + DB_BLOCK_FIRST_CELL, 1);
    close_lying(&f, "a block has cells beyond its postings");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(postings_out_of_order_are_found),
        cmocka_unit_test(postings_a_unit_below_or_above_their_peaks_are_found),
        cmocka_unit_test(a_block_that_ends_where_it_begins_is_found),
        cmocka_unit_test(an_empty_cell_at_the_end_of_a_block_is_found),
        cmocka_unit_test(cells_of_no_block_are_found),
        cmocka_unit_test(a_posting_of_no_cell_is_found),
        cmocka_unit_test(a_peak_without_posting_is_found),
        cmocka_unit_test(postings_of_peaks_that_may_share_a_unit_are_found),
        cmocka_unit_test(cells_of_a_block_without_peaks_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
