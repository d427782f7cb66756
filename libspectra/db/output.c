/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a database from its first byte to its last, block by block of digests. */
#include "db/output.h"

#include <assert.h>
#include <string.h>

#define CHUNK (4 * (size_t)DB_BLOCK_SIZE)
#define BUFFER_SIZE (CHUNK + DB_OUTPUT_ROOM)

bool db_output_init(db_output *out, uint64_t digest_offset, const spectra_allocator *allocator) {
    *out = (db_output){.allocator = allocator, .block_count = db_block_count(digest_offset)};
    if (out->block_count > SIZE_MAX / BASE_DIGEST_SIZE) return false;
    out->buffer = (uint8_t *)base_allocate(allocator, BUFFER_SIZE);
    out->digests = (uint8_t *)base_allocate_array(allocator, (size_t)out->block_count, BASE_DIGEST_SIZE);
    return out->buffer && out->digests;
}

void db_output_free(db_output *out) {
    base_release(out->allocator, out->buffer, BUFFER_SIZE);
    base_release(out->allocator, out->digests, (size_t)out->block_count * BASE_DIGEST_SIZE);
}

static void emit(db_output *out, const uint8_t *bytes, size_t size) {
    if (!out->file)
        memcpy(out->memory + out->offset, bytes, size);
    else if (out->status == SPECTRA_OK)
        out->status = base_replacement_add(out->file, bytes, size, out->error);
    out->offset += size;
}

/* Gives away the first `size` bytes of the buffer: whole blocks, or in the end the rest. */
static void give_away(db_output *out, size_t size) {
    for (size_t at = 0; at < size; at += DB_BLOCK_SIZE) {
        size_t left = size - at;
        assert(out->digest_count < out->block_count);
        base_digest_of(out->buffer + at, left < DB_BLOCK_SIZE ? left : DB_BLOCK_SIZE,
                       out->digests + out->digest_count++ * BASE_DIGEST_SIZE);
    }
    emit(out, out->buffer, size);
    out->used -= size;
    memmove(out->buffer, out->buffer + size, out->used);
}

/* The header is written once more in the end: its root comes from everything behind it. */
uint8_t *db_output_room(db_output *out, size_t size) {
    assert(size <= DB_OUTPUT_ROOM);
    if (out->offset == 0) emit(out, out->header, DB_HEADER_SIZE);
    if (out->used >= CHUNK) give_away(out, CHUNK);
    uint8_t *room = out->buffer + out->used;
    out->used += size;
    memset(room, 0, size);
    return room;
}

void db_output_bytes(db_output *out, const void *bytes, size_t size) {
    const uint8_t *from = (const uint8_t *)bytes;
    while (size > 0) {
        size_t part = size < DB_BLOCK_SIZE ? size : DB_BLOCK_SIZE;
        memcpy(db_output_room(out, part), from, part);
        from += part;
        size -= part;
    }
}

void db_output_pad(db_output *out, uint64_t offset) {
    uint64_t at = out->offset == 0 ? DB_HEADER_SIZE : out->offset + out->used;
    assert(at <= offset);
    db_output_room(out, (size_t)(offset - at));
}

spectra_status db_output_finish(db_output *out) {
    if (out->used >= CHUNK) give_away(out, CHUNK);
    give_away(out, out->used);
    assert(out->digest_count == out->block_count);
    emit(out, out->digests, (size_t)out->block_count * BASE_DIGEST_SIZE);
    db_root_digest(out->header + DB_HEADER_ROOT, out->header, out->digests, out->block_count);
    if (!out->file)
        memcpy(out->memory, out->header, DB_HEADER_SIZE);
    else if (out->status == SPECTRA_OK)
        out->status = base_replacement_change(out->file, 0, out->header, DB_HEADER_SIZE, out->error);
    return out->status;
}
