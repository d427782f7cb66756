/* SPDX-License-Identifier: Apache-2.0 */
/* Text into a bounded buffer. Knows neither stdio nor locale; numbers with a fraction live in numbers.c. */
#include "base/text.h"

#include <string.h>

void base_text_init(base_text *text, char *bytes, size_t capacity) {
    *text = (base_text){.bytes = bytes, .capacity = capacity};
    if (capacity > 0) bytes[0] = '\0';
}

void base_text_add(base_text *text, const char *bytes, size_t size) {
    if (text->capacity == 0) {
        text->cut |= size > 0;
        return;
    }
    size_t room = text->capacity - 1 - text->size;
    if (size > room) {
        size = room;
        text->cut = true;
    }
    if (size > 0) memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = '\0';
}

void base_text_string(base_text *text, const char *string) {
    base_text_add(text, string, strlen(string));
}

void base_text_unsigned(base_text *text, uint64_t value) {
    char digits[20];
    size_t first = sizeof digits;
    do {
        digits[--first] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    base_text_add(text, digits + first, sizeof digits - first);
}

void base_text_format(base_text *text, const char *format, va_list arguments) {
    for (const char *p = format; *p; p++) {
        if (p[0] == '%' && p[1] == 's') {
            const char *string = va_arg(arguments, const char *);
            if (string) base_text_string(text, string);
            p++;
        } else if (p[0] == '%' && p[1] == 'u') {
            base_text_unsigned(text, va_arg(arguments, uint64_t));
            p++;
        } else {
            base_text_add(text, p, 1);
        }
    }
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool base_equal_ignoring_case(const char *a, const char *b) {
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

bool base_starts_with(const char *string, const char *prefix) {
    return strncmp(string, prefix, strlen(prefix)) == 0;
}
