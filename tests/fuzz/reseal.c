/* SPDX-License-Identifier: Apache-2.0 */
/* A valid database, changed as the input says and sealed again: digests are right, content lies. The input is a list of
   changes of eight bytes each,

       u8 section (255: the section table)   u8 how   u16 row or byte   u32 value

   whose places are taken modulo what is there, so that nearly every input gives a file that opens. It is verified,
   walked and asked something that the sum of the input chooses; whatever it answers, it stays inside the file and comes
   to an end. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "db/inside.h"
#include "fuzz/databases.h"

typedef struct file_change {
    uint8_t section, how;
    uint16_t place;
    uint32_t value;
} file_change;

/* Where a change strikes: [offset, offset + size) of the file. */
typedef struct file_part {
    size_t offset, size;
} file_part;

static file_part part_of(const uint8_t *file, uint8_t section) {
    uint32_t count = base_get32(file + DB_HEADER_SECTION_COUNT);
    if (section == 255) return (file_part){DB_HEADER_SIZE, (size_t)count * DB_SECTION_ROW_SIZE};
    const uint8_t *row = file + DB_HEADER_SIZE + (size_t)(section % count) * DB_SECTION_ROW_SIZE;
    return (file_part){(size_t)base_get64(row + DB_SECTION_OFFSET), (size_t)base_get64(row + DB_SECTION_SIZE)};
}

/* `valid` is the file before the first change: its section table is the one that places are taken from. */
static void apply(uint8_t *file, const uint8_t *valid, const file_change *change) {
    file_part part = part_of(valid, change->section);
    if (part.size < 4) return;
    uint8_t *aligned = file + part.offset + change->place * (size_t)4 % (part.size & ~(size_t)3);
    uint8_t *byte = file + part.offset + change->place % part.size;
    switch (change->how % 5) {
    case 0:
        base_put32(aligned, change->value);
        break;
    case 1:
        base_put32(aligned, base_get32(aligned) + change->value);
        break;
    case 2:
        *byte = (uint8_t)change->value;
        break;
    case 3:
        *byte ^= (uint8_t)(1u << change->value % 8);
        break;
    default: /* a number from elsewhere in the same section */
        base_put32(aligned, base_get32(file + part.offset + change->value * UINT64_C(4) % (part.size & ~(size_t)3)));
        break;
    }
}

static void apply_all(uint8_t *file, const uint8_t *valid, const uint8_t *bytes, size_t size) {
    fuzz_input input = {bytes, size, 0, size};
    while (input.position < size) {
        file_change change;
        change.section = (uint8_t)fuzz_take(&input, 1);
        change.how = (uint8_t)fuzz_take(&input, 1);
        change.place = (uint16_t)fuzz_take(&input, 2);
        change.value = (uint32_t)fuzz_take(&input, 4);
        apply(file, valid, &change);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    size_t file_size;
    uint32_t choice = 0;
    for (size_t i = 0; i < size; i++) choice += bytes[i];
    const uint8_t *valid = fuzz_database_file(&file_size);
    uint8_t *file = malloc(file_size);
    FUZZ_CHECK(file);
    memcpy(file, valid, file_size);
    apply_all(file, valid, bytes, size);
    fuzz_seal(file, (size_t)base_get64(file + DB_HEADER_DIGEST_OFFSET));
    spectra_database *database;
    spectra_error error = {0};
    if (spectra_database_open_memory(&database, file, file_size, NULL, &error) == SPECTRA_OK) {
        spectra_status status = spectra_database_verify(database, &error);
        FUZZ_CHECK(status == SPECTRA_OK || (status == SPECTRA_E_CORRUPT && error.offset < file_size));
        FUZZ_CHECK(status == SPECTRA_OK || !strstr(error.message, "digest"));
        FUZZ_CHECK(status == SPECTRA_OK || memcmp(file, valid, file_size) != 0);
        fuzz_use_database_once(database, choice);
    }
    spectra_database_close(database);
    free(file);
    return 0;
}
