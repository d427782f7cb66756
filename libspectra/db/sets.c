/* SPDX-License-Identifier: Apache-2.0 */
/* Walks the peak sets of an open database. Offsets inside a set are checked where they are used: a lying index gives
   false, never a peak outside the arrays. */
#include <assert.h>

#include "base/bytes.h"
#include "db/inside.h"
#include "db/postings.h"

static void read_recipe(spectra_recipe *recipe, const uint8_t *row) {
    *recipe = (spectra_recipe){
        .kind = base_get32(row + DB_RECIPE_KIND),
        .precursor_margin_uth = base_get32(row + DB_RECIPE_PRECURSOR_MARGIN),
        .noise_ppm = base_get32(row + DB_RECIPE_NOISE),
        .merge_gap_uth = base_get32(row + DB_RECIPE_MERGE_GAP),
    };
}

/* Every section that the set must have is there, and those with a value for each peak are equally long. */
static bool is_whole(const db_view *views, const db_group *group) {
    for (uint32_t slot = 0; slot < DB_SLOT_POSTINGS; slot++) {
        const db_kind *kind = db_kind_in_set(group, slot);
        if (!views[slot].data && kind && !(kind->flags & DB_SECTION_OPTIONAL)) return false;
        if (views[slot].data && slot > DB_SLOT_MZ && views[slot].count != views[DB_SLOT_MZ].count) return false;
    }
    return views[DB_SLOT_RECIPE].count == 1 && views[DB_SLOT_INDEX].count > 0;
}

static bool is_absent(const db_view *views) {
    for (uint32_t slot = 0; slot < DB_SET_SLOTS; slot++)
        if (views[slot].data) return false;
    return true;
}

/* Sections stand at multiples of 64 in memory aligned to 8: their arrays can be used in place. */
static const uint16_t *array16(const db_view *view) {
    return (const uint16_t *)(const void *)view->data;
}
static const uint32_t *array32(const db_view *view) {
    return (const uint32_t *)(const void *)view->data;
}

/* All three sections from `slot` on, or none. */
static bool take_postings(db_postings *out, const db_view *views, uint32_t slot, uint32_t spectra) {
    const db_view *words = &views[slot], *offsets = &views[slot + 1], *blocks = &views[slot + 2];
    *out = (db_postings){0};
    if (!words->data && !offsets->data && !blocks->data) return true;
    uint32_t block_count = db_posting_block_count(spectra);
    if (!words->data || !offsets->data || !blocks->data || blocks->count != block_count + 1) return false;
    *out = (db_postings){.blocks = blocks->data,
                         .offsets = array32(offsets),
                         .words = array32(words),
                         .block_count = block_count,
                         .offset_count = offsets->count,
                         .count = words->count};
    return true;
}

spectra_status db_group_set(db_set *out, const spectra_database *database, uint32_t group) {
    const db_view *views = database->sets[group];
    bool nominal = db_groups[group].set == DB_SET_NOMINAL;
    if (is_absent(views)) return SPECTRA_E_NOT_FOUND;
    if (!is_whole(views, &db_groups[group])) return SPECTRA_E_CORRUPT;
    *out = (db_set){
        .count = views[DB_SLOT_INDEX].count - 1,
        .peak_count = views[DB_SLOT_MZ].count,
        .entry_count = spectra_database_entry_count(database),
        .index = views[DB_SLOT_INDEX].data,
    };
    read_recipe(&out->recipe, views[DB_SLOT_RECIPE].data);
    if (out->recipe.kind != (nominal ? SPECTRA_RECIPE_NOMINAL : SPECTRA_RECIPE_ACCURATE)) return SPECTRA_E_CORRUPT;
    if (nominal) {
        out->nominal = array16(&views[DB_SLOT_MZ]);
        out->root = array16(&views[DB_SLOT_WEIGHT]);
        out->weighted = array16(&views[DB_SLOT_WEIGHTED]);
    } else {
        out->mz_uth = array32(&views[DB_SLOT_MZ]);
        out->weight = array16(&views[DB_SLOT_WEIGHT]);
        out->root = array16(&views[DB_SLOT_ACCURATE_ROOT]);
    }
    bool whole = take_postings(&out->by_mz, views, DB_SLOT_POSTINGS, out->count) &&
                 take_postings(&out->by_loss, views, DB_SLOT_LOSS_POSTINGS, out->count);
    return whole ? SPECTRA_OK : SPECTRA_E_CORRUPT;
}

spectra_status db_find_set(db_set *out, const spectra_database *database, spectra_track track,
                           spectra_polarity polarity, int set) {
    uint32_t group = db_group_of(track, polarity, set);
    return group < DB_GROUP_COUNT ? db_group_set(out, database, group) : SPECTRA_E_NOT_FOUND;
}

bool db_spectrum_at(db_spectrum *out, const db_set *set, uint32_t i) {
    assert(i < set->count);
    bool nominal = set->nominal != NULL;
    size_t row_size = nominal ? DB_NOMINAL_ROW_SIZE : DB_ACCURATE_ROW_SIZE;
    const uint8_t *row = set->index + i * row_size;
    uint32_t first = base_get32(row + DB_INDEX_FIRST_PEAK), end = base_get32(row + row_size + DB_INDEX_FIRST_PEAK);
    if (first > end || end > set->peak_count || end - first > DB_SPECTRUM_MAX_PEAKS) return false;
    *out = (db_spectrum){
        .entry = base_get32(row + DB_INDEX_ENTRY),
        .first_peak = first,
        .peak_count = end - first,
    };
    if (nominal) {
        out->first_mz = base_get16(row + DB_NOMINAL_FIRST_MZ);
        out->root_norm = base_get64(row + DB_NOMINAL_ROOT_NORM);
        out->weighted_norm = base_get64(row + DB_NOMINAL_WEIGHTED_NORM);
    } else {
        out->precursor_uth = base_get32(row + DB_ACCURATE_PRECURSOR);
    }
    return out->entry < set->entry_count;
}

void db_expect_spectrum(const db_set *set, uint32_t i) {
    size_t row_size = set->nominal ? DB_NOMINAL_ROW_SIZE : DB_ACCURATE_ROW_SIZE;
    __builtin_prefetch(set->index + (i + (size_t)1) * row_size);
}

bool db_nominal_rows_at(db_nominal_rows *out, const db_set *set, uint32_t first, uint32_t count) {
    assert(set->nominal && count <= DB_ROWS && count <= set->count && first <= set->count - count);
    const uint8_t *row = set->index + (size_t)first * DB_NOMINAL_ROW_SIZE;
    bool sound = true;
    for (uint32_t i = 0; i < count; i++, row += DB_NOMINAL_ROW_SIZE) {
        __builtin_prefetch(row + (size_t)DB_ROWS * DB_NOMINAL_ROW_SIZE); /* rows that are read next */
        uint32_t begin = base_get32(row + DB_INDEX_FIRST_PEAK);
        uint32_t end = base_get32(row + DB_NOMINAL_ROW_SIZE + DB_INDEX_FIRST_PEAK);
        sound &= begin <= end && end <= set->peak_count && end - begin <= DB_SPECTRUM_MAX_PEAKS &&
                 base_get32(row + DB_INDEX_ENTRY) < set->entry_count;
        out->first_peak[i] = begin;
        out->first_mz[i] = base_get16(row + DB_NOMINAL_FIRST_MZ);
        out->root_norm[i] = base_get64(row + DB_NOMINAL_ROOT_NORM);
        out->weighted_norm[i] = base_get64(row + DB_NOMINAL_WEIGHTED_NORM);
    }
    out->first_peak[count] = base_get32(row + DB_INDEX_FIRST_PEAK);
    return sound;
}

bool db_first_peaks_at(uint32_t *first_peak, const db_set *set, uint32_t first, uint32_t count) {
    assert(set->mz_uth && count <= set->count && first <= set->count - count);
    const uint8_t *row = set->index + (size_t)first * DB_ACCURATE_ROW_SIZE;
    bool sound = true;
    uint32_t before = first_peak[0] = base_get32(row + DB_INDEX_FIRST_PEAK);
    for (uint32_t i = 1; i <= count; i++) {
        uint32_t end = base_get32(row + (size_t)i * DB_ACCURATE_ROW_SIZE + DB_INDEX_FIRST_PEAK);
        sound &= before <= end && end - before <= DB_SPECTRUM_MAX_PEAKS;
        first_peak[i] = before = end;
    }
    return sound && before <= set->peak_count;
}

uint32_t db_lower_bound(const db_set *set, uint32_t precursor_uth) {
    assert(set->mz_uth);
    uint32_t low = 0, high = set->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (base_get32(set->index + (size_t)middle * DB_ACCURATE_ROW_SIZE + DB_ACCURATE_PRECURSOR) < precursor_uth) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
