/* SPDX-License-Identifier: Apache-2.0 */
/* The one seam of the Fourier transform: a size set up in scratch, then transforms by whichever backend serves it. */
#ifndef SIGNAL_FFT_H
#define SIGNAL_FFT_H

#include "base/memory.h"
#include "spectra/fft.h"

/* Transforms of one size. */
typedef struct signal_fft {
    uint32_t count;                     /* samples */
    const spectra_fft_backend *backend; /* with `plan`; NULL: our own, with the rest */
    const void *plan;
    float *work;  /* count of them */
    float *roots; /* exp(−2πi·k/half), half = count/2 of them */
    float *split; /* exp(−2πi·k/count), k ≤ count/4 */
} signal_fft;

/* The scratch that signal_fft_init takes at the most. */
size_t signal_fft_required(uint32_t count);

/* `count` as spectra_fft_size gives it. SPECTRA_E_MEMORY where the scratch is too small. */
spectra_status signal_fft_init(signal_fft *fft, uint32_t count, spectra_scratch *scratch);

/* In place in count + 2 floats, aligned to 64 bytes: samples to count/2 + 1 complex terms. */
void signal_fft_forward(const signal_fft *fft, float *data);
/* Back, divided by count: forward and back give the samples again. */
void signal_fft_inverse(const signal_fft *fft, float *data);

#endif
