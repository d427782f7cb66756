/* SPDX-License-Identifier: Apache-2.0 */
/* The kernels as they are specified: integers on plain arrays. Every sum is unsigned, and no content of the arrays
   makes one overflow while they have at most 65535 peaks; README.md beside this file gives formulas and sources. */
#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "base/fixed.h"
#include "kernels/kernels.h"

#define ONE (UINT32_C(1) << 30)
#define COUNT_MAX 65535u

/* A product has 24 bits, 65535 of them 40. */
static void nominal_dots_scalar(uint64_t sums[2], const uint16_t *nominal, const uint16_t *root, const uint16_t *weight,
                                size_t count, const uint32_t *cell) {
    uint64_t a = 0, b = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t both = cell[nominal[i] & KERNELS_NOMINAL_MASK];
        a += (both & 0xffff) * ((uint32_t)root[i] >> 4);
        b += (both >> 16) * (weight[i] & KERNELS_NOMINAL_MASK);
    }
    sums[0] = a;
    sums[1] = b;
}

void kernels_cosine_bounds_scalar(const kernels_bounds *out, const kernels_run *run, const kernels_codes *query) {
    for (size_t i = 0; i < run->count; i++) {
        uint32_t dot = 0, below = 0;
        for (uint32_t k = run->first[i]; k < run->first[i + 1]; k++) {
            uint32_t mz = run->nominal[k] & KERNELS_NOMINAL_MASK;
            uint32_t c = (run->value[k] >> (5 + run->detail) & 127u) + 1;
            dot += query->code[mz] * c;
            if (mz < run->start) below += c * (c < 127 ? c : 127);
        }
        out->dot[i] = dot;
        out->below[i] = below;
    }
}

void kernels_match_bounds_scalar(const kernels_bounds *out, const kernels_run *run, const kernels_codes *query) {
    bool before = false;
    uint8_t rank = 0;
    for (size_t i = 0; i < run->count; i++) {
        uint32_t dot = 0, norm = 0, common = 0, adjacent = 0;
        for (uint32_t k = run->first[i]; k < run->first[i + 1]; k++) {
            uint32_t mz = run->nominal[k] & KERNELS_NOMINAL_MASK, value = run->value[k];
            bool paired = query->code[mz] > 0, counted = value > KERNELS_COUNTED_ROOT;
            dot += query->code[mz] * ((value >> 9) + 1);
            if (counted && mz >= run->start) norm += (mz >> 2 < 127 ? mz >> 2 : 127) * (value * value >> 24);
            common += counted && paired;
            if (!counted && !paired) continue;
            adjacent += before && paired && (uint8_t)(query->rank[mz] - rank) <= 1;
            before = paired;
            if (paired) rank = query->rank[mz];
        }
        out->dot[i] = dot;
        out->norm[i] = norm;
        out->common[i] = common;
        out->adjacent[i] = adjacent;
    }
}

static size_t count_at_least_scalar(const uint16_t *values, size_t count, uint16_t least) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) found += values[i] >= least;
    return found;
}

static size_t list_at_least_scalar(uint16_t *out, size_t capacity, const uint16_t *values, size_t count,
                                   uint16_t least) {
    size_t found = 0;
    for (size_t i = 0; i < count && found < capacity; i++)
        if (values[i] >= least) out[found++] = (uint16_t)i;
    return found;
}

static uint64_t tile_reaches_scalar(const uint8_t *tile, const kernels_groups *query, uint32_t factor,
                                    const uint32_t limit[KERNELS_TILE]) {
    uint32_t dot[KERNELS_TILE] = {0};
    for (size_t k = 0; k < query->count; k++) {
        const uint8_t *column = tile + (size_t)query->group[k] * KERNELS_TILE * 4;
        for (uint32_t s = 0; s < KERNELS_TILE; s++)
            for (uint32_t r = 0; r < 4; r++) dot[s] += (query->code[k] >> 8 * r & 255u) * column[4 * s + r];
    }
    uint64_t reached = 0;
    for (uint32_t s = 0; s < KERNELS_TILE; s++)
        reached |= (uint64_t)(dot[s] > (uint32_t)((uint64_t)factor * limit[s] >> 32)) << s;
    return reached;
}

const kernels_table kernels_scalar = {"scalar",
                                      nominal_dots_scalar,
                                      kernels_cosine_bounds_scalar,
                                      kernels_match_bounds_scalar,
                                      count_at_least_scalar,
                                      list_at_least_scalar,
                                      kernels_entropy_sums_scalar,
                                      tile_reaches_scalar};

void kernels_add_postings(uint16_t *bounds, const uint32_t *postings, size_t count, const uint16_t *term) {
    for (size_t i = 0; i < count; i++) {
        uint16_t *bound = &bounds[postings[i] >> 8 & 0xffff];
        uint32_t sum = *bound + (uint32_t)term[postings[i] & 0xff];
        *bound = (uint16_t)(sum < UINT16_MAX ? sum : UINT16_MAX);
    }
}

/* a + b <= 131070 is inside the table; a term is below 2^25, 65535 of them below 2^41. Rounded entries can lift the sum
   of equal spectra above full scale by a unit or two a pair, lying weights by more: it is cut there. */
uint32_t kernels_entropy_scalar(const kernels_windows *query, const kernels_accurate *reference, uint32_t *matched,
                                uint32_t *pairs) {
    uint64_t sum = 0;
    uint32_t pair_count = 0;
    size_t j = 0;
    for (size_t i = 0; i < query->count; i++) {
        while (j < reference->count && reference->mz_uth[j] < query->low[i]) j++;
        int paired = j < reference->count && reference->mz_uth[j] <= query->high[i];
        if (pairs) pairs[i] = paired ? (uint32_t)j : UINT32_MAX;
        if (!paired) continue;
        uint32_t a = query->weight[i], b = reference->weight[j];
        sum += base_entropy_table[a + b] - base_entropy_table[a] - base_entropy_table[b];
        pair_count++;
        j++;
    }
    *matched = pair_count;
    return sum < KERNELS_ENTROPY_FULL ? (uint32_t)sum : KERNELS_ENTROPY_FULL;
}

/* Two spectra side by side. Peaks out of order make no pair; every step moves on in one of them at least. */
typedef struct peak_walk {
    const kernels_nominal *query, *reference;
    size_t i, j;
} peak_walk;

/* One m/z of the two: roots, 0 where a spectrum has no peak. */
typedef struct peak_step {
    uint32_t mz, query, reference;
} peak_step;

#define END 65536u /* beyond every nominal m/z */

static uint32_t mz_at(const kernels_nominal *spectrum, size_t i) {
    return i < spectrum->count ? spectrum->nominal[i] : END;
}

static size_t first_from(const kernels_nominal *spectrum, uint32_t start) {
    size_t i = 0;
    while (i < spectrum->count && spectrum->nominal[i] < start) i++;
    return i;
}

static peak_walk walk_from(const kernels_nominal *query, const kernels_nominal *reference, uint32_t start) {
    assert(query->count <= COUNT_MAX && reference->count <= COUNT_MAX);
    return (peak_walk){query, reference, first_from(query, start), first_from(reference, start)};
}

static bool next_step(peak_step *out, peak_walk *walk) {
    uint32_t query_mz = mz_at(walk->query, walk->i), reference_mz = mz_at(walk->reference, walk->j);
    *out = (peak_step){query_mz < reference_mz ? query_mz : reference_mz, 0, 0};
    if (out->mz == END) return false;
    if (query_mz == out->mz) out->query = walk->query->root[walk->i++];
    if (reference_mz == out->mz) out->reference = walk->reference->root[walk->j++];
    return true;
}

/* min(r, 1/r) in Q30 of r = (query / reference) / (the same at the common peak before); no root is 0. */
static uint64_t ratio_of(const peak_step *now, const peak_step *before) {
    uint64_t a = (uint64_t)now->query * before->reference, b = (uint64_t)now->reference * before->query;
    return a < b ? (a << 30) / b : (b << 30) / a;
}

/* (Σ ab)² / (Σ a² · Σ b²) in Q30. By Cauchy and Schwarz it is at most 1, and the inner quotient at most the larger
   norm: that is above 2^22 wherever a peak is counted, so that what the inner quotient cuts off stays below 2^-22. */
static uint32_t cosine_squared(uint64_t both, uint64_t norm_a, uint64_t norm_b) {
    if (both == 0) return 0;
    uint64_t smaller = norm_a < norm_b ? norm_a : norm_b;
    uint64_t larger = norm_a < norm_b ? norm_b : norm_a;
    return (uint32_t)base_multiply_divide(base_multiply_divide(both, both, smaller), ONE, larger);
}

/* Σ over counted peaks. m/z, root and number of peaks have 16 bits each: Σ m·root² <= 65535^4 < 2^64. */
typedef struct match_sums {
    uint64_t query, query_common, reference, both;     /* w² = m·I: m·root² */
    uint64_t plain_query, plain_reference, plain_both; /* w² = I: root² */
    uint64_t ratios, ratio_weight;                     /* Σ m·min(r, 1/r) in Q30 < 2^62, Σ m */
    uint32_t common, ratio_count;                      /* N1, N2 */
} match_sums;

static void add_counted(match_sums *sums, const peak_step *now) {
    uint64_t query = (uint64_t)now->query * now->query, reference = (uint64_t)now->reference * now->reference;
    sums->query += now->mz * query;
    sums->reference += now->mz * reference;
    sums->plain_query += query;
    sums->plain_reference += reference;
}

static void add_common(match_sums *sums, const peak_step *now) {
    uint64_t both = (uint64_t)now->query * now->reference;
    sums->query_common += now->mz * ((uint64_t)now->query * now->query);
    sums->both += now->mz * both;
    sums->plain_both += both;
    sums->common++;
}

static void add_ratio(match_sums *sums, const peak_step *now, const peak_step *before) {
    sums->ratios += now->mz * ratio_of(now, before);
    sums->ratio_weight += now->mz;
    sums->ratio_count++;
}

/* A counted peak without a partner breaks the chain of ratios: `before` has then no roots. */
static void sum_counted(match_sums *sums, peak_walk *walk) {
    peak_step now, before = {0, 0, 0};
    while (next_step(&now, walk)) {
        if (now.query <= KERNELS_COUNTED_ROOT && now.reference <= KERNELS_COUNTED_ROOT) continue;
        add_counted(sums, &now);
        if (now.query == 0 || now.reference == 0) {
            before = (peak_step){0, 0, 0};
            continue;
        }
        add_common(sums, &now);
        if (before.query != 0) add_ratio(sums, &now, &before);
        before = now;
    }
}

/* (F_D·N1 + F_R·N2) / (N1 + N2). */
static uint32_t composite(const match_sums *sums, uint32_t dot) {
    if (sums->common == 0) return 0;
    uint64_t ratio = sums->ratio_weight ? sums->ratios / sums->ratio_weight : 0;
    uint64_t sum = (uint64_t)dot * sums->common + ratio * sums->ratio_count;
    return (uint32_t)(sum / (sums->common + sums->ratio_count));
}

/* m/z of the first peak that is there at all, END where there is none. */
static uint32_t first_mz(const kernels_nominal *spectrum) {
    size_t i = 0;
    while (i < spectrum->count && spectrum->root[i] == 0) i++;
    return mz_at(spectrum, i);
}

void kernels_match_factor_scalar(kernels_match *out, const kernels_nominal *query, const kernels_nominal *reference) {
    uint32_t query_first = first_mz(query), reference_first = first_mz(reference);
    peak_walk walk = walk_from(query, reference, query_first > reference_first ? query_first : reference_first);
    match_sums sums = {0};
    sum_counted(&sums, &walk);
    out->match_factor = composite(&sums, cosine_squared(sums.both, sums.query, sums.reference));
    out->reverse_match_factor = composite(&sums, cosine_squared(sums.both, sums.query_common, sums.reference));
    out->similarity = cosine_squared(sums.plain_both, sums.plain_query, sums.plain_reference);
    out->matched = sums.common;
}

/* Two spectra, dense, while peaks move: sums as in match_sums, of roots. */
typedef struct hybrid_state {
    const kernels_hybrid_room *room;
    uint32_t start;
    int32_t delta;
    uint64_t query, query_common, reference, both;
    uint32_t common;
} hybrid_state;

/* The integer of 999 that a root comes from: roots of neighbours differ by more than 32. */
static uint32_t intensity_of(uint32_t root) {
    return (uint32_t)(((uint64_t)root * root * 999 + UINT64_C(65535) * 65535 / 2) / (UINT64_C(65535) * 65535));
}

/* Gives the reference `intensity` at an m/z and keeps the sums true. */
static void set_intensity(hybrid_state *s, uint32_t mz, uint32_t intensity) {
    const kernels_hybrid_room *room = s->room;
    const uint64_t query = room->query[mz], old = base_root_table[room->reference[mz]],
                   now = base_root_table[intensity];
    const bool was_common = query > 0 && old > 0, is_common = query > 0 && now > 0;
    s->reference += now * now - old * old;
    s->both += query * now - query * old;
    s->query_common += (is_common ? query * query : 0) - (was_common ? query * query : 0);
    s->common += (uint32_t)is_common - (uint32_t)was_common;
    room->reference[mz] = (uint16_t)intensity;
}

/* What counts is as in the match factor. m/z that do not ascend, or lie beyond the cells, are left out. */
static void spread(hybrid_state *s, const kernels_nominal *query, const kernels_nominal *reference) {
    peak_walk walk = walk_from(query, reference, s->start);
    peak_step now;
    uint32_t last = 0;
    memset(s->room->query, 0, KERNELS_NOMINAL_CELLS * sizeof *s->room->query);
    memset(s->room->reference, 0, KERNELS_NOMINAL_CELLS * sizeof *s->room->reference);
    while (next_step(&now, &walk)) {
        if (now.mz <= last || now.mz > KERNELS_NOMINAL_MASK) continue;
        last = now.mz;
        if (now.query <= KERNELS_COUNTED_ROOT && now.reference <= KERNELS_COUNTED_ROOT) continue;
        s->room->query[now.mz] = (uint16_t)now.query;
        s->query += (uint64_t)now.query * now.query;
        set_intensity(s, now.mz, intensity_of(now.reference));
    }
}

/* Where a peak would be moved to: 0 where it would leave the range, or the query has nothing for it there. */
static uint32_t target_of(const hybrid_state *s, uint32_t mz) {
    int64_t target = (int64_t)mz + s->delta;
    if (target < s->start || target > KERNELS_NOMINAL_MASK || target == mz) return 0;
    return s->room->query[target] > 0 ? (uint32_t)target : 0;
}

/* What the reference has above the query, the largest first and of equals the lowest m/z: residual << 16 | ~m/z. */
static size_t order_residuals(const hybrid_state *s, const kernels_nominal *reference) {
    uint32_t *order = s->room->order;
    uint32_t last = 0;
    size_t count = 0;
    for (size_t i = 0; i < reference->count; i++) {
        uint32_t mz = reference->nominal[i];
        if (mz <= last || mz > KERNELS_NOMINAL_MASK) continue;
        last = mz;
        uint32_t have = s->room->reference[mz], wanted = intensity_of(s->room->query[mz]);
        if (have <= wanted || target_of(s, mz) == 0) continue;
        uint32_t key = (have - wanted) << 16 | (UINT16_MAX - mz);
        size_t place = count++;
        for (; place > 0 && order[place - 1] < key; place--) order[place] = order[place - 1];
        order[place] = key;
    }
    return count;
}

/* Σ of the products at two m/z; nothing else changes by a move, for the sum of intensities stays. */
static uint64_t products_at(const hybrid_state *s, uint32_t a, uint32_t b, uint32_t intensity_a, uint32_t intensity_b) {
    const kernels_hybrid_room *room = s->room;
    return (uint64_t)room->query[a] * base_root_table[intensity_a] +
           (uint64_t)room->query[b] * base_root_table[intensity_b];
}

static void move_where_better(hybrid_state *s, uint32_t key) {
    const uint16_t *reference = s->room->reference;
    uint32_t residual = key >> 16, mz = UINT16_MAX - (key & 0xffff), target = target_of(s, mz);
    uint32_t from = reference[mz], to = reference[target];
    assert(from >= residual && to + residual <= 2 * 999); /* nothing was moved to `to` before: it has one source */
    if (products_at(s, mz, target, from - residual, to + residual) <= products_at(s, mz, target, from, to)) return;
    set_intensity(s, mz, from - residual);
    set_intensity(s, target, to + residual);
}

void kernels_hybrid_scalar(kernels_hybrid *out, const kernels_nominal *query, const kernels_nominal *reference,
                           int32_t delta_da, const kernels_hybrid_room *room) {
    uint32_t query_first = first_mz(query), reference_first = first_mz(reference);
    hybrid_state s = {.room = room, .delta = delta_da};
    s.start = query_first > reference_first ? query_first : reference_first;
    spread(&s, query, reference);
    size_t count = order_residuals(&s, reference);
    for (size_t i = 0; i < count; i++) move_where_better(&s, room->order[i]);
    out->score = cosine_squared(s.both, s.query, s.reference);
    out->reverse_score = cosine_squared(s.both, s.query_common, s.reference);
    out->matched = s.common;
}

uint32_t kernels_ratio_scalar(const kernels_nominal *query, const kernels_nominal *reference, uint32_t start,
                              uint32_t *common) {
    peak_walk walk = walk_from(query, reference, start);
    peak_step now, before = {0, 0, 0};
    uint64_t ratios = 0;
    *common = 0;
    while (next_step(&now, &walk)) {
        if (now.query == 0 || now.reference == 0) continue;
        if ((*common)++ > 0) ratios += ratio_of(&now, &before);
        before = now;
    }
    return *common > 1 ? (uint32_t)(ratios / (*common - 1)) : 0;
}
