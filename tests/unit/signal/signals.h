/* SPDX-License-Identifier: Apache-2.0 */
/* Seeded samples and memory for the tests of signal/. */
#ifndef TESTS_SIGNALS_H
#define TESTS_SIGNALS_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spectra/memory.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* Uniform in [0, 1): splitmix64. */
static inline double signals_uniform(uint64_t *seed) {
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* Normal, mean 0, deviation 1 (Box and Muller). */
static inline double signals_normal(uint64_t *seed) {
    double radius = sqrt(-2 * log(1 - signals_uniform(seed)));
    return radius * cos(6.283185307179586 * signals_uniform(seed));
}

/* A scratch over memory of its own: free its bytes. */
static inline spectra_scratch signals_scratch(size_t size) {
    spectra_scratch scratch;
    void *bytes = malloc(size);
    assert_non_null(bytes);
    memset(bytes, 0xff, size);
    spectra_scratch_init(&scratch, bytes, size);
    return scratch;
}

#endif
