/* SPDX-License-Identifier: Apache-2.0 */
/* Open and hybrid search by postings: an upper bound of every spectrum of a block at once, then the exact score of
   those whose bound can enter the list. Equal to comparing with every spectrum (docs/decisions/0011). */
#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "db/postings.h"
#include "search/accurate.h"
#include "search/entropy_bound.h"

/* Query peaks whose terms are kept through all blocks; those of further ones are made anew in each. */
#define KEPT_TERMS 256u
/* Spectra that are listed together, and of these such as are asked for together before they are compared. */
#define ROUND 512u
#define TOGETHER 8u
/* Postings that are added in the time that one spectrum is compared. */
#define COMPARISON_COST 200u
/* One of so many bounds is looked at to guess how many are large, so many side by side. */
#define SAMPLED 16u
#define SAMPLE 256u
/* Postings that are added in the time that all bounds are looked at, twice over. */
#define LISTING_COST 4096u

/* Postings whose keys lie in [low, high] of a query peak may make a pair with it. */
typedef struct open_list {
    const db_postings *postings;
    bool by_loss;
} open_list;

typedef struct open_peak {
    uint32_t postings; /* in the block at hand, or some more */
    uint32_t priority; /* postings for each unit of weight: those with fewest go first */
    uint32_t peak;
} open_peak;

typedef struct open_search {
    const search_accurate_set *in;
    const kernels_windows *windows;
    search_top *top;
    uint32_t precursor_uth;
    open_list lists[2]; /* by m/z; for hybrid also by neutral loss */
    uint32_t list_count;
    open_peak *peaks;                       /* in the order they are added in */
    uint16_t (*terms)[ENTROPY_BOUND_CODES]; /* of the query's first KEPT_TERMS peaks, and one table more */
    uint16_t *bounds;                       /* of a block's spectra, so far */
    uint16_t *round;                        /* spectra that are compared next */
    uint32_t block, spectrum_count;         /* the block at hand */
    uint32_t added;                         /* peaks whose postings are in the bounds */
    uint32_t rest_weight;                   /* of the others together */
    uint64_t unlisted;                      /* postings added since all bounds were looked at */
    size_t listed;                          /* spectra of the round, where nothing was added since */
    uint32_t nearest;                       /* the block around the query's own precursor */
    uint32_t taken[TOGETHER];               /* spectra that are compared next, best bound first */
    uint32_t reach[TOGETHER];               /* what they come to at the most */
    size_t taken_count;
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

typedef struct key_window {
    uint64_t low, high;
} key_window;

/* What is moved by the difference of the precursors into the window of peak i has a loss in this one. */
static key_window window_of(const open_search *search, const open_list *list, uint32_t i) {
    const uint32_t low = search->windows->low[i], high = search->windows->high[i];
    if (!list->by_loss) return (key_window){low, high};
    return (key_window){db_loss_key(search->precursor_uth, high), db_loss_key(search->precursor_uth, low)};
}

/* The block around the query's own precursor comes first: what is like it often stands there. */
static uint32_t block_at(const open_search *search, uint32_t place) {
    if (place == 0) return search->nearest;
    return place <= search->nearest ? place - 1 : place;
}

/* Memory takes longer than all the rest: what the next blocks read first is asked for while this one is worked at. */
static void expect_block(const open_search *search, uint32_t place, db_posting_part part) {
    if (place >= search->in->set->by_mz.block_count) return;
    for (uint32_t i = 0; i < search->windows->count; i++) {
        for (uint32_t k = 0; k < search->list_count; k++) {
            key_window keys = window_of(search, &search->lists[k], i);
            db_posting_expect(search->lists[k].postings, part, block_at(search, place), keys.low, keys.high);
        }
    }
}

/* 1. About how many postings each query peak has in the block. */
static void count_postings(open_search *search) {
    const kernels_windows *windows = search->windows;
    for (uint32_t i = 0; i < windows->count; i++) {
        uint32_t postings = 0;
        for (uint32_t k = 0; k < search->list_count; k++) {
            key_window keys = window_of(search, &search->lists[k], i);
            postings += db_posting_estimate(search->lists[k].postings, search->block, keys.low, keys.high);
        }
        uint64_t priority = ((uint64_t)postings << 8) / (windows->weight[i] + 1u);
        search->peaks[i] = (open_peak){postings, priority < UINT32_MAX ? (uint32_t)priority : UINT32_MAX, i};
    }
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

/* The postings of the next peak, while those of this one are added. */
static void expect_next(const open_search *search) {
    if (search->added == search->windows->count) return;
    for (uint32_t k = 0; k < search->list_count; k++) {
        key_window keys = window_of(search, &search->lists[k], search->peaks[search->added].peak);
        db_posting_expect(search->lists[k].postings, DB_POSTING_WORDS, search->block, keys.low, keys.high);
    }
}

static bool add_next(open_search *search) {
    const kernels_windows *windows = search->windows;
    const open_peak *peak = &search->peaks[search->added++];
    uint32_t i = peak->peak;
    expect_next(search);
    uint16_t *term = search->terms[i < KEPT_TERMS ? i : KEPT_TERMS];
    if (i >= KEPT_TERMS) entropy_bound_terms(term, windows->weight[i]);
    for (uint32_t k = 0; k < search->list_count; k++) {
        const db_postings *postings = search->lists[k].postings;
        key_window keys = window_of(search, &search->lists[k], i);
        db_range range;
        if (!db_posting_range(&range, postings, search->block, keys.low, keys.high)) return false;
        kernels_add_postings(search->bounds, postings->words + range.first, range.end - range.first, term);
    }
    search->rest_weight -= windows->weight[i];
    search->unlisted += peak->postings;
    search->listed = ROUND;
    return true;
}

/* What the peaks that were not added can lift a spectrum by. */
static uint32_t bound_of_rest(const open_search *search) {
    return entropy_bound_of_rest(search->rest_weight, (uint32_t)(search->windows->count - search->added));
}

/* What the bounds must reach: 0 where even a spectrum that has met nothing yet could enter the list. */
static uint32_t least_bound(const open_search *search) {
    const uint32_t rest = bound_of_rest(search), needed = entropy_bound_for_rank(search_top_least(search->top));
    return needed > rest ? needed - rest : 0;
}

/* About how many bounds reach a level. */
static size_t guess_at_least(const open_search *search, uint32_t level) {
    size_t found = 0;
    for (uint32_t first = 0; first < search->spectrum_count; first += SAMPLED * SAMPLE) {
        uint32_t left = search->spectrum_count - first;
        found +=
            kernels_active()->count_at_least(search->bounds + first, left < SAMPLE ? left : SAMPLE, (uint16_t)level);
    }
    return SAMPLED * found;
}

static size_t list_round(open_search *search, uint32_t level) {
    return kernels_active()->list_at_least(search->round, ROUND, search->bounds, search->spectrum_count,
                                           (uint16_t)level);
}

/* The lowest level that about as many bounds reach as a round takes. */
static uint32_t round_level(const open_search *search, uint32_t least) {
    uint32_t low = least, high = UINT16_MAX;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (guess_at_least(search, middle) > ROUND) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* What is left to compare takes less time than adding another peak: a guess first, as looking at all takes long. */
static bool few_are_left(open_search *search, uint32_t least) {
    uint32_t next = search->peaks[search->added].postings;
    if (search->unlisted < LISTING_COST || guess_at_least(search, least) * COMPARISON_COST > next) return false;
    search->unlisted = 0;
    search->listed = list_round(search, least);
    return search->listed * COMPARISON_COST <= next;
}

/* 3. Strong peaks on few postings first, until the others could not lift a spectrum over a good part of what it needs,
   and few are left. */
static bool add_peaks(open_search *search) {
    search->unlisted = LISTING_COST;
    while (search->added < search->windows->count) {
        uint32_t least = least_bound(search);
        if (4 * least > entropy_bound_for_rank(search_top_least(search->top)) && few_are_left(search, least)) break;
        if (!add_next(search)) return false;
    }
    return true;
}

/* Takes spectra that can still enter out of a round and out of the block, best bound first. */
static void take_best(open_search *search, size_t *left) {
    const uint32_t least = least_bound(search), rest = bound_of_rest(search);
    search->taken_count = 0;
    while (search->taken_count<TOGETHER && * left> 0) {
        size_t first = 0;
        for (size_t i = 1; i < *left; i++)
            if (search->bounds[search->round[i]] > search->bounds[search->round[first]]) first = i;
        uint16_t *bound = &search->bounds[search->round[first]];
        if (*bound < least) break;
        search->taken[search->taken_count] = search->block * DB_POSTING_SPECTRA + search->round[first];
        search->reach[search->taken_count++] = *bound + rest;
        search->round[first] = search->round[--*left];
        *bound = 0;
    }
    for (size_t k = 0; k < search->taken_count; k++) db_expect_spectrum(search->in->set, search->taken[k]);
}

static void expect_taken(const open_search *search) {
    for (size_t k = 0; k < search->taken_count; k++) search_accurate_expect(search->in, search->taken[k]);
}

static spectra_status compare_taken(open_search *search) {
    spectra_status status = SPECTRA_OK;
    for (size_t k = 0; status == SPECTRA_OK && k < search->taken_count; k++) {
        if (search->reach[k] < entropy_bound_for_rank(search_top_least(search->top))) break;
        status = search_accurate_compare(search->in, search->taken[k], search->top);
    }
    search->taken_count = 0;
    return status;
}

/* The last few are left until memory has them, which is in the next block. */
static spectra_status compare_round(open_search *search, size_t count, bool last) {
    spectra_status status = SPECTRA_OK;
    for (bool more = true; status == SPECTRA_OK && more;) {
        take_best(search, &count);
        more = search->taken_count == TOGETHER;
        if (last && !more) break;
        expect_taken(search);
        status = compare_taken(search);
    }
    return status;
}

/* 4. All that can still enter the list. */
static spectra_status compare_candidates(open_search *search) {
    spectra_status status = SPECTRA_OK;
    for (bool all = false; status == SPECTRA_OK && !all;) {
        uint32_t least = least_bound(search);
        size_t count = search->listed < ROUND ? search->listed : list_round(search, least);
        search->listed = ROUND;
        all = count < ROUND;
        if (!all) {
            size_t best = list_round(search, round_level(search, least));
            count = best > 0 ? best : list_round(search, least);
        }
        status = compare_round(search, count, all);
    }
    return status;
}

static spectra_status search_block(open_search *search, uint32_t block) {
    uint32_t total = search->in->set->count, first = block * DB_POSTING_SPECTRA;
    search->block = block;
    search->spectrum_count = total - first < DB_POSTING_SPECTRA ? total - first : DB_POSTING_SPECTRA;
    search->added = 0;
    search->listed = ROUND;
    search->rest_weight = 0;
    for (uint32_t i = 0; i < search->windows->count; i++) search->rest_weight += search->windows->weight[i];
    memset(search->bounds, 0, DB_POSTING_SPECTRA * sizeof *search->bounds);
    expect_taken(search); /* of the block before */
    count_postings(search);
    order_peaks(search);
    spectra_status status = compare_taken(search);
    if (status < 0) return status;
    return add_peaks(search) ? compare_candidates(search) : SPECTRA_E_CORRUPT;
}

spectra_status search_open(const search_accurate_set *in, const kernels_windows *windows, uint32_t precursor_uth,
                           bool hybrid, search_top *top) {
    open_search search = {.in = in,
                          .windows = windows,
                          .top = top,
                          .precursor_uth = precursor_uth,
                          .lists = {{&in->set->by_mz, false}, {&in->set->by_loss, true}},
                          .list_count = hybrid ? 2 : 1};
    spectra_scratch *scratch = in->run->scratch;
    size_t used = scratch->used;
    spectra_status status = begin(&search, scratch);
    uint32_t blocks = in->set->by_mz.block_count;
    search.nearest = db_lower_bound(in->set, precursor_uth) / DB_POSTING_SPECTRA;
    if (search.nearest == blocks) search.nearest = 0;
    expect_block(&search, 0, DB_POSTING_OFFSETS);
    expect_block(&search, 1, DB_POSTING_OFFSETS);
    expect_block(&search, 0, DB_POSTING_EDGES);
    for (uint32_t place = 0; status == SPECTRA_OK && place < blocks; place++) {
        expect_block(&search, place + 2, DB_POSTING_OFFSETS);
        expect_block(&search, place + 1, DB_POSTING_EDGES);
        status = search_block(&search, block_at(&search, place));
    }
    if (status == SPECTRA_OK) status = compare_taken(&search);
    base_scratch_return(scratch, used);
    return status;
}
