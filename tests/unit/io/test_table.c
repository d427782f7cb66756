/* SPDX-License-Identifier: Apache-2.0 */
/* Tab-separated tables: cells by column, and refusal of what is cut short or uneven. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "io/table.h"

#define PATH "test_table.tsv"

/* Opens a table of these bytes. */
static spectra_status open_text(io_table *table, const char *text, size_t size, spectra_error *error) {
    FILE *file = fopen(PATH, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    spectra_status status = io_table_open(table, PATH, NULL, error);
    remove(PATH);
    return status;
}

static void cells_are_found_by_the_name_of_their_column(void **state) {
    (void)state;
    static const char text[] = "name\tmass\n\"a b\"\t1\n\t\r\n";
    io_table table;
    assert_int_equal(open_text(&table, text, strlen(text), NULL), SPECTRA_OK);
    assert_int_equal(io_table_next(&table, NULL), SPECTRA_OK);
    assert_string_equal(io_table_cell(&table, "name"), "\"a b\"");
    assert_string_equal(io_table_cell(&table, "mass"), "1");
    assert_string_equal(io_table_cell(&table, "nam"), "");
    assert_int_equal(table.line, 2);
    assert_int_equal(table.offset, 10);
    assert_int_equal(io_table_next(&table, NULL), SPECTRA_OK);
    assert_string_equal(io_table_cell(&table, "name"), "");
    assert_string_equal(io_table_cell(&table, "mass"), "");
    assert_int_equal(io_table_next(&table, NULL), SPECTRA_END);
    assert_int_equal(io_table_next(&table, NULL), SPECTRA_END);
    io_table_close(&table);
}

static void every_prefix_has_fewer_whole_rows_or_is_refused(void **state) {
    (void)state;
    static const char text[] = "a\tb\n1\t2\n3\t4\n";
    for (size_t size = 0; size < sizeof text - 1; size++) {
        io_table table;
        spectra_error error;
        size_t whole_lines = 0;
        for (size_t i = 0; i < size; i++) whole_lines += text[i] == '\n';
        bool cut = size == 0 || text[size - 1] != '\n';
        spectra_status status = open_text(&table, text, size, &error);
        assert_int_equal(status, whole_lines == 0 ? SPECTRA_E_FORMAT : SPECTRA_OK);
        for (size_t i = 1; i < whole_lines; i++) assert_int_equal(io_table_next(&table, &error), SPECTRA_OK);
        if (whole_lines > 0) assert_int_equal(io_table_next(&table, &error), cut ? SPECTRA_E_FORMAT : SPECTRA_END);
        if (cut && size > 0) assert_int_equal(error.line, whole_lines + 1);
        io_table_close(&table);
    }
}

static void uneven_rows_and_nul_bytes_are_refused_with_their_place(void **state) {
    (void)state;
    static const char uneven[] = "a\tb\n1\t2\n1\n", more[] = "a\n1\t2\n", blank[] = "a\tb\n\n", nul[] = "a\n1\0002\n";
    io_table table;
    spectra_error error;
    assert_int_equal(open_text(&table, uneven, sizeof uneven - 1, NULL), SPECTRA_OK);
    assert_int_equal(io_table_next(&table, &error), SPECTRA_OK);
    assert_int_equal(io_table_next(&table, &error), SPECTRA_E_FORMAT);
    assert_int_equal(error.line, 3);
    assert_int_equal(error.offset, 8);
    assert_string_equal(error.message, "1 cells where the header has 2");
    io_table_close(&table);
    assert_int_equal(open_text(&table, more, sizeof more - 1, NULL), SPECTRA_OK);
    assert_int_equal(io_table_next(&table, &error), SPECTRA_E_FORMAT);
    io_table_close(&table);
    assert_int_equal(open_text(&table, blank, sizeof blank - 1, NULL), SPECTRA_OK);
    assert_int_equal(io_table_next(&table, &error), SPECTRA_E_FORMAT);
    io_table_close(&table);
    assert_int_equal(open_text(&table, nul, sizeof nul - 1, NULL), SPECTRA_OK);
    assert_int_equal(io_table_next(&table, &error), SPECTRA_E_FORMAT);
    assert_string_equal(error.message, "a NUL byte in a table");
    io_table_close(&table);
}

static void too_many_columns_are_refused(void **state) {
    (void)state;
    char text[2 * IO_TABLE_MAX_COLUMNS + 2];
    memset(text, '\t', sizeof text);
    io_table table;
    spectra_error error;
    text[IO_TABLE_MAX_COLUMNS] = '\n';
    assert_int_equal(open_text(&table, text, IO_TABLE_MAX_COLUMNS + 1, &error), SPECTRA_E_LIMIT);
    io_table_close(&table);
    text[IO_TABLE_MAX_COLUMNS - 1] = '\n';
    memset(text + IO_TABLE_MAX_COLUMNS, '\t', IO_TABLE_MAX_COLUMNS);
    text[2 * IO_TABLE_MAX_COLUMNS] = '\n';
    assert_int_equal(open_text(&table, text, 2 * IO_TABLE_MAX_COLUMNS + 1, &error), SPECTRA_OK);
    assert_int_equal(io_table_next(&table, &error), SPECTRA_E_FORMAT);
    io_table_close(&table);
}

static void a_table_longer_than_one_read_is_read_whole(void **state) {
    (void)state;
    static char text[300000];
    size_t size = 0, rows = 0;
    while (size + 16 < sizeof text) size += (size_t)snprintf(text + size, 16, "%zu\tx\n", size % 997);
    io_table table;
    assert_int_equal(open_text(&table, text, size, NULL), SPECTRA_OK);
    while (io_table_next(&table, NULL) == SPECTRA_OK) rows++;
    assert_int_equal(table.position, size);
    assert_in_range(rows, 50000, 80000);
    io_table_close(&table);
}

static void a_folder_is_no_table(void **state) {
    (void)state;
    io_table table;
    spectra_error error;
    assert_int_equal(io_table_open(&table, ".", NULL, &error), SPECTRA_E_IO);
    io_table_close(&table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_found_by_the_name_of_their_column),
        cmocka_unit_test(every_prefix_has_fewer_whole_rows_or_is_refused),
        cmocka_unit_test(uneven_rows_and_nul_bytes_are_refused_with_their_place),
        cmocka_unit_test(too_many_columns_are_refused),
        cmocka_unit_test(a_table_longer_than_one_read_is_read_whole),
        cmocka_unit_test(a_folder_is_no_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
