/* SPDX-License-Identifier: Apache-2.0 */
/* Adducts, and the m/z of an ion. Knows how adducts are written and what their atoms weigh. */
#include <string.h>

#include "chem/elements.h"

/* No molecule is heavier: a million Da, so that no sum below can wrap. */
#define MAX_MOLECULE_UDA INT64_C(1000000000000)
#define MAX_MOLECULES 100

/* "+H", "-H2O", "+2Na": what is gained and what is lost, up to the ']'. */
static bool read_changes(base_cursor *cursor, chem_formula *gained, chem_formula *lost) {
    while (!base_cursor_accept(cursor, ']')) {
        int32_t multiple;
        bool minus = base_cursor_accept(cursor, '-');
        if (!minus && !base_cursor_accept(cursor, '+')) return false;
        if (!chem_read_count(cursor, &multiple, CHEM_MAX_COUNT)) return false;
        if (!chem_read_atoms(cursor, minus ? lost : gained, multiple)) return false;
    }
    return true;
}

/* The mark of a radical may follow the charge; it changes no mass. */
static bool read_ion_charge(base_cursor *cursor, int32_t *charge) {
    if (!chem_read_charge(cursor, charge)) return false;
    if (!base_cursor_accept(cursor, '*')) base_cursor_accept(cursor, '.');
    return base_cursor_at_end(cursor);
}

bool chem_adduct_parse(chem_adduct *adduct, const char *text) {
    if (strcmp(text, "M+.") == 0) text = "[M]+.";
    base_cursor cursor = base_cursor_over(text, strlen(text));
    chem_formula gained = {.charge = 0}, lost = {.charge = 0};
    if (!base_cursor_accept(&cursor, '[')) return false;
    if (!chem_read_count(&cursor, &adduct->molecules, MAX_MOLECULES)) return false;
    if (!base_cursor_accept(&cursor, 'M') || !read_changes(&cursor, &gained, &lost)) return false;
    if (!read_ion_charge(&cursor, &adduct->charge)) return false;
    adduct->added_nda = chem_atoms_nda(&gained) - chem_atoms_nda(&lost) - (int64_t)adduct->charge * CHEM_ELECTRON_NDA;
    return true;
}

uint32_t chem_adduct_mz_uth(const chem_adduct *adduct, int64_t molecule_uda) {
    if (molecule_uda <= 0 || molecule_uda > MAX_MOLECULE_UDA) return 0;
    int64_t ion_nda = adduct->molecules * molecule_uda * 1000 + adduct->added_nda;
    if (ion_nda <= 0) return 0;
    int64_t charge = adduct->charge < 0 ? -adduct->charge : adduct->charge;
    int64_t mz = (ion_nda + 500 * charge) / (1000 * charge);
    return mz <= UINT32_MAX ? (uint32_t)mz : 0;
}
