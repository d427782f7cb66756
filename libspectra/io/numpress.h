/* SPDX-License-Identifier: Apache-2.0 */
/* MS-Numpress, from its published description (Teleman et al. 2014, Mol. Cell. Proteomics 13:1537): three ways to say
   numbers in few bytes. Knows bytes and doubles. */
#ifndef IO_NUMPRESS_H
#define IO_NUMPRESS_H

#include "base/memory.h"

typedef enum io_numpress {
    IO_NUMPRESS_NONE,
    IO_NUMPRESS_LINEAR, /* fixed point, each number told by what it differs from the line through the two before */
    IO_NUMPRESS_PIC,    /* whole numbers */
    IO_NUMPRESS_SLOF    /* exp(n / factor) − 1 of 16-bit n */
} io_numpress;

/* Bytes that `count` numbers take at the most. */
#define IO_NUMPRESS_BYTES(count) (16 + 5 * (size_t)(count))

typedef enum io_numpress_result {
    IO_NUMPRESS_DONE,
    IO_NUMPRESS_BAD,      /* the bytes end inside a number, or a number is out of range */
    IO_NUMPRESS_TOO_MANY, /* more than `max_count` numbers */
    IO_NUMPRESS_NO_MEMORY
} io_numpress_result;

/* Appends the numbers (double) to `values`. */
io_numpress_result io_numpress_decode(base_vector *values, io_numpress way, const uint8_t *bytes, size_t size,
                                      uint64_t max_count);

#endif
