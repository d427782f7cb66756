/* SPDX-License-Identifier: Apache-2.0 */
/* Peak sets while a database is being built: prepared spectra go in as they come and out by (precursor, entry). */
#include <assert.h>

#include "base/bytes.h"
#include "base/error.h"
#include "db/builder.h"
#include "db/keys.h"
#include "spectrum/prepared.h"

void db_peak_arrays_init(db_peak_arrays *arrays, const db_group *group, const spectra_allocator *allocator) {
    bool nominal = group->set == DB_SET_NOMINAL;
    base_vector_init(&arrays->mz, nominal ? sizeof(uint16_t) : sizeof(uint32_t), allocator);
    base_vector_init(&arrays->weight, sizeof(uint16_t), allocator);
    base_vector_init(&arrays->weighted, sizeof(uint16_t), allocator);
    base_vector_init(&arrays->root, sizeof(uint16_t), allocator);
}

void db_peak_arrays_free(db_peak_arrays *arrays) {
    base_vector_free(&arrays->mz);
    base_vector_free(&arrays->weight);
    base_vector_free(&arrays->weighted);
    base_vector_free(&arrays->root);
}

void db_peaks_init(db_peaks *peaks, db_peak_arrays *arrays, const db_group *group, const spectra_allocator *allocator) {
    base_vector_init(&peaks->rows, sizeof(db_peak_row), allocator);
    peaks->peak_count = 0;
    peaks->arrays = arrays;
    if (group->set == DB_SET_NOMINAL) spectra_recipe_nominal(&peaks->recipe);
    if (group->set == DB_SET_WINDOWED) spectra_recipe_windowed(&peaks->recipe);
    if (group->set == DB_SET_OPEN) spectra_recipe_open(&peaks->recipe);
    if (group->set == DB_SET_FINE) spectrum_recipe_fine(&peaks->recipe);
}

spectra_status db_reserve_peaks(db_peak_arrays *arrays, size_t count, spectra_error *error) {
    bool nominal = arrays->mz.element_size == sizeof(uint16_t);
    if (count > UINT32_MAX - arrays->mz.count)
        return base_fail(error, SPECTRA_E_LIMIT, BASE_NO_PLACE, "a track holds no more than 4294967295 peaks");
    if (!base_vector_reserve(&arrays->mz, count) || !base_vector_reserve(&arrays->weight, count) ||
        !base_vector_reserve(nominal ? &arrays->weighted : &arrays->root, count))
        return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "no memory for peaks");
    return SPECTRA_OK;
}

spectra_status db_reserve_peak_row(db_peaks *peaks, const spectra_prepared *prepared, spectra_error *error) {
    if (prepared->count > DB_SPECTRUM_MAX_PEAKS)
        return base_fail(error, SPECTRA_E_LIMIT, BASE_NO_PLACE, "%u peaks: a reference spectrum has at most 65535",
                         (uint64_t)prepared->count);
    return db_reserve_row(&peaks->rows, UINT32_MAX - 1, error);
}

static void append(base_vector *vector, const void *elements, size_t count) {
    bool added = base_vector_append(vector, elements, count);
    assert(added);
    (void)added;
}

uint32_t db_add_peaks(db_peak_arrays *arrays, const spectra_prepared *prepared) {
    const uint32_t first_peak = (uint32_t)arrays->mz.count;
    if (prepared->recipe.kind == SPECTRA_RECIPE_NOMINAL) {
        append(&arrays->mz, prepared->nominal, prepared->count);
        append(&arrays->weight, prepared->root, prepared->count);
        append(&arrays->weighted, prepared->weighted, prepared->count);
    } else {
        append(&arrays->mz, prepared->mz_uth, prepared->count);
        append(&arrays->weight, prepared->weight, prepared->count);
        append(&arrays->root, prepared->root, prepared->count);
    }
    return first_peak;
}

void db_add_peak_row(db_peaks *peaks, const spectra_prepared *prepared, uint32_t entry, uint32_t first_peak) {
    bool nominal = prepared->recipe.kind == SPECTRA_RECIPE_NOMINAL;
    db_peak_row row = {.entry = entry,
                       .precursor_uth = nominal ? 0 : prepared->precursor_uth,
                       .first_peak = first_peak,
                       .peak_count = (uint16_t)prepared->count,
                       .first_mz = (uint16_t)prepared->first_mz};
    append(&peaks->rows, &row, 1);
    peaks->peak_count += prepared->count;
}

/* order[i] & UINT32_MAX is the row that comes to stand at i; used up. */
static void permute(db_peak_row *rows, uint64_t *order, size_t count) {
    for (size_t start = 0; start < count; start++) {
        const db_peak_row moved = rows[start];
        size_t to = start, from = order[to] & UINT32_MAX;
        for (; from != start; from = order[to] & UINT32_MAX) {
            rows[to] = rows[from];
            order[to] = to;
            to = from;
        }
        rows[to] = moved;
        order[to] = to;
    }
}

static bool in_order(const db_peak_row *rows, size_t count) {
    size_t i = 1;
    while (i < count && rows[i - 1].precursor_uth <= rows[i].precursor_uth) i++;
    return i >= count;
}

/* Rows of one precursor stand in the order of their entries, for so they were added. */
bool db_sort_peaks(db_peaks *peaks) {
    db_peak_row *rows = (db_peak_row *)peaks->rows.data;
    const spectra_allocator *allocator = peaks->rows.allocator;
    const size_t count = peaks->rows.count;
    if (in_order(rows, count)) return true;
    uint64_t *keys = (uint64_t *)base_allocate_array(allocator, count, 2 * sizeof *keys);
    if (!keys) return false;
    base_expect_writing(allocator, keys, count * 2 * sizeof *keys);
    for (size_t i = 0; i < count; i++) keys[i] = (uint64_t)rows[i].precursor_uth << 32 | i;
    permute(rows, db_sort_keys(keys, keys + count, count, 32, 32), count);
    base_release(allocator, keys, count * 2 * sizeof *keys);
    return true;
}

#define AHEAD 8u
void db_expect_peaks(const db_peaks *peaks, const base_vector *values, size_t row) {
    const db_peak_row *rows = (const db_peak_row *)peaks->rows.data;
    if (peaks->rows.count - row <= AHEAD) return;
    const size_t first = rows[row + AHEAD].first_peak * values->element_size;
    __builtin_prefetch((const uint8_t *)values->data + first);
    __builtin_prefetch((const uint8_t *)values->data + first + 64);
}

void db_write_recipe(db_output *output, const db_peaks *peaks) {
    const spectra_recipe *recipe = &peaks->recipe;
    uint8_t *out = db_output_room(output, DB_RECIPE_ROW_SIZE);
    base_put32(out + DB_RECIPE_KIND, recipe->kind);
    base_put32(out + DB_RECIPE_PRECURSOR_MARGIN, recipe->precursor_margin_uth);
    base_put32(out + DB_RECIPE_NOISE, recipe->noise_ppm);
    base_put32(out + DB_RECIPE_MERGE_GAP, recipe->merge_gap_uth);
    base_put64(out + DB_RECIPE_FINGERPRINT, spectra_recipe_fingerprint(recipe));
}

static void write_nominal_row(uint8_t *out, const db_peaks *peaks, const db_peak_row *row) {
    const uint16_t *root = (const uint16_t *)peaks->arrays->weight.data + row->first_peak;
    const uint16_t *weighted = (const uint16_t *)peaks->arrays->weighted.data + row->first_peak;
    uint16_t smallest = row->peak_count > 0 ? UINT16_MAX : 0;
    uint64_t root_norm = 0, weighted_norm = 0;
    for (uint32_t i = 0; i < row->peak_count; i++) {
        if (root[i] < smallest) smallest = root[i];
        root_norm += (uint64_t)(root[i] >> 4) * (root[i] >> 4);
        weighted_norm += (uint64_t)weighted[i] * weighted[i];
    }
    base_put16(out + DB_NOMINAL_FIRST_MZ, row->first_mz);
    base_put16(out + DB_NOMINAL_SMALLEST_ROOT, smallest);
    base_put64(out + DB_NOMINAL_ROOT_NORM, root_norm);
    base_put64(out + DB_NOMINAL_WEIGHTED_NORM, weighted_norm);
}

/* Peaks are written in the order of the rows, so that the first peak of each is where those before it end. */
void db_write_index(db_output *output, const db_peaks *peaks) {
    const db_peak_row *rows = (const db_peak_row *)peaks->rows.data;
    bool nominal = peaks->recipe.kind == SPECTRA_RECIPE_NOMINAL;
    uint32_t first_peak = 0;
    for (size_t i = 0; i < peaks->rows.count; i++) {
        uint8_t *out = db_output_room(output, nominal ? DB_NOMINAL_ROW_SIZE : DB_ACCURATE_ROW_SIZE);
        base_put32(out + DB_INDEX_ENTRY, rows[i].entry);
        base_put32(out + DB_INDEX_FIRST_PEAK, first_peak);
        if (nominal) {
            write_nominal_row(out, peaks, &rows[i]);
        } else {
            base_put32(out + DB_ACCURATE_PRECURSOR, rows[i].precursor_uth);
        }
        first_peak += rows[i].peak_count;
    }
    uint8_t *end = db_output_room(output, nominal ? DB_NOMINAL_ROW_SIZE : DB_ACCURATE_ROW_SIZE);
    base_put32(end + DB_INDEX_FIRST_PEAK, first_peak);
}

static void write16(uint8_t *out, const uint16_t *values, size_t count) {
    for (size_t i = 0; i < count; i++) base_put16(out + 2 * i, values[i]);
}

static void write32(uint8_t *out, const uint32_t *values, size_t count) {
    for (size_t i = 0; i < count; i++) base_put32(out + 4 * i, values[i]);
}

void db_write_peaks(db_output *output, const db_peaks *peaks, const base_vector *values) {
    const db_peak_row *rows = (const db_peak_row *)peaks->rows.data;
    for (size_t i = 0; i < peaks->rows.count; i++) {
        uint8_t *out = db_output_room(output, rows[i].peak_count * values->element_size);
        db_expect_peaks(peaks, values, i);
        if (values->element_size == sizeof(uint16_t)) {
            write16(out, (const uint16_t *)values->data + rows[i].first_peak, rows[i].peak_count);
        } else {
            write32(out, (const uint32_t *)values->data + rows[i].first_peak, rows[i].peak_count);
        }
    }
}
