/* SPDX-License-Identifier: Apache-2.0 */
/* How a call reports what went wrong. Fills the caller's error; keeps no state of its own. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "spectra/status.h"

/* A position in input: line from 1 (0: none), offset in bytes from 0. */
typedef struct base_place {
    uint64_t line;
    uint64_t offset;
} base_place;

/* Fills *error (NULL is fine) and returns status. The format knows %s (NULL prints as nothing) and %u (uint64_t). */
spectra_status base_fail(spectra_error *error, spectra_status status, base_place place, const char *format, ...);

#define BASE_NO_PLACE ((base_place){0, 0})

#endif
