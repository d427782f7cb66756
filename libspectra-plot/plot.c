/* SPDX-License-Identifier: Apache-2.0 */
/* The three plots: one spectrum, two against each other, a profile with its peaks. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "layout.h"

#define MOST_PEAKS ((size_t)1 << 22)
#define MARGIN_LEFT 44.0
#define MARGIN_RIGHT 12.0
#define TITLE_LINE 15.0
#define HEADROOM 20.0 /* above 100 %, for labels */
#define FOOT 30.0     /* numbers and name of the m/z axis */
#define LEGEND_LINE 14.0
#define PANEL 62.0 /* of mass errors */

static const spectra_plot_peaks nothing = {0};

static bool is_finite(double value) {
    return value - value == 0;
}

static bool between(double value, double least, double most) {
    return value == 0 || (value >= least && value <= most);
}

/* The options with their defaults; false for bad ones. */
static bool take_options(spectra_plot_options *out, const spectra_plot_options *given) {
    *out = (spectra_plot_options){.size = sizeof *out};
    if (given && given->size != sizeof *given) return false;
    if (given) *out = *given;
    bool good = between(out->width, 200, 10000) && between(out->height, 150, 10000) &&
                out->labels <= LAYOUT_MOST_LABELS && is_finite(out->delta_mz) && out->from_mz >= 0 &&
                is_finite(out->to_mz) && (out->to_mz > out->from_mz || (out->to_mz == 0 && out->from_mz == 0));
    if (out->width == 0) out->width = 540;
    if (out->height == 0) out->height = 360;
    if (out->labels == 0) out->labels = 12;
    return good;
}

static spectra_status check_peaks(const spectra_plot_peaks *peaks) {
    if (!peaks || (peaks->count > 0 && (!peaks->mz || !peaks->intensity))) return SPECTRA_E_INVALID;
    if (peaks->count > MOST_PEAKS) return SPECTRA_E_LIMIT;
    if (!is_finite(peaks->ion_mz) || peaks->ion_mz < 0) return SPECTRA_E_INVALID;
    for (size_t i = 0; i < peaks->count; i++) {
        bool good = is_finite(peaks->mz[i]) && peaks->mz[i] > 0 && peaks->mz[i] < 1e9 &&
                    is_finite(peaks->intensity[i]) && peaks->intensity[i] >= 0 &&
                    (i == 0 || peaks->mz[i] >= peaks->mz[i - 1]);
        if (!good) return SPECTRA_E_INVALID;
    }
    return SPECTRA_OK;
}

/* The picture to the caller, or what became of it. */
static spectra_status hand_over(spectra_picture **out, spectra_picture *picture, bool complete) {
    if (picture && complete && !picture->failed) {
        *out = picture;
        return SPECTRA_OK;
    }
    spectra_picture_free(picture);
    return SPECTRA_E_MEMORY;
}

static void name_percent_axis(spectra_picture *picture, double middle, const char *words) {
    const drawing_style style = {.size = 8, .colour = COLOUR_INK, .anchor = DRAWING_MIDDLE, .upright = true};
    drawing_text(picture, 13, middle, words, &style);
}

/* --- One spectrum --- */

static bool draw_spectrum(spectra_picture *picture, const spectra_plot_peaks *peaks,
                          const spectra_plot_options *options) {
    plot_stick *sticks = malloc((peaks->count + 1) * sizeof *sticks);
    if (!sticks) return false;
    size_t count = layout_sticks(sticks, peaks);
    double top = 8 + TITLE_LINE, bottom = options->height - FOOT;
    plot_frame frame = {MARGIN_LEFT, options->width - MARGIN_RIGHT, 0, 0, bottom, top + HEADROOM};
    layout_range(&frame, options, &peaks, 1);
    layout_title(picture, MARGIN_LEFT, 17, frame.right - frame.left, peaks, 0);
    layout_mz_axis(picture, &frame, bottom, top);
    layout_percent_axis(picture, &frame);
    name_percent_axis(picture, (frame.zero + frame.full) / 2, "relative intensity / %");
    for (size_t i = 0; i < count; i++) sticks[i].kind = STICK_MATCHED;
    for (size_t i = 0; i < count; i++) {
        if (sticks[i].mz < frame.from_mz || sticks[i].mz > frame.to_mz) continue;
        double x = layout_x(&frame, sticks[i].mz);
        drawing_line(picture, x, bottom, x, layout_y(&frame, sticks[i].percent), 1.1, COLOUR_MATCHED);
    }
    bool good = layout_labels(picture, &frame, sticks, count, peaks, options);
    drawing_line(picture, frame.left, bottom, frame.left, top, 0.8, COLOUR_AXIS);
    free(sticks);
    return good;
}

spectra_status spectra_plot_spectrum(spectra_picture **out, const spectra_plot_peaks *peaks,
                                     const spectra_plot_options *options) {
    spectra_plot_options o;
    if (!out) return SPECTRA_E_INVALID;
    *out = NULL;
    spectra_status status = take_options(&o, options) ? check_peaks(peaks) : SPECTRA_E_INVALID;
    if (status < 0) return status;
    spectra_picture *picture = drawing_create(o.width, o.height);
    return hand_over(out, picture, picture && draw_spectrum(picture, peaks, &o));
}

/* --- Two against each other --- */

/* Both sides of a mirror, and where they stand. */
typedef struct mirror_plot {
    spectra_picture *picture;
    const spectra_plot_options *options;
    const spectra_plot_peaks *sides[2];
    plot_stick *sticks[2];
    size_t counts[2];
    plot_frame frames[2];
    double top, bottom; /* of the two frames together */
} mirror_plot;

static unsigned count_kind(const mirror_plot *m, size_t side, stick_kind kind) {
    unsigned found = 0;
    for (size_t i = 0; i < m->counts[side]; i++) found += m->sticks[side][i].kind == kind;
    return found;
}

/* "matched (51 up, 50 down)": so many peaks of the query, so many of the reference. */
static void draw_legend(const mirror_plot *m) {
    char words[160], shift[48] = "", number[LAYOUT_NUMBER_SIZE];
    double y = m->options->height - 6, x = m->frames[0].left, delta = m->options->delta_mz;
    snprintf(shift, sizeof shift, ", shifted by %s%s", delta > 0 ? "+" : "",
             layout_number(number, delta, m->options->nominal ? 0 : 4));
    for (stick_kind kind = STICK_MATCHED; kind < STICK_KINDS; kind++) {
        if (kind == STICK_SHIFTED && delta == 0) continue;
        snprintf(words, sizeof words, "matched%s (%u up, %u down)", kind == STICK_SHIFTED ? shift : "",
                 count_kind(m, 0, kind), count_kind(m, 1, kind));
        x = layout_legend(m->picture, x, y, kind, words);
    }
    snprintf(words, sizeof words, "unmatched (%u up, %u down)", count_kind(m, 0, STICK_OTHER),
             count_kind(m, 1, STICK_OTHER));
    layout_legend(m->picture, x, y, STICK_OTHER, words);
}

/* The scale of the panel: the largest error that is drawn, rounded up. */
static double error_limit(const mirror_plot *m) {
    static const double steps[] = {2, 5, 10, 20, 50, 100, 200, 500, 1000};
    double most = 0;
    size_t k = 0;
    for (size_t i = 0; i < m->counts[0]; i++) most = fmax(most, fabs(m->sticks[0][i].error_ppm));
    while (k < 8 && steps[k] < most) k++;
    return steps[k];
}

/* Errors of the matched peaks in ppm around a zero line. */
static void draw_errors(const mirror_plot *m, double top, double bottom) {
    const drawing_style style = {.size = 8, .colour = COLOUR_AXIS, .anchor = DRAWING_END};
    const plot_frame *f = &m->frames[0];
    double limit = error_limit(m), middle = (top + bottom) / 2, half = (bottom - top) / 2 - 6;
    for (int i = -1; i <= 1; i++) {
        char text[LAYOUT_NUMBER_SIZE];
        double y = middle - i * half;
        drawing_line(m->picture, f->left, y, f->right, y, i == 0 ? 0.8 : 0.5, i == 0 ? COLOUR_AXIS : COLOUR_GRID);
        drawing_text(m->picture, f->left - 5, y + 2.8, layout_number(text, i * limit, 0), &style);
    }
    for (size_t i = 0; i < m->counts[0]; i++) {
        const plot_stick *s = &m->sticks[0][i];
        if (s->kind == STICK_OTHER || s->mz < f->from_mz || s->mz > f->to_mz) continue;
        layout_marker(m->picture, layout_x(f, s->mz), middle - s->error_ppm / limit * half, s->kind);
    }
    name_percent_axis(m->picture, middle, "error / ppm");
    drawing_line(m->picture, f->left, top, f->left, bottom, 0.8, COLOUR_AXIS);
}

static void lay_out_frames(mirror_plot *m) {
    double width = m->options->width, below = FOOT + LEGEND_LINE;
    if (m->options->mass_errors) below += PANEL;
    m->top = 8 + 2 * TITLE_LINE;
    m->bottom = m->options->height - below;
    double middle = (m->top + m->bottom) / 2;
    m->frames[0] = (plot_frame){MARGIN_LEFT, width - MARGIN_RIGHT, 0, 0, middle, m->top + HEADROOM};
    layout_range(&m->frames[0], m->options, m->sides, 2);
    m->frames[1] = m->frames[0];
    m->frames[1].full = m->bottom - HEADROOM;
}

static bool draw_mirror(mirror_plot *m) {
    bool good = true;
    double middle = m->frames[0].zero, across = m->frames[0].right - m->frames[0].left;
    double foot = m->options->height - FOOT - LEGEND_LINE;
    layout_title(m->picture, MARGIN_LEFT, 17, across, m->sides[0], 1);
    layout_title(m->picture, MARGIN_LEFT, 17 + TITLE_LINE, across, m->sides[1], -1);
    layout_mz_axis(m->picture, &m->frames[0], foot, m->top);
    for (size_t i = 0; i < 2; i++) layout_percent_axis(m->picture, &m->frames[i]);
    if (m->options->mass_errors) draw_errors(m, m->bottom + 4, foot);
    for (size_t i = 0; i < 2; i++) layout_draw_sticks(m->picture, &m->frames[i], m->sticks[i], m->counts[i]);
    for (size_t i = 0; i < 2 && good; i++)
        good = layout_labels(m->picture, &m->frames[i], m->sticks[i], m->counts[i], m->sides[i], m->options);
    drawing_line(m->picture, m->frames[0].left, middle, m->frames[0].right, middle, 0.8, COLOUR_AXIS);
    drawing_line(m->picture, m->frames[0].left, m->top, m->frames[0].left, m->bottom, 0.8, COLOUR_AXIS);
    name_percent_axis(m->picture, middle, "relative intensity / %");
    draw_legend(m);
    return good;
}

static bool make_mirror(mirror_plot *m) {
    for (size_t i = 0; i < 2; i++) {
        m->sticks[i] = malloc((m->sides[i]->count + 1) * sizeof *m->sticks[i]);
        if (!m->sticks[i]) return false;
        m->counts[i] = layout_sticks(m->sticks[i], m->sides[i]);
    }
    lay_out_frames(m);
    return match_sticks(m->sticks[0], m->counts[0], m->sticks[1], m->counts[1], m->options) && draw_mirror(m);
}

spectra_status spectra_plot_mirror(spectra_picture **out, const spectra_plot_peaks *query,
                                   const spectra_plot_peaks *reference, const spectra_plot_options *options) {
    spectra_plot_options o;
    if (!out) return SPECTRA_E_INVALID;
    *out = NULL;
    spectra_status status = take_options(&o, options) ? check_peaks(query) : SPECTRA_E_INVALID;
    if (status == SPECTRA_OK) status = check_peaks(reference);
    if (status < 0) return status;
    if (o.nominal) o.mass_errors = 0;
    mirror_plot m = {.picture = drawing_create(o.width, o.height), .options = &o, .sides = {query, reference}};
    bool good = m.picture && make_mirror(&m);
    free(m.sticks[0]);
    free(m.sticks[1]);
    return hand_over(out, m.picture, good);
}

/* --- A profile --- */

/* Highest value of the cells, above 0. */
static double highest(const spectra_profile_result *result) {
    double most = 0;
    for (uint32_t i = 0; i < result->cell_count; i++) most = fmax(most, (double)result->sum[i]);
    return most > 0 ? most : 1;
}

static void draw_cells(spectra_picture *picture, const plot_frame *frame, const spectra_profile_result *result,
                       const float *values, drawing_point *points, double width, uint32_t colour) {
    double full = highest(result);
    size_t count = 0;
    for (uint32_t i = 0; i < result->cell_count; i++) {
        double mz = result->cell_mz[i], percent = fmin(104, fmax(-3, (double)values[i] / full * 100));
        if (mz >= frame->from_mz && mz <= frame->to_mz)
            points[count++] = (drawing_point){layout_x(frame, mz), layout_y(frame, percent)};
    }
    drawing_curve(picture, points, count, width, colour);
}

/* The highest point of the curve under a peak, in %: its stick ends there. */
static double height_at(const spectra_profile_result *result, double mz, double full) {
    double most = 0, reach = fmin(0.5, fmax(result->fwhm, 0.02) / 2);
    for (uint32_t i = 0; i < result->cell_count; i++)
        if (fabs(result->cell_mz[i] - mz) <= reach) most = fmax(most, (double)result->sum[i]);
    return most / full * 100;
}

static void profile_legend(spectra_picture *picture, double x, double y, const spectra_profile_result *result) {
    const drawing_style style = {.size = 8, .colour = COLOUR_INK};
    char text[64];
    drawing_line(picture, x, y - 3, x + 12, y - 3, 0.9, COLOUR_CURVE);
    x += 16 + drawing_text(picture, x + 16, y, "profile", &style) + 14;
    if (result->baseline) {
        drawing_line(picture, x, y - 3, x + 12, y - 3, 1.2, COLOUR_BASELINE);
        x += 16 + drawing_text(picture, x + 16, y, "baseline", &style) + 14;
    }
    snprintf(text, sizeof text, "peaks found (%u)", result->peak_count);
    layout_legend(picture, x, y, STICK_SHIFTED, text);
}

static bool draw_profile(spectra_picture *picture, const spectra_profile_result *result,
                         const spectra_plot_peaks *words, const spectra_plot_options *options) {
    plot_stick *sticks = malloc((result->peak_count + 1) * sizeof *sticks);
    drawing_point *points = malloc((result->cell_count + 1) * sizeof *points);
    bool good = sticks && points;
    double top = 8 + TITLE_LINE, bottom = options->height - FOOT - LEGEND_LINE;
    plot_frame frame = {MARGIN_LEFT, options->width - MARGIN_RIGHT, 0, 0, bottom - 4, top + HEADROOM};
    const spectra_plot_peaks cells = {.mz = result->cell_mz, .count = result->cell_count};
    layout_range(&frame, options, (const spectra_plot_peaks *const[]){&cells}, 1);
    layout_title(picture, MARGIN_LEFT, 17, frame.right - frame.left, words, 0);
    layout_mz_axis(picture, &frame, bottom, top);
    layout_percent_axis(picture, &frame);
    name_percent_axis(picture, (frame.zero + frame.full) / 2, "relative intensity / %");
    double full = highest(result);
    for (uint32_t i = 0; good && i < result->peak_count; i++)
        sticks[i] = (plot_stick){
            .mz = result->peaks[i].mz, .percent = height_at(result, result->peaks[i].mz, full), .kind = STICK_SHIFTED};
    if (good) draw_cells(picture, &frame, result, result->sum, points, 0.9, COLOUR_CURVE);
    if (good && result->baseline) draw_cells(picture, &frame, result, result->baseline, points, 1.2, COLOUR_BASELINE);
    if (good) layout_draw_sticks(picture, &frame, sticks, result->peak_count);
    good = good && layout_labels(picture, &frame, sticks, result->peak_count, words, options);
    drawing_line(picture, frame.left, bottom, frame.left, top, 0.8, COLOUR_AXIS);
    profile_legend(picture, frame.left, options->height - 6, result);
    free(sticks);
    free(points);
    return good;
}

spectra_status spectra_plot_profile(spectra_picture **out, const spectra_profile_result *result,
                                    const spectra_plot_peaks *words, const spectra_plot_options *options) {
    spectra_plot_options o;
    if (!out) return SPECTRA_E_INVALID;
    *out = NULL;
    if (!take_options(&o, options) || !result || !result->sum || !result->cell_mz) return SPECTRA_E_INVALID;
    spectra_picture *picture = drawing_create(o.width, o.height);
    return hand_over(out, picture, picture && draw_profile(picture, result, words ? words : &nothing, &o));
}
