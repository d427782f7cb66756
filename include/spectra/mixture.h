/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   What a sample is made of: one or several spectra of it (in-source CID at several energies, say) explained by
   reference spectra together. The library gives evidence; a person identifies.
 */
#ifndef SPECTRA_MIXTURE_H
#define SPECTRA_MIXTURE_H

#include "spectra/identify.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SPECTRA_MIXTURE_SPECTRA 16     /**< spectra of one sample, at most */
#define SPECTRA_MIXTURE_COMPONENTS 16  /**< listed, at most */
#define SPECTRA_MIXTURE_UNEXPLAINED 10 /**< listed for each spectrum, at most */

/** A substance without which the spectra of the sample are not explained. */
typedef struct spectra_component {
    /** SPECTRA_VERDICT_SUPPORTED; SPECTRA_VERDICT_NOT_DISTINGUISHED where an isomer could take its place, or one was
        never measured. */
    spectra_verdict verdict;
    uint32_t database;  /**< index into the databases */
    uint32_t substance; /**< index into its substances */
    uint32_t entry;     /**< one of its spectra in the lowest energy */
    /** How much worse the spectra are explained without it (and without what could take its place): growth of χ², at
        most 200 a spectrum, summed over the spectra; in thousandths. 12 of it do not rest on the one ion of each
        spectrum that speaks for it most. */
    uint32_t evidence;
    uint32_t supporting; /**< in how many of the spectra leaving it out costs 4 or more */
    /** Of the signal at the lowest energy, in 10⁻⁶: its coefficient in units of the reference's base peak, over the sum
        of all. No amount of substance: substances differ in response. */
    uint32_t share_ppm;
    uint32_t share_low_ppm;     /**< where a 95 % interval of the share begins, the other coefficients held */
    uint32_t share_high_ppm;    /**< and where it ends */
    uint32_t alternative_count; /**< how many of the next */
    const spectra_substance_ref *alternatives;  /**< isomers that could take its place */
    const spectra_substance_ref *unrepresented; /**< isomers that the track has no spectrum of */
    uint32_t unrepresented_count;               /**< how many */
    uint32_t reserved;                          /**< 0 */
} spectra_component;

/** How one spectrum of the sample was compared and what of it is left. */
typedef struct spectra_mixture_spectrum {
    uint32_t index;              /**< which of the spectra handed over */
    uint32_t compared;           /**< reference spectra weighed */
    int32_t shift_uth;           /**< the masses were this much too high, in µTh; 0 where that was not asked */
    uint32_t peaks;              /**< of the spectrum, compared */
    uint32_t explained_permille; /**< of its summed intensity */
    uint32_t unexplained_count;  /**< how many of the next */
    spectra_main_peak unexplained[SPECTRA_MIXTURE_UNEXPLAINED]; /**< strongest first: 3 σ above what is explained */
} spectra_mixture_spectrum;

/** What a sample is consistent with. All pointers are in the scratch, or static where that is said. */
typedef struct spectra_mixture {
    /** NO_MATCH: no reference is a candidate; INCONCLUSIVE: none has the evidence; NOT_DISTINGUISHED: one of the
        components is; else SUPPORTED. */
    spectra_verdict verdict;
    spectra_search_summary search;           /**< track, polarity; query_peaks of all spectra */
    spectra_tolerance tolerance;             /**< in force where masses were not compared as integers */
    uint32_t integer_masses;                 /**< 1: masses were compared as integers */
    uint32_t component_count;                /**< how many */
    const spectra_component *components;     /**< by falling share */
    uint32_t candidate_count;                /**< substances that were considered */
    uint32_t spectrum_count;                 /**< as handed over */
    const spectra_mixture_spectrum *spectra; /**< by rising energy */
    const char *const *against;              /**< what speaks against the verdict, in words */
    uint32_t against_count;                  /**< how many sentences */
    uint32_t warning_count;                  /**< how many of the next */
    const char *const *warnings;             /**< what limits it */
} spectra_mixture;

/**
 * Explains the spectra of one sample by reference spectra together: for each collision energy non-negative least
 * squares, and for each substance the growth of χ² where it is left out. A substance is a component where that growth,
 * summed over the spectra, reaches a threshold fixed on development data and its share 0.2 %. Spectra are compared
 * with those of the nearest collision energy, moved by what their masses are off on the whole. Nothing is allocated.
 * Sources: non-negative least squares of library spectra, Moorthy and Sisco 2021 (inverted library search); the
 * weights and the evidence are this library's (docs/decisions).
 * @param out             in the scratch: valid until it is reset or its bytes go, and while the databases are open
 * @param databases       `database_count` of them; all prepared by the same recipes for the track
 * @param database_count  at least 1
 * @param spectra         `spectrum_count` of them, raw, in-source, of one sample and polarity; they stay as they are
 * @param spectrum_count  1 to SPECTRA_MIXTURE_SPECTRA
 * @param options         as for spectra_identify; NULL for all defaults. The tolerance is 0.006 Th by default; of 0.1
 * Th and more masses are compared as integers, as they are where those of all peaks are integers
 * @param scratch         at least spectra_mixture_required bytes free
 * @param error           nullable
 * @return as spectra_search; SPECTRA_E_UNSUPPORTED for EI and MS/MS, and where a database was built before it held what
 *         mixtures need
 * Thread safety: any number of threads, each with a scratch of its own.
 */
SPECTRA_API spectra_status spectra_mixture_identify(const spectra_mixture **out,
                                                    const spectra_database *const *databases, uint32_t database_count,
                                                    const spectra_spectrum *const *spectra, uint32_t spectrum_count,
                                                    const spectra_search_options *options, spectra_scratch *scratch,
                                                    spectra_error *error);

/**
 * The scratch that it takes at the most, whatever the databases.
 * @param peak_count      peaks of the largest spectrum, at most 2²²
 * @param spectrum_count  at most SPECTRA_MIXTURE_SPECTRA
 * @return in bytes
 * Thread safety: any number of threads.
 */
SPECTRA_API size_t spectra_mixture_required(size_t peak_count, uint32_t spectrum_count);

#ifdef __cplusplus
}
#endif
#endif
