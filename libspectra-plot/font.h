/* SPDX-License-Identifier: Apache-2.0 */
/* A font of strokes, drawn for this library: lines and curves of one width, so it is legible at any size and its widths
   are known to whoever lays out text. */
#ifndef PLOT_FONT_H
#define PLOT_FONT_H

#include <stdbool.h>
#include <stdint.h>

/* Units of the em; capitals are 42 high, small letters 30, both above the baseline. */
#define FONT_EM 60.0

/* Takes the strokes of a character: a point that begins a stroke, or one that goes on with it; y upward. */
typedef void (*font_take)(void *context, double x, double y, bool begins);

/* How far the next character stands. */
double font_advance(uint32_t character);
/* Hands over the strokes; a character that the font lacks has those of an empty box. */
void font_strokes(uint32_t character, font_take take, void *context);

#endif
