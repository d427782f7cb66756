/* SPDX-License-Identifier: Apache-2.0 */
/* Another laboratory's measurement, imitated: intensities tilted along m/z and scattered, weak peaks below a threshold,
   peaks missing, foreign peaks, m/z a little off, and for EI a scan that begins elsewhere. The sizes of these were
   chosen so that scores of copies are distributed like those of development spectra from other laboratories
   (docs/decisions/0007-calibration.md). Q16 is a number times 2^16. */
#include "identify/degrade.h"

#include "base/fixed.h"

#define ONE 65536

typedef struct degrade_model {
    uint32_t tilt;                  /* standard deviation of x in I·(m/m_max)^x, Q16; drawn once a copy */
    uint32_t noise[2];              /* range of the standard deviation of log2 of an intensity, Q16 */
    uint32_t threshold[2];          /* range of −log2 of the least share of the base peak, Q16 */
    uint32_t foreign_peaks;         /* at most */
    uint32_t foreign[2];            /* range of their −log2, Q16 */
    uint32_t missing;               /* at most this share of the peaks, Q16 */
    uint32_t mz_ppb, precursor_ppb; /* standard deviations */
    uint32_t share[2];              /* a copy shows this share of tilt, noise, missing peaks and shifts, Q16 */
} degrade_model;

static const degrade_model nominal_model = {
    .tilt = 32768,                 /* .5 */
    .noise = {12764, 55312},       /* .135 to .585 of ln I */
    .threshold = {370098, 696650}, /* 2 % to .06 % */
    .foreign_peaks = DEGRADE_FOREIGN,
    .foreign = {217706, 544264}, /* 10 % to .3 % */
    .missing = 9830,             /* 15 % */
    .share = {45875, 85197},     /* .7 to 1.3 */
};

static const degrade_model accurate_model = {
    .tilt = 78643,                 /* 1.2 */
    .noise = {17018, 73747},       /* .18 to .78 of ln I */
    .threshold = {326549, 653117}, /* 3.2 % to .1 % */
    .foreign_peaks = 6,
    .foreign = {174165, 544264}, /* 16 % to .3 % */
    .missing = 19661,            /* 30 % */
    .mz_ppb = 3000,
    .precursor_ppb = 2000,
    .share = {65536, 131072}, /* 1 to 2 */
};

/* Where laboratories begin to scan. */
static const uint16_t first_scanned[] = {20, 29, 35, 39, 40, 41, 45, 50, 50, 60};

/* SplitMix64 (Steele, Lea and Flood 2014). */
static uint64_t draw(uint64_t *random) {
    uint64_t x = *random += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static uint32_t draw_between(uint64_t *random, const uint32_t range[2]) {
    return range[0] + (uint32_t)(draw(random) % ((uint64_t)range[1] - range[0] + 1));
}

/* Close to normal: the sum of twelve uniform numbers less its mean has variance 1. */
static int64_t draw_normal(uint64_t *random, uint32_t deviation) {
    int64_t sum = -6 * (int64_t)ONE;
    for (int i = 0; i < 3; i++) {
        uint64_t four = draw(random);
        for (int k = 0; k < 4; k++) sum += (int64_t)(four >> 16 * k & 0xffff);
    }
    return sum * deviation / ONE;
}

static uint32_t share_of(uint32_t value, uint32_t share) {
    return (uint32_t)((uint64_t)value * share / ONE);
}

typedef struct copy_state {
    uint64_t random;
    const degrade_model *model;
    int64_t tilt;            /* Q16 */
    uint32_t noise, missing; /* Q16 */
    uint32_t mz_ppb;
    uint32_t first_uth, last_uth; /* of the scan, and of the original's peaks */
} copy_state;

static uint32_t mz_of(const db_set *set, uint32_t peak) {
    return set->nominal ? set->nominal[peak] * UINT32_C(1000000) : set->mz_uth[peak];
}

static void begin(copy_state *state, const db_set *set, const db_spectrum *spectrum, uint32_t copy) {
    state->random = (uint64_t)spectrum->entry << 32 | copy;
    state->model = set->nominal ? &nominal_model : &accurate_model;
    uint32_t share = draw_between(&state->random, state->model->share);
    state->tilt = draw_normal(&state->random, share_of(state->model->tilt, share));
    state->noise = share_of(draw_between(&state->random, state->model->noise), share);
    const uint32_t missing[2] = {0, state->model->missing};
    state->missing = share_of(draw_between(&state->random, missing), share);
    state->mz_ppb = share_of(state->model->mz_ppb, share);
    uint32_t first = first_scanned[draw(&state->random) % (sizeof first_scanned / sizeof first_scanned[0])];
    state->first_uth = set->nominal ? first * UINT32_C(1000000) : 0;
    state->last_uth = spectrum->peak_count ? mz_of(set, spectrum->first_peak + spectrum->peak_count - 1) : 0;
}

static uint32_t shifted(uint32_t mz_uth, copy_state *state, uint32_t ppb) {
    return (uint32_t)((int64_t)mz_uth + (int64_t)mz_uth * draw_normal(&state->random, ppb) / 1000000000);
}

/* log2 in Q16 of a ratio below 2^32 each. */
static int64_t lg_ratio(uint32_t a, uint32_t b) {
    return ((int64_t)base_lg(a) - (int64_t)base_lg(b)) / 256;
}

static size_t copy_peaks(degraded_peak *peaks, copy_state *state, const db_set *set, const db_spectrum *spectrum) {
    size_t count = 0;
    for (uint32_t i = spectrum->first_peak; i < spectrum->first_peak + spectrum->peak_count; i++) {
        uint32_t mz_uth = mz_of(set, i);
        bool missing = (draw(&state->random) & 0xffff) < state->missing;
        int64_t weakness = 2 * lg_ratio(UINT16_MAX, set->root[i]) -
                           lg_ratio(mz_uth, state->last_uth) * state->tilt / ONE +
                           draw_normal(&state->random, state->noise);
        uint32_t mz = shifted(mz_uth, state, state->mz_ppb);
        if (missing || set->root[i] == 0 || mz_uth < state->first_uth) continue;
        peaks[count++] = (degraded_peak){mz, (int32_t)weakness};
    }
    return count;
}

/* Measures weakness from the strongest peak that is left and drops what the threshold hides. */
static size_t cut(degraded_peak *peaks, size_t count, copy_state *state) {
    int32_t strongest = INT32_MAX;
    for (size_t i = 0; i < count; i++)
        if (peaks[i].weakness < strongest) strongest = peaks[i].weakness;
    int32_t threshold = (int32_t)draw_between(&state->random, state->model->threshold);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        int32_t weakness = peaks[i].weakness - strongest;
        if (weakness <= threshold) peaks[kept++] = (degraded_peak){peaks[i].mz_uth, weakness};
    }
    return kept;
}

static size_t add_foreign(degraded_peak *peaks, copy_state *state) {
    uint32_t low = state->first_uth > 50000000 ? state->first_uth : 50000000;
    const uint32_t number[2] = {0, state->model->foreign_peaks};
    const uint32_t range[2] = {low, state->last_uth > low ? state->last_uth : low};
    uint32_t count = draw_between(&state->random, number);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t mz_uth = draw_between(&state->random, range);
        peaks[i] = (degraded_peak){mz_uth, (int32_t)draw_between(&state->random, state->model->foreign)};
    }
    return count;
}

size_t identify_degrade(degraded_peak *peaks, uint32_t *precursor_uth, const db_set *set, const db_spectrum *spectrum,
                        uint32_t copy) {
    copy_state state;
    begin(&state, set, spectrum, copy);
    *precursor_uth = shifted(spectrum->precursor_uth, &state, state.model->precursor_ppb);
    size_t count = cut(peaks, copy_peaks(peaks, &state, set, spectrum), &state);
    return count == 0 ? 0 : count + add_foreign(peaks + count, &state);
}
