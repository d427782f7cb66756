/* SPDX-License-Identifier: Apache-2.0 */
/* NEON twins of the scalar kernels: equal to them bit for bit. Every 64-bit ARM has them; only kernels.c may call in
   here. */
#include <arm_neon.h>

#include "kernels/kernels.h"

#define LANES 8u /* of 16 bits */

/* A product of two 12-bit numbers is at most 4095²; 256 of them still fit a lane of 32 bits. */
#define STEPS_PER_LANE 256u

/* There is no gather: eight loads. The masked m/z stay inside the cells whatever they are. */
static uint32x4x2_t load_cells(const uint16_t *nominal, const uint32_t *cell) {
    uint32_t found[LANES];
    for (size_t i = 0; i < LANES; i++) found[i] = cell[nominal[i] & KERNELS_NOMINAL_MASK];
    return (uint32x4x2_t){{vld1q_u32(found), vld1q_u32(found + 4)}};
}

static void nominal_dots_neon(uint64_t sums[2], const uint16_t *nominal, const uint16_t *root, const uint16_t *weight,
                              size_t count, const uint32_t *cell) {
    const size_t whole = count - count % LANES;
    uint64x2_t total_a = vdupq_n_u64(0), total_b = total_a;
    for (size_t i = 0; i < whole;) {
        const size_t end = whole - i > STEPS_PER_LANE / 2 * LANES ? i + STEPS_PER_LANE / 2 * LANES : whole;
        uint32x4_t a = vdupq_n_u32(0), b = a;
        for (; i < end; i += LANES) {
            const uint32x4x2_t cells = load_cells(nominal + i, cell);
            const uint16x8_t roots = vshrq_n_u16(vld1q_u16(root + i), 4);
            const uint16x8_t weights = vandq_u16(vld1q_u16(weight + i), vdupq_n_u16(KERNELS_NOMINAL_MASK));
            a = vmlal_u16(a, vmovn_u32(cells.val[0]), vget_low_u16(roots));
            a = vmlal_u16(a, vmovn_u32(cells.val[1]), vget_high_u16(roots));
            b = vmlal_u16(b, vshrn_n_u32(cells.val[0], 16), vget_low_u16(weights));
            b = vmlal_u16(b, vshrn_n_u32(cells.val[1], 16), vget_high_u16(weights));
        }
        total_a = vpadalq_u32(total_a, a);
        total_b = vpadalq_u32(total_b, b);
    }
    kernels_scalar.nominal_dots(sums, nominal + whole, root + whole, weight + whole, count - whole, cell);
    sums[0] += vaddvq_u64(total_a);
    sums[1] += vaddvq_u64(total_b);
}

/* A lane counts 8192 steps at the most. */
static size_t count_at_least_neon(const uint16_t *values, size_t count, uint16_t least) {
    const uint16x8_t limit = vdupq_n_u16(least);
    const size_t whole = count - count % LANES;
    uint16x8_t found = vdupq_n_u16(0);
    for (size_t i = 0; i < whole; i += LANES) found = vsubq_u16(found, vcgeq_u16(vld1q_u16(values + i), limit));
    return vaddlvq_u16(found) + kernels_scalar.count_at_least(values + whole, count - whole, least);
}

/* A bit of the mask for each lane. */
static size_t list_lanes(uint16_t *out, size_t capacity, uint32_t mask, size_t first) {
    size_t found = 0;
    for (; mask && found < capacity; mask &= mask - 1) out[found++] = (uint16_t)(first + (uint32_t)__builtin_ctz(mask));
    return found;
}

static size_t list_at_least_neon(uint16_t *out, size_t capacity, const uint16_t *values, size_t count, uint16_t least) {
    static const uint16_t bit[LANES] = {1, 2, 4, 8, 16, 32, 64, 128};
    const uint16x8_t limit = vdupq_n_u16(least), bits = vld1q_u16(bit);
    size_t found = 0, i = 0;
    for (; i + LANES <= count && found < capacity; i += LANES) {
        const uint32_t mask = vaddvq_u16(vandq_u16(vcgeq_u16(vld1q_u16(values + i), limit), bits));
        found += list_lanes(out + found, capacity - found, mask, i);
    }
    for (; i < count && found < capacity; i++)
        if (values[i] >= least) out[found++] = (uint16_t)i;
    return found;
}

#define QUADS (KERNELS_TILE / 4)

static uint64_t reached_of(uint32x4_t dot, uint32_t factor, const uint32_t *limit) {
    static const uint32_t bit[4] = {1, 2, 4, 8};
    const uint32x4_t limits = vld1q_u32(limit);
    const uint32x2_t low = vshrn_n_u64(vmull_n_u32(vget_low_u32(limits), factor), 32);
    const uint32x2_t high = vshrn_n_u64(vmull_n_u32(vget_high_u32(limits), factor), 32);
    return vaddvq_u32(vandq_u32(vcgtq_u32(dot, vcombine_u32(low, high)), vld1q_u32(bit)));
}

/* 128·127 twice is below 2^16. */
static uint64_t tile_reaches_neon(const uint8_t *tile, const kernels_groups *query, uint32_t factor,
                                  const uint32_t limit[KERNELS_TILE]) {
    uint32x4_t dot[QUADS];
    for (size_t i = 0; i < QUADS; i++) dot[i] = vdupq_n_u32(0);
    for (size_t k = 0; k < query->count; k++) {
        const uint8_t *column = tile + (size_t)query->group[k] * KERNELS_TILE * 4;
        const uint8x8_t code = vreinterpret_u8_u32(vdup_n_u32(query->code[k]));
        for (size_t i = 0; i < QUADS; i++) {
            const uint8x16_t values = vld1q_u8(column + 16 * i);
            const uint16x8_t low = vmull_u8(vget_low_u8(values), code), high = vmull_u8(vget_high_u8(values), code);
            dot[i] = vpadalq_u16(dot[i], vpaddq_u16(low, high));
        }
    }
    uint64_t reached = 0;
    for (size_t i = 0; i < QUADS; i++) reached |= reached_of(dot[i], factor, limit + 4 * i) << (4 * i);
    return reached;
}

/* Bounds and entropy sums look tables up, which NEON does no faster. */
const kernels_table kernels_neon = {"neon",
                                    nominal_dots_neon,
                                    kernels_cosine_bounds_scalar,
                                    kernels_match_bounds_scalar,
                                    count_at_least_neon,
                                    list_at_least_neon,
                                    kernels_entropy_sums_scalar,
                                    tile_reaches_neon};
