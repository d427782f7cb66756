/* SPDX-License-Identifier: Apache-2.0 */
/* Parallel arrays of m/z and intensity, and the one place of tolerances. Knows nothing of files or scores. */
#ifndef PEAKS_PEAKS_H
#define PEAKS_PEAKS_H

#include <stddef.h>
#include <stdint.h>

#include "spectra/tolerance.h"

/* m/z above this cannot be held in µTh. */
#define PEAKS_MAX_MZ 4294.967295

/* Sorts pairs by m/z, stably, without memory of its own: `order` has room for 2 × count indices and ends as the
   permutation (order[i] is the old index of the peak now at i). Returns 1 where the peaks were not in order. */
int peaks_sort(double *mz, double *intensity, uint32_t *order, size_t count);

/* The widest gap that peaks are merged across, 1 Th, and the most peaks: their moments fit 64 bits. */
#define PEAKS_MAX_GAP_UTH 1000000u
#define PEAKS_MAX_MERGED 4194304u /* 2^22 */

/* Merges peaks until all gaps are > gap_uth: from the strongest peak downwards (of equals the lowest m/z first), each
   takes what lies within the gap, inclusive, and has not been taken; m/z becomes the intensity-weighted mean,
   intensities add; repeated with the merged peaks. m/z ascending in and out. Intensities < 2^21 each, at most
   PEAKS_MAX_MERGED peaks, gap_uth at most PEAKS_MAX_GAP_UTH. `order` has room for count indices, `mark` for count
   marks. Returns the number left. */
size_t peaks_merge_close(uint32_t *mz_uth, uint64_t *intensity, size_t count, uint32_t gap_uth, uint32_t *order,
                         uint8_t *mark);

/* Half width of a tolerance at an m/z, in µTh, rounded down. */
uint32_t peaks_tolerance_at(const spectra_tolerance *tolerance, uint32_t mz_uth);

/* Inclusive windows around each m/z, saturating at 0 and UINT32_MAX. */
void peaks_windows(uint32_t *low, uint32_t *high, const uint32_t *mz_uth, size_t count,
                   const spectra_tolerance *tolerance);

#endif
