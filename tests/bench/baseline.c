/* SPDX-License-Identifier: Apache-2.0 */
/* Search of accurate masses as a plain loop: for each query peak a range of the sorted index, for each peak in it one
   addition to the score of its spectrum. */
#include "baseline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "generate.h"

#define WEIGHT_ONE 65535u

typedef struct posting_list {
    uint32_t *mz_uth; /* ascending; or loss_key */
    uint32_t *entry;
    uint32_t *peak; /* its number in the set; NULL where nobody asks */
    uint16_t *weight;
    size_t count;
} posting_list;

struct bench_index {
    posting_list fragments;
    posting_list losses; /* for hybrid alone, as what follows */
    uint32_t *met;       /* by entry: the number of the query peak that it made a pair with last */
    uint32_t *taken;     /* by peak: the number of the query that it was taken for last */
    uint32_t peak_number, query_number;
    uint32_t count; /* entries of the database: a spectrum goes by its entry */
    uint32_t *precursor_uth;
    float *score;
    float *entropy; /* ½·x·log2 x for x = i/65535, i up to two full weights */
};

static posting_list list_make(size_t count, bool with_peaks) {
    return (posting_list){bench_allocate(count, sizeof(uint32_t)), bench_allocate(count, sizeof(uint32_t)),
                          with_peaks ? bench_allocate(count, sizeof(uint32_t)) : NULL,
                          bench_allocate(count, sizeof(uint16_t)), 0};
}

static void list_free(posting_list *list) {
    free(list->mz_uth);
    free(list->entry);
    free(list->peak);
    free(list->weight);
}

static void list_add(posting_list *list, uint32_t mz_uth, uint32_t entry, uint32_t peak, uint16_t weight) {
    list->mz_uth[list->count] = mz_uth;
    if (list->peak) list->peak[list->count] = peak;
    list->entry[list->count] = entry;
    list->weight[list->count++] = weight;
}

/* By one byte of the m/z, stably: four passes sort. */
static void sort_by_byte(posting_list *to, const posting_list *from, unsigned shift) {
    size_t start[257] = {0};
    for (size_t i = 0; i < from->count; i++) start[(from->mz_uth[i] >> shift & 255) + 1]++;
    for (size_t i = 0; i < 256; i++) start[i + 1] += start[i];
    for (size_t i = 0; i < from->count; i++) {
        size_t place = start[from->mz_uth[i] >> shift & 255]++;
        to->mz_uth[place] = from->mz_uth[i];
        to->entry[place] = from->entry[i];
        if (to->peak) to->peak[place] = from->peak[i];
        to->weight[place] = from->weight[i];
    }
    to->count = from->count;
}

static void list_sort(posting_list *list) {
    posting_list other = list_make(list->count, list->peak);
    for (unsigned shift = 0; shift < 32; shift += 16) {
        sort_by_byte(&other, list, shift);
        sort_by_byte(list, &other, shift + 8);
    }
    list_free(&other);
}

/* Precursor − m/z, lifted: losses between −1073 and 3221 Th are apart. */
static uint32_t loss_key(uint32_t precursor_uth, uint32_t mz_uth) {
    return ((uint32_t)1 << 30) + precursor_uth - mz_uth;
}

static uint32_t *zeroes(size_t count) {
    uint32_t *values = bench_allocate(count, sizeof *values);
    memset(values, 0, count * sizeof *values);
    return values;
}

bench_index *bench_index_make(const db_set *set, bool hybrid) {
    bench_index *index = bench_allocate(1, sizeof *index);
    *index = (bench_index){.count = set->entry_count};
    index->fragments = list_make(set->peak_count, hybrid);
    if (hybrid) {
        index->losses = list_make(set->peak_count, true);
        index->met = zeroes(index->count);
        index->taken = zeroes(set->peak_count);
    }
    index->precursor_uth = bench_allocate(index->count, sizeof(uint32_t));
    index->score = bench_allocate(index->count, sizeof(float));
    index->entropy = bench_allocate(2 * WEIGHT_ONE + 1, sizeof(float));
    for (uint32_t i = 1; i <= 2 * WEIGHT_ONE; i++)
        index->entropy[i] = (float)((double)i / WEIGHT_ONE / 2 * log2((double)i / WEIGHT_ONE));
    for (uint32_t i = 0; i < set->count; i++) {
        db_spectrum spectrum;
        if (!db_spectrum_at(&spectrum, set, i)) bench_check(SPECTRA_E_CORRUPT, NULL, "baseline");
        index->precursor_uth[spectrum.entry] = spectrum.precursor_uth;
        for (uint32_t j = spectrum.first_peak; j < spectrum.first_peak + spectrum.peak_count; j++) {
            list_add(&index->fragments, set->mz_uth[j], spectrum.entry, j, set->weight[j]);
            if (!hybrid) continue;
            uint32_t loss = loss_key(spectrum.precursor_uth, set->mz_uth[j]);
            list_add(&index->losses, loss, spectrum.entry, j, set->weight[j]);
        }
    }
    list_sort(&index->fragments);
    if (hybrid) list_sort(&index->losses);
    return index;
}

void bench_index_free(bench_index *index) {
    list_free(&index->fragments);
    list_free(&index->losses);
    free(index->met);
    free(index->taken);
    free(index->precursor_uth);
    free(index->score);
    free(index->entropy);
    free(index);
}

/* What a pair adds: ½·((a+b)·log2(a+b) − a·log2 a − b·log2 b). By the logarithm of the C library … */
static inline float term(const bench_index *index, uint32_t a, uint32_t b) {
    float sum = (float)(a + b) * (1.0f / WEIGHT_ONE);
    return 0.5f * sum * log2f(sum) - index->entropy[a] - index->entropy[b];
}

/* … or all of it from a table. */
static inline float term_of_table(const bench_index *index, uint32_t a, uint32_t b) {
    return index->entropy[a + b] - index->entropy[a] - index->entropy[b];
}

static size_t lower_bound(const uint32_t *values, size_t count, uint32_t value) {
    size_t low = 0;
    while (count > 0) {
        size_t half = count / 2;
        if (values[low + half] < value) {
            low += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return low;
}

/* Postings [first, end) of an inclusive window. */
typedef struct range {
    size_t first, end;
} range;

static range range_of(const posting_list *list, uint32_t centre, uint32_t tolerance) {
    range found;
    found.first = lower_bound(list->mz_uth, list->count, centre > tolerance ? centre - tolerance : 0);
    found.end = found.first;
    while (found.end < list->count && list->mz_uth[found.end] - centre + tolerance <= 2 * tolerance) found.end++;
    return found;
}

static void offer(bench_hits *hits, uint32_t entry, float score) {
    if (hits->count == BENCH_TOP) {
        const bench_hit *worst = &hits->hit[BENCH_TOP - 1];
        if (score < worst->score || (score == worst->score && entry > worst->entry)) return;
        hits->count--;
    }
    uint32_t place = hits->count++;
    for (; place > 0; place--) {
        const bench_hit *before = &hits->hit[place - 1];
        if (before->score > score || (before->score == score && before->entry < entry)) break;
        hits->hit[place] = *before;
    }
    hits->hit[place] = (bench_hit){entry, score};
}

void bench_take_top(bench_hits *hits, const float *score, uint32_t count) {
    float least = 0;
    hits->count = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (score[i] < least || score[i] <= 0) continue;
        offer(hits, i, score[i]);
        if (hits->count == BENCH_TOP) least = hits->hit[BENCH_TOP - 1].score;
    }
}

void bench_search_open(bench_hits *hits, bench_index *index, const spectra_prepared *query, uint32_t tolerance_uth) {
    memset(index->score, 0, index->count * sizeof(float));
    const posting_list *list = &index->fragments;
    for (uint32_t i = 0; i < query->count; i++) {
        range found = range_of(list, query->mz_uth[i], tolerance_uth);
        for (size_t j = found.first; j < found.end; j++)
            index->score[list->entry[j]] += term(index, query->weight[i], list->weight[j]);
    }
    bench_take_top(hits, index->score, index->count);
}

void bench_search_table(bench_hits *hits, bench_index *index, const spectra_prepared *query, uint32_t tolerance_uth) {
    memset(index->score, 0, index->count * sizeof(float));
    const posting_list *list = &index->fragments;
    for (uint32_t i = 0; i < query->count; i++) {
        range found = range_of(list, query->mz_uth[i], tolerance_uth);
        for (size_t j = found.first; j < found.end; j++)
            index->score[list->entry[j]] += term_of_table(index, query->weight[i], list->weight[j]);
    }
    bench_take_top(hits, index->score, index->count);
}

/* Pairs one to one: a query peak with the first of an entry's peaks in its window that is not taken. */
static void scatter_pairs(bench_index *index, const posting_list *list, range found, uint32_t weight) {
    for (size_t j = found.first; j < found.end; j++) {
        uint32_t entry = list->entry[j], peak = list->peak[j];
        if (index->met[entry] == index->peak_number || index->taken[peak] == index->query_number) continue;
        index->met[entry] = index->peak_number;
        index->taken[peak] = index->query_number;
        index->score[entry] += term(index, weight, list->weight[j]);
    }
}

/* What has been taken at its m/z for the query peak at hand has it as its partner. */
static void mark_met(bench_index *index, const posting_list *list, range found) {
    for (size_t j = found.first; j < found.end; j++)
        if (index->taken[list->peak[j]] == index->query_number) index->met[list->entry[j]] = index->peak_number;
}

void bench_search_hybrid(bench_hits *hits, bench_index *index, const spectra_prepared *query, uint32_t tolerance_uth) {
    memset(index->score, 0, index->count * sizeof(float));
    index->query_number++;
    for (uint32_t i = 0; i < query->count; i++) {
        index->peak_number++;
        scatter_pairs(index, &index->fragments, range_of(&index->fragments, query->mz_uth[i], tolerance_uth),
                      query->weight[i]);
    }
    for (uint32_t i = 0; i < query->count; i++) {
        uint32_t loss = loss_key(query->precursor_uth, query->mz_uth[i]);
        index->peak_number++;
        mark_met(index, &index->fragments, range_of(&index->fragments, query->mz_uth[i], tolerance_uth));
        scatter_pairs(index, &index->losses, range_of(&index->losses, loss, tolerance_uth), query->weight[i]);
    }
    bench_take_top(hits, index->score, index->count);
}

void bench_search_identity(bench_hits *hits, bench_index *index, const spectra_prepared *query, uint32_t tolerance_uth,
                           uint32_t precursor_tolerance_uth) {
    const posting_list *list = &index->fragments;
    uint32_t low = query->precursor_uth - precursor_tolerance_uth, width = 2 * precursor_tolerance_uth;
    memset(index->score, 0, index->count * sizeof(float));
    for (uint32_t i = 0; i < query->count; i++) {
        range found = range_of(list, query->mz_uth[i], tolerance_uth);
        for (size_t j = found.first; j < found.end; j++) {
            uint32_t entry = list->entry[j];
            if (index->precursor_uth[entry] - low > width) continue;
            index->score[entry] += term(index, query->weight[i], list->weight[j]);
        }
    }
    bench_take_top(hits, index->score, index->count);
}
