/* SPDX-License-Identifier: Apache-2.0 */
/* Postings while a file is being made: block by block, by a radix sort of the peaks' units. */
#include <assert.h>

#include "base/bytes.h"
#include "db/builder.h"
#include "db/keys.h"
#include "db/postings.h"

/* A key in a sort: unit << 24 | spectrum << 8 | code. Its low 32 bits are the posting, the rest is the cell. */
#define UNIT_SHIFT 24u
#define UNIT_BITS 28u /* keys are below 2^33 µTh */
#define CELL_SHIFT 32u
#define WORDS_AT_ONCE 4096u

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
    const uint32_t *mz = (const uint32_t *)peaks->arrays->mz.data;
    block_extent extent = {.first = UINT64_MAX};
    for (size_t i = first; i < end; i++) {
        if (rows[i].peak_count == 0) continue;
        const uint32_t *own = mz + rows[i].first_peak;
        db_expect_peaks(peaks, &peaks->arrays->mz, i);
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

/* Keys of the rows [first, end), in the order of the spectra's peaks. */
static size_t list_keys(uint64_t *keys, const db_peaks *peaks, bool by_loss, size_t first, size_t end) {
    const db_peak_row *rows = (const db_peak_row *)peaks->rows.data;
    const base_vector *mz = &peaks->arrays->mz, *weight = &peaks->arrays->weight;
    size_t count = 0;
    for (size_t i = first; i < end; i++) {
        const uint32_t *own = (const uint32_t *)mz->data + rows[i].first_peak;
        const uint16_t *own_weight = (const uint16_t *)weight->data + rows[i].first_peak;
        db_expect_peaks(peaks, mz, i);
        db_expect_peaks(peaks, weight, i);
        for (uint32_t k = 0; k < rows[i].peak_count; k++)
            keys[count++] = unit_of(&rows[i], by_loss, own[k]) << UNIT_SHIFT | (uint64_t)(i - first) << 8 |
                            db_weight_code(own_weight[k]);
    }
    return count;
}

/* The postings of sorted keys. */
static void write_words(db_output *output, const uint64_t *keys, size_t count) {
    for (size_t i = 0; i < count;) {
        const size_t end = count - i < WORDS_AT_ONCE ? count : i + WORDS_AT_ONCE;
        uint8_t *out = db_output_room(output, (end - i) * DB_POSTING_ROW_SIZE);
        for (; i < end; i++, out += DB_POSTING_ROW_SIZE) base_put32(out, (uint32_t)keys[i]);
    }
}

/* For each cell from that of the first sorted key to the one behind that of the last, where it begins. Returns how many
   they are. */
static size_t write_cells(uint8_t *offsets, const uint64_t *keys, size_t count, uint32_t before) {
    size_t cells = 0;
    const uint64_t first = count > 0 ? keys[0] >> CELL_SHIFT : 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t cell = (keys[i] >> CELL_SHIFT) - first;
        while (cells <= cell) base_put32(offsets + 4 * cells++, before + (uint32_t)i);
    }
    base_put32(offsets + 4 * cells++, before + (uint32_t)count);
    return cells;
}

void db_write_postings(db_output *output, const db_peaks *peaks, bool by_loss, const db_posting_work *work) {
    const uint32_t blocks = db_posting_block_count((uint32_t)peaks->rows.count);
    size_t offset = 0, word = 0;
    for (uint32_t block = 0; block < blocks; block++) {
        const size_t count =
            list_keys(work->keys, peaks, by_loss, (size_t)block * DB_POSTING_SPECTRA, block_end(peaks, block));
        const uint64_t *keys = db_sort_keys(work->keys, work->room, count, UNIT_SHIFT, UNIT_BITS);
        uint8_t *row = work->blocks + DB_BLOCK_ROW_SIZE * (size_t)block;
        base_put32(row + DB_BLOCK_FIRST_CELL, count > 0 ? (uint32_t)(keys[0] >> CELL_SHIFT) : 0);
        base_put32(row + DB_BLOCK_FIRST_OFFSET, (uint32_t)offset);
        write_words(output, keys, count);
        offset += write_cells(work->offsets + DB_CELL_ROW_SIZE * offset, keys, count, (uint32_t)word);
        word += count;
    }
    uint8_t *end = work->blocks + DB_BLOCK_ROW_SIZE * (size_t)blocks;
    base_put32(end + DB_BLOCK_FIRST_CELL, 0);
    base_put32(end + DB_BLOCK_FIRST_OFFSET, (uint32_t)offset);
}
