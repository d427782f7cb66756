/* SPDX-License-Identifier: Apache-2.0 */
/* Real functions by polynomials of our own: those of C libraries differ in their last bits, and devices may have none.
   Rounded alike on every CPU that computes as IEEE 754 says. */
#ifndef SIGNAL_REAL_H
#define SIGNAL_REAL_H

#include <stdint.h>

#define SIGNAL_PI 3.14159265358979323846

/* cos and sin of 2π·part/whole, part < whole: error below 2e-16. */
void signal_turn(double *cosine, double *sine, uint32_t part, uint32_t whole);

/* √x; 0 for what is not above 0. */
double signal_sqrt(double x);

/* e^x for x ≤ 0 (0 from −700 downwards): relative error below 1e-15. */
double signal_exp_negative(double x);

/* ln x for finite x > 0: absolute error below 1e-15 × (1 + |ln x|). */
double signal_log(double x);

#endif
