/* SPDX-License-Identifier: Apache-2.0 */
/* What lies under the peaks: by morphological opening, or by a low-pass that is pressed under the profile. */
#include <string.h>

#include "signal/real.h"
#include "signal/signal.h"

#define PRESSINGS 8
/* How far opening lies under the middle of noise that was smoothed to the width of a peak, in its own standard
   deviations: measured on simulated noise, for windows of 4 to 24 widths. */
#define BIAS_FLAT 0.06
#define BIAS_OF_WIDTHS 0.55

/* out[i] = the lesser of in[i] and in[i + step]; the last `step` as they are. */
static void fold_ahead(float *restrict out, const float *restrict in, uint32_t count, uint32_t step) {
    uint32_t paired = count - step;
    const float *restrict ahead = in + step;
    for (uint32_t i = 0; i < paired; i++) out[i] = ahead[i] < in[i] ? ahead[i] : in[i];
    memcpy(out + paired, in + paired, step * sizeof *out);
}

/* Running minimum of 2·reach + 1 cells, in `out`: that of each cell and the `reach` ahead, by doubling, and the same of
   the cell `reach` behind. `in` is lost. */
static void running_minimum(float *restrict out, float *in, float *room, uint32_t count, uint32_t reach) {
    float *ahead = in, *next = room, least = in[0];
    if (reach > count - 1) reach = count - 1;
    for (uint32_t i = 0; i < reach; i++) out[i] = least = in[i] < least ? in[i] : least;
    for (uint32_t have = 1, step; have < reach + 1; have += step) {
        step = have < reach + 1 - have ? have : reach + 1 - have;
        fold_ahead(next, ahead, count, step);
        float *swapped = ahead;
        ahead = next;
        next = swapped;
    }
    memcpy(out + reach, ahead, (count - reach) * sizeof *out);
    for (uint32_t i = 0; i < count; i++) out[i] = ahead[i] < out[i] ? ahead[i] : out[i];
}

static void negate(float *curve, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) curve[i] = -curve[i];
}

/* The profile, where nothing was measured continued from its neighbour; the first and the last cell measured may hold a
   part of a cell's samples only. */
static void fill_unmeasured(float *filled, const signal_work *work) {
    uint32_t count = work->plan->cell_count, first = 0, last = count - 1;
    while (first < last && !(work->state[first] & SIGNAL_CELL_MEASURED)) first++;
    while (last > first && !(work->state[last] & SIGNAL_CELL_MEASURED)) last--;
    if (last - first > 2 && work->plan->per_unit > 0) {
        first++;
        last--;
    }
    for (uint32_t i = first; i <= last; i++)
        filled[i] = work->state[i] & SIGNAL_CELL_MEASURED || i == first ? work->sum[i] : filled[i - 1];
    for (uint32_t i = 0; i < first; i++) filled[i] = filled[first];
    for (uint32_t i = last + 1; i < count; i++) filled[i] = filled[last];
}

/* Opening keeps what is as wide as the window: the baseline, and no peak. */
static void open_profile(signal_work *work, const float *filled) {
    uint32_t count = work->plan->cell_count, reach = work->plan->window / 2;
    signal_convolve(work, work->baseline, filled, work->shape, true);
    running_minimum(work->other, work->baseline, work->room, count, reach);
    negate(work->other, count);
    running_minimum(work->baseline, work->other, work->room, count, reach);
    negate(work->baseline, count);
    double widths = work->plan->window / (work->sigma_cells * SIGNAL_FWHM_SIGMAS);
    double bias = widths > 1 ? BIAS_FLAT + BIAS_OF_WIDTHS * signal_log(widths) : 0;
    float raise = (float)(bias * work->noise * signal_sqrt(signal_shape_power(work)));
    for (uint32_t cell = 0; cell < count; cell++) work->baseline[cell] += raise;
}

/* A curve that no peak lifts: the low-pass of what is left where the profile stands above the low-pass before. */
static void press_low_pass(signal_work *work, const float *filled) {
    uint32_t count = work->plan->cell_count;
    memcpy(work->baseline, filled, count * sizeof(float));
    for (int i = 0; i < PRESSINGS; i++) {
        signal_gauss_transfer(work->other, work->plan->fft_count, work->plan->window / SIGNAL_FWHM_SIGMAS);
        memcpy(work->model, work->baseline, count * sizeof(float));
        signal_convolve(work, work->baseline, work->baseline, work->other, true);
        for (uint32_t cell = 0; i + 1 < PRESSINGS && cell < count; cell++)
            if (work->model[cell] < work->baseline[cell]) work->baseline[cell] = work->model[cell];
    }
}

void signal_find_baseline(signal_work *work, bool smooth) {
    uint32_t count = work->plan->cell_count;
    spectra_baseline kind = work->plan->options.baseline;
    memset(work->baseline, 0, count * sizeof(float));
    if (kind == SPECTRA_BASELINE_NONE) return;
    fill_unmeasured(work->denoised, work); /* lent: nothing is denoised before */
    if (kind == SPECTRA_BASELINE_OPENING) open_profile(work, work->denoised);
    if (kind == SPECTRA_BASELINE_HIGH_PASS) press_low_pass(work, work->denoised);
    if (!smooth) return;
    /* The edges of a window are no edges of the baseline. */
    signal_gauss_transfer(work->other, work->plan->fft_count, work->plan->window / 2 / SIGNAL_FWHM_SIGMAS);
    signal_convolve(work, work->baseline, work->baseline, work->other, true);
}
