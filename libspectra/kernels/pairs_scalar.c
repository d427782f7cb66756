/* SPDX-License-Identifier: Apache-2.0 */
/* Which peaks of two spectra of accurate m/z make a pair, and what the pairs sum to. The specification, like
   kernels_scalar.c: m/z out of order or beyond any window make other pairs, never a step outside the arrays. */
#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "base/fixed.h"
#include "kernels/kernels.h"

#define COUNT_MAX 65535u

void kernels_unpair(uint32_t *pairs, size_t count) {
    for (size_t i = 0; i < count; i++) pairs[i] = KERNELS_ALONE;
}

/* Earlier pairs ascend in both spectra; those made here end before j. So `earlier` finds the next partner taken. */
uint32_t kernels_pair_scalar(uint32_t *pairs, const kernels_windows *query, const kernels_accurate *reference,
                             int64_t shift) {
    uint32_t made = 0;
    size_t j = 0, earlier = 0;
    for (size_t i = 0; i < query->count; i++) {
        if (pairs[i] != KERNELS_ALONE) continue;
        for (; j < reference->count; j++) {
            while (earlier < query->count && (pairs[earlier] == KERNELS_ALONE || pairs[earlier] < j)) earlier++;
            bool taken = earlier < query->count && pairs[earlier] == j;
            if (!taken && reference->mz_uth[j] + shift >= query->low[i]) break;
        }
        if (j == reference->count) break;
        if (reference->mz_uth[j] + shift > query->high[i]) continue;
        pairs[i] = (uint32_t)j++;
        made++;
    }
    return made;
}

/* Greedy pairs: `best` is each query peak's strongest partner when it was last looked for, and no partner that is still
   free is stronger. */
typedef struct greedy {
    const kernels_windows *query;
    const kernels_accurate *reference;
    int64_t shift;
    uint32_t *best;
    uint8_t *taken; /* a bit for each reference peak */
} greedy;

static bool is_taken(const greedy *g, size_t j) {
    return g->taken[j / 8] >> (j % 8) & 1;
}

static size_t first_from(const kernels_accurate *reference, int64_t mz_uth) {
    size_t low = 0, high = reference->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (reference->mz_uth[middle] < mz_uth)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The strongest free peak of the window moved by −shift, or `best` where that is stronger; ties to the lower index. */
static uint32_t strongest(const greedy *g, size_t i, int64_t shift, uint32_t best) {
    const kernels_accurate *reference = g->reference;
    const int64_t low = g->query->low[i] - shift, high = g->query->high[i] - shift;
    for (size_t j = first_from(reference, low); j < reference->count && reference->mz_uth[j] <= high; j++) {
        if (is_taken(g, j)) continue;
        if (best == KERNELS_ALONE || reference->weight[j] > reference->weight[best] ||
            (reference->weight[j] == reference->weight[best] && j < best))
            best = (uint32_t)j;
    }
    return best;
}

static void look_for(const greedy *g, size_t i) {
    g->best[i] = strongest(g, i, g->shift, strongest(g, i, 0, KERNELS_ALONE));
}

/* The query peak with the largest product, the first of equals; query->count where none has a partner left. */
static size_t next_pair(const greedy *g) {
    size_t next = g->query->count;
    uint32_t largest = 0;
    for (size_t i = 0; i < g->query->count; i++) {
        if (g->best[i] == KERNELS_ALONE) continue;
        uint32_t product = (uint32_t)g->query->weight[i] * g->reference->weight[g->best[i]];
        if (next < g->query->count && product <= largest) continue;
        next = i;
        largest = product;
    }
    return next;
}

uint32_t kernels_pair_greedy_scalar(uint32_t *pairs, const kernels_windows *query, const kernels_accurate *reference,
                                    int64_t shift, const kernels_greedy_room *room) {
    const greedy g = {query, reference, shift, room->best, room->taken};
    assert(query->count <= COUNT_MAX && reference->count <= COUNT_MAX);
    uint32_t made = 0;
    memset(g.taken, 0, KERNELS_TAKEN_SIZE(reference->count));
    kernels_unpair(pairs, query->count);
    for (size_t i = 0; i < query->count; i++) look_for(&g, i);
    for (size_t i; (i = next_pair(&g)) < query->count;) {
        uint32_t j = g.best[i];
        if (is_taken(&g, j)) {
            look_for(&g, i);
            continue;
        }
        g.taken[j / 8] = (uint8_t)(g.taken[j / 8] | 1u << (j % 8));
        g.best[i] = KERNELS_ALONE;
        pairs[i] = j;
        made++;
    }
    return made;
}

/* A product is below 2^32, 65535 of them below 2^48. */
uint64_t kernels_dot_scalar(const uint32_t *pairs, const kernels_windows *query, const kernels_accurate *reference) {
    assert(query->count <= COUNT_MAX);
    uint64_t sum = 0;
    for (size_t i = 0; i < query->count; i++)
        if (pairs[i] != KERNELS_ALONE) sum += (uint64_t)query->weight[i] * reference->weight[pairs[i]];
    return sum;
}

uint64_t kernels_squares_scalar(const uint16_t *weight, size_t count) {
    assert(count <= COUNT_MAX);
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) sum += (uint64_t)weight[i] * weight[i];
    return sum;
}

/* As kernels_entropy_scalar sums its own pairs. */
uint32_t kernels_entropy_of_pairs_scalar(const uint32_t *pairs, const kernels_windows *query,
                                         const kernels_accurate *reference) {
    uint64_t sum = 0;
    for (size_t i = 0; i < query->count; i++) {
        if (pairs[i] == KERNELS_ALONE) continue;
        uint32_t a = query->weight[i], b = reference->weight[pairs[i]];
        sum += base_entropy_table[a + b] - base_entropy_table[a] - base_entropy_table[b];
    }
    return sum < KERNELS_ENTROPY_FULL ? (uint32_t)sum : KERNELS_ENTROPY_FULL;
}

void kernels_mark_cells(kernels_cells *out, const kernels_windows *query) {
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < query->count; i++) {
        uint32_t cell = query->low[i] >> KERNELS_CELL_BITS, last = query->high[i] >> KERNELS_CELL_BITS;
        if (last > cell && last - cell >= KERNELS_CELLS) last = cell + KERNELS_CELLS - 1;
        for (; cell <= last; cell++) out->word[cell / 32 % (KERNELS_CELLS / 32)] |= UINT32_C(1) << cell % 32;
    }
}

static bool is_marked(const kernels_cells *cells, uint32_t mz_uth) {
    uint32_t cell = mz_uth >> KERNELS_CELL_BITS;
    return cells->word[cell / 32 % (KERNELS_CELLS / 32)] >> cell % 32 & 1;
}

/* As kernels_entropy_scalar, from the reference's side: most of its peaks stand in no window. */
static uint32_t entropy_sum(const kernels_windows *query, const kernels_accurate *reference,
                            const kernels_cells *cells) {
    uint64_t sum = 0;
    size_t i = 0;
    for (size_t j = 0; j < reference->count; j++) {
        uint32_t mz_uth = reference->mz_uth[j];
        if (!is_marked(cells, mz_uth)) continue;
        while (i < query->count && query->high[i] < mz_uth) i++;
        if (i == query->count) break;
        if (query->low[i] > mz_uth) continue;
        uint32_t a = query->weight[i++], b = reference->weight[j];
        sum += base_entropy_table[a + b] - base_entropy_table[a] - base_entropy_table[b];
    }
    return sum < KERNELS_ENTROPY_FULL ? (uint32_t)sum : KERNELS_ENTROPY_FULL;
}

void kernels_entropy_sums_scalar(uint32_t *sums, const kernels_accurate_run *run, const kernels_windows *query,
                                 const kernels_cells *cells) {
    for (size_t i = 0; i < run->count; i++) {
        const uint32_t first = run->first[i];
        const kernels_accurate reference = {run->mz_uth + first, run->weight + first, run->first[i + 1] - first};
        sums[i] = entropy_sum(query, &reference, cells);
    }
}
