/* SPDX-License-Identifier: Apache-2.0 */
/* How far one curve is shifted against another. */
#include <string.h>

#include "signal/signal.h"

static uint32_t padded(uint32_t count) {
    return count > 1 && count <= SIGNAL_MAX_CELLS ? spectra_fft_size(2 * count) : 0;
}

size_t spectra_profile_shift_required(uint32_t count) {
    uint32_t all = padded(count);
    if (all == 0) return SIZE_MAX;
    return signal_fft_required(all) + 2 * base_scratch_cost((size_t)all + 2, sizeof(float));
}

/* a·conj(b) in place of a. */
static void correlate(float *a, const float *b, uint32_t all) {
    for (uint32_t k = 0; k <= all; k += 2) {
        float re = a[k] * b[k] + a[k + 1] * b[k + 1], im = a[k + 1] * b[k] - a[k] * b[k + 1];
        a[k] = re;
        a[k + 1] = im;
    }
}

/* Where the circle's correlation is largest between ±max_shift; NOT_FOUND at the ends, which are no maximum. */
static spectra_status find_maximum(double *shift, const float *correlation, uint32_t all, uint32_t max_shift) {
    int64_t best = -(int64_t)max_shift;
    for (int64_t s = best; s <= (int64_t)max_shift; s++)
        if (correlation[(s + all) % all] > correlation[(best + all) % all]) best = s;
    double before = correlation[(best - 1 + all) % all], top = correlation[(best + all) % all];
    double behind = correlation[(best + 1 + all) % all];
    if (best == -(int64_t)max_shift || best == (int64_t)max_shift || !(top > 0)) return SPECTRA_E_NOT_FOUND;
    *shift = (double)best + signal_vertex(before, top, behind);
    return SPECTRA_OK;
}

static void load(float *out, const float *in, uint32_t count, uint32_t all) {
    memcpy(out, in, count * sizeof *out);
    memset(out + count, 0, (all + 2 - count) * sizeof *out);
}

spectra_status spectra_profile_shift(double *shift, const float *a, const float *b, uint32_t count, uint32_t max_shift,
                                     spectra_scratch *scratch) {
    uint32_t all = padded(count);
    if (!shift || !a || !b || !scratch || all == 0 || max_shift == 0 || max_shift >= count) return SPECTRA_E_INVALID;
    size_t used = scratch->used;
    signal_fft fft;
    float *x = (float *)base_scratch_take(scratch, (size_t)all + 2, sizeof *x);
    float *y = (float *)base_scratch_take(scratch, (size_t)all + 2, sizeof *y);
    spectra_status status = x && y ? signal_fft_init(&fft, all, scratch) : SPECTRA_E_MEMORY;
    if (status == SPECTRA_OK) {
        load(x, a, count, all);
        load(y, b, count, all);
        signal_fft_forward(&fft, x);
        signal_fft_forward(&fft, y);
        correlate(x, y, all);
        signal_fft_inverse(&fft, x);
        status = find_maximum(shift, x, all, max_shift);
    }
    base_scratch_return(scratch, used);
    return status;
}
