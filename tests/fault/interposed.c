/* SPDX-License-Identifier: Apache-2.0 */
/* malloc and its kin and mmap, in front of those of the C library, for every library of the process. The GNU C library
   is asked by the names that it keeps for this purpose. */
#define _GNU_SOURCE
#include "fault/interposed.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fault/memory_faults.h"

const bool fault_process_is_interposed = true;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

static void *refuse(void) {
    errno = ENOMEM;
    return NULL;
}

static void *counted(void *memory) {
    if (memory) fault_count_process((int64_t)malloc_usable_size(memory));
    return memory;
}

void *malloc(size_t size) {
    return fault_refuses_process(false) ? refuse() : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size) {
    return fault_refuses_process(false) ? refuse() : counted(__libc_calloc(count, size));
}

void *realloc(void *memory, size_t size) {
    if (fault_refuses_process(false)) return refuse();
    int64_t before = memory ? (int64_t)malloc_usable_size(memory) : 0;
    void *grown = __libc_realloc(memory, size);
    if (grown || size == 0) fault_count_process(-before);
    return counted(grown);
}

void *reallocarray(void *memory, size_t count, size_t size) {
    if (size != 0 && count > SIZE_MAX / size) return refuse();
    return realloc(memory, count * size);
}

void *memalign(size_t alignment, size_t size) {
    return fault_refuses_process(false) ? refuse() : counted(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size) {
    return memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size) {
    void *memory = memalign(alignment, size);
    if (!memory) return ENOMEM;
    *out = memory;
    return 0;
}

void free(void *memory) {
    if (memory) fault_count_process(-(int64_t)malloc_usable_size(memory));
    __libc_free(memory);
}

void *mmap(void *address, size_t size, int protection, int flags, int descriptor, off_t offset) {
    if (fault_refuses_process(true)) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    long mapped = syscall(SYS_mmap, address, size, protection, flags, descriptor, offset);
    if (mapped == -1) return MAP_FAILED;
    fault_count_process((int64_t)size);
    return (void *)mapped;
}

int munmap(void *address, size_t size) {
    fault_count_process(-(int64_t)size);
    return (int)syscall(SYS_munmap, address, size);
}
