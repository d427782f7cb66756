/* SPDX-License-Identifier: Apache-2.0 */
/* Peaks too close to be told apart become one. Knows µTh and integer intensities; nothing of ppm or of files. */
#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "peaks/peaks.h"

/* What a pass has made of a peak. */
enum { FREE = 0, TAKEN = 1, CENTRE = 2 };

typedef struct merging {
    uint32_t *mz_uth;
    uint64_t *intensity;
    uint8_t *mark;
    size_t count;
    uint32_t gap_uth;
} merging;

static bool close_to_next(const merging *m, size_t i) {
    return i + 1 < m->count && m->mz_uth[i + 1] - m->mz_uth[i] <= m->gap_uth;
}

/* Lists the peaks that have another within the gap. */
static size_t list_close(uint32_t *order, const merging *m) {
    size_t listed = 0;
    bool close_before = false;
    for (size_t i = 0; i < m->count; i++) {
        bool close_behind = close_to_next(m, i);
        if (close_before || close_behind) order[listed++] = (uint32_t)i;
        close_before = close_behind;
    }
    return listed;
}

/* Stronger peaks come first, of equals the one of lower m/z. */
static bool comes_later(const merging *m, uint32_t a, uint32_t b) {
    if (m->intensity[a] != m->intensity[b]) return m->intensity[a] < m->intensity[b];
    return a > b;
}

/* Lets order[top] sink until both below it come earlier. */
static void sink(uint32_t *order, size_t top, size_t size, const merging *m) {
    uint32_t sinking = order[top];
    for (size_t child = 2 * top + 1; child < size; child = 2 * top + 1) {
        if (child + 1 < size && comes_later(m, order[child + 1], order[child])) child++;
        if (!comes_later(m, order[child], sinking)) break;
        order[top] = order[child];
        top = child;
    }
    order[top] = sinking;
}

/* A heap sort: in place, and never worse than n log n. */
static void strongest_first(uint32_t *order, size_t count, const merging *m) {
    for (size_t top = count / 2; top-- > 0;) sink(order, top, count, m);
    for (size_t size = count; size-- > 1;) {
        uint32_t latest = order[0];
        order[0] = order[size];
        order[size] = latest;
        sink(order, 0, size, m);
    }
}

/* The first and last peak within the gap of a centre. An earlier centre may have moved into reach, but nothing beyond
   it: it stood farther off than the gap, or it would have taken this one. */
static void reach(size_t *first, size_t *last, size_t centre, const merging *m) {
    uint32_t mz = m->mz_uth[centre];
    *first = *last = centre;
    while (*first > 0 && mz - m->mz_uth[*first - 1] <= m->gap_uth) (*first)--;
    while (*last + 1 < m->count && m->mz_uth[*last + 1] - mz <= m->gap_uth) (*last)++;
}

/* Takes the free peaks within the gap into the centre, at their mean, half a µTh rounded up. */
static void take_close(merging *m, size_t centre) {
    size_t first, last;
    reach(&first, &last, centre, m);
    uint32_t start = m->mz_uth[first];
    uint64_t total = 0, moment = 0;
    for (size_t i = first; i <= last; i++) {
        if (m->mark[i] != FREE) continue;
        m->mark[i] = TAKEN;
        total += m->intensity[i];
        moment += m->intensity[i] * (m->mz_uth[i] - start);
    }
    m->mark[centre] = CENTRE;
    m->intensity[centre] = total;
    if (total > 0) m->mz_uth[centre] = start + (uint32_t)((moment + total / 2) / total);
}

static void drop_taken(merging *m) {
    size_t kept = 0;
    for (size_t i = 0; i < m->count; i++) {
        if (m->mark[i] == TAKEN) continue;
        m->mz_uth[kept] = m->mz_uth[i];
        m->intensity[kept++] = m->intensity[i];
    }
    m->count = kept;
}

/* Time: O(n log n). Merging moves a peak only between those it took, so runs of close peaks never meet, and peaks with
   no other close to them are through. In a run each centre that took nothing lies beside a peak that another took, and
   no two beside the same: a pass leaves at most two thirds of the peaks that it lists, which bounds all sorting by
   three times the first, and the passes by log(n) / log(1.5). Centres of a pass lie more than the gap apart, so a peak
   is within reach of two at the most. */
size_t peaks_merge_close(uint32_t *mz_uth, uint64_t *intensity, size_t count, uint32_t gap_uth, uint32_t *order,
                         uint8_t *mark) {
    assert(count <= PEAKS_MAX_MERGED && gap_uth <= PEAKS_MAX_GAP_UTH);
    merging m = {mz_uth, intensity, mark, count, gap_uth};
    size_t listed;
    while ((listed = list_close(order, &m)) > 0) {
        strongest_first(order, listed, &m);
        memset(mark, FREE, m.count);
        for (size_t i = 0; i < listed; i++) {
            if (mark[order[i]] == FREE) take_close(&m, order[i]);
        }
        drop_taken(&m);
    }
    return m.count;
}
