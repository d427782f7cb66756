/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   From a transient, as an FT-ICR cell or an Orbitrap records it, to peaks: apodisation, zero-filling, Fourier
   transform, maxima by log-parabola, and m/z by a calibration that is given or fitted from known ions. */
#ifndef SPECTRA_TRANSIENT_H
#define SPECTRA_TRANSIENT_H

#include "spectra/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What an ion's frequency depends on. */
typedef int32_t spectra_analyser;
enum {
    SPECTRA_ANALYSER_ICR = 0,     /**< magnetic field and trapping potential: m/z = a/f + b/f² (Ledford et al. 1984) */
    SPECTRA_ANALYSER_ORBITRAP = 1 /**< the field's curvature: m/z = a/f² (Makarov 2000) */
};

/** From frequency to m/z. */
typedef struct spectra_mass_calibration {
    uint32_t size;             /**< sizeof(spectra_mass_calibration) */
    spectra_analyser analyser; /**< which function */
    double a;                  /**< ICR: in Th·Hz; Orbitrap: in Th·Hz² */
    double b;                  /**< ICR: in Th·Hz²; Orbitrap: 0 */
    double a_variance;         /**< square of its error, one standard deviation; 0: not known */
    double b_variance;         /**< likewise */
    double covariance;         /**< of a and b */
    double rms_ppm;            /**< of a fit: what is left at its ions, in 10⁻⁶ of m/z */
    uint32_t ion_count;        /**< of a fit; 0: none was made */
    uint32_t reserved;         /**< 0 */
} spectra_mass_calibration;

/** A known ion and the frequency it was found at. */
typedef struct spectra_calibrant {
    double mz;              /**< in Th */
    double frequency;       /**< in Hz */
    double frequency_error; /**< one standard deviation, in Hz; 0, of all ions: not known and alike in 10⁻⁶ of m/z */
} spectra_calibrant;

/**
 * Fits a calibration by least squares. Where the ions' errors are given and they scatter more than those say, the
 * errors of the fit are larger by as much.
 * @param out       the calibration
 * @param analyser  which function
 * @param ions      `count` of them, in any order
 * @param count     of ions
 * @return SPECTRA_OK; SPECTRA_E_NOT_FOUND where the ions do not determine it: fewer than its parameters (a and b; a
 *         alone for an Orbitrap), or none more where the ions' errors are not known, or, ICR, frequencies that differ
 * by less than a thousandth, or heavier ions at higher frequencies; SPECTRA_E_INVALID for what is no m/z, frequency or
 * error Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_mass_calibration_fit(spectra_mass_calibration *out, spectra_analyser analyser,
                                                        const spectra_calibrant *ions, uint32_t count);

/**
 * m/z of a frequency.
 * @param calibration  given or fitted; not NULL
 * @param frequency    in Hz
 * @param error        one standard deviation by that of the calibration alone, in Th; nullable
 * @return in Th; 0 for a frequency that no ion has: not above 0, or, ICR, so low that m/z would fall with it
 * Thread safety: any number of threads.
 */
SPECTRA_API double spectra_mass_calibration_mz(const spectra_mass_calibration *calibration, double frequency,
                                               double *error);

/** A transient: what the detector measured at even intervals of time. Nothing is copied. */
typedef struct spectra_transient {
    uint32_t size;                               /**< sizeof(spectra_transient) */
    uint32_t count;                              /**< samples, 64 to 2²⁵ */
    const void *samples;                         /**< in any unit, finite */
    spectra_samples kind;                        /**< of `samples` */
    uint32_t reserved;                           /**< 0 */
    double sampling_rate;                        /**< in Hz */
    double saturation;                           /**< |sample| at which the converter is full; 0: never */
    const spectra_mass_calibration *calibration; /**< from frequency to m/z; not NULL */
} spectra_transient;

/** What the samples are weighted by, from the beginning of a transient to its end. */
typedef int32_t spectra_apodisation;
enum {
    SPECTRA_APODISATION_HANN = 0,   /**< side lobes that fall quickly: the best where ions are alike in intensity */
    SPECTRA_APODISATION_KAISER = 1, /**< hardly any side lobes: for weak ions beside strong ones */
    SPECTRA_APODISATION_NONE = 2    /**< the narrowest peaks; fails beside neighbours */
};

/** Options; zero is the default of each. */
typedef struct spectra_transient_options {
    uint32_t size; /**< sizeof(spectra_transient_options); a later version may be larger by what is zero */
    spectra_apodisation apodisation; /**< Hann */
    uint32_t max_peaks;              /**< the strongest so many are kept, at most 2²⁰; 20,000 */
    uint32_t reserved;               /**< 0 */
    double kaiser_beta;              /**< 4 to 20; 10 */
    double threshold;                /**< of a peak, in units of the noise, 1 to 10⁶; 6 */
    double min_mz;                   /**< in Th, from 1; 10 */
    double max_mz;                   /**< in Th, up to 10⁶; 10,000 */
} spectra_transient_options;

/** A frequency and its error. */
typedef struct spectra_frequency {
    double value; /**< in Hz */
    double error; /**< one standard deviation, in Hz */
} spectra_frequency;

/** What a transient had that a user should know. */
enum {
    SPECTRA_TRANSIENT_SATURATED = 1,     /**< samples at saturation: peaks may be harmonics of others */
    SPECTRA_TRANSIENT_NO_SIGNAL = 2,     /**< no peak above the threshold */
    SPECTRA_TRANSIENT_PEAKS_LEFT_OUT = 4 /**< there were more than max_peaks */
};

/** Peaks, and the magnitudes they were found in. */
typedef struct spectra_transient_result {
    uint32_t peak_count;               /**< of `peaks` and `frequencies` */
    uint32_t bin_count;                /**< of `magnitude` */
    const spectra_profile_peak *peaks; /**< rising m/z, a multiple of 10⁻⁶ Th; intensity: amplitude, in units of the
                                            samples, mean under the apodisation */
    const spectra_frequency *frequencies; /**< of each peak, not quantised */
    const float *magnitude;               /**< as amplitude: bin k is at k·bin_width */
    double bin_width;                     /**< in Hz */
    double noise;      /**< standard deviation of the amplitude that noise adds where an ion is, in units of samples */
    uint32_t warnings; /**< SPECTRA_TRANSIENT_… */
    uint32_t reserved; /**< 0 */
} spectra_transient_result;

/**
 * Finds the peaks of a transient. Steps, in this order: mean taken off, apodisation, zero-filling to twice the length,
 * Fourier transform, magnitude, noise (by the median between min_mz and max_mz: Rayleigh's distribution), maxima above
 * the threshold that fall by half of it on both sides, side lobes of stronger ones left out, position and height by the
 * parabola through the logarithms of three magnitudes, m/z, quantisation.
 *
 * A maximum that is less than four times as high as the side lobes of a stronger one may be one of them, since ions
 * decay, and is left out: what is weaker than that cannot be seen with that apodisation. A peak's errors hold the
 * noise, the side lobes of its neighbours (SPECTRA_PEAK_DISTURBED: where they are the larger part), the parabola's own
 * and the calibration's; of an ion that decays to e⁻³ within the transient they are 1.4 times too small (simulated).
 *
 * Fourier backends differ in their last bits: a peak by one quantum of intensity or m/z, and one that is within 10⁻⁴ of
 * the threshold by being there or not.
 * @param out        in the scratch: valid until it is reset or its bytes go
 * @param transient  not NULL
 * @param options    NULL: all defaults
 * @param scratch    at least spectra_transient_required bytes free; what it took is given back unless SPECTRA_OK
 * @param error      nullable; its offset is the number of the sample
 * @return SPECTRA_OK (also without any peak); SPECTRA_E_FORMAT for a sample that is no number or above 10³⁰;
 *         SPECTRA_E_INVALID; SPECTRA_E_MEMORY where the scratch is too small
 * Thread safety: any number of threads, each with a scratch of its own.
 */
SPECTRA_API spectra_status spectra_transient_find_peaks(const spectra_transient_result **out,
                                                        const spectra_transient *transient,
                                                        const spectra_transient_options *options,
                                                        spectra_scratch *scratch, spectra_error *error);

/**
 * The scratch that spectra_transient_find_peaks takes at the most: about 28 bytes a sample, and 88 a peak of max_peaks.
 * @param count    samples of the transient
 * @param options  NULL: all defaults
 * @return in bytes; SIZE_MAX where it would be refused
 * Thread safety: any number of threads.
 */
SPECTRA_API size_t spectra_transient_required(uint32_t count, const spectra_transient_options *options);

/**
 * The size of the Fourier transform of spectra_transient_find_peaks, for spectra_fft_prepare.
 * @param count  samples of the transient
 * @return in samples; 0 where it would be refused
 * Thread safety: any number of threads.
 */
SPECTRA_API uint32_t spectra_transient_fft_size(uint32_t count);

#ifdef __cplusplus
}
#endif
#endif
