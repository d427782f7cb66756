/* SPDX-License-Identifier: Apache-2.0 */
/* Arrays of numbers inside text: base64, then zlib or not, then numbers of a fixed width or MS-Numpress. Decodes piece
   by piece; no more comes out than is declared. Knows nothing of elements. */
#ifndef IO_ARRAYS_H
#define IO_ARRAYS_H

#include "base/error.h"
#include "io/base64.h"
#include "io/numpress.h"
#include "io/zlib.h"

typedef enum io_number {
    IO_NUMBER_NONE, /* not stated */
    IO_NUMBER_FLOAT32,
    IO_NUMBER_FLOAT64,
    IO_NUMBER_INT32,
    IO_NUMBER_INT64
} io_number;

#define IO_ARRAY_CHUNK 4096u

/* How an array is packed. MS-Numpress has no use for the number type. */
typedef struct io_packing {
    io_number number;
    io_numpress numpress;
    bool zlib;
    bool big_endian;
} io_packing;

typedef struct io_array {
    const spectra_allocator *allocator;
    io_packing packing;
    base_vector *values; /* double: where the numbers go */
    uint64_t max_count;
    base_place place; /* of the element: what errors say */
    io_base64 base64;
    z_stream inflater;
    bool inflater_made, inflated_all;
    base_vector held; /* bytes that make no number yet */
    uint8_t bytes[IO_BASE64_BYTES(IO_ARRAY_CHUNK)], inflated[IO_ARRAY_CHUNK];
} io_array;

void io_array_init(io_array *array, const spectra_allocator *allocator);
void io_array_free(io_array *array);

/* Begins another array: its numbers replace those of `values`, `max_count` at the most. */
spectra_status io_array_begin(io_array *array, io_packing packing, base_vector *values, uint64_t max_count,
                              base_place place, spectra_error *error);

/* A piece of its text, which stands at `place`. SPECTRA_E_FORMAT, SPECTRA_E_MEMORY. */
spectra_status io_array_add(io_array *array, const char *text, size_t size, base_place place, spectra_error *error);

/* The array is complete, with exactly max_count numbers. */
spectra_status io_array_end(io_array *array, spectra_error *error);

#endif
