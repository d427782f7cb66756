/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of an open database: views of its sections, whose places were checked when it was opened and whose
   content is checked where it is used. */
#ifndef DB_INSIDE_H
#define DB_INSIDE_H

#include "db/format.h"

/* Bytes of a section: size = count × row size of its kind. data is NULL where the file has no such section. */
typedef struct db_view {
    const uint8_t *data;
    size_t size;
    uint32_t count;
} db_view;

typedef enum db_origin { DB_BORROWED, DB_MAPPED, DB_COPIED } db_origin;

struct spectra_database {
    const uint8_t *bytes;
    size_t size;
    uint64_t digest_offset;
    uint32_t section_count;
    db_origin origin;
    const spectra_allocator *allocator;
    db_view file[DB_FILE_SLOTS];
    db_view sets[DB_GROUP_COUNT][DB_SET_SLOTS];
};

/* Row i of the section table; i < section_count. */
static inline const uint8_t *db_section_row(const spectra_database *database, uint32_t i) {
    return database->bytes + DB_HEADER_SIZE + (size_t)i * DB_SECTION_ROW_SIZE;
}

/* The set of a group; statuses as db_find_set. */
spectra_status db_group_set(db_set *out, const spectra_database *database, uint32_t group);

#endif
