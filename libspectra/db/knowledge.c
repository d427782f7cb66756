/* SPDX-License-Identifier: Apache-2.0 */
/* Reads knowledge in place. Whatever the bytes say, no row refers to anything that is not there. */
#include "db/knowledge.h"

#include <string.h>

#include "base/bytes.h"
#include "db/inside.h"

uint32_t db_knowledge_count(const spectra_database *database, uint32_t slot) {
    return database->file[slot].count;
}

static const uint8_t *row_of(const spectra_database *database, uint32_t slot, uint32_t i) {
    const db_view *view = &database->file[slot];
    return i < view->count ? view->data + (size_t)i * db_kind_of_file(slot)->row_size : NULL;
}

static const char *text_at(const spectra_database *database, const uint8_t *at) {
    return db_string(database, base_get32(at));
}

bool db_family_at(db_family *out, const spectra_database *database, uint32_t i) {
    const uint8_t *row = row_of(database, DB_SLOT_FAMILIES, i);
    if (!row) return false;
    *out = (db_family){
        .name = text_at(database, row + DB_FAMILY_NAME),
        .members = text_at(database, row + DB_FAMILY_MEMBERS),
        .parent = text_at(database, row + DB_FAMILY_PARENT),
        .formula = text_at(database, row + DB_FAMILY_FORMULA),
        .mass_uda = (int64_t)base_get64(row + DB_FAMILY_MASS),
        .nominal_da = base_get32(row + DB_FAMILY_NOMINAL),
        .first_site = base_get32(row + DB_FAMILY_FIRST_SITE),
        .site_count = base_get32(row + DB_FAMILY_SITE_COUNT),
    };
    uint32_t sites = db_knowledge_count(database, DB_SLOT_SITES);
    return out->mass_uda >= 0 && out->mass_uda <= (int64_t)DB_MAX_NOMINAL * 1000000 &&
           out->nominal_da <= DB_MAX_NOMINAL && out->site_count <= DB_MAX_SITES && out->site_count <= sites &&
           out->first_site <= sites - out->site_count;
}

bool db_site_at(db_site *out, const spectra_database *database, uint32_t i) {
    const uint8_t *row = row_of(database, DB_SLOT_SITES, i);
    if (!row) return false;
    *out = (db_site){
        .code = text_at(database, row + DB_SITE_CODE),
        .label = text_at(database, row + DB_SITE_LABEL),
        .words = text_at(database, row + DB_SITE_WORDS),
        .weight = base_get32(row + DB_SITE_WEIGHT),
        .family = base_get32(row + DB_SITE_FAMILY),
    };
    return out->family < db_knowledge_count(database, DB_SLOT_FAMILIES);
}

/* A family that is there, and a mask of sites that it has. */
static bool sites_fit(const spectra_database *database, uint32_t family, uint32_t mask) {
    db_family about;
    return db_family_at(&about, database, family) && mask < 1u << about.site_count;
}

static bool track_fits(uint32_t track) {
    return track >= SPECTRA_TRACK_EI && track <= SPECTRA_TRACK_INSOURCE;
}

bool db_fragment_at(db_fragment *out, const spectra_database *database, uint32_t i) {
    const uint8_t *row = row_of(database, DB_SLOT_FRAGMENTS, i);
    if (!row || !track_fits(base_get32(row + DB_FRAGMENT_TRACK))) return false;
    *out = (db_fragment){
        .label = text_at(database, row + DB_FRAGMENT_LABEL),
        .family = base_get32(row + DB_FRAGMENT_FAMILY),
        .track = (spectra_track)base_get32(row + DB_FRAGMENT_TRACK),
        .mz_uth = base_get32(row + DB_FRAGMENT_MZ),
        .kept = base_get32(row + DB_FRAGMENT_KEPT),
        .weight = base_get32(row + DB_FRAGMENT_WEIGHT),
        .group = base_get32(row + DB_FRAGMENT_GROUP),
    };
    return sites_fit(database, out->family, out->kept);
}

bool db_delta_at(db_delta *out, const spectra_database *database, uint32_t i) {
    const uint8_t *row = row_of(database, DB_SLOT_DELTAS, i);
    if (!row || !track_fits(base_get32(row + DB_DELTA_TRACK))) return false;
    *out = (db_delta){
        .formula = text_at(database, row + DB_DELTA_FORMULA),
        .family = base_get32(row + DB_DELTA_FAMILY),
        .track = (spectra_track)base_get32(row + DB_DELTA_TRACK),
        .sites = base_get32(row + DB_DELTA_SITES),
        .mass_uda = (int64_t)base_get64(row + DB_DELTA_MASS),
        .cost = base_get32(row + DB_DELTA_COST),
        .isotopologue = (base_get32(row + DB_DELTA_FLAGS) & DB_DELTA_ISOTOPOLOGUE) != 0,
    };
    int64_t most = (int64_t)DB_MAX_NOMINAL * 1000000;
    return out->mass_uda >= -most && out->mass_uda <= most && out->sites != 0 &&
           sites_fit(database, out->family, out->sites);
}

static bool read_shares(uint32_t share[DB_SHARE_COUNT], const uint8_t *row) {
    for (size_t i = 0; i < DB_SHARE_COUNT; i++) {
        share[i] = base_get32(row + DB_SHARES + 4 * i);
        if (share[i] == 0 || share[i] > DB_SHARE_ONE) return false;
    }
    return true;
}

bool db_intensity_at(db_intensity *out, const spectra_database *database, uint32_t i) {
    const uint8_t *row = row_of(database, DB_SLOT_INTENSITIES, i);
    if (!row) return false;
    out->fragment = base_get32(row + DB_INTENSITY_FRAGMENT);
    return out->fragment < db_knowledge_count(database, DB_SLOT_FRAGMENTS) && read_shares(out->share, row);
}

bool db_background_at(db_background *out, const spectra_database *database, uint32_t i) {
    const uint8_t *row = row_of(database, DB_SLOT_BACKGROUNDS, i);
    if (!row) return false;
    out->family = base_get32(row + DB_BACKGROUND_FAMILY);
    out->mz = base_get16(row + DB_BACKGROUND_MZ);
    out->others = (base_get16(row + DB_BACKGROUND_SET) & DB_BACKGROUND_OTHERS) != 0;
    return out->family < db_knowledge_count(database, DB_SLOT_FAMILIES) && out->mz <= DB_MAX_NOMINAL &&
           read_shares(out->share, row);
}

int64_t db_parameter(const spectra_database *database, uint32_t family, spectra_track track, const char *name,
                     int64_t missing) {
    for (uint32_t i = 0; i < db_knowledge_count(database, DB_SLOT_PARAMETERS); i++) {
        const uint8_t *row = row_of(database, DB_SLOT_PARAMETERS, i);
        if (base_get32(row + DB_PARAMETER_FAMILY) == family &&
            base_get32(row + DB_PARAMETER_TRACK) == (uint32_t)track &&
            strcmp(text_at(database, row + DB_PARAMETER_NAME), name) == 0)
            return (int64_t)base_get64(row + DB_PARAMETER_VALUE);
    }
    return missing;
}
