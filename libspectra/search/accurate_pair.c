/* SPDX-License-Identifier: Apache-2.0 */
/* Scores of two spectra of accurate m/z. */
#include "base/memory.h"
#include "peaks/peaks.h"
#include "search/pair.h"

size_t search_accurate_begin_required(size_t peak_count) {
    return 3 * base_scratch_cost(peak_count, sizeof(uint32_t)) + base_scratch_cost(peak_count, sizeof(uint16_t));
}

spectra_status search_accurate_begin(search_accurate_query *out, const spectra_prepared *prepared,
                                     spectra_measure measure, const spectra_tolerance *tolerance,
                                     spectra_scratch *scratch) {
    uint32_t count = prepared->count;
    uint32_t *low = base_scratch_take(scratch, count, sizeof *low);
    uint32_t *high = base_scratch_take(scratch, count, sizeof *high);
    *out = (search_accurate_query){.measure = measure, .prepared = prepared};
    out->pairs = base_scratch_take(scratch, count, sizeof *out->pairs);
    out->kept = base_scratch_take(scratch, count, sizeof *out->kept);
    if (!low || !high || !out->pairs || !out->kept) return SPECTRA_E_MEMORY;
    peaks_windows(low, high, prepared->mz_uth, count, tolerance);
    out->windows = (kernels_windows){low, high, prepared->weight, count};
    return SPECTRA_OK;
}

static uint32_t entropy_score(uint64_t sum) {
    return (uint32_t)((sum << 30) / KERNELS_ENTROPY_FULL);
}

uint32_t search_accurate_score(const search_accurate_query *query, const kernels_accurate *reference,
                               uint32_t *matched) {
    return entropy_score(kernels_entropy_scalar(&query->windows, reference, matched, query->pairs));
}

/* The query's matched peaks alone, their weights brought back to a sum of 65535 (rounded down one by one). */
uint32_t search_accurate_reverse(const search_accurate_query *query, const kernels_accurate *reference) {
    kernels_windows kept = query->windows;
    uint64_t total = 0;
    for (size_t i = 0; i < kept.count; i++)
        if (query->pairs[i] != UINT32_MAX) total += kept.weight[i];
    if (total == 0) return 0;
    for (size_t i = 0; i < kept.count; i++) {
        uint64_t share = query->pairs[i] == UINT32_MAX ? 0 : (uint64_t)kept.weight[i] * 65535 / total;
        query->kept[i] = (uint16_t)share;
    }
    kept.weight = query->kept;
    uint32_t matched;
    return entropy_score(kernels_entropy_scalar(&kept, reference, &matched, NULL));
}
