/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   Where the library takes memory from: an allocator for objects that live, a scratch for what a query needs. */
#ifndef SPECTRA_MEMORY_H
#define SPECTRA_MEMORY_H

#include "spectra/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Allocates and releases objects. NULL in place of an allocator means the C library's. It is not copied: it must
 * outlive what is made with it. Both functions may be called from any thread that uses such an object.
 */
typedef struct spectra_allocator {
    void *context;                                             /**< handed to both functions */
    void *(*allocate)(void *context, size_t size);             /**< `size` bytes aligned for any type, or NULL */
    void (*release)(void *context, void *memory, size_t size); /**< `size` is what was asked for */
} spectra_allocator;

/**
 * Working memory of a query: the caller's bytes, handed out from the front. No query allocates from anywhere else.
 * Results that a call says are "in the scratch" stay valid until spectra_scratch_reset or until the bytes go.
 * A scratch belongs to one thread at a time.
 */
typedef struct spectra_scratch {
    uint8_t *bytes; /**< the caller's */
    size_t size;    /**< in bytes */
    size_t used;    /**< in bytes */
    size_t peak;    /**< in bytes, the most that was ever used: what a fixed-memory device must provide */
} spectra_scratch;

/**
 * Starts a scratch over bytes of the caller's. There is nothing to free.
 * @param scratch  to be started
 * @param bytes    `size` of them, aligned in any way; they must outlive the use of the scratch. NULL with size 0
 * @param size     in bytes: what the functions named `_required` say for the call that will use it
 * Thread safety: one thread at a time for each scratch.
 */
SPECTRA_API void spectra_scratch_init(spectra_scratch *scratch, void *bytes, size_t size);

/**
 * Takes everything back: results in the scratch are gone. `peak` stays.
 * @param scratch  started before
 * Thread safety: one thread at a time for each scratch.
 */
SPECTRA_API void spectra_scratch_reset(spectra_scratch *scratch);

/**
 * An allocator over a scratch, for a device without a heap: objects stand in the scratch one behind the other. What is
 * released comes back at once where it is the last one, else with spectra_scratch_reset, when no object is in use any
 * more. Give queries a scratch of their own.
 * @param allocator  to be filled
 * @param scratch    started before; it must outlive the allocator and what is made with it
 * Thread safety: one thread at a time for each scratch, and for the objects in it.
 */
SPECTRA_API void spectra_scratch_allocator(spectra_allocator *allocator, spectra_scratch *scratch);

#ifdef __cplusplus
}
#endif
#endif
