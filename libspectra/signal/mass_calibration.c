/* SPDX-License-Identifier: Apache-2.0 */
/* From frequency to m/z, and the fit of that from known ions. Knows numbers; nothing of transients. */
#include <stdbool.h>

#include "signal/real.h"
#include "spectra/transient.h"

#define LEAST_SPREAD 1e-3 /* of the frequencies that two parameters are fitted from */
#define MOST 1e30

/* --- m/z --- */

double spectra_mass_calibration_mz(const spectra_mass_calibration *c, double frequency, double *error) {
    bool icr = c->analyser == SPECTRA_ANALYSER_ICR;
    if (error) *error = 0;
    if (!(frequency > 0 && frequency < MOST) || (icr && !(c->a * frequency > -2 * c->b))) return 0;
    double x = 1 / frequency, y = x * x, mz = icr ? c->a * x + c->b * y : c->a * y;
    double variance = icr ? y * (c->a_variance + 2 * c->covariance * x + c->b_variance * y) : y * y * c->a_variance;
    if (error) *error = signal_sqrt(variance);
    return mz > 0 && mz < MOST ? mz : 0;
}

/* --- Fit --- */

static bool ions_valid(const spectra_calibrant *ions, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        const spectra_calibrant *ion = &ions[i];
        if (!(ion->mz >= 1e-3 && ion->mz < 1e6 && ion->frequency >= 1e-3 && ion->frequency < 1e12)) return false;
        if (!(ion->frequency_error >= 0 && ion->frequency_error < ion->frequency)) return false;
        if ((ion->frequency_error > 0) != (ions[0].frequency_error > 0)) return false;
    }
    return true;
}

static double lowest_frequency(const spectra_calibrant *ions, uint32_t count) {
    double low = ions[0].frequency;
    for (uint32_t i = 1; i < count; i++)
        if (ions[i].frequency < low) low = ions[i].frequency;
    return low;
}

static bool spread_suffices(const spectra_calibrant *ions, uint32_t count) {
    double least = lowest_frequency(ions, count) * (1 + LEAST_SPREAD);
    for (uint32_t i = 0; i < count; i++)
        if (ions[i].frequency > least) return true;
    return false;
}

/* One ion's equation y = a·p + b·q, divided by its m/z, so that errors are relative, and by their deviation where it is
   known. Frequencies are in units of the first ion's, so that p and q are alike in size. */
typedef struct equation {
    double p, q, y;
} equation;

static equation equation_of(const spectra_calibrant *ion, spectra_analyser analyser, double unit) {
    bool icr = analyser == SPECTRA_ANALYSER_ICR;
    double x = unit / ion->frequency, relative = ion->frequency_error / ion->frequency * (icr ? 1 : 2);
    double weight = relative > 0 ? 1 / relative : 1;
    return (equation){icr ? weight * x / ion->mz : weight * x * x / ion->mz, icr ? weight * x * x / ion->mz : 0,
                      weight};
}

/* Solved by making q orthogonal to p first (Gram and Schmidt): differences of nearly equal sums are never taken. */
typedef struct solution {
    double a, b, a_variance, b_variance, covariance; /* variances for residuals of 1 */
} solution;

static solution solve(const spectra_calibrant *ions, uint32_t count, spectra_analyser analyser, double unit) {
    double pp = 0, pq = 0, py = 0, rr = 0, ry = 0;
    for (uint32_t i = 0; i < count; i++) {
        equation e = equation_of(&ions[i], analyser, unit);
        pp += e.p * e.p;
        pq += e.p * e.q;
        py += e.p * e.y;
    }
    double along = pq / pp;
    for (uint32_t i = 0; i < count; i++) {
        equation e = equation_of(&ions[i], analyser, unit);
        double rest = e.q - along * e.p;
        rr += rest * rest;
        ry += rest * (e.y - py / pp * e.p);
    }
    if (analyser == SPECTRA_ANALYSER_ORBITRAP) return (solution){.a = py / pp, .a_variance = 1 / pp};
    double b = ry / rr;
    return (solution){py / pp - along * b, b, 1 / pp + along * along / rr, 1 / rr, -along / rr};
}

spectra_status spectra_mass_calibration_fit(spectra_mass_calibration *out, spectra_analyser analyser,
                                            const spectra_calibrant *ions, uint32_t count) {
    bool icr = analyser == SPECTRA_ANALYSER_ICR;
    if (!out || !ions || (!icr && analyser != SPECTRA_ANALYSER_ORBITRAP) || !ions_valid(ions, count))
        return SPECTRA_E_INVALID;
    uint32_t parameters = icr ? 2 : 1;
    if (count < parameters || (icr && !spread_suffices(ions, count))) return SPECTRA_E_NOT_FOUND;
    bool errors_known = ions[0].frequency_error > 0;
    if (count == parameters && !errors_known) return SPECTRA_E_NOT_FOUND;
    double unit = ions[0].frequency, square = unit * unit, chi_square = 0, relative = 0;
    solution s = solve(ions, count, analyser, unit);
    for (uint32_t i = 0; i < count; i++) {
        equation e = equation_of(&ions[i], analyser, unit);
        double rest = e.y - s.a * e.p - s.b * e.q;
        chi_square += rest * rest;
        relative += rest * rest / (e.y * e.y);
    }
    if (!(s.a > 0)) return SPECTRA_E_NOT_FOUND;
    double scatter = count > parameters ? chi_square / (count - parameters) : 1;
    if (errors_known && scatter < 1) scatter = 1;
    double scale = icr ? unit : square;
    *out = (spectra_mass_calibration){.size = sizeof *out,
                                      .analyser = analyser,
                                      .a = s.a * scale,
                                      .b = s.b * square,
                                      .a_variance = s.a_variance * scatter * scale * scale,
                                      .b_variance = s.b_variance * scatter * square * square,
                                      .covariance = s.covariance * scatter * unit * square,
                                      .rms_ppm = signal_sqrt(relative / count) * 1e6,
                                      .ion_count = count};
    /* A field under which heavier ions are the quicker ones is none. */
    return spectra_mass_calibration_mz(out, lowest_frequency(ions, count), NULL) > 0 ? SPECTRA_OK : SPECTRA_E_NOT_FOUND;
}
