/* SPDX-License-Identifier: Apache-2.0 */
/* AVX-512 twin of the entropy sums of pairs_scalar.c: equal bit for bit. Compiled like kernels_avx512.c; only
   kernels.c may call in here. */
#include <immintrin.h>

#include "base/fixed.h"
#include "kernels/kernels.h"

#define LANES 16u
#define STREAM 2048u

/* Queries of more peaks are left to the scalar twin: most have fewer. */
#define WINDOWS 128u

/* The query side by side in registers and tables; windows behind the last hold nothing. */
typedef struct near_windows {
    __m512i high[WINDOWS / LANES];
    uint32_t low[WINDOWS + 1], weight[WINDOWS + 1], own[WINDOWS + 1];
    uint32_t count;
} near_windows;

/* Peaks of the run whose cell is marked. */
typedef struct marked_peaks {
    uint32_t mz_uth[STREAM + LANES], place[STREAM + LANES];
    size_t count;
} marked_peaks;

static void load_windows(near_windows *out, const kernels_windows *query) {
    out->count = (uint32_t)query->count;
    for (uint32_t k = 0; k < WINDOWS / LANES; k++) {
        const uint32_t left = out->count > k * LANES ? out->count - k * LANES : 0;
        const __mmask16 there = (__mmask16)_bzhi_u32(0xffff, left < LANES ? left : LANES);
        const __m512i beyond = _mm512_set1_epi32(-1);
        out->high[k] = left ? _mm512_mask_loadu_epi32(beyond, there, query->high + (size_t)k * LANES) : beyond;
    }
    for (uint32_t i = 0; i < out->count; i++) {
        out->low[i] = query->low[i];
        out->weight[i] = query->weight[i];
        out->own[i] = base_entropy_table[query->weight[i]];
    }
    out->low[out->count] = out->weight[out->count] = out->own[out->count] = 0;
}

/* Bits of sixteen peaks at once: the words of the cells are permuted, not gathered. */
static void list_marked(marked_peaks *out, const uint32_t *mz_uth, uint32_t begin, uint32_t end,
                        const __m512i cells[2]) {
    const __m512i one = _mm512_set1_epi32(1);
    __m512i place = _mm512_add_epi32(_mm512_set1_epi32((int)begin),
                                     _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    size_t count = 0;
    for (uint32_t k = begin; k < end; k += LANES) {
        const __mmask16 there = (__mmask16)_bzhi_u32(0xffff, end - k < LANES ? end - k : LANES);
        const __m512i mz = _mm512_maskz_loadu_epi32(there, mz_uth + k);
        const __m512i cell = _mm512_srli_epi32(mz, KERNELS_CELL_BITS);
        const __m512i word = _mm512_permutex2var_epi32(cells[0], _mm512_srli_epi32(cell, 5), cells[1]);
        const __m512i bit = _mm512_rolv_epi32(one, cell);
        const __mmask16 marked = _mm512_mask_test_epi32_mask(there, word, bit);
        _mm512_mask_compressstoreu_epi32(out->mz_uth + count, marked, mz);
        _mm512_mask_compressstoreu_epi32(out->place + count, marked, place);
        count += (unsigned)_mm_popcnt_u32(marked);
        place = _mm512_add_epi32(place, _mm512_set1_epi32(LANES));
    }
    out->count = count;
}

/* How many windows end below this m/z. */
static uint32_t windows_below(const near_windows *windows, uint32_t mz_uth) {
    const __m512i mz = _mm512_set1_epi32((int)mz_uth);
    uint32_t below = 0;
    for (uint32_t k = 0; k * LANES < windows->count; k++)
        below += (uint32_t)_mm_popcnt_u32(_mm512_cmplt_epu32_mask(windows->high[k], mz));
    return below;
}

/* A spectrum on its way: the next window that is free, and the sum of those before. */
typedef struct pair_walk {
    uint32_t next;
    uint64_t sum;
} pair_walk;

static void walk_peak(pair_walk *walk, const near_windows *windows, uint32_t mz_uth, uint32_t weight) {
    const uint32_t below = windows_below(windows, mz_uth), i = below > walk->next ? below : walk->next;
    const uint32_t paired = i < windows->count && windows->low[i] <= mz_uth;
    const uint32_t term =
        base_entropy_table[windows->weight[i] + weight] - windows->own[i] - base_entropy_table[weight];
    walk->sum += paired ? term : 0;
    walk->next = i + paired;
}

void kernels_entropy_sums_avx512(uint32_t *sums, const kernels_accurate_run *run, const kernels_windows *query,
                                 const kernels_cells *cells) {
    if (query->count > WINDOWS) {
        kernels_entropy_sums_scalar(sums, run, query, cells);
        return;
    }
    near_windows windows;
    marked_peaks marked;
    const __m512i words[2] = {_mm512_loadu_si512(cells->word), _mm512_loadu_si512(cells->word + LANES)};
    load_windows(&windows, query);
    pair_walk walk = {0, 0};
    size_t i = 0;
    for (uint32_t begin = run->first[0], end = run->first[run->count]; i < run->count; begin += STREAM) {
        const uint32_t stop = end - begin < STREAM ? end : begin + STREAM;
        list_marked(&marked, run->mz_uth, begin, stop, words);
        size_t k = 0;
        for (; i < run->count && (run->first[i + 1] <= stop); i++) {
            for (; k < marked.count && marked.place[k] < run->first[i + 1]; k++)
                walk_peak(&walk, &windows, marked.mz_uth[k], run->weight[marked.place[k]]);
            sums[i] = walk.sum < KERNELS_ENTROPY_FULL ? (uint32_t)walk.sum : KERNELS_ENTROPY_FULL;
            walk = (pair_walk){0, 0};
        }
        for (; k < marked.count; k++) walk_peak(&walk, &windows, marked.mz_uth[k], run->weight[marked.place[k]]);
    }
}
