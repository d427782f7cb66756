/* SPDX-License-Identifier: Apache-2.0 */
/* Filters by Fourier transform: convolution, the matched filter, Wiener's low-pass; width and noise of a profile. */
#include <string.h>

#include "signal/real.h"
#include "signal/signal.h"

#define WIDTH_PEAKS 8
#define WIDTH_BLOCK 256u
#define RECURRED 64u
#define LAST_ARGUMENT 15.0   /* e^(−15²/2) is below half the least float */
#define NOISE_SAMPLES 32768u /* tell its median within 1 % */
#define MAD_SIGMA 1.4826     /* standard deviations in a median absolute deviation of normal values */

/* e^(−(s·k)²/2), each from the one before: their ratio falls by the same factor from term to term. Begun anew before
   rounding adds up to what a float would show; below the least float it is 0. */
void signal_gauss_transfer(float *transfer, uint32_t fft_count, double sigma_cells) {
    double s = 2 * SIGNAL_PI * sigma_cells / fft_count, factor = signal_exp_negative(-s * s);
    uint32_t count = fft_count / 2 + 1;
    for (uint32_t begin = 0; begin < count; begin += RECURRED) {
        double argument = s * begin, value = signal_exp_negative(-argument * argument / 2);
        double ratio = signal_exp_negative(-s * s * (begin + 0.5));
        uint32_t end = count - begin < RECURRED ? count : begin + RECURRED;
        if (argument > LAST_ARGUMENT) {
            memset(transfer + begin, 0, (count - begin) * sizeof *transfer);
            return;
        }
        for (uint32_t k = begin; k < end; k++) {
            transfer[k] = (float)value;
            value *= ratio;
            ratio *= factor;
        }
    }
}

/* The cells behind the last are half its continuation and half that of the first, which follows them on the circle. */
static void extend_edges(const signal_work *work, float *data) {
    uint32_t count = work->plan->cell_count, all = work->plan->fft_count, middle = count + (all - count) / 2;
    for (uint32_t i = count; i < all; i++) data[i] = i < middle ? data[count - 1] : data[0];
}

void signal_convolve(const signal_work *work, float *out, const float *in, const float *transfer, bool extend) {
    uint32_t count = work->plan->cell_count, all = work->plan->fft_count;
    float *data = work->work;
    memcpy(data, in, count * sizeof *data);
    memset(data + count, 0, (all + 2 - count) * sizeof *data);
    if (extend) extend_edges(work, data);
    signal_fft_forward(&work->fft, data);
    for (uint32_t k = 0; k <= all / 2; k++) {
        data[2 * k] *= transfer[k];
        data[2 * k + 1] *= transfer[k];
    }
    signal_fft_inverse(&work->fft, data);
    memcpy(out, data, count * sizeof *data);
}

/* Hoare's selection. */
float signal_quantile(const float *values, uint32_t count, double share, float *room) {
    uint32_t low = 0, high = count - 1, wanted = (uint32_t)(share * (count - 1));
    memcpy(room, values, count * sizeof *room);
    while (low < high) {
        float pivot = room[wanted];
        uint32_t i = low, j = high;
        for (;;) {
            while (room[i] < pivot) i++;
            while (pivot < room[j]) j--;
            if (i <= j) {
                float swapped = room[i];
                room[i++] = room[j];
                room[j] = swapped;
                if (j == 0) break;
                j--;
            }
            if (i > j) break;
        }
        if (j < wanted) low = i;
        if (wanted < i) high = j;
    }
    return room[wanted];
}

/* --- Width --- */

/* From the maximum down to half of it, between cells by a straight line. */
static double half_width(const float *curve, uint32_t count, uint32_t top, int direction) {
    float half = curve[top] / 2;
    uint32_t i = top;
    while (curve[i] > half) {
        if ((direction < 0 && i == 0) || (direction > 0 && i + 1 == count)) return -1;
        i = direction < 0 ? i - 1 : i + 1;
    }
    float before = direction < 0 ? curve[i + 1] : curve[i - 1];
    double beyond = (half - curve[i]) / (before - curve[i]);
    return (direction < 0 ? top - i : i - top) - beyond;
}

/* What is left to be looked at, and the highest of each block of it. */
typedef struct top_search {
    float *left, *highest;
    uint32_t count;
} top_search;

static void look_at_block(const top_search *search, uint32_t block) {
    uint32_t from = block * WIDTH_BLOCK, to = search->count - from < WIDTH_BLOCK ? search->count : from + WIDTH_BLOCK;
    float highest = search->left[from];
    for (uint32_t i = from + 1; i < to; i++) highest = search->left[i] > highest ? search->left[i] : highest;
    search->highest[block] = highest;
}

/* The first of the highest cells; `count` where none is above 0. */
static uint32_t find_top(const top_search *search) {
    uint32_t best = 0;
    for (uint32_t block = 1; block <= (search->count - 1) / WIDTH_BLOCK; block++)
        if (search->highest[block] > search->highest[best]) best = block;
    if (!(search->highest[best] > 0)) return search->count;
    uint32_t i = best * WIDTH_BLOCK;
    while (search->left[i] < search->highest[best]) i++;
    return i;
}

static void blank(const top_search *search, uint32_t middle, uint32_t reach) {
    uint32_t from = middle > reach ? middle - reach : 0;
    uint32_t to = search->count - middle > reach ? middle + reach : search->count - 1;
    memset(search->left + from, 0, (to - from + 1) * sizeof *search->left);
    for (uint32_t block = from / WIDTH_BLOCK; block <= to / WIDTH_BLOCK; block++) look_at_block(search, block);
}

double signal_measure_width(const signal_work *work) {
    uint32_t count = work->plan->cell_count, found = 0;
    float widths[WIDTH_PEAKS], room[WIDTH_PEAKS], *curve = work->other;
    const top_search search = {work->room, work->work, count};
    for (uint32_t i = 0; i < count; i++) curve[i] = work->sum[i] - work->baseline[i];
    memcpy(search.left, curve, count * sizeof *curve);
    for (uint32_t block = 0; block <= (count - 1) / WIDTH_BLOCK; block++) look_at_block(&search, block);
    while (found < WIDTH_PEAKS) {
        uint32_t top = find_top(&search);
        if (top == count) break;
        double left = half_width(curve, count, top, -1), right = half_width(curve, count, top, 1);
        if (left > 0 && right > 0) widths[found++] = (float)(left + right);
        blank(&search, top, left > 0 && right > 0 ? (uint32_t)(2 * (left + right)) + 2 : 8);
    }
    return found > 0 ? signal_quantile(widths, found, 0.5, room) : 0;
}

/* --- Noise --- */

/* Noise cannot be smaller than a quantum of what leaves: profiles that an instrument has cut at 0 have none to measure.
 */
static double least_noise(const signal_work *work) {
    float most = 0;
    for (uint32_t i = 0; i < work->plan->cell_count; i++)
        if (work->sum[i] > most) most = work->sum[i];
    return most / SIGNAL_QUANTA;
}

/* From differences of a sample and the mean of its neighbours: their deviation is that of a sample times √1.5. Peaks
   are wider than that, and the median does not see the few. Not from the cells, which share samples. */
void signal_measure_noise(signal_work *work, const spectra_profile *profile) {
    const signal_plan *plan = work->plan;
    uint32_t most = plan->cell_count < NOISE_SAMPLES ? plan->cell_count : NOISE_SAMPLES;
    uint32_t stride = 1 + profile->count / most, used = 0;
    for (uint32_t i = 1; i + 1 < profile->count && used < most; i += stride) {
        double before = signal_sample_intensity(profile, i - 1), behind = signal_sample_intensity(profile, i + 1);
        double difference = signal_sample_intensity(profile, i) - (before + behind) / 2;
        if (difference == difference) work->other[used++] = (float)(difference < 0 ? -difference : difference);
    }
    double median = used > 0 ? signal_quantile(work->other, used, 0.5, work->work) : 0, least = least_noise(work);
    double samples = plan->per_unit > 0 ? SIGNAL_COMB_MZ / plan->per_unit / plan->sample_step : 1; /* in a cell */
    work->noise = MAD_SIGMA * median * signal_sqrt(samples / 1.5);
    if (work->noise < least) work->noise = least;
}

double signal_shape_power(const signal_work *work) {
    return 1 / (2 * signal_sqrt(SIGNAL_PI) * work->sigma_cells);
}

/* Noise as measured, or that of the ions of the baseline where it is more; and one ion, since of fewer nothing is
 * known. */
double signal_matched_sigma(const signal_work *work, uint32_t cell) {
    double ion = work->plan->options.ion_intensity, variance = work->noise * work->noise;
    double counted = ion * work->baseline[cell];
    if (counted > variance) variance = counted;
    return signal_sqrt(variance / signal_shape_power(work) + ion * ion);
}

/* --- Filters --- */

/* Where nothing was measured nothing stands above the baseline. */
static float above_baseline(const signal_work *work, const float *curve, uint32_t i) {
    return work->state[i] & SIGNAL_CELL_MEASURED ? curve[i] - work->baseline[i] : 0;
}

/* Wiener's filter for peaks of the known shape: signal power P·H² and noise power N give P·H² / (P·H² + N). */
void signal_denoise(const signal_work *work) {
    uint32_t count = work->plan->cell_count, all = work->plan->fft_count;
    double ion = work->plan->options.ion_intensity, energy = 0, noise = 0, shape = 0;
    for (uint32_t i = 0; i < count; i++) {
        double peak = above_baseline(work, work->sum, i), counted = ion * work->sum[i];
        double variance = work->noise * work->noise;
        energy += peak * peak;
        noise += counted > variance ? counted : variance;
        work->denoised[i] = (float)peak;
    }
    for (uint32_t k = 0; k <= all / 2; k++) shape += 2 * (double)work->shape[k] * work->shape[k];
    double power = energy > noise ? (energy - noise) * all / shape : 0;
    for (uint32_t k = 0; k <= all / 2; k++) {
        double wanted = power * work->shape[k] * work->shape[k];
        work->other[k] = wanted > 0 ? (float)(wanted / (wanted + noise)) : 0;
    }
    signal_convolve(work, work->denoised, work->denoised, work->other, false);
    for (uint32_t i = 0; i < count; i++) work->denoised[i] += work->baseline[i];
}

/* The least-squares height of a peak at each cell, alone: its sum over all cells, and that in standard deviations. */
void signal_match(signal_work *work, const float *curve) {
    uint32_t count = work->plan->cell_count;
    double power = signal_shape_power(work), ion = work->plan->options.ion_intensity;
    double noise = work->noise * work->noise, least = signal_sqrt(noise / power + ion * ion);
    float scale = (float)(1 / power);
    for (uint32_t i = 0; i < count; i++) work->amplitude[i] = above_baseline(work, curve, i);
    signal_convolve(work, work->amplitude, work->amplitude, work->shape, false);
    for (uint32_t i = 0; i < count; i++) {
        double counted = ion * work->baseline[i];
        double sigma = counted > noise ? signal_sqrt(counted / power + ion * ion) : least;
        work->amplitude[i] *= scale;
        work->matched[i] = sigma > 0 ? (float)(work->amplitude[i] / sigma) : 0;
    }
}
