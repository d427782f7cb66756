/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers for applications that read formats of their own. */
#include "base/numbers.h"
#include "spectra/io.h"

size_t spectra_parse_number(double *value, const char *text, size_t size) {
    if (!value || !text) return 0;
    base_cursor cursor = base_cursor_over(text, size);
    return base_parse_double(&cursor, value) ? cursor.position : 0;
}
