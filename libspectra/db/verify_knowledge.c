/* SPDX-License-Identifier: Apache-2.0 */
/* Proves the knowledge sections: every row is one that can be used, and says nothing beyond its fields. */
#include "base/bytes.h"
#include "db/knowledge.h"
#include "db/verify.h"

/* What a knowledge section's rows are made of. */
typedef struct knowledge_shape {
    uint32_t slot;
    uint32_t texts[4]; /* offsets of string references */
    uint32_t text_count;
    uint32_t reserved, reserved_size; /* that must be zero */
    bool (*usable)(const spectra_database *database, uint32_t i, const uint8_t *row);
} knowledge_shape;

/* Its sites say that they belong to it. */
static bool family_usable(const spectra_database *database, uint32_t i, const uint8_t *row) {
    db_family family;
    db_site site;
    (void)row;
    if (!db_family_at(&family, database, i) || !family.name[0]) return false;
    for (uint32_t k = 0; k < family.site_count; k++)
        if (!db_site_at(&site, database, family.first_site + k) || site.family != i) return false;
    return true;
}

/* It is one of its family's. */
static bool site_usable(const spectra_database *database, uint32_t i, const uint8_t *row) {
    db_family family;
    db_site site;
    (void)row;
    return db_site_at(&site, database, i) && db_family_at(&family, database, site.family) && i >= family.first_site &&
           i - family.first_site < family.site_count && site.code[0] && !site.code[1];
}

static bool fragment_usable(const spectra_database *database, uint32_t i, const uint8_t *row) {
    db_fragment fragment;
    (void)row;
    return db_fragment_at(&fragment, database, i) && fragment.mz_uth > 0;
}

static bool delta_usable(const spectra_database *database, uint32_t i, const uint8_t *row) {
    db_delta delta;
    return db_delta_at(&delta, database, i) && (base_get32(row + DB_DELTA_FLAGS) & ~DB_DELTA_ISOTOPOLOGUE) == 0;
}

static bool whole(const uint32_t share[DB_SHARE_COUNT]) {
    uint64_t sum = 0;
    for (size_t i = 0; i < DB_SHARE_COUNT; i++) sum += share[i];
    return sum == DB_SHARE_ONE;
}

static bool intensity_usable(const spectra_database *database, uint32_t i, const uint8_t *row) {
    db_intensity intensity;
    (void)row;
    return db_intensity_at(&intensity, database, i) && whole(intensity.share);
}

static bool background_usable(const spectra_database *database, uint32_t i, const uint8_t *row) {
    db_background background;
    return db_background_at(&background, database, i) && whole(background.share) &&
           (base_get16(row + DB_BACKGROUND_SET) & ~DB_BACKGROUND_OTHERS) == 0;
}

static bool parameter_usable(const spectra_database *database, uint32_t i, const uint8_t *row) {
    (void)i;
    return base_get32(row + DB_PARAMETER_FAMILY) < db_knowledge_count(database, DB_SLOT_FAMILIES) &&
           base_get32(row + DB_PARAMETER_TRACK) <= SPECTRA_TRACK_INSOURCE;
}

static const knowledge_shape shapes[DB_KNOWLEDGE_SLOTS] = {
    {DB_SLOT_FAMILIES,
     {DB_FAMILY_NAME, DB_FAMILY_MEMBERS, DB_FAMILY_PARENT, DB_FAMILY_FORMULA},
     4,
     DB_FAMILY_RESERVED,
     4,
     family_usable},
    {DB_SLOT_SITES, {DB_SITE_CODE, DB_SITE_LABEL, DB_SITE_WORDS}, 3, DB_SITE_RESERVED, 4, site_usable},
    {DB_SLOT_FRAGMENTS, {DB_FRAGMENT_LABEL}, 1, DB_FRAGMENT_RESERVED, 4, fragment_usable},
    {DB_SLOT_DELTAS, {DB_DELTA_FORMULA}, 1, DB_DELTA_RESERVED, 8, delta_usable},
    {DB_SLOT_INTENSITIES, {0}, 0, DB_INTENSITY_RESERVED, 4, intensity_usable},
    {DB_SLOT_BACKGROUNDS, {0}, 0, 0, 0, background_usable},
    {DB_SLOT_PARAMETERS, {DB_PARAMETER_NAME}, 1, DB_PARAMETER_RESERVED, 4, parameter_usable},
};

static spectra_status verify_row(const spectra_database *database, const knowledge_shape *shape, uint32_t i,
                                 const uint8_t *row, spectra_error *error) {
    for (uint32_t k = 0; k < shape->text_count; k++) {
        spectra_status status = db_verify_text(database, row + shape->texts[k], error);
        if (status < 0) return status;
    }
    for (uint32_t k = 0; k < shape->reserved_size; k++)
        if (row[shape->reserved + k] != 0)
            return db_verify_fail(database, row + shape->reserved, "a reserved field is not zero", error);
    if (shape->usable(database, i, row)) return SPECTRA_OK;
    return db_verify_fail(database, row, "a row of knowledge contradicts itself or refers to nothing", error);
}

spectra_status db_verify_knowledge(const spectra_database *database, spectra_error *error) {
    for (size_t s = 0; s < DB_KNOWLEDGE_SLOTS; s++) {
        const db_view *view = &database->file[shapes[s].slot];
        uint32_t size = db_kind_of_file(shapes[s].slot)->row_size;
        for (uint32_t i = 0; i < view->count; i++) {
            spectra_status status = verify_row(database, &shapes[s], i, view->data + (size_t)i * size, error);
            if (status < 0) return status;
        }
    }
    return SPECTRA_OK;
}
