/* SPDX-License-Identifier: Apache-2.0 */
/* How far apart two m/z may lie and still be called the same. */
#ifndef SPECTRA_TOLERANCE_H
#define SPECTRA_TOLERANCE_H

#include "spectra/status.h"

/** A half width in m/z: parts per million if `ppm` is not 0, else `uth` in µTh. Both 0 means the default. */
typedef struct spectra_tolerance {
    uint32_t uth;
    uint32_t ppm;
} spectra_tolerance;

#endif
