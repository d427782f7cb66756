/* SPDX-License-Identifier: Apache-2.0 */
/* What the fuzz targets share: a check that ends the process, memory that is counted, bytes in and bytes out. A target
   is one function that takes any bytes and returns; libFuzzer or replay.c calls it. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "spectra/io.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Ends the process, so that the fuzzer keeps the input, where a condition does not hold. */
#define FUZZ_CHECK(condition) ((condition) ? (void)0 : fuzz_fail(#condition, __FILE__, __LINE__))
_Noreturn void fuzz_fail(const char *condition, const char *file, int line);

/* Memory with a bound: to ask for more than it is a failure, whatever the system would have given. In bytes. */
typedef struct fuzz_memory {
    spectra_allocator allocator; /* what is handed to the library; its context is this */
    size_t live;
    size_t bound;
} fuzz_memory;

void fuzz_memory_init(fuzz_memory *memory, size_t bound);
/* Everything was given back. */
void fuzz_memory_check_empty(const fuzz_memory *memory);

/* The scratch, of exactly this size: the address sanitizer sees a step beyond it. */
void fuzz_take_scratch(spectra_scratch *scratch, size_t size);
void fuzz_return_scratch(void);

/* A stream over bytes, given out by `chunk` at the most. */
typedef struct fuzz_input {
    const uint8_t *bytes;
    size_t size;
    size_t position;
    size_t chunk;
} fuzz_input;

spectra_status fuzz_input_read(void *context, uint8_t *bytes, size_t capacity, size_t *size);

/* Bytes that were written; the room is kept for the next input. */
typedef struct fuzz_output {
    uint8_t *bytes;
    size_t size;
    size_t capacity;
} fuzz_output;

spectra_status fuzz_output_write(void *context, const char *bytes, size_t size);

/* What an input tells bit by bit: the next bytes as a number, zeros behind its end. */
uint64_t fuzz_take(fuzz_input *input, size_t size);

/* Asks a spectrum for all that it can tell. */
void fuzz_walk_spectrum(const spectra_spectrum *spectrum);

#endif
