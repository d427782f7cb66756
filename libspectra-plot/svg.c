/* SPDX-License-Identifier: Apache-2.0 */
/* A picture as SVG. Words stay words, which can be searched and copied, but have the widths of our own font, so that
   what was laid out without overlap stays so in whatever font the viewer has. */
#include <string.h>

#include "drawing.h"

/* Text on its way to a sink; after a failure nothing more is written. */
typedef struct output {
    const spectra_sink *sink;
    spectra_status status;
    size_t used;
    char bytes[4096];
} output;

static void flush(output *out) {
    if (out->status == SPECTRA_OK && out->used > 0)
        out->status = out->sink->write(out->sink->context, out->bytes, out->used);
    out->used = 0;
}

static void put_bytes(output *out, const char *bytes, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (out->used == sizeof out->bytes) flush(out);
        out->bytes[out->used++] = bytes[i];
    }
}

static void put(output *out, const char *text) {
    put_bytes(out, text, strlen(text));
}

/* With at most two decimals, whatever the locale. */
static void put_number(output *out, double value) {
    char digits[24];
    size_t at = sizeof digits;
    int64_t scaled = (int64_t)(value * 100 + (value < 0 ? -0.5 : 0.5));
    uint64_t left = (uint64_t)(scaled < 0 ? -scaled : scaled), rest = left % 100;
    if (rest > 0) {
        if (rest % 10 > 0) digits[--at] = (char)('0' + rest % 10);
        digits[--at] = (char)('0' + rest / 10);
        digits[--at] = '.';
    }
    left /= 100;
    do digits[--at] = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    if (scaled < 0) digits[--at] = '-';
    put_bytes(out, digits + at, sizeof digits - at);
}

static void attribute(output *out, const char *name, double value) {
    put(out, " ");
    put(out, name);
    put(out, "=\"");
    put_number(out, value);
    put(out, "\"");
}

static void put_colour(output *out, const char *name, uint32_t colour) {
    char hex[] = "#000000";
    for (size_t i = 6; i > 0; i--, colour >>= 4) hex[i] = "0123456789abcdef"[colour & 15];
    put(out, " ");
    put(out, name);
    put(out, "=\"");
    put(out, hex);
    put(out, "\"");
}

static void put_path(output *out, const drawing_point *points, size_t count) {
    put(out, "<path d=\"M");
    for (size_t i = 0; i < count; i++) {
        if (i > 0) put(out, i == 1 ? "L" : " ");
        put_number(out, points[i].x);
        put(out, " ");
        put_number(out, points[i].y);
    }
}

static void put_words(output *out, const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        const char *escaped = text[i] == '&'   ? "&amp;"
                              : text[i] == '<' ? "&lt;"
                              : text[i] == '>' ? "&gt;"
                              : text[i] == '"' ? "&quot;"
                                               : NULL;
        if (escaped)
            put(out, escaped);
        else
            put_bytes(out, text + i, 1);
    }
}

static void put_text(output *out, const spectra_picture *picture, const drawing_item *item) {
    put(out, "<text");
    attribute(out, "x", item->at.x);
    attribute(out, "y", item->at.y);
    attribute(out, "font-size", item->size);
    attribute(out, "textLength", item->width);
    put_colour(out, "fill", item->colour);
    if (item->bold) put(out, " font-weight=\"bold\"");
    if (item->upright) {
        put(out, " transform=\"rotate(-90 ");
        put_number(out, item->at.x);
        put(out, " ");
        put_number(out, item->at.y);
        put(out, ")\"");
    }
    put(out, ">");
    put_words(out, picture->text + item->first, item->count);
    put(out, "</text>\n");
}

static void put_item(output *out, const spectra_picture *picture, const drawing_item *item) {
    const drawing_point *points = item->kind == DRAWING_TEXT ? NULL : picture->points + item->first;
    switch (item->kind) {
    case DRAWING_LINE:
        put_path(out, points, item->count);
        put(out, "\" fill=\"none\"");
        put_colour(out, "stroke", item->colour);
        attribute(out, "stroke-width", item->size);
        put(out, item->dashed ? " stroke-dasharray=\"3 2\"/>\n" : "/>\n");
        break;
    case DRAWING_AREA:
        put_path(out, points, item->count);
        put(out, "Z\"");
        put_colour(out, "fill", item->colour);
        put(out, "/>\n");
        break;
    case DRAWING_DISC:
        put(out, "<circle");
        attribute(out, "cx", points->x);
        attribute(out, "cy", points->y);
        attribute(out, "r", item->size);
        put_colour(out, "fill", item->colour);
        put(out, "/>\n");
        break;
    default:
        put_text(out, picture, item);
        break;
    }
}

spectra_status spectra_picture_svg(const spectra_picture *picture, const spectra_sink *sink) {
    if (!picture || !sink || !sink->write) return SPECTRA_E_INVALID;
    output out = {.sink = sink};
    put(&out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"");
    put_number(&out, picture->width);
    put(&out, "pt\" height=\"");
    put_number(&out, picture->height);
    put(&out, "pt\" viewBox=\"0 0 ");
    put_number(&out, picture->width);
    put(&out, " ");
    put_number(&out, picture->height);
    put(&out, "\" font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\" stroke-linecap=\"butt\" "
              "stroke-linejoin=\"round\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    for (size_t i = 0; i < picture->item_count; i++) put_item(&out, picture, &picture->items[i]);
    put(&out, "</svg>\n");
    flush(&out);
    return out.status;
}
