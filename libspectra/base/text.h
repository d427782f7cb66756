/* SPDX-License-Identifier: Apache-2.0 */
/* Text into a bounded buffer, without stdio and without locale. What does not fit is cut, and `cut` says so. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct base_text {
    char *bytes; /* always NUL-terminated where capacity > 0 */
    size_t capacity;
    size_t size; /* without the NUL */
    bool cut;
} base_text;

void base_text_init(base_text *text, char *bytes, size_t capacity);
void base_text_add(base_text *text, const char *bytes, size_t size);
void base_text_string(base_text *text, const char *string);
void base_text_unsigned(base_text *text, uint64_t value);
/* %s (NULL prints as nothing) and %u (uint64_t) only. */
void base_text_format(base_text *text, const char *format, va_list arguments);

bool base_equal_ignoring_case(const char *a, const char *b); /* ASCII case only */
bool base_starts_with(const char *string, const char *prefix);

#endif
