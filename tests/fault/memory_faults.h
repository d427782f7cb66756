/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that is counted and refused on demand: through an allocator, and, where malloc and mmap of the whole process
   are interposed, behind everybody's back. */
#ifndef TESTS_FAULT_MEMORY_FAULTS_H
#define TESTS_FAULT_MEMORY_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

#include "spectra/memory.h"

typedef enum fault_source {
    FAULT_ALLOCATOR, /* requests to fault_allocator */
    FAULT_PROCESS    /* malloc and its kin, mmap; every library of the process, but not what fault_allocator takes */
} fault_source;

/* Whether the process is interposed: not under sanitizers, which own malloc. */
extern const bool fault_process_is_interposed;

extern const spectra_allocator fault_allocator;

/* From now on requests are counted; request `first` of the source fails, and all later ones where `forever`. 0: none.
 */
void fault_arm(fault_source source, uint64_t first, bool forever);
void fault_disarm(void);

/* Of the time between fault_arm and fault_disarm, in all threads: */
uint64_t fault_requests(fault_source source);
bool fault_was_hit(void);
bool fault_hit_a_map(void); /* the first to fail was an mmap */

/* Bytes that were taken from the source and not given back, ever. */
int64_t fault_live_bytes(fault_source source);

#endif
