/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   How far apart two m/z may lie and still be called the same. */
#ifndef SPECTRA_TOLERANCE_H
#define SPECTRA_TOLERANCE_H

#include "spectra/status.h"

/** A half width in m/z: parts per million if `ppm` is not 0, else `uth` in µTh. Both 0 means the default. */
typedef struct spectra_tolerance {
    uint32_t uth; /**< in µTh */
    uint32_t ppm; /**< in 10⁻⁶ of the m/z */
} spectra_tolerance;

#endif
