/* SPDX-License-Identifier: Apache-2.0 */
/* AVX2 twins of the scalar kernels: equal to them bit for bit. Compiled with -mavx2; only kernels.c may call in here.
 */
#include <immintrin.h>
#include <stdbool.h>

#include "kernels/kernels.h"

#define LANES 8u

/* A product of two 12-bit numbers is at most 4095²; 256 of them still fit a lane of 32 bits without sign. */
#define STEPS_PER_LANE 256u

static __m256i widen(const uint16_t *values) {
    return _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)values));
}

/* Adds eight lanes of 32 bits to four of 64. */
static __m256i add_lanes(__m256i total, __m256i lanes) {
    __m256i even = _mm256_and_si256(lanes, _mm256_set1_epi64x(UINT32_MAX));
    return _mm256_add_epi64(total, _mm256_add_epi64(even, _mm256_srli_epi64(lanes, 32)));
}

static uint64_t sum_of(__m256i total) {
    __m128i half = _mm_add_epi64(_mm256_castsi256_si128(total), _mm256_extracti128_si256(total, 1));
    return (uint64_t)_mm_cvtsi128_si64(half) + (uint64_t)_mm_extract_epi64(half, 1);
}

/* The masked m/z stay inside the cells whatever they are. All factors have 12 bits, the upper half of each lane is
   zero, so a multiply-add of 16-bit pairs is the product of the lane. */
static void nominal_dots_avx2(uint64_t sums[2], const uint16_t *nominal, const uint16_t *root, const uint16_t *weight,
                              size_t count, const uint32_t *cell) {
    const __m256i cell_mask = _mm256_set1_epi32((int)KERNELS_NOMINAL_MASK);
    const __m256i low_half = _mm256_set1_epi32(0xffff);
    const size_t whole = count - count % LANES;
    __m256i total_a = _mm256_setzero_si256(), total_b = _mm256_setzero_si256();
    for (size_t i = 0; i < whole;) {
        const size_t end = whole - i > STEPS_PER_LANE * LANES ? i + STEPS_PER_LANE * LANES : whole;
        __m256i a = _mm256_setzero_si256(), b = _mm256_setzero_si256();
        for (; i < end; i += LANES) {
            __m256i index = _mm256_and_si256(widen(nominal + i), cell_mask);
            __m256i cells = _mm256_i32gather_epi32((const int *)(const void *)cell, index, 4);
            __m256i roots = _mm256_srli_epi32(widen(root + i), 4);
            __m256i weights = _mm256_and_si256(widen(weight + i), cell_mask);
            a = _mm256_add_epi32(a, _mm256_madd_epi16(_mm256_and_si256(cells, low_half), roots));
            b = _mm256_add_epi32(b, _mm256_madd_epi16(_mm256_srli_epi32(cells, 16), weights));
        }
        total_a = add_lanes(total_a, a);
        total_b = add_lanes(total_b, b);
    }
    kernels_scalar.nominal_dots(sums, nominal + whole, root + whole, weight + whole, count - whole, cell);
    sums[0] += sum_of(total_a);
    sums[1] += sum_of(total_b);
}

#define HALVES 16u /* lanes of 16 bits */
#define QUARTET (4 * HALVES)

static __m256i at_least(const uint16_t *values, __m256i least) {
    __m256i lanes = _mm256_loadu_si256((const __m256i *)(const void *)values);
    return _mm256_cmpeq_epi16(_mm256_max_epu16(lanes, least), lanes);
}

static bool any_at_least(const uint16_t *values, __m256i least) {
    __m256i any = _mm256_or_si256(at_least(values, least), at_least(values + HALVES, least));
    any = _mm256_or_si256(any, at_least(values + 2 * HALVES, least));
    any = _mm256_or_si256(any, at_least(values + 3 * HALVES, least));
    return !_mm256_testz_si256(any, any);
}

/* A lane counts 4096 steps at the most. */
size_t kernels_count_at_least_avx2(const uint16_t *values, size_t count, uint16_t least) {
    const __m256i limit = _mm256_set1_epi16((short)least);
    const size_t whole = count - count % HALVES;
    __m256i found = _mm256_setzero_si256();
    for (size_t i = 0; i < whole; i += HALVES) found = _mm256_sub_epi16(found, at_least(values + i, limit));
    __m256i low = _mm256_and_si256(found, _mm256_set1_epi32(0xffff));
    __m256i sums = _mm256_add_epi32(low, _mm256_srli_epi32(found, 16));
    size_t rest = kernels_scalar.count_at_least(values + whole, count - whole, least);
    return rest + (size_t)sum_of(add_lanes(_mm256_setzero_si256(), sums));
}

/* Two bits of a mask for each lane. */
static size_t list_lanes(uint16_t *out, size_t capacity, uint32_t mask, size_t first) {
    size_t found = 0;
    for (; mask && found < capacity; found++) {
        uint32_t lane = (uint32_t)__builtin_ctz(mask) / 2;
        out[found] = (uint16_t)(first + lane);
        mask &= ~(3u << 2 * lane);
    }
    return found;
}

size_t kernels_list_at_least_avx2(uint16_t *out, size_t capacity, const uint16_t *values, size_t count,
                                  uint16_t least) {
    const __m256i limit = _mm256_set1_epi16((short)least);
    size_t found = 0, i = 0;
    while (i + QUARTET <= count && found < capacity) {
        const size_t end = i + QUARTET;
        if (!any_at_least(values + i, limit)) {
            i = end;
            continue;
        }
        for (; i < end && found < capacity; i += HALVES) {
            uint32_t mask = (uint32_t)_mm256_movemask_epi8(at_least(values + i, limit));
            if (mask) found += list_lanes(out + found, capacity - found, mask, i);
        }
    }
    for (; i + HALVES <= count && found < capacity; i += HALVES) {
        uint32_t mask = (uint32_t)_mm256_movemask_epi8(at_least(values + i, limit));
        if (mask) found += list_lanes(out + found, capacity - found, mask, i);
    }
    for (; i < count && found < capacity; i++)
        if (values[i] >= least) out[found++] = (uint16_t)i;
    return found;
}

/* Bits of eight dot products; signs are flipped, for AVX2 compares no unsigned numbers. */
static uint64_t reached_of(__m256i dot, uint32_t factor, const uint32_t *limit) {
    const __m256i by = _mm256_set1_epi64x((int64_t)factor), sign = _mm256_set1_epi32(INT32_MIN);
    const __m256i limits = _mm256_loadu_si256((const __m256i *)(const void *)limit);
    const __m256i even = _mm256_srli_epi64(_mm256_mul_epu32(limits, by), 32);
    const __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(limits, 32), by);
    const __m256i least = _mm256_blend_epi32(even, odd, 0xaa);
    const __m256i above = _mm256_cmpgt_epi32(_mm256_xor_si256(dot, sign), _mm256_xor_si256(least, sign));
    return (uint64_t)_mm256_movemask_ps(_mm256_castsi256_ps(above));
}

/* 128·127 twice is below 2^15: the sums of pairs do not saturate. */
static uint64_t tile_reaches_avx2(const uint8_t *tile, const kernels_groups *query, uint32_t factor,
                                  const uint32_t limit[KERNELS_TILE]) {
    const __m256i ones = _mm256_set1_epi16(1);
    __m256i dot[KERNELS_TILE / LANES];
    for (size_t i = 0; i < KERNELS_TILE / LANES; i++) dot[i] = _mm256_setzero_si256();
    for (size_t k = 0; k < query->count; k++) {
        const uint8_t *column = tile + (size_t)query->group[k] * KERNELS_TILE * 4;
        const __m256i code = _mm256_set1_epi32((int)query->code[k]);
        for (size_t i = 0; i < KERNELS_TILE / LANES; i++) {
            const __m256i values = _mm256_loadu_si256((const __m256i *)(const void *)(column + 32 * i));
            dot[i] = _mm256_add_epi32(dot[i], _mm256_madd_epi16(_mm256_maddubs_epi16(values, code), ones));
        }
    }
    uint64_t reached = 0;
    for (size_t i = 0; i < KERNELS_TILE / LANES; i++)
        reached |= reached_of(dot[i], factor, limit + LANES * i) << (LANES * i);
    return reached;
}

/* A gather of bytes is no faster than eight loads: the bounds are the scalar ones. */
const kernels_table kernels_avx2 = {"avx2",
                                    nominal_dots_avx2,
                                    kernels_cosine_bounds_scalar,
                                    kernels_match_bounds_scalar,
                                    kernels_count_at_least_avx2,
                                    kernels_list_at_least_avx2,
                                    kernels_entropy_sums_scalar,
                                    tile_reaches_avx2};
