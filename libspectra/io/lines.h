/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a byte stream, one at a time, with their places. Knows no format. */
#ifndef IO_LINES_H
#define IO_LINES_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/source.h"

/* A line without its end (LF or CRLF). Borrowed until the next line is asked for. */
typedef struct io_line {
    const char *text;
    size_t size;
    bool ended; /* false for a last line that the stream breaks off */
    base_place place;
} io_line;

/* Bytes [begin, buffer.count) are read and not yet given out. */
typedef struct io_lines {
    io_source source;
    base_vector buffer;
    size_t begin;
    size_t scanned;   /* of those bytes, so many at the front hold no line end */
    size_t last_size; /* of the line given out last, with its end */
    bool drained;     /* the source has no more */
    uint32_t max_line_size;
    base_place place; /* of the next line */
} io_lines;

/* The lines own the source from now on. */
void io_lines_init(io_lines *lines, const io_source *source, uint32_t max_line_size);
void io_lines_free(io_lines *lines);

/* Reads ahead until `size` bytes or the end of the stream are there: *seen bytes at *bytes, borrowed. */
spectra_status io_lines_look(io_lines *lines, size_t size, const uint8_t **bytes, size_t *seen, spectra_error *error);

/* Moves over bytes that belong to no line (a byte order mark). */
void io_lines_skip(io_lines *lines, size_t size);

/* Moves over bytes that hold line ends, or may. */
void io_lines_pass(io_lines *lines, size_t size);

/* The next line; SPECTRA_END; SPECTRA_E_LIMIT for a line that is too long, which is passed over. */
spectra_status io_lines_next(io_lines *lines, io_line *line, spectra_error *error);

/* Gives the last line back: it comes again. Once only. */
void io_lines_give_back(io_lines *lines);

/* The whole line, to be parsed. */
static inline base_cursor io_line_cursor(const io_line *line) {
    return base_cursor_over(line->text, line->size);
}

/* Where a cursor over a line stands in the stream. */
static inline base_place io_line_at(const io_line *line, const base_cursor *cursor) {
    return (base_place){line->place.line, line->place.offset + cursor->position};
}

#endif
