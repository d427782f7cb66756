/* SPDX-License-Identifier: Apache-2.0 */
/* Postings of a set of accurate masses: its peaks once more, by a key (m/z, or neutral loss) in blocks of spectra. They
   find candidates; a candidate's score is that of its peaks in µTh. docs/FORMAT.md gives the bytes. */
#ifndef DB_POSTINGS_H
#define DB_POSTINGS_H

#include "db/format.h"

/* Spectra of a block: their numbers inside it have 16 bits. */
#define DB_POSTING_SPECTRA 65536u
/* A key in µTh becomes units of 40, and 256 of these a cell. */
#define DB_UNIT_UTH 40u
#define DB_CELL_UNITS 256u

/* Key of a neutral loss: precursor − m/z, lifted above zero. */
static inline uint64_t db_loss_key(uint32_t precursor_uth, uint32_t mz_uth) {
    return ((uint64_t)1 << 32) + precursor_uth - mz_uth;
}

/* A posting: unit inside its cell << 24 | spectrum inside its block << 8 | weight code. */
static inline uint32_t db_posting_spectrum(uint32_t posting) {
    return posting >> 8 & 0xffff;
}
static inline uint32_t db_posting_code(uint32_t posting) {
    return posting & 0xff;
}

/* Sixteen steps an octave, rounded up: 0 to 208. */
static inline uint32_t db_weight_code(uint32_t weight) {
    uint32_t octave = weight > 31 ? 27 - (uint32_t)__builtin_clz(weight) : 0; /* 16 to 31 of it are left */
    return 16 * octave + ((weight + (1u << octave) - 1) >> octave);
}
/* The largest weight that has this code; no weight has more than 65535. */
static inline uint32_t db_weight_bound(uint32_t code) {
    uint32_t octave = code < 16 ? 0 : code / 16 - 1;
    uint32_t bound = (code - 16 * octave) << octave;
    return bound < 65535 ? bound : 65535;
}

uint32_t db_posting_block_count(uint32_t spectra);

/* What stands at words[first, end). */
typedef struct db_range {
    uint32_t first, end;
} db_range;

/* The postings of a block whose unit overlaps the inclusive window of keys, and some beside it: of a cell that has
   eight and more, up to an eighth at either end. False where the bytes lie. block < block_count. */
bool db_posting_range(db_range *out, const db_postings *postings, uint32_t block, uint64_t low, uint64_t high);

/* About how many those are, by whole cells: for what decides about time only. It reads no posting. */
uint32_t db_posting_estimate(const db_postings *postings, uint32_t block, uint64_t low, uint64_t high);

/* Asks the processor to have ready what these two read first: the offsets of the cells, or, once they are there,
   postings at both ends of the window. */
typedef enum db_posting_part { DB_POSTING_OFFSETS, DB_POSTING_EDGES, DB_POSTING_WORDS } db_posting_part;
void db_posting_expect(const db_postings *postings, db_posting_part part, uint32_t block, uint64_t low, uint64_t high);

#endif
