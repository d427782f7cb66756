/* SPDX-License-Identifier: Apache-2.0 */
/* Allocator, growing arrays and scratch. Asks base/system.c, and nobody else, for memory. */
#include "base/memory.h"

#include <assert.h>
#include <string.h>

#include "base/system.h"

#define SCRATCH_ALIGNMENT 64u
#define MIN_CAPACITY 16u
#define LARGE_SIZE 65536u
#define MAX_SURPLUS 1024u

bool base_multiply(size_t *product, size_t a, size_t b) {
    if (b != 0 && a > SIZE_MAX / b) return false;
    *product = a * b;
    return true;
}

bool base_take_options(void *options, size_t size, const void *given) {
    uint32_t given_size;
    memcpy(&given_size, given, sizeof given_size);
    if (given_size < size || given_size - size > MAX_SURPLUS) return false;
    for (size_t i = size; i < given_size; i++)
        if (((const uint8_t *)given)[i] != 0) return false;
    memcpy(options, given, size);
    const uint32_t taken_size = (uint32_t)size;
    memcpy(options, &taken_size, sizeof taken_size);
    return true;
}

void *base_allocate(const spectra_allocator *allocator, size_t size) {
    if (size == 0) return NULL;
    return allocator ? allocator->allocate(allocator->context, size) : base_system_allocate(size);
}

void *base_allocate_array(const spectra_allocator *allocator, size_t count, size_t element_size) {
    size_t size;
    return base_multiply(&size, count, element_size) ? base_allocate(allocator, size) : NULL;
}

void base_release(const spectra_allocator *allocator, void *memory, size_t size) {
    if (!memory) return;
    if (allocator) {
        allocator->release(allocator->context, memory, size);
    } else {
        base_system_release(memory);
    }
}

void base_expect_writing(const spectra_allocator *allocator, void *memory, size_t size) {
    if (!allocator && memory) base_system_expect_writing(memory, size);
}

void base_vector_init(base_vector *vector, size_t element_size, const spectra_allocator *allocator) {
    *vector = (base_vector){.element_size = element_size, .allocator = allocator};
}

void base_vector_free(base_vector *vector) {
    base_release(vector->allocator, vector->data, vector->capacity * vector->element_size);
    base_vector_init(vector, vector->element_size, vector->allocator);
}

/* Twice as much, a quarter more where that is much: with an allocator, old and new are held together while one is
   copied. */
static size_t larger_capacity(const base_vector *vector, size_t needed) {
    size_t capacity = vector->capacity < MIN_CAPACITY ? MIN_CAPACITY : vector->capacity;
    size_t step = capacity < LARGE_SIZE / vector->element_size ? capacity : capacity / 4;
    size_t larger = vector->capacity > SIZE_MAX - step ? SIZE_MAX : vector->capacity + step;
    return larger > needed ? larger : needed;
}

/* The system moves large memory without copying it; an allocator knows only to give and to take. */
static void *reallocate(const base_vector *vector, size_t size) {
    if (!vector->allocator) {
        uint8_t *moved = (uint8_t *)base_system_reallocate(vector->data, size);
        const size_t held = vector->capacity * vector->element_size;
        if (moved) base_expect_writing(NULL, moved + held, size - held);
        return moved;
    }
    void *data = base_allocate(vector->allocator, size);
    if (!data) return NULL;
    if (vector->count > 0) memcpy(data, vector->data, vector->count * vector->element_size);
    base_release(vector->allocator, vector->data, vector->capacity * vector->element_size);
    return data;
}

static bool grow(base_vector *vector, size_t needed) {
    size_t size, capacity = larger_capacity(vector, needed);
    if (!base_multiply(&size, capacity, vector->element_size)) return false;
    void *data = reallocate(vector, size);
    if (!data) return false;
    vector->data = data;
    vector->capacity = capacity;
    return true;
}

void *base_vector_reserve(base_vector *vector, size_t more) {
    if (more > SIZE_MAX - vector->count) return NULL;
    size_t needed = vector->count + more;
    if ((needed > vector->capacity || !vector->data) && !grow(vector, needed)) return NULL;
    return (uint8_t *)vector->data + vector->count * vector->element_size;
}

bool base_vector_append(base_vector *vector, const void *elements, size_t count) {
    void *end = base_vector_reserve(vector, count);
    if (!end) return false;
    if (count > 0) memcpy(end, elements, count * vector->element_size);
    vector->count += count;
    return true;
}

void spectra_scratch_init(spectra_scratch *scratch, void *bytes, size_t size) {
    *scratch = (spectra_scratch){.bytes = (uint8_t *)bytes, .size = size};
}

void spectra_scratch_reset(spectra_scratch *scratch) {
    scratch->used = 0;
}

static void *take_object(void *scratch, size_t size) {
    return base_scratch_take((spectra_scratch *)scratch, 1, size);
}

static void give_back_last(void *context, void *memory, size_t size) {
    spectra_scratch *scratch = (spectra_scratch *)context;
    if ((uint8_t *)memory + size == scratch->bytes + scratch->used)
        scratch->used = (size_t)((uint8_t *)memory - scratch->bytes);
}

void spectra_scratch_allocator(spectra_allocator *allocator, spectra_scratch *scratch) {
    *allocator = (spectra_allocator){.context = scratch, .allocate = take_object, .release = give_back_last};
}

void *base_scratch_take(spectra_scratch *scratch, size_t count, size_t element_size) {
    size_t size;
    if (!base_multiply(&size, count, element_size)) return NULL;
    size_t padding =
        (SCRATCH_ALIGNMENT - (uintptr_t)(scratch->bytes + scratch->used) % SCRATCH_ALIGNMENT) % SCRATCH_ALIGNMENT;
    size_t left = scratch->size - scratch->used;
    if (padding > left || size > left - padding) return NULL;
    void *taken = scratch->bytes + scratch->used + padding;
    scratch->used += padding + size;
    if (scratch->used > scratch->peak) scratch->peak = scratch->used;
    return taken;
}

void base_scratch_return(spectra_scratch *scratch, size_t used) {
    assert(used <= scratch->used);
    scratch->used = used;
}

size_t base_scratch_cost(size_t count, size_t element_size) {
    size_t size;
    if (!base_multiply(&size, count, element_size) || size > SIZE_MAX - SCRATCH_ALIGNMENT) return SIZE_MAX;
    return size + SCRATCH_ALIGNMENT;
}
