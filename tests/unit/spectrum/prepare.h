/* SPDX-License-Identifier: Apache-2.0 */
/* Spectra to prepare, and room to do it in. */
#ifndef TESTS_UNIT_SPECTRUM_PREPARE_H
#define TESTS_UNIT_SPECTRUM_PREPARE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spectrum/prepared.h"

/* Room for every spectrum of a page. */
static _Alignas(64) uint8_t memory[1 << 22];

static inline spectra_spectrum *raw_of(const double *mz, const double *intensity, size_t count, const char *precursor) {
    spectra_spectrum *raw;
    assert_int_equal(spectra_spectrum_create(&raw, NULL), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_set_peaks(raw, mz, intensity, count, NULL), SPECTRA_OK);
    if (precursor) {
        assert_int_equal(spectra_spectrum_add_metadata(raw, "PrecursorMZ", precursor), SPECTRA_OK);
    }
    return raw;
}

static inline uint32_t weight_sum(const spectra_prepared *prepared) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < prepared->count; i++) sum += prepared->weight[i];
    return sum;
}

#endif
