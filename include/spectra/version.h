/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   Which library this is and how it was built. */
#ifndef SPECTRA_VERSION_H
#define SPECTRA_VERSION_H

#include "spectra/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SPECTRA_VERSION_MAJOR 0 /**< another: another ABI and soname */
#define SPECTRA_VERSION_MINOR 1 /**< another: something was added; while the major is 0, the ABI may change too */
#define SPECTRA_VERSION_PATCH 0 /**< another: nothing but corrections */

/**
 * The version of the library that runs, e.g. "0.1.0"; the macros are that of the headers.
 * @return text of static storage, never NULL
 * Thread safety: any number of threads.
 */
SPECTRA_API const char *spectra_version(void);

/**
 * The kernels in use on this CPU, e.g. "avx2" or "scalar". All give the same bits. The environment variable
 * SPECTRA_KERNEL may name others before the first use.
 * @return text of static storage, never NULL
 * Thread safety: any number of threads, while none changes the environment.
 */
SPECTRA_API const char *spectra_kernel(void);

#ifdef __cplusplus
}
#endif
#endif
