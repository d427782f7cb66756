/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 by RFC 3629, Windows-1252 by the code page of the same name. */
#include "spectrum/encoding.h"

#include <stdint.h>
#include <string.h>

/* Code points of bytes 0x80 to 0x9f; above them the page equals Unicode. */
static const uint16_t windows_1252[32] = {
    0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178,
};

/* Bytes that follow a lead byte, and the range of the first of them, which excludes long forms and surrogates. */
static size_t followers(uint8_t lead, uint8_t *low, uint8_t *high) {
    *low = 0x80;
    *high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) return 1;
    if (lead >= 0xe0 && lead <= 0xef) {
        if (lead == 0xe0) *low = 0xa0;
        if (lead == 0xed) *high = 0x9f;
        return 2;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        if (lead == 0xf0) *low = 0x90;
        if (lead == 0xf4) *high = 0x8f;
        return 3;
    }
    return 0;
}

/* Size of the character that starts the bytes, or 0 where it is none. */
static size_t character_size(const char *text, size_t size) {
    uint8_t lead = (uint8_t)text[0], low, high;
    if (lead < 0x80) return 1;
    size_t more = followers(lead, &low, &high);
    if (more == 0 || more >= size) return 0;
    for (size_t i = 1; i <= more; i++) {
        uint8_t byte = (uint8_t)text[i];
        if (byte < low || byte > high) return 0;
        low = 0x80;
        high = 0xbf;
    }
    return more + 1;
}

/* As nearly all text is: eight bytes at a time. */
static bool is_ascii(const char *text, size_t size) {
    uint64_t bits = 0, bytes;
    size_t i = 0;
    for (; size - i >= sizeof bytes; i += sizeof bytes) {
        memcpy(&bytes, text + i, sizeof bytes);
        bits |= bytes;
    }
    for (; i < size; i++) bits |= (uint8_t)text[i];
    return (bits & UINT64_C(0x8080808080808080)) == 0;
}

bool spectrum_is_utf8(const char *text, size_t size) {
    if (is_ascii(text, size)) return true;
    for (size_t i = 0; i < size;) {
        size_t step = character_size(text + i, size - i);
        if (step == 0) return false;
        i += step;
    }
    return true;
}

size_t spectrum_from_windows_1252(char *out, const char *text, size_t size) {
    size_t written = 0;
    for (size_t i = 0; i < size; i++) {
        uint32_t code = (uint8_t)text[i];
        if (code >= 0x80 && code < 0xa0) code = windows_1252[code - 0x80];
        if (code < 0x80) {
            out[written++] = (char)code;
        } else if (code < 0x800) {
            out[written++] = (char)(0xc0 | code >> 6);
            out[written++] = (char)(0x80 | (code & 0x3f));
        } else {
            out[written++] = (char)(0xe0 | code >> 12);
            out[written++] = (char)(0x80 | (code >> 6 & 0x3f));
            out[written++] = (char)(0x80 | (code & 0x3f));
        }
    }
    return written;
}
