/* SPDX-License-Identifier: Apache-2.0 */
/* Where the library takes memory from: an allocator for objects that live, a scratch for what a query needs. */
#ifndef SPECTRA_MEMORY_H
#define SPECTRA_MEMORY_H

#include "spectra/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Allocates and releases objects. NULL in place of an allocator means the C library's.
 * `allocate` returns memory aligned for any type, or NULL. `release` is given the size that was asked for.
 * Both may be called from any thread that uses an object made with the allocator.
 */
typedef struct spectra_allocator {
    void *context;
    void *(*allocate)(void *context, size_t size);
    void (*release)(void *context, void *memory, size_t size);
} spectra_allocator;

/**
 * Working memory of a query: the caller's bytes, handed out from the front. No query allocates from anywhere else.
 * Results that a call says are "in the scratch" stay valid until spectra_scratch_reset or until the bytes go.
 * A scratch belongs to one thread at a time.
 */
typedef struct spectra_scratch {
    uint8_t *bytes;
    size_t size; /**< in bytes */
    size_t used; /**< in bytes */
    size_t peak; /**< the most that was ever used: what a fixed-memory device must provide */
} spectra_scratch;

/** Starts a scratch over `size` bytes at `bytes`, which stay the caller's and must outlive its use. */
SPECTRA_API void spectra_scratch_init(spectra_scratch *scratch, void *bytes, size_t size);

/** Takes everything back; results in the scratch are gone. */
SPECTRA_API void spectra_scratch_reset(spectra_scratch *scratch);

#ifdef __cplusplus
}
#endif
#endif
