/* SPDX-License-Identifier: Apache-2.0 */
/* Reads tab-separated tables with a header line, such as the substances table. Every line has its end and as many cells
   as the header; cells hold any text but tabs and line ends. */
#ifndef IO_TABLE_H
#define IO_TABLE_H

#include "base/error.h"
#include "base/memory.h"

#define IO_TABLE_MAX_COLUMNS 64u

/* A whole table in memory; the cells are cut out of it in place. */
typedef struct io_table {
    base_vector text;
    size_t position;
    uint64_t line;   /* of the current row, from 1 */
    uint64_t offset; /* where that row begins */
    uint32_t column_count;
    const char *names[IO_TABLE_MAX_COLUMNS];
    const char *cells[IO_TABLE_MAX_COLUMNS];
} io_table;

/* Reads the file and its header line. Close the table whatever the status.
   SPECTRA_OK, SPECTRA_E_IO, SPECTRA_E_FORMAT, SPECTRA_E_LIMIT (columns), SPECTRA_E_MEMORY. */
spectra_status io_table_open(io_table *table, const char *path, const spectra_allocator *allocator,
                             spectra_error *error);
void io_table_close(io_table *table);

/* Goes to the next row. SPECTRA_OK, SPECTRA_END, SPECTRA_E_FORMAT with its line. */
spectra_status io_table_next(io_table *table, spectra_error *error);

/* The current row's cell in the column of this name, "" where there is no such column. Valid until closed. */
const char *io_table_cell(const io_table *table, const char *column);

#endif
