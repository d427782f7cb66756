/* SPDX-License-Identifier: Apache-2.0 */
/* Labels that lie on no stick and on no other label. A label that finds no room is left out. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "layout.h"

#define SIZE 7.5
#define HEIGHT 6.0 /* of digits and some air */
#define LEAST_PERCENT 1.0
#define BINS_A_POINT 2.0
#define ION_SIZE 256 /* bytes */
#define ION_WIDTH 170.0

/* Boxes as heights above zero, in points, whichever way the frame grows. */
typedef struct box {
    double left, right, low, high;
} box;

typedef struct label_layout {
    spectra_picture *picture;
    const plot_frame *frame;
    double sign, top; /* of heights: y = zero + sign * height; none lies above `top` */
    double *skyline;  /* the tallest stick by half points across */
    size_t bins;
    box placed[LAYOUT_MOST_LABELS + 2];
    size_t count;
} label_layout;

static size_t bin_of(const label_layout *l, double x) {
    double at = (x - l->frame->left) * BINS_A_POINT;
    return at <= 0 ? 0 : at >= (double)(l->bins - 1) ? l->bins - 1 : (size_t)at;
}

static bool build_skyline(label_layout *l, const plot_stick *sticks, size_t count) {
    l->bins = (size_t)((l->frame->right - l->frame->left) * BINS_A_POINT) + 1;
    l->skyline = calloc(l->bins, sizeof *l->skyline);
    if (!l->skyline) return false;
    for (size_t i = 0; i < count; i++) {
        if (sticks[i].mz < l->frame->from_mz || sticks[i].mz > l->frame->to_mz) continue;
        double x = layout_x(l->frame, sticks[i].mz);
        double height = l->sign * (layout_y(l->frame, sticks[i].percent) - l->frame->zero) + 2;
        double *at = &l->skyline[bin_of(l, x)];
        if (height > *at) *at = height;
    }
    return true;
}

static bool is_free(const label_layout *l, const box *b) {
    if (b->left < l->frame->left || b->right > l->frame->right || b->high > l->top) return false;
    for (size_t i = bin_of(l, b->left); i <= bin_of(l, b->right); i++)
        if (l->skyline[i] > b->low) return false;
    for (size_t i = 0; i < l->count; i++) {
        const box *p = &l->placed[i];
        if (b->left < p->right && p->left < b->right && b->low < p->high && p->low < b->high) return false;
    }
    return true;
}

static void put(label_layout *l, const box *b, const char *text) {
    const drawing_style style = {.size = SIZE, .colour = COLOUR_INK, .anchor = DRAWING_MIDDLE, .most = ION_WIDTH};
    double height = l->sign < 0 ? b->low + 0.5 : b->high - 0.5; /* of the baseline */
    drawing_text(l->picture, (b->left + b->right) / 2, l->frame->zero + l->sign * height, text, &style);
    l->placed[l->count++] = *b;
}

/* Above the tip, beside it, or higher with a line down to it. */
static void label_stick(label_layout *l, const plot_stick *stick, const char *text) {
    double x = layout_x(l->frame, stick->mz), width = drawing_text_width(text, SIZE) + 3;
    double tip = l->sign * (layout_y(l->frame, stick->percent) - l->frame->zero) + 3;
    for (int lift = 0; lift < 12; lift++) {
        const double aside[] = {0, width * 0.35, -width * 0.35, width / 2 + 2, -width / 2 - 2};
        for (size_t i = 0; i < (lift == 0 ? 5 : 3); i++) {
            double low = tip + lift * HEIGHT / 2;
            const box b = {x + aside[i] - width / 2, x + aside[i] + width / 2, low, low + HEIGHT};
            const box way = {x - 0.5, x + 0.5, tip, low};
            if (!is_free(l, &b) || (lift > 1 && !is_free(l, &way))) continue;
            if (lift > 1)
                drawing_line(l->picture, x, l->frame->zero + l->sign * tip, x + aside[i] * 0.8,
                             l->frame->zero + l->sign * (low - 0.5), 0.4, COLOUR_AXIS);
            put(l, &b, text);
            return;
        }
    }
}

static unsigned decimals_of(double mz, const spectra_plot_options *options) {
    return options->nominal || fabs(mz - floor(mz + 0.5)) < 1e-6 ? 0 : 4;
}

/* A dashed line over the whole height, a triangle that points down it, and the ion's name at the top. */
static void mark_ion(label_layout *l, const spectra_plot_peaks *words, const spectra_plot_options *options) {
    if (words->ion_mz <= l->frame->from_mz || words->ion_mz >= l->frame->to_mz) return;
    double x = layout_x(l->frame, words->ion_mz), end = l->frame->zero + l->sign * l->top;
    drawing_dashes(l->picture, x, l->frame->zero, x, end, 0.6, COLOUR_AXIS);
    drawing_area(l->picture, (drawing_point[]){{x - 3, end}, {x + 3, end}, {x, end - l->sign * 6}}, 3, COLOUR_INK);
    l->placed[l->count++] = (box){x - 1, x + 1, 0, l->top};
    if (!words->ion) return;
    char text[ION_SIZE], number[LAYOUT_NUMBER_SIZE];
    snprintf(text, sizeof text, "%.200s %s", words->ion,
             layout_number(number, words->ion_mz, decimals_of(words->ion_mz, options)));
    double width = fmin(drawing_text_width(text, SIZE), ION_WIDTH) + 3;
    bool right = x + 4 + width < l->frame->right;
    const box b = {right ? x + 4 : x - 4 - width, right ? x + 4 + width : x - 4, l->top - HEIGHT, l->top};
    if (b.left > l->frame->left) put(l, &b, text);
}

/* The strongest stick below the one before in strength, ties by m/z; NULL after the last. */
static const plot_stick *next_strongest(const plot_stick *sticks, size_t count, const plot_stick *before,
                                        const plot_frame *frame) {
    const plot_stick *best = NULL;
    for (const plot_stick *s = sticks; s < sticks + count; s++) {
        if (s->mz < frame->from_mz || s->mz > frame->to_mz || s->percent < LEAST_PERCENT) continue;
        if (before && (s->percent > before->percent || (s->percent == before->percent && s <= before))) continue;
        if (!best || s->percent > best->percent) best = s;
    }
    return best;
}

bool layout_labels(spectra_picture *picture, const plot_frame *frame, const plot_stick *sticks, size_t count,
                   const spectra_plot_peaks *words, const spectra_plot_options *options) {
    double height = fabs(frame->full - frame->zero);
    label_layout l = {.picture = picture, .frame = frame, .sign = frame->full < frame->zero ? -1 : 1};
    l.top = height + 18;
    if (!build_skyline(&l, sticks, count)) return false;
    if (words->ion_mz > 0) mark_ion(&l, words, options);
    const plot_stick *s = NULL;
    for (uint32_t i = 0; i < options->labels && (s = next_strongest(sticks, count, s, frame)) != NULL; i++) {
        char text[LAYOUT_NUMBER_SIZE];
        label_stick(&l, s, layout_number(text, s->mz, decimals_of(s->mz, options)));
    }
    free(l.skyline);
    return true;
}
