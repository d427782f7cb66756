/* SPDX-License-Identifier: Apache-2.0 */
/* Postings while a file is being made: out of the peaks that already stand in it, block by block, by a radix sort of
   two digits, the unit inside the cell and the cell. */
#include <assert.h>

#include "base/bytes.h"
#include "db/builder.h"
#include "db/postings.h"

static uint64_t unit_of(const db_peak_row *row, bool by_loss, uint32_t mz_uth) {
    return (by_loss ? db_loss_key(row->precursor_uth, mz_uth) : mz_uth) / DB_UNIT_UTH;
}

/* The cells that a block's peaks lie in, and how many peaks. */
typedef struct block_extent {
    uint64_t first, end;
    uint64_t peaks;
} block_extent;

/* Rows [first, end) of the set; a spectrum's peaks ascend, so that its first and last tell. */
static block_extent extent_of(const db_peaks *peaks, bool by_loss, size_t first, size_t end) {
    const db_peak_row *rows = (const db_peak_row *)peaks->rows.data;
    const uint32_t *mz = (const uint32_t *)peaks->mz.data;
    block_extent extent = {.first = UINT64_MAX};
    for (size_t i = first; i < end; i++) {
        if (rows[i].peak_count == 0) continue;
        const uint32_t *own = mz + rows[i].first_peak;
        uint64_t a = unit_of(&rows[i], by_loss, own[0]) / DB_CELL_UNITS;
        uint64_t b = unit_of(&rows[i], by_loss, own[rows[i].peak_count - 1]) / DB_CELL_UNITS;
        uint64_t low = a < b ? a : b, high = a < b ? b : a;
        if (low < extent.first) extent.first = low;
        if (high >= extent.end) extent.end = high + 1;
        extent.peaks += rows[i].peak_count;
    }
    if (extent.peaks == 0) extent.first = 0;
    return extent;
}

static size_t block_end(const db_peaks *peaks, uint32_t block) {
    size_t end = ((size_t)block + 1) * DB_POSTING_SPECTRA;
    return end < peaks->rows.count ? end : peaks->rows.count;
}

db_posting_counts db_count_postings(const db_peaks *peaks, bool by_loss) {
    db_posting_counts counts = {.blocks = (uint64_t)db_posting_block_count((uint32_t)peaks->rows.count) + 1};
    for (uint32_t block = 0; block + 1 < counts.blocks; block++) {
        block_extent extent = extent_of(peaks, by_loss, (size_t)block * DB_POSTING_SPECTRA, block_end(peaks, block));
        counts.words += extent.peaks;
        counts.offsets += extent.end - extent.first + 1;
        if (extent.peaks > counts.most_in_block) counts.most_in_block = extent.peaks;
    }
    return counts;
}

/* A block on its way: cell << 32 | posting, in the order of the spectra's peaks, then of the units. */
typedef struct block_sort {
    const db_posting_parts *parts;
    uint64_t *by_unit;
    uint32_t starts[DB_CELL_UNITS];
    size_t first, end; /* rows */
    block_extent extent;
} block_sort;

/* Peaks of the rows in the order of the file, from `peak` on: counted by unit where `place` is false, else placed. */
static void walk_block(block_sort *sort, size_t peak, bool place) {
    const db_posting_parts *parts = sort->parts;
    const db_peak_row *rows = (const db_peak_row *)parts->peaks->rows.data;
    for (size_t i = sort->first; i < sort->end; i++) {
        size_t end = peak + rows[i].peak_count;
        for (; peak < end; peak++) {
            uint64_t unit = unit_of(&rows[i], parts->by_loss, base_get32(parts->mz + 4 * peak));
            uint32_t *start = &sort->starts[unit % DB_CELL_UNITS];
            if (place) {
                uint32_t code = db_weight_code(base_get16(parts->weight + 2 * peak));
                uint32_t word = (uint32_t)(unit % DB_CELL_UNITS) << 24 | (uint32_t)(i - sort->first) << 8 | code;
                sort->by_unit[*start] = (unit / DB_CELL_UNITS - sort->extent.first) << 32 | word;
            }
            ++*start;
        }
    }
}

/* First digit. */
static void sort_by_unit(block_sort *sort, size_t peak) {
    for (uint32_t i = 0; i < DB_CELL_UNITS; i++) sort->starts[i] = 0;
    walk_block(sort, peak, false);
    for (uint32_t i = 0, sum = 0; i < DB_CELL_UNITS; i++) {
        uint32_t count = sort->starts[i];
        sort->starts[i] = sum;
        sum += count;
    }
    walk_block(sort, peak, true);
}

/* Second digit: `offsets` count, then end, and in the end begin the cells; from the back, so that units keep their
   order. */
static void sort_by_cell(const block_sort *sort, uint8_t *offsets, uint8_t *words, uint32_t before) {
    uint64_t cells = sort->extent.end - sort->extent.first, end = before;
    for (uint64_t i = 0; i < sort->extent.peaks; i++) {
        uint8_t *count = offsets + 4 * (sort->by_unit[i] >> 32);
        base_put32(count, base_get32(count) + 1);
    }
    for (uint64_t cell = 0; cell <= cells; cell++) {
        end += base_get32(offsets + 4 * cell);
        base_put32(offsets + 4 * cell, (uint32_t)end);
    }
    for (uint64_t i = sort->extent.peaks; i > 0; i--) {
        uint8_t *offset = offsets + 4 * (sort->by_unit[i - 1] >> 32);
        uint32_t at = base_get32(offset) - 1;
        base_put32(offset, at);
        base_put32(words + 4 * (uint64_t)at, (uint32_t)sort->by_unit[i - 1]);
    }
}

void db_write_postings(const db_posting_parts *parts, uint64_t *work) {
    const db_peak_row *rows = (const db_peak_row *)parts->peaks->rows.data;
    block_sort sort = {.parts = parts, .by_unit = work};
    uint32_t blocks = db_posting_block_count((uint32_t)parts->peaks->rows.count);
    uint64_t offset = 0, word = 0;
    size_t peak = 0;
    for (uint32_t block = 0; block < blocks; block++) {
        sort.first = (size_t)block * DB_POSTING_SPECTRA;
        sort.end = block_end(parts->peaks, block);
        sort.extent = extent_of(parts->peaks, parts->by_loss, sort.first, sort.end);
        base_put32(parts->blocks + DB_BLOCK_ROW_SIZE * block + DB_BLOCK_FIRST_CELL, (uint32_t)sort.extent.first);
        base_put32(parts->blocks + DB_BLOCK_ROW_SIZE * block + DB_BLOCK_FIRST_OFFSET, (uint32_t)offset);
        sort_by_unit(&sort, peak);
        sort_by_cell(&sort, parts->offsets + 4 * offset, parts->words, (uint32_t)word);
        offset += sort.extent.end - sort.extent.first + 1;
        word += sort.extent.peaks;
        for (size_t i = sort.first; i < sort.end; i++) peak += rows[i].peak_count;
    }
    base_put32(parts->blocks + DB_BLOCK_ROW_SIZE * (size_t)blocks + DB_BLOCK_FIRST_OFFSET, (uint32_t)offset);
}
