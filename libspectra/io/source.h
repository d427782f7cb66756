/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes behind a reader: a stream as it comes, or what a gzip stream holds. Knows nothing of lines. */
#ifndef IO_SOURCE_H
#define IO_SOURCE_H

#include <stdbool.h>

#include "base/error.h"
#include "base/memory.h"
#include "spectra/io.h"

typedef struct io_inflation io_inflation;

typedef struct io_source {
    spectra_read read;
    void *context;
    const spectra_allocator *allocator;
    uint64_t max_inflated_size;
    bool begun;
    io_inflation *inflation; /* NULL where the stream is not compressed */
} io_source;

void io_source_init(io_source *source, spectra_read read, void *context, uint64_t max_inflated_size,
                    const spectra_allocator *allocator);
void io_source_free(io_source *source);

#define IO_SOURCE_MIN 2
#define IO_SOURCE_MAX 65536u

/* The next bytes, up to `capacity`, which is IO_SOURCE_MIN to IO_SOURCE_MAX; *size is 0 at the end only.
   SPECTRA_E_IO where the stream fails, or its gzip is damaged, cut short or too large inside; SPECTRA_E_MEMORY. The
   error carries no place. After a failure nothing more is to be had. */
spectra_status io_source_read(io_source *source, uint8_t *bytes, size_t capacity, size_t *size, spectra_error *error);

#endif
