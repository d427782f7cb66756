/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 (RFC 4648) piece by piece, strictly: nothing but its alphabet and XML's blanks, its padding, no bits left. */
#ifndef IO_BASE64_H
#define IO_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct io_base64 {
    uint32_t bits;    /* of the characters of a group that is not complete */
    uint32_t count;   /* of its characters, padding included */
    uint32_t padding; /* of its characters; a group with any is the last */
    uint64_t length;  /* of all characters, blanks aside */
} io_base64;

/* So many bytes come out of `size` characters at the most. */
#define IO_BASE64_BYTES(size) ((size) / 4 * 3 + 3)

/* Decodes `size` characters to IO_BASE64_BYTES(size) bytes of room; *bytes_size come out. Where that fails, *position
   is the character at fault. A state of zeros begins. */
bool io_base64_add(io_base64 *state, uint8_t *bytes, size_t *bytes_size, const char *text, size_t size,
                   size_t *position);

/* Whether the text may end here. */
bool io_base64_is_complete(const io_base64 *state);

#endif
