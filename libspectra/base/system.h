/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that asks the operating system for something: memory, files, the environment. Nothing above base/ does. */
#ifndef BASE_SYSTEM_H
#define BASE_SYSTEM_H

#include "base/error.h"
#include "spectra/memory.h"

void *base_system_allocate(size_t size);
/* Another size for memory of the above (or none, NULL); what was there stays where NULL is returned. */
void *base_system_reallocate(void *memory, size_t size);
void base_system_release(void *memory);
/* Asks for the pages of memory of the above that is soon to be filled, all at once. */
void base_system_expect_writing(void *memory, size_t size);

/* A file open for reading. */
typedef struct base_file {
    int descriptor;
} base_file;

spectra_status base_file_open(base_file *file, const char *path, spectra_error *error);
void base_file_close(base_file *file);
/* Up to `capacity` bytes; *size 0 at the end. Retries when interrupted. */
spectra_status base_file_read(base_file *file, uint8_t *bytes, size_t capacity, size_t *size);
spectra_status base_file_size(base_file *file, uint64_t *size);

/* Maps a whole file read-only; an empty file gives size 0 and NULL. */
spectra_status base_file_map(const char *path, const uint8_t **bytes, size_t *size, spectra_error *error);
void base_file_unmap(const uint8_t *bytes, size_t size);

/* Replaces a file: temporary file beside it, write, fsync, rename, fsync of the directory. Old or new, never torn,
   whoever else replaces it at the same time. Begun well, it is finished or abandoned once; where finishing fails
   nothing is left of it, or the new file is there and the system does not promise that it survives a power cut. */
#define BASE_PATH_SIZE 4096
typedef struct base_replacement {
    const char *path; /* the caller's */
    int descriptor;
    char temporary[BASE_PATH_SIZE];
} base_replacement;

spectra_status base_replacement_begin(base_replacement *out, const char *path, spectra_error *error);
spectra_status base_replacement_add(const base_replacement *file, const void *bytes, size_t size, spectra_error *error);
/* Writes over what was added before. */
spectra_status base_replacement_change(const base_replacement *file, uint64_t offset, const void *bytes, size_t size,
                                       spectra_error *error);
spectra_status base_replacement_finish(base_replacement *file, spectra_error *error);
void base_replacement_abandon(base_replacement *file);

/* An environment variable, or NULL. */
const char *base_environment(const char *name);

#endif
