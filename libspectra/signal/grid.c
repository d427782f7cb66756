/* SPDX-License-Identifier: Apache-2.0 */
/* Samples onto cells. For the comb a cell is an even part of its unit, so that every unit falls on a cell; for
   centroids a cell is a sample. Sums are kept: a sample's intensity is shared among the cells that its own interval
   overlaps. */
#include <string.h>

#include "signal/real.h"
#include "signal/signal.h"

#define MARGIN_MZ 24.0 /* of zeros behind the last cell: nothing wraps around */
#define OPENING_MZ 12.0
#define CENTROID_OPENING_WIDTHS 20
#define DEFAULT_FWHM 0.7
#define MAX_OFFSET 1.3
#define MAX_SLOPE_PPM 1000

static bool options_valid(const spectra_profile_options *o) {
    return o->ionisation >= 0 && o->ionisation <= SPECTRA_IONISATION_PROTONATED && o->method >= 0 &&
           o->method <= SPECTRA_PEAKS_CENTROID && o->baseline >= 0 && o->baseline <= SPECTRA_BASELINE_NONE &&
           o->wiener <= 1 && o->iterations <= 200 && (o->fwhm == 0 || (o->fwhm >= 0.05 && o->fwhm <= 10)) &&
           o->ion_intensity >= 0 && o->ion_intensity < 1e300 && o->threshold >= 0 && o->threshold <= 1000 &&
           o->max_offset >= 0 && o->max_offset <= MAX_OFFSET && o->max_slope_ppm >= 0 &&
           o->max_slope_ppm <= MAX_SLOPE_PPM;
}

static bool profile_valid(const spectra_profile *p) {
    bool even = p->mz == NULL;
    if (p->size != sizeof *p || p->count < 8 || !p->intensity || !(p->saturation >= 0)) return false;
    if (p->intensity_kind < 0 || p->intensity_kind > SPECTRA_SAMPLES_INT32) return false;
    if (even) return p->first_mz >= 0 && p->step_mz > 0 && p->first_mz + p->step_mz * p->count < 1e6;
    if (p->mz_kind != SPECTRA_SAMPLES_DOUBLE && p->mz_kind != SPECTRA_SAMPLES_FLOAT) return false;
    double first = signal_sample_mz(p, 0), last = signal_sample_mz(p, p->count - 1);
    return first >= 0 && last > first && last < 1e6;
}

static void fill_defaults(spectra_profile_options *o) {
    o->size = sizeof *o;
    if (o->iterations == 0) o->iterations = 20;
    if (o->threshold == 0) o->threshold = 4;
    if (o->max_offset == 0) o->max_offset = MAX_OFFSET;
    if (o->max_slope_ppm == 0) o->max_slope_ppm = MAX_SLOPE_PPM;
}

/* Cells of at most a twelfth of a width; at least 8 and at most 64 in a unit. */
static uint32_t cells_per_unit(double fwhm) {
    double wanted = 12 * SIGNAL_COMB_MZ / (fwhm > 0 ? fwhm : DEFAULT_FWHM);
    uint32_t per_unit = 8;
    while (per_unit < wanted && per_unit < 64) per_unit += 4;
    return per_unit;
}

spectra_status signal_make_plan(signal_plan *plan, const spectra_profile *profile,
                                const spectra_profile_options *options) {
    *plan = (signal_plan){0};
    if (options && !base_take_options(&plan->options, sizeof plan->options, options)) return SPECTRA_E_INVALID;
    if (!profile || !options_valid(&plan->options) || !profile_valid(profile)) return SPECTRA_E_INVALID;
    fill_defaults(&plan->options);
    double first = signal_sample_mz(profile, 0), last = signal_sample_mz(profile, profile->count - 1), cells, margin;
    plan->sample_step = (last - first) / (profile->count - 1);
    if (plan->options.method == SPECTRA_PEAKS_COMB) {
        plan->per_unit = cells_per_unit(plan->options.fwhm);
        plan->first_unit = (uint32_t)(first / SIGNAL_COMB_MZ);
        plan->first_unit -= plan->first_unit < 2 ? plan->first_unit : 2; /* the axis may move by more than one */
        cells = ((last - first) / SIGNAL_COMB_MZ + 6) * plan->per_unit + 1;
        margin = MARGIN_MZ / SIGNAL_COMB_MZ * plan->per_unit;
        plan->window = (uint32_t)(OPENING_MZ / SIGNAL_COMB_MZ * plan->per_unit);
    } else {
        cells = profile->count;
        margin = profile->count < 4096 ? profile->count : 4096;
    }
    if (!(cells + margin < SIGNAL_MAX_CELLS)) return SPECTRA_E_LIMIT;
    plan->cell_count = (uint32_t)cells;
    plan->fft_count = spectra_fft_size((uint32_t)(cells + margin));
    return SPECTRA_OK;
}

double signal_mz_at(const signal_work *work, double cell) {
    uint32_t i = cell > 0 ? (uint32_t)cell : 0;
    if (i > work->plan->cell_count - 2) i = work->plan->cell_count - 2;
    return work->cell_mz[i] + (work->cell_mz[i + 1] - work->cell_mz[i]) * (cell - i);
}

/* Centroids: a cell is a sample. */
static void copy_samples(signal_work *work, const spectra_profile *profile) {
    for (uint32_t i = 0; i < profile->count; i++) {
        double intensity = signal_sample_intensity(profile, i);
        bool measured = intensity == intensity, full = profile->saturation > 0 && intensity >= profile->saturation;
        work->cell_mz[i] = signal_sample_mz(profile, i);
        work->sum[i] = measured ? (float)intensity : 0;
        work->state[i] = (uint8_t)((measured ? SIGNAL_CELL_MEASURED : 0) | (full ? SIGNAL_CELL_SATURATED : 0));
    }
}

static void share_among_cells(signal_work *work, double from, double to, double intensity, uint8_t state) {
    double density = intensity / (to - from);
    if (!(from >= 0)) from = 0;
    if (!(to <= work->plan->cell_count)) to = work->plan->cell_count;
    uint32_t cell = from < to ? (uint32_t)from : 0;
    if (cell < to && to <= cell + 1.0) {
        work->sum[cell] += (float)(density * (to - from));
        work->state[cell] |= state;
        return;
    }
    for (; cell < to; cell++) {
        double begin = cell > from ? cell : from, end = cell + 1 < to ? cell + 1 : to;
        work->sum[cell] += (float)(density * (end - begin));
        work->state[cell] |= state;
    }
}

/* A sample's interval reaches half way to its neighbours, but across no gap: no further than its nearer one is away. */
static void share_samples(signal_work *work, const spectra_profile *profile, const signal_axis *axis) {
    const signal_plan *plan = work->plan;
    double scale = plan->per_unit / SIGNAL_COMB_MZ / (1 + axis->slope);
    double origin = axis->offset * scale + (double)plan->first_unit * plan->per_unit - 0.5;
    double mz = signal_sample_mz(profile, 0), next = signal_sample_mz(profile, 1), left = next - mz;
    for (uint32_t i = 0; i < profile->count; i++) {
        double intensity = signal_sample_intensity(profile, i), right = left;
        if (i + 1 < profile->count) {
            next = signal_sample_mz(profile, i + 1);
            right = next - mz;
        }
        double most = 2 * (left < right ? left : right);
        double from = (mz - (left < most ? left : most) / 2) * scale - origin;
        double to = (mz + (right < most ? right : most) / 2) * scale - origin;
        uint8_t state = SIGNAL_CELL_MEASURED;
        if (profile->saturation > 0 && intensity >= profile->saturation) state |= SIGNAL_CELL_SATURATED;
        if (intensity == intensity && to > from)
            share_among_cells(work, from, to, intensity, state); /* NaN: unmeasured */
        left = right;
        mz = next;
    }
}

void signal_lay_grid(signal_work *work, const spectra_profile *profile, const signal_axis *axis) {
    const signal_plan *plan = work->plan;
    if (plan->per_unit == 0) {
        copy_samples(work, profile);
        return;
    }
    memset(work->sum, 0, plan->cell_count * sizeof *work->sum);
    memset(work->state, 0, plan->cell_count);
    share_samples(work, profile, axis);
    for (uint32_t cell = 0; cell < plan->cell_count; cell++)
        work->cell_mz[cell] = (plan->first_unit + (double)cell / plan->per_unit) * SIGNAL_COMB_MZ;
}
