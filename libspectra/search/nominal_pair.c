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
           2 * base_scratch_cost(CELLS, sizeof(uint32_t)) + 2 * base_scratch_cost(CELLS, sizeof(uint64_t)) +
           2 * base_scratch_cost(CELLS, sizeof(uint16_t)) + base_scratch_cost(CELLS, sizeof(uint32_t)) +
           base_scratch_cost(1, sizeof(search_weighed));
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
    out->room.query = base_scratch_take(scratch, CELLS, sizeof *out->room.query);
    out->room.reference = base_scratch_take(scratch, CELLS, sizeof *out->room.reference);
    out->room.order = base_scratch_take(scratch, CELLS, sizeof *out->room.order);
    out->weighed = base_scratch_take(scratch, 1, sizeof *out->weighed);
    return out->weighed && out->room.query && out->room.reference && out->room.order && out->cell && out->root_norm &&
           out->weighted_norm && out->query_weight && out->reference_weight && out->query_mz && out->reference_mz &&
           out->value && out->work;
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
                                    spectra_measure measure, spectra_search_mode mode, spectra_scratch *scratch) {
    *out = (search_nominal_query){.measure = measure,
                                  .mode = mode,
                                  .peaks = {prepared->nominal, prepared->root, prepared->count},
                                  .first_mz = prepared->first_mz};
    if (!take_arrays(out, scratch)) return SPECTRA_E_MEMORY;
    *out->weighed = (search_weighed){.start = CELLS};
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

/* Both dot products of the range with the reference's norms, in 2^-8. */
typedef struct range_dots {
    uint32_t start;
    size_t below;
    uint64_t root, weighted;
    uint32_t root_norm, weighted_norm;
} range_dots;

static range_dots dots_of(const search_nominal_query *query, const search_nominal_reference *reference) {
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
    return (range_dots){
        start, below, sums[0], sums[1], search_root(root_norm & sane), search_root(weighted_norm & sane)};
}

search_range_cosines search_nominal_cosines(const search_nominal_query *query,
                                            const search_nominal_reference *reference) {
    range_dots dots = dots_of(query, reference);
    return (search_range_cosines){dots.start, search_cosine(dots.root, query->root_norm[dots.start], dots.root_norm),
                                  search_cosine(dots.weighted, query->weighted_norm[dots.start], dots.weighted_norm)};
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
    if (query->weighed->start != start)
        *query->weighed = (search_weighed){
            start, (uint32_t)weights_from(&query->peaks, start, query->query_weight, query->query_mz, query)};
    size_t count = weights_from(reference, start, query->reference_weight, query->reference_mz, query);
    kernels_windows windows = {query->query_mz, query->query_mz, query->query_weight, query->weighed->count};
    kernels_accurate weighted = {query->reference_mz, query->reference_weight, count};
    uint32_t matched;
    uint64_t sum = kernels_entropy_scalar(&windows, &weighted, &matched, NULL);
    return (uint32_t)((sum << 30) / KERNELS_ENTROPY_FULL);
}

static search_score score_match(const search_nominal_query *query, const search_nominal_reference *reference) {
    kernels_match match;
    kernels_match_factor_scalar(&match, &query->peaks, &reference->peaks);
    bool similarity = query->mode == SPECTRA_SEARCH_SIMILARITY;
    return (search_score){.score = similarity ? match.similarity : match.match_factor,
                          .reverse_score = match.reverse_match_factor,
                          .match_factor = match.match_factor,
                          .matched = match.matched};
}

/* E4 = cos(.5, 0) + cos(.53, 1.3) + 1.5·C + 1.5·entropy over its full scale of 5, with the composite
   C = (N_U·cos(.5, 0) + N_C·F_R)/(N_U + N_C): METHODS section 2. */
static void score_identity(search_score *out, const search_nominal_query *query,
                           const search_nominal_reference *reference) {
    search_range_cosines cosines = search_nominal_cosines(query, reference);
    uint64_t ratio = kernels_ratio_scalar(&query->peaks, &reference->peaks, cosines.start, &out->matched);
    uint64_t in_range = query->peaks.count - peaks_below(&query->peaks, cosines.start);
    uint64_t peaks = in_range + out->matched;
    uint64_t composite = peaks == 0 ? 0 : (in_range * cosines.root + out->matched * ratio) / peaks;
    uint64_t entropy = entropy_in_range(query, &reference->peaks, cosines.start);
    out->score = (uint32_t)((2 * ((uint64_t)cosines.root + cosines.weighted) + 3 * (composite + entropy)) / 10);
}

/* One of the two cosines, and the same without the query's unmatched peaks. */
static void score_cosine(search_score *out, const search_nominal_query *query,
                         const search_nominal_reference *reference) {
    bool weighted = query->measure == SPECTRA_MEASURE_WEIGHTED_COSINE;
    range_dots dots = dots_of(query, reference);
    uint64_t dot = weighted ? dots.weighted : dots.root, common = 0;
    uint32_t norm = weighted ? dots.weighted_norm : dots.root_norm;
    out->matched = 0;
    for (size_t i = dots.below; i < reference->peaks.count; i++) {
        uint32_t both = query->cell[reference->peaks.nominal[i] & KERNELS_NOMINAL_MASK];
        uint64_t value = weighted ? both >> 16 : both & 0xffff;
        common += value * value;
        out->matched += both != 0;
    }
    out->score = search_cosine(dot, (weighted ? query->weighted_norm : query->root_norm)[dots.start], norm);
    out->reverse_score = search_cosine(dot, search_root(common), norm);
}

static void score_hybrid(search_score *out, const search_nominal_query *query,
                         const search_nominal_reference *reference) {
    kernels_hybrid hybrid;
    kernels_hybrid_scalar(&hybrid, &query->peaks, &reference->peaks, reference->delta_da, &query->room);
    out->score = hybrid.score;
    out->reverse_score = hybrid.reverse_score;
    out->matched = hybrid.matched;
}

search_score search_nominal_score(const search_nominal_query *query, const search_nominal_reference *reference) {
    search_score out = {0};
    switch (query->measure) {
    case SPECTRA_MEASURE_IDENTITY:
        score_identity(&out, query, reference);
        break;
    case SPECTRA_MEASURE_COSINE:
    case SPECTRA_MEASURE_WEIGHTED_COSINE:
        score_cosine(&out, query, reference);
        break;
    case SPECTRA_MEASURE_HYBRID:
        score_hybrid(&out, query, reference);
        break;
    default:
        assert(query->measure == SPECTRA_MEASURE_MATCH_FACTOR);
        out = score_match(query, reference);
    }
    return out;
}

void search_nominal_complete(search_score *score, const search_nominal_query *query,
                             const search_nominal_reference *reference) {
    if (query->measure == SPECTRA_MEASURE_MATCH_FACTOR) return;
    const search_score match = score_match(query, reference);
    score->match_factor = match.match_factor;
    if (query->measure == SPECTRA_MEASURE_IDENTITY) score->reverse_score = match.reverse_score;
}
