/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 by a table, four characters at a time where a group is whole. */
#include "io/base64.h"

#define BAD 255
#define BLANK 254
#define PADDING 253

/* Values of the characters, the marks above for the others. */
static const uint8_t values[256] = {
#define ROW(a, b, c, d, e, f, g, h) a, b, c, d, e, f, g, h
#define BADS ROW(BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD)
    BADS,
    ROW(BAD, BLANK, BLANK, BAD, BAD, BLANK, BAD, BAD),
    BADS,
    BADS,
    ROW(BLANK, BAD, BAD, BAD, BAD, BAD, BAD, BAD),
    ROW(BAD, BAD, BAD, 62, BAD, BAD, BAD, 63),
    ROW(52, 53, 54, 55, 56, 57, 58, 59),
    ROW(60, 61, BAD, BAD, BAD, PADDING, BAD, BAD),
    ROW(BAD, 0, 1, 2, 3, 4, 5, 6),
    ROW(7, 8, 9, 10, 11, 12, 13, 14),
    ROW(15, 16, 17, 18, 19, 20, 21, 22),
    ROW(23, 24, 25, BAD, BAD, BAD, BAD, BAD),
    ROW(BAD, 26, 27, 28, 29, 30, 31, 32),
    ROW(33, 34, 35, 36, 37, 38, 39, 40),
    ROW(41, 42, 43, 44, 45, 46, 47, 48),
    ROW(49, 50, 51, BAD, BAD, BAD, BAD, BAD),
    BADS,
    BADS,
    BADS,
    BADS,
    BADS,
    BADS,
    BADS,
    BADS,
    BADS,
    BADS,
    BADS,
    BADS,
    BADS,
    BADS,
    BADS,
    BADS,
#undef BADS
#undef ROW
};

/* Whole groups without padding or blanks; the number of characters read. */
static size_t decode_groups(uint8_t *bytes, const uint8_t *text, size_t size) {
    size_t at = 0;
    for (; size - at >= 4; at += 4, bytes += 3) {
        uint32_t a = values[text[at]], b = values[text[at + 1]], c = values[text[at + 2]], d = values[text[at + 3]];
        if ((a | b | c | d) > 63) break;
        uint32_t bits = a << 18 | b << 12 | c << 6 | d;
        bytes[0] = (uint8_t)(bits >> 16);
        bytes[1] = (uint8_t)(bits >> 8);
        bytes[2] = (uint8_t)bits;
    }
    return at;
}

/* One character of a group; false where it cannot stand there. */
static bool add_character(io_base64 *state, uint32_t value) {
    if (value == PADDING) {
        if (state->count < 2) return false;
        state->padding++;
        value = 0;
    } else if (value > 63 || state->padding > 0) {
        return false;
    }
    state->bits = state->bits << 6 | value;
    state->count++;
    state->length++;
    return true;
}

/* The bytes of a complete group, of which padding takes away; false where bits of those are set. */
static bool end_group(io_base64 *state, uint8_t *bytes, size_t *size) {
    static const uint32_t unused[] = {0, 0xff, 0xffff};
    if (state->bits & unused[state->padding]) return false;
    for (uint32_t i = 0; i < 3 - state->padding; i++) bytes[(*size)++] = (uint8_t)(state->bits >> (16 - 8 * i));
    state->bits = 0;
    state->count = 0;
    return true;
}

bool io_base64_add(io_base64 *state, uint8_t *bytes, size_t *bytes_size, const char *text, size_t size,
                   size_t *position) {
    const uint8_t *characters = (const uint8_t *)text;
    *bytes_size = 0;
    for (size_t at = 0; at < size; at++) {
        if (state->count == 0 && state->padding == 0) {
            size_t groups = decode_groups(bytes + *bytes_size, characters + at, size - at);
            *bytes_size += groups / 4 * 3;
            state->length += groups;
            at += groups;
            if (at == size) break;
        }
        *position = at;
        uint32_t value = values[characters[at]];
        if (value == BLANK) continue;
        if ((state->count == 0 && state->padding > 0) || !add_character(state, value)) return false;
        if (state->count == 4 && !end_group(state, bytes, bytes_size)) return false;
    }
    return true;
}

bool io_base64_is_complete(const io_base64 *state) {
    return state->count == 0;
}
