/* SPDX-License-Identifier: Apache-2.0 */
/* Proves the postings of a set: as many as there are peaks, in order, and each of them one of the peaks.
   Postings of a cell ascend strictly and peaks of a spectrum are farther apart than a unit, so that no two postings are
   the same peak. */
#include "base/bytes.h"
#include "db/postings.h"
#include "db/verify.h"

/* Where the proof has come to. */
typedef struct progress {
    const spectra_database *database;
    const db_set *set;
    const db_postings *postings;
    bool by_loss;
    uint32_t offsets, words; /* proved so far */
} progress;

static uint64_t key_of(const progress *proof, const db_spectrum *spectrum, uint32_t mz_uth) {
    return proof->by_loss ? db_loss_key(spectrum->precursor_uth, mz_uth) : mz_uth;
}

/* The first peak of a spectrum whose unit is `unit` or behind it: losses fall where m/z rise. */
static uint32_t find_peak(const progress *proof, const db_spectrum *spectrum, uint64_t unit) {
    uint32_t low = spectrum->first_peak, high = low + spectrum->peak_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint64_t here = key_of(proof, spectrum, proof->set->mz_uth[middle]) / DB_UNIT_UTH;
        if (proof->by_loss ? here > unit : here < unit) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool is_peak(const progress *proof, uint32_t block, uint64_t cell, uint32_t word) {
    db_spectrum spectrum;
    uint64_t i = (uint64_t)block * DB_POSTING_SPECTRA + db_posting_spectrum(word);
    uint64_t unit = cell * DB_CELL_UNITS + (word >> 24);
    if (i >= proof->set->count || !db_spectrum_at(&spectrum, proof->set, (uint32_t)i)) return false;
    uint32_t peak = find_peak(proof, &spectrum, unit);
    return peak < spectrum.first_peak + spectrum.peak_count &&
           key_of(proof, &spectrum, proof->set->mz_uth[peak]) / DB_UNIT_UTH == unit &&
           db_weight_code(proof->set->weight[peak]) == db_posting_code(word);
}

static spectra_status fail(const progress *proof, const void *at, const char *what, spectra_error *error) {
    return db_verify_fail(proof->database, (const uint8_t *)at, what, error);
}

static spectra_status verify_cell(progress *proof, uint32_t block, uint64_t cell, uint32_t end, spectra_error *error) {
    const uint32_t *words = proof->postings->words;
    for (uint32_t first = proof->words; proof->words < end; proof->words++) {
        uint32_t i = proof->words;
        if (i > first && words[i] <= words[i - 1]) return fail(proof, &words[i], "postings are not in order", error);
        if (!is_peak(proof, block, cell, words[i])) return fail(proof, &words[i], "a posting is no peak", error);
    }
    return SPECTRA_OK;
}

/* The block's cells begin where those before it end; its first and its last cell are not empty. */
static spectra_status verify_block(progress *proof, uint32_t block, spectra_error *error) {
    const db_postings *postings = proof->postings;
    const uint8_t *row = postings->blocks + (size_t)block * DB_BLOCK_ROW_SIZE;
    uint32_t to = base_get32(row + DB_BLOCK_ROW_SIZE + DB_BLOCK_FIRST_OFFSET);
    if (base_get32(row + DB_BLOCK_FIRST_OFFSET) != proof->offsets || to <= proof->offsets ||
        to > postings->offset_count)
        return fail(proof, row, "a block of postings does not begin where the one before ends", error);
    const uint32_t *offsets = postings->offsets + proof->offsets;
    uint32_t cell_count = to - proof->offsets - 1, first_cell = base_get32(row + DB_BLOCK_FIRST_CELL);
    proof->offsets = to;
    bool tight =
        cell_count == 0 ? first_cell == 0 : offsets[0] < offsets[1] && offsets[cell_count - 1] < offsets[cell_count];
    if (offsets[0] != proof->words || !tight) return fail(proof, row, "a block has cells beyond its postings", error);
    for (uint32_t i = 0; i < cell_count; i++) {
        if (offsets[i + 1] < proof->words || offsets[i + 1] > postings->count)
            return fail(proof, &offsets[i + 1], "cells are not in order", error);
        spectra_status status = verify_cell(proof, block, (uint64_t)first_cell + i, offsets[i + 1], error);
        if (status < 0) return status;
    }
    return SPECTRA_OK;
}

static spectra_status verify_key(progress *proof, spectra_error *error) {
    const db_postings *postings = proof->postings;
    if (postings->block_count == 0) return SPECTRA_OK;
    if (proof->set->recipe.merge_gap_uth < DB_UNIT_UTH)
        return fail(proof, postings->blocks, "postings of a set whose peaks may share a unit", error);
    for (uint32_t block = 0; block < postings->block_count; block++) {
        spectra_status status = verify_block(proof, block, error);
        if (status < 0) return status;
    }
    const uint8_t *last = postings->blocks + (size_t)postings->block_count * DB_BLOCK_ROW_SIZE;
    if (base_get32(last + DB_BLOCK_FIRST_CELL) != 0 || proof->offsets != postings->offset_count)
        return fail(proof, last, "the closing row of the posting blocks is wrong", error);
    if (proof->words != postings->count || proof->words != proof->set->peak_count)
        return fail(proof, postings->words, "postings are not as many as peaks", error);
    return SPECTRA_OK;
}

spectra_status db_verify_postings(const spectra_database *database, const db_set *set, spectra_error *error) {
    progress by_mz = {.database = database, .set = set, .postings = &set->by_mz};
    progress by_loss = {.database = database, .set = set, .postings = &set->by_loss, .by_loss = true};
    spectra_status status = verify_key(&by_mz, error);
    return status == SPECTRA_OK ? verify_key(&by_loss, error) : status;
}
