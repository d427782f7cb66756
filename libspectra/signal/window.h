/* SPDX-License-Identifier: Apache-2.0 */
/* Apodisation: the windows that transients are weighted by, and what each does to the peaks of the transform. */
#ifndef SIGNAL_WINDOW_H
#define SIGNAL_WINDOW_H

#include "spectra/transient.h"

#define SIGNAL_WINDOW_TERMS 32

typedef struct signal_window {
    spectra_apodisation kind;
    double beta;
    double terms[SIGNAL_WINDOW_TERMS]; /* Kaiser: of the polynomial in 1 − x² */
    double shape;                      /* Kaiser: β/sinh β */
} signal_window;

void signal_window_init(signal_window *window, spectra_apodisation kind, double beta);

/* Weight of sample i of count. */
double signal_window_at(const signal_window *window, uint32_t i, uint32_t count);

/* Upper bound of what a peak has at a distance from its top, in bins of the transform without zero-filling; of 1. */
double signal_window_lobe(const signal_window *window, double bins);

/* Correlation of the noise of two terms of the transform that are so many bins apart. */
double signal_window_correlation(const signal_window *window, double bins);

/* Root mean square error of a log-parabola's vertex through terms half a bin apart, in bins (measured: tests/golden).
 */
double signal_window_bias(const signal_window *window);

#endif
