/* SPDX-License-Identifier: Apache-2.0 */
/* zlib's memory: the allocator wants the size back, so it stands in front. */
#include "io/zlib.h"

#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"

typedef union block_head {
    size_t size;
    max_align_t aligned;
} block_head;

static void *allocate_block(void *allocator, uInt count, uInt element_size) {
    size_t size;
    if (!base_multiply(&size, count, element_size) || size > SIZE_MAX - sizeof(block_head)) return NULL;
    block_head *head = base_allocate(allocator, size + sizeof *head);
    if (!head) return NULL;
    head->size = size + sizeof *head;
    return head + 1;
}

static void release_block(void *allocator, void *block) {
    block_head *head = (block_head *)block - 1;
    base_release(allocator, head, head->size);
}

void io_zlib_use(z_stream *stream, const spectra_allocator *allocator) {
    stream->opaque = (void *)(uintptr_t)allocator;
    stream->zalloc = allocate_block;
    stream->zfree = release_block;
}
