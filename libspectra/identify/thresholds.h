/* SPDX-License-Identifier: Apache-2.0 */
/* When a score carries a verdict. The numbers are written by tests/evaluate/fit_thresholds.py from development data. */
#ifndef IDENTIFY_THRESHOLDS_H
#define IDENTIFY_THRESHOLDS_H

#include <stdint.h>

/* In 2^-30. Evidence is the best score plus its distance to the first compound outside the set (the score again where
   nothing is outside); what each number was fitted to is said in the script. */
typedef struct identify_thresholds {
    uint32_t resembles;     /* score; below: no match */
    uint32_t group;         /* evidence; below: inconclusive */
    uint32_t structure;     /* evidence; below: an isomer that no database holds is not excluded */
    uint32_t set_margin;    /* candidates this close to the best cannot be told from it */
    uint32_t matched_peaks; /* fewer carry no verdict */
} identify_thresholds;

extern const identify_thresholds identify_thresholds_by_track[3]; /* EI, MS/MS, in-source */

#endif
