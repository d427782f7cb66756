/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   From a raw spectrum to one that can be scored, by a recipe. All in integers: the same bits on every CPU. */
#ifndef SPECTRA_PREPARE_H
#define SPECTRA_PREPARE_H

#include "spectra/spectrum.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A prepared spectrum. It lives in the scratch it was made in and has no free. */
typedef struct spectra_prepared spectra_prepared;

/** What of a spectrum is kept and how it is weighted. */
typedef uint32_t spectra_recipe_kind;
enum {
    SPECTRA_RECIPE_NOMINAL = 1, /**< one peak per integer m/z, integers of 999 (EI) */
    SPECTRA_RECIPE_ACCURATE = 2 /**< accurate m/z, intensities weighted by spectral entropy */
};

/** How a spectrum is prepared. A database states the recipe of each of its peak sets. */
typedef struct spectra_recipe {
    spectra_recipe_kind kind;      /**< decides which of the others apply; those that do not are 0 */
    uint32_t precursor_margin_uth; /**< accurate: keep m/z < precursor − this, in µTh; 0 keeps all */
    uint32_t noise_ppm;            /**< accurate: drop what is below this share of the base peak, in 10⁻⁶ */
    uint32_t merge_gap_uth;        /**< accurate: peaks this close, in µTh, become one; at most 1,000,000 */
} spectra_recipe;

/**
 * The recipe for 70 eV EI at nominal mass.
 * @param recipe  to be filled
 * Thread safety: any number of threads.
 */
SPECTRA_API void spectra_recipe_nominal(spectra_recipe *recipe);
/**
 * The recipe for fragment spectra inside a precursor window: nothing from 1.6 Th below the precursor upwards, nothing
 * below 1 % of the base peak, peaks 0.02 Th apart are one, weighted by spectral entropy (Li et al. 2021).
 * @param recipe  to be filled
 * Thread safety: any number of threads.
 */
SPECTRA_API void spectra_recipe_windowed(spectra_recipe *recipe);
/**
 * The recipe for open search and in-source spectra: as spectra_recipe_windowed, but the precursor stays.
 * @param recipe  to be filled
 * Thread safety: any number of threads.
 */
SPECTRA_API void spectra_recipe_open(spectra_recipe *recipe);

/**
 * A number that names a recipe: equal if and only if two recipes prepare alike.
 * @param recipe  any
 * @return eight bytes of the SHA-256 of its fields
 * Thread safety: any number of threads.
 */
SPECTRA_API uint64_t spectra_recipe_fingerprint(const spectra_recipe *recipe);

/**
 * Prepares a spectrum. One without peaks, or one that loses all of them, is prepared to an empty one that matches
 * nothing. Nothing is allocated.
 * @param out       in the scratch: valid until it is reset or its bytes go
 * @param spectrum  any; stays as it is
 * @param recipe    copied
 * @param scratch   at least spectra_prepare_required bytes free; what it took is given back unless SPECTRA_OK
 * @param error     nullable
 * @return SPECTRA_OK; SPECTRA_E_INVALID for a recipe that contradicts itself, or one with a precursor margin and a
 *         spectrum without precursor; SPECTRA_E_MEMORY where the scratch is too small; SPECTRA_E_LIMIT above 2²² peaks
 * Thread safety: any number of threads, each with a scratch of its own.
 */
SPECTRA_API spectra_status spectra_prepare(const spectra_prepared **out, const spectra_spectrum *spectrum,
                                           const spectra_recipe *recipe, spectra_scratch *scratch,
                                           spectra_error *error);

/**
 * The scratch that preparing takes at the most.
 * @param peak_count  peaks of the spectrum
 * @return in bytes; SIZE_MAX where no memory could hold it
 * Thread safety: any number of threads.
 */
SPECTRA_API size_t spectra_prepare_required(size_t peak_count);

/**
 * Number of peaks left.
 * @param prepared  not NULL
 * @return a count
 * Thread safety: any number of threads.
 */
SPECTRA_API size_t spectra_prepared_peak_count(const spectra_prepared *prepared);
/**
 * Peaks of the raw spectrum beyond what the recipe can hold (m/z above its range): they were dropped.
 * @param prepared  not NULL
 * @return a count
 * Thread safety: any number of threads.
 */
SPECTRA_API size_t spectra_prepared_out_of_range(const spectra_prepared *prepared);

#ifdef __cplusplus
}
#endif
#endif
