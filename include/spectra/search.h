/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   Ranked search of one spectrum in one or several databases. What is returned equals comparing with every entry.
 */
#ifndef SPECTRA_SEARCH_H
#define SPECTRA_SEARCH_H

#include "spectra/database.h"
#include "spectra/prepare.h"
#include "spectra/tolerance.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is asked of a search. */
typedef int32_t spectra_search_mode;
enum {
    SPECTRA_SEARCH_IDENTITY = 0,   /**< is it this compound? MS/MS: candidates inside the precursor window */
    SPECTRA_SEARCH_SIMILARITY = 1, /**< what looks like it? MS/MS: all precursors */
    SPECTRA_SEARCH_REVERSE = 2,    /**< as identity, ranked by the reverse score (foreign peaks forgiven) */
    SPECTRA_SEARCH_HYBRID = 3      /**< what is it a modification of? All precursors; peaks may match shifted */
};

/** How alike two prepared spectra are. */
typedef int32_t spectra_measure;
enum {
    SPECTRA_MEASURE_DEFAULT = 0,      /**< match factor for EI, entropy for MS/MS and in-source spectra */
    SPECTRA_MEASURE_MATCH_FACTOR = 1, /**< NIST match factor: identity form; in similarity mode its similarity form */
    SPECTRA_MEASURE_IDENTITY = 2,     /**< E4 identity score for EI, over its full scale of 5 */
    SPECTRA_MEASURE_ENTROPY = 3,      /**< MS/MS, in-source: spectral entropy similarity (Li et al. 2021) */
    SPECTRA_MEASURE_COSINE = 4,       /**< of √I; EI: over the range that both spectra cover */
    SPECTRA_MEASURE_WEIGHTED_COSINE = 5, /**< EI: of I^.53·m^1.3 (Stein and Scott's kind of weights, Kim et al. 2012) */
    SPECTRA_MEASURE_MODIFIED_COSINE =
        6, /**< MS/MS: of √I, peaks match directly or shifted by the precursors' difference */
    SPECTRA_MEASURE_NEUTRAL_LOSS = 7, /**< MS/MS: cosine of √I over precursor − m/z */
    SPECTRA_MEASURE_HYBRID = 8 /**< MS/MS: entropy, peaks match directly or else as neutral losses (Li and Fiehn 2023);
                                    EI: match factor with peaks moved by the difference of nominal masses
                                    (Moorthy et al. 2017) */
};

/** What a search can be told. Zero in a field means the default. */
typedef struct spectra_search_options {
    uint32_t size;               /**< sizeof(spectra_search_options); a later version may be larger by what is zero */
    spectra_track track;         /**< UNKNOWN: as the record tells */
    spectra_search_mode mode;    /**< what is asked */
    spectra_measure measure;     /**< what ranks */
    spectra_tolerance tolerance; /**< of fragments; default 0.01 Th */
    spectra_tolerance precursor_tolerance; /**< default 20 ppm */
    uint32_t open;                         /**< 1: no precursor window */
    uint32_t all_spectra;                  /**< 1: every spectrum of a compound; 0: the best of each compound */
    uint32_t min_score;                    /**< in 2⁻³⁰ (SPECTRA_SCORE_ONE is a perfect score) */
    uint32_t mass_da;              /**< EI: nominal molecular mass of the query where known, at most 4095; 0 unknown */
    uint32_t exclude_own_compound; /**< 1: entries of the query's own compound (InChIKey, else name) */
    uint32_t exclude_accession_count;     /**< how many prefixes follow */
    const char *const *exclude_accession; /**< prefixes of accessions to leave out */
} spectra_search_options;

#define SPECTRA_SCORE_ONE 1073741824u /**< a perfect score: 2³⁰ */

/** One hit. Scores are integers in 2⁻³⁰; ties are broken by database, then entry number. */
typedef struct spectra_hit {
    uint32_t database;        /**< index into the databases searched */
    uint32_t entry;           /**< index into its entries */
    uint32_t substance;       /**< index into its substances */
    uint32_t score;           /**< the measure */
    uint32_t reverse_score;   /**< the measure with the query's unmatched peaks left out */
    uint32_t match_factor;    /**< EI: the match factor, whatever the ranking was; else 0 */
    uint32_t matched_peaks;   /**< peaks that both have */
    uint32_t reference_peaks; /**< of the reference, prepared */
    int64_t delta_mass_uda;   /**< query − reference in µDa: precursors, or nominal masses for EI */
    uint32_t has_delta_mass;  /**< 1 where delta_mass_uda is known */
    uint32_t reserved;        /**< 0 */
} spectra_hit;

/** What a search did, for reports. */
typedef struct spectra_search_summary {
    spectra_track track;       /**< that was searched */
    spectra_polarity polarity; /**< that was searched */
    spectra_search_mode mode;  /**< as asked */
    spectra_measure measure;   /**< that ranked */
    uint32_t hit_count;        /**< hits that were filled */
    uint32_t query_peaks;      /**< after preparation */
    uint32_t out_of_range;     /**< query peaks dropped because their m/z is beyond the recipe's range */
    uint32_t compared;         /**< reference spectra that were compared */
    uint32_t used_precursor;   /**< 1 where a precursor window was applied */
    uint32_t reserved;         /**< 0 */
} spectra_search_summary;

/**
 * Searches a spectrum. A reference that has nothing in common with it is no hit. EI is ranked by the NIST match factor
 * (Stein and Scott 1994), accurate masses by spectral entropy (Li et al. 2021), unless another measure is asked for;
 * candidates are all entries of the track and polarity, MS/MS inside a precursor window. Measures that compare
 * precursors look among the entries that have one. Nothing is allocated.
 * @param hits            room for `capacity` hits; filled best first
 * @param capacity        at least 1
 * @param summary         filled also when nothing is found; summary->hit_count of `hits` are valid
 * @param databases       `database_count` of them; all prepared by the same recipes for the track
 * @param database_count  at least 1
 * @param spectrum        the query, raw; stays as it is
 * @param options         NULL for all defaults
 * @param scratch         at least spectra_search_required bytes free; taken back before returning
 * @param error           nullable
 * @return SPECTRA_OK; SPECTRA_E_INVALID (track unknown or not told, contradictory options, a precursor or mass needed
 *         and missing); SPECTRA_E_NOT_FOUND where no database has the track; SPECTRA_E_UNSUPPORTED for a cosine in a
 *         database of MS/MS that an older version built; SPECTRA_E_RECIPE; SPECTRA_E_CORRUPT;
 *         SPECTRA_E_MEMORY where the scratch is too small; SPECTRA_E_LIMIT above 2²² peaks
 * Thread safety: any number of threads, each with a scratch of its own.
 */
SPECTRA_API spectra_status spectra_search(spectra_hit *hits, uint32_t capacity, spectra_search_summary *summary,
                                          const spectra_database *const *databases, uint32_t database_count,
                                          const spectra_spectrum *spectrum, const spectra_search_options *options,
                                          spectra_scratch *scratch, spectra_error *error);

/**
 * The scratch that a search takes at the most, whatever the databases.
 * @param peak_count  peaks of the query, at most 2²²
 * @return in bytes
 * Thread safety: any number of threads.
 */
SPECTRA_API size_t spectra_search_required(size_t peak_count);

/** Two EI spectra of a database that are alike. */
typedef struct spectra_pair {
    uint32_t first;  /**< entry */
    uint32_t second; /**< entry, above `first` */
    uint32_t score;  /**< SPECTRA_MEASURE_COSINE of the two, in 2⁻³⁰ */
} spectra_pair;

/**
 * Takes pairs as they are found. They are lent until it returns.
 * @param context  what was given beside the function
 * @param pairs    `count` of them
 * @param count    at least 1
 * @return SPECTRA_OK to go on; anything else stops, and is what the search returns
 */
typedef spectra_status (*spectra_take_pairs)(void *context, const spectra_pair *pairs, uint32_t count);

/** How spectra_search_pairs compares. Set `size`; zero in a field means its default. */
typedef struct spectra_pairs_options {
    uint32_t size;       /**< sizeof(spectra_pairs_options); a later version may be larger by what is zero */
    uint32_t min_score;  /**< only pairs of at least this score, in 2⁻³⁰; default 0.7 */
    uint32_t part_count; /**< into how many parts of about the same work it is split, say one a thread; default 1 */
    uint32_t part;       /**< the part to do, below part_count; together the parts give every pair once */
} spectra_pairs_options;

/**
 * Compares all EI spectra of a database with each other, and hands over every pair whose cosine reaches a least score:
 * of √intensity, over the range that both spectra cover, as spectra_similarity has it. No two are compared twice, and
 * none with itself. The order of the pairs has no meaning, but it is the same on every computer. Nothing is allocated,
 * and no matrix is made: what is kept does not grow with the number of pairs.
 * @param database  with EI spectra; stays as it is
 * @param options   NULL for all defaults
 * @param take      called with some pairs at a time
 * @param context   for `take`
 * @param scratch   at least spectra_search_pairs_required bytes free; taken back before returning
 * @param error     nullable
 * @return SPECTRA_OK; what `take` returned where it stopped; SPECTRA_E_INVALID; SPECTRA_E_NOT_FOUND where the database
 *         has no EI spectra; SPECTRA_E_CORRUPT; SPECTRA_E_MEMORY where the scratch is too small
 * Thread safety: any number of threads, each with a scratch of its own; `take` is called by the thread that called.
 */
SPECTRA_API spectra_status spectra_search_pairs(const spectra_database *database, const spectra_pairs_options *options,
                                                spectra_take_pairs take, void *context, spectra_scratch *scratch,
                                                spectra_error *error);

/**
 * The scratch that spectra_search_pairs takes at the most.
 * @param database  the database to be compared; NULL counts as empty
 * @return in bytes
 * Thread safety: any number of threads.
 */
SPECTRA_API size_t spectra_search_pairs_required(const spectra_database *database);

/**
 * Compares two spectra by a measure, as a search compares a query with a reference. Nothing is allocated.
 * @param out        score, reverse score, match factor, matched and reference peaks, difference of masses; database,
 *                   entry and substance are 0
 * @param query      raw; decides the track where the options do not
 * @param reference  raw
 * @param options    NULL for all defaults; track, mode, measure, tolerance and mass_da count
 * @param recipe     by which both are prepared; NULL: nominal for EI, windowed where the measure compares precursors,
 *                   else open
 * @param scratch    at least spectra_similarity_required bytes free; taken back before returning
 * @param error      nullable
 * @return SPECTRA_OK; SPECTRA_E_INVALID as spectra_search, or where a recipe needs a precursor that is not told;
 *         SPECTRA_E_RECIPE for one of another kind of spectrum; SPECTRA_E_MEMORY where the scratch is too small;
 *         SPECTRA_E_LIMIT above 2²² peaks
 * Thread safety: any number of threads, each with a scratch of its own.
 */
SPECTRA_API spectra_status spectra_similarity(spectra_hit *out, const spectra_spectrum *query,
                                              const spectra_spectrum *reference, const spectra_search_options *options,
                                              const spectra_recipe *recipe, spectra_scratch *scratch,
                                              spectra_error *error);

/**
 * The scratch that a comparison takes at the most.
 * @param query_peak_count      peaks of the query, at most 2²²
 * @param reference_peak_count  peaks of the reference, at most 2²²
 * @return in bytes
 * Thread safety: any number of threads.
 */
SPECTRA_API size_t spectra_similarity_required(size_t query_peak_count, size_t reference_peak_count);

/**
 * The name of a measure as the command line spells it, e.g. "match-factor".
 * @param measure  any value
 * @return text of static storage, never NULL
 * Thread safety: any number of threads.
 */
SPECTRA_API const char *spectra_measure_text(spectra_measure measure);

#ifdef __cplusplus
}
#endif
#endif
