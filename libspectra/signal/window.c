/* SPDX-License-Identifier: Apache-2.0 */
/* Windows and their transforms (Harris 1978; Kaiser & Schafer 1980). */
#include "signal/window.h"

#include "signal/real.h"
#include "signal/signal.h"

#define STEPS 512 /* of the sum that a correlation is */
#define HANN_BIAS 0.00115
#define NO_BIAS 0.0074
#define KAISER_BIAS 0.038 /* over β²: an upper bound from β = 4 */

/* I₀(β√t) = Σ (β²/4)^k·t^k / k!², over I₀(β). */
void signal_window_init(signal_window *window, spectra_apodisation kind, double beta) {
    *window = (signal_window){.kind = kind, .beta = beta};
    if (kind != SPECTRA_APODISATION_KAISER) return;
    double term = 1, sum = 0;
    for (int k = 0; k < SIGNAL_WINDOW_TERMS; k++) {
        sum += window->terms[k] = term;
        term *= beta * beta / 4 / ((double)(k + 1) * (k + 1));
    }
    for (int k = 0; k < SIGNAL_WINDOW_TERMS; k++) window->terms[k] /= sum;
    double small = signal_exp_negative(-beta);
    window->shape = 2 * beta * small / (1 - small * small);
}

double signal_window_at(const signal_window *window, uint32_t i, uint32_t count) {
    if (window->kind == SPECTRA_APODISATION_NONE) return 1;
    if (window->kind == SPECTRA_APODISATION_HANN) {
        double cosine, sine; /* of half the phase, so that its square is the weight */
        signal_turn(&cosine, &sine, 2 * i + 1, 4 * count);
        return sine * sine;
    }
    double x = (2.0 * i + 1) / count - 1, t = 1 - x * x, sum = 0;
    for (int k = SIGNAL_WINDOW_TERMS - 1; k >= 0; k--) sum = sum * t + window->terms[k];
    return sum;
}

/* Below the first zero, β/π bins or so, a hyperbolic sine; beyond it a sine, of which the envelope is taken. */
static double kaiser_lobe(const signal_window *window, double bins) {
    double phase = SIGNAL_PI * bins, square = window->beta * window->beta - phase * phase;
    double root = signal_sqrt(square < 0 ? -square : square);
    if (root < 1) return window->shape * 1.1752011936438014; /* sinh 1 */
    if (square < 0) return window->shape / root;
    double small = signal_exp_negative(-root);
    return window->shape * (1 / small - small) / 2 / root;
}

double signal_window_lobe(const signal_window *window, double bins) {
    if (window->kind == SPECTRA_APODISATION_KAISER) return kaiser_lobe(window, bins);
    double below = SIGNAL_PI * bins;
    if (window->kind == SPECTRA_APODISATION_HANN) below *= bins * bins - 1;
    return below > 1 ? 1 / below : 1;
}

double signal_window_correlation(const signal_window *window, double bins) {
    double power = 0, sum = 0;
    for (uint32_t i = 0; i < STEPS; i++) {
        double weight = signal_window_at(window, i, STEPS), cosine, sine, turn = bins * (2.0 * i + 1 - STEPS) / 2;
        if (turn < 0) turn = -turn;
        signal_turn(&cosine, &sine, (uint32_t)(turn / STEPS * 65536 + 0.5) % 65536, 65536);
        power += weight * weight;
        sum += weight * weight * cosine;
    }
    return sum / power;
}

double signal_window_bias(const signal_window *window) {
    if (window->kind == SPECTRA_APODISATION_HANN) return HANN_BIAS;
    return window->kind == SPECTRA_APODISATION_NONE ? NO_BIAS : KAISER_BIAS / (window->beta * window->beta);
}
