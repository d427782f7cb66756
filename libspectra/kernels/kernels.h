/* SPDX-License-Identifier: Apache-2.0 */
/* Inner loops on plain arrays. The scalar ones are the specification; every other must equal them bit for bit.
   Safe on any content of the arrays: m/z and weights may come from a file that lies. */
#ifndef KERNELS_KERNELS_H
#define KERNELS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* Nominal m/z run from 1 to 4095; a dense query has one cell for each, a lying m/z is masked into it. */
#define KERNELS_NOMINAL_CELLS 4096
#define KERNELS_NOMINAL_MASK 4095u

/* Weighted peaks of accurate m/z in ascending order, at most 65535. */
typedef struct kernels_accurate {
    const uint32_t *mz_uth;
    const uint16_t *weight;
    size_t count;
} kernels_accurate;

/* The query's side: the inclusive window [low, high] of each peak, in µTh, holds its partner's m/z. Ascending, at most
   65535. */
typedef struct kernels_windows {
    const uint32_t *low, *high;
    const uint16_t *weight;
    size_t count;
} kernels_windows;

/* Spectra of nominal m/z that stand one behind the other in two arrays, to be held against one query. Spectrum i is
   [first[i], first[i + 1]), at most 65535 peaks; m/z are masked by KERNELS_NOMINAL_MASK. A value has 12 + detail bits:
   detail is 4 for roots, 0 for the (.53, 1.3) weights; what lies above is masked off. */
typedef struct kernels_run {
    const uint16_t *nominal;
    const uint16_t *value;
    const uint32_t *first; /* count + 1 of them, ascending */
    size_t count;
    unsigned detail;
    uint32_t start; /* m/z where the query's range begins, at most 4095 */
} kernels_run;

/* A query as codes of 7 bits, rounded up: code[m] = ⌈127·w(m) / max w⌉; code[0] and what lies behind the cells are 0.
 */
#define KERNELS_CODES (KERNELS_NOMINAL_CELLS + 64)

/* code, and for the match factor the number of the query's counted peaks up to each m/z, modulo 256. */
typedef struct kernels_codes {
    const uint8_t *code;
    const uint8_t *rank;
} kernels_codes;

/* What a kernel finds of each spectrum of a run. A reference peak has the code c = (value >> (5 + detail)) + 1 of 1 to
   128, which is above value / 2^(5 + detail). */
typedef struct kernels_bounds {
    uint32_t *dot;    /* Σ code[m]·c */
    uint32_t *below;  /* cosine: Σ c·min(c, 127) over m < start */
    uint32_t *norm;   /* match: Σ min(m >> 2, 127)·(value² >> 24) over m >= start and value > KERNELS_COUNTED_ROOT */
    uint32_t *common; /* match: peaks with code[m] > 0 and value > KERNELS_COUNTED_ROOT */
    uint32_t *adjacent; /* match: of the peaks with the one or the other, those with code[m] > 0 that follow one with
                           code[m] > 0 and a rank[m] that is the same or 1 lower, modulo 256; the first may follow the
                           last of the spectrum before in the run */
} kernels_bounds;

/* Spectra side by side: byte (64·g + s)·4 + r is the code c of spectrum s at m/z 4g + r, 0 where it has no peak. A
   query is the groups of four m/z where it has peaks: code[k] holds four codes of 7 bits, the lowest m/z in the lowest
   bits.
 */
#define KERNELS_TILE 64u
typedef struct kernels_groups {
    const uint16_t *group; /* inside the tile */
    const uint32_t *code;
    size_t count; /* at most 1024 */
} kernels_groups;

/* NIST counts a peak whose intensity is above 1 of 999: a root above 65535·√(1/999) = 2073.45. */
#define KERNELS_COUNTED_ROOT 2073u

/* Spectra of accurate m/z that stand one behind the other in two arrays. Spectrum i is [first[i], first[i + 1]), at
   most 65535 peaks. */
typedef struct kernels_accurate_run {
    const uint32_t *mz_uth;
    const uint16_t *weight;
    const uint32_t *first; /* count + 1 of them, ascending */
    size_t count;
} kernels_accurate_run;

/* Which m/z can lie in a window: a bit for each cell of 2^14 µTh, modulo 1024 cells. */
#define KERNELS_CELL_BITS 14u
#define KERNELS_CELLS 1024u
typedef struct kernels_cells {
    uint32_t word[KERNELS_CELLS / 32];
} kernels_cells;
void kernels_mark_cells(kernels_cells *out, const kernels_windows *query);

typedef struct kernels_table {
    const char *name; /* "scalar", "avx2", "avx512", "neon" */

    /* Two dot products at once against a dense query: cell[m] = a | b << 16, both at most 4095 (12 bits).
       sums[0] = Σ a(m_i)·(root_i >> 4), sums[1] = Σ b(m_i)·weight_i, with weight_i masked to 12 bits, over `count`
       peaks; m_i = nominal_i & KERNELS_NOMINAL_MASK. count at most 65535. */
    void (*nominal_dots)(uint64_t sums[2], const uint16_t *nominal, const uint16_t *root, const uint16_t *weight,
                         size_t count, const uint32_t *cell);

    /* What bounds the cosine of each spectrum of a run from above: docs/decisions/0008 has the proof. */
    void (*cosine_bounds)(const kernels_bounds *out, const kernels_run *run, const kernels_codes *query);
    /* What bounds its match factor; run->detail is 4. */
    void (*match_bounds)(const kernels_bounds *out, const kernels_run *run, const kernels_codes *query);

    /* How many of `count` values, at most 65536, are at least `least`; and the places of the first `capacity`. */
    size_t (*count_at_least)(const uint16_t *values, size_t count, uint16_t least);
    size_t (*list_at_least)(uint16_t *out, size_t capacity, const uint16_t *values, size_t count, uint16_t least);

    /* sums[i] = what kernels_entropy_scalar returns for spectrum i of the run, whose m/z ascend; where they do not,
       those of no marked cell are as good as absent. */
    void (*entropy_sums)(uint32_t *sums, const kernels_accurate_run *run, const kernels_windows *query,
                         const kernels_cells *cells);

    /* Bit s: the dot product of spectrum s of a tile with the query is above ⌊factor·limit[s] / 2^32⌋. */
    uint64_t (*tile_reaches)(const uint8_t *tile, const kernels_groups *query, uint32_t factor,
                             const uint32_t limit[KERNELS_TILE]);
} kernels_table;

/* For tables that have nothing better. */
void kernels_cosine_bounds_scalar(const kernels_bounds *out, const kernels_run *run, const kernels_codes *query);
void kernels_match_bounds_scalar(const kernels_bounds *out, const kernels_run *run, const kernels_codes *query);
void kernels_entropy_sums_scalar(uint32_t *sums, const kernels_accurate_run *run, const kernels_windows *query,
                                 const kernels_cells *cells);

/* The table in use: the best this CPU has, or what SPECTRA_KERNEL names. Chosen once. */
const kernels_table *kernels_active(void);
/* A table by name, or NULL where this build or CPU does not have it. */
const kernels_table *kernels_named(const char *name);
extern const kernels_table kernels_scalar;
#ifdef KERNELS_HAVE_X86 /* only where the CPU has them */
extern const kernels_table kernels_avx2;
extern const kernels_table kernels_avx512;
size_t kernels_count_at_least_avx2(const uint16_t *values, size_t count, uint16_t least);
size_t kernels_list_at_least_avx2(uint16_t *out, size_t capacity, const uint16_t *values, size_t count, uint16_t least);
void kernels_entropy_sums_avx512(uint32_t *sums, const kernels_accurate_run *run, const kernels_windows *query,
                                 const kernels_cells *cells);
#endif
#ifdef KERNELS_HAVE_NEON
extern const kernels_table kernels_neon;
#endif

/* Spectral entropy similarity of two weighted spectra (weights sum to 65535 each), unnormalised:
   Σ F[a+b] − F[a] − F[b] over pairs, two pointers ascending, one to one. Full scale is KERNELS_ENTROPY_FULL. *matched
   counts the pairs; pairs (may be NULL) takes for each query peak the index of its partner or KERNELS_ALONE. */
#define KERNELS_ENTROPY_FULL 33553920u /* 2 × 65535 × 2^8 */
uint32_t kernels_entropy_scalar(const kernels_windows *query, const kernels_accurate *reference, uint32_t *matched,
                                uint32_t *pairs);

/* Pairs of peaks: pairs[i] is the index of query peak i's partner in the reference, or KERNELS_ALONE. Each returns how
   many it made. */
#define KERNELS_ALONE UINT32_MAX
void kernels_unpair(uint32_t *pairs, size_t count);
/* Pairs what is alone so far, two pointers ascending: the window holds the reference's m/z + shift. Partners that were
   taken before ascend. */
uint32_t kernels_pair_scalar(uint32_t *pairs, const kernels_windows *query, const kernels_accurate *reference,
                             int64_t shift);
/* Pairs of modified cosine, at shift 0 or `shift`: the largest product of weights first; of equals the lower query
   index, then the lower reference index. The query's weights are above 0. */
typedef struct kernels_greedy_room {
    uint32_t *best; /* query count */
    uint8_t *taken; /* KERNELS_TAKEN_SIZE bytes of the reference count */
} kernels_greedy_room;
#define KERNELS_TAKEN_SIZE(count) ((count) / 8 + 1)
uint32_t kernels_pair_greedy_scalar(uint32_t *pairs, const kernels_windows *query, const kernels_accurate *reference,
                                    int64_t shift, const kernels_greedy_room *room);

/* Over pairs: Σ of products of weights, below 2^48; the sum of spectral entropy, cut at KERNELS_ENTROPY_FULL. */
uint64_t kernels_dot_scalar(const uint32_t *pairs, const kernels_windows *query, const kernels_accurate *reference);
uint32_t kernels_entropy_of_pairs_scalar(const uint32_t *pairs, const kernels_windows *query,
                                         const kernels_accurate *reference);
/* Σ weight², below 2^48. */
uint64_t kernels_squares_scalar(const uint16_t *weight, size_t count);

/* Postings are unit << 24 | spectrum << 8 | code: bounds[spectrum] += term[code] for each of `count`, saturating.
   65536 bounds, 256 terms. Scattered reads and writes: no instruction set has better. */
void kernels_add_postings(uint16_t *bounds, const uint32_t *postings, size_t count, const uint16_t *term);

/* Peaks of nominal m/z: root_i = round(65535·√(I_i / 999)), m/z ascending; count at most 65535. */
typedef struct kernels_nominal {
    const uint16_t *nominal;
    const uint16_t *root;
    size_t count;
} kernels_nominal;

/* NIST match factor (Stein & Scott 1994; the form is given in README.md beside this file). Scores in 2^-30. */
typedef struct kernels_match {
    uint32_t match_factor;
    uint32_t reverse_match_factor;
    uint32_t similarity; /* F_D alone with w = √I */
    uint32_t matched;    /* N1: peaks counted in both */
} kernels_match;
void kernels_match_factor_scalar(kernels_match *out, const kernels_nominal *query, const kernels_nominal *reference);

/* Hybrid match factor (Moorthy et al. 2017): the similarity form, after peaks of the reference were moved by delta_da
   wherever that raises it. Scores in 2^-30. */
typedef struct kernels_hybrid {
    uint32_t score;
    uint32_t reverse_score;
    uint32_t matched;
} kernels_hybrid;
typedef struct kernels_hybrid_room {
    uint16_t *query, *reference; /* KERNELS_NOMINAL_CELLS each: roots; intensities */
    uint32_t *order;             /* KERNELS_NOMINAL_CELLS */
} kernels_hybrid_room;
void kernels_hybrid_scalar(kernels_hybrid *out, const kernels_nominal *query, const kernels_nominal *reference,
                           int32_t delta_da, const kernels_hybrid_room *room);

/* Mean of min(r, 1/r) of √I over adjacent common peaks at m/z >= start, in 2^-30, for E4's composite term
   (METHODS: C = (N_U·cos + N_C·F_R)/(N_U + N_C)); *common counts the common peaks. */
uint32_t kernels_ratio_scalar(const kernels_nominal *query, const kernels_nominal *reference, uint32_t start,
                              uint32_t *common);

#endif
