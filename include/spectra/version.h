/* SPDX-License-Identifier: Apache-2.0 */
/* Which library this is and how it was built. */
#ifndef SPECTRA_VERSION_H
#define SPECTRA_VERSION_H

#include "spectra/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SPECTRA_VERSION_MAJOR 0
#define SPECTRA_VERSION_MINOR 1
#define SPECTRA_VERSION_PATCH 0

/** The library's version, e.g. "0.1.0". Static storage. */
SPECTRA_API const char *spectra_version(void);

/** The kernels in use on this CPU, e.g. "avx2" or "scalar". Static storage. */
SPECTRA_API const char *spectra_kernel(void);

#ifdef __cplusplus
}
#endif
#endif
