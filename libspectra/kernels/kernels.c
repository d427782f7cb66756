/* SPDX-License-Identifier: Apache-2.0 */
/* Chooses the kernels once, by CPU or by SPECTRA_KERNEL. Knows which tables this build has. */
#include "kernels/kernels.h"

#include <stdatomic.h>
#include <string.h>

#include "base/system.h"

static const kernels_table *best(void) {
#ifdef KERNELS_HAVE_AVX2
    if (__builtin_cpu_supports("avx2")) return &kernels_avx2;
#endif
    return &kernels_scalar;
}

const kernels_table *kernels_named(const char *name) {
    const kernels_table *table = best();
    if (strcmp(name, table->name) == 0) return table;
    return strcmp(name, kernels_scalar.name) == 0 ? &kernels_scalar : NULL;
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
