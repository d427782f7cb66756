/* SPDX-License-Identifier: Apache-2.0 */
/* Streams in memory for the tests of readers and writers: bytes in by chunks, bytes out into one buffer. */
#ifndef TESTS_IO_STREAMS_H
#define TESTS_IO_STREAMS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spectra/io.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

typedef struct bytes_in {
    const char *bytes;
    size_t size;
    size_t position;
    size_t chunk; /* given out at once at the most; 0: as asked for */
} bytes_in;

static inline spectra_status read_bytes(void *context, uint8_t *bytes, size_t capacity, size_t *size) {
    bytes_in *in = context;
    size_t left = in->size - in->position;
    *size = left < capacity ? left : capacity;
    if (in->chunk > 0 && *size > in->chunk) *size = in->chunk;
    if (*size > 0) memcpy(bytes, in->bytes + in->position, *size);
    in->position += *size;
    return SPECTRA_OK;
}

/* Gives all bytes, fails once, and then pretends to be at the end. */
static inline spectra_status read_then_fail(void *context, uint8_t *bytes, size_t capacity, size_t *size) {
    bytes_in *in = context;
    if (in->position < in->size) return read_bytes(in, bytes, capacity, size);
    *size = 0;
    return in->position++ == in->size ? SPECTRA_E_IO : SPECTRA_OK;
}

typedef struct bytes_out {
    char *bytes; /* NUL-terminated; the test frees it */
    size_t size;
} bytes_out;

static inline spectra_status write_bytes(void *context, const char *bytes, size_t size) {
    bytes_out *out = context;
    out->bytes = realloc(out->bytes, out->size + size + 1);
    assert_non_null(out->bytes);
    memcpy(out->bytes + out->size, bytes, size);
    out->size += size;
    out->bytes[out->size] = '\0';
    return SPECTRA_OK;
}

static inline bytes_in over_text(const char *text) {
    return (bytes_in){text, strlen(text), 0, 0};
}

/* A whole file of tests/data, which the test frees. */
static inline char *load_sample(const char *name, size_t *size) {
    char path[1024];
    assert_true(snprintf(path, sizeof path, "%s/data/%s", TESTS_DIR, name) < (int)sizeof path);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *bytes = malloc(1 << 20);
    assert_non_null(bytes);
    *size = fread(bytes, 1, (1 << 20) - 1, file);
    bytes[*size] = '\0';
    assert_int_equal(fclose(file), 0);
    return bytes;
}

static inline spectra_reader *open_bytes(bytes_in *in, const spectra_reader_options *options) {
    spectra_reader *reader;
    spectra_error error;
    assert_int_equal(spectra_reader_open_stream(&reader, read_bytes, in, options, NULL, &error), SPECTRA_OK);
    return reader;
}

/* The next spectrum, which must be there. */
static inline const spectra_spectrum *next_good(spectra_reader *reader) {
    const spectra_spectrum *spectrum = NULL;
    spectra_error error;
    spectra_status status = spectra_reader_next(reader, &spectrum, &error);
    if (status < 0) print_message("line %u: %s\n", (unsigned)error.line, error.message);
    assert_int_equal(status, SPECTRA_OK);
    return spectrum;
}

static inline void assert_end(spectra_reader *reader) {
    const spectra_spectrum *spectrum;
    assert_int_equal(spectra_reader_next(reader, &spectrum, NULL), SPECTRA_END);
    assert_null(spectrum);
}

static inline void assert_field(const spectra_spectrum *spectrum, spectra_field field, const char *expected) {
    const char *value = spectra_spectrum_field(spectrum, field);
    assert_non_null(value);
    assert_string_equal(value, expected);
}

/* A spectrum as a file of its own. */
static inline char *write_one(const spectra_spectrum *spectrum, spectra_format format) {
    bytes_out out = {NULL, 0};
    spectra_sink sink = {&out, write_bytes};
    spectra_writer *writer;
    spectra_error error;
    assert_int_equal(spectra_writer_create(&writer, format, &sink, NULL), SPECTRA_OK);
    assert_int_equal(spectra_writer_write(writer, spectrum, &error), SPECTRA_OK);
    assert_int_equal(spectra_writer_finish(writer), SPECTRA_OK);
    spectra_writer_free(writer);
    return out.bytes;
}

/* All that can be said of a spectrum, warnings aside. */
static inline char *describe(const spectra_spectrum *spectrum) {
    return write_one(spectrum, SPECTRA_FORMAT_JSON);
}

#endif
