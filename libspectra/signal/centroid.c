/* SPDX-License-Identifier: Apache-2.0 */
/* Peaks out of curves, with their errors, and their quantisation. */
#include "signal/real.h"
#include "signal/signal.h"

/* What the detector did under a peak. */
static uint32_t flags_around(const signal_work *work, double cell) {
    double reach = work->sigma_cells * SIGNAL_FWHM_SIGMAS / 2, last = work->plan->cell_count - 1;
    double from = cell > reach ? cell - reach : 0, to = cell + reach < last ? cell + reach : last;
    uint32_t flags = 0;
    for (uint32_t i = (uint32_t)from; i <= to; i++) {
        if (work->state[i] & SIGNAL_CELL_SATURATED) flags |= SPECTRA_PEAK_SATURATED;
        if (!(work->state[i] & SIGNAL_CELL_MEASURED)) flags |= SPECTRA_PEAK_AT_GAP;
    }
    return flags;
}

/* Noise of the matched filter and that of the peak's own ions. */
static double intensity_error(const signal_work *work, uint32_t cell, double intensity) {
    double sigma = signal_matched_sigma(work, cell);
    return signal_sqrt(sigma * sigma + work->plan->options.ion_intensity * intensity);
}

uint32_t signal_comb_peaks(spectra_profile_peak *peaks, uint32_t capacity, const signal_work *work,
                           const signal_axis *axis) {
    const signal_plan *plan = work->plan;
    uint32_t count = 0;
    for (uint32_t cell = 0; cell < plan->cell_count && count < capacity; cell += plan->per_unit) {
        uint32_t unit = plan->first_unit + cell / plan->per_unit;
        double intensity = work->other[cell], slope = axis->slope_error * unit;
        if (!(intensity > 0) || unit == 0 || signal_is_background(plan->options.ionisation, unit)) continue;
        peaks[count++] =
            (spectra_profile_peak){.mz = unit,
                                   .mz_error = signal_sqrt(axis->offset_error * axis->offset_error + slope * slope),
                                   .intensity = intensity,
                                   .intensity_error = intensity_error(work, cell, intensity),
                                   .flags = flags_around(work, cell)};
    }
    return count;
}

double signal_vertex(double before, double top, double behind) {
    double bend = before - 2 * top + behind;
    return bend < 0 ? (before - behind) / (2 * bend) : 0;
}

/* A maximum of the matched filter. Its position is as sure as the peak is narrow and stands above the noise. */
static spectra_profile_peak centroid_at(const signal_work *work, uint32_t i) {
    const float *a = work->amplitude;
    double cell = i + signal_vertex(a[i - 1], a[i], a[i + 1]), intensity = a[i];
    double error = intensity_error(work, i, intensity);
    double step = work->cell_mz[i + 1] - work->cell_mz[i];
    return (spectra_profile_peak){.mz = signal_mz_at(work, cell),
                                  .mz_error = work->sigma_cells * step * error / intensity,
                                  .intensity = intensity,
                                  .intensity_error = error,
                                  .flags = flags_around(work, cell)};
}

/* In Th; no ion is so light: what stands there is the beginning of the axis. */
#define LEAST_MZ 0.1

uint32_t signal_centroids(spectra_profile_peak *peaks, uint32_t capacity, const signal_work *work) {
    const float *a = work->amplitude;
    uint32_t count = 0;
    for (uint32_t i = 1; i + 1 < work->plan->cell_count && count < capacity; i++) {
        bool top = a[i] > a[i - 1] && a[i] >= a[i + 1] && work->matched[i] >= work->plan->options.threshold;
        if (!top) continue;
        peaks[count] = centroid_at(work, i);
        if (peaks[count].mz >= LEAST_MZ) count++;
    }
    return count;
}

/* The power of two that the strongest is SIGNAL_QUANTA to twice as many of: no float's last bits are in it. */
static double quantum_of(double strongest) {
    double quantum = 1;
    while (quantum * SIGNAL_QUANTA > strongest) quantum /= 2;
    while (quantum * SIGNAL_QUANTA * 2 <= strongest) quantum *= 2;
    return quantum;
}

void signal_quantise(spectra_profile_peak *peaks, uint32_t count, double per_mz) {
    double strongest = 0;
    for (uint32_t i = 0; i < count; i++)
        if (peaks[i].intensity > strongest) strongest = peaks[i].intensity;
    if (count == 0) return;
    double quantum = quantum_of(strongest);
    for (uint32_t i = 0; i < count; i++) {
        double quanta = (double)(int64_t)(peaks[i].intensity / quantum + 0.5);
        peaks[i].intensity = (quanta > 0 ? quanta : 1) * quantum;
        peaks[i].mz = (double)(int64_t)(peaks[i].mz * per_mz + 0.5) / per_mz;
    }
}
