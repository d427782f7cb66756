/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stranger's program under the GPL: registers FFTW and says what serves. */
#include <stdio.h>

#include <spectra/fftw.h>
#include <spectra/spectra.h>

int main(void) {
    if (spectra_fft_register(spectra_fftw_backend()) < 0 || spectra_fft_prepare(1024) < 0) return 1;
    printf("%s, %s\n", spectra_fft_registered()->name, spectra_fft_registered()->licence);
    spectra_fftw_release();
    return 0;
}
