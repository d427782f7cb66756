/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers made at random, and read from and written as text by the library and by the C library. The including file
   defines _POSIX_C_SOURCE 200809L before its first header. */
#ifndef TESTS_UNIT_BASE_NUMBERS_H
#define TESTS_UNIT_BASE_NUMBERS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/numbers.h"
#include "c_library.h"

#define RANDOM_NUMBERS 200000

/* SplitMix64 (Steele, Lea & Flood 2014). */
static inline uint64_t next_random(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static inline double c_strtod(const char *text) {
    c_library saved = c_library_begin();
    double value = strtod(text, NULL);
    c_library_end(&saved);
    return value;
}

/* Any finite positive double but 0, all exponents alike. */
static inline double random_double(uint64_t *state) {
    for (;;) {
        uint64_t bits = next_random(state) >> 1;
        if (bits != 0 && bits < UINT64_C(0x7ff0000000000000)) return base_double_from_bits(bits);
    }
}

static inline bool parse_whole(double *value, const char *text) {
    base_cursor cursor = base_cursor_over(text, strlen(text));
    return base_parse_double(&cursor, value) && base_cursor_at_end(&cursor);
}

static inline bool parse_scaled(double *value, const char *text, uint32_t factor) {
    base_cursor cursor = base_cursor_over(text, strlen(text));
    return base_parse_scaled(&cursor, factor, value) && base_cursor_at_end(&cursor);
}

static inline void expect_bits(const char *text, uint64_t bits) {
    double value;
    if (!parse_whole(&value, text)) fail_msg("%.60s is not read", text);
    if (base_double_bits(value) != bits) fail_msg("%.60s reads as %a", text, value);
}

static inline void expect_as_the_c_library(const char *text) {
    expect_bits(text, base_double_bits(c_strtod(text)));
}

static inline const char *written(double value) {
    static char bytes[64];
    base_text text;
    base_text_init(&text, bytes, sizeof bytes);
    base_text_double(&text, value);
    assert_false(text.cut);
    return bytes;
}

#endif
