/* SPDX-License-Identifier: Apache-2.0 */
/* Masses and differences of formulas as the reports write them. */
#include <string.h>

#include "base/text.h"
#include "report/report.h"

#define MAX_DELTA_FORMULA 128u

void report_mass(io_output *out, int64_t millionths) {
    if (millionths % 1000000 == 0)
        io_output_fixed(out, millionths / 1000000, 0);
    else
        io_output_fixed(out, millionths, 6);
}

const char *report_mass_origin(spectra_mass_origin origin) {
    switch (origin) {
    case SPECTRA_MASS_GIVEN:
        return "given";
    case SPECTRA_MASS_OBSERVED:
        return "observed";
    case SPECTRA_MASS_INFERRED:
        return "inferred";
    default:
        return "unknown";
    }
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Adds the elements of one sign, "CH2" for "C+1H+2"; a count of 1 is not written. */
static void add_part(base_text *text, const char *formula, char sign) {
    while (*formula) {
        const char *element = formula;
        while (*formula && *formula != '+' && *formula != '-') formula++;
        size_t size = (size_t)(formula - element);
        bool chosen = *formula == sign;
        if (*formula) formula++;
        const char *count = formula;
        while (is_digit(*formula)) formula++;
        if (!chosen) continue;
        base_text_add(text, element, size);
        if (formula - count != 1 || *count != '1') base_text_add(text, count, (size_t)(formula - count));
    }
}

void report_delta_formula(io_output *out, const char *formula, bool json) {
    char bytes[MAX_DELTA_FORMULA];
    base_text text;
    base_text_init(&text, bytes, sizeof bytes);
    bool gains = strchr(formula, '+') != NULL, loses = strchr(formula, '-') != NULL;
    if (gains && loses) base_text_string(&text, "+");
    if (gains) add_part(&text, formula, '+');
    if (gains && loses) base_text_string(&text, " ");
    if (loses) base_text_string(&text, "-");
    if (loses) add_part(&text, formula, '-');
    if (!json)
        io_output_string(out, bytes);
    else if (text.size > 0)
        io_output_json(out, bytes);
    else
        io_output_string(out, "null");
}
