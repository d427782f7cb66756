/* SPDX-License-Identifier: Apache-2.0 */
/* The one place where ppm and µTh become windows. Integers, so that edges are exact. */
#include "peaks/peaks.h"

uint32_t peaks_tolerance_at(const spectra_tolerance *tolerance, uint32_t mz_uth) {
    if (tolerance->ppm == 0) return tolerance->uth;
    uint64_t half_width = (uint64_t)mz_uth * tolerance->ppm / 1000000;
    return half_width < UINT32_MAX ? (uint32_t)half_width : UINT32_MAX;
}

void peaks_windows(uint32_t *low, uint32_t *high, const uint32_t *mz_uth, size_t count,
                   const spectra_tolerance *tolerance) {
    for (size_t i = 0; i < count; i++) {
        uint32_t half_width = peaks_tolerance_at(tolerance, mz_uth[i]);
        low[i] = mz_uth[i] > half_width ? mz_uth[i] - half_width : 0;
        high[i] = mz_uth[i] < UINT32_MAX - half_width ? mz_uth[i] + half_width : UINT32_MAX;
    }
}
