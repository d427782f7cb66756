/* SPDX-License-Identifier: Apache-2.0 */
/* Upper bounds of the EI measures for whole runs of spectra: what cannot enter a list is not scored. The proof is
   docs/decisions/0008. */
#ifndef SEARCH_BOUND_H
#define SEARCH_BOUND_H

#include "db/db.h"

/* How a peak is weighed. */
typedef enum bound_weight {
    BOUND_ROOT,     /* root >> 4: cosine of √I */
    BOUND_WEIGHTED, /* the (.53, 1.3) weights: their cosine */
    BOUND_PLAIN,    /* root, of peaks that count: F_D of the similarity search */
    BOUND_MASS      /* m·root against root, of peaks that count: F_D of the match factor */
} bound_weight;

/* A query by one of these weights, and what a kernel found of the block of spectra it was held against last. */
typedef struct bound_query {
    bound_weight weight;
    uint32_t start; /* where its range begins */
    uint64_t unit;  /* what 127 of a kernel's dot stand for at most, in units of which 2^15 are a norm's unit */
    uint8_t *code;  /* KERNELS_CODES of them, and as many ranks behind */
    uint32_t *norm; /* Σ w² from each m/z upwards, rounded down */
    /* BOUND_MASS alone has these, of each m/z: */
    uint16_t *root;
    uint16_t *counted; /* the query's counted peaks up to it */
    uint64_t *squares; /* Σ m·root² of those from it upwards */
    kernels_bounds found;
} bound_query;

/* Rows of a set that stand one behind the other. */
typedef struct bound_block {
    const db_set *set;
    uint32_t first;
    uint32_t count;
    db_nominal_rows rows;
} bound_block;

size_t bound_required(void); /* scratch of one bound_query */
spectra_status bound_make(bound_query *out, const spectra_prepared *prepared, bound_weight weight,
                          spectra_scratch *scratch);

/* The block of the set that begins at spectrum `first`, below set->count; false where the file lies. */
bool bound_read(bound_block *out, const db_set *set, uint32_t first);
void bound_run(bound_query *query, const bound_block *block);

/* The first spectrum of the block from i on that may score `least` (at least 1) or more; block->count where there is
   none. */
uint32_t bound_next(const bound_query *query, const bound_block *block, uint32_t i, uint32_t least);
/* A bound of what spectrum i of the block scores, which is not `least` where it lies below bound_least of that: of the
   cosines it is one of the square. */
uint32_t bound_least(const bound_query *query, uint32_t least);
uint32_t bound_of(const bound_query *query, const bound_block *block, uint32_t i);

/* Of BOUND_MASS, one reference more closely: with F_D as it is, and F_R within 2^-8. False: its match factor is below
   `least`, at least 1. */
bool bound_match_reaches(const bound_query *query, const kernels_nominal *reference, uint32_t least);

#endif
