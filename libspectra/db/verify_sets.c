/* SPDX-License-Identifier: Apache-2.0 */
/* Proves a peak set: recipe, order of the index, every entry once, and peaks as preparation leaves them. */
#include "base/bytes.h"
#include "db/verify.h"

/* 1. The fingerprint is that of the fields. */
static spectra_status verify_recipe(const spectra_database *database, const uint8_t *row, const db_set *set,
                                    spectra_error *error) {
    if (base_get64(row + DB_RECIPE_FINGERPRINT) != spectra_recipe_fingerprint(&set->recipe))
        return db_verify_fail(database, row + DB_RECIPE_FINGERPRINT, "a recipe differs from its fingerprint", error);
    return SPECTRA_OK;
}

static bool belongs(const db_group *group, const db_entry_key *key, uint32_t precursor_uth) {
    return key->track == group->track && key->polarity == group->polarity &&
           (group->set != DB_SET_WINDOWED || precursor_uth != 0);
}

static uint32_t entry_precursor(const spectra_database *database, uint32_t entry) {
    const uint8_t *row = database->file[DB_SLOT_ENTRIES].data + (size_t)entry * DB_ENTRY_ROW_SIZE;
    return base_get32(row + DB_ENTRY_PRECURSOR);
}

static uint32_t count_members(const spectra_database *database, const db_group *group) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < spectra_database_entry_count(database); i++) {
        db_entry_key key;
        if (db_entry_key_at(&key, database, i) && belongs(group, &key, entry_precursor(database, i))) count++;
    }
    return count;
}

/* What is wrong, and where; NULL and anywhere if nothing is. */
typedef struct finding {
    const char *what;
    const void *at;
} finding;

static finding examine_nominal_peaks(const db_set *set, const db_spectrum *spectrum) {
    const uint16_t *nominal = set->nominal + spectrum->first_peak, *weighted = set->weighted + spectrum->first_peak;
    uint16_t before = 0;
    for (uint32_t i = 0; i < spectrum->peak_count; i++) {
        if (nominal[i] <= before || nominal[i] > DB_MAX_NOMINAL)
            return (finding){"m/z do not ascend or are out of range", &nominal[i]};
        if (weighted[i] > DB_MAX_NOMINAL) return (finding){"a weight is out of range", &weighted[i]};
        before = nominal[i];
    }
    return (finding){0};
}

/* Of the base peak a root has 65535. */
static finding examine_roots(const uint16_t *root, uint32_t count) {
    uint16_t largest = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (root[i] == 0) return (finding){"a root is zero", &root[i]};
        if (root[i] > largest) largest = root[i];
    }
    return count > 0 && largest != UINT16_MAX ? (finding){"no root reaches 65535", root} : (finding){0};
}

/* Against what the row says of its peaks. */
static finding examine_nominal_row(const db_set *set, const db_spectrum *spectrum, const uint8_t *row) {
    const uint16_t *root = set->root + spectrum->first_peak, *weighted = set->weighted + spectrum->first_peak;
    uint64_t root_norm = 0, weighted_norm = 0;
    uint16_t smallest = spectrum->peak_count > 0 ? UINT16_MAX : 0;
    for (uint32_t i = 0; i < spectrum->peak_count; i++) {
        if (root[i] < smallest) smallest = root[i];
        root_norm += (uint64_t)(root[i] >> 4) * (root[i] >> 4);
        weighted_norm += (uint64_t)weighted[i] * weighted[i];
    }
    if (spectrum->peak_count > 0 &&
        (spectrum->first_mz == 0 || spectrum->first_mz > set->nominal[spectrum->first_peak]))
        return (finding){"the scan begins behind the first peak", row + DB_NOMINAL_FIRST_MZ};
    if (base_get16(row + DB_NOMINAL_SMALLEST_ROOT) != smallest)
        return (finding){"the smallest root is another", row + DB_NOMINAL_SMALLEST_ROOT};
    if (root_norm != spectrum->root_norm || weighted_norm != spectrum->weighted_norm)
        return (finding){"a norm is wrong", row + DB_NOMINAL_ROOT_NORM};
    if (base_get32(row + DB_NOMINAL_RESERVED) != 0)
        return (finding){"a reserved field is not zero", row + DB_NOMINAL_RESERVED};
    return (finding){0};
}

static finding examine_nominal(const db_set *set, const db_spectrum *spectrum, const uint8_t *row) {
    finding found = examine_nominal_peaks(set, spectrum);
    if (!found.what) found = examine_roots(set->root + spectrum->first_peak, spectrum->peak_count);
    return found.what ? found : examine_nominal_row(set, spectrum, row);
}

static finding examine_accurate(const db_set *set, const db_spectrum *spectrum, const uint8_t *row) {
    const uint32_t *mz_uth = set->mz_uth + spectrum->first_peak;
    const uint16_t *weight = set->weight + spectrum->first_peak;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < spectrum->peak_count; i++) {
        if (i > 0 && mz_uth[i] <= mz_uth[i - 1]) return (finding){"m/z do not ascend", &mz_uth[i]};
        if (i > 0 && mz_uth[i] - mz_uth[i - 1] <= set->recipe.merge_gap_uth)
            return (finding){"peaks stand closer than their recipe allows", &mz_uth[i]};
        sum += weight[i];
    }
    if (spectrum->peak_count > 0 && sum != UINT16_MAX) return (finding){"weights do not sum to 65535", weight};
    if (base_get32(row + DB_ACCURATE_RESERVED) != 0)
        return (finding){"a reserved field is not zero", row + DB_ACCURATE_RESERVED};
    return set->root ? examine_roots(set->root + spectrum->first_peak, spectrum->peak_count) : (finding){0};
}

/* One row against its entry and the row before: (precursor, entry) rises, so that no entry comes twice. */
static finding examine(const spectra_database *database, const db_set *set, const db_group *group, uint32_t i,
                       const uint8_t *row, uint64_t *order) {
    db_spectrum spectrum;
    db_entry_key key;
    if (!db_spectrum_at(&spectrum, set, i)) return (finding){"an index row leads out of its arrays", row};
    uint32_t precursor = entry_precursor(database, spectrum.entry);
    if (!db_entry_key_at(&key, database, spectrum.entry) || !belongs(group, &key, precursor))
        return (finding){"an entry stands in a set that is not its own", row};
    if (!set->nominal && spectrum.precursor_uth != precursor)
        return (finding){"index and entry differ in the precursor", row};
    uint64_t here = (uint64_t)spectrum.precursor_uth << 32 | spectrum.entry;
    if (i > 0 && here <= *order) return (finding){"index rows are not in order", row};
    *order = here;
    return set->nominal ? examine_nominal(set, &spectrum, row) : examine_accurate(set, &spectrum, row);
}

/* The closing row carries the number of peaks and nothing else. */
static bool closes(const db_set *set, const uint8_t *row, size_t row_size) {
    if (base_get32(row + DB_INDEX_FIRST_PEAK) != set->peak_count || base_get32(row + DB_INDEX_ENTRY) != 0) return false;
    for (size_t i = DB_INDEX_FIRST_PEAK + 4; i < row_size; i++)
        if (row[i] != 0) return false;
    return true;
}

/* 2. */
static spectra_status verify_rows(const spectra_database *database, const db_set *set, const db_group *group,
                                  spectra_error *error) {
    size_t row_size = set->nominal ? DB_NOMINAL_ROW_SIZE : DB_ACCURATE_ROW_SIZE;
    uint64_t order = 0;
    if (base_get32(set->index + DB_INDEX_FIRST_PEAK) != 0)
        return db_verify_fail(database, set->index, "the first spectrum does not begin at the first peak", error);
    for (uint32_t i = 0; i < set->count; i++) {
        const uint8_t *row = set->index + i * row_size;
        finding found = examine(database, set, group, i, row, &order);
        if (found.what) return db_verify_fail(database, (const uint8_t *)found.at, found.what, error);
    }
    const uint8_t *last = set->index + set->count * row_size;
    if (!closes(set, last, row_size)) return db_verify_fail(database, last, "the closing row is wrong", error);
    return SPECTRA_OK;
}

spectra_status db_verify_group(const spectra_database *database, uint32_t group, spectra_error *error) {
    db_set set;
    uint32_t members = count_members(database, &db_groups[group]);
    spectra_status status = db_group_set(&set, database, group);
    if (status == SPECTRA_E_NOT_FOUND && (members == 0 || db_groups[group].set == DB_SET_FINE)) return SPECTRA_OK;
    if (status < 0)
        return db_verify_fail(database, database->bytes + DB_HEADER_SIZE, "a peak set is missing or not whole", error);
    status = verify_recipe(database, database->sets[group][DB_SLOT_RECIPE].data, &set, error);
    if (status == SPECTRA_OK) status = verify_rows(database, &set, &db_groups[group], error);
    if (status == SPECTRA_OK && set.count != members)
        status = db_verify_fail(database, set.index, "not every entry stands in its set", error);
    if (status == SPECTRA_OK) status = db_verify_postings(database, &set, error);
    return status;
}
