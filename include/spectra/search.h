/* SPDX-License-Identifier: Apache-2.0 */
/* Ranked search of one spectrum in one or several databases. What is returned equals comparing with every entry. */
#ifndef SPECTRA_SEARCH_H
#define SPECTRA_SEARCH_H

#include "spectra/database.h"
#include "spectra/tolerance.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef int32_t spectra_search_mode;
enum {
    SPECTRA_SEARCH_IDENTITY = 0,   /**< is it this compound? MS/MS: candidates inside the precursor window */
    SPECTRA_SEARCH_SIMILARITY = 1, /**< what looks like it? MS/MS: all precursors */
    SPECTRA_SEARCH_REVERSE = 2     /**< as identity, ranked by the reverse score (foreign peaks forgiven) */
};

typedef int32_t spectra_measure;
enum {
    SPECTRA_MEASURE_DEFAULT = 0,      /**< match factor for EI, entropy for MS/MS and in-source spectra */
    SPECTRA_MEASURE_MATCH_FACTOR = 1, /**< NIST match factor: identity form; in similarity mode its similarity form */
    SPECTRA_MEASURE_IDENTITY = 2,     /**< E4 identity score for EI, over its full scale of 5 */
    SPECTRA_MEASURE_ENTROPY = 3       /**< spectral entropy similarity (Li et al. 2021) */
};

/** Zero in a field means the default. */
typedef struct spectra_search_options {
    uint32_t size;       /**< sizeof(spectra_search_options) */
    spectra_track track; /**< UNKNOWN: as the record tells */
    spectra_search_mode mode;
    spectra_measure measure;
    spectra_tolerance tolerance;           /**< of fragments; default 0.01 Th */
    spectra_tolerance precursor_tolerance; /**< default 20 ppm */
    uint32_t open;                         /**< 1: no precursor window */
    uint32_t all_spectra;                  /**< 1: every spectrum of a compound; 0: the best of each compound */
    uint32_t min_score;                    /**< in 2⁻³⁰ (SPECTRA_SCORE_ONE is a perfect score) */
    uint32_t mass_da;                      /**< EI: nominal molecular mass of the query where known; 0 unknown */
    uint32_t exclude_own_compound;         /**< 1: entries of the query's own compound (InChIKey, else name) */
    uint32_t exclude_accession_count;
    const char *const *exclude_accession; /**< prefixes of accessions to leave out */
} spectra_search_options;

#define SPECTRA_SCORE_ONE 1073741824u /* 2³⁰ */

/** One hit. Scores are integers in 2⁻³⁰; ties are broken by database, then entry number. */
typedef struct spectra_hit {
    uint32_t database; /**< index into the databases searched */
    uint32_t entry;
    uint32_t substance;
    uint32_t score;
    uint32_t reverse_score; /**< the measure with the query's unmatched peaks left out */
    uint32_t match_factor;  /**< EI: the match factor, whatever the ranking was; else 0 */
    uint32_t matched_peaks;
    uint32_t reference_peaks;
    int64_t delta_mass_uda; /**< query − reference in µDa: precursors, or nominal masses for EI */
    uint32_t has_delta_mass;
    uint32_t reserved;
} spectra_hit;

/** What a search did, for reports. */
typedef struct spectra_search_summary {
    spectra_track track;
    spectra_polarity polarity;
    spectra_search_mode mode;
    spectra_measure measure;
    uint32_t hit_count;
    uint32_t query_peaks;    /**< after preparation */
    uint32_t out_of_range;   /**< query peaks dropped because their m/z is beyond the recipe's range */
    uint32_t compared;       /**< reference spectra that were compared */
    uint32_t used_precursor; /**< 1 where a precursor window was applied */
    uint32_t reserved;
} spectra_search_summary;

/**
 * Searches a spectrum. A reference that has nothing in common with it is no hit.
 * @param hits      room for `capacity` hits; filled best first
 * @param summary   filled also when nothing is found; summary->hit_count of `hits` are valid
 * @param databases count of them; all prepared by the same recipes for the track
 * @param options   NULL for all defaults
 * @param scratch   at least spectra_search_required bytes free; taken back before returning
 * @return SPECTRA_OK; SPECTRA_E_INVALID (track unknown or not told, contradictory options, a precursor needed and
 *         missing); SPECTRA_E_NOT_FOUND where no database has the track; SPECTRA_E_RECIPE; SPECTRA_E_CORRUPT;
 *         SPECTRA_E_MEMORY. Nothing is allocated.
 * Thread safety: any thread, with a scratch of its own.
 */
SPECTRA_API spectra_status spectra_search(spectra_hit *hits, uint32_t capacity, spectra_search_summary *summary,
                                          const spectra_database *const *databases, uint32_t database_count,
                                          const spectra_spectrum *spectrum, const spectra_search_options *options,
                                          spectra_scratch *scratch, spectra_error *error);

/** Bytes of scratch a search takes at the most for a query of `peak_count` peaks. */
SPECTRA_API size_t spectra_search_required(size_t peak_count);

/** The name of a measure as the command line spells it, e.g. "match-factor". Static storage, never NULL. */
SPECTRA_API const char *spectra_measure_text(spectra_measure measure);

#ifdef __cplusplus
}
#endif
#endif
