/* SPDX-License-Identifier: Apache-2.0 */
/* All against all of an EI track by the cosine of √I. Blocks of rows meet tiles of columns that stay in the caches;
   what an integer bound lets pass is scored exactly (docs/decisions/0013). Rows and columns stand in order of where
   their scans began, so that the range that two spectra cover is nearly the same all over a tile. */
#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "search/pair.h"
#include "search/search.h"

#define TILE KERNELS_TILE
#define GROUPS (KERNELS_NOMINAL_CELLS / 4)
#define ROWS 4096u
#define POOL (ROWS * 32u) /* groups of a block of rows; one row has GROUPS at most */
#define BUFFER 1024u      /* pairs that are handed over together */

/* A file that lies about its norms gets wrong scores, no more. */
#define SANE ((UINT64_C(1) << 48) - 1)

typedef struct pair_row {
    db_spectrum spectrum;
    kernels_groups groups;
    uint32_t largest;       /* of its roots >> 4 */
    uint32_t start, factor; /* of the tile before, which most often has the same start */
} pair_row;

/* Columns side by side. Their scans begin where those of the rows before them do, or later: their norms count whole. */
typedef struct pair_tile {
    uint8_t *code; /* [groups][TILE][4] */
    db_spectrum spectrum[TILE];
    uint32_t limit[TILE];  /* √ of their norms, in 2^-8 */
    uint32_t first, count; /* places in the order */
    uint32_t groups;
    uint32_t start; /* the last of the scans' beginnings */
} pair_tile;

typedef struct pair_work {
    const db_set *set;
    spectra_pairs_options options;
    spectra_take_pairs take;
    void *context;
    uint32_t *order; /* spectra by where their scans began, then by entry */
    pair_row *row;
    uint16_t *group; /* of all rows */
    uint32_t *code;
    pair_tile *tile;
    spectra_status answer; /* of the function that takes pairs */
    spectra_pair *pairs;   /* to be handed over */
    uint32_t count;
} pair_work;

size_t spectra_search_pairs_required(const spectra_database *database) {
    const uint32_t entries = database ? spectra_database_entry_count(database) : 0;
    return base_scratch_cost(entries, sizeof(uint32_t)) + base_scratch_cost(KERNELS_NOMINAL_CELLS, sizeof(uint32_t)) +
           base_scratch_cost(ROWS, sizeof(pair_row)) + base_scratch_cost(POOL + GROUPS, sizeof(uint16_t)) +
           base_scratch_cost(POOL + GROUPS, sizeof(uint32_t)) + base_scratch_cost(1, sizeof(pair_tile)) +
           base_scratch_cost(GROUPS * TILE, 4) + base_scratch_cost(BUFFER, sizeof(spectra_pair));
}

static uint32_t start_of(const db_spectrum *spectrum) {
    return spectrum->first_mz & KERNELS_NOMINAL_MASK;
}

/* A counting sort, which keeps the order of entries. */
static spectra_status order_spectra(const pair_work *work, uint32_t *begin) {
    const db_set *set = work->set;
    db_spectrum spectrum;
    uint32_t before = 0;
    memset(begin, 0, KERNELS_NOMINAL_CELLS * sizeof *begin);
    for (uint32_t i = 0; i < set->count; i++) {
        if (!db_spectrum_at(&spectrum, set, i)) return SPECTRA_E_CORRUPT;
        begin[start_of(&spectrum)]++;
    }
    for (uint32_t m = 0; m < KERNELS_NOMINAL_CELLS; m++) {
        const uint32_t here = begin[m];
        begin[m] = before;
        before += here;
    }
    for (uint32_t i = 0; i < set->count; i++) {
        if (!db_spectrum_at(&spectrum, set, i)) return SPECTRA_E_CORRUPT;
        work->order[begin[start_of(&spectrum)]++] = i;
    }
    return SPECTRA_OK;
}

static spectra_status begin_work(pair_work *work, spectra_scratch *scratch) {
    uint32_t *begin = base_scratch_take(scratch, KERNELS_NOMINAL_CELLS, sizeof *begin);
    work->order = base_scratch_take(scratch, work->set->count, sizeof *work->order);
    work->row = base_scratch_take(scratch, ROWS, sizeof *work->row);
    work->group = base_scratch_take(scratch, POOL + GROUPS, sizeof *work->group);
    work->code = base_scratch_take(scratch, POOL + GROUPS, sizeof *work->code);
    work->pairs = base_scratch_take(scratch, BUFFER, sizeof *work->pairs);
    work->tile = base_scratch_take(scratch, 1, sizeof *work->tile);
    uint8_t *code = base_scratch_take(scratch, GROUPS * TILE, 4);
    if (!begin || !work->order || !work->row || !work->group || !work->code || !work->pairs || !work->tile || !code)
        return SPECTRA_E_MEMORY;
    work->tile->code = code;
    return order_spectra(work, begin);
}

static uint32_t root_at(const db_set *set, uint32_t peak) {
    return set->root[peak] >> 4;
}

static uint32_t end_of(const db_spectrum *spectrum) {
    return spectrum->first_peak + spectrum->peak_count;
}

/* √Σ (root >> 4)² from an m/z upwards, in 2^-8: what the cosine divides by. */
static uint32_t root_from(const db_set *set, const db_spectrum *spectrum, uint32_t start) {
    uint64_t squares = spectrum->root_norm;
    for (uint32_t k = spectrum->first_peak; k < end_of(spectrum) && set->nominal[k] < start; k++)
        squares -= root_at(set, k) * root_at(set, k);
    return search_root(squares & SANE);
}

/* Four codes a group, each rounded up. Peaks whose m/z do not ascend are left out. */
static void make_row(pair_row *row, const db_set *set, uint16_t *group, uint32_t *code) {
    size_t count = 0;
    uint32_t next = 0;
    row->largest = 1;
    row->start = UINT32_MAX;
    for (uint32_t k = row->spectrum.first_peak; k < end_of(&row->spectrum); k++)
        if (root_at(set, k) > row->largest) row->largest = root_at(set, k);
    for (uint32_t k = row->spectrum.first_peak; k < end_of(&row->spectrum); k++) {
        const uint32_t mz = set->nominal[k] & KERNELS_NOMINAL_MASK;
        if (mz < next) continue;
        next = mz + 1;
        if (count == 0 || group[count - 1] != mz / 4) {
            group[count] = (uint16_t)(mz / 4);
            code[count++] = 0;
        }
        code[count - 1] |= (root_at(set, k) * 127u + row->largest - 1) / row->largest << 8 * (mz % 4);
    }
    row->groups = (kernels_groups){group, code, count};
}

/* As many rows from a place on as the pool holds. */
static spectra_status make_rows(const pair_work *work, uint32_t first, uint32_t *count) {
    size_t used = 0;
    for (*count = 0; *count < ROWS && first + *count < work->set->count && used < POOL; ++*count) {
        pair_row *row = &work->row[*count];
        if (!db_spectrum_at(&row->spectrum, work->set, work->order[first + *count])) return SPECTRA_E_CORRUPT;
        make_row(row, work->set, work->group + used, work->code + used);
        used += row->groups.count;
    }
    return SPECTRA_OK;
}

static void add_column(pair_tile *tile, const db_set *set, uint32_t s) {
    const db_spectrum *spectrum = &tile->spectrum[s];
    for (uint32_t k = spectrum->first_peak; k < end_of(spectrum); k++) {
        const uint32_t mz = set->nominal[k] & KERNELS_NOMINAL_MASK;
        while (tile->groups <= mz / 4) memset(tile->code + (size_t)tile->groups++ * TILE * 4, 0, (size_t)TILE * 4);
        tile->code[(mz / 4 * TILE + s) * 4 + mz % 4] = (uint8_t)((root_at(set, k) >> 5) + 1);
    }
}

static spectra_status make_tile(const pair_work *work, uint32_t first) {
    pair_tile *tile = work->tile;
    const uint32_t left = work->set->count - first;
    tile->first = first;
    tile->count = left < TILE ? left : TILE;
    tile->groups = tile->start = 0;
    memset(tile->limit, 0xff, sizeof tile->limit);
    for (uint32_t s = 0; s < tile->count; s++) {
        if (!db_spectrum_at(&tile->spectrum[s], work->set, work->order[first + s])) return SPECTRA_E_CORRUPT;
        add_column(tile, work->set, s);
        tile->limit[s] = search_root(tile->spectrum[s].root_norm & SANE);
    }
    tile->start = start_of(&tile->spectrum[tile->count - 1]);
    return SPECTRA_OK;
}

/* The least score times the row's root, in units of the kernel's dot product. */
static uint32_t factor_of(const pair_work *work, pair_row *row) {
    const uint32_t start = work->tile->start;
    if (row->start == start) return row->factor;
    const uint64_t root = root_from(work->set, &row->spectrum, start);
    const uint64_t factor = (((work->options.min_score - 1) * root) >> 14) * 127 / (row->largest * 32u);
    row->start = start;
    row->factor = factor < UINT32_MAX ? (uint32_t)factor : UINT32_MAX;
    return row->factor;
}

/* The cosine over the range that both cover. */
static uint32_t cosine_of(const db_set *set, const db_spectrum *a, const db_spectrum *b) {
    const uint32_t start = start_of(a) > start_of(b) ? start_of(a) : start_of(b);
    uint64_t dot = 0;
    for (uint32_t i = a->first_peak, j = b->first_peak; i < end_of(a) && j < end_of(b);) {
        const uint32_t m = set->nominal[i], n = set->nominal[j];
        if (m == n && m >= start) dot += root_at(set, i) * root_at(set, j);
        i += m <= n;
        j += n <= m;
    }
    return search_cosine(dot, root_from(set, a, start), root_from(set, b, start));
}

static spectra_status hand_over(pair_work *work) {
    const uint32_t count = work->count;
    work->count = 0;
    if (count > 0) work->answer = work->take(work->context, work->pairs, count);
    return work->answer;
}

static spectra_status take_pair(pair_work *work, const db_spectrum *a, const db_spectrum *b) {
    const uint32_t score = cosine_of(work->set, a, b);
    if (score < work->options.min_score) return SPECTRA_OK;
    const bool in_order = a->entry < b->entry;
    work->pairs[work->count++] = (spectra_pair){in_order ? a->entry : b->entry, in_order ? b->entry : a->entry, score};
    return work->count == BUFFER ? hand_over(work) : SPECTRA_OK;
}

/* The row's groups beyond the tile meet nothing. */
static kernels_groups inside(kernels_groups groups, uint32_t end) {
    while (groups.count > 0 && groups.group[groups.count - 1] >= end) groups.count--;
    return groups;
}

/* A row meets the columns behind it. */
static spectra_status meet_row(pair_work *work, pair_row *row, uint32_t place) {
    const pair_tile *tile = work->tile;
    const kernels_groups groups = inside(row->groups, tile->groups);
    const uint64_t reached = kernels_active()->tile_reaches(tile->code, &groups, factor_of(work, row), tile->limit);
    spectra_status status = SPECTRA_OK;
    for (uint32_t s = place < tile->first ? 0 : place - tile->first + 1;
         s < tile->count && reached >> s != 0 && status == SPECTRA_OK; s++)
        if (reached >> s & 1) status = take_pair(work, &row->spectrum, &tile->spectrum[s]);
    return status;
}

/* Rows from a place on against all tiles of the part from there on; *count of them. */
static spectra_status meet_rows(pair_work *work, uint32_t first, uint32_t *count) {
    spectra_status status = make_rows(work, first, count);
    for (uint32_t t = first / TILE; status == SPECTRA_OK && t * TILE < work->set->count; t++) {
        if (t % work->options.part_count != work->options.part) continue;
        status = make_tile(work, t * TILE);
        const pair_tile *tile = work->tile;
        for (uint32_t i = 0; status == SPECTRA_OK && i < *count && first + i < tile->first + tile->count; i++)
            status = meet_row(work, &work->row[i], first + i);
    }
    return status;
}

static spectra_status find_pairs(pair_work *work, const spectra_database *database, spectra_scratch *scratch) {
    db_set set;
    spectra_status status = db_find_set(&set, database, SPECTRA_TRACK_EI, SPECTRA_POLARITY_POSITIVE, DB_SET_NOMINAL);
    if (status < 0) return status;
    const size_t used = scratch->used;
    work->set = &set;
    status = begin_work(work, scratch);
    for (uint32_t row = 0, count; status == SPECTRA_OK && row < set.count; row += count)
        status = meet_rows(work, row, &count);
    if (status == SPECTRA_OK) status = hand_over(work);
    base_scratch_return(scratch, used);
    return status;
}

static bool take_options(spectra_pairs_options *out, const spectra_pairs_options *given) {
    *out = (spectra_pairs_options){.size = sizeof *out};
    if (given && !base_take_options(out, sizeof *out, given)) return false;
    if (out->min_score == 0) out->min_score = SPECTRA_SCORE_ONE / 10 * 7;
    if (out->part_count == 0) out->part_count = 1;
    return out->min_score <= SPECTRA_SCORE_ONE && out->part < out->part_count;
}

spectra_status spectra_search_pairs(const spectra_database *database, const spectra_pairs_options *options,
                                    spectra_take_pairs take, void *context, spectra_scratch *scratch,
                                    spectra_error *error) {
    pair_work work = {.take = take, .context = context};
    if (!database || !take || !scratch || !take_options(&work.options, options))
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE,
                         "all against all needs a database, a function that takes pairs, a scratch, and options of "
                         "this version with a score of at most 1 and a part below their number");
    spectra_status status = find_pairs(&work, database, scratch);
    if (work.answer != SPECTRA_OK) return work.answer;
    if (status == SPECTRA_E_NOT_FOUND) return base_fail(error, status, BASE_NO_PLACE, "the database has no EI spectra");
    if (status == SPECTRA_E_CORRUPT)
        return base_fail(error, status, BASE_NO_PLACE, "the database contradicts itself: run spectra db verify");
    return status == SPECTRA_E_MEMORY ? base_fail(error, status, BASE_NO_PLACE, "the scratch is too small") : status;
}
