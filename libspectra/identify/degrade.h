/* SPDX-License-Identifier: Apache-2.0 */
/* Degraded copies: a reference spectrum as another laboratory might measure it, so that the probabilities of a database
   can be fitted from its own spectra. Integers throughout: the same copy on every machine. */
#ifndef IDENTIFY_DEGRADE_H
#define IDENTIFY_DEGRADE_H

#include "db/db.h"

typedef struct degraded_peak {
    uint32_t mz_uth;
    int32_t weakness; /* −log2 of the intensity against the strongest peak, in 2^-16 */
} degraded_peak;

#define DEGRADE_FOREIGN 8u /* a copy has at most this many peaks more than the original */

/* Fills peaks with copy number `copy` of a spectrum of a set, and returns how many there are: none where everything
   went missing. The same numbers give the same copy. *precursor_uth is its precursor, 0 where unknown. */
size_t identify_degrade(degraded_peak *peaks, uint32_t *precursor_uth, const db_set *set, const db_spectrum *spectrum,
                        uint32_t copy);

#endif
