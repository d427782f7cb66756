/* SPDX-License-Identifier: Apache-2.0 */
/* What the plots share: sticks, the frame they stand in, its axes, titles, legend and labels. Lengths in points. */
#ifndef PLOT_LAYOUT_H
#define PLOT_LAYOUT_H

#include "drawing.h"

/* Colours of Okabe and Ito (2008), told apart by the colour-blind; each kind of peak has a shape beside it. */
#define COLOUR_MATCHED 0x0072b2u
#define COLOUR_SHIFTED 0xd55e00u
#define COLOUR_OTHER 0x8c8c8cu
#define COLOUR_PICKED 0xd55e00u
#define COLOUR_CURVE 0x4d4d4du
#define COLOUR_BASELINE 0x009e73u
#define COLOUR_INK 0x1a1a1au
#define COLOUR_AXIS 0x4d4d4du
#define COLOUR_GRID 0xe3e3e3u

#define LAYOUT_MOST_LABELS 100u

typedef enum stick_kind { STICK_OTHER, STICK_MATCHED, STICK_SHIFTED, STICK_KINDS } stick_kind;

typedef struct plot_stick {
    double mz, percent; /* of the strongest peak */
    double error_ppm;   /* of a match: query less reference */
    stick_kind kind;
} plot_stick;

/* A stretch of m/z across, and where 0 and 100 % lie; 100 % may lie below. */
typedef struct plot_frame {
    double left, right, from_mz, to_mz;
    double zero, full;
} plot_frame;

double layout_x(const plot_frame *frame, double mz);
double layout_y(const plot_frame *frame, double percent);

/* Sticks of peaks in % of the largest, those of intensity 0 left out. `out` has room for peaks->count. */
size_t layout_sticks(plot_stick *out, const spectra_plot_peaks *peaks);
/* The range as the options say, else that of all peaks and ions given, and a little more. */
void layout_range(plot_frame *frame, const spectra_plot_options *options, const spectra_plot_peaks *const *peaks,
                  size_t count);

/* Names, formula and note in one line, cut to its width; `pointer`: 1 a triangle upward before it, -1 downward, 0 none.
 */
void layout_title(spectra_picture *picture, double x, double y, double width, const spectra_plot_peaks *words,
                  int pointer);
/* Ticks and numbers of the m/z axis at height y; grid lines from there up to `top`. */
void layout_mz_axis(spectra_picture *picture, const plot_frame *frame, double y, double top);
/* Ticks and numbers at 0, 50 and 100 %. */
void layout_percent_axis(spectra_picture *picture, const plot_frame *frame);
/* One entry of the legend at x; where the next begins. */
double layout_legend(spectra_picture *picture, double x, double y, stick_kind kind, const char *words);
void layout_marker(spectra_picture *picture, double x, double y, stick_kind kind);

void layout_draw_sticks(spectra_picture *picture, const plot_frame *frame, const plot_stick *sticks, size_t count);
/* The m/z of the strongest sticks, and the ion of `words`, where nothing lies under them. False without memory. */
bool layout_labels(spectra_picture *picture, const plot_frame *frame, const plot_stick *sticks, size_t count,
                   const spectra_plot_peaks *words, const spectra_plot_options *options);

/* A number with `decimals`, at most 6, in every locale with a point. */
#define LAYOUT_NUMBER_SIZE 32
const char *layout_number(char text[LAYOUT_NUMBER_SIZE], double value, unsigned decimals);

/* Which sticks of the query match which of the reference; both ascending in m/z. False without memory. */
bool match_sticks(plot_stick *query, size_t query_count, plot_stick *reference, size_t reference_count,
                  const spectra_plot_options *options);

#endif
