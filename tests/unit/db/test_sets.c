/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of an index that lie: read by themselves and many at once, they give false and no peak outside the arrays. */
#include "db/db.h"
#include "db/format.h"
#include "unit/db/sample.h"

/* A set of two spectra with three peaks each, whose index alone is there. */
#define SPECTRA 2u
#define PEAKS 200000u

static void put_row(uint8_t *index, size_t row_size, size_t i, uint32_t entry, uint32_t first_peak) {
    base_put32(index + i * row_size + DB_INDEX_ENTRY, entry);
    base_put32(index + i * row_size + DB_INDEX_FIRST_PEAK, first_peak);
}

/* First peaks of the two rows and of the closing one. */
typedef struct lie {
    uint32_t first, second, end;
    bool sound;
} lie;

static const lie lies[] = {
    {0, 3, 6, true},
    {0, 3, PEAKS, false}, /* too many peaks */
    {PEAKS - 9, PEAKS - 5, PEAKS, true},
    {PEAKS - 9, PEAKS - 5, PEAKS + 1, false},
    {0, 6, 3, false},
    {9, 6, 7, false},
};

static void rows_of_peaks_that_are_not_there_are_refused(void **state) {
    (void)state;
    static const uint16_t nominal[1];
    static const uint32_t mz_uth[1];
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        uint8_t index[(SPECTRA + 1) * DB_NOMINAL_ROW_SIZE] = {0};
        db_nominal_rows rows;
        uint32_t first_peak[SPECTRA + 1];
        db_set set = {.index = index, .count = SPECTRA, .peak_count = PEAKS, .entry_count = 2, .nominal = nominal};
        put_row(index, DB_NOMINAL_ROW_SIZE, 0, 0, lies[i].first);
        put_row(index, DB_NOMINAL_ROW_SIZE, 1, 1, lies[i].second);
        put_row(index, DB_NOMINAL_ROW_SIZE, 2, 0, lies[i].end);
        if (db_nominal_rows_at(&rows, &set, 0, SPECTRA) != lies[i].sound) fail_msg("nominal, case %zu", i);
        put_row(index, DB_ACCURATE_ROW_SIZE, 0, 0, lies[i].first);
        put_row(index, DB_ACCURATE_ROW_SIZE, 1, 1, lies[i].second);
        put_row(index, DB_ACCURATE_ROW_SIZE, 2, 0, lies[i].end);
        set.nominal = NULL;
        set.mz_uth = mz_uth;
        if (db_first_peaks_at(first_peak, &set, 0, SPECTRA) != lies[i].sound) fail_msg("accurate, case %zu", i);
    }
}

static void a_row_of_an_entry_that_is_not_there_is_refused(void **state) {
    (void)state;
    static const uint16_t nominal[1];
    uint8_t index[(SPECTRA + 1) * DB_NOMINAL_ROW_SIZE] = {0};
    db_nominal_rows rows;
    db_set set = {.index = index, .count = SPECTRA, .peak_count = 9, .entry_count = 1, .nominal = nominal};
    assert_true(db_nominal_rows_at(&rows, &set, 0, SPECTRA));
    put_row(index, DB_NOMINAL_ROW_SIZE, 1, 1, 0);
    assert_false(db_nominal_rows_at(&rows, &set, 0, SPECTRA));
}

static void a_substance_that_is_not_there_has_no_class(void **state) {
    (void)state;
    size_t size;
    uint8_t *file = sample_full_file(&size);
    spectra_database *database = sample_open(file, size);
    assert_string_equal(db_substance_class(database, 0), "made_up");
    assert_string_equal(db_substance_class(database, 1000), "");
    spectra_database_close(database);
    free(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_peaks_that_are_not_there_are_refused),
        cmocka_unit_test(a_row_of_an_entry_that_is_not_there_is_refused),
        cmocka_unit_test(a_substance_that_is_not_there_has_no_class),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
