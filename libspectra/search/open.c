/* SPDX-License-Identifier: Apache-2.0 */
/* Open search by postings: an upper bound of every spectrum of a block at once, then the exact score of those whose
   bound can enter the list. Equal to comparing with every spectrum (docs/decisions/0011). */
#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "db/postings.h"
#include "search/accurate.h"
#include "search/entropy_bound.h"

/* Query peaks whose terms are kept through all blocks; those of further ones are made anew in each. */
#define KEPT_TERMS 256u
/* Spectra that are compared together, best bound first. */
#define ROUND 512u
/* Postings that are added in the time that one spectrum is compared. */
#define COMPARISON_COST 400u

typedef struct open_peak {
    db_range range;    /* in the block at hand */
    uint32_t priority; /* postings for each unit of weight: those with fewest go first */
    uint32_t peak;
} open_peak;

typedef struct open_search {
    const search_accurate_set *in;
    const kernels_windows *windows;
    search_top *top;
    open_peak *peaks;                       /* in the order they are added in */
    uint16_t (*terms)[ENTROPY_BOUND_CODES]; /* of the query's first KEPT_TERMS peaks, and one table more */
    uint16_t *bounds;                       /* of a block's spectra, so far */
    uint16_t *round;                        /* spectra that are compared next */
    uint32_t block, spectrum_count;         /* the block at hand */
    uint32_t added;                         /* peaks whose postings are in the bounds */
    uint32_t rest_weight;                   /* of the others together */
} open_search;

size_t search_open_required(size_t peak_count) {
    return base_scratch_cost(peak_count, sizeof(open_peak)) +
           base_scratch_cost(KEPT_TERMS + 1, ENTROPY_BOUND_CODES * sizeof(uint16_t)) +
           base_scratch_cost(DB_POSTING_SPECTRA, sizeof(uint16_t)) + base_scratch_cost(ROUND, sizeof(uint16_t));
}

static spectra_status begin(open_search *search, spectra_scratch *scratch) {
    const kernels_windows *windows = search->windows;
    search->peaks = base_scratch_take(scratch, windows->count, sizeof *search->peaks);
    search->terms = base_scratch_take(scratch, KEPT_TERMS + 1, sizeof *search->terms);
    search->bounds = base_scratch_take(scratch, DB_POSTING_SPECTRA, sizeof *search->bounds);
    search->round = base_scratch_take(scratch, ROUND, sizeof *search->round);
    if (!search->peaks || !search->terms || !search->bounds || !search->round) return SPECTRA_E_MEMORY;
    for (uint32_t i = 0; i < windows->count && i < KEPT_TERMS; i++)
        entropy_bound_terms(search->terms[i], windows->weight[i]);
    return SPECTRA_OK;
}

/* 1. Where each query peak's postings stand in the block. */
static bool find_ranges(open_search *search) {
    const kernels_windows *windows = search->windows;
    for (uint32_t i = 0; i < windows->count; i++) {
        open_peak *peak = &search->peaks[i];
        if (!db_posting_range(&peak->range, &search->in->set->by_mz, search->block, windows->low[i], windows->high[i]))
            return false;
        uint64_t priority = ((uint64_t)(peak->range.end - peak->range.first) << 8) / (windows->weight[i] + 1u);
        peak->priority = priority < UINT32_MAX ? (uint32_t)priority : UINT32_MAX;
        peak->peak = i;
    }
    return true;
}

static bool comes_later(const open_peak *a, const open_peak *b) {
    return a->priority != b->priority ? a->priority > b->priority : a->peak > b->peak;
}

static void sink(open_peak *peaks, size_t top, size_t count) {
    open_peak sinking = peaks[top];
    for (size_t child = 2 * top + 1; child < count; child = 2 * top + 1) {
        if (child + 1 < count && comes_later(&peaks[child + 1], &peaks[child])) child++;
        if (!comes_later(&peaks[child], &sinking)) break;
        peaks[top] = peaks[child];
        top = child;
    }
    peaks[top] = sinking;
}

/* 2. The order in which they are added, by a heap sort: the bound falls fastest for the work. */
static void order_peaks(open_search *search) {
    open_peak *peaks = search->peaks;
    for (size_t top = search->windows->count / 2; top-- > 0;) sink(peaks, top, search->windows->count);
    for (size_t count = search->windows->count; count > 1; count--) {
        open_peak last = peaks[0];
        peaks[0] = peaks[count - 1];
        peaks[count - 1] = last;
        sink(peaks, 0, count - 1);
    }
}

static void add_next(open_search *search) {
    const open_peak *peak = &search->peaks[search->added++];
    uint32_t weight = search->windows->weight[peak->peak];
    uint16_t *term = search->terms[peak->peak < KEPT_TERMS ? peak->peak : KEPT_TERMS];
    if (peak->peak >= KEPT_TERMS) entropy_bound_terms(term, weight);
    kernels_add_postings(search->bounds, search->in->set->by_mz.words + peak->range.first,
                         peak->range.end - peak->range.first, term);
    search->rest_weight -= weight;
}

/* What the bounds must reach: 0 where even a spectrum that has met nothing yet could enter the list. */
static uint32_t least_bound(const open_search *search) {
    const search_top *top = search->top;
    uint32_t rest = entropy_bound_of_rest(search->rest_weight, (uint32_t)(search->windows->count - search->added));
    uint32_t needed = entropy_bound_for_rank(search_top_least(top));
    return needed > rest ? needed - rest : 0;
}

/* What a round takes at the most stands at or above the least bound: the lowest such that not too many do. */
static uint32_t round_bound(const open_search *search, uint32_t least) {
    uint32_t low = least, high = UINT16_MAX;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (kernels_active()->count_at_least(search->bounds, search->spectrum_count, (uint16_t)middle) > ROUND) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* 3. Strong peaks on few postings first, until the others could not lift a spectrum over a good part of what it needs,
   and what is left to compare takes less time than adding another. */
static void add_peaks(open_search *search) {
    const kernels_windows *windows = search->windows;
    while (search->added < windows->count) {
        uint32_t least = least_bound(search);
        if (4 * least > entropy_bound_for_rank(search_top_least(search->top))) {
            const open_peak *next = &search->peaks[search->added];
            size_t left = kernels_active()->count_at_least(search->bounds, search->spectrum_count, (uint16_t)least);
            if (left * COMPARISON_COST <= next->range.end - next->range.first) return;
        }
        add_next(search);
    }
}

/* Compares a round's spectra, best bound first, and takes them out of the block. */
static spectra_status compare_round(open_search *search, size_t count) {
    uint32_t base = search->block * DB_POSTING_SPECTRA;
    for (size_t left = count; left > 0; left--) {
        size_t best = 0;
        for (size_t i = 1; i < left; i++)
            if (search->bounds[search->round[i]] > search->bounds[search->round[best]]) best = i;
        uint16_t spectrum = search->round[best];
        if (search->bounds[spectrum] < least_bound(search)) return SPECTRA_OK;
        search->round[best] = search->round[left - 1];
        search->bounds[spectrum] = 0;
        spectra_status status = search_accurate_compare(search->in, base + spectrum, search->top);
        if (status < 0) return status;
    }
    return SPECTRA_OK;
}

/* 4. All that can still enter the list. */
static spectra_status compare_candidates(open_search *search) {
    for (;;) {
        uint32_t least = least_bound(search);
        size_t count = kernels_active()->list_at_least(search->round, ROUND, search->bounds, search->spectrum_count,
                                                       (uint16_t)least);
        if (count == ROUND) {
            uint32_t level = round_bound(search, least);
            count = kernels_active()->list_at_least(search->round, ROUND, search->bounds, search->spectrum_count,
                                                    (uint16_t)level);
            if (count == 0)
                count = kernels_active()->list_at_least(search->round, ROUND, search->bounds, search->spectrum_count,
                                                        (uint16_t)(level - 1));
        }
        if (count == 0) return SPECTRA_OK;
        spectra_status status = compare_round(search, count);
        if (status < 0) return status;
    }
}

static spectra_status search_block(open_search *search, uint32_t block) {
    uint32_t total = search->in->set->count, first = block * DB_POSTING_SPECTRA;
    search->block = block;
    search->spectrum_count = total - first < DB_POSTING_SPECTRA ? total - first : DB_POSTING_SPECTRA;
    search->added = 0;
    search->rest_weight = 0;
    for (uint32_t i = 0; i < search->windows->count; i++) search->rest_weight += search->windows->weight[i];
    memset(search->bounds, 0, DB_POSTING_SPECTRA * sizeof *search->bounds);
    if (!find_ranges(search)) return SPECTRA_E_CORRUPT;
    order_peaks(search);
    add_peaks(search);
    return compare_candidates(search);
}

/* The block around the query's own precursor comes first: what is like it often stands there. */
spectra_status search_open(const search_accurate_set *in, const kernels_windows *windows, uint32_t precursor_uth,
                           search_top *top) {
    open_search search = {.in = in, .windows = windows, .top = top};
    spectra_scratch *scratch = in->run->scratch;
    size_t used = scratch->used;
    spectra_status status = begin(&search, scratch);
    uint32_t nearest = db_lower_bound(in->set, precursor_uth) / DB_POSTING_SPECTRA;
    uint32_t blocks = in->set->by_mz.block_count;
    if (nearest == blocks) nearest = 0;
    if (status == SPECTRA_OK && blocks > 0) status = search_block(&search, nearest);
    for (uint32_t block = 0; status == SPECTRA_OK && block < blocks; block++)
        if (block != nearest) status = search_block(&search, block);
    base_scratch_return(scratch, used);
    return status;
}
