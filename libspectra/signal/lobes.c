/* SPDX-License-Identifier: Apache-2.0 */
/* Side lobes, from the window's own transform. */
#include "signal/lobes.h"

#include "signal/real.h"
#include "signal/signal.h"

#define REACH 1024 /* bins beyond which no side lobe is looked for */
/* Times a lobe's height that a maximum must have to be an ion. Of ions that decay to e⁻³ within the transient lobes are
   up to 2.4 times as high, beside a top that is lower (tests/golden/transient.py). */
#define MARGIN 4

void signal_lobes_init(signal_lobes *lobes, const signal_window *window, double bins) {
    *lobes = (signal_lobes){window, bins, signal_window_correlation(window, bins),
                            signal_window_correlation(window, 2 * bins)};
}

static double bins_apart(const signal_lobes *lobes, const signal_maximum *a, const signal_maximum *b) {
    return (a->bin < b->bin ? b->bin - a->bin : a->bin - b->bin) * lobes->bins;
}

/* Of one maximum at another. */
static double lobe_at(const signal_lobes *lobes, const signal_maximum *at, const signal_maximum *of) {
    return of->height * signal_window_lobe(lobes->window, bins_apart(lobes, at, of));
}

static bool within_reach(const signal_lobes *lobes, const signal_maximum *a, const signal_maximum *b) {
    return bins_apart(lobes, a, b) < REACH;
}

/* Every maximum is compared with all others before any goes. */
uint32_t signal_drop_lobes(const signal_lobes *lobes, signal_maximum *maxima, uint32_t count) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        signal_maximum *at = &maxima[i];
        for (uint32_t j = i; j > 0 && within_reach(lobes, at, &maxima[j - 1]); j--)
            at->dropped |= at->height < MARGIN * lobe_at(lobes, at, &maxima[j - 1]);
        for (uint32_t j = i + 1; j < count && within_reach(lobes, at, &maxima[j]); j++)
            at->dropped |= at->height < MARGIN * lobe_at(lobes, at, &maxima[j]);
    }
    for (uint32_t i = 0; i < count; i++)
        if (!maxima[i].dropped) maxima[kept++] = maxima[i];
    return kept;
}

void signal_add_disturbances(const signal_lobes *lobes, signal_maximum *maxima, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        signal_maximum *at = &maxima[i];
        double square = 0;
        for (uint32_t j = i; j > 0 && within_reach(lobes, at, &maxima[j - 1]); j--) {
            double lobe = lobe_at(lobes, at, &maxima[j - 1]);
            square += lobe * lobe;
        }
        for (uint32_t j = i + 1; j < count && within_reach(lobes, at, &maxima[j]); j++) {
            double lobe = lobe_at(lobes, at, &maxima[j]);
            square += lobe * lobe;
        }
        at->lobes = signal_sqrt(square);
    }
}

#define LEAST_NEIGHBOUR 0.02f

/* Beside the top of an ion's peak no term is as low as LEAST_NEIGHBOUR of it; what is lower is no shape of a peak. */
static float neighbour(float value, float top) {
    return value > top * LEAST_NEIGHBOUR ? value : top * LEAST_NEIGHBOUR;
}

signal_top signal_top_of(const float *magnitude) {
    float top = magnitude[0], left = neighbour(magnitude[-1], top), right = neighbour(magnitude[1], top);
    double a = signal_log(left), b = signal_log(top), c = signal_log(right), vertex = signal_vertex(a, b, c);
    double rise = (c - a) * vertex / 4; /* never negative */
    return (signal_top){{left, top, right}, a - 2 * b + c, vertex, top / signal_exp_negative(rise > 0 ? -rise : 0)};
}

/* v = (a − c) / (2·(a − 2b + c)) in logarithms a, b, c; the derivative of each is its error over its magnitude. Noise
   of neighbouring terms is alike; a side lobe lifts one side and presses the other. */
double signal_vertex_error(const signal_lobes *lobes, const signal_top *top, double noise, double lobe) {
    if (!(top->bend < 0)) return 0.5;
    double v = top->vertex, half = 1 / (2 * top->bend);
    double by_a = (1 - 2 * v) * half / top->terms[0], by_b = 4 * v * half / top->terms[1];
    double by_c = -(1 + 2 * v) * half / top->terms[2];
    double square = by_a * by_a + by_b * by_b + by_c * by_c + 2 * lobes->beside * (by_a + by_c) * by_b +
                    2 * lobes->two * by_a * by_c;
    double lifted = lobe * (by_c - by_a), bias = signal_window_bias(lobes->window) / lobes->bins;
    return signal_sqrt(noise * noise * square + lifted * lifted / 2 + bias * bias);
}
