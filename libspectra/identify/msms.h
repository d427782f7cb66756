/* SPDX-License-Identifier: Apache-2.0 */
/* Where an analogue differs from its parent, from the fragments of one accurate-mass spectrum: every way to spread the
   mass difference over the sites, ranked by how much of the spectrum it explains. The first part knows
   plain arrays, nothing of databases.
   Scores are in 1/65535 of a spectrum. */
#ifndef IDENTIFY_MSMS_H
#define IDENTIFY_MSMS_H

#include <stdbool.h>

#include "db/knowledge.h"
#include "identify/identify.h"
#include "kernels/kernels.h"
#include "search/pair.h"

/* A place is one site, or several that the method cannot tell apart. */
#define IDENTIFY_MSMS_PLACES 4u
#define IDENTIFY_MSMS_DELTAS 64u /* of one place, the unmodified one included */
#define IDENTIFY_MSMS_IONS 64u
#define IDENTIFY_MSMS_HYPOTHESES 512u
#define IDENTIFY_MSMS_SETS (1u << IDENTIFY_MSMS_PLACES)

/* A fragment of the parent. */
typedef struct identify_msms_ion {
    uint32_t mz_uth;
    uint32_t kept;   /* mask of places whose modification it carries */
    uint32_t weight; /* of 65536 */
    uint32_t row;    /* where it comes from */
} identify_msms_ion;

/* What a place may gain or lose. */
typedef struct identify_msms_delta {
    int32_t mass_uda;
    uint32_t cost; /* taken off the score */
    uint32_t row;
} identify_msms_delta;

typedef struct identify_msms_rules {
    identify_msms_ion ion[IDENTIFY_MSMS_IONS];
    uint32_t ion_count;
    identify_msms_delta delta[IDENTIFY_MSMS_PLACES][IDENTIFY_MSMS_DELTAS]; /* ascending in mass */
    uint32_t delta_count[IDENTIFY_MSMS_PLACES]; /* at least 1: a place without rows has a delta of 0 */
    uint32_t max_cost;                          /* of all places together */
    uint32_t unlisted_cost;                     /* of a delta that no row has, at one place alone */
    uint32_t window_uda, window_ppm;            /* tolerance of sums and of fragments: both, added */
    uint32_t sites[IDENTIFY_MSMS_PLACES];       /* of the family, that are one place to the method */
    uint32_t margin_uth;                        /* fragments lie this far below the precursor */
    uint32_t sharpness;                         /* log2 of the odds that one unit of score is worth, in 2^-24 */
} identify_msms_rules;

typedef struct identify_msms_hypothesis {
    int32_t score;
    uint32_t cost;
    int32_t mass_uda[IDENTIFY_MSMS_PLACES];
    uint8_t delta[IDENTIFY_MSMS_PLACES]; /* index into the place's deltas; of no meaning where unlisted */
    uint8_t modified;                    /* mask of places */
    bool unlisted;                       /* the delta of its one modified place is in no row */
    uint32_t explained;                  /* peaks */
} identify_msms_hypothesis;

/* Keeps the deltas of a place in order of mass, then cost; false where it is full. */
bool identify_msms_add_delta(identify_msms_rules *rules, uint32_t place, const identify_msms_delta *delta);

/* Room for IDENTIFY_MSMS_HYPOTHESES; best first, ties to the lower cost, then to fewer and later places. Deltas sum to
   delta_uda, the difference of the molecules' masses; the precursor only bounds fragments and tolerance. Returns how
   many, 0 also where there would be more: a delta that fits everything says nothing. */
uint32_t identify_msms_find_hypotheses(identify_msms_hypothesis *out, const identify_msms_rules *rules,
                                       const kernels_accurate *peaks, int64_t delta_uda, uint32_t precursor_uth);

/* Where an ion is to be under a hypothesis; 0 where that is no m/z below the precursor's margin. */
uint32_t identify_msms_ion_mz(const identify_msms_rules *rules, uint32_t ion,
                              const identify_msms_hypothesis *hypothesis, uint32_t precursor_uth);
/* The peak nearest to it within the tolerance, or UINT32_MAX. */
uint32_t identify_msms_find_peak(const identify_msms_rules *rules, const kernels_accurate *peaks, uint32_t mz_uth);

/* Odds of a hypothesis against the best one, in 2^-30. */
uint32_t identify_msms_odds(const identify_msms_rules *rules, const identify_msms_hypothesis *best,
                            const identify_msms_hypothesis *hypothesis);

/* A set of modified places and its share of all odds, in 2^-30. */
typedef struct identify_msms_set {
    uint32_t modified;
    uint32_t probability;
} identify_msms_set;
/* Most probable first, of equals the one whose hypothesis ranks higher. Returns how many. */
uint32_t identify_msms_weigh_sets(identify_msms_set out[IDENTIFY_MSMS_SETS], const identify_msms_rules *rules,
                                  const identify_msms_hypothesis *hypotheses, uint32_t count);

/* Hybrid similarity to a relative, whose fragments may have moved with the precursor, in 2^-30. */
uint32_t identify_msms_likeness(const search_accurate_query *query, const kernels_accurate *reference,
                                uint32_t precursor_uth, uint32_t *matched);

/* The second part: a case of the verdict. */

#define IDENTIFY_MSMS_LEAST_PEAKS 1u
#define IDENTIFY_MSMS_RELATIVES 3u
#define IDENTIFY_MSMS_TEXT_SIZE 4096u

/* What stays in the scratch for the result. */
typedef struct identify_msms_told {
    spectra_site_set set[IDENTIFY_MSMS_SETS];
    spectra_explained_ion ion[IDENTIFY_MSMS_IONS];
    spectra_hit relative[IDENTIFY_MSMS_RELATIVES];
    char text[IDENTIFY_MSMS_TEXT_SIZE];
} identify_msms_told;

/* The search for an analogue of one family in one spectrum. */
typedef struct identify_msms_search {
    identify_case *the_case;
    const spectra_database *knowing;
    db_family family;
    uint32_t family_index;
    const spectra_prepared *prepared;
    kernels_accurate peaks; /* below the precursor */
    uint32_t precursor_uth;
    int64_t molecule_uda;
    spectra_mass_origin origin; /* OBSERVED: no precursor is stated, it is sought among the peaks */
    uint16_t *scaled;           /* room for weights of the peaks below a sought precursor */
    identify_msms_rules *rules;
    identify_msms_hypothesis *hypotheses;
    uint32_t hypothesis_count;
    identify_msms_told *told;
} identify_msms_search;

/* A number of the family for MS/MS, in millionths. */
int64_t identify_msms_parameter(const identify_msms_search *search, const char *name, int64_t missing);

/* Fills the rules from the family's rows; false where it has none for MS/MS, or more than there is room for. */
bool identify_msms_load_rules(identify_msms_search *search);

/* How far the spectrum shows the family by itself: its fragments, and how like it is to known members. Fills the
   result's relatives, class evidence and probability. */
spectra_status identify_msms_weigh_class(identify_msms_search *search);
size_t identify_msms_weigh_class_required(size_t peak_count);

/* What the best hypotheses say: modification, mass and explanation of the result. */
void identify_msms_tell(identify_msms_search *search);

#endif
