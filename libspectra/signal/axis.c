/* SPDX-License-Identifier: Apache-2.0 */
/* The mass axis from what is known to be there: background ions tell the offset, the comb of all ions the slope. */
#include "signal/real.h"
#include "signal/signal.h"

#define OFFSET_STEP 0.02
#define SLOPE_STEP 5e-5
#define NEAR_OFFSET 0.3 /* what the slope may add to the offset that the background tells */
#define NEAR_STEP 0.05
#define LEAST_IONS 3                      /* above the threshold */
#define LEAST_MARGIN 0.7                  /* of the best offset's score over that of any other */
#define MOST_SLOPE_ERROR 0.5              /* of the error without any fit: a line that is less sure tells nothing */
#define WIDEST_COMB 1.2                   /* FWHM in Th above which no comb is left to be seen */
#define WIDE_ERROR 0.05                   /* of the offset by one ion, in widths: its neighbours pull at it */
#define UNIFORM_SIGMAS 1.7320508075688772 /* half width of an even distribution */
#define MAX_RESIDUAL 0.45

/* An ion of the background. `only_background`: no fragment of interest has this mass. */
typedef struct background_ion {
    double mz;
    uint32_t unit;
    bool only_background;
} background_ion;

static const background_ion electron_ions[] = {{18.0100, 18, true},     /* H2O+ */
                                               {28.0056, 28, true},     /* N2+ */
                                               {31.9893, 32, true},     /* O2+ */
                                               {39.9618, 40, true},     /* Ar+ */
                                               {43.9893, 44, false}};   /* CO2+, but C2H6N+ too */
static const background_ion protonated_ions[] = {{19.0178, 19, true},   /* H3O+ */
                                                 {37.0284, 37, true},   /* H3O+(H2O) */
                                                 {55.0390, 55, false},  /* H3O+(H2O)2 */
                                                 {73.0495, 73, false}}; /* H3O+(H2O)3 */

static uint32_t background_of(const background_ion **ions, spectra_ionisation ionisation) {
    bool electron = ionisation == SPECTRA_IONISATION_EI, protonated = ionisation == SPECTRA_IONISATION_PROTONATED;
    *ions = electron ? electron_ions : protonated_ions;
    if (electron) return sizeof electron_ions / sizeof *electron_ions;
    return protonated ? sizeof protonated_ions / sizeof *protonated_ions : 0;
}

bool signal_is_background(spectra_ionisation ionisation, uint32_t unit) {
    const background_ion *ions;
    uint32_t count = background_of(&ions, ionisation);
    for (uint32_t i = 0; i < count; i++)
        if (ions[i].unit == unit) return ions[i].only_background;
    return false;
}

/* A curve of the uncorrected grid at an m/z; 0 below 0 and outside. */
static double curve_at(const signal_work *work, const float *curve, double mz) {
    const signal_plan *plan = work->plan;
    double cell = (mz / SIGNAL_COMB_MZ - plan->first_unit) * plan->per_unit;
    if (!(cell >= 0 && cell < plan->cell_count - 1)) return 0;
    uint32_t i = (uint32_t)cell;
    double value = curve[i] + (curve[i + 1] - curve[i]) * (cell - i);
    return value > 0 ? value : 0;
}

/* Logarithms, so that all ions have to be there: one strong peak is none of them. */
static double background_score(const signal_work *work, const background_ion *ions, uint32_t count, double offset,
                               uint32_t *seen) {
    double score = 0;
    *seen = 0;
    for (uint32_t i = 0; i < count; i++) {
        double matched = curve_at(work, work->matched, ions[i].mz + offset);
        score += signal_log(1 + matched);
        *seen += matched >= work->plan->options.threshold;
    }
    return score;
}

static double fwhm_mz(const signal_work *work) {
    return work->sigma_cells * SIGNAL_FWHM_SIGMAS * SIGNAL_COMB_MZ / work->plan->per_unit;
}

static void find_offset(signal_axis *axis, const signal_work *work, const background_ion *ions, uint32_t count) {
    double best = 0, other = 0, near = fwhm_mz(work) > 1 ? fwhm_mz(work) / 2 : 0.5;
    uint32_t best_seen = 0, seen;
    double most = work->plan->options.max_offset;
    for (double offset = -most; offset <= most; offset += OFFSET_STEP) {
        double score = background_score(work, ions, count, offset, &seen);
        if (!(score > best)) continue;
        best = score;
        best_seen = seen;
        axis->offset = offset;
    }
    for (double offset = -most; offset <= most; offset += OFFSET_STEP) {
        double away = offset - axis->offset, score = background_score(work, ions, count, offset, &seen);
        if ((away > near || away < -near) && score > other) other = score;
    }
    axis->offset_error = OFFSET_STEP;
    axis->slope_error = work->plan->options.max_slope_ppm * 1e-6 / UNIFORM_SIGMAS;
    axis->determined = best_seen >= LEAST_IONS && best - other >= LEAST_MARGIN;
}

/* The highest cell within reach of an m/z, and between cells by a parabola. */
static double apex_near(const signal_work *work, double mz, double reach) {
    const signal_plan *plan = work->plan;
    const float *a = work->amplitude;
    double from = ((mz - reach) / SIGNAL_COMB_MZ - plan->first_unit) * plan->per_unit;
    double to = from + 2 * reach / SIGNAL_COMB_MZ * plan->per_unit;
    uint32_t best = from > 1 ? (uint32_t)from : 1;
    for (uint32_t i = best; i <= to && i + 1 < plan->cell_count; i++)
        if (a[i] > a[best]) best = i;
    return best + signal_vertex(a[best - 1], a[best], a[best + 1]);
}

/* Peaks too wide to stand apart: the lightest ion of the background has the fewest neighbours, its apex is taken. */
static void refine_offset(signal_axis *axis, const signal_work *work, const background_ion *ions, uint32_t count) {
    const signal_plan *plan = work->plan;
    for (uint32_t ion = 0; ion < count; ion++) {
        double place = ions[ion].mz + axis->offset;
        if (curve_at(work, work->matched, place) < plan->options.threshold) continue;
        axis->offset = signal_mz_at(work, apex_near(work, place, fwhm_mz(work) / 2)) - ions[ion].mz;
        axis->offset_error = WIDE_ERROR * fwhm_mz(work);
        return;
    }
}

/* --- Slope --- */

/* How much of the profile lies on the comb, strong peaks damped. */
static double comb_score(const signal_work *work, double offset, double slope) {
    const signal_plan *plan = work->plan;
    double score = 0;
    uint32_t last = plan->first_unit + plan->cell_count / plan->per_unit;
    for (uint32_t unit = plan->first_unit + 1; unit < last; unit++)
        score += signal_sqrt(curve_at(work, work->matched, unit * SIGNAL_COMB_MZ * (1 + slope) + offset));
    return score;
}

static void find_slope(signal_axis *axis, const signal_work *work) {
    double best = 0, offset = axis->offset;
    double most = work->plan->options.max_slope_ppm * 1e-6;
    for (double slope = -most; slope <= most + SLOPE_STEP / 2; slope += SLOPE_STEP)
        for (double near = -NEAR_OFFSET; near <= NEAR_OFFSET + NEAR_STEP / 2; near += NEAR_STEP) {
            double score = comb_score(work, offset + near, slope);
            if (!(score > best)) continue;
            best = score;
            axis->slope = slope;
            axis->offset = offset + near;
        }
}

/* --- A line through what is left, and its errors --- */

typedef struct line_sums {
    double w, x, y, xx, xy, yy;
    uint32_t count;
} line_sums;

static void add_point(line_sums *s, double x, double y, double w) {
    s->w += w;
    s->x += w * x;
    s->y += w * y;
    s->xx += w * x * x;
    s->xy += w * x * y;
    s->yy += w * y * y;
    s->count++;
}

/* Maxima near the teeth of the comb: how far they are off. */
static line_sums residuals(const signal_work *work, const signal_axis *axis) {
    const signal_plan *plan = work->plan;
    const float *a = work->amplitude;
    line_sums sums = {0};
    for (uint32_t i = 1; i + 1 < plan->cell_count; i++) {
        if (!(a[i] > a[i - 1] && a[i] >= a[i + 1]) || work->matched[i] < 2 * plan->options.threshold) continue;
        double true_mz = (work->cell_mz[i] - axis->offset) / (1 + axis->slope);
        double unit = (double)(int64_t)(true_mz / SIGNAL_COMB_MZ + 0.5), residual = true_mz - unit * SIGNAL_COMB_MZ;
        if (residual < MAX_RESIDUAL && residual > -MAX_RESIDUAL)
            add_point(&sums, unit * SIGNAL_COMB_MZ, residual, signal_sqrt(work->matched[i]));
    }
    return sums;
}

/* True where it is surer than before. */
static bool fit_line(signal_axis *axis, const line_sums *s) {
    double determinant = s->w * s->xx - s->x * s->x, before = axis->slope_error, most = before * UNIFORM_SIGMAS;
    if (s->count < 5 || !(determinant > 0)) return false;
    double a = (s->xx * s->y - s->x * s->xy) / determinant, b = (s->w * s->xy - s->x * s->y) / determinant;
    double rest = (s->yy - a * s->y - b * s->xy) / s->w * s->count / (s->count - 2), points = s->count / s->w;
    axis->offset += a;
    axis->slope += b;
    axis->offset_error = signal_sqrt(rest * s->xx / determinant / points);
    axis->slope_error = signal_sqrt(rest * s->w / determinant / points);
    return axis->slope_error < MOST_SLOPE_ERROR * before && axis->slope <= most && axis->slope >= -most;
}

signal_axis signal_find_axis(const signal_work *work, spectra_ionisation ionisation) {
    signal_axis axis = {0};
    const background_ion *ions;
    uint32_t count = background_of(&ions, ionisation);
    find_offset(&axis, work, ions, count);
    if (!axis.determined)
        return (signal_axis){.offset_error = work->plan->options.max_offset, .slope_error = axis.slope_error};
    if (fwhm_mz(work) > WIDEST_COMB) {
        refine_offset(&axis, work, ions, count);
        return axis;
    }
    signal_axis before = axis;
    find_slope(&axis, work);
    line_sums sums = residuals(work, &axis);
    return fit_line(&axis, &sums) ? axis : before;
}
