/* SPDX-License-Identifier: Apache-2.0 */
/* Simulated profiles for the tests: Gauss curves, a baseline and noise on an even axis. */
#ifndef TESTS_PROFILES_H
#define TESTS_PROFILES_H

#include "spectra/spectra.h"
#include "unit/signal/signals.h"

#define PROFILE_COUNT 3000
#define PROFILE_FIRST 10.0
#define PROFILE_STEP 0.1
#define PROFILE_COMB 1.0006

/* The samples of one profile. */
typedef struct made_profile {
    double mz[PROFILE_COUNT], intensity[PROFILE_COUNT];
    spectra_profile profile; /* with `mz` and `intensity` */
    spectra_scratch scratch;
    const spectra_profile_result *result;
} made_profile;

static inline made_profile *make_profile(double offset, double slope) {
    made_profile *made = calloc(1, sizeof *made);
    assert_non_null(made);
    for (int i = 0; i < PROFILE_COUNT; i++) made->mz[i] = (PROFILE_FIRST + PROFILE_STEP * i) * (1 + slope) + offset;
    made->profile = (spectra_profile){
        .size = sizeof made->profile, .count = PROFILE_COUNT, .mz = made->mz, .intensity = made->intensity};
    return made;
}

/* Of an area, as a sum over the samples, at an m/z of the true axis. */
static inline void add_peak(made_profile *made, double mz, double area, double fwhm) {
    double sigma = fwhm / 2.3548200450309493, height = area * PROFILE_STEP / (sigma * 2.5066282746310002);
    for (int i = 0; i < PROFILE_COUNT; i++) {
        double away = (PROFILE_FIRST + PROFILE_STEP * i - mz) / sigma;
        made->intensity[i] += height * exp(-away * away / 2);
    }
}

/* A pattern of 40 peaks on the comb, from 41 upwards: their units rise by 1 to 9, their areas fall from 10,000 to 100.
 */
static inline uint32_t pattern_unit(uint32_t i) {
    uint32_t unit = 41;
    for (uint32_t k = 0; k < i; k++) unit += 1 + k * 7 % 9;
    return unit;
}

static inline double pattern_area(uint32_t i) {
    return 10000.0 / (1 + (double)(i * 17 % 40) * 2.5);
}

#define PATTERN_COUNT 40u

static inline void add_pattern(made_profile *made, double fwhm) {
    for (uint32_t i = 0; i < PATTERN_COUNT; i++) add_peak(made, pattern_unit(i) * PROFILE_COMB, pattern_area(i), fwhm);
}

static inline void add_noise(made_profile *made, double deviation, uint64_t seed) {
    for (int i = 0; i < PROFILE_COUNT; i++) made->intensity[i] += deviation * signals_normal(&seed);
}

static inline spectra_status find_peaks(made_profile *made, const spectra_profile_options *options) {
    free(made->scratch.bytes);
    made->scratch = signals_scratch(spectra_profile_required(&made->profile, options));
    return spectra_profile_find_peaks(&made->result, &made->profile, options, &made->scratch, NULL);
}

/* The peak nearest to an m/z; NULL where none is within half a unit. */
static inline const spectra_profile_peak *peak_near(const made_profile *made, double mz) {
    const spectra_profile_peak *best = NULL;
    for (uint32_t i = 0; i < made->result->peak_count; i++) {
        const spectra_profile_peak *peak = &made->result->peaks[i];
        if (fabs(peak->mz - mz) < 0.5 && (!best || fabs(peak->mz - mz) < fabs(best->mz - mz))) best = peak;
    }
    return best;
}

static inline void free_profile(made_profile *made) {
    free(made->scratch.bytes);
    free(made);
}

#endif
