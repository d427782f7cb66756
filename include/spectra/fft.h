/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   Who computes the Fourier transforms. The library has a backend of its own, which gives the same bits on every CPU; an
   application may register another one, e.g. that of libspectra-fftw (spectra/fftw.h), which is faster and under
   another licence. */
#ifndef SPECTRA_FFT_H
#define SPECTRA_FFT_H

#include "spectra/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SPECTRA_FFT_MAX_COUNT 67108864 /**< samples of the longest transform: 2²⁶ */

/**
 * A backend: transforms between `count` real samples and their count/2 + 1 complex terms, single precision, in place in
 * count + 2 floats (term k is at 2k, 2k + 1). Forward is Σ x·exp(−2πi·jk/count), inverse its conjugate; neither scales.
 * A transform neither allocates visibly, nor blocks, nor fails: whatever may is done in `prepare`.
 */
typedef struct spectra_fft_backend {
    uint32_t size;       /**< sizeof(spectra_fft_backend) */
    uint32_t reserved;   /**< 0 */
    const char *name;    /**< for reports, e.g. "FFTW 3.3.10" */
    const char *licence; /**< SPDX expression of a program that links it together with this library */
    void *context;       /**< handed to `prepare` and `find` */
    /** Makes a plan for transforms of `count` samples, an even number without prime factors above 5. May take long. */
    spectra_status (*prepare)(void *context, uint32_t count);
    const void *(*find)(void *context, uint32_t count); /**< the plan; NULL where none was prepared. Never waits */
    void (*forward)(const void *plan, float *data);     /**< `data` is aligned to 64 bytes */
    void (*inverse)(const void *plan, float *data);     /**< likewise */
} spectra_fft_backend;

/**
 * Chooses the backend for the whole process: before the first query, as a rule. A query that runs keeps the one it
 * began with. Sizes that the backend was not prepared for are transformed by the library's own.
 * @param backend  not copied: it must outlive its use; NULL for the library's own
 * @return SPECTRA_OK; SPECTRA_E_INVALID for one of another size or with something missing
 * Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_fft_register(const spectra_fft_backend *backend);

/**
 * The backend in use.
 * @return borrowed: as long as it is registered, the library's own ("built-in", which has no functions) for ever
 * Thread safety: any number of threads.
 */
SPECTRA_API const spectra_fft_backend *spectra_fft_registered(void);

/**
 * The smallest size that is offered: even and without prime factors above 5.
 * @param at_least  samples
 * @return a size; 0 where it would be above SPECTRA_FFT_MAX_COUNT
 * Thread safety: any number of threads.
 */
SPECTRA_API uint32_t spectra_fft_size(uint32_t at_least);

/**
 * Has the registered backend make its plan for a size, so that queries use it from now on. The library's own needs
 * none.
 * @param count  samples, a size that spectra_fft_size gives
 * @return SPECTRA_OK; SPECTRA_E_INVALID for another size; SPECTRA_E_MEMORY, SPECTRA_E_LIMIT as the backend says: the
 *         library's own serves that size then
 * Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_fft_prepare(uint32_t count);

#ifdef __cplusplus
}
#endif
#endif
