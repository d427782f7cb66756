/* SPDX-License-Identifier: Apache-2.0 */
/* Search inside a precursor window: the scores of many spectra at once, then a full comparison of those that can enter
   the list, the best first. */
#include "base/memory.h"
#include "search/accurate.h"
#include "search/pair.h"

/* Spectra that are scored together: more than most windows hold. */
#define ROUND 1024u
/* Of these the best go first: usually enough that no other can enter. */
#define BEST_FIRST 16u

typedef struct window_search {
    const search_accurate_set *in;
    const kernels_windows *windows;
    kernels_cells cells;
    uint32_t *first_peak; /* of the spectra at hand and the one behind: ROUND + 1 */
    uint32_t *sums;       /* theirs; 0 where one has been compared */
} window_search;

size_t search_window_required(void) {
    return base_scratch_cost(ROUND + 1, sizeof(uint32_t)) + base_scratch_cost(ROUND, sizeof(uint32_t));
}

/* Places of the largest sums, the largest first; returns how many. */
static uint32_t list_best(uint32_t best[BEST_FIRST], const uint32_t *sums, uint32_t count) {
    uint32_t listed = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (listed == BEST_FIRST && sums[i] <= sums[best[listed - 1]]) continue;
        uint32_t place = listed < BEST_FIRST ? listed++ : listed - 1;
        for (; place > 0 && sums[best[place - 1]] < sums[i]; place--) best[place] = best[place - 1];
        best[place] = i;
    }
    return listed;
}

/* One that has been compared, or cannot enter, is left out. */
static spectra_status compare_wanted(window_search *search, uint32_t first, uint32_t i, search_top *top) {
    if (!search_top_wants(top, search_entropy_score(search->sums[i]))) return SPECTRA_OK;
    search->sums[i] = 0;
    return search_accurate_compare(search->in, first + i, top);
}

static spectra_status search_round(window_search *search, uint32_t first, uint32_t count, search_top *top) {
    const db_set *set = search->in->set;
    uint32_t best[BEST_FIRST];
    if (!db_first_peaks_at(search->first_peak, set, first, count)) return SPECTRA_E_CORRUPT;
    const kernels_accurate_run run = {set->mz_uth, set->weight, search->first_peak, count};
    kernels_active()->entropy_sums(search->sums, &run, search->windows, &search->cells);
    spectra_status status = SPECTRA_OK;
    const uint32_t listed = list_best(best, search->sums, count);
    for (uint32_t k = 0; status == SPECTRA_OK && k < listed; k++) status = compare_wanted(search, first, best[k], top);
    for (uint32_t i = 0; status == SPECTRA_OK && i < count; i++) status = compare_wanted(search, first, i, top);
    return status;
}

spectra_status search_window(const search_accurate_set *in, const kernels_windows *windows, uint32_t first,
                             uint32_t end, search_top *top) {
    window_search search = {.in = in, .windows = windows};
    spectra_scratch *scratch = in->run->scratch;
    size_t used = scratch->used;
    search.first_peak = base_scratch_take(scratch, ROUND + 1, sizeof *search.first_peak);
    search.sums = base_scratch_take(scratch, ROUND, sizeof *search.sums);
    spectra_status status = search.first_peak && search.sums ? SPECTRA_OK : SPECTRA_E_MEMORY;
    if (status == SPECTRA_OK) kernels_mark_cells(&search.cells, windows);
    while (status == SPECTRA_OK && first < end) {
        uint32_t count = end - first < ROUND ? end - first : ROUND;
        status = search_round(&search, first, count, top);
        first += count;
    }
    base_scratch_return(scratch, used);
    return status;
}
