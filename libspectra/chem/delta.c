/* SPDX-License-Identifier: Apache-2.0 */
/* Differences of formulas in signed counts: "C+1H+2", "C-1H-2O+1". */
#include <string.h>

#include "base/numbers.h"
#include "chem/elements.h"

static bool read_signed(base_cursor *cursor, int32_t *count) {
    bool gained = base_cursor_accept(cursor, '+');
    uint64_t value;
    if (!gained && !base_cursor_accept(cursor, '-')) return false;
    if (!base_parse_unsigned(cursor, &value) || value == 0 || value > CHEM_MAX_COUNT) return false;
    *count = gained ? (int32_t)value : -(int32_t)value;
    return true;
}

bool chem_delta_add(chem_formula *sum, const char *text) {
    base_cursor cursor = base_cursor_over(text, strlen(text));
    while (!base_cursor_at_end(&cursor)) {
        int element;
        int32_t count;
        if (!chem_read_element(&cursor, &element) || !read_signed(&cursor, &count)) return false;
        count += sum->count[element];
        if (count > CHEM_MAX_COUNT || count < -CHEM_MAX_COUNT) return false;
        sum->count[element] = count;
    }
    return true;
}

static void write_symbol(base_text *text, int element) {
    const char *label = element == CHEM_D     ? "D"
                        : element == CHEM_C13 ? "[13C]"
                        : element == CHEM_N15 ? "[15N]"
                        : element == CHEM_O18 ? "[18O]"
                                              : chem_elements[element].symbol;
    base_text_string(text, label);
}

void chem_delta_write(base_text *text, const chem_formula *delta) {
    for (int element = 0; element < CHEM_ELEMENT_COUNT; element++) {
        int32_t count = delta->count[element];
        if (count == 0) continue;
        write_symbol(text, element);
        base_text_string(text, count > 0 ? "+" : "-");
        base_text_unsigned(text, (uint64_t)(count > 0 ? count : -(int64_t)count));
    }
}
