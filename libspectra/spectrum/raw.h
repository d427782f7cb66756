/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a raw spectrum, for the readers that fill it. Reused from record to record. */
#ifndef SPECTRUM_RAW_H
#define SPECTRUM_RAW_H

#include <stdbool.h>

#include "base/error.h"
#include "base/memory.h"
#include "spectra/spectrum.h"

/* Makes the spectrum empty and keeps its memory. */
void spectrum_clear(spectra_spectrum *spectrum);

/* Where the spectrum's memory comes from. */
const spectra_allocator *spectrum_allocator(const spectra_spectrum *spectrum);

/* Takes all peaks away. */
void spectrum_clear_peaks(spectra_spectrum *spectrum);
/* Room for `count` peaks in all, so that adding them cannot fail; false where memory is short. */
bool spectrum_reserve_peaks(spectra_spectrum *spectrum, size_t count);

/* Whether a peak may stand in a spectrum. */
bool spectrum_peak_valid(double mz, double intensity);

/* All appending calls return false where memory is short. Text is copied with its size; no NUL inside. What is no UTF-8
   is taken as Windows-1252, with a warning. */
bool spectrum_add_peak(spectra_spectrum *spectrum, double mz, double intensity);
/* Beside the last peak added. */
bool spectrum_add_annotation(spectra_spectrum *spectrum, const char *text, size_t size);
/* Key and value lose the blanks around them; the key is not empty then. */
bool spectrum_add_pair(spectra_spectrum *spectrum, const char *key, size_t key_size, const char *value,
                       size_t value_size);
bool spectrum_add_warning(spectra_spectrum *spectrum, const char *text);

/* What every reader ends in: values finite, m/z positive, intensities not negative; peaks sorted (with a warning).
   Fails with SPECTRA_E_FORMAT at `place`, or SPECTRA_E_MEMORY. */
spectra_status spectrum_finish(spectra_spectrum *spectrum, base_place place, spectra_error *error);

#endif
