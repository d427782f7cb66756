/* SPDX-License-Identifier: Apache-2.0 */
/* Richardson and Lucy's deconvolution onto the comb: the heights at whole units that explain the profile best if ions
   are counted (Richardson 1972, Lucy 1974; readout noise after Snyder et al. 1993). */
#include <string.h>

#include "signal/signal.h"

#define MOST_RATIO 10.0f

/* Units whose matched filter is above the threshold begin with it; the others stay 0. */
static void begin_comb(signal_work *work) {
    const signal_plan *plan = work->plan;
    memset(work->other, 0, plan->cell_count * sizeof *work->other);
    for (uint32_t cell = 0; cell < plan->cell_count; cell += plan->per_unit)
        if (work->matched[cell] >= plan->options.threshold) work->other[cell] = work->amplitude[cell];
}

/* Baseline and peaks. */
static void explain(signal_work *work) {
    signal_convolve(work, work->model, work->other, work->shape, false);
    for (uint32_t i = 0; i < work->plan->cell_count; i++) {
        if (!(work->model[i] > 0)) work->model[i] = 0; /* rounding of the transform */
        work->model[i] += work->baseline[i];
    }
}

/* Measured over explained. The variance of a cell where no ion is, in ions, is added to both; where nothing was
   measured nothing is to be explained. */
static void compare(float *ratio, const signal_work *work, const float *curve) {
    double ion = work->plan->options.ion_intensity;
    float floor = (float)(ion > 0 ? work->noise * work->noise / ion + 0.05 * ion : work->noise);
    for (uint32_t i = 0; i < work->plan->cell_count; i++) {
        float found = (curve[i] > 0 ? curve[i] : 0) + floor, explained = work->model[i] + floor;
        ratio[i] = explained > 0 && (work->state[i] & SIGNAL_CELL_MEASURED) ? found / explained : 1;
        if (ratio[i] > MOST_RATIO) ratio[i] = MOST_RATIO;
    }
}

void signal_deconvolve(signal_work *work, const float *curve) {
    const signal_plan *plan = work->plan;
    float *ratio = work->matched; /* lent: the matched filter is computed again */
    begin_comb(work);
    for (uint32_t i = 0; i < plan->options.iterations; i++) {
        explain(work);
        compare(ratio, work, curve);
        signal_convolve(work, ratio, ratio, work->shape, true);
        for (uint32_t cell = 0; cell < plan->cell_count; cell += plan->per_unit)
            if (ratio[cell] > 0) work->other[cell] *= ratio[cell];
    }
    explain(work);
    signal_match(work, curve);
}
