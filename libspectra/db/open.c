/* SPDX-License-Identifier: Apache-2.0 */
/* Opens and closes a database. Reads the header and the section table, checks every place in them, and leaves views of
   the sections behind. Arrays are used in place, so a big-endian machine cannot open one. */
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/system.h"
#include "db/inside.h"

static spectra_status corrupt(spectra_error *error, uint64_t offset, const char *what) {
    return base_fail(error, SPECTRA_E_CORRUPT, (base_place){0, offset}, "%s", what);
}

static bool host_is_little_endian(void) {
    const uint16_t one = 1;
    uint8_t first;
    memcpy(&first, &one, 1);
    return first == 1;
}

/* 1. What the file says of itself: nothing behind the version is trusted before the version is known. */
static spectra_status check_header(const spectra_database *database, spectra_error *error) {
    const uint8_t *header = database->bytes;
    if (database->size < DB_HEADER_SIZE) return corrupt(error, database->size, "the file is shorter than its header");
    if (memcmp(header, DB_MAGIC, DB_MAGIC_SIZE) != 0) return corrupt(error, 0, "this is no spectra database");
    if (base_get16(header + DB_HEADER_MAJOR) > DB_MAJOR)
        return base_fail(error, SPECTRA_E_VERSION, (base_place){0, DB_HEADER_MAJOR},
                         "the database is of major version %u", (uint64_t)base_get16(header + DB_HEADER_MAJOR));
    if (base_get64(header + DB_HEADER_FILE_SIZE) != database->size)
        return corrupt(error, DB_HEADER_FILE_SIZE, "the file is not as long as its header says");
    if (base_get32(header + DB_HEADER_BLOCK_SIZE) != DB_BLOCK_SIZE)
        return corrupt(error, DB_HEADER_BLOCK_SIZE, "the digest block size is not 65536");
    return SPECTRA_OK;
}

/* 2. Header, table, sections and digests fill the file exactly. */
static spectra_status check_extent(spectra_database *database, spectra_error *error) {
    uint64_t digest_offset = base_get64(database->bytes + DB_HEADER_DIGEST_OFFSET);
    uint32_t section_count = base_get32(database->bytes + DB_HEADER_SECTION_COUNT);
    if (digest_offset < DB_HEADER_SIZE || digest_offset > database->size || digest_offset % DB_SECTION_ALIGNMENT != 0)
        return corrupt(error, DB_HEADER_DIGEST_OFFSET, "the digest section begins at an impossible place");
    if (database->size - digest_offset != db_block_count(digest_offset) * BASE_DIGEST_SIZE)
        return corrupt(error, DB_HEADER_DIGEST_OFFSET, "the digest section does not fit the file");
    if (section_count > (digest_offset - DB_HEADER_SIZE) / DB_SECTION_ROW_SIZE)
        return corrupt(error, DB_HEADER_SECTION_COUNT, "the section table is longer than the file");
    database->digest_offset = digest_offset;
    database->section_count = section_count;
    return SPECTRA_OK;
}

static spectra_status check_place(const spectra_database *database, uint32_t i, uint64_t *end, spectra_error *error) {
    const uint8_t *row = db_section_row(database, i);
    uint64_t place = (uint64_t)(row - database->bytes);
    uint64_t offset = base_get64(row + DB_SECTION_OFFSET), size = base_get64(row + DB_SECTION_SIZE);
    if (row[DB_SECTION_FLAGS] & ~DB_SECTION_OPTIONAL) return corrupt(error, place, "unknown flags of a section");
    if (offset % DB_SECTION_ALIGNMENT != 0) return corrupt(error, place, "a section is not aligned");
    if (offset < *end) return corrupt(error, place, "a section overlaps the one before it");
    if (offset > database->digest_offset || size > database->digest_offset - offset)
        return corrupt(error, place, "a section ends beyond the file");
    *end = offset + size;
    return SPECTRA_OK;
}

/* Where the view of a section belongs, or NULL where its set is none that its kind may have. */
static db_view *view_of(spectra_database *database, const db_kind *kind, const uint8_t *row) {
    if (kind->scope == DB_SCOPE_FILE) {
        bool of_file = row[DB_SECTION_TRACK] == 0 && row[DB_SECTION_POLARITY] == 0 && row[DB_SECTION_SET] == 0;
        return of_file ? &database->file[kind->slot] : NULL;
    }
    uint32_t group = db_group_of(row[DB_SECTION_TRACK], row[DB_SECTION_POLARITY], row[DB_SECTION_SET]);
    if (group == DB_GROUP_COUNT || db_kind_in_set(&db_groups[group], kind->slot) != kind) return NULL;
    return &database->sets[group][kind->slot];
}

static spectra_status add_view(spectra_database *database, const db_kind *kind, uint32_t i, spectra_error *error) {
    const uint8_t *row = db_section_row(database, i);
    uint64_t place = (uint64_t)(row - database->bytes);
    uint64_t size = base_get64(row + DB_SECTION_SIZE), count = base_get64(row + DB_SECTION_COUNT);
    if (count > UINT32_MAX || (kind->row_size > 0 && (size % kind->row_size != 0 || size / kind->row_size != count)))
        return corrupt(error, place, "size and count of a section contradict each other");
    db_view *view = view_of(database, kind, row);
    if (!view) return corrupt(error, place, "a section of a set that does not exist");
    if (view->data) return corrupt(error, place, "a section is there twice");
    *view = (db_view){database->bytes + base_get64(row + DB_SECTION_OFFSET), (size_t)size, (uint32_t)count};
    return SPECTRA_OK;
}

/* 3. Sections ascend without overlap; what is not known is skipped where it is optional. */
static spectra_status check_sections(spectra_database *database, spectra_error *error) {
    uint64_t end = DB_HEADER_SIZE + (uint64_t)database->section_count * DB_SECTION_ROW_SIZE;
    for (uint32_t i = 0; i < database->section_count; i++) {
        spectra_status status = check_place(database, i, &end, error);
        if (status < 0) return status;
        const uint8_t *row = db_section_row(database, i);
        const db_kind *kind = db_kind_of(base_get16(row + DB_SECTION_KIND));
        if (kind && base_get16(row + DB_SECTION_VERSION_FIELD) == DB_SECTION_VERSION) {
            status = add_view(database, kind, i, error);
            if (status < 0) return status;
        } else if (!(row[DB_SECTION_FLAGS] & DB_SECTION_OPTIONAL)) {
            return base_fail(error, SPECTRA_E_VERSION, (base_place){0, (uint64_t)(row - database->bytes)},
                             "the database needs a section of kind %u, version %u, that this library does not know",
                             (uint64_t)base_get16(row + DB_SECTION_KIND),
                             (uint64_t)base_get16(row + DB_SECTION_VERSION_FIELD));
        }
    }
    for (uint32_t slot = 0; slot < DB_REQUIRED_SLOTS; slot++)
        if (!database->file[slot].data)
            return corrupt(error, DB_HEADER_SIZE, "strings, substances or entries are missing");
    return SPECTRA_OK;
}

static spectra_status check(spectra_database *database, spectra_error *error) {
    spectra_status status = check_header(database, error);
    if (status == SPECTRA_OK) status = check_extent(database, error);
    if (status == SPECTRA_OK) status = check_sections(database, error);
    return status;
}

static void release_bytes(const spectra_allocator *allocator, db_origin origin, const uint8_t *bytes, size_t size) {
    if (origin == DB_MAPPED) base_file_unmap(bytes, size);
    if (origin == DB_COPIED) base_release(allocator, (void *)(uintptr_t)bytes, size);
}

/* Takes the bytes over: they are released with the database, or here where it does not open. */
static spectra_status open_bytes(spectra_database **out, db_origin origin, const uint8_t *bytes, size_t size,
                                 const spectra_allocator *allocator, spectra_error *error) {
    spectra_status status;
    spectra_database *database = (spectra_database *)base_allocate(allocator, sizeof *database);
    if (!database) {
        status = base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "no memory to open a database");
        goto done;
    }
    *database = (spectra_database){.bytes = bytes, .size = size, .origin = origin, .allocator = allocator};
    status = check(database, error);
    if (status == SPECTRA_OK) {
        *out = database;
        return SPECTRA_OK;
    }
    base_release(allocator, database, sizeof *database);
done:
    release_bytes(allocator, origin, bytes, size);
    return status;
}

static spectra_status read_whole(base_file *file, uint8_t *bytes, size_t size, spectra_error *error) {
    size_t filled = 0, got = 1;
    while (filled < size && got > 0) {
        if (base_file_read(file, bytes + filled, size - filled, &got) < 0)
            return base_fail(error, SPECTRA_E_IO, (base_place){0, filled}, "the database cannot be read");
        filled += got;
    }
    return filled == size ? SPECTRA_OK : corrupt(error, filled, "the file became shorter while it was read");
}

static spectra_status copy_file(const char *path, const uint8_t **bytes, size_t *size,
                                const spectra_allocator *allocator, spectra_error *error) {
    base_file file;
    uint64_t length = 0;
    uint8_t *copy = NULL;
    spectra_status status = base_file_open(&file, path, error);
    if (status < 0) return status;
    if (base_file_size(&file, &length) < 0) {
        status = base_fail(error, SPECTRA_E_IO, BASE_NO_PLACE, "%s has no size", path);
    } else if (length < DB_HEADER_SIZE) {
        status = corrupt(error, length, "the file is shorter than its header");
    } else if (length > SIZE_MAX || !(copy = (uint8_t *)base_allocate(allocator, (size_t)length))) {
        status = base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "no memory for a copy of %s", path);
    } else {
        status = read_whole(&file, copy, (size_t)length, error);
    }
    base_file_close(&file);
    if (status < 0) {
        base_release(allocator, copy, (size_t)length);
        return status;
    }
    *bytes = copy;
    *size = (size_t)length;
    return SPECTRA_OK;
}

static spectra_status check_host(spectra_error *error) {
    if (host_is_little_endian()) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_UNSUPPORTED, BASE_NO_PLACE,
                     "databases cannot be opened on a big-endian machine by this version");
}

spectra_status spectra_database_open(spectra_database **out, const char *path, spectra_open_mode mode,
                                     const spectra_allocator *allocator, spectra_error *error) {
    if (out) *out = NULL;
    if (!out || !path || mode > SPECTRA_OPEN_COPY)
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "a database is opened by its path, mapped or copied");
    spectra_status status = check_host(error);
    if (status < 0) return status;
    const uint8_t *bytes = NULL;
    size_t size = 0;
    if (mode == SPECTRA_OPEN_COPY) {
        status = copy_file(path, &bytes, &size, allocator, error);
    } else {
        status = base_file_map(path, &bytes, &size, error);
    }
    if (status < 0) return status;
    return open_bytes(out, mode == SPECTRA_OPEN_COPY ? DB_COPIED : DB_MAPPED, bytes, size, allocator, error);
}

spectra_status spectra_database_open_memory(spectra_database **out, const void *bytes, size_t size,
                                            const spectra_allocator *allocator, spectra_error *error) {
    if (out) *out = NULL;
    if (!out || !bytes || (uintptr_t)bytes % 8 != 0)
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "a database in memory is aligned to 8 bytes");
    spectra_status status = check_host(error);
    if (status < 0) return status;
    return open_bytes(out, DB_BORROWED, (const uint8_t *)bytes, size, allocator, error);
}

size_t spectra_database_required(void) {
    return base_scratch_cost(1, sizeof(spectra_database));
}

void spectra_database_close(spectra_database *database) {
    if (!database) return;
    release_bytes(database->allocator, database->origin, database->bytes, database->size);
    base_release(database->allocator, database, sizeof *database);
}
