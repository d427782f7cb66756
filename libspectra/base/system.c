/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that asks the operating system for something. POSIX; another system gets another file of this name. */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE /* madvise */
#include "base/system.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

#define MAX_TEMPORARIES 1000
#define EXPECTED_SIZE (UINT32_C(1) << 18) /* less is not worth a call */

void *base_system_allocate(size_t size) {
    return malloc(size);
}

void *base_system_reallocate(void *memory, size_t size) {
    return realloc(memory, size);
}

/* A page that is only asked for when it is first written to costs three times as much on a virtual machine. */
void base_system_expect_writing(void *memory, size_t size) {
#ifdef MADV_POPULATE_WRITE
    const uintptr_t page = 4096, mask = page - 1;
    if (size < EXPECTED_SIZE) return;
    const uintptr_t start = ((uintptr_t)memory + mask) & ~mask, end = ((uintptr_t)memory + size) & ~mask;
    (void)madvise((void *)start, end - start,
                  MADV_POPULATE_WRITE); /* where the system refuses, pages come one by one */
#else
    (void)memory, (void)size;
#endif
}

void base_system_release(void *memory) {
    free(memory);
}

const char *base_environment(const char *name) {
    return getenv(name);
}

static spectra_status fail_at(spectra_error *error, const char *what, const char *path) {
    int reason = errno;
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0); /* our messages are in one language */
    const char *text = plain ? strerror_l(reason, plain) : "the system does not say why";
    spectra_status status = base_fail(error, SPECTRA_E_IO, BASE_NO_PLACE, "cannot %s %s: %s", what, path, text);
    if (plain) freelocale(plain);
    return status;
}

static int open_retrying(const char *path, int flags, mode_t mode) {
    int descriptor;
    do descriptor = open(path, flags | O_CLOEXEC, mode);
    while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

spectra_status base_file_open(base_file *file, const char *path, spectra_error *error) {
    file->descriptor = open_retrying(path, O_RDONLY, 0);
    if (file->descriptor < 0) return fail_at(error, "open", path);
    struct stat about;
    if (fstat(file->descriptor, &about) == 0 && S_ISDIR(about.st_mode)) {
        base_file_close(file);
        return base_fail(error, SPECTRA_E_IO, BASE_NO_PLACE, "cannot open %s: it is a directory", path);
    }
    return SPECTRA_OK;
}

void base_file_close(base_file *file) {
    if (file->descriptor >= 0) close(file->descriptor);
    file->descriptor = -1;
}

spectra_status base_file_read(base_file *file, uint8_t *bytes, size_t capacity, size_t *size) {
    ssize_t got;
    do got = read(file->descriptor, bytes, capacity);
    while (got < 0 && errno == EINTR);
    if (got < 0) return SPECTRA_E_IO;
    *size = (size_t)got;
    return SPECTRA_OK;
}

spectra_status base_file_size(base_file *file, uint64_t *size) {
    struct stat about;
    if (fstat(file->descriptor, &about) != 0 || about.st_size < 0) return SPECTRA_E_IO;
    *size = (uint64_t)about.st_size;
    return SPECTRA_OK;
}

spectra_status base_file_map(const char *path, const uint8_t **bytes, size_t *size, spectra_error *error) {
    base_file file;
    spectra_status status = base_file_open(&file, path, error);
    if (status < 0) return status;
    *bytes = NULL;
    *size = 0;
    uint64_t length;
    if (base_file_size(&file, &length) < 0) {
        status = fail_at(error, "measure", path);
    } else if (length > SIZE_MAX) {
        status = base_fail(error, SPECTRA_E_LIMIT, BASE_NO_PLACE, "%s is too large to map", path);
    } else if (length > 0) {
        void *mapped = mmap(NULL, (size_t)length, PROT_READ, MAP_SHARED, file.descriptor, 0);
        if (mapped == MAP_FAILED) {
            status = fail_at(error, "map", path);
        } else {
            *bytes = (const uint8_t *)mapped;
            *size = (size_t)length;
        }
    }
    base_file_close(&file);
    return status;
}

void base_file_unmap(const uint8_t *bytes, size_t size) {
    if (bytes) munmap((void *)(uintptr_t)bytes, size);
}

/* Appends where `offset` is NULL. */
static bool write_whole(int descriptor, const uint8_t *bytes, size_t left, const uint64_t *offset) {
    uint64_t at = offset ? *offset : 0;
    while (left > 0) {
        ssize_t written = offset ? pwrite(descriptor, bytes, left, (off_t)at) : write(descriptor, bytes, left);
        if (written < 0 && errno == EINTR) continue;
        if (written == 0) errno = EIO; /* no error and no progress */
        if (written <= 0) return false;
        bytes += written;
        left -= (size_t)written;
        at += (uint64_t)written;
    }
    return true;
}

static bool sync_retrying(int descriptor) {
    int failed;
    do failed = fsync(descriptor);
    while (failed != 0 && errno == EINTR);
    return failed == 0;
}

static bool sync_directory_of(const char *path) {
    char directory[BASE_PATH_SIZE];
    const char *slash = strrchr(path, '/');
    base_text text;
    base_text_init(&text, directory, sizeof directory);
    if (!slash)
        base_text_string(&text, ".");
    else
        base_text_add(&text, path, slash == path ? 1 : (size_t)(slash - path));
    int descriptor = open_retrying(directory, O_RDONLY | O_DIRECTORY, 0);
    if (descriptor < 0) return false;
    /* Some file systems cannot sync a directory and say EINVAL: nothing more can be done there. */
    bool synced = sync_retrying(descriptor) || errno == EINVAL;
    close(descriptor);
    return synced;
}

/* "path.tmp-PID-N": beside the file, so that the rename stays inside one file system. */
static bool temporary_name(char name[BASE_PATH_SIZE], const char *path, uint64_t number) {
    base_text text;
    base_text_init(&text, name, BASE_PATH_SIZE);
    base_text_string(&text, path);
    base_text_string(&text, ".tmp-");
    base_text_unsigned(&text, (uint64_t)getpid());
    base_text_string(&text, "-");
    base_text_unsigned(&text, number);
    return !text.cut;
}

/* A new file that is ours alone: another thread, a process of the same number in another container, or one that was
   killed may have left its own. */
spectra_status base_replacement_begin(base_replacement *out, const char *path, spectra_error *error) {
    out->path = path;
    for (uint64_t i = 0; i < MAX_TEMPORARIES; i++) {
        if (!temporary_name(out->temporary, path, i))
            return base_fail(error, SPECTRA_E_IO, BASE_NO_PLACE, "the path is too long");
        out->descriptor = open_retrying(out->temporary, O_WRONLY | O_CREAT | O_EXCL, 0666);
        if (out->descriptor >= 0) return SPECTRA_OK;
        if (errno != EEXIST) break;
    }
    return fail_at(error, "create", out->temporary);
}

spectra_status base_replacement_add(const base_replacement *file, const void *bytes, size_t size,
                                    spectra_error *error) {
    bool written = write_whole(file->descriptor, (const uint8_t *)bytes, size, NULL);
    return written ? SPECTRA_OK : fail_at(error, "write", file->temporary);
}

spectra_status base_replacement_change(const base_replacement *file, uint64_t offset, const void *bytes, size_t size,
                                       spectra_error *error) {
    bool written = write_whole(file->descriptor, (const uint8_t *)bytes, size, &offset);
    return written ? SPECTRA_OK : fail_at(error, "write", file->temporary);
}

void base_replacement_abandon(base_replacement *file) {
    close(file->descriptor);
    unlink(file->temporary);
}

/* Closes the file, too. What is synced stays, even where closing is interrupted. */
static spectra_status sync_and_close(const base_replacement *file, spectra_error *error) {
    spectra_status status = SPECTRA_OK;
    if (!sync_retrying(file->descriptor)) status = fail_at(error, "write", file->temporary);
    if (close(file->descriptor) != 0 && errno != EINTR && status == SPECTRA_OK)
        status = fail_at(error, "close", file->temporary);
    return status;
}

spectra_status base_replacement_finish(base_replacement *file, spectra_error *error) {
    spectra_status status = sync_and_close(file, error);
    if (status == SPECTRA_OK && rename(file->temporary, file->path) != 0)
        status = fail_at(error, "replace", file->path);
    if (status < 0) {
        unlink(file->temporary);
        return status;
    }
    if (!sync_directory_of(file->path)) return fail_at(error, "sync the directory of", file->path);
    return SPECTRA_OK;
}
