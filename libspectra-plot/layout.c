/* SPDX-License-Identifier: Apache-2.0 */
/* Frame, axes, titles and legend of the plots. */
#include "layout.h"

#include <math.h>
#include <string.h>

#define TITLE_SIZE 10.5
#define TEXT_SIZE 8.0

double layout_x(const plot_frame *frame, double mz) {
    return frame->left + (mz - frame->from_mz) / (frame->to_mz - frame->from_mz) * (frame->right - frame->left);
}

double layout_y(const plot_frame *frame, double percent) {
    return frame->zero + (frame->full - frame->zero) * percent / 100;
}

const char *layout_number(char text[LAYOUT_NUMBER_SIZE], double value, unsigned decimals) {
    static const double powers[] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6};
    double scaled = floor(fabs(value) * powers[decimals] + 0.5);
    uint64_t left = scaled < 1e18 ? (uint64_t)scaled : UINT64_C(999999999999999999);
    bool negative = value < 0 && left > 0;
    char *at = text + LAYOUT_NUMBER_SIZE;
    *--at = '\0';
    for (unsigned i = 0; i < decimals; i++, left /= 10) *--at = (char)('0' + left % 10);
    if (decimals > 0) *--at = '.';
    do *--at = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    if (negative) {
        static const char minus[] = "\xe2\x88\x92";
        at -= sizeof minus - 1;
        memcpy(at, minus, sizeof minus - 1);
    }
    return at;
}

size_t layout_sticks(plot_stick *out, const spectra_plot_peaks *peaks) {
    double base = 0;
    size_t used = 0;
    for (size_t i = 0; i < peaks->count; i++) base = peaks->intensity[i] > base ? peaks->intensity[i] : base;
    for (size_t i = 0; i < peaks->count; i++)
        if (peaks->intensity[i] > 0)
            out[used++] = (plot_stick){.mz = peaks->mz[i], .percent = peaks->intensity[i] / base * 100};
    return used;
}

static void include(double *low, double *high, double mz) {
    if (mz <= 0) return;
    *low = mz < *low ? mz : *low;
    *high = mz > *high ? mz : *high;
}

void layout_range(plot_frame *frame, const spectra_plot_options *options, const spectra_plot_peaks *const *peaks,
                  size_t count) {
    double low = 1e300, high = 0;
    for (size_t i = 0; i < count; i++) {
        if (peaks[i]->count > 0) {
            include(&low, &high, peaks[i]->mz[0]);
            include(&low, &high, peaks[i]->mz[peaks[i]->count - 1]);
        }
        include(&low, &high, peaks[i]->ion_mz);
    }
    if (high == 0) low = 0, high = 100;
    double more = (high - low) * 0.04 > 2 ? (high - low) * 0.04 : 2;
    frame->from_mz = options->to_mz > 0 ? options->from_mz : low > more ? low - more : 0;
    frame->to_mz = options->to_mz > 0 ? options->to_mz : high + more;
}

/* --- Titles --- */

/* A formula with its numbers set low; the width, drawn only where a picture is given. */
static double formula(spectra_picture *picture, double x, double y, const char *text) {
    double start = x;
    char part[64];
    while (*text) {
        bool low = *text >= '0' && *text <= '9';
        size_t size = 0;
        while (*text && size < sizeof part - 5 && (*text >= '0' && *text <= '9') == low) {
            do part[size++] = *text++;
            while (((uint8_t)*text & 0xc0) == 0x80 && size < sizeof part - 1);
        }
        part[size] = '\0';
        const drawing_style style = {.size = low ? TITLE_SIZE * 0.72 : TITLE_SIZE, .colour = COLOUR_INK};
        x += picture ? drawing_text(picture, x, low ? y + 2 : y, part, &style) : drawing_text_width(part, style.size);
    }
    return x - start;
}

void layout_title(spectra_picture *picture, double x, double y, double width, const spectra_plot_peaks *words,
                  int pointer) {
    const drawing_style note = {.size = TEXT_SIZE, .colour = COLOUR_AXIS, .most = width / 2};
    double end = x + width, gap = 8;
    if (pointer != 0) {
        double tip = pointer > 0 ? y - 7.5 : y, foot = pointer > 0 ? y : y - 7.5;
        drawing_area(picture, (drawing_point[]){{x, foot}, {x + 4, tip}, {x + 8, foot}}, 3, COLOUR_AXIS);
        x += 12;
    }
    double note_width = words->note ? drawing_text_width(words->note, TEXT_SIZE) : 0;
    if (note_width > note.most) note_width = note.most;
    double formula_width = words->formula ? formula(NULL, 0, 0, words->formula) : 0;
    if (formula_width > width / 4) formula_width = 0;
    double room = end - x - note_width - formula_width - (note_width > 0 ? gap : 0) - (formula_width > 0 ? gap : 0);
    const drawing_style name = {.size = TITLE_SIZE, .colour = COLOUR_INK, .bold = true, .most = room};
    if (words->name) x += drawing_text(picture, x, y, words->name, &name) + gap;
    if (formula_width > 0) x += formula(picture, x, y, words->formula) + gap;
    if (words->note) drawing_text(picture, x, y, words->note, &note);
}

/* --- Axes --- */

/* 1, 2 or 5 times a power of ten, at least `least`. */
static double nice_step(double least) {
    double step = 1e-6;
    for (int i = 0; step < least; i++) step *= i % 3 == 1 ? 2.5 : 2;
    return step;
}

void layout_mz_axis(spectra_picture *picture, const plot_frame *frame, double y, double top) {
    const drawing_style style = {.size = TEXT_SIZE, .colour = COLOUR_AXIS, .anchor = DRAWING_MIDDLE};
    double range = frame->to_mz - frame->from_mz, step = nice_step(range * 55 / (frame->right - frame->left));
    unsigned decimals = 0;
    for (double s = step; s < 0.999 && decimals < 6; s *= 10) decimals++;
    for (double i = ceil(frame->from_mz / step - 1e-9); i * step <= frame->to_mz + 1e-9 * step; i++) {
        char text[LAYOUT_NUMBER_SIZE];
        double x = layout_x(frame, i * step);
        drawing_line(picture, x, y, x, top, 0.5, COLOUR_GRID);
        drawing_line(picture, x, y, x, y + 3, 0.8, COLOUR_AXIS);
        drawing_text(picture, x, y + 12, layout_number(text, i * step, decimals), &style);
    }
    drawing_line(picture, frame->left, y, frame->right, y, 0.8, COLOUR_AXIS);
    const drawing_style name = {.size = TEXT_SIZE, .colour = COLOUR_INK, .anchor = DRAWING_MIDDLE};
    drawing_text(picture, (frame->left + frame->right) / 2, y + 23, "m/z", &name);
}

void layout_percent_axis(spectra_picture *picture, const plot_frame *frame) {
    const drawing_style style = {.size = TEXT_SIZE, .colour = COLOUR_AXIS, .anchor = DRAWING_END};
    for (int percent = 0; percent <= 100; percent += 50) {
        char text[LAYOUT_NUMBER_SIZE];
        double y = layout_y(frame, percent);
        if (percent > 0) drawing_line(picture, frame->left, y, frame->right, y, 0.5, COLOUR_GRID);
        drawing_line(picture, frame->left - 3, y, frame->left, y, 0.8, COLOUR_AXIS);
        drawing_text(picture, frame->left - 5, y + 2.8, layout_number(text, percent, 0), &style);
    }
}

/* --- Kinds of peaks --- */

static uint32_t colour_of(stick_kind kind) {
    return kind == STICK_MATCHED ? COLOUR_MATCHED : kind == STICK_SHIFTED ? COLOUR_SHIFTED : COLOUR_OTHER;
}

void layout_marker(spectra_picture *picture, double x, double y, stick_kind kind) {
    const double r = 2.2;
    if (kind == STICK_MATCHED) drawing_disc(picture, x, y, 1.5, COLOUR_MATCHED);
    if (kind == STICK_SHIFTED)
        drawing_area(picture, (drawing_point[]){{x - r, y}, {x, y - r}, {x + r, y}, {x, y + r}}, 4, COLOUR_SHIFTED);
}

double layout_legend(spectra_picture *picture, double x, double y, stick_kind kind, const char *words) {
    const drawing_style style = {.size = TEXT_SIZE, .colour = COLOUR_INK};
    drawing_line(picture, x + 3, y, x + 3, y - 7, 1.3, colour_of(kind));
    layout_marker(picture, x + 3, y - 7, kind);
    return x + 9 + drawing_text(picture, x + 9, y, words, &style) + 14;
}

void layout_draw_sticks(spectra_picture *picture, const plot_frame *frame, const plot_stick *sticks, size_t count) {
    for (int kind = 0; kind < STICK_KINDS; kind++) { /* what matters lies above */
        for (size_t i = 0; i < count; i++) {
            if ((int)sticks[i].kind != kind || sticks[i].mz < frame->from_mz || sticks[i].mz > frame->to_mz) continue;
            double x = layout_x(frame, sticks[i].mz), y = layout_y(frame, sticks[i].percent);
            drawing_line(picture, x, frame->zero, x, y, kind == STICK_OTHER ? 0.9 : 1.1, colour_of(sticks[i].kind));
            layout_marker(picture, x, y, sticks[i].kind);
        }
    }
}
