/* SPDX-License-Identifier: Apache-2.0 */
/* Similarity of a spectrum and a relative's: fragments at the same m/z, and those that moved with the precursor. */
#include <string.h>

#include "base/fixed.h"
#include "identify/msms.h"

static uint64_t gain(uint32_t a, uint32_t b) {
    return base_entropy_table[a + b] - base_entropy_table[a] - base_entropy_table[b];
}

static uint64_t pair_direct(const kernels_windows *query, const kernels_accurate *reference,
                            identify_msms_pairing *taken) {
    uint64_t sum = 0;
    size_t j = 0;
    for (size_t i = 0; i < query->count; i++) {
        taken->pairs[i] = UINT32_MAX;
        while (j < reference->count && reference->mz_uth[j] < query->low[i]) j++;
        if (j == reference->count || reference->mz_uth[j] > query->high[i]) continue;
        sum += gain(query->weight[i], reference->weight[j]);
        taken->pairs[i] = (uint32_t)j;
        taken->used[j++] = 1;
        taken->matched++;
    }
    return sum;
}

static uint64_t pair_shifted(const kernels_windows *query, const kernels_accurate *reference, int64_t shift_uth,
                             identify_msms_pairing *taken) {
    uint64_t sum = 0;
    size_t j = 0;
    for (size_t i = 0; i < query->count; i++) {
        if (taken->pairs[i] != UINT32_MAX) continue;
        while (j < reference->count && (taken->used[j] || reference->mz_uth[j] + shift_uth < query->low[i])) j++;
        if (j == reference->count) break;
        if (reference->mz_uth[j] + shift_uth > query->high[i]) continue;
        sum += gain(query->weight[i], reference->weight[j++]);
        taken->matched++;
    }
    return sum;
}

/* Below this the precursors are the same and nothing has moved. */
#define LEAST_SHIFT_UTH 10000

uint32_t identify_msms_hybrid(const kernels_windows *query, const kernels_accurate *reference, int64_t shift_uth,
                              identify_msms_pairing *taken) {
    taken->matched = 0;
    memset(taken->used, 0, reference->count);
    uint64_t sum = pair_direct(query, reference, taken);
    if (shift_uth < -LEAST_SHIFT_UTH || shift_uth > LEAST_SHIFT_UTH)
        sum += pair_shifted(query, reference, shift_uth, taken);
    if (sum > KERNELS_ENTROPY_FULL) sum = KERNELS_ENTROPY_FULL; /* lying weights */
    return (uint32_t)((sum << 30) / KERNELS_ENTROPY_FULL);
}
