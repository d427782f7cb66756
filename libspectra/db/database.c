/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of an open database about its substances, entries and sections. Whatever the bytes say, nothing outside them
   is read. */
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "db/inside.h"

void spectra_database_digest(const spectra_database *database, uint8_t digest[32]) {
    memcpy(digest, database->bytes + DB_HEADER_ROOT, BASE_DIGEST_SIZE);
}

uint32_t spectra_database_entry_count(const spectra_database *database) {
    return database->file[DB_SLOT_ENTRIES].count;
}

uint32_t spectra_database_substance_count(const spectra_database *database) {
    return database->file[DB_SLOT_SUBSTANCES].count;
}

/* A closing NUL makes every reference inside the section a string that ends inside it. */
const char *db_string(const spectra_database *database, uint32_t reference) {
    const db_view *strings = &database->file[DB_SLOT_STRINGS];
    if (reference >= strings->size || strings->data[strings->size - 1] != 0) return "";
    return (const char *)strings->data + reference;
}

static const uint8_t *substance_row(const spectra_database *database, uint32_t index) {
    const db_view *view = &database->file[DB_SLOT_SUBSTANCES];
    return index < view->count ? view->data + (size_t)index * DB_SUBSTANCE_ROW_SIZE : NULL;
}

static const uint8_t *entry_row(const spectra_database *database, uint32_t index) {
    const db_view *view = &database->file[DB_SLOT_ENTRIES];
    return index < view->count ? view->data + (size_t)index * DB_ENTRY_ROW_SIZE : NULL;
}

/* Text field i of a row. */
static const char *text_at(const spectra_database *database, const uint8_t *row, size_t i) {
    return db_string(database, base_get32(row + 4 * i));
}

spectra_status spectra_database_substance(const spectra_database *database, uint32_t index, spectra_substance *out) {
    if (!database || !out) return SPECTRA_E_INVALID;
    const uint8_t *row = substance_row(database, index);
    if (!row) return SPECTRA_E_NOT_FOUND;
    *out = (spectra_substance){
        .name = text_at(database, row, DB_SUBSTANCE_NAME),
        .inchikey = text_at(database, row, DB_SUBSTANCE_INCHIKEY),
        .formula = text_at(database, row, DB_SUBSTANCE_FORMULA),
        .smiles = text_at(database, row, DB_SUBSTANCE_SMILES),
        .substance_class = text_at(database, row, DB_SUBSTANCE_CLASS),
        .sites = text_at(database, row, DB_SUBSTANCE_SITES),
        .core = text_at(database, row, DB_SUBSTANCE_CORE),
        .source = text_at(database, row, DB_SUBSTANCE_SOURCE),
        .exact_mass_uda = (int64_t)base_get64(row + DB_SUBSTANCE_EXACT_MASS),
    };
    return SPECTRA_OK;
}

void db_expect_entry(const spectra_database *database, uint32_t entry) {
    const uint8_t *row = entry_row(database, entry);
    if (row) __builtin_prefetch(row + DB_ENTRY_SUBSTANCE);
}

bool db_entry_key_at(db_entry_key *out, const spectra_database *database, uint32_t entry) {
    const uint8_t *row = entry_row(database, entry);
    if (!row) return false;
    *out = (db_entry_key){
        .substance = base_get32(row + DB_ENTRY_SUBSTANCE),
        .accession = base_get32(row + (size_t)4 * DB_ENTRY_ACCESSION),
        .track = row[DB_ENTRY_TRACK],
        .polarity = row[DB_ENTRY_POLARITY],
    };
    return out->substance < spectra_database_substance_count(database) &&
           db_measured_bit(out->track, out->polarity) != 0;
}

spectra_status spectra_database_entry(const spectra_database *database, uint32_t index, spectra_entry *out) {
    if (!database || !out) return SPECTRA_E_INVALID;
    const uint8_t *row = entry_row(database, index);
    db_entry_key key;
    if (!row) return SPECTRA_E_NOT_FOUND;
    if (!db_entry_key_at(&key, database, index)) return SPECTRA_E_CORRUPT;
    *out = (spectra_entry){
        .accession = db_string(database, key.accession),
        .name = text_at(database, row, DB_ENTRY_NAME),
        .inchikey = text_at(database, row, DB_ENTRY_INCHIKEY),
        .source = text_at(database, row, DB_ENTRY_SOURCE),
        .licence = text_at(database, row, DB_ENTRY_LICENCE),
        .author = text_at(database, row, DB_ENTRY_AUTHOR),
        .instrument_type = text_at(database, row, DB_ENTRY_INSTRUMENT_TYPE),
        .instrument = text_at(database, row, DB_ENTRY_INSTRUMENT),
        .collision_energy = text_at(database, row, DB_ENTRY_COLLISION_ENERGY),
        .adduct = text_at(database, row, DB_ENTRY_ADDUCT),
        .substance = key.substance,
        .track = key.track,
        .polarity = key.polarity,
        .precursor_uth = base_get32(row + DB_ENTRY_PRECURSOR),
    };
    return SPECTRA_OK;
}

uint32_t db_substance_formula(const spectra_database *database, uint32_t substance) {
    const uint8_t *row = substance_row(database, substance);
    return row ? base_get32(row + (size_t)4 * DB_SUBSTANCE_FORMULA) : 0;
}

const char *db_substance_class(const spectra_database *database, uint32_t substance) {
    const uint8_t *row = substance_row(database, substance);
    return row ? db_string(database, base_get32(row + (size_t)4 * DB_SUBSTANCE_CLASS)) : "";
}

bool db_substance_measured(const spectra_database *database, uint32_t substance, spectra_track track,
                           spectra_polarity polarity) {
    const uint8_t *row = substance_row(database, substance);
    return row && (base_get32(row + DB_SUBSTANCE_MEASURED) & db_measured_bit(track, polarity)) != 0;
}

uint32_t spectra_database_section_count(const spectra_database *database) {
    return database->section_count;
}

static void name_section(char *name, size_t capacity, const uint8_t *row) {
    static const char *const sets[] = {"nominal ", "windowed ", "open ", "fine "};
    const db_kind *kind = db_kind_of(base_get16(row + DB_SECTION_KIND));
    base_text text;
    base_text_init(&text, name, capacity);
    if (!kind || base_get16(row + DB_SECTION_VERSION_FIELD) != DB_SECTION_VERSION) {
        base_text_string(&text, "kind ");
        base_text_unsigned(&text, base_get16(row + DB_SECTION_KIND));
        return;
    }
    if (kind->scope != DB_SCOPE_FILE) base_text_string(&text, sets[row[DB_SECTION_SET]]);
    base_text_string(&text, kind->name);
}

spectra_status spectra_database_section(const spectra_database *database, uint32_t index, spectra_section *out) {
    if (!database || !out) return SPECTRA_E_INVALID;
    if (index >= database->section_count) return SPECTRA_E_NOT_FOUND;
    const uint8_t *row = db_section_row(database, index);
    *out = (spectra_section){
        .offset = base_get64(row + DB_SECTION_OFFSET),
        .size = base_get64(row + DB_SECTION_SIZE),
        .count = base_get64(row + DB_SECTION_COUNT),
        .version = base_get16(row + DB_SECTION_VERSION_FIELD),
        .track = row[DB_SECTION_TRACK],
        .polarity = row[DB_SECTION_POLARITY],
    };
    name_section(out->name, sizeof out->name, row);
    return SPECTRA_OK;
}
