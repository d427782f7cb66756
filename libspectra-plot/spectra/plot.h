/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   Pictures of spectra, as SVG and as PNG: a library of its own, since PNG needs libpng and the core links nothing for
   it. Memory is the C library's. */
#ifndef SPECTRA_PLOT_H
#define SPECTRA_PLOT_H

#include "spectra/io.h"
#include "spectra/profile.h"
#include "spectra/tolerance.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A finished picture: lines, areas and words in points (1/72 inch), whatever it is written as. */
typedef struct spectra_picture spectra_picture;

/** What is drawn of one spectrum. All of it is the caller's and only read. */
typedef struct spectra_plot_peaks {
    const double *mz;        /**< `count` in Th, ascending, finite and positive */
    const double *intensity; /**< `count` in any unit, finite and not negative; drawn in % of the largest */
    size_t count;            /**< of peaks, at most 2²² */
    const char *name;        /**< in the title; UTF-8; NULL for none */
    const char *formula;     /**< in the title, its numbers set low; NULL for none */
    const char *note;        /**< behind them, e.g. the score; NULL for none */
    double ion_mz;           /**< precursor or molecular ion, marked at its place; 0 for none */
    const char *ion;         /**< what it is called, e.g. "[M+H]+"; NULL for none */
} spectra_plot_peaks;

/** How a picture is made. Set `size`; zero in a field means its default. */
typedef struct spectra_plot_options {
    uint32_t size;               /**< sizeof(spectra_plot_options); a later version may be larger by what is zero */
    uint32_t nominal;            /**< mirror: 1 where peaks match by whole m/z, as EI is compared */
    spectra_tolerance tolerance; /**< mirror: within which other peaks match; 0.01 Th */
    double width;                /**< in points, 200 to 10000; 540 */
    double height;               /**< in points, 150 to 10000; 360 */
    double from_mz;       /**< where the range shown begins, in Th; default: all peaks. With to_mz or not at all */
    double to_mz;         /**< where it ends */
    double delta_mz;      /**< mirror: query − reference by which peaks may match shifted, in Th; 0: none do */
    uint32_t mass_errors; /**< mirror, not nominal: 1 adds a panel of the matched peaks' mass errors */
    uint32_t labels;      /**< peaks labelled with their m/z on each side at the most; 12 */
} spectra_plot_options;

/**
 * Draws a spectrum.
 * @param out      yours: free it with spectra_picture_free. NULL unless SPECTRA_OK
 * @param peaks    of the spectrum
 * @param options  NULL for all defaults
 * @return SPECTRA_OK; SPECTRA_E_INVALID for a bad option or peaks that are not as they must be; SPECTRA_E_LIMIT for too
 *         many; SPECTRA_E_MEMORY
 * Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_plot_spectrum(spectra_picture **out, const spectra_plot_peaks *peaks,
                                                 const spectra_plot_options *options);

/**
 * Draws a query upward and a reference downward, each in % of its strongest peak. Peaks that match, in place or shifted
 * by delta_mz, differ from others in colour and in the shape at their tips. A peak of the query matches the nearest of
 * the reference inside the tolerance that no other has taken, strong ones first.
 * @param out        yours: free it with spectra_picture_free. NULL unless SPECTRA_OK
 * @param query      drawn upward
 * @param reference  drawn downward
 * @param options    NULL for all defaults
 * @return as spectra_plot_spectrum
 * Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_plot_mirror(spectra_picture **out, const spectra_plot_peaks *query,
                                               const spectra_plot_peaks *reference,
                                               const spectra_plot_options *options);

/**
 * Draws a profile as a curve, its baseline where there is one, and the peaks that were found in it as sticks.
 * @param out     yours: free it with spectra_picture_free. NULL unless SPECTRA_OK
 * @param result  of spectra_profile_find_peaks
 * @param words   name, formula, note and ion of it; its peaks are not looked at. NULL for none
 * @param options NULL for all defaults
 * @return as spectra_plot_spectrum
 * Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_plot_profile(spectra_picture **out, const spectra_profile_result *result,
                                                const spectra_plot_peaks *words, const spectra_plot_options *options);

/**
 * Writes a picture as an SVG element without a declaration: a file of its own, or a part of an HTML page. It fetches
 * nothing.
 * @param picture  any
 * @param sink     takes the text
 * @return SPECTRA_OK, SPECTRA_E_INVALID, or what the sink says
 * Thread safety: any number of threads, each with a sink of its own.
 */
SPECTRA_API spectra_status spectra_picture_svg(const spectra_picture *picture, const spectra_sink *sink);

/**
 * Writes a picture as PNG, 8 bits each of red, green and blue, its resolution beside it.
 * @param picture  any
 * @param dpi      pixels an inch, 36 to 1200; 0 for 150
 * @param sink     takes the bytes
 * @return SPECTRA_OK; SPECTRA_E_INVALID; SPECTRA_E_LIMIT above 2²⁸ pixels; SPECTRA_E_MEMORY; or what the sink says
 * Thread safety: any number of threads, each with a sink of its own.
 */
SPECTRA_API spectra_status spectra_picture_png(const spectra_picture *picture, uint32_t dpi, const spectra_sink *sink);

/**
 * Frees a picture.
 * @param picture  NULL is fine
 * Thread safety: one thread at a time for each picture.
 */
SPECTRA_API void spectra_picture_free(spectra_picture *picture);

#ifdef __cplusplus
}
#endif
#endif
