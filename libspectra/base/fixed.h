/* SPDX-License-Identifier: Apache-2.0 */
/* Fixed-point arithmetic for everything a verdict carries: logarithm, power of two, roots, wide products.
   The same bits on every CPU; tables are made at build time by integer code. */
#ifndef BASE_FIXED_H
#define BASE_FIXED_H

#include <stdint.h>

/* log2(x) in Q24 for x >= 1 (0 gives 0): error at most 2^-24. */
uint32_t base_lg(uint64_t x);

/* 2^(-x) in Q30 for x >= 0 in Q24: error at most 2^-29; 0 from x = 32 upwards. */
uint32_t base_exp2_negative(uint64_t x);

/* floor(sqrt(x)). */
uint32_t base_sqrt(uint64_t x);

/* floor(a × b / c) by a 128-bit product, c > 0; UINT64_MAX where it does not fit. */
uint64_t base_multiply_divide(uint64_t a, uint64_t b, uint64_t c);

/* round(x × log2(x) × 2^8) for x < 2^17, exactly rounded: the terms of spectral entropy. */
extern const uint32_t base_entropy_table[131072];

/* round(65535·√(x / 999)): root of an intensity of 999, or of two that met. */
extern const uint32_t base_root_table[1999];

#endif
