/* SPDX-License-Identifier: Apache-2.0 */
/* An allocator that counts what it gives and refuses where a test says so. */
#ifndef TESTS_UNIT_COUNTED_MEMORY_H
#define TESTS_UNIT_COUNTED_MEMORY_H

#include <stdbool.h>
#include <stdlib.h>

#include "spectra/memory.h"

typedef struct counted_memory {
    size_t requests;
    size_t refuse;     /* the first request that is refused; 0: none */
    bool from_then_on; /* and all later ones */
    size_t held, peak; /* bytes */
} counted_memory;

static inline void *counted_take(void *context, size_t size) {
    counted_memory *memory = (counted_memory *)context;
    memory->requests++;
    if (memory->requests == memory->refuse) return NULL;
    if (memory->from_then_on && memory->requests > memory->refuse) return NULL;
    memory->held += size;
    if (memory->held > memory->peak) memory->peak = memory->held;
    return malloc(size);
}

static inline void counted_give_back(void *context, void *memory, size_t size) {
    ((counted_memory *)context)->held -= size;
    free(memory);
}

static inline spectra_allocator counted_allocator(counted_memory *memory) {
    return (spectra_allocator){memory, counted_take, counted_give_back};
}

#endif
