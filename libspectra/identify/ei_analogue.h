/* SPDX-License-Identifier: Apache-2.0 */
/* The reasoning about an EI spectrum as an unknown member of a family. */
#ifndef IDENTIFY_EI_ANALOGUE_H
#define IDENTIFY_EI_ANALOGUE_H

#include "identify/ei_model.h"
#include "identify/ei_votes.h"

/* How likely each total shift is, in 1/32 of a natural logarithm; INT32_MIN / 2 where it is out of the question. */
typedef struct ei_masses {
    int32_t log[EI_TOTALS];
    int32_t largest;      /* place of the most likely */
    uint32_t probability; /* of that one, in 2^-30; 0 where none is possible */
} ei_masses;

/* What is known of a molecule's mass before it is weighed. */
typedef struct ei_mass_view {
    const ei_model *model;
    const ei_sum *fragments; /* by total shift */
    const ei_votes *votes;
    int32_t best;                                /* of the fragments */
    uint32_t sum[EI_MZ + 1], largest[EI_MZ + 1]; /* of what lies at an m/z and above */
} ei_mass_view;

void ei_mass_view_make(ei_mass_view *view, const ei_model *model, const ei_sum fragments[EI_TOTALS],
                       const ei_votes *votes);

#define EI_MASS_FEATURES 10u
/* What speaks for one total shift, in 1/32; false where it is out of the question. */
bool ei_mass_features(int32_t x[EI_MASS_FEATURES], const ei_mass_view *view, uint32_t place);

/* From the fragments' own opinion of each total shift, the molecular ion, what lies above it, losses and votes. */
void ei_weigh_masses(ei_masses *masses, const ei_model *model, const ei_sum fragments[EI_TOTALS],
                     const ei_votes *votes);

/* Fills in family, mass, sites, relatives and explained ions; the family is named where it passes its threshold.
   Nothing is said where no database has the knowledge. */
spectra_status identify_ei_analogue(identify_case *the_case);
size_t identify_ei_analogue_required(size_t peak_count);

#endif
