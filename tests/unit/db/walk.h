/* SPDX-License-Identifier: Apache-2.0 */
/* Reads all that an open database offers, for the tests and fuzz targets of damaged ones. */
#ifndef TESTS_UNIT_DB_WALK_H
#define TESTS_UNIT_DB_WALK_H

#include "unit/db/sample.h"

/* Bad offsets are followed; the sum keeps the reads alive. */
static inline uint64_t sample_walk_set(const db_set *set) {
    uint64_t sum = set->recipe.kind;
    for (uint32_t i = 0; i < set->count; i++) {
        db_spectrum spectrum;
        if (!db_spectrum_at(&spectrum, set, i)) continue;
        assert_true(spectrum.entry < set->entry_count && spectrum.peak_count <= 65535);
        for (uint32_t j = spectrum.first_peak; j < spectrum.first_peak + spectrum.peak_count; j++)
            sum += set->nominal ? (uint64_t)set->nominal[j] + set->root[j] + set->weighted[j]
                                : (uint64_t)set->mz_uth[j] + set->weight[j];
    }
    for (uint32_t mz = 0; !set->nominal && mz < 4000000000u; mz += 190000000u) {
        assert_in_range(db_lower_bound(set, mz), 0, set->count);
        sum += db_lower_bound(set, mz);
    }
    return sum;
}

static inline uint64_t sample_walk_texts(const spectra_database *database) {
    uint64_t sum = 0;
    spectra_substance substance;
    spectra_entry entry;
    db_entry_key key;
    for (uint32_t i = 0; spectra_database_substance(database, i, &substance) == SPECTRA_OK; i++) {
        sum += strlen(substance.name) + strlen(substance.inchikey) + strlen(substance.formula);
        sum += strlen(substance.smiles) + strlen(substance.substance_class) + strlen(substance.sites);
        sum += strlen(substance.core) + strlen(substance.source);
        sum += strlen(db_string(database, db_substance_formula(database, i)));
        sum += db_substance_measured(database, i, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_NEGATIVE);
    }
    for (uint32_t i = 0; i < spectra_database_entry_count(database); i++) {
        bool known = db_entry_key_at(&key, database, i);
        assert_int_equal(spectra_database_entry(database, i, &entry), known ? SPECTRA_OK : SPECTRA_E_CORRUPT);
        if (!known) continue;
        assert_true(entry.substance < spectra_database_substance_count(database));
        sum += strlen(db_string(database, key.accession)) + strlen(entry.name) + strlen(entry.inchikey);
        sum += strlen(entry.source) + strlen(entry.licence) + strlen(entry.author) + strlen(entry.instrument_type);
        sum += strlen(entry.instrument) + strlen(entry.collision_energy) + strlen(entry.adduct);
    }
    return sum;
}

static inline uint64_t sample_walk(const spectra_database *database) {
    uint64_t sum = sample_walk_texts(database);
    spectra_section section;
    for (uint32_t i = 0; spectra_database_section(database, i, &section) == SPECTRA_OK; i++)
        sum += strlen(section.name) + section.size;
    for (uint32_t group = 0; group < DB_GROUP_COUNT; group++) {
        db_set set;
        if (db_group_set(&set, database, group) == SPECTRA_OK) sum += sample_walk_set(&set);
    }
    return sum;
}

#endif
