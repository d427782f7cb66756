/* SPDX-License-Identifier: Apache-2.0 */
/* Reads all that an open database offers, for the tests and fuzz targets of damaged ones. */
#ifndef TESTS_UNIT_DB_WALK_H
#define TESTS_UNIT_DB_WALK_H

#include "db/knowledge.h"
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
                                : (uint64_t)set->mz_uth[j] + set->weight[j] + (set->root ? set->root[j] : 0u);
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

/* A row that is given refers to nothing that is not there. */
static inline uint64_t sample_walk_knowledge(const spectra_database *database) {
    uint64_t sum = (uint64_t)db_parameter(database, 0, SPECTRA_TRACK_EI, "prior.0", 7);
    db_family family;
    db_site site;
    db_fragment fragment;
    db_delta delta;
    db_intensity intensity;
    db_background background;
    for (uint32_t i = 0; i < db_knowledge_count(database, DB_SLOT_FAMILIES); i++)
        if (db_family_at(&family, database, i)) {
            sum += strlen(family.name) + strlen(family.members) + strlen(family.parent) + strlen(family.formula);
            for (uint32_t k = 0; k < family.site_count; k++)
                sum += db_site_at(&site, database, family.first_site + k) ? strlen(site.label) + strlen(site.words) : 0;
        }
    for (uint32_t i = 0; i < db_knowledge_count(database, DB_SLOT_FRAGMENTS); i++)
        sum += db_fragment_at(&fragment, database, i) ? strlen(fragment.label) + fragment.kept : 0;
    for (uint32_t i = 0; i < db_knowledge_count(database, DB_SLOT_DELTAS); i++)
        sum += db_delta_at(&delta, database, i) ? strlen(delta.formula) + delta.sites : 0;
    for (uint32_t i = 0; i < db_knowledge_count(database, DB_SLOT_INTENSITIES); i++)
        sum += db_intensity_at(&intensity, database, i) ? intensity.share[7] : 0;
    for (uint32_t i = 0; i < db_knowledge_count(database, DB_SLOT_BACKGROUNDS); i++)
        sum += db_background_at(&background, database, i) ? background.share[7] : 0;
    return sum;
}

static inline uint64_t sample_walk(const spectra_database *database) {
    uint64_t sum = sample_walk_texts(database) + sample_walk_knowledge(database);
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
