/* SPDX-License-Identifier: Apache-2.0 */
/* Finds postings by their key. Offsets are checked where they are used: whatever the bytes say, a range lies inside the
   postings. */
#include "db/postings.h"

#include <assert.h>

#include "base/bytes.h"

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

/* The first posting of the block at `unit` or above. */
static bool first_at(uint32_t *out, const db_postings *postings, const block_cells *cells, uint64_t unit) {
    uint64_t cell = unit / DB_CELL_UNITS;
    uint32_t residual = unit % DB_CELL_UNITS;
    bool inside = cell >= cells->first && cell - cells->first < cells->count;
    uint32_t i = cell < cells->first ? 0 : inside ? (uint32_t)(cell - cells->first) : cells->count;
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
