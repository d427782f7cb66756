/* SPDX-License-Identifier: Apache-2.0 */
/* Where the bytes of a database go, in their order, and the digests that seal them: into memory, or into a file that
   replaces another. What is written passes through one small buffer, so that no page but the reader's is ever touched.
 */
#ifndef DB_OUTPUT_H
#define DB_OUTPUT_H

#include "base/memory.h"
#include "base/system.h"
#include "db/format.h"

/* At most as much is asked for at once: the m/z of the largest spectrum. */
#define DB_OUTPUT_ROOM (4 * (size_t)DB_SPECTRUM_MAX_PEAKS)

typedef struct db_output {
    const spectra_allocator *allocator;
    base_replacement *file; /* NULL: into memory */
    uint8_t *memory;
    uint8_t header[DB_HEADER_SIZE];
    uint8_t *buffer;
    size_t used;     /* of the buffer */
    uint64_t offset; /* of the buffer in the file */
    uint8_t *digests;
    uint64_t digest_count, block_count;
    spectra_status status; /* the first failure: nothing is written after it */
    spectra_error *error;
} db_output;

/* Buffer and digests for a file whose digests come at `digest_offset`; false where memory is short, and then, too, it
   is to be freed. Header, file or memory are the caller's to set before the first byte. */
bool db_output_init(db_output *out, uint64_t digest_offset, const spectra_allocator *allocator);
void db_output_free(db_output *out);

/* The next `size` bytes, at most DB_OUTPUT_ROOM, which are 0 and to be filled in before the next call. */
uint8_t *db_output_room(db_output *out, size_t size);
void db_output_bytes(db_output *out, const void *bytes, size_t size);
/* Zeros up to an offset of the file. */
void db_output_pad(db_output *out, uint64_t offset);
/* What is left, the digests, and the header with their root. */
spectra_status db_output_finish(db_output *out);

#endif
