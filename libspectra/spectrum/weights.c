/* SPDX-License-Identifier: Apache-2.0 */
/* Intensities to weights by spectral entropy, quantised to a fixed sum. Knows arrays; nothing of m/z. */
#include <assert.h>
#include <stdbool.h>

#include "base/fixed.h"
#include "spectrum/prepared.h"

#define WEIGHT_SUM UINT64_C(65535)
#define ONE_Q24 (UINT32_C(1) << 24)
#define LN2_Q24 UINT64_C(11629080)

static uint64_t sum_of(const uint64_t *value, size_t count) {
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) sum += value[i];
    return sum;
}

uint64_t spectrum_largest(const uint64_t *value, size_t count) {
    uint64_t largest = 0;
    for (size_t i = 0; i < count; i++) largest = value[i] > largest ? value[i] : largest;
    return largest;
}

/* S = lg P − Σ r·lg r / P in nats, Q24, with the lg r given. A term has less than 2^50; its parts above and below 2^20
   are summed apart, so that no number of peaks below 2^32 overflows. */
static uint32_t entropy_nats(const uint64_t *value, const uint64_t *lg, size_t count, uint64_t sum) {
    uint64_t high = 0, low = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t term = value[i] * lg[i];
        high += term >> 20;
        low += term & 0xfffff;
    }
    uint64_t mean = base_multiply_divide(high, 1 << 20, sum) + low / sum;
    uint64_t lg_sum = base_lg(sum);
    return lg_sum > mean ? (uint32_t)((lg_sum - mean) * LN2_Q24 >> 24) : 0;
}

/* Li et al. 2021: where S < 3, intensities are raised to (1 + S)/4. */
static uint32_t exponent_q24(uint32_t entropy) {
    return entropy < 3 * ONE_Q24 ? (ONE_Q24 + entropy) / 4 : ONE_Q24;
}

/* work, which has lg value, becomes (value / largest)^exponent in Q30: 2^(exponent·(lg value − lg largest)). */
static void raise_to(uint64_t *work, const uint64_t *value, size_t count, uint32_t exponent) {
    uint32_t lg_largest = base_lg(spectrum_largest(value, count));
    for (size_t i = 0; i < count; i++) {
        uint64_t fall = (uint64_t)exponent * (lg_largest - (uint32_t)work[i]);
        work[i] = value[i] > 0 ? base_exp2_negative(fall >> 24) : 0;
    }
}

/* weight = floor of the share of 65535; work becomes the remainder of each. Returns what is left to hand out: less than
   the number of remainders above 0. */
static uint64_t share_out(uint16_t *weight, uint64_t *work, size_t count) {
    uint64_t sum = sum_of(work, count), left = WEIGHT_SUM;
    for (size_t i = 0; i < count; i++) {
        weight[i] = (uint16_t)(work[i] * WEIGHT_SUM / sum);
        work[i] = work[i] * WEIGHT_SUM % sum;
        left -= weight[i];
    }
    return left;
}

static uint64_t count_from(const uint64_t *value, size_t count, uint64_t limit) {
    uint64_t found = 0;
    for (size_t i = 0; i < count; i++) found += value[i] >= limit;
    return found;
}

/* A value of (low, high], the first there is; low where there is none. */
static uint64_t first_between(const uint64_t *value, size_t count, uint64_t low, uint64_t high) {
    for (size_t i = 0; i < count; i++)
        if (value[i] > low && value[i] <= high) return value[i];
    return low;
}

/* The `wanted`-th largest value, by narrowing the range that holds it: at least `wanted` values are >= low, not so
   above high. It is split in turn at one of the values, which is soon done, and in the middle, which is done for sure.
 */
static uint64_t nth_largest(const uint64_t *value, size_t count, uint64_t wanted) {
    uint64_t low = 0, high = spectrum_largest(value, count);
    for (bool at_value = true; low < high; at_value = !at_value) {
        uint64_t split = at_value ? first_between(value, count, low, high) : low + (high - low + 1) / 2;
        if (split == low) break;
        if (count_from(value, count, split) >= wanted) {
            low = split;
        } else {
            high = split - 1;
        }
    }
    return low;
}

/* One more for each of the `left` largest remainders, ties to the lowest index. */
static void hand_out(uint16_t *weight, const uint64_t *remainder, size_t count, uint64_t left) {
    if (left == 0) return;
    uint64_t limit = nth_largest(remainder, count, left);
    uint64_t ties = left - count_from(remainder, count, limit + 1);
    for (size_t i = 0; i < count; i++) {
        int tied = remainder[i] == limit && ties > 0;
        ties -= (uint64_t)tied;
        weight[i] = (uint16_t)(weight[i] + (remainder[i] > limit || tied));
    }
}

void spectrum_entropy_weights(uint16_t *weight, const uint64_t *value, uint64_t *work, size_t count) {
    uint64_t sum = sum_of(value, count);
    assert(spectrum_largest(value, count) <= 1 << 21);
    if (sum == 0) {
        for (size_t i = 0; i < count; i++) weight[i] = 0;
        return;
    }
    for (size_t i = 0; i < count; i++) work[i] = base_lg(value[i]);
    raise_to(work, value, count, exponent_q24(entropy_nats(value, work, count, sum)));
    hand_out(weight, work, count, share_out(weight, work, count));
}
