/* SPDX-License-Identifier: Apache-2.0 */
/* Formulas, masses and adducts. Masses in integer µDa (monoisotopic) and Da (nominal), by IUPAC/CIAAW. */
#ifndef CHEM_CHEM_H
#define CHEM_CHEM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Elements that occur in the substances of this field and in its reference libraries, and the common isotope labels. */
enum {
    CHEM_C,
    CHEM_H,
    CHEM_D,
    CHEM_N,
    CHEM_O,
    CHEM_S,
    CHEM_P,
    CHEM_F,
    CHEM_CL,
    CHEM_BR,
    CHEM_I,
    CHEM_SI,
    CHEM_B,
    CHEM_NA,
    CHEM_K,
    CHEM_LI,
    CHEM_SE,
    CHEM_AS,
    CHEM_HG,
    CHEM_SN,
    CHEM_FE,
    CHEM_MG,
    CHEM_CA,
    CHEM_ZN,
    CHEM_CU,
    CHEM_AL,
    CHEM_GE,
    CHEM_BE,
    CHEM_V,
    CHEM_CR,
    CHEM_CO,
    CHEM_NI,
    CHEM_MO,
    CHEM_PD,
    CHEM_PT,
    CHEM_C13,
    CHEM_N15,
    CHEM_O18,
    CHEM_ELEMENT_COUNT
};

typedef struct chem_formula {
    int32_t count[CHEM_ELEMENT_COUNT];
    int32_t charge;
} chem_formula;

/* Mass of the electron in 10^-9 Da. */
#define CHEM_ELECTRON_NDA 548580

/* Reads a molecular formula: "C22H28N2O", "C8H7D3NO", "[13C]6H6", "C6H6.HCl", "C6H6.2H2O", "C5H14NO+", "[C5H14NO]+".
   False for anything else (unknown element, dangling bracket, groups in parentheses, a count of 0 or above 100,000). */
bool chem_formula_parse(chem_formula *formula, const char *text);

/* A formula of elements and counts alone, brought into the order of Hill (1900): carbon, hydrogen, deuterium, then by
   the alphabet; without carbon by the alphabet. False where the text is another kind of formula (labels in brackets,
   charges, parts joined by '.') or does not fit. */
#define CHEM_FORMULA_SIZE 128
bool chem_formula_hill(char out[CHEM_FORMULA_SIZE], const char *text);

/* Monoisotopic mass in µDa, rounded, of the neutral atoms; electrons of a charge are accounted for. */
int64_t chem_monoisotopic_uda(const chem_formula *formula);

/* Nominal mass: the sum of the mass numbers of the principal isotopes. */
int32_t chem_nominal_da(const chem_formula *formula);

/* A difference of formulas in signed counts: "C+1H+2", "C-1H-2O+1", "". Adds it to `sum`; false where the text is none
   or a count passes 100,000 (`sum` is then of no meaning). */
bool chem_delta_add(chem_formula *sum, const char *text);
/* Writes a difference like that. */
void chem_delta_write(base_text *text, const chem_formula *delta);

/* An adduct such as "[M+H]+", "[M-H]-", "[M+Na]+", "[M]+.", "[2M+H]+", "[M+H-H2O]+", "[M+2H]2+". */
typedef struct chem_adduct {
    int32_t molecules; /* 2 in [2M+H]+ */
    int32_t charge;    /* signed, never 0 */
    int64_t added_nda; /* mass that is added to the molecules, electrons accounted for, in 10^-9 Da */
} chem_adduct;

/* False where the text is no adduct of this form: the charge is never guessed, so "[M+H]" and "M+H" are none.
   "[M]+*", "[M]+." and "M+." are the radical cation. */
bool chem_adduct_parse(chem_adduct *adduct, const char *text);

/* m/z in µTh of an adduct of a molecule of the given mass; 0 where it does not fit. The mass is that of the atoms, with
   all their electrons (a formula's charge set to 0): the adduct's charge is that of the whole ion. */
uint32_t chem_adduct_mz_uth(const chem_adduct *adduct, int64_t molecule_uda);

/* The first block of an InChIKey (14 capitals before the first '-'), or false where the text is no InChIKey: three
   blocks of 14, 10 and 1 capitals. */
bool chem_inchikey_block(char block[15], const char *inchikey);

#endif
