/* SPDX-License-Identifier: Apache-2.0 */
/* One query against one reference by any measure. Knows prepared peaks; nothing of databases, ranks or compounds. */
#ifndef SEARCH_PAIR_H
#define SEARCH_PAIR_H

#include "kernels/kernels.h"
#include "spectra/search.h"
#include "spectrum/prepared.h"

/* dot / (norm_a × norm_b) in 2^-30, at most SPECTRA_SCORE_ONE: roots in 2^-8 as search_root gives them. */
uint32_t search_root(uint64_t squares);
uint32_t search_cosine(uint64_t dot, uint32_t root_a, uint32_t root_b);

/* What a comparison gives; scores in 2^-30. */
typedef struct search_score {
    uint32_t score, reverse_score;
    uint32_t match_factor; /* EI */
    uint32_t matched;
} search_score;

/* Accurate m/z */

typedef struct search_accurate_query {
    spectra_measure measure;
    uint32_t precursor_uth;
    kernels_windows windows;  /* with the measure's weights: of entropy, or roots */
    uint32_t norm;            /* √Σ weight², in 2^-8 */
    uint32_t *pairs;          /* partners in the reference scored last */
    uint16_t *kept;           /* room for the reverse score's weights */
    kernels_greedy_room room; /* for modified cosine */
} search_accurate_query;

/* In scratch beside the prepared spectrum, which stays where it is. SPECTRA_E_MEMORY where there is too little. */
spectra_status search_accurate_begin(search_accurate_query *out, const spectra_prepared *prepared,
                                     spectra_measure measure, const spectra_tolerance *tolerance,
                                     spectra_scratch *scratch);
size_t search_accurate_begin_required(size_t peak_count);

/* The score of a sum as kernels_entropy_scalar gives it. */
uint32_t search_entropy_score(uint32_t sum);

/* The measure, and how many peaks make a pair. The reference has the measure's weights, too. */
uint32_t search_accurate_score(const search_accurate_query *query, const kernels_accurate *reference,
                               uint32_t precursor_uth, uint32_t *matched);
/* The measure without the query's unmatched peaks, of the reference that was scored last. */
uint32_t search_accurate_reverse(const search_accurate_query *query, const kernels_accurate *reference);

/* Nominal m/z */

/* Where the range began whose weights there are, and how many they are. */
typedef struct search_weighed {
    uint32_t start, count;
} search_weighed;

typedef struct search_nominal_query {
    spectra_measure measure;
    spectra_search_mode mode;
    kernels_nominal peaks;
    uint32_t first_mz;
    uint32_t *cell;      /* a | b << 16 for each nominal m/z: root >> 4 and weighted */
    uint32_t *root_norm; /* √Σ a² from each m/z upwards, in 2^-8 */
    uint32_t *weighted_norm;
    /* Room for the entropy term: both sides' weights in the range that both spectra cover. */
    uint16_t *query_weight, *reference_weight;
    uint32_t *query_mz, *reference_mz;
    search_weighed *weighed; /* of the query's weights: those of one range serve many references */
    uint64_t *value, *work;
    kernels_hybrid_room room;
} search_nominal_query;

typedef struct search_nominal_reference {
    kernels_nominal peaks;
    const uint16_t *weighted;
    uint32_t first_mz;
    uint64_t root_norm, weighted_norm; /* Σ (root >> 4)², Σ weighted² */
    int32_t delta_da;                  /* query − reference, of nominal molecular masses; 0 where not known */
} search_nominal_reference;

/* The two cosines over the range that both spectra cover: m/z from the larger of the first ones scanned. */
typedef struct search_range_cosines {
    uint32_t start;
    uint32_t root;     /* weights (.5, 0), in 2^-30 */
    uint32_t weighted; /* weights (.53, 1.3), in 2^-30 */
} search_range_cosines;

spectra_status search_nominal_begin(search_nominal_query *out, const spectra_prepared *prepared,
                                    spectra_measure measure, spectra_search_mode mode, spectra_scratch *scratch);
size_t search_nominal_begin_required(void);

search_range_cosines search_nominal_cosines(const search_nominal_query *query,
                                            const search_nominal_reference *reference);
/* The measure that ranks: of the identity score without its reverse, and of the others' match factors none. */
search_score search_nominal_score(const search_nominal_query *query, const search_nominal_reference *reference);
/* Fills in what search_nominal_score leaves out, for a hit that is kept. */
void search_nominal_complete(search_score *score, const search_nominal_query *query,
                             const search_nominal_reference *reference);

#endif
