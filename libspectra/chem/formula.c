/* SPDX-License-Identifier: Apache-2.0 */
/* Molecular formulas and their masses. Knows how formulas are written; nothing of where they come from. */
#include <string.h>

#include "base/numbers.h"
#include "base/text.h"
#include "chem/elements.h"

bool chem_read_count(base_cursor *cursor, int32_t *count, int32_t most) {
    int next = base_cursor_peek(cursor);
    *count = 1;
    if (next < '0' || next > '9') return true;
    uint64_t value;
    if (!base_parse_unsigned(cursor, &value) || value == 0 || value > (uint64_t)most) return false;
    *count = (int32_t)value;
    return true;
}

/* An element stands here: its symbol, or a label in brackets. */
static bool at_element(const base_cursor *cursor) {
    int next = base_cursor_peek(cursor);
    return (next >= 'A' && next <= 'Z') || next == '[';
}

bool chem_read_atoms(base_cursor *cursor, chem_formula *formula, int32_t multiple) {
    if (!at_element(cursor)) return false;
    while (at_element(cursor)) {
        int element;
        int32_t count;
        if (!chem_read_element(cursor, &element) || !chem_read_count(cursor, &count, CHEM_MAX_COUNT)) return false;
        int64_t total = formula->count[element] + (int64_t)count * multiple;
        if (total > CHEM_MAX_COUNT) return false;
        formula->count[element] = (int32_t)total;
    }
    return true;
}

bool chem_read_charge(base_cursor *cursor, int32_t *charge) {
    int32_t size, signs = 0;
    if (!chem_read_count(cursor, &size, CHEM_MAX_CHARGE)) return false;
    int sign = base_cursor_peek(cursor);
    if (sign != '+' && sign != '-') return false;
    while (signs < CHEM_MAX_CHARGE && base_cursor_accept(cursor, (char)sign)) signs++;
    if (size == 1 && signs == 1 && !chem_read_count(cursor, &size, CHEM_MAX_CHARGE)) return false;
    if (size > 1 && signs > 1) return false;
    *charge = sign == '+' ? size * signs : -size * signs;
    return true;
}

/* Parts joined by '.', each with its multiple: "C6H6", "2H2O". */
static bool read_parts(base_cursor *cursor, chem_formula *formula) {
    do {
        int32_t multiple;
        if (!chem_read_count(cursor, &multiple, CHEM_MAX_COUNT)) return false;
        if (!chem_read_atoms(cursor, formula, multiple)) return false;
    } while (base_cursor_accept(cursor, '.'));
    return true;
}

/* "[C5H14NO]+" has a letter behind its bracket, "[13C]6H6" a digit. */
static bool in_brackets(const char *text) {
    return text[0] == '[' && !(text[1] >= '0' && text[1] <= '9');
}

bool chem_formula_parse(chem_formula *formula, const char *text) {
    base_cursor cursor = base_cursor_over(text, strlen(text));
    bool brackets = in_brackets(text);
    *formula = (chem_formula){.charge = 0};
    if (brackets) base_cursor_advance(&cursor);
    if (!read_parts(&cursor, formula)) return false;
    if (brackets && !base_cursor_accept(&cursor, ']')) return false;
    if (!brackets && base_cursor_at_end(&cursor)) return true;
    return chem_read_charge(&cursor, &formula->charge) && base_cursor_at_end(&cursor);
}

static bool is_plain(const char *text) {
    for (; *text; text++)
        if (*text == '.' || *text == '[' || *text == '+' || *text == '-') return false;
    return true;
}

static const char *symbol_of(int element) {
    return element == CHEM_D ? "D" : chem_elements[element].symbol;
}

static bool comes_before(int a, int b, bool carbon) {
    static const int leading[] = {CHEM_C, CHEM_H, CHEM_D};
    for (size_t i = 0; carbon && i < sizeof leading / sizeof leading[0]; i++)
        if (a == leading[i] || b == leading[i]) return a == leading[i];
    return strcmp(symbol_of(a), symbol_of(b)) < 0;
}

/* The first element in Hill's order that is left, or CHEM_ELEMENT_COUNT. */
static int first_left(const chem_formula *formula, bool carbon) {
    int first = CHEM_ELEMENT_COUNT;
    for (int i = 0; i < CHEM_ELEMENT_COUNT; i++)
        if (formula->count[i] > 0 && (first == CHEM_ELEMENT_COUNT || comes_before(i, first, carbon))) first = i;
    return first;
}

bool chem_formula_hill(char out[CHEM_FORMULA_SIZE], const char *text) {
    chem_formula left;
    if (!is_plain(text) || !chem_formula_parse(&left, text)) return false;
    base_text written;
    base_text_init(&written, out, CHEM_FORMULA_SIZE);
    bool carbon = left.count[CHEM_C] > 0;
    for (int i = first_left(&left, carbon); i < CHEM_ELEMENT_COUNT; i = first_left(&left, carbon)) {
        base_text_string(&written, symbol_of(i));
        if (left.count[i] > 1) base_text_unsigned(&written, (uint64_t)left.count[i]);
        left.count[i] = 0;
    }
    return !written.cut;
}

int64_t chem_atoms_nda(const chem_formula *formula) {
    int64_t mass = 0;
    for (int i = 0; i < CHEM_ELEMENT_COUNT; i++) mass += formula->count[i] * chem_elements[i].mass_nda;
    return mass;
}

int64_t chem_monoisotopic_uda(const chem_formula *formula) {
    int64_t mass_nda = chem_atoms_nda(formula) - (int64_t)formula->charge * CHEM_ELECTRON_NDA;
    return (mass_nda + 500) / 1000;
}

int32_t chem_nominal_da(const chem_formula *formula) {
    int32_t mass = 0;
    for (int i = 0; i < CHEM_ELEMENT_COUNT; i++) mass += formula->count[i] * chem_elements[i].mass_number;
    return mass;
}
