/* SPDX-License-Identifier: Apache-2.0 */
/* Peaks into the order of their m/z. Knows arrays only; merges runs of doubling length, in the caller's memory. */
#include <assert.h>
#include <string.h>

#include "peaks/peaks.h"

/* Where the first peak stands that is below the one before it, or count. */
static size_t first_disorder(const double *mz, size_t count) {
    size_t i = 1;
    while (i < count && mz[i] >= mz[i - 1]) i++;
    return i < count ? i : count;
}

/* Merges from[first, middle) and from[middle, end) into `to`; of equals the left one first. */
static void merge_runs(const double *mz, uint32_t *to, const uint32_t *from, size_t first, size_t middle, size_t end) {
    size_t left = first, right = middle;
    for (size_t i = first; i < end; i++) {
        int take_right = right < end && (left == middle || mz[from[right]] < mz[from[left]]);
        to[i] = take_right ? from[right++] : from[left++];
    }
}

static size_t lesser(size_t a, size_t b) {
    return a < b ? a : b;
}

/* order[0, count) becomes the sorted permutation. */
static void sort_order(const double *mz, uint32_t *order, size_t count) {
    uint32_t *from = order, *to = order + count;
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t first = 0; first < count; first += 2 * width) {
            merge_runs(mz, to, from, first, lesser(first + width, count), lesser(first + 2 * width, count));
        }
        uint32_t *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != order) memcpy(order, from, count * sizeof *order);
}

/* Moves the peaks along the cycles of the permutation, which is used up. */
static void permute(double *mz, double *intensity, uint32_t *order, size_t count) {
    for (size_t start = 0; start < count; start++) {
        double start_mz = mz[start], start_intensity = intensity[start];
        size_t to = start;
        while (order[to] != start) {
            size_t from = order[to];
            mz[to] = mz[from];
            intensity[to] = intensity[from];
            order[to] = (uint32_t)to;
            to = from;
        }
        mz[to] = start_mz;
        intensity[to] = start_intensity;
        order[to] = (uint32_t)to;
    }
}

int peaks_sort(double *mz, double *intensity, uint32_t *order, size_t count) {
    assert(count <= UINT32_MAX);
    for (size_t i = 0; i < count; i++) order[i] = (uint32_t)i;
    if (first_disorder(mz, count) == count) return 0;
    sort_order(mz, order, count);
    memcpy(order + count, order, count * sizeof *order);
    permute(mz, intensity, order + count, count);
    return 1;
}
