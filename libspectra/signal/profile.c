/* SPDX-License-Identifier: Apache-2.0 */
/* From a profile to its peaks: the order of the steps, their memory, and the checks of what comes from outside. */
#include <string.h>

#include "signal/real.h"
#include "signal/signal.h"

#define FIRST_FWHM 0.7      /* until it is measured, in Th */
#define MZ_QUANTA 1e4       /* in a Th */
#define FIRST_SIGMA_CELLS 2 /* centroids: likewise, in samples */

static spectra_status check_samples(const spectra_profile *profile, spectra_error *error) {
    /* Of an even axis the last step tells of all: numbers are the coarsest there. */
    uint32_t first = profile->mz ? 0 : profile->count - 2;
    double before = profile->mz ? -1 : signal_sample_mz(profile, first++);
    for (uint32_t i = first; i < profile->count; i++) {
        double mz = signal_sample_mz(profile, i);
        if (!(mz > before && mz < 1e6))
            return base_fail(error, SPECTRA_E_FORMAT, (base_place){0, i}, "the m/z of a profile do not rise");
        before = mz;
    }
    for (uint32_t i = 0; i < profile->count; i++) {
        double intensity = signal_sample_intensity(profile, i);
        if (intensity > 1e30 || intensity < -1e30)
            return base_fail(error, SPECTRA_E_FORMAT, (base_place){0, i}, "an intensity is too large");
    }
    return SPECTRA_OK;
}

/* --- Memory --- */

uint32_t signal_peak_capacity(const signal_plan *plan) {
    return plan->per_unit > 0 ? plan->cell_count / plan->per_unit + 1 : plan->cell_count / 2 + 1;
}

#define CELL_CURVES 6 /* sum, baseline, denoised, matched, model, amplitude */

static size_t add_cost(size_t sum, size_t count, size_t element_size, size_t times) {
    size_t cost = base_scratch_cost(count, element_size), all;
    if (!base_multiply(&all, cost, times) || all > SIZE_MAX - sum) return SIZE_MAX;
    return sum + all;
}

static size_t required(const signal_plan *plan) {
    size_t sum = signal_fft_required(plan->fft_count);
    sum = add_cost(sum, plan->cell_count, sizeof(float), CELL_CURVES);
    sum = add_cost(sum, (size_t)plan->fft_count + 2, sizeof(float), 2);
    sum = add_cost(sum, plan->fft_count / 2 + 1, sizeof(float), 1);
    sum = add_cost(sum, plan->cell_count, sizeof(double) + sizeof(float) + 1, 1) + 128;
    sum = add_cost(sum, signal_peak_capacity(plan), sizeof(spectra_profile_peak), 1);
    return add_cost(sum, 1, sizeof(spectra_profile_result), 1);
}

size_t spectra_profile_required(const spectra_profile *profile, const spectra_profile_options *options) {
    signal_plan plan;
    return signal_make_plan(&plan, profile, options) < 0 ? SIZE_MAX : required(&plan);
}

uint32_t spectra_profile_fft_size(const spectra_profile *profile, const spectra_profile_options *options) {
    signal_plan plan;
    return signal_make_plan(&plan, profile, options) < 0 ? 0 : plan.fft_count;
}

static bool take_curves(signal_work *work, spectra_scratch *scratch) {
    const signal_plan *plan = work->plan;
    float **curves[CELL_CURVES] = {&work->sum,     &work->baseline, &work->denoised,
                                   &work->matched, &work->model,    &work->amplitude};
    bool taken = true;
    for (int i = 0; i < CELL_CURVES; i++) {
        *curves[i] = (float *)base_scratch_take(scratch, plan->cell_count, sizeof(float));
        taken &= *curves[i] != NULL;
    }
    work->work = (float *)base_scratch_take(scratch, (size_t)plan->fft_count + 2, sizeof(float));
    work->other = (float *)base_scratch_take(scratch, (size_t)plan->fft_count + 2, sizeof(float));
    work->shape = (float *)base_scratch_take(scratch, plan->fft_count / 2 + 1, sizeof(float));
    work->room = (float *)base_scratch_take(scratch, plan->cell_count, sizeof(float));
    work->state = (uint8_t *)base_scratch_take(scratch, plan->cell_count, 1);
    work->cell_mz = (double *)base_scratch_take(scratch, plan->cell_count, sizeof(double));
    return taken && work->work && work->other && work->shape && work->room && work->state && work->cell_mz;
}

/* --- Steps --- */

static void set_width(signal_work *work, double sigma_cells) {
    work->sigma_cells = sigma_cells < 0.8 ? 0.8 : sigma_cells; /* narrower, its transfer function would not end */
    signal_gauss_transfer(work->shape, work->plan->fft_count, work->sigma_cells);
}

static double cell_step(const signal_plan *plan) {
    return plan->per_unit > 0 ? SIGNAL_COMB_MZ / plan->per_unit : plan->sample_step;
}

/* The width as given, else as measured above a baseline that a first guess finds. */
static void find_width(signal_work *work, signal_plan *plan) {
    double fwhm = plan->options.fwhm,
           first = plan->per_unit > 0 ? FIRST_FWHM / cell_step(plan) / SIGNAL_FWHM_SIGMAS : FIRST_SIGMA_CELLS;
    if (plan->per_unit == 0) plan->window = plan->cell_count / 4;
    set_width(work, fwhm > 0 ? fwhm / cell_step(plan) / SIGNAL_FWHM_SIGMAS : first);
    if (fwhm == 0) {
        signal_find_baseline(work, false);
        double cells = signal_measure_width(work);
        if (cells > 0) set_width(work, cells / SIGNAL_FWHM_SIGMAS);
    }
    if (plan->per_unit == 0) {
        double window = 20 * work->sigma_cells * SIGNAL_FWHM_SIGMAS;
        if (window < plan->window) plan->window = (uint32_t)window;
    }
}

static void filter_grid(signal_work *work, const spectra_profile *profile) {
    signal_measure_noise(work, profile);
    signal_find_baseline(work, true);
    signal_match(work, work->sum);
}

/* The grid is laid once more where the axis is not as it was read. */
static signal_axis correct_axis(signal_work *work, const spectra_profile *profile) {
    signal_axis axis = {.determined = true};
    spectra_ionisation ionisation = work->plan->options.ionisation;
    if (ionisation == SPECTRA_IONISATION_UNKNOWN || work->plan->per_unit == 0) return axis;
    axis = signal_find_axis(work, ionisation);
    if (axis.offset != 0 || axis.slope != 0) {
        signal_lay_grid(work, profile, &axis);
        filter_grid(work, profile);
    }
    return axis;
}

static uint32_t warnings_of(const signal_work *work, const signal_axis *axis, uint32_t peak_count) {
    uint32_t warnings = axis->determined ? 0 : SPECTRA_PROFILE_AXIS_UNDETERMINED;
    uint32_t first = 0, last = work->plan->cell_count;
    while (first < last && !(work->state[first] & SIGNAL_CELL_MEASURED)) first++;
    while (last > first && !(work->state[last - 1] & SIGNAL_CELL_MEASURED)) last--;
    for (uint32_t i = first; i < last; i++) {
        if (work->state[i] & SIGNAL_CELL_SATURATED) warnings |= SPECTRA_PROFILE_SATURATED;
        if (!(work->state[i] & SIGNAL_CELL_MEASURED)) warnings |= SPECTRA_PROFILE_GAPS;
    }
    return peak_count == 0 ? warnings | SPECTRA_PROFILE_NO_SIGNAL : warnings;
}

static void tell(spectra_profile_result *result, const signal_work *work, const signal_axis *axis) {
    const signal_plan *plan = work->plan;
    result->cell_count = plan->cell_count;
    result->cell_mz = work->cell_mz;
    result->sum = work->sum;
    result->baseline = work->baseline;
    result->denoised = plan->options.wiener ? work->denoised : NULL;
    result->matched = work->matched;
    result->model = plan->per_unit > 0 ? work->model : NULL;
    result->fwhm = work->sigma_cells * SIGNAL_FWHM_SIGMAS * cell_step(plan);
    result->noise = work->noise;
    result->axis_offset = axis->offset;
    result->axis_offset_error = axis->offset_error;
    result->axis_slope_ppm = axis->slope * 1e6;
    result->axis_slope_error_ppm = axis->slope_error * 1e6;
    result->warnings = warnings_of(work, axis, result->peak_count);
}

static void find_peaks(spectra_profile_result *result, spectra_profile_peak *peaks, signal_work *work,
                       signal_plan *plan, const spectra_profile *profile) {
    const signal_axis as_read = {0};
    signal_lay_grid(work, profile, &as_read);
    find_width(work, plan);
    filter_grid(work, profile);
    signal_axis axis = correct_axis(work, profile);
    const float *curve = work->sum;
    if (plan->options.wiener) {
        signal_denoise(work);
        signal_match(work, curve = work->denoised);
    }
    if (plan->per_unit > 0) {
        signal_deconvolve(work, curve);
        result->peak_count = signal_comb_peaks(peaks, signal_peak_capacity(plan), work, &axis);
    } else {
        result->peak_count = signal_centroids(peaks, signal_peak_capacity(plan), work);
    }
    signal_quantise(peaks, result->peak_count, MZ_QUANTA);
    result->peaks = peaks;
    tell(result, work, &axis);
}

spectra_status spectra_profile_find_peaks(const spectra_profile_result **out, const spectra_profile *profile,
                                          const spectra_profile_options *options, spectra_scratch *scratch,
                                          spectra_error *error) {
    signal_plan plan;
    if (out) *out = NULL;
    spectra_status status = signal_make_plan(&plan, profile, options);
    if (!out || !scratch) status = SPECTRA_E_INVALID;
    if (status < 0) return base_fail(error, status, BASE_NO_PLACE, "the profile or its options cannot be used");
    status = check_samples(profile, error);
    if (status < 0) return status;
    size_t used = scratch->used;
    signal_work work = {.plan = &plan};
    spectra_profile_result *result = (spectra_profile_result *)base_scratch_take(scratch, 1, sizeof *result);
    spectra_profile_peak *peaks =
        (spectra_profile_peak *)base_scratch_take(scratch, signal_peak_capacity(&plan), sizeof *peaks);
    if (!result || !peaks || !take_curves(&work, scratch) || signal_fft_init(&work.fft, plan.fft_count, scratch) < 0) {
        base_scratch_return(scratch, used);
        return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "the scratch is too small");
    }
    *result = (spectra_profile_result){0};
    find_peaks(result, peaks, &work, &plan, profile);
    *out = result;
    return SPECTRA_OK;
}
