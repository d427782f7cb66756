/* SPDX-License-Identifier: Apache-2.0 */
/* When a score carries a verdict. The numbers are written by tests/evaluate/fit_thresholds.py from development data. */
#ifndef IDENTIFY_THRESHOLDS_H
#define IDENTIFY_THRESHOLDS_H

#include <stdint.h>

/* Scores in 2^-30. */
typedef struct identify_thresholds {
    uint32_t resembles;     /* below: no match */
    uint32_t group;         /* from here on the formula is right but for the stated share of wrong ones */
    uint32_t structure;     /* from here on the structure is */
    uint32_t set_margin;    /* candidates this close to the best cannot be told from it */
    uint32_t matched_peaks; /* fewer carry no verdict */
} identify_thresholds;

extern const identify_thresholds identify_thresholds_by_track[3]; /* EI, MS/MS, in-source */

#endif
