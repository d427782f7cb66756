/* SPDX-License-Identifier: Apache-2.0 */
/* Scores of two spectra of nominal m/z. */
#include <assert.h>
#include <string.h>

#include "base/fixed.h"
#include "base/memory.h"
#include "search/pair.h"

#define CELLS KERNELS_NOMINAL_CELLS

size_t search_nominal_begin_required(void) {
    return 3 * base_scratch_cost(CELLS + 1, sizeof(uint32_t)) + 2 * base_scratch_cost(CELLS, sizeof(uint16_t)) +
           2 * base_scratch_cost(CELLS, sizeof(uint32_t)) + 2 * base_scratch_cost(CELLS, sizeof(uint64_t));
}

uint32_t search_root(uint64_t squares) {
    assert(squares < (uint64_t)1 << 48);
    return base_sqrt(squares << 16);
}

uint32_t search_cosine(uint64_t dot, uint32_t root_a, uint32_t root_b) {
    uint64_t norms = (uint64_t)root_a * root_b; /* in 2^-16 */
    if (norms == 0) return 0;
    unsigned shift = 0;
    while (norms >> shift >= (uint64_t)1 << 33) shift++;
    assert(dot < (uint64_t)1 << 48);
    uint64_t numerator = dot << 16 >> shift;
    uint64_t denominator = norms >> shift;
    return numerator >= denominator ? SPECTRA_SCORE_ONE : (uint32_t)((numerator << 30) / denominator);
}

static bool take_arrays(search_nominal_query *out, spectra_scratch *scratch) {
    out->cell = base_scratch_take(scratch, CELLS + 1, sizeof *out->cell);
    out->root_norm = base_scratch_take(scratch, CELLS + 1, sizeof *out->root_norm);
    out->weighted_norm = base_scratch_take(scratch, CELLS + 1, sizeof *out->weighted_norm);
    out->query_weight = base_scratch_take(scratch, CELLS, sizeof *out->query_weight);
    out->reference_weight = base_scratch_take(scratch, CELLS, sizeof *out->reference_weight);
    out->query_mz = base_scratch_take(scratch, CELLS, sizeof *out->query_mz);
    out->reference_mz = base_scratch_take(scratch, CELLS, sizeof *out->reference_mz);
    out->value = base_scratch_take(scratch, CELLS, sizeof *out->value);
    out->work = base_scratch_take(scratch, CELLS, sizeof *out->work);
    return out->cell && out->root_norm && out->weighted_norm && out->query_weight && out->reference_weight &&
           out->query_mz && out->reference_mz && out->value && out->work;
}

static void sum_norms(const search_nominal_query *query) {
    uint64_t roots = 0, weights = 0;
    uint32_t root_norm = 0, weighted_norm = 0;
    for (uint32_t m = CELLS + 1; m-- > 0;) {
        uint32_t a = query->cell[m] & 0xffff, b = query->cell[m] >> 16;
        if (query->cell[m] != 0) {
            roots += (uint64_t)a * a;
            weights += (uint64_t)b * b;
            root_norm = search_root(roots);
            weighted_norm = search_root(weights);
        }
        query->root_norm[m] = root_norm;
        query->weighted_norm[m] = weighted_norm;
    }
}

spectra_status search_nominal_begin(search_nominal_query *out, const spectra_prepared *prepared,
                                    spectra_scratch *scratch) {
    *out = (search_nominal_query){.peaks = {prepared->nominal, prepared->root, prepared->count},
                                  .first_mz = prepared->first_mz};
    if (!take_arrays(out, scratch)) return SPECTRA_E_MEMORY;
    memset(out->cell, 0, (CELLS + 1) * sizeof *out->cell);
    for (uint32_t i = 0; i < prepared->count; i++)
        out->cell[prepared->nominal[i]] = (uint32_t)prepared->root[i] >> 4 | (uint32_t)prepared->weighted[i] << 16;
    sum_norms(out);
    return SPECTRA_OK;
}

/* Number of leading peaks below `start`. */
static size_t peaks_below(const kernels_nominal *peaks, uint32_t start) {
    size_t below = 0;
    while (below < peaks->count && peaks->nominal[below] < start) below++;
    return below;
}

search_range_cosines search_nominal_cosines(const search_nominal_query *query,
                                            const search_nominal_reference *reference) {
    const kernels_nominal *peaks = &reference->peaks;
    uint32_t start = query->first_mz > reference->first_mz ? query->first_mz : reference->first_mz;
    start &= KERNELS_NOMINAL_MASK;
    size_t below = peaks_below(peaks, start);
    uint64_t root_norm = reference->root_norm, weighted_norm = reference->weighted_norm;
    for (size_t i = 0; i < below; i++) {
        uint64_t a = peaks->root[i] >> 4, b = reference->weighted[i];
        root_norm -= a * a;
        weighted_norm -= b * b;
    }
    uint64_t sums[2];
    kernels_active()->nominal_dots(sums, peaks->nominal + below, peaks->root + below, reference->weighted + below,
                                   peaks->count - below, query->cell);
    const uint64_t sane = ((uint64_t)1 << 48) - 1; /* a file that lies about its norms gets a wrong score, no more */
    return (search_range_cosines){
        start, search_cosine(sums[0], query->root_norm[start], search_root(root_norm & sane)),
        search_cosine(sums[1], query->weighted_norm[start], search_root(weighted_norm & sane))};
}

/* Entropy weights of the peaks from `start` upwards; returns their number. */
static size_t weights_from(const kernels_nominal *peaks, uint32_t start, uint16_t *weight, uint32_t *mz,
                           const search_nominal_query *query) {
    size_t count = 0;
    for (size_t i = 0; i < peaks->count && count < CELLS; i++) {
        uint64_t intensity = ((uint64_t)peaks->root[i] * peaks->root[i]) >> 12; /* the base peak is 2^20 */
        if (peaks->nominal[i] < start || intensity == 0) continue;
        mz[count] = peaks->nominal[i];
        query->value[count++] = intensity;
    }
    spectrum_entropy_weights(weight, query->value, query->work, count);
    return count;
}

static uint32_t entropy_in_range(const search_nominal_query *query, const kernels_nominal *reference, uint32_t start) {
    size_t query_count = weights_from(&query->peaks, start, query->query_weight, query->query_mz, query);
    size_t count = weights_from(reference, start, query->reference_weight, query->reference_mz, query);
    kernels_windows windows = {query->query_mz, query->query_mz, query->query_weight, query_count};
    kernels_accurate weighted = {query->reference_mz, query->reference_weight, count};
    uint32_t matched;
    uint64_t sum = kernels_entropy_scalar(&windows, &weighted, &matched, NULL);
    return (uint32_t)((sum << 30) / KERNELS_ENTROPY_FULL);
}

search_score search_nominal_match(const search_nominal_query *query, const search_nominal_reference *reference,
                                  spectra_search_mode mode) {
    kernels_match match;
    kernels_match_factor_scalar(&match, &query->peaks, &reference->peaks);
    return (search_score){.score = mode == SPECTRA_SEARCH_SIMILARITY ? match.similarity : match.match_factor,
                          .reverse_score = match.reverse_match_factor,
                          .match_factor = match.match_factor,
                          .matched = match.matched};
}

/* E4 = cos(.5, 0) + cos(.53, 1.3) + 1.5·C + 1.5·entropy over its full scale of 5, with the composite
   C = (N_U·cos(.5, 0) + N_C·F_R)/(N_U + N_C): METHODS section 2. */
search_score search_nominal_identity(const search_nominal_query *query, const search_nominal_reference *reference) {
    search_score out = search_nominal_match(query, reference, SPECTRA_SEARCH_IDENTITY);
    search_range_cosines cosines = search_nominal_cosines(query, reference);
    uint64_t ratio = kernels_ratio_scalar(&query->peaks, &reference->peaks, cosines.start, &out.matched);
    uint64_t in_range = query->peaks.count - peaks_below(&query->peaks, cosines.start);
    uint64_t peaks = in_range + out.matched;
    uint64_t composite = peaks == 0 ? 0 : (in_range * cosines.root + out.matched * ratio) / peaks;
    uint64_t entropy = entropy_in_range(query, &reference->peaks, cosines.start);
    out.score = (uint32_t)((2 * ((uint64_t)cosines.root + cosines.weighted) + 3 * (composite + entropy)) / 10);
    return out;
}
