/* SPDX-License-Identifier: Apache-2.0 */
/* Spectra that may score enough wait here, so that the most promising ones are scored first: what they score is the
   least that the others must reach, and most of these are never scored. Knows bounds; nothing of peaks. */
#ifndef SEARCH_WAITING_H
#define SEARCH_WAITING_H

#include <stdbool.h>
#include <stdint.h>

#include "spectra/memory.h"

typedef struct search_waiting_spectrum {
    uint32_t bound; /* of its score, in whatever unit */
    uint32_t spectrum;
} search_waiting_spectrum;

typedef struct search_waiting {
    search_waiting_spectrum *spectra; /* the first `count` of them; a heap while they are taken */
    uint32_t count;
    uint32_t limit; /* of count */
} search_waiting;

/* In scratch; false where there is too little. */
bool search_waiting_begin(search_waiting *out, spectra_scratch *scratch);
size_t search_waiting_required(void);

/* Adds one and returns whether no more fit: then all are to be taken. */
bool search_waiting_add(search_waiting *waiting, search_waiting_spectrum spectrum);

/* From adding to taking. */
void search_waiting_order(search_waiting *waiting);
/* Takes the one of the highest bound; false where none waits with a bound of `least` or more: then none waits at all.
 */
bool search_waiting_take(search_waiting_spectrum *out, search_waiting *waiting, uint32_t least);

#endif
