/* SPDX-License-Identifier: Apache-2.0 */
/* Finds postings by their key. Offsets are checked where they are used: whatever the bytes say, a range lies inside the
   postings. */
#include "db/postings.h"

#include <assert.h>

#include "base/bytes.h"

/* Postings of a line of the cache, and how many of a window are asked for at once. */
#define LINE 16u
#define EXPECTED 2048u
/* Halving stops at such a part of a cell: going on reads lines that nobody asked for. */
#define PART 8u

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

/* Where the first posting of the block at `unit` or above lies: [first, end], no more than a part of a cell. */
static bool first_at(db_range *out, const db_postings *postings, const block_cells *cells, uint64_t unit) {
    uint64_t cell = unit / DB_CELL_UNITS;
    uint32_t residual = unit % DB_CELL_UNITS;
    uint32_t i = place_of(cells, cell);
    bool inside = cell >= cells->first && i < cells->count;
    uint32_t low = cells->offsets[i], high = inside ? cells->offsets[i + 1] : low;
    if (low > high || high > postings->count) return false;
    for (const uint32_t enough = (high - low) / PART; high - low > enough;) {
        uint32_t middle = low + (high - low) / 2;
        if (postings->words[middle] >> 24 < residual) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *out = (db_range){low, high};
    return true;
}

bool db_posting_range(db_range *out, const db_postings *postings, uint32_t block, uint64_t low, uint64_t high) {
    assert(block < postings->block_count);
    block_cells cells;
    db_range first, end;
    if (!cells_of(&cells, postings, block) || !first_at(&first, postings, &cells, low / DB_UNIT_UTH) ||
        !first_at(&end, postings, &cells, high / DB_UNIT_UTH + 1))
        return false;
    *out = (db_range){first.first, end.end};
    return out->first <= out->end;
}

uint32_t db_posting_estimate(const db_postings *postings, uint32_t block, uint64_t low, uint64_t high) {
    assert(block < postings->block_count);
    block_cells cells;
    if (!cells_of(&cells, postings, block)) return 0;
    uint32_t first = cells.offsets[place_of(&cells, low / DB_UNIT_UTH / DB_CELL_UNITS)];
    uint32_t end = cells.offsets[place_of(&cells, high / DB_UNIT_UTH / DB_CELL_UNITS + 1)];
    if (first >= end || end > postings->count) return 0;
    return end - first;
}

static void expect_words(const db_postings *postings, uint32_t first, uint32_t end, uint32_t step) {
    if (end > postings->count) return;
    for (uint64_t i = first; i < end; i += step) __builtin_prefetch(postings->words + i);
}

/* Where halving looks: all lines of a small cell. */
static void expect_cell(const db_postings *postings, const uint32_t *offset) {
    if (offset[0] > offset[1]) return;
    const uint32_t part = (offset[1] - offset[0]) / PART;
    expect_words(postings, offset[0], offset[1], part > LINE ? part : LINE);
}

void db_posting_expect(const db_postings *postings, db_posting_part part, uint32_t block, uint64_t low, uint64_t high) {
    assert(block < postings->block_count);
    block_cells cells;
    if (!cells_of(&cells, postings, block)) return;
    const uint32_t first = place_of(&cells, low / DB_UNIT_UTH / DB_CELL_UNITS);
    const uint32_t last = place_of(&cells, (high / DB_UNIT_UTH + 1) / DB_CELL_UNITS);
    if (part == DB_POSTING_OFFSETS) {
        __builtin_prefetch(cells.offsets + first);
        __builtin_prefetch(cells.offsets + last + 1);
    } else if (part == DB_POSTING_EDGES) {
        if (first < cells.count) expect_cell(postings, cells.offsets + first);
        if (last < cells.count) expect_cell(postings, cells.offsets + last);
    } else {
        const uint32_t begin = cells.offsets[first], end = cells.offsets[last < cells.count ? last + 1 : last];
        if (begin <= end) expect_words(postings, begin, end - begin < EXPECTED ? end : begin + EXPECTED, LINE);
    }
}
