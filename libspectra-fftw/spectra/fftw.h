/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
   Fourier transforms by FFTW, single precision, for libspectra: a library of its own, since FFTW is under the GPL and a
   program that links it is, too. `spectra_fft_register(spectra_fftw_backend());` is all that is needed. */
#ifndef SPECTRA_FFTW_H
#define SPECTRA_FFTW_H

#include "spectra/fft.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SPECTRA_FFTW_MAX_PLANS 64 /**< sizes that plans are kept for */

/**
 * The backend. Plans are made by its `prepare` (spectra_fft_prepare) with FFTW_ESTIMATE, or as wisdom says, and kept;
 * more sizes than SPECTRA_FFTW_MAX_PLANS are SPECTRA_E_LIMIT. It allocates nothing until then.
 * @return static storage, never NULL
 * Thread safety: any number of threads; the backend, too.
 */
SPECTRA_API const spectra_fft_backend *spectra_fftw_backend(void);

/**
 * Takes what FFTW once measured on this machine (fftwf-wisdom prints it), for plans that are made from now on.
 * @param wisdom  text, NUL-terminated
 * @return SPECTRA_OK; SPECTRA_E_FORMAT for what this FFTW does not take; SPECTRA_E_INVALID for NULL
 * Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_fftw_import_wisdom(const char *wisdom);

/**
 * Frees all plans and wisdom, for programs that must end with nothing allocated. The backend can be prepared again.
 * Thread safety: while no other thread uses the backend.
 */
SPECTRA_API void spectra_fftw_release(void);

#ifdef __cplusplus
}
#endif
#endif
