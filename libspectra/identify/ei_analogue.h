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

/* From the fragments' own opinion of each total shift, the molecular ion, what lies above it, losses and votes. */
void ei_weigh_masses(ei_masses *masses, const ei_model *model, const ei_sum fragments[EI_TOTALS],
                     const ei_votes *votes);

/* Fills in family, mass, sites, relatives and explained ions; the family is named where it passes its threshold.
   Nothing is said where no database has the knowledge. */
spectra_status identify_ei_analogue(identify_case *the_case);
size_t identify_ei_analogue_required(size_t peak_count);

#endif
