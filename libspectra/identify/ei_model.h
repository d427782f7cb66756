/* SPDX-License-Identifier: Apache-2.0 */
/* An unknown analogue by its EI spectrum: what a family's knowledge says of one query, and the hypotheses of where it
   is modified. Logarithms are whole numbers in 1/32 of a natural one, as METHODS section 3 has them. */
#ifndef IDENTIFY_EI_MODEL_H
#define IDENTIFY_EI_MODEL_H

#include "db/knowledge.h"
#include "spectrum/prepared.h"

#define EI_LOG_ONE 32     /* 1 as a logarithm */
#define EI_MZ 1024u       /* nominal m/z looked at: below this */
#define EI_SHIFT_ZERO 416 /* shift tables begin at −416 */
#define EI_SHIFTS 1024u
#define EI_FRAGMENTS 128u
#define EI_MASKS 32u
#define EI_SITE_DELTAS 64u
#define EI_JOINT_DELTAS 8u
/* A site that is modified by no delta of the table may gain or lose this much. */
#define EI_FREE_LOW (-60)
#define EI_FREE_HIGH 160
#define EI_FREE_COUNT 221u
/* All sites together, against the parent. */
#define EI_TOTAL_LOW (-110)
#define EI_TOTAL_HIGH 260
#define EI_TOTALS 371u

/* Held against the members of the family (which sites?) or against other compounds (which family?). */
enum { EI_MEMBERS, EI_OTHERS, EI_SETS };

/* What the spectrum shows at an m/z. */
enum { EI_OUT = -2, EI_ABSENT = -1 }; /* else a class of intensity */

typedef struct ei_delta {
    int16_t da;
    bool isotopologue;
    uint32_t rank; /* in millionths */
} ei_delta;

/* A site: its deltas of the table, and how likely each shift is. */
typedef struct ei_site {
    uint32_t label; /* number of the first site with the same label */
    uint32_t weight;
    ei_delta delta[EI_SITE_DELTAS];
    uint32_t delta_count;
    bool listed[EI_FREE_COUNT], isotopologue[EI_FREE_COUNT]; /* by shift from EI_FREE_LOW */
    int32_t prior[EI_FREE_COUNT];
} ei_site;

typedef struct ei_fragment {
    uint32_t index; /* among the database's */
    uint32_t mz, mask;
    int32_t log_share[DB_SHARE_COUNT + 1]; /* of each class, and of those that a missing peak may be in */
} ei_fragment;

/* Several sites that change as one: the delta counts at the first of them. */
typedef struct ei_joint {
    uint32_t sites;
    uint32_t first;
    int16_t da;
} ei_joint;

/* A family and one query, in the scratch. */
typedef struct ei_model {
    const spectra_database *database;
    uint32_t family;
    db_family about;
    ei_site site[DB_MAX_SITES];
    ei_joint joint[EI_JOINT_DELTAS];
    uint32_t joint_count;
    int32_t prior_of_count[4], prior_of_joint;
    ei_fragment fragment[EI_FRAGMENTS];
    uint32_t fragment_count;
    uint32_t mask[EI_MASKS]; /* the different kept masks */
    uint32_t mask_count;

    uint32_t hidden; /* classes that a missing peak may be in */
    uint16_t intensity[EI_MZ];
    int8_t seen[EI_MZ];
    int32_t log_background[EI_SETS][EI_MZ];
    int32_t evidence[EI_SETS][EI_MASKS][EI_SHIFTS]; /* of the fragments with that mask, by their shift */
    int32_t pattern[EI_SETS][8][EI_SHIFTS];         /* of the fragments that keep the same of the chosen sites */
} ei_model;

/* Reads the family and holds the query against it; false where the family has no such knowledge. */
bool ei_model_make(ei_model *model, const spectra_database *database, uint32_t family,
                   const spectra_prepared *prepared);

/* A number of the family's, in millionths; 0 where it has none, or one beyond 1000. */
int64_t ei_parameter(const ei_model *model, const char *name);

/* What a fragment adds where it is shifted to an m/z. */
int32_t ei_evidence(const ei_model *model, const ei_fragment *fragment, int32_t mz, int set);

/* round(32·ln(millionths / 10^6)); for 0 that of a millionth. */
int32_t ei_log_millionths(uint64_t millionths);
/* round(32·ln x), x > 0. */
int32_t ei_log(uint64_t x);
/* e^(x/32) in 2^-30 for x <= 0. */
uint32_t ei_power(int64_t x);

/* The logarithm of a sum of powers, as they come. */
typedef struct ei_sum {
    int32_t largest;
    uint64_t sum; /* of powers relative to the largest, in 2^-30; 0 where nothing was added */
} ei_sum;
void ei_sum_add(ei_sum *sum, int32_t logarithm);
/* INT32_MIN / 2 where nothing was added. */
int32_t ei_sum_log(const ei_sum *sum);

/* One hypothesis: three sites at the most, each with what it gains. */
typedef struct ei_hypothesis {
    uint32_t site[3];
    int32_t da[3];
    uint32_t count;
    uint32_t modified; /* mask of sites; isotopologues are no modification */
    int32_t total;     /* of all sites */
    int32_t score[EI_SETS];
} ei_hypothesis;

typedef void ei_visit(void *context, const ei_hypothesis *hypothesis);

/* Calls `visit` for every hypothesis, always in the same order. */
void ei_hypotheses(ei_model *model, ei_visit *visit, void *context);

#endif
