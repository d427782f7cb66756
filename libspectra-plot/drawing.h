/* SPDX-License-Identifier: Apache-2.0 */
/* The drawing model: items in points, from the top left corner, in the order they are painted. Knows nothing of spectra
   and nothing of files. Adding never fails: a picture that ran out of memory says so at its end. */
#ifndef PLOT_DRAWING_H
#define PLOT_DRAWING_H

#include <stdbool.h>

#include "spectra/plot.h"

typedef enum drawing_kind { DRAWING_LINE, DRAWING_AREA, DRAWING_DISC, DRAWING_TEXT } drawing_kind;
typedef enum drawing_anchor { DRAWING_START, DRAWING_MIDDLE, DRAWING_END } drawing_anchor;

typedef struct drawing_point {
    double x, y;
} drawing_point;

/* A line through its points, a convex area within them, a disc around the first, or words at it. */
typedef struct drawing_item {
    drawing_kind kind;
    uint32_t colour;     /* 0xrrggbb */
    double size;         /* width of a line, radius of a disc, size of the font */
    size_t first, count; /* of the points, or of the bytes of text */
    drawing_point at;    /* of text: where its baseline begins */
    double width;        /* of text */
    bool bold, upright;  /* of text; upright: it runs from below upwards */
    bool dashed;         /* of a line of two points */
} drawing_item;

struct spectra_picture {
    double width, height;
    drawing_item *items;
    drawing_point *points;
    char *text;
    size_t item_count, item_capacity, point_count, point_capacity, text_size, text_capacity;
    bool failed; /* memory */
};

/* How words look. `most` is the width they are cut to, with an ellipsis; 0 for none. */
typedef struct drawing_style {
    double size;
    uint32_t colour;
    drawing_anchor anchor;
    bool bold, upright;
    double most;
} drawing_style;

spectra_picture *drawing_create(double width, double height);

void drawing_line(spectra_picture *picture, double x0, double y0, double x1, double y1, double width, uint32_t colour);
void drawing_dashes(spectra_picture *picture, double x0, double y0, double x1, double y1, double width,
                    uint32_t colour);
void drawing_curve(spectra_picture *picture, const drawing_point *points, size_t count, double width, uint32_t colour);
void drawing_area(spectra_picture *picture, const drawing_point *points, size_t count, uint32_t colour);
void drawing_rectangle(spectra_picture *picture, double x, double y, double width, double height, uint32_t colour);
void drawing_disc(spectra_picture *picture, double x, double y, double radius, uint32_t colour);

/* Words at a point; the width they take. Any bytes: what is no UTF-8 or has no shape becomes U+FFFD, control and
   direction characters a blank. */
double drawing_text(spectra_picture *picture, double x, double y, const char *text, const drawing_style *style);
/* The width of words in points, uncut. */
double drawing_text_width(const char *text, double size);

/* The next character of sane text that drawing_text would show; 0 at the end. */
uint32_t drawing_character(const char **text);

#endif
