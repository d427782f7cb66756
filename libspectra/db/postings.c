/* SPDX-License-Identifier: Apache-2.0 */
/* Finds postings by their key. Offsets are checked where they are used: whatever the bytes say, a range lies inside the
   postings. */
#include "db/postings.h"

#include <assert.h>

#include "base/bytes.h"

/* Postings of a line of the cache, and how many are asked for at once. */
#define LINE 16u
#define PREFETCHED 128u

uint32_t db_posting_block_count(uint32_t spectra) {
    return spectra / DB_POSTING_SPECTRA + (spectra % DB_POSTING_SPECTRA != 0);
}

/* The cells of a block: offsets[0, count] bound what stands in them, offset by offset. */
typedef struct block_cells {
    const uint32_t *offsets;
    uint32_t first, count;
} block_cells;

static bool cells_of(block_cells *out, const db_postings *postings, uint32_t block) {
    const uint8_t *row = postings->blocks + (size_t)block * DB_BLOCK_ROW_SIZE;
    uint32_t from = base_get32(row + DB_BLOCK_FIRST_OFFSET);
    uint32_t to = base_get32(row + DB_BLOCK_ROW_SIZE + DB_BLOCK_FIRST_OFFSET);
    if (from >= to || to > postings->offset_count) return false;
    *out = (block_cells){postings->offsets + from, base_get32(row + DB_BLOCK_FIRST_CELL), to - from - 1};
    return true;
}

/* Which of the offsets bounds a cell, counted by all cells there could be, from below. */
static uint32_t place_of(const block_cells *cells, uint64_t cell) {
    if (cell < cells->first) return 0;
    return cell - cells->first < cells->count ? (uint32_t)(cell - cells->first) : cells->count;
}

/* The first posting of the block at `unit` or above. */
static bool first_at(uint32_t *out, const db_postings *postings, const block_cells *cells, uint64_t unit) {
    uint64_t cell = unit / DB_CELL_UNITS;
    uint32_t residual = unit % DB_CELL_UNITS;
    uint32_t i = place_of(cells, cell);
    bool inside = cell >= cells->first && i < cells->count;
    uint32_t low = cells->offsets[i], high = inside ? cells->offsets[i + 1] : low;
    if (low > high || high > postings->count) return false;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (postings->words[middle] >> 24 < residual) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *out = low;
    return true;
}

bool db_posting_range(db_range *out, const db_postings *postings, uint32_t block, uint64_t low, uint64_t high) {
    assert(block < postings->block_count);
    block_cells cells;
    return cells_of(&cells, postings, block) && first_at(&out->first, postings, &cells, low / DB_UNIT_UTH) &&
           first_at(&out->end, postings, &cells, high / DB_UNIT_UTH + 1) && out->first <= out->end;
}

uint32_t db_posting_estimate(const db_postings *postings, uint32_t block, uint64_t low, uint64_t high) {
    assert(block < postings->block_count);
    block_cells cells;
    if (!cells_of(&cells, postings, block)) return 0;
    uint32_t first = cells.offsets[place_of(&cells, low / DB_UNIT_UTH / DB_CELL_UNITS)];
    uint32_t end = cells.offsets[place_of(&cells, high / DB_UNIT_UTH / DB_CELL_UNITS + 1)];
    if (first >= end || end > postings->count) return 0;
    for (uint32_t i = first; i < end && i - first < PREFETCHED; i += LINE) __builtin_prefetch(postings->words + i);
    return end - first;
}
