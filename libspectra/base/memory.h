/* SPDX-License-Identifier: Apache-2.0 */
/* The caller's scratch first, the allocator second. Sizes multiply through one checked helper. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdbool.h>

#include "spectra/memory.h"

/* a × b without wrapping; false where it would. */
bool base_multiply(size_t *product, size_t a, size_t b);

/* Options as this version knows them, `size` bytes, from the caller's, which begin with their own size. A later
   version's are larger: false where that surplus is not all zero, or where they are smaller than they ever were. */
bool base_take_options(void *options, size_t size, const void *given);

/* Memory of an allocator (NULL: the C library's). NULL where it refuses; size 0 gives NULL. */
void *base_allocate(const spectra_allocator *allocator, size_t size);
void *base_allocate_array(const spectra_allocator *allocator, size_t count, size_t element_size);
void base_release(const spectra_allocator *allocator, void *memory, size_t size);

/* Memory of an allocator that is soon to be filled: the C library's comes faster where that is said. */
void base_expect_writing(const spectra_allocator *allocator, void *memory, size_t size);

/* A growing array of bytes or elements: capacity and count are in elements. */
typedef struct base_vector {
    void *data;
    size_t count;
    size_t capacity;
    size_t element_size;
    const spectra_allocator *allocator;
} base_vector;

void base_vector_init(base_vector *vector, size_t element_size, const spectra_allocator *allocator);
void base_vector_free(base_vector *vector);
/* Room for `more` further elements at the end, not counted yet; NULL where memory is short (the vector is unchanged).
 */
void *base_vector_reserve(base_vector *vector, size_t more);
/* Appends `count` elements by copy. */
bool base_vector_append(base_vector *vector, const void *elements, size_t count);

/* Scratch, aligned to 64 bytes; NULL where it is too small. */
void *base_scratch_take(spectra_scratch *scratch, size_t count, size_t element_size);
/* Everything taken since `used` is given back. */
void base_scratch_return(spectra_scratch *scratch, size_t used);
/* Upper bound for one base_scratch_take, alignment included; saturates at SIZE_MAX. */
size_t base_scratch_cost(size_t count, size_t element_size);

#endif
