/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of signal/: what the steps from a profile to its peaks hand to each other. */
#ifndef SIGNAL_SIGNAL_H
#define SIGNAL_SIGNAL_H

#include <stdbool.h>

#include "base/error.h"
#include "signal/fft.h"
#include "spectra/profile.h"

/* Mean spacing of the masses of organic ions, in Th. */
#define SIGNAL_COMB_MZ 1.0006
/* Standard deviations in a full width at half height. */
#define SIGNAL_FWHM_SIGMAS 2.3548200450309493

/* Quanta of intensity in the strongest peak, up to twice as many. */
#define SIGNAL_QUANTA 65536.0

#define SIGNAL_MAX_CELLS 16777216u

/* What the options and the axis of a profile decide, before a sample's intensity is seen. */
typedef struct signal_plan {
    spectra_profile_options options; /* defaults filled in */
    uint32_t cell_count, fft_count;
    uint32_t per_unit;   /* cells of one unit of the comb; 0 where cells are the samples */
    uint32_t first_unit; /* of the comb, at cell 0 */
    double sample_step;  /* mean, in Th */
    uint32_t window;     /* cells that the baseline is opened over */
} signal_plan;

/* A correction of the mass axis: true m/z = (m/z − offset) / (1 + slope). */
typedef struct signal_axis {
    double offset, slope, offset_error, slope_error;
    bool determined;
} signal_axis;

enum { SIGNAL_CELL_SATURATED = 1, SIGNAL_CELL_MEASURED = 2 };

/* Everything that the steps work on, in scratch. Curves have cell_count values, `work` has fft_count + 2. */
typedef struct signal_work {
    const signal_plan *plan;
    signal_fft fft;
    float *sum, *baseline, *denoised, *matched, *model;
    float *amplitude; /* matched filter in units of `sum` */
    float *shape;     /* transfer function of the peak shape, fft_count/2 + 1 */
    float *work, *other;
    float *room;    /* of no meaning between steps, cell_count */
    uint8_t *state; /* SIGNAL_CELL_… */
    double *cell_mz;
    double sigma_cells; /* of the peak shape */
    double noise;       /* of a cell */
} signal_work;

/* Samples, of any kind; inline, since every one of 10⁵ is asked for several times. */
static inline double signal_number_at(const void *values, spectra_samples kind, uint32_t i) {
    switch (kind) {
    case SPECTRA_SAMPLES_FLOAT:
        return ((const float *)values)[i];
    case SPECTRA_SAMPLES_UINT16:
        return ((const uint16_t *)values)[i];
    case SPECTRA_SAMPLES_UINT32:
        return ((const uint32_t *)values)[i];
    case SPECTRA_SAMPLES_INT16:
        return ((const int16_t *)values)[i];
    case SPECTRA_SAMPLES_INT32:
        return ((const int32_t *)values)[i];
    default:
        return ((const double *)values)[i];
    }
}

static inline double signal_sample_mz(const spectra_profile *profile, uint32_t i) {
    return profile->mz ? signal_number_at(profile->mz, profile->mz_kind, i) : profile->first_mz + profile->step_mz * i;
}

static inline double signal_sample_intensity(const spectra_profile *profile, uint32_t i) {
    return signal_number_at(profile->intensity, profile->intensity_kind, i);
}

/* profile.c: the most peaks there can be. */
uint32_t signal_peak_capacity(const signal_plan *plan);

/* grid.c: SPECTRA_E_INVALID, SPECTRA_E_LIMIT. */
spectra_status signal_make_plan(signal_plan *plan, const spectra_profile *profile,
                                const spectra_profile_options *options);
/* Sums of the samples in the cells of the corrected axis. */
void signal_lay_grid(signal_work *work, const spectra_profile *profile, const signal_axis *axis);
/* m/z at a place between cells. */
double signal_mz_at(const signal_work *work, double cell);

/* filter.c */
/* Transfer function of a Gauss curve of area 1. */
void signal_gauss_transfer(float *transfer, uint32_t fft_count, double sigma_cells);
/* out = in convolved; in and out may be the same. What is beyond the last cell counts as the last cell's value where
   `extend`, else as 0. */
void signal_convolve(const signal_work *work, float *out, const float *in, const float *transfer, bool extend);
double signal_measure_width(const signal_work *work);
void signal_measure_noise(signal_work *work, const spectra_profile *profile);
/* Σ h² of the peak shape h, of area 1: what convolving with it leaves of the variance of noise. */
double signal_shape_power(const signal_work *work);
void signal_denoise(const signal_work *work);
void signal_match(signal_work *work, const float *curve);
/* Standard deviation of the matched filter at a cell, in units of amplitude. */
double signal_matched_sigma(const signal_work *work, uint32_t cell);

/* baseline.c: for measuring a width it need not be smooth. */
void signal_find_baseline(signal_work *work, bool smooth);

/* axis.c: needs `amplitude` and `matched` of an uncorrected grid. */
signal_axis signal_find_axis(const signal_work *work, spectra_ionisation ionisation);
/* Whether a unit of the comb holds nothing but background. */
bool signal_is_background(spectra_ionisation ionisation, uint32_t unit);

/* deconvolve.c: amplitudes of the comb in `other` at each unit's cell, `model` filled. */
void signal_deconvolve(signal_work *work, const float *curve);

/* centroid.c: returns the number of peaks, not quantised, at most `capacity`. */
uint32_t signal_comb_peaks(spectra_profile_peak *peaks, uint32_t capacity, const signal_work *work,
                           const signal_axis *axis);
uint32_t signal_centroids(spectra_profile_peak *peaks, uint32_t capacity, const signal_work *work);
/* Vertex of the parabola through three points around a maximum, from its middle: −½ to ½. */
double signal_vertex(double before, double top, double behind);
/* Whole quanta of intensity, and of m/z, of which a Th has `per_mz`. */
void signal_quantise(spectra_profile_peak *peaks, uint32_t count, double per_mz);

/* The value that a share of the values is not above; `room` has space for all of them. */
float signal_quantile(const float *values, uint32_t count, double share, float *room);

#endif
