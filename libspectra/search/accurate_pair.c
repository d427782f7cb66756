/* SPDX-License-Identifier: Apache-2.0 */
/* Scores of two spectra of accurate m/z: which peaks make a pair, and what the pairs come to. */
#include <assert.h>

#include "base/memory.h"
#include "peaks/peaks.h"
#include "search/pair.h"
#include "search/search.h"

#define REFERENCE_MAX 65535u

size_t search_accurate_begin_required(size_t peak_count) {
    return 4 * base_scratch_cost(peak_count, sizeof(uint32_t)) + base_scratch_cost(peak_count, sizeof(uint16_t)) +
           base_scratch_cost(KERNELS_TAKEN_SIZE(REFERENCE_MAX), 1);
}

spectra_status search_accurate_begin(search_accurate_query *out, const spectra_prepared *prepared,
                                     spectra_measure measure, const spectra_tolerance *tolerance,
                                     spectra_scratch *scratch) {
    uint32_t count = prepared->count;
    uint32_t *low = base_scratch_take(scratch, count, sizeof *low);
    uint32_t *high = base_scratch_take(scratch, count, sizeof *high);
    *out = (search_accurate_query){.measure = measure, .precursor_uth = prepared->precursor_uth};
    out->pairs = base_scratch_take(scratch, count, sizeof *out->pairs);
    out->kept = base_scratch_take(scratch, count, sizeof *out->kept);
    out->room.best = base_scratch_take(scratch, count, sizeof *out->room.best);
    out->room.taken = base_scratch_take(scratch, KERNELS_TAKEN_SIZE(REFERENCE_MAX), 1);
    if (!low || !high || !out->pairs || !out->kept || !out->room.best || !out->room.taken) return SPECTRA_E_MEMORY;
    peaks_windows(low, high, prepared->mz_uth, count, tolerance);
    out->windows = (kernels_windows){low, high, prepared->weight, count};
    if (search_compares_roots(measure)) out->windows.weight = prepared->root;
    out->norm = search_root(kernels_squares_scalar(out->windows.weight, count));
    return SPECTRA_OK;
}

uint32_t search_entropy_score(uint32_t sum) {
    return (uint32_t)(((uint64_t)sum << 30) / KERNELS_ENTROPY_FULL);
}

static uint32_t cosine_score(const search_accurate_query *query, const kernels_accurate *reference, uint32_t norm) {
    uint64_t dot = kernels_dot_scalar(query->pairs, &query->windows, reference);
    return search_cosine(dot, norm, search_root(kernels_squares_scalar(reference->weight, reference->count)));
}

/* A reference peak that matches at its place is not moved as well. */
static uint32_t pair_hybrid(const search_accurate_query *query, const kernels_accurate *reference, int64_t shift) {
    uint32_t direct = kernels_pair_scalar(query->pairs, &query->windows, reference, 0);
    return direct + kernels_pair_scalar(query->pairs, &query->windows, reference, shift);
}

static uint32_t pair(const search_accurate_query *query, const kernels_accurate *reference, int64_t shift) {
    kernels_unpair(query->pairs, query->windows.count);
    switch (query->measure) {
    case SPECTRA_MEASURE_COSINE:
        return kernels_pair_scalar(query->pairs, &query->windows, reference, 0);
    case SPECTRA_MEASURE_MODIFIED_COSINE:
        return kernels_pair_greedy_scalar(query->pairs, &query->windows, reference, shift, &query->room);
    case SPECTRA_MEASURE_NEUTRAL_LOSS:
        return kernels_pair_scalar(query->pairs, &query->windows, reference, shift);
    default:
        assert(query->measure == SPECTRA_MEASURE_HYBRID);
        return pair_hybrid(query, reference, shift);
    }
}

uint32_t search_accurate_score(const search_accurate_query *query, const kernels_accurate *reference,
                               uint32_t precursor_uth, uint32_t *matched) {
    if (query->measure == SPECTRA_MEASURE_ENTROPY)
        return search_entropy_score(kernels_entropy_scalar(&query->windows, reference, matched, query->pairs));
    *matched = pair(query, reference, (int64_t)query->precursor_uth - precursor_uth);
    if (search_compares_roots(query->measure)) return cosine_score(query, reference, query->norm);
    return search_entropy_score(kernels_entropy_of_pairs_scalar(query->pairs, &query->windows, reference));
}

/* The weights of the matched peaks are brought back to a sum of 65535, rounded down one by one. */
static uint32_t reverse_entropy(const search_accurate_query *query, const kernels_accurate *reference) {
    kernels_windows kept = query->windows;
    uint64_t total = 0;
    for (size_t i = 0; i < kept.count; i++)
        if (query->pairs[i] != KERNELS_ALONE) total += kept.weight[i];
    if (total == 0) return 0;
    for (size_t i = 0; i < kept.count; i++) query->kept[i] = (uint16_t)((uint64_t)kept.weight[i] * 65535 / total);
    kept.weight = query->kept;
    return search_entropy_score(kernels_entropy_of_pairs_scalar(query->pairs, &kept, reference));
}

uint32_t search_accurate_reverse(const search_accurate_query *query, const kernels_accurate *reference) {
    if (!search_compares_roots(query->measure)) return reverse_entropy(query, reference);
    uint64_t squares = 0;
    for (size_t i = 0; i < query->windows.count; i++) {
        uint64_t root = query->pairs[i] == KERNELS_ALONE ? 0 : query->windows.weight[i];
        squares += root * root;
    }
    return cosine_score(query, reference, search_root(squares));
}
