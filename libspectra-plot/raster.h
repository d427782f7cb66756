/* SPDX-License-Identifier: Apache-2.0 */
/* A picture as pixels. Knows items, not what they stand for, and nothing of files. */
#ifndef PLOT_RASTER_H
#define PLOT_RASTER_H

#include "drawing.h"

typedef struct raster_image {
    size_t width, height;
    uint8_t *pixels; /* rows of red, green, blue, from the top */
    uint8_t *cover;  /* of the item in work: 255 where it covers a pixel wholly; 0 between items */
} raster_image;

/* SPECTRA_E_LIMIT, SPECTRA_E_MEMORY; raster_free in any case. */
spectra_status raster_paint(raster_image *out, const spectra_picture *picture, double dpi);
void raster_free(raster_image *raster);

#endif
