/* SPDX-License-Identifier: Apache-2.0 */
/* Peaks as mixtures compare them: without the ringing of a strong peak, the strongest only, masses whole if need be.
   Knows arrays; nothing of compounds. */
#include "identify/mixture.h"

#define TH UINT32_C(1000000)
#define RINGING_FROM (TH / 50) /* beside a strong peak, in µTh */
#define RINGING_TO (6 * TH)
#define NEAR_INTEGER (TH / 50) /* an isotope or another fragment, not ringing */

/* The root that at most `capacity` of them reach; 1 where all of them do. */
static uint32_t least_root(const uint16_t *root, uint32_t count, uint32_t capacity) {
    uint32_t low = 0, high = 65536; /* more than `capacity` reach low, or it is 0 */
    if (count <= capacity) return 1;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2, reach = 0;
        for (uint32_t i = 0; i < count; i++) reach += root[i] >= middle;
        if (reach > capacity)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static uint32_t value_of(uint16_t root) {
    return (uint32_t)root * root >> 8;
}

/* METHODS section 5: beside a peak of 5 % of the base peak what has less than 10 % of it, 0.02 to 6 Th away and not at
   a whole number of Th, is ringing of the detector. */
static bool rings(uint32_t mz, uint64_t value, const mixture_peaks *strong) {
    for (uint32_t i = 0; i < strong->count; i++) {
        uint32_t away = mz > strong->mz_uth[i] ? mz - strong->mz_uth[i] : strong->mz_uth[i] - mz;
        uint32_t beside = away % TH;
        if (away > RINGING_FROM && away <= RINGING_TO && beside > NEAR_INTEGER && beside < TH - NEAR_INTEGER &&
            10 * value < strong->value[i])
            return true;
    }
    return false;
}

#define STRONG 64u
/* Peaks of 5 % of the base peak: ringing is asked of the first STRONG of them. */
static void list_strong(mixture_peaks *strong, const uint32_t *mz_uth, const uint16_t *root, uint32_t count) {
    strong->count = 0;
    for (uint32_t i = 0; i < count && strong->count < STRONG; i++) {
        if (20 * (uint64_t)value_of(root[i]) < value_of(UINT16_MAX)) continue;
        strong->mz_uth[strong->count] = mz_uth[i];
        strong->value[strong->count++] = value_of(root[i]);
    }
}

static void add(mixture_peaks *out, uint32_t mz_uth, uint16_t root) {
    out->mz_uth[out->count] = mz_uth;
    out->value[out->count++] = value_of(root);
}

void mixture_take_peaks(mixture_peaks *out, uint32_t capacity, const uint32_t *mz_uth, const uint16_t *root,
                        uint32_t count) {
    uint32_t strong_mz[STRONG], strong_value[STRONG], least = least_root(root, count, capacity);
    mixture_peaks strong = {strong_mz, strong_value, 0};
    list_strong(&strong, mz_uth, root, count);
    out->count = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (root[i] < least || value_of(root[i]) == 0) continue;
        if (!rings(mz_uth[i], value_of(root[i]), &strong)) add(out, mz_uth[i], root[i]);
    }
}

void mixture_round_masses(mixture_peaks *peaks) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < peaks->count; i++) {
        uint32_t mz = (uint32_t)(((uint64_t)peaks->mz_uth[i] + TH / 2) / TH * TH);
        if (kept > 0 && peaks->mz_uth[kept - 1] == mz) {
            uint64_t sum = (uint64_t)peaks->value[kept - 1] + peaks->value[i];
            peaks->value[kept - 1] = (uint32_t)(sum < NONNEGATIVE_MAX ? sum : NONNEGATIVE_MAX);
            continue;
        }
        peaks->mz_uth[kept] = mz;
        peaks->value[kept++] = peaks->value[i];
    }
    peaks->count = kept;
}

uint32_t mixture_nearest(const mixture_peaks *peaks, uint32_t mz_uth, uint32_t tolerance_uth) {
    uint32_t low = 0, high = peaks->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (peaks->mz_uth[middle] < mz_uth)
            low = middle + 1;
        else
            high = middle;
    }
    uint32_t best = peaks->count, least = tolerance_uth;
    if (low < peaks->count && peaks->mz_uth[low] - mz_uth <= least) {
        best = low;
        least = peaks->mz_uth[low] - mz_uth;
    }
    if (low > 0 && mz_uth - peaks->mz_uth[low - 1] <= least) best = low - 1;
    return best;
}

void mixture_take_reference(mixture_peaks *out, const mixture_case *the_case, const db_set *set,
                            const db_spectrum *spectrum) {
    const uint16_t *root = set->root + spectrum->first_peak;
    mixture_take_peaks(out, NONNEGATIVE_COLUMN_ROWS, set->mz_uth + spectrum->first_peak, root, spectrum->peak_count);
    if (the_case->integers) mixture_round_masses(out);
}
