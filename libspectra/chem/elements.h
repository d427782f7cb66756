/* SPDX-License-Identifier: Apache-2.0 */
/* The table of elements, and the pieces that formulas and adducts are written with. For the files of this folder. */
#ifndef CHEM_ELEMENTS_H
#define CHEM_ELEMENTS_H

#include "base/bytes.h"
#include "chem/chem.h"

typedef struct chem_element {
    char symbol[3];
    int32_t mass_number;
    int64_t mass_nda; /* 10^-9 Da */
} chem_element;

/* By the CHEM_ numbers: the most abundant isotope of each element, and the labels. */
extern const chem_element chem_elements[CHEM_ELEMENT_COUNT];

/* The most of one element in a formula, and the greatest multiple and charge. */
#define CHEM_MAX_COUNT 100000
#define CHEM_MAX_CHARGE 100

/* Reads an element at the cursor: "C", "Cl", "D", "[13C]". */
bool chem_read_element(base_cursor *cursor, int *element);

/* Reads a count: 1 where there are no digits; false for 0 and above `most`. */
bool chem_read_count(base_cursor *cursor, int32_t *count, int32_t most);

/* Reads elements with their counts, one at least, and adds them `multiple` times. */
bool chem_read_atoms(base_cursor *cursor, chem_formula *formula, int32_t multiple);

/* Reads a charge: "+", "--", "2+" or "+2". */
bool chem_read_charge(base_cursor *cursor, int32_t *charge);

/* Mass of a formula's atoms with all their electrons, in 10^-9 Da: below 10^18. */
int64_t chem_atoms_nda(const chem_formula *formula);

#endif
