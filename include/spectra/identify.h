/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   The verdict: what a spectrum is consistent with, what cannot be told apart, what speaks against it, and of an
   analogue that no database holds its family, mass and modified sites. The library gives evidence; a person identifies.
 */
#ifndef SPECTRA_IDENTIFY_H
#define SPECTRA_IDENTIFY_H

#include "spectra/search.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What can be said of a spectrum, in five words. */
typedef int32_t spectra_verdict;
enum {
    SPECTRA_VERDICT_SUPPORTED = 0,         /**< consistent with one substance */
    SPECTRA_VERDICT_NOT_DISTINGUISHED = 1, /**< consistent with several, or with isomers nobody measured */
    SPECTRA_VERDICT_CLASS_ONLY = 2,        /**< of a family, and consistent with none of its measured members */
    SPECTRA_VERDICT_INCONCLUSIVE = 3,      /**< something resembles it, too little to say more */
    SPECTRA_VERDICT_NO_MATCH = 4           /**< nothing in the databases resembles it */
};

/**
 * A verdict as the reports spell it, e.g. "not_distinguished".
 * @param verdict  any value
 * @return text of static storage, never NULL
 * Thread safety: any number of threads.
 */
SPECTRA_API const char *spectra_verdict_text(spectra_verdict verdict);

/** Whether the scores of a search have probabilities. */
typedef int32_t spectra_calibration;
enum {
    SPECTRA_CALIBRATION_NONE = 0,   /**< no database searched is calibrated for the track and polarity */
    SPECTRA_CALIBRATION_INSIDE = 1, /**< the case is of the kind that the calibration was fitted from */
    SPECTRA_CALIBRATION_OUTSIDE = 2 /**< it is not, or several databases were searched: no probability is given */
};

/** One of the strongest peaks of a spectrum, and whether the other spectrum has it too. */
typedef struct spectra_main_peak {
    uint32_t mz_uth;   /**< m/z in µTh; nominal spectra: the integer times 10⁶ */
    uint32_t permille; /**< of the base peak of the prepared spectrum */
    uint32_t matched;  /**< 1 where the other spectrum has it */
    uint32_t reserved; /**< 0 */
} spectra_main_peak;

/** A substance by database and index. */
typedef struct spectra_substance_ref {
    uint32_t database;  /**< index into the databases searched */
    uint32_t substance; /**< index into its substances */
} spectra_substance_ref;

/** One place at which an analogue differs from its family's parent. Text is borrowed from the database. */
typedef struct spectra_modified_site {
    const char *label;   /**< what reports call it, e.g. "D" */
    const char *words;   /**< the place in plain words */
    const char *formula; /**< what is gained or lost, in signed counts ("C+1H+2"); "" where several would fit */
    int64_t delta_uda;   /**< the same as a mass in µDa; EI: a whole number of Da */
} spectra_modified_site;

#define SPECTRA_MODIFIED_SITES 4 /**< how many sites a hypothesis has at the most */

/** A hypothesis of where an analogue differs from its family's parent. */
typedef struct spectra_site_set {
    spectra_modified_site sites[SPECTRA_MODIFIED_SITES]; /**< in the family's order; a label twice for two places */
    uint32_t count;                                      /**< of sites; 0: none, it is the parent or an isomer */
    uint32_t permille;                                   /**< probability among all hypotheses of the family */
} spectra_site_set;

/** How an analogue differs from its family's parent. */
typedef struct spectra_modification {
    const char *parent;                /**< name of the unmodified compound */
    const char *formula;               /**< of the difference, in signed counts; "" where several would fit */
    int64_t delta_uda;                 /**< mass minus the parent's, in µDa; EI: a whole number of Da */
    uint32_t formula_permille;         /**< accurate mass: probability of the formula; 0 where there is none */
    uint32_t reserved;                 /**< 0 */
    const spectra_site_set *site_sets; /**< most probable first */
    uint32_t site_set_count;           /**< how many; 0: nothing can be said */
    uint32_t credible_count;           /**< the first so many hold 95 % of the probability */
} spectra_modification;

/** Where a molecular mass comes from. */
typedef int32_t spectra_mass_origin;
enum {
    SPECTRA_MASS_UNKNOWN = 0,  /**< there is none */
    SPECTRA_MASS_GIVEN = 1,    /**< by the caller, or by the record's precursor */
    SPECTRA_MASS_OBSERVED = 2, /**< the spectrum has the molecular ion */
    SPECTRA_MASS_INFERRED = 3  /**< from fragments and from what resembles it */
};

/** A nominal mass that the molecule may have. */
typedef struct spectra_mass_candidate {
    uint32_t value_da; /**< in Da */
    uint32_t permille; /**< its probability */
} spectra_mass_candidate;

/** The nominal mass of the molecule. */
typedef struct spectra_molecular_mass {
    uint32_t value_da;          /**< 0 unknown */
    spectra_mass_origin origin; /**< where it comes from */
    uint32_t permille;          /**< its probability; 1000 where it is given, 0 where none can be told */
    uint32_t credible_count;    /**< the first so many candidates hold 95 % of the probability; 0: all that are
                                     listed hold less */
    const spectra_mass_candidate *candidates; /**< EI: most probable first, the value among them; else NULL */
    uint32_t candidate_count;                 /**< how many; 0 where the mass is given or the method names one alone */
    uint32_t reserved;                        /**< 0 */
} spectra_molecular_mass;

/** An ion that a hypothesis expects, and what of it is there. Text is borrowed from the database or static. */
typedef struct spectra_explained_ion {
    uint32_t mz_uth;      /**< where the hypothesis expects it, in µTh */
    uint32_t permille;    /**< of the base peak; 0 where it is absent */
    const char *fragment; /**< what it is in the parent, e.g. its formula; "" where that has no name */
    const char *kept;     /**< labels of the sites that it keeps, e.g. "CDE" */
    uint32_t parent_uth;  /**< its m/z in the parent, in µTh */
    int32_t contribution; /**< to the logarithm of the odds, in thousandths: positive speaks for the hypothesis */
    int32_t error_uth;    /**< accurate mass: found minus expected, in µTh; 0 where it is absent */
    uint32_t reserved;    /**< 0 */
} spectra_explained_ion;

/** What the probability of a family rests on. Filled whatever comes of it. */
typedef struct spectra_class_evidence {
    const char *family; /**< its name; NULL where none was asked for */
    uint32_t rule;      /**< accurate mass: share of the spectrum that the best hypothesis explains, its cost taken off;
                           in 10⁻⁶ */
    uint32_t explained; /**< accurate mass: peaks that it explains */
    int32_t fragments;  /**< EI: logarithm of the odds by the fragments alone, in thousandths */
    uint32_t likeness; /**< to the member most like it, fragments moved with the precursor or, EI, by the best shift; in
                          2⁻³⁰ */
    uint32_t mean_likeness; /**< EI: likewise, mean of the five members most like it */
    uint32_t references;    /**< 1 where a member was there to compare with */
    int32_t logit;          /**< logarithm of the odds for the family, in thousandths */
    int32_t threshold;      /**< from which the family is named, alike */
} spectra_class_evidence;

#define SPECTRA_MAIN_PEAKS 10 /**< how many of the strongest peaks an identification lists */

/** Everything a report needs. All pointers are in the scratch, or static where that is said. */
typedef struct spectra_identification {
    spectra_verdict verdict;       /**< what can be said */
    spectra_search_summary search; /**< how it was searched */

    spectra_calibration calibration; /**< whether the two probabilities are given */
    uint32_t calibration_queries;    /**< degraded spectra that they were fitted from; 0 without */
    uint8_t calibration_digest[32];  /**< SHA-256 of its row in the database; 0 without */
    /** How likely the best candidate is the right compound, in per mille (1 to 999; 0 where none is given), if the
        compound is in the database as often as not. */
    uint32_t structure_permille;
    uint32_t group_permille; /**< likewise, that its formula is right */

    const spectra_hit *candidates; /**< best first, the best spectrum of each compound */
    uint32_t candidate_count;      /**< how many */
    uint32_t set_count;            /**< the first set_count candidates cannot be told apart; 0 without a match */

    /** Isomers of the set that the substances table knows and the track has no spectrum of. */
    const spectra_substance_ref *unrepresented;
    uint32_t unrepresented_count; /**< how many */

    /** A family, e.g. "fentanyl-related": where every member of the set belongs to it, or where the spectrum shows it
        by itself. NULL where neither is so. */
    const char *class_name;
    uint32_t class_permille; /**< probability of the family by the spectrum itself; 0 where none can be given */

    spectra_class_evidence class_evidence; /**< where class_permille comes from */

    spectra_modification modification;     /**< how an analogue differs from the family's parent */
    spectra_molecular_mass molecular_mass; /**< of the query */

    const spectra_hit *relatives; /**< known members of the family that resemble it most, whatever their mass */
    uint32_t relative_count;      /**< how many */
    uint32_t explained_count;     /**< how many of the next */
    const spectra_explained_ion *explained; /**< what the best hypothesis expects, by the weight of the evidence */

    spectra_main_peak query_peaks[SPECTRA_MAIN_PEAKS];     /**< strongest peaks of the query, descending */
    uint32_t query_peak_count;                             /**< how many */
    spectra_main_peak reference_peaks[SPECTRA_MAIN_PEAKS]; /**< those of the best candidate's reference */
    uint32_t reference_peak_count;                         /**< how many */

    const char *const *against;  /**< what speaks against the verdict, in words */
    uint32_t against_count;      /**< how many sentences */
    const char *const *warnings; /**< what limits it: the input's oddities, what the database cannot see */
    uint32_t warning_count;      /**< how many sentences */
} spectra_identification;

/**
 * Identifies a spectrum. EI candidates are ranked by the identity score E4, accurate-mass ones by spectral entropy.
 * Whether a score carries a verdict is decided by thresholds that were fixed on development data
 * (libspectra/identify/thresholds.h). Probabilities come from the database's own calibration
 * (spectra_builder_calibrate) and are given only inside its domain. Nothing is allocated.
 * @param out             in the scratch: valid until it is reset or its bytes go, and while the databases are open
 * @param databases       `database_count` of them; all prepared by the same recipes for the track
 * @param database_count  at least 1
 * @param spectrum        the query, raw; stays as it is
 * @param options         as for spectra_search; mode and measure must be left at their defaults; NULL for all defaults
 * @param scratch         at least spectra_identify_required bytes free
 * @param error           nullable
 * @return as spectra_search
 * Thread safety: any number of threads, each with a scratch of its own.
 */
SPECTRA_API spectra_status spectra_identify(const spectra_identification **out,
                                            const spectra_database *const *databases, uint32_t database_count,
                                            const spectra_spectrum *spectrum, const spectra_search_options *options,
                                            spectra_scratch *scratch, spectra_error *error);

/**
 * The scratch that an identification takes at the most, whatever the databases.
 * @param peak_count  peaks of the query, at most 2²²
 * @return in bytes
 * Thread safety: any number of threads.
 */
SPECTRA_API size_t spectra_identify_required(size_t peak_count);

/**
 * Calibrates a database in the making: fits how likely the best candidate of an identification is right, from degraded
 * copies of its own spectra, each counted once as it is and once as if its compound were not in the database (logistic
 * regression on the best score and its distance to the second compound). Tracks with fewer than 100 spectra, and
 * in-source spectra, stay uncalibrated. Call it when everything has been added: adding drops the calibration. It takes
 * the memory of a written database and up to 1000 searches for each track and polarity.
 * @param builder  to be calibrated; what spectra_builder_write_memory lent is taken back
 * @param error    nullable
 * @return SPECTRA_OK, SPECTRA_E_MEMORY, SPECTRA_E_LIMIT, SPECTRA_E_INVALID
 * Thread safety: one thread at a time for each builder.
 */
SPECTRA_API spectra_status spectra_builder_calibrate(spectra_builder *builder, spectra_error *error);

#ifdef __cplusplus
}
#endif
#endif
