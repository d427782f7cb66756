/* SPDX-License-Identifier: Apache-2.0 */
/* Fixed-point logarithm, power, root and wide division. Knows integers and the generated tables; nothing of spectra.
   Qn means a number times 2^n. Signed values are divided, not shifted, so that C defines every result. */
#include "base/fixed.h"

#include <assert.h>

#include "base/tables.h"

#define LOW_HALF UINT64_C(0xffffffff)

/* Of x > 0. */
static uint32_t leading_zeros(uint64_t x) {
    return (uint32_t)__builtin_clzll(x);
}

/* A parabola around the middle of each cell: |d| <= 2^-9, so the cubic term left out is below 2^-28. */
uint32_t base_lg(uint64_t x) {
    if (x == 0) return 0;
    uint32_t zeros = leading_zeros(x);
    uint32_t mantissa = (uint32_t)(x << zeros >> 32); /* [1, 2) in Q31 */
    const base_lg_cell *cell = &base_lg_table[mantissa >> 23 & 255];
    int64_t d = (int64_t)(mantissa & 0x7fffff) - 0x400000; /* Q31 */
    int64_t line = d * (int64_t)cell->slope / (1 << 30);
    int64_t bend = (d * d / (1 << 22)) * (int64_t)cell->bend / (1 << 24);
    int64_t lg = ((int64_t)(63 - zeros) << 32) + cell->lg + line - bend; /* Q32, above −2^7 */
    return (uint32_t)((uint64_t)(lg + 128) >> 8);
}

/* 2^-x = 2^-whole × cell × e^(−y), y = (x − middle of the cell)·ln 2, |y| <= 2^-9.5: the cubic term left out is below
   2^-31. */
#define LN2_Q32 INT64_C(2977044472)
uint32_t base_exp2_negative(uint64_t x) {
    if (x >= (uint64_t)32 << 24) return 0;
    uint32_t whole = (uint32_t)(x >> 24);
    int64_t cell = base_exp2_table[x >> 16 & 255];                          /* Q32 */
    int64_t y = ((int64_t)(x & 0xffff) - 0x8000) * LN2_Q32 / (1 << 16);     /* Q40 */
    int64_t change = y * y / (INT64_C(1) << 41) - y;                        /* e^(−y) − 1, Q40 */
    uint64_t power = (uint64_t)(cell + cell * change / (INT64_C(1) << 40)); /* Q32 */
    return (uint32_t)((power + (UINT64_C(1) << (whole + 1))) >> (whole + 2));
}

/* A parabola through the root of y = t·2^32 in [2^62, 2^64), 1 % from it at the most. */
static uint64_t guess_root(uint64_t t) {
    const uint64_t square = t * t >> 34;
    return UINT64_C(1164000000) + t + (t >> 8) - square - (square >> 3);
}

/* Newton's iteration on x brought to [2^62, 2^64): two steps leave less than a few units, and only too much. */
uint32_t base_sqrt(uint64_t x) {
    if (x == 0) return 0;
    uint32_t shift = leading_zeros(x) & ~UINT32_C(1);
    uint64_t y = x << shift, root = guess_root(y >> 32);
    for (int i = 0; i < 2; i++) root = (root + y / root) / 2;
    root >>= shift / 2;
    while (root > UINT32_MAX || root * root > x) root--;
    while (root < UINT32_MAX && (root + 1) * (root + 1) <= x) root++;
    return (uint32_t)root;
}

/* One digit of long division in base 2^32: floor((rest·2^32 + next) / divisor), and rest becomes what remains. rest is
   below the divisor, whose top bit is set: the first guess is then at most 2 too large. */
static uint64_t divide_digit(uint64_t *rest, uint64_t next, uint64_t divisor) {
    uint64_t top = divisor >> 32;
    uint64_t digit = *rest / top;
    uint64_t left = *rest % top;
    while (left <= LOW_HALF && (digit > LOW_HALF || digit * (divisor & LOW_HALF) > (left << 32 | next))) {
        digit--;
        left += top;
    }
    *rest = (*rest << 32 | next) - digit * divisor; /* modulo 2^64 on the way, below the divisor in the end */
    return digit;
}

uint64_t base_multiply_divide(uint64_t a, uint64_t b, uint64_t c) {
    assert(c > 0);
    uint64_t low = (a & LOW_HALF) * (b & LOW_HALF);
    uint64_t middle = (a >> 32) * (b & LOW_HALF) + (low >> 32);
    uint64_t other = (a & LOW_HALF) * (b >> 32) + (middle & LOW_HALF);
    uint64_t high = (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32);
    low = other << 32 | (low & LOW_HALF);
    if (high == 0) return low / c;
    if (high >= c) return UINT64_MAX;

    uint32_t zeros = leading_zeros(c);
    uint64_t divisor = c << zeros;
    uint64_t rest = zeros ? high << zeros | low >> (64 - zeros) : high;
    low <<= zeros;
    uint64_t quotient = divide_digit(&rest, low >> 32, divisor) << 32;
    return quotient | divide_digit(&rest, low & LOW_HALF, divisor);
}
