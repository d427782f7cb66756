/* SPDX-License-Identifier: Apache-2.0 */
/* What the apodisation does to maxima: side lobes that are no ions, neighbours that disturb, how sure a vertex is. */
#ifndef SIGNAL_LOBES_H
#define SIGNAL_LOBES_H

#include <stdbool.h>

#include "signal/window.h"

typedef struct signal_lobes {
    const signal_window *window;
    double bins;        /* of the transform without zero-filling, in one of this */
    double beside, two; /* correlation of the noise of terms one and two apart */
} signal_lobes;

void signal_lobes_init(signal_lobes *lobes, const signal_window *window, double bins);

/* A maximum of the magnitudes. */
typedef struct signal_maximum {
    uint32_t bin;
    bool dropped;
    double height;
    double lobes; /* what the side lobes of all the others may add to it */
} signal_maximum;

/* Of maxima by falling bin: leaves out what may be a side lobe of a stronger one; returns how many stay. */
uint32_t signal_drop_lobes(const signal_lobes *lobes, signal_maximum *maxima, uint32_t count);

/* Fills `lobes` of each. */
void signal_add_disturbances(const signal_lobes *lobes, signal_maximum *maxima, uint32_t count);

/* The parabola through the logarithms of three magnitudes. */
typedef struct signal_top {
    double terms[3];
    double bend;   /* second difference of the logarithms */
    double vertex; /* from the middle one, in bins */
    double height; /* there */
} signal_top;

/* Around a maximum. */
signal_top signal_top_of(const float *magnitude);

/* Error of the vertex, in bins. */
double signal_vertex_error(const signal_lobes *lobes, const signal_top *top, double noise, double lobe);

#endif
