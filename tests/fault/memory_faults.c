/* SPDX-License-Identifier: Apache-2.0 */
/* The counters and the allocator. Thread-safe. What the process asks for is seen by interposed.c. */
#include "fault/memory_faults.h"

#include <stdlib.h>

#include "fault/interposed.h"

/* One source as it is seen from any thread. */
typedef struct counters {
    _Atomic uint64_t requests;
    _Atomic int64_t live;
} counters;

static counters of[2];
static atomic_bool armed, forever_after, was_hit, hit_a_map;
static _Atomic int refused_source;
static _Atomic uint64_t refused_request;
/* Volatile: a compiler may know that malloc reads no variable of ours. */
static _Thread_local volatile bool inside_allocator;

void fault_arm(fault_source source, uint64_t first, bool forever) {
    of[FAULT_ALLOCATOR].requests = 0;
    of[FAULT_PROCESS].requests = 0;
    was_hit = false;
    hit_a_map = false;
    refused_source = (int)source;
    refused_request = first;
    forever_after = forever;
    armed = true;
}

void fault_disarm(void) {
    armed = false;
}

uint64_t fault_requests(fault_source source) {
    return of[source].requests;
}

bool fault_was_hit(void) {
    return was_hit;
}

bool fault_hit_a_map(void) {
    return hit_a_map;
}

int64_t fault_live_bytes(fault_source source) {
    return of[source].live;
}

static bool is_refused(fault_source source, bool map) {
    if (!armed) return false;
    uint64_t request = ++of[source].requests, first = refused_request;
    if (refused_source != (int)source || first == 0) return false;
    if (request < first || (request > first && !forever_after)) return false;
    if (request == first) hit_a_map = map;
    was_hit = true;
    return true;
}

bool fault_refuses_process(bool map) {
    return !inside_allocator && is_refused(FAULT_PROCESS, map);
}

void fault_count_process(int64_t bytes) {
    of[FAULT_PROCESS].live += bytes;
}

static void *allocate(void *context, size_t size) {
    (void)context;
    if (is_refused(FAULT_ALLOCATOR, false)) return NULL;
    inside_allocator = true;
    void *memory = malloc(size);
    inside_allocator = false;
    if (memory) of[FAULT_ALLOCATOR].live += (int64_t)size;
    return memory;
}

static void release(void *context, void *memory, size_t size) {
    (void)context;
    of[FAULT_ALLOCATOR].live -= (int64_t)size;
    free(memory);
}

const spectra_allocator fault_allocator = {NULL, allocate, release};
