/* SPDX-License-Identifier: Apache-2.0 */
/* Paints by distance: how much of a pixel a shape covers follows from how far its middle lies from the shape's edge. An
   item's cover is gathered first and painted once, so that its own strokes do not darken each other where they meet.
   Plain arithmetic and square roots, which IEEE 754 rounds alike everywhere. */
#include "raster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "font.h"

#define MOST_PIXELS ((size_t)1 << 28)
#define STROKE_PLAIN 4.6 /* of letters, in units of the font */
#define STROKE_BOLD 7.2

/* What is painted, and the pixels that the item in work may have touched. */
typedef struct raster_brush {
    raster_image *raster;
    double scale; /* pixels a point */
    size_t left, top, right, bottom;
} raster_brush;

static double lesser(double a, double b) {
    return a < b ? a : b;
}
static double greater(double a, double b) {
    return a > b ? a : b;
}

/* A coordinate to a pixel's edge, kept inside 0 to most. */
static size_t pixel(double at, size_t most) {
    if (!(at > 0)) return 0;
    return at >= (double)most ? most : (size_t)at;
}

static void begin(raster_brush *brush) {
    brush->left = brush->raster->width;
    brush->top = brush->raster->height;
    brush->right = brush->bottom = 0;
}

/* A range of pixels around a box, noted as touched. */
typedef struct window {
    size_t left, top, right, bottom;
} window;

static window touch(raster_brush *brush, double x0, double y0, double x1, double y1) {
    const raster_image *r = brush->raster;
    window w = {pixel(x0 - 1, r->width), pixel(y0 - 1, r->height), pixel(x1 + 2, r->width), pixel(y1 + 2, r->height)};
    if (w.left < brush->left) brush->left = w.left;
    if (w.top < brush->top) brush->top = w.top;
    if (w.right > brush->right) brush->right = w.right;
    if (w.bottom > brush->bottom) brush->bottom = w.bottom;
    return w;
}

static void cover(const raster_image *r, size_t x, size_t y, double share) {
    uint8_t *at = &r->cover[y * r->width + x];
    double value = lesser(share, 1) * 255 + 0.5;
    if (value > *at) *at = (uint8_t)value;
}

/* Paints what was covered, and clears it. */
static void end(raster_brush *brush, uint32_t colour) {
    const raster_image *r = brush->raster;
    const unsigned ink[] = {colour >> 16 & 255, colour >> 8 & 255, colour & 255};
    for (size_t y = brush->top; y < brush->bottom; y++) {
        for (size_t x = brush->left; x < brush->right; x++) {
            uint8_t *covered = &r->cover[y * r->width + x], *at = &r->pixels[3 * (y * r->width + x)];
            unsigned share = *covered;
            for (int i = 0; share > 0 && i < 3; i++)
                at[i] = (uint8_t)((at[i] * (255 - share) + ink[i] * share + 127) / 255);
            *covered = 0;
        }
    }
}

/* A stroke with round ends, `half` its half width: of a pixel one apart in distance, the stroke covers what of ±half
   lies within ±½. */
static void stroke(raster_brush *brush, drawing_point a, drawing_point b, double half) {
    window w = touch(brush, lesser(a.x, b.x) - half, lesser(a.y, b.y) - half, greater(a.x, b.x) + half,
                     greater(a.y, b.y) + half);
    double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
    for (size_t y = w.top; y < w.bottom; y++) {
        for (size_t x = w.left; x < w.right; x++) {
            double px = (double)x + 0.5 - a.x, py = (double)y + 0.5 - a.y;
            double along = square > 0 ? greater(0, lesser(1, (px * dx + py * dy) / square)) : 0;
            double ex = px - along * dx, ey = py - along * dy, distance = sqrt(ex * ex + ey * ey);
            double share = lesser(0.5, distance + half) - greater(-0.5, distance - half);
            if (share > 0) cover(brush->raster, x, y, share);
        }
    }
}

/* A box with edges on those of pixels: lines along the axes are sharp. */
static void box(raster_brush *brush, double x, double y, double width, double height) {
    double left = floor(x + 0.5), top = floor(y + 0.5);
    window w = touch(brush, left, top, left + width, top + height);
    for (size_t j = w.top; j < w.bottom; j++)
        for (size_t i = w.left; i < w.right; i++)
            if ((double)i >= left && (double)i < left + width && (double)j >= top && (double)j < top + height)
                cover(brush->raster, i, j, 1);
}

static void straight(raster_brush *brush, drawing_point a, drawing_point b, double width) {
    double whole = greater(1, floor(width + 0.5));
    if (a.x == b.x) {
        double top = floor(lesser(a.y, b.y) + 0.5), bottom = floor(greater(a.y, b.y) + 0.5);
        box(brush, a.x - whole / 2, top, whole, greater(1, bottom - top));
    } else {
        double left = floor(lesser(a.x, b.x) + 0.5), right = floor(greater(a.x, b.x) + 0.5);
        box(brush, left, a.y - whole / 2, greater(1, right - left), whole);
    }
}

#define DASH 3.0 /* points; and 2 between */

static void line(raster_brush *brush, const drawing_item *item, const drawing_point *points) {
    double s = brush->scale;
    bool along = item->count == 2 && (points[0].x == points[1].x || points[0].y == points[1].y);
    double dx = points[1].x - points[0].x, dy = points[1].y - points[0].y, length = sqrt(dx * dx + dy * dy);
    double step = item->dashed && length > 0 ? (DASH + 2) / length : 1;
    double part = item->dashed && length > 0 ? DASH / length : 1;
    for (double t = 0; along && t < 1; t += step) {
        double to = lesser(1, t + part);
        straight(brush, (drawing_point){(points[0].x + t * dx) * s, (points[0].y + t * dy) * s},
                 (drawing_point){(points[0].x + to * dx) * s, (points[0].y + to * dy) * s}, item->size * s);
    }
    for (size_t i = 1; !along && i < item->count; i++)
        stroke(brush, (drawing_point){points[i - 1].x * s, points[i - 1].y * s},
               (drawing_point){points[i].x * s, points[i].y * s}, item->size * s / 2);
}

static void disc(raster_brush *brush, const drawing_item *item, drawing_point at) {
    double x0 = at.x * brush->scale, y0 = at.y * brush->scale, radius = item->size * brush->scale;
    window w = touch(brush, x0 - radius, y0 - radius, x0 + radius, y0 + radius);
    for (size_t y = w.top; y < w.bottom; y++) {
        for (size_t x = w.left; x < w.right; x++) {
            double dx = (double)x + 0.5 - x0, dy = (double)y + 0.5 - y0;
            double share = radius - sqrt(dx * dx + dy * dy) + 0.5;
            if (share > 0) cover(brush->raster, x, y, share);
        }
    }
}

/* How far a point lies inside a convex area, in pixels; negative outside. `sign` is that of its turn. */
static double depth(const drawing_point *points, size_t count, double scale, double x, double y, double sign) {
    double least = 1e9;
    for (size_t i = 0; i < count; i++) {
        const drawing_point *a = &points[i], *b = &points[(i + 1) % count];
        double dx = (b->x - a->x) * scale, dy = (b->y - a->y) * scale, length = sqrt(dx * dx + dy * dy);
        if (length > 0) least = lesser(least, sign * (dx * (y - a->y * scale) - dy * (x - a->x * scale)) / length);
    }
    return least;
}

static void area(raster_brush *brush, const drawing_item *item, const drawing_point *points) {
    double s = brush->scale, x0 = 1e9, y0 = 1e9, x1 = 0, y1 = 0, turn = 0;
    for (size_t i = 0; i < item->count; i++) {
        const drawing_point *a = &points[i], *b = &points[(i + 1) % item->count];
        turn += a->x * b->y - a->y * b->x;
        x0 = lesser(x0, a->x * s);
        y0 = lesser(y0, a->y * s);
        x1 = greater(x1, a->x * s);
        y1 = greater(y1, a->y * s);
    }
    window w = touch(brush, x0, y0, x1, y1);
    for (size_t y = w.top; y < w.bottom; y++) {
        for (size_t x = w.left; x < w.right; x++) {
            double inside = depth(points, item->count, s, (double)x + 0.5, (double)y + 0.5, turn < 0 ? -1 : 1);
            if (inside > -0.5) cover(brush->raster, x, y, inside + 0.5);
        }
    }
}

/* --- Words --- */

/* Where the next letter stands, and the stroke in work. */
typedef struct writing {
    raster_brush *brush;
    const drawing_item *item;
    double advance; /* units of the font */
    drawing_point last;
} writing;

static void take_stroke(void *context, double x, double y, bool begins) {
    writing *w = context;
    double unit = w->item->size / FONT_EM, s = w->brush->scale, along = (w->advance + x) * unit, up = y * unit;
    drawing_point at = w->item->upright ? (drawing_point){(w->item->at.x - up) * s, (w->item->at.y - along) * s}
                                        : (drawing_point){(w->item->at.x + along) * s, (w->item->at.y - up) * s};
    double width = (w->item->bold ? STROKE_BOLD : STROKE_PLAIN) * unit * s;
    if (!begins) stroke(w->brush, w->last, at, greater(width, 0.8) / 2);
    w->last = at;
}

static void words(raster_brush *brush, const drawing_item *item, const char *text) {
    writing w = {.brush = brush, .item = item};
    for (uint32_t c; (c = drawing_character(&text)) != 0; w.advance += font_advance(c))
        font_strokes(c, take_stroke, &w);
}

spectra_status raster_paint(raster_image *out, const spectra_picture *picture, double dpi) {
    double scale = dpi / 72;
    *out = (raster_image){.width = (size_t)(picture->width * scale + 0.5),
                          .height = (size_t)(picture->height * scale + 0.5)};
    if (out->width > MOST_PIXELS / out->height) return SPECTRA_E_LIMIT;
    out->pixels = malloc(3 * out->width * out->height);
    out->cover = calloc(out->width, out->height);
    if (!out->pixels || !out->cover) return SPECTRA_E_MEMORY;
    memset(out->pixels, 255, 3 * out->width * out->height);
    raster_brush brush = {.raster = out, .scale = scale};
    for (size_t i = 0; i < picture->item_count; i++) {
        const drawing_item *item = &picture->items[i];
        const drawing_point *points = item->kind == DRAWING_TEXT ? NULL : picture->points + item->first;
        begin(&brush);
        if (item->kind == DRAWING_LINE) line(&brush, item, points);
        if (item->kind == DRAWING_DISC) disc(&brush, item, *points);
        if (item->kind == DRAWING_AREA) area(&brush, item, points);
        if (item->kind == DRAWING_TEXT) words(&brush, item, picture->text + item->first);
        end(&brush, item->colour);
    }
    return SPECTRA_OK;
}

void raster_free(raster_image *raster) {
    free(raster->pixels);
    free(raster->cover);
}
