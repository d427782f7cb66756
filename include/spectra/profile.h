/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   From a profile, as a detector measures it, to peaks: baseline, mass axis, noise, matched filter, deconvolution. All
   floating point of the library is in here; what leaves are quantised peaks (spectra_spectrum_from_profile makes a raw
   spectrum of them). */
#ifndef SPECTRA_PROFILE_H
#define SPECTRA_PROFILE_H

#include "spectra/memory.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How numbers are stored. */
typedef int32_t spectra_samples;
enum {
    SPECTRA_SAMPLES_DOUBLE = 0, /**< double */
    SPECTRA_SAMPLES_FLOAT = 1,  /**< float */
    SPECTRA_SAMPLES_UINT16 = 2, /**< uint16_t: counts of a converter */
    SPECTRA_SAMPLES_UINT32 = 3, /**< uint32_t: likewise */
    SPECTRA_SAMPLES_INT16 = 4,  /**< int16_t: likewise, with a sign */
    SPECTRA_SAMPLES_INT32 = 5   /**< int32_t: likewise */
};

/** A profile: intensity over m/z. Nothing is copied. */
typedef struct spectra_profile {
    uint32_t size;                  /**< sizeof(spectra_profile) */
    uint32_t count;                 /**< samples */
    const void *mz;                 /**< in Th, rising from sample to sample; NULL for an even axis */
    const void *intensity;          /**< in any unit; NaN where nothing was measured */
    spectra_samples mz_kind;        /**< of `mz`: double or float */
    spectra_samples intensity_kind; /**< of `intensity` */
    double first_mz;                /**< even axis: m/z of the first sample, in Th */
    double step_mz;                 /**< even axis: from sample to sample, in Th */
    double saturation;              /**< intensity at which the detector is full; 0: never */
} spectra_profile;

/** What made the ions, which decides what background there is to find the mass axis by. */
typedef int32_t spectra_ionisation;
enum {
    SPECTRA_IONISATION_UNKNOWN = 0,   /**< no ions are known: the axis is taken as it is */
    SPECTRA_IONISATION_EI = 1,        /**< electron ionisation: water, nitrogen, oxygen, argon, carbon dioxide */
    SPECTRA_IONISATION_PROTONATED = 2 /**< at atmospheric pressure: clusters of water */
};

/** How peaks are found. */
typedef int32_t spectra_peak_method;
enum {
    SPECTRA_PEAKS_COMB = 0,    /**< one peak at each unit of mass, whatever overlaps: for unit resolution and worse */
    SPECTRA_PEAKS_CENTROID = 1 /**< each maximum by itself: for peaks that stand apart */
};

/** How the baseline is found. */
typedef int32_t spectra_baseline;
enum {
    SPECTRA_BASELINE_OPENING = 0,   /**< morphological opening of the smoothed profile */
    SPECTRA_BASELINE_HIGH_PASS = 1, /**< what a low-pass leaves under the profile, by Fourier transform */
    SPECTRA_BASELINE_NONE = 2       /**< there is none */
};

/** Options; zero is the default of each. */
typedef struct spectra_profile_options {
    uint32_t size; /**< sizeof(spectra_profile_options); a later version may be larger by what is zero */
    spectra_ionisation ionisation; /**< unknown: no mass axis is looked for */
    spectra_peak_method method;    /**< comb */
    spectra_baseline baseline;     /**< opening */
    uint32_t wiener;               /**< 1: Wiener low-pass before peaks are found; helps where ions are few */
    uint32_t iterations;           /**< of the deconvolution, 1 to 200; 20 */
    double fwhm;                   /**< full width of a peak at half height, in Th, 0.05 to 10; else as measured */
    double ion_intensity;          /**< intensity of a single ion: 1 for counted ions; 0: not known */
    double threshold;              /**< of a peak, in standard deviations of the matched filter; 4 */
    double max_offset;             /**< of the mass axis as it is read, in Th, up to 1.3; 1.3 */
    double max_slope_ppm;          /**< likewise, in 10⁻⁶, up to 1000; 1000 */
} spectra_profile_options;

/** Of a peak. */
enum {
    SPECTRA_PEAK_SATURATED = 1, /**< the detector was full under it: the intensity is a lower bound */
    SPECTRA_PEAK_AT_GAP = 2,    /**< nothing was measured under a part of it */
    SPECTRA_PEAK_DISTURBED = 4  /**< of a transient: side lobes of its neighbours disturb it more than the noise */
};

/** A peak. Errors are one standard deviation. */
typedef struct spectra_profile_peak {
    double mz;              /**< in Th; with the comb a whole number. A multiple of 10⁻⁴ Th (of a
                                 transient, of 10⁻⁶ Th) */
    double mz_error;        /**< in Th */
    double intensity;       /**< sum of the samples under the peak, a multiple of the power of two that the
                                 strongest peak is 2¹⁶ to 2¹⁷ of */
    double intensity_error; /**< likewise */
    uint32_t flags;         /**< SPECTRA_PEAK_… */
    uint32_t reserved;      /**< 0 */
} spectra_profile_peak;

/** What a profile had that a user should know. */
enum {
    SPECTRA_PROFILE_AXIS_UNDETERMINED = 1, /**< the axis may be off: too few background ions were found */
    SPECTRA_PROFILE_SATURATED = 2,         /**< samples at saturation */
    SPECTRA_PROFILE_GAPS = 4,              /**< places where nothing was measured */
    SPECTRA_PROFILE_NO_SIGNAL = 8          /**< no peak above the threshold */
};

/** Peaks, and the curves on the way to them: `cell_count` values each, NULL where a step was left out. */
typedef struct spectra_profile_result {
    uint32_t cell_count;               /**< of all curves */
    uint32_t peak_count;               /**< of `peaks` */
    const spectra_profile_peak *peaks; /**< rising m/z */
    const double *cell_mz;             /**< m/z of each cell on the corrected axis, in Th */
    const float *sum;                  /**< the profile: sum of the samples in each cell */
    const float *baseline;             /**< under it */
    const float *denoised;             /**< after the Wiener low-pass */
    const float *matched;              /**< matched filter, in its own standard deviations */
    const float *model;                /**< baseline and peaks as the deconvolution explains the profile */
    double fwhm;                       /**< of the peaks as used, in Th (centroids: at the middle of the axis) */
    double noise;                      /**< standard deviation of a cell where no peak is, in units of `sum` */
    double axis_offset;                /**< what was taken off every m/z, in Th */
    double axis_offset_error;          /**< at m/z 0 */
    double axis_slope_ppm;             /**< and what share of it, in 10⁻⁶ */
    double axis_slope_error_ppm;       /**< one standard deviation */
    uint32_t warnings;                 /**< SPECTRA_PROFILE_… */
    uint32_t reserved;                 /**< 0 */
} spectra_profile_result;

/**
 * Finds the peaks of a profile. Steps, in this order: samples onto cells (sums are kept), baseline, mass axis from
 * background ions, noise, Wiener low-pass, matched filter, peaks above the threshold (comb: Richardson and Lucy's
 * deconvolution onto whole units × 1.0006; centroids: maxima of the matched filter), quantisation.
 *
 * The Fourier backends differ in their last bits: a peak by one quantum of intensity or m/z, and one that is within
 * 10⁻⁴ of the threshold by being there or not.
 * @param out      in the scratch: valid until it is reset or its bytes go
 * @param profile  not NULL
 * @param options  NULL: all defaults
 * @param scratch  at least spectra_profile_required bytes free; what it took is given back unless SPECTRA_OK
 * @param error    nullable; its offset is the number of the sample
 * @return SPECTRA_OK (also without any peak); SPECTRA_E_FORMAT for infinite or non-rising samples; SPECTRA_E_LIMIT for
 *         too long an axis; SPECTRA_E_INVALID; SPECTRA_E_MEMORY where the scratch is too small
 * Thread safety: any number of threads, each with a scratch of its own.
 */
SPECTRA_API spectra_status spectra_profile_find_peaks(const spectra_profile_result **out,
                                                      const spectra_profile *profile,
                                                      const spectra_profile_options *options, spectra_scratch *scratch,
                                                      spectra_error *error);

/**
 * The scratch that spectra_profile_find_peaks takes at the most.
 * @param profile  its samples' m/z are looked at
 * @param options  NULL: all defaults
 * @return in bytes; SIZE_MAX where it would be refused
 * Thread safety: any number of threads.
 */
SPECTRA_API size_t spectra_profile_required(const spectra_profile *profile, const spectra_profile_options *options);

/**
 * The size of the Fourier transforms of spectra_profile_find_peaks, for spectra_fft_prepare.
 * @param profile  its samples' m/z are looked at
 * @param options  NULL: all defaults
 * @return in samples; 0 where it would be refused
 * Thread safety: any number of threads.
 */
SPECTRA_API uint32_t spectra_profile_fft_size(const spectra_profile *profile, const spectra_profile_options *options);

/**
 * How far a curve is shifted against another: the maximum of their cross-correlation, by Fourier transform, between
 * samples by a parabola.
 * @param shift      in samples: a(i + shift) resembles b(i)
 * @param a          `count` samples, finite
 * @param b          likewise
 * @param count      at most 2²⁴
 * @param max_shift  looked for, in samples; below `count`
 * @param scratch    at least spectra_profile_shift_required bytes free; all is given back
 * @return SPECTRA_OK; SPECTRA_E_NOT_FOUND where nothing correlates or the maximum is at the limit; SPECTRA_E_INVALID;
 *         SPECTRA_E_MEMORY
 * Thread safety: any number of threads, each with a scratch of its own.
 */
SPECTRA_API spectra_status spectra_profile_shift(double *shift, const float *a, const float *b, uint32_t count,
                                                 uint32_t max_shift, spectra_scratch *scratch);

/**
 * The scratch that spectra_profile_shift takes at the most.
 * @param count  of samples
 * @return in bytes; SIZE_MAX where it would be refused
 * Thread safety: any number of threads.
 */
SPECTRA_API size_t spectra_profile_shift_required(uint32_t count);

#ifdef __cplusplus
}
#endif
#endif
