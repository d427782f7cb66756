/* SPDX-License-Identifier: Apache-2.0 */
/* In place of system.c where there is no operating system: no heap, no files, no environment. Memory comes from the
   caller's allocator, a database from the caller's bytes. */
#include "base/system.h"

void *base_system_allocate(size_t size) {
    (void)size;
    return NULL;
}

void *base_system_reallocate(void *memory, size_t size) {
    (void)memory, (void)size;
    return NULL;
}

void base_system_release(void *memory) {
    (void)memory;
}

static spectra_status refuse(spectra_error *error) {
    return base_fail(error, SPECTRA_E_UNSUPPORTED, BASE_NO_PLACE, "there are no files on this machine");
}

spectra_status base_file_open(base_file *file, const char *path, spectra_error *error) {
    (void)file, (void)path;
    return refuse(error);
}

void base_file_close(base_file *file) {
    (void)file;
}

spectra_status base_file_read(base_file *file, uint8_t *bytes, size_t capacity, size_t *size) {
    (void)file, (void)bytes, (void)capacity, (void)size;
    return SPECTRA_E_UNSUPPORTED;
}

spectra_status base_file_size(base_file *file, uint64_t *size) {
    (void)file, (void)size;
    return SPECTRA_E_UNSUPPORTED;
}

spectra_status base_file_map(const char *path, const uint8_t **bytes, size_t *size, spectra_error *error) {
    (void)path, (void)bytes, (void)size;
    return refuse(error);
}

void base_file_unmap(const uint8_t *bytes, size_t size) {
    (void)bytes, (void)size;
}

const char *base_environment(const char *name) {
    (void)name;
    return NULL;
}

void base_system_expect_writing(void *memory, size_t size) {
    (void)memory, (void)size;
}
