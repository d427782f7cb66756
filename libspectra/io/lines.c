/* SPDX-License-Identifier: Apache-2.0 */
/* A refillable buffer over a callback, cut into lines. Memory grows with the longest line and no further than its
   limit. */
#include "io/lines.h"

#include <assert.h>
#include <string.h>

#define CHUNK_SIZE IO_SOURCE_MAX

void io_lines_init(io_lines *lines, const io_source *source, uint32_t max_line_size) {
    *lines = (io_lines){.source = *source, .max_line_size = max_line_size, .place = {1, 0}};
    base_vector_init(&lines->buffer, sizeof(uint8_t), source->allocator);
}

void io_lines_free(io_lines *lines) {
    base_vector_free(&lines->buffer);
    io_source_free(&lines->source);
}

static const uint8_t *unread(const io_lines *lines) {
    return (const uint8_t *)lines->buffer.data + lines->begin;
}

static size_t unread_size(const io_lines *lines) {
    return lines->buffer.count - lines->begin;
}

/* Reads one more chunk behind what is there. */
static spectra_status fill(io_lines *lines, spectra_error *error) {
    size_t left = unread_size(lines);
    if (lines->begin > 0 && left > 0) memmove(lines->buffer.data, unread(lines), left);
    lines->begin = 0;
    lines->buffer.count = left;
    lines->last_size = 0;
    uint8_t *end = base_vector_reserve(&lines->buffer, CHUNK_SIZE);
    if (!end) return base_fail(error, SPECTRA_E_MEMORY, lines->place, "not enough memory");
    size_t size;
    spectra_error reason = {0};
    spectra_status status = io_source_read(&lines->source, end, CHUNK_SIZE, &size, &reason);
    if (status < 0) return base_fail(error, status, lines->place, "%s", reason.message);
    lines->buffer.count += size;
    lines->drained = size == 0;
    return SPECTRA_OK;
}

spectra_status io_lines_look(io_lines *lines, size_t size, const uint8_t **bytes, size_t *seen, spectra_error *error) {
    while (unread_size(lines) < size && !lines->drained) {
        spectra_status status = fill(lines, error);
        if (status < 0) return status;
    }
    *bytes = unread(lines);
    *seen = unread_size(lines);
    return SPECTRA_OK;
}

void io_lines_skip(io_lines *lines, size_t size) {
    assert(size <= unread_size(lines));
    lines->begin += size;
    lines->place.offset += size;
}

void io_lines_pass(io_lines *lines, size_t size) {
    const uint8_t *at = unread(lines), *end = at + size;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        lines->place.line++;
        at++;
    }
    io_lines_skip(lines, size);
    lines->last_size = 0;
    lines->scanned = 0;
}

/* Moves over a line of `size` bytes with its end. */
static void pass_line(io_lines *lines, size_t size) {
    io_lines_skip(lines, size);
    lines->last_size = size;
    lines->scanned = 0;
    lines->place.line++;
}

/* Throws away what is left of a line that is too long. */
static spectra_status pass_long_line(io_lines *lines, spectra_error *error) {
    base_place place = lines->place;
    for (;;) {
        const uint8_t *end = unread_size(lines) > 0 ? memchr(unread(lines), '\n', unread_size(lines)) : NULL;
        if (end || lines->drained) {
            pass_line(lines, end ? (size_t)(end - unread(lines)) + 1 : unread_size(lines));
            return base_fail(error, SPECTRA_E_LIMIT, place, "line of more than %u bytes",
                             (uint64_t)lines->max_line_size);
        }
        io_lines_skip(lines, unread_size(lines));
        spectra_status status = fill(lines, error);
        if (status < 0) return status;
    }
}

/* Gives out the next `size` bytes, of which `end_size` are the line feed. */
static void give(io_lines *lines, io_line *line, size_t size, size_t end_size) {
    *line = (io_line){(const char *)unread(lines), size, end_size > 0, lines->place};
    if (size > 0 && line->text[size - 1] == '\r') line->size--;
    pass_line(lines, size + end_size);
}

spectra_status io_lines_next(io_lines *lines, io_line *line, spectra_error *error) {
    for (;;) {
        size_t size = unread_size(lines);
        const uint8_t *end =
            size > lines->scanned ? memchr(unread(lines) + lines->scanned, '\n', size - lines->scanned) : NULL;
        if (end) size = (size_t)(end - unread(lines));
        if (size > lines->max_line_size) return pass_long_line(lines, error);
        if (!end && lines->drained && size == 0) return SPECTRA_END;
        if (end || lines->drained) {
            give(lines, line, size, end ? 1 : 0);
            return SPECTRA_OK;
        }
        lines->scanned = size;
        spectra_status status = fill(lines, error);
        if (status < 0) return status;
    }
}

void io_lines_give_back(io_lines *lines) {
    assert(lines->last_size > 0);
    lines->begin -= lines->last_size;
    lines->place.offset -= lines->last_size;
    lines->place.line--;
    lines->last_size = 0;
}
