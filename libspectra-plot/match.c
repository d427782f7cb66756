/* SPDX-License-Identifier: Apache-2.0 */
/* Which peaks of two spectra are the same: in place, or shifted by the difference of their precursors. For the eye:
   what a score rests on is the library's. */
#include <math.h>
#include <stdlib.h>

#include "layout.h"

#define USUAL_TOLERANCE 0.01 /* Th */

typedef struct ranked {
    double percent;
    size_t index;
} ranked;

static int by_strength(const void *a, const void *b) {
    const ranked *x = a, *y = b;
    if (x->percent != y->percent) return x->percent < y->percent ? 1 : -1;
    return x->index > y->index ? 1 : -1;
}

static double tolerance_at(const spectra_plot_options *options, double mz) {
    if (options->tolerance.ppm > 0) return mz * options->tolerance.ppm * 1e-6;
    return options->tolerance.uth > 0 ? options->tolerance.uth * 1e-6 : USUAL_TOLERANCE;
}

static size_t first_from(const plot_stick *sticks, size_t count, double mz) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sticks[middle].mz < mz)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The nearest stick that no other has, within the tolerance; `count` where there is none. The width has a thousandth of
   a µTh to spare: m/z of decimals are no exact doubles. */
static size_t nearest(const plot_stick *sticks, size_t count, double mz, double tolerance) {
    size_t best = count;
    double least = tolerance + 1e-9;
    for (size_t i = first_from(sticks, count, mz - least); i < count && sticks[i].mz <= mz + tolerance + 1e-9; i++) {
        double distance = fabs(sticks[i].mz - mz);
        if (sticks[i].kind != STICK_OTHER || distance > least) continue;
        least = distance;
        best = i;
    }
    return best;
}

static void pair(plot_stick *query, plot_stick *reference, size_t count, double shift, stick_kind kind,
                 const spectra_plot_options *options) {
    if (query->kind != STICK_OTHER) return;
    double mz = query->mz - shift;
    size_t i = nearest(reference, count, mz, tolerance_at(options, query->mz));
    if (i == count) return;
    query->kind = reference[i].kind = kind;
    query->error_ppm = (mz - reference[i].mz) / reference[i].mz * 1e6;
}

static double whole(double mz) {
    return floor(mz + 0.5);
}

/* By whole m/z: all peaks of a unit match all of the other's, as preparing makes one of them. */
static void pair_nominal(plot_stick *query, size_t query_count, plot_stick *reference, size_t reference_count,
                         double shift, stick_kind kind) {
    for (size_t i = 0, k = 0; i < query_count; i++) {
        double unit = whole(query[i].mz) - shift;
        while (k < reference_count && whole(reference[k].mz) < unit) k++;
        if (query[i].kind != STICK_OTHER) continue;
        for (size_t j = k; j < reference_count && whole(reference[j].mz) == unit; j++) {
            if (reference[j].kind != STICK_OTHER && reference[j].kind != kind) continue;
            query[i].kind = reference[j].kind = kind;
        }
    }
}

bool match_sticks(plot_stick *query, size_t query_count, plot_stick *reference, size_t reference_count,
                  const spectra_plot_options *options) {
    double shift = options->delta_mz;
    if (options->nominal) {
        pair_nominal(query, query_count, reference, reference_count, 0, STICK_MATCHED);
        if (shift != 0) pair_nominal(query, query_count, reference, reference_count, whole(shift), STICK_SHIFTED);
        return true;
    }
    ranked *order = malloc((query_count + 1) * sizeof *order);
    if (!order) return false;
    for (size_t i = 0; i < query_count; i++) order[i] = (ranked){query[i].percent, i};
    qsort(order, query_count, sizeof *order, by_strength);
    for (size_t i = 0; i < query_count; i++)
        pair(&query[order[i].index], reference, reference_count, 0, STICK_MATCHED, options);
    for (size_t i = 0; shift != 0 && i < query_count; i++)
        pair(&query[order[i].index], reference, reference_count, shift, STICK_SHIFTED, options);
    free(order);
    return true;
}
