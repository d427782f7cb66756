/* SPDX-License-Identifier: Apache-2.0 */
/* Proves a database file: digests, padding, text, substances and entries; verify_knowledge.c and verify_sets.c do the
   rest. Places of header and section table were checked when the database was opened. */
#include "db/verify.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/memory.h"
#include "db/calibration.h"

spectra_status db_verify_fail(const spectra_database *database, const uint8_t *at, const char *what,
                              spectra_error *error) {
    return base_fail(error, SPECTRA_E_CORRUPT, (base_place){0, (uint64_t)(at - database->bytes)}, "%s", what);
}

/* 1. Every byte is what it was when the file was written. */
static spectra_status verify_digests(const spectra_database *database, spectra_error *error) {
    uint8_t digest[BASE_DIGEST_SIZE];
    const uint8_t *stored = database->bytes + database->digest_offset;
    db_root_digest(digest, database->bytes, stored, db_block_count(database->digest_offset));
    if (memcmp(digest, database->bytes + DB_HEADER_ROOT, BASE_DIGEST_SIZE) != 0)
        return db_verify_fail(database, database->bytes + DB_HEADER_ROOT,
                              "header or block digests differ from the root digest", error);
    for (uint64_t i = 0; i < db_block_count(database->digest_offset); i++) {
        db_block_digest(digest, database->bytes, database->digest_offset, i);
        if (memcmp(digest, stored + i * BASE_DIGEST_SIZE, BASE_DIGEST_SIZE) != 0)
            return db_verify_fail(database, database->bytes + DB_HEADER_SIZE + i * DB_BLOCK_SIZE,
                                  "a block differs from its digest", error);
    }
    return SPECTRA_OK;
}

static spectra_status verify_zero(const spectra_database *database, uint64_t from, uint64_t to, spectra_error *error) {
    for (uint64_t i = from; i < to; i++)
        if (database->bytes[i] != 0) return db_verify_fail(database, database->bytes + i, "padding is not zero", error);
    return SPECTRA_OK;
}

/* 2. What no section covers is zero. */
static spectra_status verify_padding(const spectra_database *database, spectra_error *error) {
    spectra_status status = verify_zero(database, DB_HEADER_RESERVED, DB_HEADER_ROOT, error);
    uint64_t end = DB_HEADER_SIZE + (uint64_t)database->section_count * DB_SECTION_ROW_SIZE;
    for (uint32_t i = 0; status == SPECTRA_OK && i < database->section_count; i++) {
        const uint8_t *row = db_section_row(database, i);
        uint64_t offset = base_get64(row + DB_SECTION_OFFSET);
        status = verify_zero(database, end, offset, error);
        end = offset + base_get64(row + DB_SECTION_SIZE);
    }
    return status == SPECTRA_OK ? verify_zero(database, end, database->digest_offset, error) : status;
}

/* 3. Strings end with NUL, the first is empty, and there are as many as the table says. */
static spectra_status verify_strings(const spectra_database *database, spectra_error *error) {
    const db_view *strings = &database->file[DB_SLOT_STRINGS];
    if (strings->size == 0 || strings->data[0] != 0 || strings->data[strings->size - 1] != 0)
        return db_verify_fail(database, strings->data, "strings do not begin and end with NUL", error);
    size_t count = 0;
    for (size_t i = 0; i < strings->size; i++) count += strings->data[i] == 0;
    if (count != strings->count)
        return db_verify_fail(database, strings->data, "strings are not as many as the section table says", error);
    return SPECTRA_OK;
}

spectra_status db_verify_text(const spectra_database *database, const uint8_t *at, spectra_error *error) {
    const db_view *strings = &database->file[DB_SLOT_STRINGS];
    uint32_t reference = base_get32(at);
    if (reference >= strings->size || (reference > 0 && strings->data[reference - 1] != 0))
        return db_verify_fail(database, at, "a reference leads to no string", error);
    return SPECTRA_OK;
}

/* The row's `count` references at its front. */
static spectra_status verify_texts(const spectra_database *database, const uint8_t *row, size_t count,
                                   spectra_error *error) {
    spectra_status status = SPECTRA_OK;
    for (size_t i = 0; status == SPECTRA_OK && i < count; i++) status = db_verify_text(database, row + 4 * i, error);
    return status;
}

/* 4. */
static spectra_status verify_substances(const spectra_database *database, spectra_error *error) {
    const db_view *view = &database->file[DB_SLOT_SUBSTANCES];
    for (uint32_t i = 0; i < view->count; i++) {
        const uint8_t *row = view->data + (size_t)i * DB_SUBSTANCE_ROW_SIZE;
        spectra_status status = verify_texts(database, row, DB_SUBSTANCE_TEXTS, error);
        if (status < 0) return status;
        if (base_get32(row + DB_SUBSTANCE_RESERVED) != 0)
            return db_verify_fail(database, row + DB_SUBSTANCE_RESERVED, "a reserved field is not zero", error);
    }
    return SPECTRA_OK;
}

/* 5. */
static spectra_status verify_entries(const spectra_database *database, spectra_error *error) {
    const db_view *view = &database->file[DB_SLOT_ENTRIES];
    for (uint32_t i = 0; i < view->count; i++) {
        const uint8_t *row = view->data + (size_t)i * DB_ENTRY_ROW_SIZE;
        spectra_status status = verify_texts(database, row, DB_ENTRY_TEXTS, error);
        if (status < 0) return status;
        db_entry_key key;
        if (!db_entry_key_at(&key, database, i) ||
            (key.track == SPECTRA_TRACK_EI && key.polarity != SPECTRA_POLARITY_POSITIVE))
            return db_verify_fail(database, row + DB_ENTRY_SUBSTANCE, "an entry without substance, track or polarity",
                                  error);
        if (base_get16(row + DB_ENTRY_RESERVED) != 0)
            return db_verify_fail(database, row + DB_ENTRY_RESERVED, "a reserved field is not zero", error);
    }
    return SPECTRA_OK;
}

/* 6. Rows stand by rising track and polarity, and say what they were fitted from. */
static spectra_status verify_calibration(const spectra_database *database, spectra_error *error) {
    const db_view *view = &database->file[DB_SLOT_CALIBRATION];
    uint32_t before = 0;
    for (uint32_t i = 0; i < view->count; i++) {
        const uint8_t *row = view->data + (size_t)i * DB_CALIBRATION_ROW_SIZE;
        uint32_t bit = db_measured_bit(row[DB_CALIBRATION_TRACK], row[DB_CALIBRATION_POLARITY]);
        if (bit <= before || base_get32(row + DB_CALIBRATION_QUERIES) == 0 ||
            base_get32(row + DB_CALIBRATION_LEAST_SCORE) > DB_SCORE_ONE)
            return db_verify_fail(database, row, "a calibration of no track, or out of order or range", error);
        if (base_get16(row + DB_CALIBRATION_RESERVED) != 0 || base_get64(row + DB_CALIBRATION_RESERVED_END) != 0)
            return db_verify_fail(database, row, "a reserved field is not zero", error);
        before = bit;
    }
    return SPECTRA_OK;
}

static void collect_measured(uint8_t *measured, const spectra_database *database) {
    memset(measured, 0, spectra_database_substance_count(database));
    for (uint32_t i = 0; i < spectra_database_entry_count(database); i++) {
        db_entry_key key;
        if (!db_entry_key_at(&key, database, i)) continue;
        measured[key.substance] |= (uint8_t)db_measured_bit(key.track, key.polarity);
    }
}

/* 7. What a substance says was measured of it is what its entries are. */
static spectra_status verify_measured(const spectra_database *database, spectra_error *error) {
    uint32_t count = spectra_database_substance_count(database);
    if (count == 0) return SPECTRA_OK;
    uint8_t *measured = (uint8_t *)base_allocate(database->allocator, count);
    if (!measured) return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "no memory to verify substances");
    collect_measured(measured, database);
    spectra_status status = SPECTRA_OK;
    for (uint32_t i = 0; status == SPECTRA_OK && i < count; i++) {
        const uint8_t *mask =
            database->file[DB_SLOT_SUBSTANCES].data + (size_t)i * DB_SUBSTANCE_ROW_SIZE + DB_SUBSTANCE_MEASURED;
        if (base_get32(mask) != measured[i])
            status = db_verify_fail(database, mask, "a substance was not measured as it says", error);
    }
    base_release(database->allocator, measured, count);
    return status;
}

spectra_status spectra_database_verify(const spectra_database *database, spectra_error *error) {
    if (!database) return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "there is no database to verify");
    static spectra_status (*const steps[])(const spectra_database *, spectra_error *) = {
        verify_digests, verify_padding,     verify_strings,  verify_substances,
        verify_entries, verify_calibration, verify_measured, db_verify_knowledge,
    };
    spectra_status status = SPECTRA_OK;
    for (size_t i = 0; status == SPECTRA_OK && i < sizeof steps / sizeof steps[0]; i++)
        status = steps[i](database, error);
    for (uint32_t group = 0; status == SPECTRA_OK && group < DB_GROUP_COUNT; group++)
        status = db_verify_group(database, group, error);
    return status;
}
