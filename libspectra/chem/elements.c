/* SPDX-License-Identifier: Apache-2.0 */
/* The table of elements, and how one is spelled. Masses: Atomic Mass Evaluation 2020 (Wang et al. 2021), as CIAAW
   publishes them; principal isotopes: CIAAW's isotopic compositions. */
#include "chem/elements.h"

#include <string.h>

#include "base/numbers.h"

const chem_element chem_elements[CHEM_ELEMENT_COUNT] = {
    [CHEM_C] = {"C", 12, 12000000000},     [CHEM_H] = {"H", 1, 1007825032},       [CHEM_D] = {"H", 2, 2014101778},
    [CHEM_N] = {"N", 14, 14003074004},     [CHEM_O] = {"O", 16, 15994914619},     [CHEM_S] = {"S", 32, 31972071174},
    [CHEM_P] = {"P", 31, 30973761998},     [CHEM_F] = {"F", 19, 18998403162},     [CHEM_CL] = {"Cl", 35, 34968852694},
    [CHEM_BR] = {"Br", 79, 78918337601},   [CHEM_I] = {"I", 127, 126904472592},   [CHEM_SI] = {"Si", 28, 27976926534},
    [CHEM_B] = {"B", 11, 11009305166},     [CHEM_NA] = {"Na", 23, 22989769282},   [CHEM_K] = {"K", 39, 38963706485},
    [CHEM_LI] = {"Li", 7, 7016003434},     [CHEM_SE] = {"Se", 80, 79916521761},   [CHEM_AS] = {"As", 75, 74921594562},
    [CHEM_HG] = {"Hg", 202, 201970643604}, [CHEM_SN] = {"Sn", 120, 119902202557}, [CHEM_FE] = {"Fe", 56, 55934935537},
    [CHEM_MG] = {"Mg", 24, 23985041689},   [CHEM_CA] = {"Ca", 40, 39962590850},   [CHEM_ZN] = {"Zn", 64, 63929141776},
    [CHEM_CU] = {"Cu", 63, 62929597119},   [CHEM_AL] = {"Al", 27, 26981538408},   [CHEM_GE] = {"Ge", 74, 73921177760},
    [CHEM_BE] = {"Be", 9, 9012183062},     [CHEM_V] = {"V", 51, 50943957664},     [CHEM_CR] = {"Cr", 52, 51940504714},
    [CHEM_CO] = {"Co", 59, 58933193524},   [CHEM_NI] = {"Ni", 58, 57935341650},   [CHEM_MO] = {"Mo", 98, 97905403609},
    [CHEM_PD] = {"Pd", 106, 105903480287}, [CHEM_PT] = {"Pt", 195, 194964794325}, [CHEM_C13] = {"C", 13, 13003354835},
    [CHEM_N15] = {"N", 15, 15000108898},   [CHEM_O18] = {"O", 18, 17999159612},
};

static bool read_symbol(base_cursor *cursor, char symbol[3]) {
    int first = base_cursor_peek(cursor);
    if (first < 'A' || first > 'Z') return false;
    base_cursor_advance(cursor);
    int second = base_cursor_peek(cursor);
    bool two = second >= 'a' && second <= 'z';
    if (two) base_cursor_advance(cursor);
    symbol[0] = (char)first;
    symbol[1] = two ? (char)second : '\0';
    symbol[2] = '\0';
    return true;
}

/* The row of a symbol: that of a mass number, or the first, which is the principal isotope. */
static bool find(int *element, const char *symbol, uint64_t mass_number) {
    for (int i = 0; i < CHEM_ELEMENT_COUNT; i++) {
        if (strcmp(chem_elements[i].symbol, symbol) != 0) continue;
        if (mass_number != 0 && mass_number != (uint64_t)chem_elements[i].mass_number) continue;
        *element = i;
        return true;
    }
    return false;
}

bool chem_read_element(base_cursor *cursor, int *element) {
    char symbol[3];
    uint64_t mass_number = 0;
    bool label = base_cursor_accept(cursor, '[');
    if (label && (!base_parse_unsigned(cursor, &mass_number) || mass_number == 0)) return false;
    if (!read_symbol(cursor, symbol)) return false;
    if (label && !base_cursor_accept(cursor, ']')) return false;
    if (!label && strcmp(symbol, "D") == 0) {
        *element = CHEM_D;
        return true;
    }
    return find(element, symbol, mass_number);
}
