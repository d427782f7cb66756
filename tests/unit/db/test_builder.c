/* SPDX-License-Identifier: Apache-2.0 */
/* Limits of what a database can hold, and the words a builder keeps. */
#include "db/builder.h"
#include "spectrum/prepared.h"
#include "unit/db/sample.h"

static void a_word_is_kept_once_and_found_again(void **state) {
    (void)state;
    enum { COUNT = 5000 };
    static uint32_t references[COUNT];
    char text[16];
    db_words words;
    assert_true(db_words_init(&words, NULL));
    assert_null(db_words_find(&words, "0"));
    for (uint32_t i = 0; i < 2 * COUNT; i++) {
        snprintf(text, sizeof text, "%u", i % COUNT);
        assert_int_equal(db_words_reserve(&words, 1, sizeof text), SPECTRA_OK);
        uint32_t reference = db_words_reference(&words, text);
        assert_string_equal(db_words_text(&words, reference), text);
        if (i < COUNT) references[i] = reference;
        assert_int_equal(reference, references[i % COUNT]);
    }
    assert_int_equal(words.count, COUNT + 1);
    assert_int_equal(db_words_reference(&words, ""), 0);
    assert_null(db_words_find(&words, ""));
    assert_null(db_words_find(&words, "5000"));
    assert_int_equal(db_words_find(&words, "4999")->reference, references[4999]);
    db_words_free(&words);
}

static void text_beyond_32_bits_is_a_limit(void **state) {
    (void)state;
    spectra_error error;
    db_words words;
    assert_true(db_words_init(&words, NULL));
    assert_int_equal(db_reserve_words(&words, 1, UINT32_MAX, &error), SPECTRA_E_LIMIT);
    assert_string_equal(error.message, "a database holds no more than 4 GiB of text");
    assert_int_equal(db_reserve_words(&words, UINT32_MAX, 1, &error), SPECTRA_E_LIMIT);
    db_words_free(&words);
}

static void rows_beyond_their_limit_are_refused(void **state) {
    (void)state;
    spectra_error error;
    base_vector rows;
    base_vector_init(&rows, 4, NULL);
    assert_int_equal(db_reserve_row(&rows, 1, &error), SPECTRA_OK);
    rows.count = 1;
    assert_int_equal(db_reserve_row(&rows, 1, &error), SPECTRA_E_LIMIT);
    base_vector_free(&rows);
}

static void peaks_beyond_their_limit_are_refused(void **state) {
    (void)state;
    spectra_error error;
    db_peaks peaks;
    db_peak_arrays arrays;
    db_peak_arrays_init(&arrays, &db_groups[1], NULL);
    db_peaks_init(&peaks, &arrays, &db_groups[1], NULL);
    spectra_prepared prepared = {.count = 65535};
    assert_int_equal(db_reserve_peak_row(&peaks, &prepared, &error), SPECTRA_OK);
    prepared.count = 65536;
    assert_int_equal(db_reserve_peak_row(&peaks, &prepared, &error), SPECTRA_E_LIMIT);
    assert_string_equal(error.message, "65536 peaks: a reference spectrum has at most 65535");
    arrays.mz.count = UINT32_MAX - 1;
    assert_int_equal(db_reserve_peaks(&arrays, 2, &error), SPECTRA_E_LIMIT);
    assert_string_equal(error.message, "a track holds no more than 4294967295 peaks");
    arrays.mz.count = 0;
    base_vector_free(&peaks.rows);
    db_peak_arrays_free(&arrays);
}

static void rows_are_sorted_whatever_order_they_come_in(void **state) {
    (void)state;
    for (uint32_t count = 0; count < 70; count++) {
        uint64_t random = count + 1, before = 0;
        db_peaks peaks;
        db_peak_arrays arrays;
        db_peaks_init(&peaks, &arrays, &db_groups[1], NULL);
        for (uint32_t i = 0; i < count; i++) {
            const uint64_t number = sample_random(&random);
            db_peak_row row = {.entry = i, .precursor_uth = (uint32_t)(number % 9 << 29 | (number >> 40) % 3 << 12)};
            assert_true(base_vector_append(&peaks.rows, &row, 1));
        }
        assert_true(db_sort_peaks(&peaks));
        const db_peak_row *rows = (const db_peak_row *)peaks.rows.data;
        for (uint32_t i = 0; i < count; i++) {
            uint64_t place = (uint64_t)rows[i].precursor_uth << 32 | rows[i].entry;
            assert_true(i == 0 || place > before);
            before = place;
        }
        base_vector_free(&peaks.rows);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_is_kept_once_and_found_again),
        cmocka_unit_test(text_beyond_32_bits_is_a_limit),
        cmocka_unit_test(rows_beyond_their_limit_are_refused),
        cmocka_unit_test(peaks_beyond_their_limit_are_refused),
        cmocka_unit_test(rows_are_sorted_whatever_order_they_come_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
