/* SPDX-License-Identifier: Apache-2.0 */
/* Loaded before an unchanged program: ends it where a query allocates or maps memory, by whatever library it links.
   Stands between the program and spectra_search, spectra_identify, the allocator and mmap. With BROKEN defined each
   query allocates, which the watch must catch. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <spectra/spectra.h>

static _Thread_local int depth; /* of queries, since one may call another */
static _Thread_local int seen;  /* whether this thread has been counted */
static atomic_uint queries, threads;

/* The C library's own names for what is interposed here. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static void refuse_in_query(const char *call) {
    if (depth == 0) return;
    static const char text[] = "watch: a query calls ";
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0 || write(STDERR_FILENO, call, strlen(call)) < 0) _exit(98);
    _exit(99);
}

void *malloc(size_t size) {
    refuse_in_query("malloc\n");
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    refuse_in_query("calloc\n");
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    refuse_in_query("realloc\n");
    return __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    refuse_in_query("aligned_alloc\n");
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size) {
    refuse_in_query("posix_memalign\n");
    *out = __libc_memalign(alignment, size);
    return *out ? 0 : 12; /* ENOMEM */
}

void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset) {
    refuse_in_query("mmap\n");
    return (void *)syscall(SYS_mmap, address, size, protection, flags, file, offset);
}

void *mmap64(void *address, size_t size, int protection, int flags, int file, off64_t offset) {
    return mmap(address, size, protection, flags, file, offset);
}

static void enter(void) {
    if (depth++ > 0) return;
    atomic_fetch_add(&queries, 1);
    if (seen++ == 0) atomic_fetch_add(&threads, 1);
#ifdef BROKEN
    void *volatile byte = malloc(1); /* volatile: else the compiler leaves the pair out */
    free(byte);
#endif
}

/* The next definition of a function after this one, found before the query begins. */
#define NEXT(name) __typeof__(&name) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

spectra_status spectra_search(spectra_hit *hits, uint32_t capacity, spectra_search_summary *summary,
                              const spectra_database *const *databases, uint32_t database_count,
                              const spectra_spectrum *spectrum, const spectra_search_options *options,
                              spectra_scratch *scratch, spectra_error *error) {
    NEXT(spectra_search);
    enter();
    spectra_status status = next(hits, capacity, summary, databases, database_count, spectrum, options, scratch, error);
    depth--;
    return status;
}

spectra_status spectra_identify(const spectra_identification **out, const spectra_database *const *databases,
                                uint32_t database_count, const spectra_spectrum *spectrum,
                                const spectra_search_options *options, spectra_scratch *scratch, spectra_error *error) {
    NEXT(spectra_identify);
    enter();
    spectra_status status = next(out, databases, database_count, spectrum, options, scratch, error);
    depth--;
    return status;
}

__attribute__((destructor)) static void tell(void) {
    fprintf(stderr, "watch: %u queries in %u threads, no allocation\n", atomic_load(&queries), atomic_load(&threads));
}
