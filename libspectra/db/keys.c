/* SPDX-License-Identifier: Apache-2.0 */
/* A radix sort from the lowest digit upwards. */
#include "db/keys.h"

#include <assert.h>

#define DIGIT_BITS 11u
#define DIGITS (1u << DIGIT_BITS)

/* By one digit of `bits` bits at `low`. */
static void sort_digit(uint64_t *to, const uint64_t *from, size_t count, unsigned low, unsigned bits) {
    uint32_t starts[DIGITS] = {0}, sum = 0;
    const uint64_t mask = (UINT64_C(1) << bits) - 1;
    for (size_t i = 0; i < count; i++) starts[from[i] >> low & mask]++;
    for (uint32_t digit = 0; digit <= mask; digit++) {
        uint32_t here = starts[digit];
        starts[digit] = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; i++) to[starts[from[i] >> low & mask]++] = from[i];
}

uint64_t *db_sort_keys(uint64_t *keys, uint64_t *room, size_t count, unsigned low, unsigned bits) {
    assert(count <= UINT32_MAX && low + bits <= 64);
    for (unsigned end = low + bits; low < end;) {
        unsigned passes = (end - low + DIGIT_BITS - 1) / DIGIT_BITS, digit_bits = (end - low + passes - 1) / passes;
        sort_digit(room, keys, count, low, digit_bits);
        uint64_t *sorted = room;
        room = keys;
        keys = sorted;
        low += digit_bits;
    }
    return keys;
}
