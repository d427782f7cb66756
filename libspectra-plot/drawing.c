/* SPDX-License-Identifier: Apache-2.0 */
/* Gathers the items of a picture. */
#include "drawing.h"

#include <stdlib.h>
#include <string.h>

#include "font.h"

#define MOST_TEXT 4096u /* bytes of one piece of text that are looked at */

spectra_picture *drawing_create(double width, double height) {
    spectra_picture *picture = calloc(1, sizeof *picture);
    if (!picture) return NULL;
    picture->width = width;
    picture->height = height;
    return picture;
}

void spectra_picture_free(spectra_picture *picture) {
    if (!picture) return;
    free(picture->items);
    free(picture->points);
    free(picture->text);
    free(picture);
}

/* Room for `more` elements behind `count` of them. */
static bool reserve(spectra_picture *picture, void **array, size_t *capacity, size_t count, size_t more, size_t size) {
    if (picture->failed) return false;
    if (more <= *capacity - count) return true;
    size_t wanted = 2 * (count + more) + 64;
    void *grown = wanted < SIZE_MAX / size ? realloc(*array, wanted * size) : NULL;
    picture->failed = !grown;
    if (!grown) return false;
    *array = grown;
    *capacity = wanted;
    return true;
}

static drawing_item *add_item(spectra_picture *picture, drawing_kind kind, uint32_t colour, double size) {
    void *items = picture->items;
    bool room = reserve(picture, &items, &picture->item_capacity, picture->item_count, 1, sizeof *picture->items);
    picture->items = items;
    if (!room) return NULL;
    drawing_item *item = &picture->items[picture->item_count++];
    *item = (drawing_item){.kind = kind, .colour = colour, .size = size};
    return item;
}

static drawing_item *add_points(spectra_picture *picture, drawing_kind kind, uint32_t colour, double size,
                                const drawing_point *points, size_t count) {
    void *all = picture->points;
    bool room = reserve(picture, &all, &picture->point_capacity, picture->point_count, count, sizeof *points);
    picture->points = all;
    drawing_item *item = room ? add_item(picture, kind, colour, size) : NULL;
    if (!item) return NULL;
    memcpy(picture->points + picture->point_count, points, count * sizeof *points);
    item->first = picture->point_count;
    item->count = count;
    picture->point_count += count;
    return item;
}

void drawing_line(spectra_picture *picture, double x0, double y0, double x1, double y1, double width, uint32_t colour) {
    add_points(picture, DRAWING_LINE, colour, width, (drawing_point[]){{x0, y0}, {x1, y1}}, 2);
}

void drawing_dashes(spectra_picture *picture, double x0, double y0, double x1, double y1, double width,
                    uint32_t colour) {
    drawing_item *item = add_points(picture, DRAWING_LINE, colour, width, (drawing_point[]){{x0, y0}, {x1, y1}}, 2);
    if (item) item->dashed = true;
}

void drawing_curve(spectra_picture *picture, const drawing_point *points, size_t count, double width, uint32_t colour) {
    if (count > 1) add_points(picture, DRAWING_LINE, colour, width, points, count);
}

void drawing_area(spectra_picture *picture, const drawing_point *points, size_t count, uint32_t colour) {
    add_points(picture, DRAWING_AREA, colour, 0, points, count);
}

void drawing_rectangle(spectra_picture *picture, double x, double y, double width, double height, uint32_t colour) {
    const drawing_point corners[] = {{x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}};
    drawing_area(picture, corners, 4, colour);
}

void drawing_disc(spectra_picture *picture, double x, double y, double radius, uint32_t colour) {
    add_points(picture, DRAWING_DISC, colour, radius, &(drawing_point){x, y}, 1);
}

/* --- Words --- */

#define REPLACEMENT 0xfffdu

/* The code point of a well-formed sequence of UTF-8; of any other byte the replacement, one byte at a time. */
static uint32_t decode(const char **text) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const uint8_t *bytes = (const uint8_t *)*text;
    unsigned size = bytes[0] < 0x80 ? 1 : bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : bytes[0] >= 0xc0 ? 2 : 0;
    uint32_t value = size == 1 ? bytes[0] : size ? bytes[0] & (0x7fu >> size) : REPLACEMENT;
    for (unsigned i = 1; i < size; i++) {
        if ((bytes[i] & 0xc0) != 0x80) {
            size = 0;
            break;
        }
        value = value << 6 | (bytes[i] & 0x3f);
    }
    bool good = size > 0 && value >= least[size] && value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
    *text += good ? size : 1;
    return good ? value : REPLACEMENT;
}

/* Control characters, line ends, and what turns the direction of writing round or joins letters unseen. */
static bool is_unseen(uint32_t c) {
    return c < 0x20 || (c >= 0x7f && c <= 0xa0) || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c & 0xfffe) == 0xfffe;
}

uint32_t drawing_character(const char **text) {
    if (!**text) return 0;
    uint32_t c = decode(text);
    return is_unseen(c) ? ' ' : c;
}

static size_t encode(char *out, uint32_t c) {
    unsigned size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    if (size == 1) {
        out[0] = (char)c;
        return 1;
    }
    for (unsigned i = size; i-- > 1; c >>= 6) out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)((0xf00u >> size & 0xff) | c);
    return size;
}

double drawing_text_width(const char *text, double size) {
    double width = 0;
    for (uint32_t c; (c = drawing_character(&text)) != 0;) width += font_advance(c);
    return width * size / FONT_EM;
}

/* Sane text of at most `most` points of width (0: any) into `out`; its size in bytes. */
static size_t make_sane(char out[MOST_TEXT + 8], double *width, const char *text, const drawing_style *style) {
    static const char ellipsis[] = "\xe2\x80\xa6";
    double scale = style->size / FONT_EM, room = style->most > 0 ? style->most / scale : 1e9;
    double used = 0, whole = drawing_text_width(text, FONT_EM), dots = font_advance(0x2026);
    size_t size = 0;
    bool cut = whole > room;
    for (uint32_t c; (c = drawing_character(&text)) != 0;) {
        double next = used + font_advance(c);
        if (size > MOST_TEXT - 8 || (cut && next + dots > room)) {
            memcpy(out + size, ellipsis, 3);
            size += 3;
            used += dots;
            break;
        }
        size += encode(out + size, c);
        used = next;
    }
    *width = used * scale;
    return size;
}

double drawing_text(spectra_picture *picture, double x, double y, const char *text, const drawing_style *style) {
    char sane[MOST_TEXT + 8];
    double width = 0;
    size_t size = make_sane(sane, &width, text, style);
    void *all = picture->text;
    bool room = reserve(picture, &all, &picture->text_capacity, picture->text_size, size + 1, 1);
    picture->text = all;
    drawing_item *item = room && size > 0 ? add_item(picture, DRAWING_TEXT, style->colour, style->size) : NULL;
    if (!item) return width;
    double back = style->anchor == DRAWING_START ? 0 : style->anchor == DRAWING_MIDDLE ? width / 2 : width;
    item->at = style->upright ? (drawing_point){x, y + back} : (drawing_point){x - back, y};
    item->bold = style->bold;
    item->upright = style->upright;
    item->width = width;
    item->first = picture->text_size;
    item->count = size;
    memcpy(picture->text + picture->text_size, sane, size);
    picture->text[picture->text_size + size] = '\0';
    picture->text_size += size + 1;
    return width;
}
