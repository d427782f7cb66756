/* SPDX-License-Identifier: Apache-2.0 */
/* AVX-512 twins of the scalar kernels: equal to them bit for bit. Compiled for F, BW, VL, DQ, VBMI, VBMI2, VNNI and
   BMI2; only kernels.c may call in here. */
#include <immintrin.h>
#include <stdbool.h>

#include "kernels/kernels.h"

#define LANES 16u
#define CHUNK 64u

/* A product of two 12-bit numbers is at most 4095²; 256 of them still fit a lane of 32 bits without sign. */
#define STEPS_PER_LANE 256u

/* Dot products */

static __m512i widen(const uint16_t *values, __mmask16 there) {
    return _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(there, values));
}

/* A macro where nothing is optimised, whose mask gcc 12 converts with a change of sign. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
static __m512i gather(__m512i index, const void *values) {
    return _mm512_i32gather_epi32(index, values, 4);
}
#pragma GCC diagnostic pop

/* Sixteen lanes of 32 bits as eight of 64. */
static __m512i add_lanes(__m512i total, __m512i lanes) {
    __m512i even = _mm512_and_si512(lanes, _mm512_set1_epi64(UINT32_MAX));
    return _mm512_add_epi64(total, _mm512_add_epi64(even, _mm512_srli_epi64(lanes, 32)));
}

/* The masked m/z stay inside the cells whatever they are; a peak that is not there weighs nothing. */
static void nominal_dots_avx512(uint64_t sums[2], const uint16_t *nominal, const uint16_t *root, const uint16_t *weight,
                                size_t count, const uint32_t *cell) {
    const __m512i cell_mask = _mm512_set1_epi32((int)KERNELS_NOMINAL_MASK);
    const __m512i low_half = _mm512_set1_epi32(0xffff);
    __m512i total_a = _mm512_setzero_si512(), total_b = _mm512_setzero_si512();
    for (size_t i = 0; i < count;) {
        const size_t end = count - i > STEPS_PER_LANE * LANES ? i + STEPS_PER_LANE * LANES : count;
        __m512i a = _mm512_setzero_si512(), b = _mm512_setzero_si512();
        for (; i < end; i += LANES) {
            const __mmask16 there = (__mmask16)_bzhi_u32(0xffff, (unsigned)(end - i < LANES ? end - i : LANES));
            __m512i index = _mm512_and_si512(widen(nominal + i, there), cell_mask);
            __m512i cells = gather(index, cell);
            __m512i roots = _mm512_srli_epi32(widen(root + i, there), 4);
            __m512i weights = _mm512_and_si512(widen(weight + i, there), cell_mask);
            a = _mm512_add_epi32(a, _mm512_madd_epi16(_mm512_and_si512(cells, low_half), roots));
            b = _mm512_add_epi32(b, _mm512_madd_epi16(_mm512_srli_epi32(cells, 16), weights));
        }
        i = end;
        total_a = add_lanes(total_a, a);
        total_b = add_lanes(total_b, b);
    }
    sums[0] = (uint64_t)_mm512_reduce_add_epi64(total_a);
    sums[1] = (uint64_t)_mm512_reduce_add_epi64(total_b);
}

/* Bounds. The peaks of many spectra are looked up as one stream of bytes, 64 at a time; running sums over groups of
   four then give each spectrum's sum as the difference of two, modulo 2^32. */
#define STREAM 4096u
#define SPECTRA 32u

/* The factors of one sum, four peaks a group, and the sum of the groups before each. */
typedef struct byte_stream {
    uint8_t unsigned_factor[STREAM + CHUNK], signed_factor[STREAM + CHUNK];
    uint32_t before[STREAM / 4 + LANES + 1];
    __m512i carry;
} byte_stream;

static void begin_stream(byte_stream *stream) {
    stream->before[0] = 0;
    stream->carry = _mm512_setzero_si512();
}

static void append(byte_stream *stream, size_t k, __m512i unsigned_factor, __m512i signed_factor) {
    const __m512i zero = _mm512_setzero_si512();
    __m512i sum = _mm512_dpbusd_epi32(zero, unsigned_factor, signed_factor);
    sum = _mm512_add_epi32(sum, _mm512_alignr_epi32(sum, zero, 15));
    sum = _mm512_add_epi32(sum, _mm512_alignr_epi32(sum, zero, 14));
    sum = _mm512_add_epi32(sum, _mm512_alignr_epi32(sum, zero, 12));
    sum = _mm512_add_epi32(sum, _mm512_alignr_epi32(sum, zero, 8));
    sum = _mm512_add_epi32(sum, stream->carry);
    stream->carry = _mm512_permutexvar_epi32(_mm512_set1_epi32(15), sum);
    _mm512_storeu_si512(stream->unsigned_factor + k, unsigned_factor);
    _mm512_storeu_si512(stream->signed_factor + k, signed_factor);
    _mm512_storeu_si512(stream->before + k / 4 + 1, sum);
}

/* Where the spectra of a part of a run end in the stream: count + 1 edges, then repeated. */
typedef struct edge_list {
    uint32_t at[SPECTRA + LANES];
    size_t count;
} edge_list;

/* Sums of the spectra between the edges. */
static void take_sums(uint32_t *out, const byte_stream *stream, const edge_list *edges) {
    uint32_t until[SPECTRA + LANES];
    for (size_t i = 0; i <= edges->count; i += LANES) {
        const __m512i at = _mm512_loadu_si512(edges->at + i), group = _mm512_srli_epi32(at, 2);
        const __m512i bits = _mm512_slli_epi32(_mm512_and_si512(at, _mm512_set1_epi32(3)), 3);
        const __m512i mask = _mm512_sub_epi32(_mm512_sllv_epi32(_mm512_set1_epi32(1), bits), _mm512_set1_epi32(1));
        const __m512i part = _mm512_and_si512(gather(group, stream->unsigned_factor), mask);
        const __m512i sum =
            _mm512_dpbusd_epi32(gather(group, stream->before), part, gather(group, stream->signed_factor));
        _mm512_storeu_si512(until + i, sum);
    }
    for (size_t i = 0; i < edges->count; i++) out[i] = until[i + 1] - until[i];
}

/* The first 512 codes of a query: most spectra end before. */
typedef struct near_codes {
    __m512i part[8];
    const uint8_t *all;
} near_codes;

static near_codes load_codes(const uint8_t *code) {
    near_codes out = {.all = code};
    for (int i = 0; i < 8; i++) out.part[i] = _mm512_loadu_si512(code + 64 * i);
    return out;
}

/* 64 peaks in two vectors of words; absent ones have m/z 0 and value 0. */
typedef struct peak_chunk {
    __m512i mz[2], value[2];
    uint64_t there;
} peak_chunk;

/* Peaks that are asked for ahead of their use: a page that is walked to only then takes longer than its peaks. */
#define AHEAD 1024u

/* Two lines of the cache, as many as a chunk has of one array. */
static void prefetch(const uint16_t *values) {
    _mm_prefetch((const char *)values, _MM_HINT_T0);
    _mm_prefetch((const char *)values + 64, _MM_HINT_T0);
}

static peak_chunk load_chunk(const kernels_run *run, size_t k, size_t left) {
    const uint64_t there = _bzhi_u64(UINT64_MAX, (unsigned)(left < CHUNK ? left : CHUNK));
    const __m512i mask = _mm512_set1_epi16((short)KERNELS_NOMINAL_MASK);
    const uint16_t *nominal = run->nominal + k, *value = run->value + k;
    const __mmask32 low = (__mmask32)there, high = (__mmask32)(there >> 32);
    prefetch(nominal + AHEAD);
    prefetch(value + AHEAD);
    return (peak_chunk){{_mm512_and_si512(_mm512_maskz_loadu_epi16(low, nominal), mask),
                         _mm512_and_si512(_mm512_maskz_loadu_epi16(high, nominal + 32), mask)},
                        {_mm512_maskz_loadu_epi16(low, value), _mm512_maskz_loadu_epi16(high, value + 32)},
                        there};
}

/* The bytes of two vectors of words, the low ones or those above. */
static __m512i pack(__m512i first, __m512i second, int above) {
    const __m512i even =
        _mm512_set_epi8(126, 124, 122, 120, 118, 116, 114, 112, 110, 108, 106, 104, 102, 100, 98, 96, 94, 92, 90, 88,
                        86, 84, 82, 80, 78, 76, 74, 72, 70, 68, 66, 64, 62, 60, 58, 56, 54, 52, 50, 48, 46, 44, 42, 40,
                        38, 36, 34, 32, 30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
    return _mm512_permutex2var_epi8(first, above ? _mm512_or_si512(even, _mm512_set1_epi8(1)) : even, second);
}

/* Codes of m/z from 512 upwards, one by one. */
static __m512i look_far(__m512i found, uint64_t far, const peak_chunk *chunk, const uint8_t *code) {
    uint8_t lanes[CHUNK];
    uint16_t mz[CHUNK];
    _mm512_storeu_si512(lanes, found);
    _mm512_storeu_si512(mz, chunk->mz[0]);
    _mm512_storeu_si512(mz + 32, chunk->mz[1]);
    for (; far; far = _blsr_u64(far)) lanes[_tzcnt_u64(far)] = code[mz[_tzcnt_u64(far)]];
    return _mm512_loadu_si512(lanes);
}

static __m512i look_up(const near_codes *codes, const peak_chunk *chunk) {
    const __m512i low = pack(chunk->mz[0], chunk->mz[1], 0), above = pack(chunk->mz[0], chunk->mz[1], 1);
    const __mmask64 upper = _mm512_movepi8_mask(low), beyond = _mm512_test_epi8_mask(above, above);
    __m512i found = _mm512_permutex2var_epi8(codes->part[0], low, codes->part[1]);
    found = _mm512_mask_mov_epi8(found, upper, _mm512_permutex2var_epi8(codes->part[2], low, codes->part[3]));
    __m512i second = _mm512_permutex2var_epi8(codes->part[4], low, codes->part[5]);
    second = _mm512_mask_mov_epi8(second, upper, _mm512_permutex2var_epi8(codes->part[6], low, codes->part[7]));
    found = _mm512_mask_mov_epi8(found, beyond, second);
    const __mmask64 far = _mm512_cmpgt_epu8_mask(above, _mm512_set1_epi8(1));
    return far ? look_far(found, far, chunk, codes->all) : found;
}

/* c = (value >> shift & 127) + 1 of the peaks that are there. */
static __m512i codes_of(const peak_chunk *chunk, __m128i shift) {
    const __m512i bytes = pack(_mm512_srl_epi16(chunk->value[0], shift), _mm512_srl_epi16(chunk->value[1], shift), 0);
    const __m512i one = _mm512_set1_epi8(1);
    return _mm512_maskz_add_epi8(chunk->there, _mm512_and_si512(bytes, _mm512_set1_epi8(127)), one);
}

static uint64_t join(__mmask32 low, __mmask32 high) {
    return (uint64_t)high << 32 | low;
}

/* The last paired peak: is nothing counted behind it, and its rank. */
typedef struct chain {
    bool unbroken;
    uint8_t rank;
} chain;

/* Σ c·min(c, 127) beside the dot: c = 128 does not fit the signed factor. */
static void cosine_part(const kernels_bounds *out, const kernels_run *run, uint32_t begin, const near_codes codes[2],
                        const edge_list *edges, chain *state) {
    byte_stream dot, below;
    const uint32_t size = edges->at[edges->count];
    const __m512i start = _mm512_set1_epi16((short)run->start), most = _mm512_set1_epi8(127);
    const __m128i shift = _mm_cvtsi32_si128((int)(5 + run->detail));
    begin_stream(&dot);
    begin_stream(&below);
    for (uint32_t k = 0; k < size; k += CHUNK) {
        const peak_chunk chunk = load_chunk(run, begin + k, size - k);
        const __m512i c = codes_of(&chunk, shift);
        const __mmask64 low =
            join(_mm512_cmplt_epu16_mask(chunk.mz[0], start), _mm512_cmplt_epu16_mask(chunk.mz[1], start));
        append(&dot, k, c, look_up(&codes[0], &chunk));
        append(&below, k, c, _mm512_maskz_min_epu8(low, c, most));
    }
    take_sums(out->dot, &dot, edges);
    take_sums(out->below, &below, edges);
    (void)state;
}

/* One bit for each peak of the stream. */
typedef struct bit_stream {
    uint64_t word[STREAM / CHUNK + 2];
} bit_stream;

static uint32_t bits_between(const bit_stream *bits, uint32_t begin, uint32_t end) {
    uint32_t word = begin / CHUNK, last = end / CHUNK;
    if (word == last) return (uint32_t)_mm_popcnt_u64(_bzhi_u64(bits->word[word], end % CHUNK) >> begin % CHUNK);
    uint64_t count = (uint64_t)_mm_popcnt_u64(bits->word[word] >> begin % CHUNK);
    while (++word < last) count += (uint64_t)_mm_popcnt_u64(bits->word[word]);
    return (uint32_t)count + (uint32_t)_mm_popcnt_u64(_bzhi_u64(bits->word[last], end % CHUNK));
}

/* min(m >> 2, 127) and value² >> 24 where a peak counts and lies in the range. */
static void append_norm(byte_stream *norm, size_t k, const peak_chunk *chunk, __mmask64 counted, __m512i start) {
    const __mmask64 inside =
        join(_mm512_cmpge_epu16_mask(chunk->mz[0], start), _mm512_cmpge_epu16_mask(chunk->mz[1], start));
    const __m512i most = _mm512_set1_epi16(127);
    const __m512i mz = pack(_mm512_min_epu16(_mm512_srli_epi16(chunk->mz[0], 2), most),
                            _mm512_min_epu16(_mm512_srli_epi16(chunk->mz[1], 2), most), 0);
    const __m512i square = pack(_mm512_mulhi_epu16(chunk->value[0], chunk->value[0]),
                                _mm512_mulhi_epu16(chunk->value[1], chunk->value[1]), 1);
    append(norm, k, _mm512_maskz_mov_epi8(counted & inside, square), mz);
}

/* Bits of the paired peaks that follow one with nothing counted between, neither of the reference (row: the peaks that
   are paired or counted) nor of the query (ranks). */
static uint64_t find_adjacent(chain *state, uint64_t paired, uint64_t row, __m512i ranks) {
    const uint64_t pairs_in_row = _pext_u64(paired, row);
    const uint64_t next_in_row = _pext_u64(pairs_in_row & (pairs_in_row << 1 | state->unbroken), pairs_in_row);
    if (row) state->unbroken = pairs_in_row >> (_mm_popcnt_u64(row) - 1) & 1;
    if (!paired) return 0;
    const __m512i lanes =
        _mm512_set_epi8(62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39,
                        38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15,
                        14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 63);
    const __m512i own = _mm512_maskz_compress_epi8(paired, ranks);
    __m512i before = _mm512_permutexvar_epi8(lanes, own);
    before = _mm512_mask_mov_epi8(before, 1, _mm512_castsi128_si512(_mm_cvtsi32_si128(state->rank)));
    const uint64_t close = _mm512_cmple_epu8_mask(_mm512_sub_epi8(own, before), _mm512_set1_epi8(1));
    const __m512i last = _mm512_set1_epi8((char)(_mm_popcnt_u64(paired) - 1));
    state->rank = (uint8_t)_mm_cvtsi128_si32(_mm512_castsi512_si128(_mm512_permutexvar_epi8(last, own)));
    return _pdep_u64(next_in_row & close, paired);
}

static void match_part(const kernels_bounds *out, const kernels_run *run, uint32_t begin, const near_codes codes[2],
                       const edge_list *edges, chain *state) {
    byte_stream dot, norm;
    bit_stream common, adjacent;
    const uint32_t size = edges->at[edges->count];
    const __m512i start = _mm512_set1_epi16((short)run->start);
    const __m512i least = _mm512_set1_epi16((short)KERNELS_COUNTED_ROOT);
    begin_stream(&dot);
    begin_stream(&norm);
    for (uint32_t k = 0; k < size; k += CHUNK) {
        const peak_chunk chunk = load_chunk(run, begin + k, size - k);
        const __m512i found = look_up(&codes[0], &chunk);
        append(&dot, k, codes_of(&chunk, _mm_cvtsi32_si128(9)), found);
        const uint64_t counted =
            join(_mm512_cmpgt_epu16_mask(chunk.value[0], least), _mm512_cmpgt_epu16_mask(chunk.value[1], least));
        const uint64_t paired = _mm512_test_epi8_mask(found, found);
        common.word[k / CHUNK] = counted & paired;
        adjacent.word[k / CHUNK] = find_adjacent(state, paired, counted | paired, look_up(&codes[1], &chunk));
        append_norm(&norm, k, &chunk, counted, start);
    }
    common.word[(size + CHUNK - 1) / CHUNK] = adjacent.word[(size + CHUNK - 1) / CHUNK] = 0;
    take_sums(out->dot, &dot, edges);
    take_sums(out->norm, &norm, edges);
    for (size_t i = 0; i < edges->count; i++) {
        out->common[i] = bits_between(&common, edges->at[i], edges->at[i + 1]);
        out->adjacent[i] = bits_between(&adjacent, edges->at[i], edges->at[i + 1]);
    }
}

typedef void part_function(const kernels_bounds *out, const kernels_run *run, uint32_t begin, const near_codes codes[2],
                           const edge_list *edges, chain *state);

/* Takes as many spectra as the streams hold, from spectrum i on; 0 where not even one fits. */
static size_t take_edges(edge_list *edges, const kernels_run *run, size_t i) {
    const uint32_t *first = run->first + i;
    const size_t most = run->count - i < SPECTRA ? run->count - i : SPECTRA;
    *edges = (edge_list){.count = 0};
    while (edges->count < most && first[edges->count + 1] - first[0] <= STREAM) {
        edges->count++;
        edges->at[edges->count] = first[edges->count] - first[0];
    }
    return edges->count;
}

/* A spectrum longer than the streams, piece by piece. */
static void add_pieces(const kernels_bounds *out, const kernels_run *run, size_t i, const near_codes codes[2],
                       part_function *take_part, chain *state) {
    uint32_t found[5], *sums[5] = {out->dot, out->below, out->norm, out->common, out->adjacent};
    const kernels_bounds piece = {&found[0], &found[1], &found[2], &found[3], &found[4]};
    for (size_t k = 0; k < 5; k++)
        if (sums[k]) sums[k][i] = 0;
    for (uint32_t begin = run->first[i]; begin < run->first[i + 1]; begin += STREAM) {
        const uint32_t left = run->first[i + 1] - begin;
        const edge_list edges = {.at = {0, left < STREAM ? left : STREAM}, .count = 1};
        take_part(&piece, run, begin, codes, &edges, state);
        for (size_t k = 0; k < 5; k++)
            if (sums[k]) sums[k][i] += found[k];
    }
}

static uint32_t *from(uint32_t *values, size_t i) {
    return values ? values + i : NULL;
}

static void take_run(const kernels_bounds *out, const kernels_run *run, const near_codes codes[2],
                     part_function *take_part) {
    chain state = {false, 0};
    for (size_t i = 0; i < run->count;) {
        edge_list edges;
        if (take_edges(&edges, run, i) == 0) {
            add_pieces(out, run, i++, codes, take_part, &state);
            continue;
        }
        const kernels_bounds place = {from(out->dot, i), from(out->below, i), from(out->norm, i), from(out->common, i),
                                      from(out->adjacent, i)};
        take_part(&place, run, run->first[i], codes, &edges, &state);
        i += edges.count;
    }
}

static void cosine_bounds_avx512(const kernels_bounds *out, const kernels_run *run, const kernels_codes *query) {
    const kernels_bounds used = {.dot = out->dot, .below = out->below};
    const near_codes codes[2] = {load_codes(query->code)};
    take_run(&used, run, codes, cosine_part);
}

static void match_bounds_avx512(const kernels_bounds *out, const kernels_run *run, const kernels_codes *query) {
    const kernels_bounds used = {.dot = out->dot, .norm = out->norm, .common = out->common, .adjacent = out->adjacent};
    const near_codes codes[2] = {load_codes(query->code), load_codes(query->rank)};
    take_run(&used, run, codes, match_part);
}

static uint64_t reached_of(__m512i dot, uint32_t factor, const uint32_t *limit) {
    const __m512i by = _mm512_set1_epi64((int64_t)factor), limits = _mm512_loadu_si512(limit);
    const __m512i even = _mm512_srli_epi64(_mm512_mul_epu32(limits, by), 32);
    const __m512i odd = _mm512_mul_epu32(_mm512_srli_epi64(limits, 32), by);
    return _mm512_cmpgt_epu32_mask(dot, _mm512_mask_mov_epi32(even, 0xaaaa, odd));
}

static uint64_t tile_reaches_avx512(const uint8_t *tile, const kernels_groups *query, uint32_t factor,
                                    const uint32_t limit[KERNELS_TILE]) {
    __m512i a = _mm512_setzero_si512(), b = a, c = a, d = a;
    for (size_t k = 0; k < query->count; k++) {
        const uint8_t *column = tile + (size_t)query->group[k] * KERNELS_TILE * 4;
        const __m512i code = _mm512_set1_epi32((int)query->code[k]);
        a = _mm512_dpbusd_epi32(a, _mm512_loadu_si512(column), code);
        b = _mm512_dpbusd_epi32(b, _mm512_loadu_si512(column + 64), code);
        c = _mm512_dpbusd_epi32(c, _mm512_loadu_si512(column + 128), code);
        d = _mm512_dpbusd_epi32(d, _mm512_loadu_si512(column + 192), code);
    }
    return reached_of(a, factor, limit) | reached_of(b, factor, limit + 16) << 16 |
           reached_of(c, factor, limit + 32) << 32 | reached_of(d, factor, limit + 48) << 48;
}

/* Counting and listing read memory as fast as it comes with AVX2, which every such CPU has. */
const kernels_table kernels_avx512 = {"avx512",
                                      nominal_dots_avx512,
                                      cosine_bounds_avx512,
                                      match_bounds_avx512,
                                      kernels_count_at_least_avx2,
                                      kernels_list_at_least_avx2,
                                      kernels_entropy_sums_avx512,
                                      tile_reaches_avx512};
