/* SPDX-License-Identifier: Apache-2.0 */
/* What the writers of the formats share: a spectrum is put together in a buffer and goes to the sink as one piece, or
   not at all. */
#ifndef IO_WRITER_H
#define IO_WRITER_H

#include <stdbool.h>

#include "base/error.h"
#include "base/memory.h"
#include "spectra/io.h"

struct spectra_writer {
    const spectra_allocator *allocator;
    spectra_format format;
    spectra_sink sink;
    base_vector buffer; /* char */
    base_vector chains; /* uint32_t, what JSON's keys need; never counted */
    bool short_of_memory;
    bool begun; /* what opens the file is written */
};

/* Appending to the buffer; what does not fit sets short_of_memory. */
void io_put(spectra_writer *writer, const char *bytes, size_t size);
void io_put_string(spectra_writer *writer, const char *string);
void io_put_unsigned(spectra_writer *writer, uint64_t value);
void io_put_double(spectra_writer *writer, double value);

/* A spectrum into the buffer, as MSP, MGF or own record; SPECTRA_E_FORMAT where the format cannot carry it. */
spectra_status io_put_text(spectra_writer *writer, const spectra_spectrum *spectrum, spectra_error *error);
/* A spectrum into the buffer, as JSON, which carries everything. */
void io_put_json(spectra_writer *writer, const spectra_spectrum *spectrum);

#endif
