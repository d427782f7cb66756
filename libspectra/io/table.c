/* SPDX-License-Identifier: Apache-2.0 */
/* Tab-separated tables. The only reader here that holds its whole input: tables are small and written by hand. */
#include "io/table.h"

#include <string.h>

#include "base/system.h"

#define CHUNK_SIZE 65536u

static spectra_status read_file(base_vector *text, const char *path, spectra_error *error) {
    base_file file;
    spectra_status status = base_file_open(&file, path, error);
    if (status < 0) return status;
    size_t got = 1;
    while (status == SPECTRA_OK && got > 0) {
        uint8_t *end = (uint8_t *)base_vector_reserve(text, CHUNK_SIZE);
        if (!end) {
            status = base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "no memory to read %s", path);
        } else if (base_file_read(&file, end, CHUNK_SIZE, &got) < 0) {
            status = base_fail(error, SPECTRA_E_IO, (base_place){0, text->count}, "%s cannot be read", path);
        } else {
            text->count += got;
        }
    }
    base_file_close(&file);
    return status;
}

static spectra_status fail_here(const io_table *table, spectra_error *error, const char *what) {
    return base_fail(error, SPECTRA_E_FORMAT, (base_place){table->line, table->offset}, "%s", what);
}

/* Ends the next line with NUL in place of its line end and moves behind it. */
static spectra_status next_line(io_table *table, char **line, char **end, spectra_error *error) {
    if (table->position == table->text.count) return SPECTRA_END;
    char *begin = (char *)table->text.data + table->position;
    size_t left = table->text.count - table->position;
    table->line++;
    table->offset = table->position;
    char *stop = (char *)memchr(begin, '\n', left);
    if (!stop) return fail_here(table, error, "the last line has no end: the table may be cut short");
    table->position += (size_t)(stop - begin) + 1;
    if (memchr(begin, '\0', (size_t)(stop - begin))) return fail_here(table, error, "a NUL byte in a table");
    if (stop > begin && stop[-1] == '\r') stop--;
    *stop = '\0';
    *line = begin;
    *end = stop;
    return SPECTRA_OK;
}

/* Cuts a line at its tabs; cells beyond the capacity are counted only. */
static uint32_t cut(const char **cells, char *line, const char *end) {
    uint32_t count = 1;
    cells[0] = line;
    for (char *p = line; p < end; p++) {
        if (*p != '\t') continue;
        *p = '\0';
        if (count < IO_TABLE_MAX_COLUMNS) cells[count] = p + 1;
        count++;
    }
    return count;
}

spectra_status io_table_open(io_table *table, const char *path, const spectra_allocator *allocator,
                             spectra_error *error) {
    char *line = NULL, *end = NULL;
    *table = (io_table){0};
    base_vector_init(&table->text, 1, allocator);
    spectra_status status = read_file(&table->text, path, error);
    if (status == SPECTRA_OK) status = next_line(table, &line, &end, error);
    if (status == SPECTRA_END) return fail_here(table, error, "the table has no header line");
    if (status != SPECTRA_OK) return status;
    uint32_t count = cut(table->names, line, end);
    if (count > IO_TABLE_MAX_COLUMNS)
        return base_fail(error, SPECTRA_E_LIMIT, (base_place){1, 0}, "%u columns are too many", (uint64_t)count);
    table->column_count = count;
    return SPECTRA_OK;
}

void io_table_close(io_table *table) {
    base_vector_free(&table->text);
}

spectra_status io_table_next(io_table *table, spectra_error *error) {
    char *line = NULL, *end = NULL;
    spectra_status status = next_line(table, &line, &end, error);
    if (status != SPECTRA_OK) return status;
    uint32_t count = cut(table->cells, line, end);
    if (count != table->column_count)
        return base_fail(error, SPECTRA_E_FORMAT, (base_place){table->line, table->offset},
                         "%u cells where the header has %u", (uint64_t)count, (uint64_t)table->column_count);
    return SPECTRA_OK;
}

const char *io_table_cell(const io_table *table, const char *column) {
    for (uint32_t i = 0; i < table->column_count; i++)
        if (strcmp(table->names[i], column) == 0) return table->cells[i];
    return "";
}
