/* SPDX-License-Identifier: Apache-2.0 */
/* Little-endian numbers in bytes, and a cursor that cannot leave them: only it moves over untrusted bytes. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline uint16_t base_get16(const uint8_t *p) {
    return (uint16_t)(p[0] | (uint32_t)p[1] << 8);
}
static inline uint32_t base_get32(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}
static inline uint64_t base_get64(const uint8_t *p) {
    return (uint64_t)base_get32(p) | (uint64_t)base_get32(p + 4) << 32;
}
static inline void base_put16(uint8_t *p, uint16_t v) {
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}
static inline void base_put32(uint8_t *p, uint32_t v) {
    base_put16(p, (uint16_t)v);
    base_put16(p + 2, (uint16_t)(v >> 16));
}
static inline void base_put64(uint8_t *p, uint64_t v) {
    base_put32(p, (uint32_t)v);
    base_put32(p + 4, (uint32_t)(v >> 32));
}

/* Bytes [position, size) are still to be read. */
typedef struct base_cursor {
    const uint8_t *bytes;
    size_t size;
    size_t position;
} base_cursor;

static inline base_cursor base_cursor_over(const void *bytes, size_t size) {
    return (base_cursor){(const uint8_t *)bytes, size, 0};
}
static inline size_t base_cursor_left(const base_cursor *c) {
    return c->size - c->position;
}
static inline bool base_cursor_at_end(const base_cursor *c) {
    return c->position == c->size;
}
/* The byte at the cursor, or -1 at the end. */
static inline int base_cursor_peek(const base_cursor *c) {
    return c->position < c->size ? c->bytes[c->position] : -1;
}
/* Moves one byte on; at the end it stays. */
static inline void base_cursor_advance(base_cursor *c) {
    if (c->position < c->size) c->position++;
}
/* Moves over the byte if it is the next one. */
static inline bool base_cursor_accept(base_cursor *c, char byte) {
    if (base_cursor_peek(c) != (uint8_t)byte) return false;
    c->position++;
    return true;
}

#endif
