/* SPDX-License-Identifier: Apache-2.0 */
/* Roots, exponentials, logarithms and angles without a C library: series on small intervals. */
#include "signal/real.h"

#include <string.h>

#define LN2 0.69314718055994530942
#define SQRT_HALF 0.70710678118654752440
#define MANTISSA UINT64_C(0x000fffffffffffff)
#define ONE UINT64_C(0x3ff0000000000000)

/* Taylor series, by Horner's rule; |x| ≤ π/4 needs terms up to x^17. */
static double sine_series(double x) {
    double y = x * x, sum = 0;
    for (int n = 17; n > 1; n -= 2) sum = (1 - sum) * y / ((double)n * (n - 1));
    return x * (1 - sum);
}

static double cosine_series(double x) {
    double y = x * x, sum = 0;
    for (int n = 18; n > 0; n -= 2) sum = (1 - sum) * y / ((double)n * (n - 1));
    return 1 - sum;
}

void signal_turn(double *cosine, double *sine, uint32_t part, uint32_t whole) {
    /* The eighth of a turn is found in integers, and the angle is counted from the nearest axis. */
    uint64_t eighths = (uint64_t)part * 8, axis = (eighths + whole) / whole / 2;
    double angle = ((double)eighths - (double)(axis * 2 * whole)) / whole * (SIGNAL_PI / 4);
    double c = cosine_series(angle), s = sine_series(angle);
    const double turned[4][2] = {{c, s}, {-s, c}, {-c, -s}, {s, -c}};
    *cosine = turned[axis % 4][0];
    *sine = turned[axis % 4][1];
}

static double from_bits(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t to_bits(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

double signal_sqrt(double x) {
    if (!(x > 0)) return 0;
    double root = from_bits((to_bits(x) >> 1) + (ONE >> 1)); /* half the exponent: right within 7 % */
    for (int i = 0; i < 4; i++) root = (root + x / root) / 2;
    return root;
}

double signal_exp_negative(double x) {
    if (!(x > -700)) return 0;
    int64_t halvings = (int64_t)(-x / LN2 + 0.5);
    double rest = x + (double)halvings * LN2, sum = 1;
    for (int n = 14; n > 0; n--) sum = 1 + sum * rest / n;
    return sum * from_bits(ONE - ((uint64_t)halvings << 52));
}

double signal_log(double x) {
    uint64_t bits = to_bits(x);
    double exponent = (double)(int64_t)(bits >> 52) - 1023;
    double m = from_bits((bits & MANTISSA) | ONE) * SQRT_HALF; /* √½ to √2 */
    double t = (m - 1) / (m + 1), y = t * t, sum = 0;
    for (int n = 23; n > 0; n -= 2) sum = sum * y + 1.0 / n;
    return 2 * t * sum + (exponent + 0.5) * LN2;
}
