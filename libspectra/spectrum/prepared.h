/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a prepared spectrum, for db/ and search/. Another type than the raw one: raw data cannot be scored. */
#ifndef SPECTRUM_PREPARED_H
#define SPECTRUM_PREPARED_H

#include <stdbool.h>

#include "spectra/prepare.h"

/* A known kind, nothing set that the kind does not use, and all within limits. */
bool spectrum_recipe_valid(const spectra_recipe *recipe);

/* The recipe for mixtures at accurate mass: as spectra_recipe_open, but peaks down to 0.02 % of the base peak stay. */
void spectrum_recipe_fine(spectra_recipe *recipe);

struct spectra_prepared {
    spectra_recipe recipe;
    uint32_t count;
    uint32_t out_of_range;
    uint32_t precursor_uth; /* 0 where unknown */

    const uint16_t *root; /* round(65535·√(I/base)), I an integer of 1..base: 999, or 2^20 of accurate m/z */

    /* SPECTRA_RECIPE_NOMINAL; m/z ascending, 1..4095, one peak each. */
    const uint16_t *nominal;
    const uint16_t *weighted; /* round(4095·u/max u), u = I^.53·m^1.3 */
    uint32_t first_mz; /* the lowest m/z with a peak as read, a zero intensity included; 0 for an empty spectrum */

    /* SPECTRA_RECIPE_ACCURATE; m/z ascending, in µTh. */
    const uint32_t *mz_uth;
    const uint16_t *weight; /* sum to 65535, or none */
};

/* Whether a recipe makes of the spectrum what another has made of it: they differ in the precursor margin alone, and
   all of the spectrum lies below it. */
bool spectrum_prepares_alike(const spectra_prepared *prepared, const spectra_spectrum *spectrum,
                             const spectra_recipe *recipe);

/* Entropy weights in place of intensities (Li et al. 2021): value[i] in any unit up to 2^21 becomes a weight; the
   weights sum to 65535 by largest remainder, ties to the lowest index, or are all 0 where the values are. `work` has
   room for count values. */
void spectrum_entropy_weights(uint16_t *weight, const uint64_t *value, uint64_t *work, size_t count);

/* floor(factor × part / whole) of two intensities, part <= whole: exact, in integers. */
uint64_t spectrum_share(double part, double whole, uint32_t factor);

/* The largest of `count` values, 0 where there are none. */
uint64_t spectrum_largest(const uint64_t *value, size_t count);

#endif
