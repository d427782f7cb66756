/* SPDX-License-Identifier: Apache-2.0 */
/* Chooses the kernels once, by CPU or by SPECTRA_KERNEL. Knows which tables this build has. */
#include "kernels/kernels.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "base/system.h"

#ifdef KERNELS_HAVE_X86
static bool has_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
           __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("bmi2");
}
#endif

/* Best first; NULL for what this build or CPU does not have. */
#define TABLES 3
static void list_tables(const kernels_table *tables[TABLES]) {
    size_t count = 0;
#ifdef KERNELS_HAVE_X86
    if (has_avx512()) tables[count++] = &kernels_avx512;
    if (__builtin_cpu_supports("avx2")) tables[count++] = &kernels_avx2;
#endif
#ifdef KERNELS_HAVE_NEON
    tables[count++] = &kernels_neon;
#endif
    tables[count++] = &kernels_scalar;
    while (count < TABLES) tables[count++] = NULL;
}

const kernels_table *kernels_named(const char *name) {
    const kernels_table *tables[TABLES];
    list_tables(tables);
    for (size_t i = 0; i < TABLES && tables[i]; i++)
        if (strcmp(name, tables[i]->name) == 0) return tables[i];
    return NULL;
}

static const kernels_table *best(void) {
    const kernels_table *tables[TABLES];
    list_tables(tables);
    return tables[0];
}

static const kernels_table *choose(void) {
    const char *wanted = base_environment("SPECTRA_KERNEL");
    if (!wanted || !*wanted) return best();
    const kernels_table *table = kernels_named(wanted);
    return table ? table : &kernels_scalar;
}

/* Threads that meet here for the first time all choose the same: constant tables need no order, only a whole pointer.
 */
const kernels_table *kernels_active(void) {
    static _Atomic(const kernels_table *) chosen;
    const kernels_table *table = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (!table) {
        table = choose();
        atomic_store_explicit(&chosen, table, memory_order_relaxed);
    }
    return table;
}
