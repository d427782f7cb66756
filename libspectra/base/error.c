/* SPDX-License-Identifier: Apache-2.0 */
/* Fills the caller's error. */
#include "base/error.h"

#include "base/text.h"

spectra_status base_fail(spectra_error *error, spectra_status status, base_place place, const char *format, ...) {
    if (!error) return status;
    error->status = status;
    error->reserved = 0;
    error->line = place.line;
    error->offset = place.offset;
    base_text text;
    base_text_init(&text, error->message, sizeof error->message);
    va_list arguments;
    va_start(arguments, format);
    base_text_format(&text, format, arguments);
    va_end(arguments);
    return status;
}

const char *spectra_status_text(spectra_status status) {
    switch (status) {
    case SPECTRA_OK:
        return "success";
    case SPECTRA_END:
        return "end";
    case SPECTRA_E_INVALID:
        return "invalid argument";
    case SPECTRA_E_MEMORY:
        return "not enough memory";
    case SPECTRA_E_IO:
        return "input or output failed";
    case SPECTRA_E_FORMAT:
        return "bad format";
    case SPECTRA_E_LIMIT:
        return "limit reached";
    case SPECTRA_E_CORRUPT:
        return "corrupt database";
    case SPECTRA_E_VERSION:
        return "database version not supported";
    case SPECTRA_E_RECIPE:
        return "prepared by different recipes";
    case SPECTRA_E_NOT_FOUND:
        return "not found";
    case SPECTRA_E_UNSUPPORTED:
        return "not supported";
    default:
        return "unknown status";
    }
}
