/* SPDX-License-Identifier: Apache-2.0 */
/* Text encodings: is it UTF-8, and Windows-1252 into UTF-8. Knows bytes only. */
#ifndef SPECTRUM_ENCODING_H
#define SPECTRUM_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

/* A byte of Windows-1252 takes at most so many in UTF-8. */
#define SPECTRUM_UTF8_MAX 3

/* Whether the bytes are valid UTF-8 (shortest forms, no surrogates, up to U+10FFFF). */
bool spectrum_is_utf8(const char *text, size_t size);

/* Converts; `out` has room for SPECTRUM_UTF8_MAX × size bytes. Returns the number written. The five bytes that the
   code page leaves open become the control characters of the same number. */
size_t spectrum_from_windows_1252(char *out, const char *text, size_t size);

#endif
