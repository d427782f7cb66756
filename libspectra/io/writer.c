/* SPDX-License-Identifier: Apache-2.0 */
/* The writer that users hold: opens and closes the file's frame, hands each spectrum to the sink as one piece. */
#include "io/writer.h"

#include <string.h>

#include "base/numbers.h"
#include "io/record.h"

/* The longest number that base_text_double writes is well below this. */
#define NUMBER_SIZE 64

static bool is_written(spectra_format format) {
    return format == SPECTRA_FORMAT_MSP || format == SPECTRA_FORMAT_MGF || format == SPECTRA_FORMAT_RECORD ||
           format == SPECTRA_FORMAT_JSON;
}

spectra_status spectra_writer_create(spectra_writer **out, spectra_format format, const spectra_sink *sink,
                                     const spectra_allocator *allocator) {
    if (out) *out = NULL;
    if (!out || !sink || !sink->write || format < SPECTRA_FORMAT_MSP || format > SPECTRA_FORMAT_JSON) {
        return SPECTRA_E_INVALID;
    }
    if (!is_written(format)) return SPECTRA_E_UNSUPPORTED;
    spectra_writer *writer = base_allocate(allocator, sizeof *writer);
    if (!writer) return SPECTRA_E_MEMORY;
    *writer = (spectra_writer){.allocator = allocator, .format = format, .sink = *sink};
    base_vector_init(&writer->buffer, sizeof(char), allocator);
    base_vector_init(&writer->chains, sizeof(uint32_t), allocator);
    *out = writer;
    return SPECTRA_OK;
}

void spectra_writer_free(spectra_writer *writer) {
    if (!writer) return;
    base_vector_free(&writer->buffer);
    base_vector_free(&writer->chains);
    base_release(writer->allocator, writer, sizeof *writer);
}

/* --- The buffer --- */

void io_put(spectra_writer *writer, const char *bytes, size_t size) {
    if (!base_vector_append(&writer->buffer, bytes, size)) writer->short_of_memory = true;
}

void io_put_string(spectra_writer *writer, const char *string) {
    io_put(writer, string, strlen(string));
}

void io_put_unsigned(spectra_writer *writer, uint64_t value) {
    char bytes[NUMBER_SIZE];
    base_text text;
    base_text_init(&text, bytes, sizeof bytes);
    base_text_unsigned(&text, value);
    io_put(writer, bytes, text.size);
}

void io_put_double(spectra_writer *writer, double value) {
    char bytes[NUMBER_SIZE];
    base_text text;
    base_text_init(&text, bytes, sizeof bytes);
    base_text_double(&text, value);
    io_put(writer, bytes, text.size);
}

/* Empties the buffer into the sink. */
static spectra_status flush(spectra_writer *writer, spectra_error *error) {
    if (writer->short_of_memory) return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "not enough memory");
    spectra_status status = SPECTRA_OK;
    if (writer->buffer.count > 0) {
        status = writer->sink.write(writer->sink.context, writer->buffer.data, writer->buffer.count);
    }
    writer->begun = writer->begun || status == SPECTRA_OK;
    return status == SPECTRA_OK ? status : base_fail(error, SPECTRA_E_IO, BASE_NO_PLACE, "writing failed");
}

/* --- The file --- */

/* Starts a piece: with what opens the file, or with what stands between two spectra. */
static void begin_piece(spectra_writer *writer, const char *between) {
    writer->buffer.count = 0;
    writer->short_of_memory = false;
    if (writer->begun) {
        io_put_string(writer, between);
    } else if (writer->format == SPECTRA_FORMAT_JSON) {
        io_put_string(writer, "[");
    } else if (writer->format == SPECTRA_FORMAT_RECORD) {
        io_put_string(writer, IO_RECORD_HEADER "\n");
    }
}

spectra_status spectra_writer_write(spectra_writer *writer, const spectra_spectrum *spectrum, spectra_error *error) {
    if (!writer || !spectrum) return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "no writer or no spectrum");
    spectra_status status = SPECTRA_OK;
    if (writer->format == SPECTRA_FORMAT_JSON) {
        begin_piece(writer, ",");
        io_put_json(writer, spectrum);
    } else {
        begin_piece(writer, "");
        status = io_put_text(writer, spectrum, error);
    }
    return status < 0 ? status : flush(writer, error);
}

spectra_status spectra_writer_finish(spectra_writer *writer) {
    if (!writer) return SPECTRA_E_INVALID;
    begin_piece(writer, "");
    if (writer->format == SPECTRA_FORMAT_JSON) io_put_string(writer, "\n]\n");
    return flush(writer, NULL);
}
