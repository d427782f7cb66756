/* SPDX-License-Identifier: Apache-2.0 */
/* Upper bounds of the entropy similarity, from the table that the score itself is made of. */
#include "search/entropy_bound.h"

#include "base/fixed.h"
#include "db/postings.h"
#include "kernels/kernels.h"

/* Entries of the table are rounded, each by half a unit at the most: what three of them give is too small by 3/2, and
   what a score adds for a pair is too large by that. */
#define PAIR_SLACK 3u

static uint32_t pair_term(uint32_t a, uint32_t b) {
    return base_entropy_table[a + b] - base_entropy_table[a] - base_entropy_table[b];
}

static uint32_t rounded_up(uint64_t sum) {
    return (uint32_t)((sum * ENTROPY_BOUND_ONE + KERNELS_ENTROPY_FULL - 1) / KERNELS_ENTROPY_FULL);
}

void entropy_bound_terms(uint16_t term[ENTROPY_BOUND_CODES], uint32_t weight) {
    for (uint32_t code = 0; code < ENTROPY_BOUND_CODES; code++)
        term[code] = (uint16_t)rounded_up(pair_term(weight, db_weight_bound(code)) + PAIR_SLACK);
}

uint32_t entropy_bound_of_rest(uint32_t weight, uint32_t count) {
    return count == 0 ? 0 : rounded_up(pair_term(weight, UINT16_MAX) + (uint64_t)PAIR_SLACK * count);
}

uint32_t entropy_bound_for_rank(uint32_t rank) {
    return (uint32_t)(((uint64_t)rank + 65535) / 65536);
}
