/* SPDX-License-Identifier: Apache-2.0 */
/* Text towards a sink, gathered in a small buffer. Writers of spectra and reports use it and keep no other state:
   after a failure nothing more is written and io_output_end tells. */
#ifndef IO_OUTPUT_H
#define IO_OUTPUT_H

#include <stddef.h>

#include "spectra/io.h"

typedef struct io_output {
    const spectra_sink *sink;
    spectra_status status;
    size_t used;
    char bytes[4096];
} io_output;

void io_output_begin(io_output *out, const spectra_sink *sink);
void io_output_add(io_output *out, const char *bytes, size_t size);
void io_output_string(io_output *out, const char *string);
void io_output_unsigned(io_output *out, uint64_t value);
/* value / 10^decimals with all its decimals. */
void io_output_fixed(io_output *out, int64_t value, unsigned decimals);
/* A JSON string with its quotes. The text is UTF-8, as all text inside the library is. */
void io_output_json(io_output *out, const char *string);
/* Passes on what is left. The first failure of the sink, or SPECTRA_OK. */
spectra_status io_output_end(io_output *out);

#endif
