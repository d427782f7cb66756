/* SPDX-License-Identifier: Apache-2.0 */
/* A heap of spectra by their bounds. */
#include "search/waiting.h"

#include <assert.h>

#include "base/memory.h"

/* The first lot, of whatever there is, is small: it only gives the least that others must reach. */
#define FIRST 128u
#define CAPACITY 512u

size_t search_waiting_required(void) {
    return base_scratch_cost(CAPACITY, sizeof(search_waiting_spectrum));
}

bool search_waiting_begin(search_waiting *out, spectra_scratch *scratch) {
    *out = (search_waiting){.spectra = base_scratch_take(scratch, CAPACITY, sizeof *out->spectra), .limit = FIRST};
    return out->spectra != NULL;
}

bool search_waiting_add(search_waiting *waiting, search_waiting_spectrum spectrum) {
    assert(waiting->count < waiting->limit);
    waiting->spectra[waiting->count++] = spectrum;
    return waiting->count == waiting->limit;
}

static void sink(search_waiting *waiting, uint32_t top) {
    search_waiting_spectrum *spectra = waiting->spectra;
    const search_waiting_spectrum sinking = spectra[top];
    for (uint32_t child = 2 * top + 1; child < waiting->count; child = 2 * top + 1) {
        if (child + 1 < waiting->count && spectra[child].bound < spectra[child + 1].bound) child++;
        if (spectra[child].bound <= sinking.bound) break;
        spectra[top] = spectra[child];
        top = child;
    }
    spectra[top] = sinking;
}

void search_waiting_order(search_waiting *waiting) {
    for (uint32_t top = waiting->count / 2; top-- > 0;) sink(waiting, top);
}

bool search_waiting_take(search_waiting_spectrum *out, search_waiting *waiting, uint32_t least) {
    if (waiting->count == 0 || waiting->spectra[0].bound < least) {
        waiting->count = 0;
        waiting->limit = CAPACITY;
        return false;
    }
    *out = waiting->spectra[0];
    waiting->spectra[0] = waiting->spectra[--waiting->count];
    if (waiting->count > 0) sink(waiting, 0);
    return true;
}
