/* SPDX-License-Identifier: Apache-2.0 */
/* Peak sets while a database is being built: prepared spectra go in as they come and out by (precursor, entry). */
#include <assert.h>

#include "base/bytes.h"
#include "base/error.h"
#include "db/builder.h"
#include "spectrum/prepared.h"

void db_peaks_init(db_peaks *peaks, const db_group *group, const spectra_allocator *allocator) {
    bool nominal = group->set == DB_SET_NOMINAL;
    base_vector_init(&peaks->rows, sizeof(db_peak_row), allocator);
    base_vector_init(&peaks->mz, nominal ? sizeof(uint16_t) : sizeof(uint32_t), allocator);
    base_vector_init(&peaks->weight, sizeof(uint16_t), allocator);
    base_vector_init(&peaks->weighted, sizeof(uint16_t), allocator);
    base_vector_init(&peaks->root, sizeof(uint16_t), allocator);
    if (nominal) spectra_recipe_nominal(&peaks->recipe);
    if (group->set == DB_SET_WINDOWED) spectra_recipe_windowed(&peaks->recipe);
    if (group->set == DB_SET_OPEN) spectra_recipe_open(&peaks->recipe);
    if (group->set == DB_SET_FINE) spectrum_recipe_fine(&peaks->recipe);
}

void db_peaks_free(db_peaks *peaks) {
    base_vector_free(&peaks->rows);
    base_vector_free(&peaks->mz);
    base_vector_free(&peaks->weight);
    base_vector_free(&peaks->weighted);
    base_vector_free(&peaks->root);
}

spectra_status db_reserve_peaks(db_peaks *peaks, const spectra_prepared *prepared, spectra_error *error) {
    bool nominal = peaks->recipe.kind == SPECTRA_RECIPE_NOMINAL;
    if (prepared->count > DB_SPECTRUM_MAX_PEAKS)
        return base_fail(error, SPECTRA_E_LIMIT, BASE_NO_PLACE, "%u peaks: a reference spectrum has at most 65535",
                         (uint64_t)prepared->count);
    if (prepared->count > UINT32_MAX - peaks->mz.count)
        return base_fail(error, SPECTRA_E_LIMIT, BASE_NO_PLACE, "a peak set holds no more than 4294967295 peaks");
    if (!base_vector_reserve(&peaks->mz, prepared->count) || !base_vector_reserve(&peaks->weight, prepared->count) ||
        !base_vector_reserve(nominal ? &peaks->weighted : &peaks->root, prepared->count))
        return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "no memory for peaks");
    return db_reserve_row(&peaks->rows, UINT32_MAX - 1, error);
}

static void append(base_vector *vector, const void *elements, size_t count) {
    bool added = base_vector_append(vector, elements, count);
    assert(added);
    (void)added;
}

void db_add_peaks(db_peaks *peaks, const spectra_prepared *prepared, uint32_t entry) {
    db_peak_row row = {
        .entry = entry, .first_peak = (uint32_t)peaks->mz.count, .peak_count = (uint16_t)prepared->count};
    if (peaks->recipe.kind == SPECTRA_RECIPE_NOMINAL) {
        row.first_mz = (uint16_t)prepared->first_mz;
        append(&peaks->mz, prepared->nominal, prepared->count);
        append(&peaks->weight, prepared->root, prepared->count);
        append(&peaks->weighted, prepared->weighted, prepared->count);
    } else {
        row.precursor_uth = prepared->precursor_uth;
        append(&peaks->mz, prepared->mz_uth, prepared->count);
        append(&peaks->weight, prepared->weight, prepared->count);
        append(&peaks->root, prepared->root, prepared->count);
    }
    append(&peaks->rows, &row, 1);
}

static uint64_t place_in_file(const db_peak_row *row) {
    return (uint64_t)row->precursor_uth << 32 | row->entry;
}

/* Lets the row at `root` sink to its place in a heap of `count` rows, the last in file order on top. */
static void sink(db_peak_row *rows, size_t root, size_t count) {
    db_peak_row sinking = rows[root];
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && place_in_file(&rows[child]) < place_in_file(&rows[child + 1])) child++;
        if (place_in_file(&rows[child]) <= place_in_file(&sinking)) break;
        rows[root] = rows[child];
        root = child;
    }
    rows[root] = sinking;
}

/* Heap sort, which needs no memory. No two rows have the same place. */
void db_sort_peaks(db_peaks *peaks) {
    db_peak_row *rows = (db_peak_row *)peaks->rows.data;
    size_t count = peaks->rows.count;
    for (size_t i = count / 2; i > 0; i--) sink(rows, i - 1, count);
    for (size_t end = count; end > 1; end--) {
        db_peak_row last = rows[0];
        rows[0] = rows[end - 1];
        rows[end - 1] = last;
        sink(rows, 0, end - 1);
    }
}

void db_write_recipe(uint8_t *out, const db_peaks *peaks) {
    const spectra_recipe *recipe = &peaks->recipe;
    base_put32(out + DB_RECIPE_KIND, recipe->kind);
    base_put32(out + DB_RECIPE_PRECURSOR_MARGIN, recipe->precursor_margin_uth);
    base_put32(out + DB_RECIPE_NOISE, recipe->noise_ppm);
    base_put32(out + DB_RECIPE_MERGE_GAP, recipe->merge_gap_uth);
    base_put64(out + DB_RECIPE_FINGERPRINT, spectra_recipe_fingerprint(recipe));
}

static void write_nominal_row(uint8_t *out, const db_peaks *peaks, const db_peak_row *row) {
    const uint16_t *root = (const uint16_t *)peaks->weight.data + row->first_peak;
    const uint16_t *weighted = (const uint16_t *)peaks->weighted.data + row->first_peak;
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
void db_write_index(uint8_t *out, const db_peaks *peaks) {
    const db_peak_row *rows = (const db_peak_row *)peaks->rows.data;
    bool nominal = peaks->recipe.kind == SPECTRA_RECIPE_NOMINAL;
    uint32_t first_peak = 0;
    for (size_t i = 0; i < peaks->rows.count; i++) {
        base_put32(out + DB_INDEX_ENTRY, rows[i].entry);
        base_put32(out + DB_INDEX_FIRST_PEAK, first_peak);
        if (nominal) {
            write_nominal_row(out, peaks, &rows[i]);
        } else {
            base_put32(out + DB_ACCURATE_PRECURSOR, rows[i].precursor_uth);
        }
        first_peak += rows[i].peak_count;
        out += nominal ? DB_NOMINAL_ROW_SIZE : DB_ACCURATE_ROW_SIZE;
    }
    base_put32(out + DB_INDEX_FIRST_PEAK, first_peak);
}

static uint8_t *write16(uint8_t *out, const uint16_t *values, size_t count) {
    for (size_t i = 0; i < count; i++) base_put16(out + 2 * i, values[i]);
    return out + 2 * count;
}

static uint8_t *write32(uint8_t *out, const uint32_t *values, size_t count) {
    for (size_t i = 0; i < count; i++) base_put32(out + 4 * i, values[i]);
    return out + 4 * count;
}

void db_write_peaks(uint8_t *out, const db_peaks *peaks, const base_vector *values) {
    const db_peak_row *rows = (const db_peak_row *)peaks->rows.data;
    for (size_t i = 0; i < peaks->rows.count; i++) {
        if (values->element_size == sizeof(uint16_t)) {
            out = write16(out, (const uint16_t *)values->data + rows[i].first_peak, rows[i].peak_count);
        } else {
            out = write32(out, (const uint32_t *)values->data + rows[i].first_peak, rows[i].peak_count);
        }
    }
}
