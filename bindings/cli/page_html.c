/* SPDX-License-Identifier: Apache-2.0 */
/* Text that is safe in a page of HTML, whatever it says. */
#include <string.h>

#include "report.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* Bytes of the character of UTF-8 at the front, 0 where there is none; *code is its number. */
static size_t read_character(uint32_t *code, const uint8_t *bytes) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t size = bytes[0] < 0x80 ? 1 : bytes[0] >> 5 == 6 ? 2 : bytes[0] >> 4 == 14 ? 3 : bytes[0] >> 3 == 30 ? 4 : 0;
    if (size < 2) {
        *code = bytes[0];
        return size;
    }
    *code = bytes[0] & (0x7fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((bytes[i] & 0xc0) != 0x80) return 0;
        *code = *code << 6 | (bytes[i] & 0x3f);
    }
    bool surrogate = *code >= 0xd800 && *code < 0xe000;
    return *code >= least[size] && *code <= 0x10ffff && !surrogate ? size : 0;
}

/* Controls, and what turns the direction of writing: a name could hide behind them. */
static bool misleads(uint32_t code) {
    return (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7f && code < 0xa0) || code == 0x061c ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

static const char *entity(uint32_t code) {
    switch (code) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void page_text(FILE *page, const char *text) {
    const uint8_t *bytes = (const uint8_t *)text;
    while (*bytes) {
        uint32_t code;
        size_t size = read_character(&code, bytes);
        const char *safe = size == 0 || misleads(code) ? REPLACEMENT : entity(code);
        if (safe)
            fputs(safe, page);
        else
            fwrite(bytes, 1, size, page);
        bytes += size > 0 ? size : 1;
    }
}

/* Inside JSON these stand in strings alone, and none of them may reach what reads HTML. */
void page_json(FILE *page, const char *json) {
    for (; *json; json++)
        if (strchr("<>&", *json))
            fprintf(page, "\\u%04x", (unsigned)(uint8_t)*json);
        else
            fputc(*json, page);
}

void page_json_string(FILE *page, const char *text) {
    fputc('"', page);
    for (; *text; text++) {
        uint8_t byte = (uint8_t)*text;
        if (byte < 0x20 || byte == 0x7f || strchr("\"\\<>&", byte))
            fprintf(page, "\\u%04x", byte);
        else
            fputc(byte, page);
    }
    fputc('"', page);
}

void page_say(FILE *page, int32_t language, page_word word, const char *const values[4]) {
    for (const char *c = page_words[word][language]; *c; c++)
        if (*c == '%' && c[1] >= '1' && c[1] <= '4') {
            const char *value = values[*++c - '1'];
            page_text(page, value ? value : "");
        } else {
            fputc(*c, page);
        }
}
