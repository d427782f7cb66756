/* SPDX-License-Identifier: Apache-2.0 */
/* What the entropy similarity of two spectra can reach at the most, in 2^-14 of its full scale: docs/decisions/0011 has
   the proof. Knows weights and codes of weights; nothing of m/z or of databases. */
#ifndef SEARCH_ENTROPY_BOUND_H
#define SEARCH_ENTROPY_BOUND_H

#include <stdint.h>

#define ENTROPY_BOUND_ONE 16384u
#define ENTROPY_BOUND_CODES 256u

/* term[code]: what a query peak of this weight and a reference peak of this weight code add. */
void entropy_bound_terms(uint16_t term[ENTROPY_BOUND_CODES], uint32_t weight);

/* What `count` query peaks that weigh `weight` together add, whatever they meet. */
uint32_t entropy_bound_of_rest(uint32_t weight, uint32_t count);

/* The least bound of a spectrum that reaches this rank, a score in 2^-30. */
uint32_t entropy_bound_for_rank(uint32_t rank);

#endif
