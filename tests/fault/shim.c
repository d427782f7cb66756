/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded in front of the C library: one system call of the process fails, falls short or is its last, or one request
   for memory is refused. Each call is numbered and written to the log, so that the test can aim at them one by one.
   What to do stands in the environment:

   FAULT_MEMORY  set: requests for memory are meant, else system calls
   FAULT_LOG     file that gets a line "NUMBER NAME" for each call
   FAULT_AT      number of the call, from 1
   FAULT_HOW     fail, fail-after, short, nothing, kill-before, kill-within, kill-after
   FAULT_ERRNO   of fail and fail-after
   FAULT_FOREVER set: all later calls likewise */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))

static long number_of(const char *name) {
    const char *text = getenv(name);
    return text ? strtol(text, NULL, 10) : 0;
}

static void log_call(long number, const char *name) {
    const char *path = getenv("FAULT_LOG");
    char line[64];
    if (!path) return;
    int size = snprintf(line, sizeof line, "%ld %s\n", number, name);
    long log = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    syscall(SYS_write, log, line, size);
    syscall(SYS_close, log);
}

/* What is to be done with this call: a word of FAULT_HOW, or "". */
static const char *manner_of(const char *name) {
    static long calls;
    long at = number_of("FAULT_AT");
    const char *how = getenv("FAULT_HOW");
    log_call(++calls, name);
    bool aimed_at = at > 0 && (calls == at || (calls > at && getenv("FAULT_FOREVER")));
    return aimed_at && how ? how : "";
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static long carry_out(const char *name, long number, long a, long b, long c, long d, long e, long f) {
    const char *how = getenv("FAULT_MEMORY") ? "" : manner_of(name);
    bool within = strcmp(how, "kill-within") == 0;
    if (strcmp(how, "kill-before") == 0) die();
    if (strcmp(how, "nothing") == 0) return 0;
    bool moves_bytes = strcmp(name, "read") == 0 || strstr(name, "write"); /* `c` of them */
    if (moves_bytes && (strcmp(how, "short") == 0 || within)) c = (c + 1) / 2;
    if (strcmp(how, "fail") == 0) {
        errno = (int)number_of("FAULT_ERRNO");
        return -1;
    }
    long result = syscall(number, a, b, c, d, e, f);
    if (strcmp(how, "kill-after") == 0 || within) die();
    if (strcmp(how, "fail-after") != 0) return result;
    errno = (int)number_of("FAULT_ERRNO");
    return -1;
}

/* Whether a request for memory is to fail. */
static bool is_refused(const char *name) {
    if (!getenv("FAULT_MEMORY") || strcmp(manner_of(name), "fail") != 0) return false;
    errno = ENOMEM;
    return true;
}

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

PUBLIC void *malloc(size_t size) {
    return is_refused("malloc") ? NULL : __libc_malloc(size);
}

PUBLIC void *calloc(size_t count, size_t size) {
    return is_refused("calloc") ? NULL : __libc_calloc(count, size);
}

PUBLIC void *realloc(void *memory, size_t size) {
    return is_refused("realloc") ? NULL : __libc_realloc(memory, size);
}

PUBLIC int open(const char *path, int flags, ...) {
    mode_t mode = 0;
    if (flags & O_CREAT) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    return (int)carry_out("open", SYS_openat, AT_FDCWD, (long)path, flags, (long)mode, 0, 0);
}

PUBLIC ssize_t read(int descriptor, void *bytes, size_t size) {
    return carry_out("read", SYS_read, descriptor, (long)bytes, (long)size, 0, 0, 0);
}

PUBLIC ssize_t write(int descriptor, const void *bytes, size_t size) {
    return carry_out("write", SYS_write, descriptor, (long)bytes, (long)size, 0, 0, 0);
}

PUBLIC ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset) {
    return carry_out("pwrite", SYS_pwrite64, descriptor, (long)bytes, (long)size, offset, 0, 0);
}

PUBLIC int fsync(int descriptor) {
    return (int)carry_out("fsync", SYS_fsync, descriptor, 0, 0, 0, 0, 0);
}

PUBLIC int fstat(int descriptor, struct stat *about) {
    return (int)carry_out("fstat", SYS_fstat, descriptor, (long)about, 0, 0, 0, 0);
}

PUBLIC int madvise(void *memory, size_t size, int advice) {
    return (int)carry_out("madvise", SYS_madvise, (long)memory, (long)size, advice, 0, 0, 0);
}

PUBLIC int rename(const char *from, const char *to) {
    return (int)carry_out("rename", SYS_renameat2, AT_FDCWD, (long)from, AT_FDCWD, (long)to, 0, 0);
}

PUBLIC int unlink(const char *path) {
    return (int)carry_out("unlink", SYS_unlinkat, AT_FDCWD, (long)path, 0, 0, 0, 0);
}

PUBLIC int close(int descriptor) {
    return (int)carry_out("close", SYS_close, descriptor, 0, 0, 0, 0, 0);
}

PUBLIC void *mmap(void *address, size_t size, int protection, int flags, int descriptor, off_t offset) {
    return (void *)carry_out("mmap", SYS_mmap, (long)address, (long)size, protection, flags, descriptor, offset);
}

PUBLIC int munmap(void *address, size_t size) {
    return (int)carry_out("munmap", SYS_munmap, (long)address, (long)size, 0, 0, 0, 0);
}
