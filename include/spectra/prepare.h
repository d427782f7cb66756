/* SPDX-License-Identifier: Apache-2.0 */
/* From a raw spectrum to one that can be scored, by a recipe. All in integers: the same bits on every CPU. */
#ifndef SPECTRA_PREPARE_H
#define SPECTRA_PREPARE_H

#include "spectra/spectrum.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct spectra_prepared spectra_prepared;

typedef uint32_t spectra_recipe_kind;
enum {
    SPECTRA_RECIPE_NOMINAL = 1, /**< one peak per integer m/z, integers of 999 (EI) */
    SPECTRA_RECIPE_ACCURATE = 2 /**< accurate m/z, intensities weighted by spectral entropy */
};

/** How a spectrum is prepared. A database states the recipe of each of its peak sets. */
typedef struct spectra_recipe {
    spectra_recipe_kind kind;
    uint32_t precursor_margin_uth; /**< accurate: keep m/z < precursor − this, in µTh; 0 keeps all */
    uint32_t noise_ppm;            /**< accurate: drop what is below this share of the base peak, in 10⁻⁶ */
    uint32_t merge_gap_uth;        /**< accurate: peaks this close, in µTh, become one; at most 1,000,000 */
} spectra_recipe;

/** The recipe for 70 eV EI at nominal mass. */
SPECTRA_API void spectra_recipe_nominal(spectra_recipe *recipe);
/** The recipe for fragment spectra inside a precursor window: nothing from 1.6 Th below the precursor upwards. */
SPECTRA_API void spectra_recipe_windowed(spectra_recipe *recipe);
/** The recipe for open search and in-source spectra: the precursor stays. */
SPECTRA_API void spectra_recipe_open(spectra_recipe *recipe);

/** Eight bytes that name a recipe: equal if and only if two recipes prepare alike (of their SHA-256). */
SPECTRA_API uint64_t spectra_recipe_fingerprint(const spectra_recipe *recipe);

/**
 * Prepares a spectrum.
 * @param out     in the scratch
 * @param scratch at least spectra_prepare_required bytes free
 * @return SPECTRA_OK; SPECTRA_E_INVALID for a recipe that contradicts itself, or one with a precursor margin and a
 * spectrum without precursor; SPECTRA_E_MEMORY where the scratch is too small; SPECTRA_E_LIMIT above 2²² peaks A
 * spectrum without peaks, or one that loses all of them, is prepared to an empty one that matches nothing.
 */
SPECTRA_API spectra_status spectra_prepare(const spectra_prepared **out, const spectra_spectrum *spectrum,
                                           const spectra_recipe *recipe, spectra_scratch *scratch,
                                           spectra_error *error);

/** Bytes of scratch that preparing a spectrum of `peak_count` peaks takes at the most. */
SPECTRA_API size_t spectra_prepare_required(size_t peak_count);

/** Number of peaks left. */
SPECTRA_API size_t spectra_prepared_peak_count(const spectra_prepared *prepared);
/** Peaks of the raw spectrum beyond what the recipe can hold (m/z above its range): they were dropped. */
SPECTRA_API size_t spectra_prepared_out_of_range(const spectra_prepared *prepared);

#ifdef __cplusplus
}
#endif
#endif
