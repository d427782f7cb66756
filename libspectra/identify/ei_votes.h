/* SPDX-License-Identifier: Apache-2.0 */
/* What the measured spectra say of an unknown one when they may be shifted by any mass. */
#ifndef IDENTIFY_EI_VOTES_H
#define IDENTIFY_EI_VOTES_H

#include "identify/identify.h"
#include "spectrum/prepared.h"

#define EI_VOTE_PEAKS 60u
#define EI_VOTE_SHIFT 150 /* Da to both sides */
#define EI_VOTE_SHIFTS 301u
#define EI_VOTE_MASSES 1024u
#define EI_RELATIVES 5u
#define EI_VOTE_ONE (1u << 30) /* a spectrum against itself */

/* Likeness in 2^-30; a shifted spectrum can be a little above 1. */
typedef struct ei_votes {
    uint32_t largest[EI_VOTE_MASSES];    /* by molecular mass: the greatest likeness that speaks for it */
    uint64_t sum[EI_VOTE_MASSES];        /* Σ e^(12·(H − 5/4)) in 2^-30 over likenesses above 0.3 */
    spectra_hit relatives[EI_RELATIVES]; /* members of the family, best first, one for each compound */
    uint32_t relative_count;
    uint32_t best[EI_RELATIVES]; /* greatest likenesses to a member's spectrum */
} ei_votes;

/* Walks all EI spectra of the databases but those that the options leave out. `members` is how the class of the
   family's substances begins. */
spectra_status ei_count_votes(ei_votes *votes, const identify_case *the_case, const spectra_prepared *prepared,
                              const char *members);

#endif
