/* SPDX-License-Identifier: Apache-2.0 */
/* Text towards a sink. Knows bytes, numbers and JSON's escapes; nothing of spectra. */
#include "io/output.h"

#include <string.h>

#include "base/numbers.h"

void io_output_begin(io_output *out, const spectra_sink *sink) {
    out->sink = sink;
    out->status = SPECTRA_OK;
    out->used = 0;
}

static void flush(io_output *out) {
    if (out->status == SPECTRA_OK && out->used > 0)
        out->status = out->sink->write(out->sink->context, out->bytes, out->used);
    out->used = 0;
}

void io_output_add(io_output *out, const char *bytes, size_t size) {
    while (size > 0) {
        if (out->used == sizeof out->bytes) flush(out);
        size_t room = sizeof out->bytes - out->used;
        size_t part = size < room ? size : room;
        memcpy(out->bytes + out->used, bytes, part);
        out->used += part;
        bytes += part;
        size -= part;
    }
}

void io_output_string(io_output *out, const char *string) {
    io_output_add(out, string, strlen(string));
}

void io_output_unsigned(io_output *out, uint64_t value) {
    char bytes[24];
    base_text text;
    base_text_init(&text, bytes, sizeof bytes);
    base_text_unsigned(&text, value);
    io_output_add(out, bytes, text.size);
}

void io_output_fixed(io_output *out, int64_t value, unsigned decimals) {
    char bytes[48];
    base_text text;
    base_text_init(&text, bytes, sizeof bytes);
    base_text_fixed(&text, value, decimals);
    io_output_add(out, bytes, text.size);
}

static void json_escape(io_output *out, uint8_t byte) {
    static const char digits[] = "0123456789abcdef";
    const char escape[6] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
    switch (byte) {
    case '"':
        io_output_add(out, "\\\"", 2);
        break;
    case '\\':
        io_output_add(out, "\\\\", 2);
        break;
    case '\n':
        io_output_add(out, "\\n", 2);
        break;
    case '\r':
        io_output_add(out, "\\r", 2);
        break;
    case '\t':
        io_output_add(out, "\\t", 2);
        break;
    default:
        io_output_add(out, escape, sizeof escape);
    }
}

void io_output_json(io_output *out, const char *string) {
    io_output_add(out, "\"", 1);
    const char *start = string;
    for (const char *p = string; *p; p++) {
        uint8_t byte = (uint8_t)*p;
        if (byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7f) continue;
        io_output_add(out, start, (size_t)(p - start));
        json_escape(out, byte);
        start = p + 1;
    }
    io_output_string(out, start);
    io_output_add(out, "\"", 1);
}

spectra_status io_output_end(io_output *out) {
    flush(out);
    return out->status;
}
