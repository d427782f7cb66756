/* SPDX-License-Identifier: Apache-2.0 */
/* Adducts as files spell them, and the m/z of their ions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chem/chem.h"

static uint32_t mz_of(const char *formula_text, const char *adduct_text) {
    chem_formula formula;
    chem_adduct adduct;
    if (!chem_formula_parse(&formula, formula_text)) fail_msg("\"%s\" is not read", formula_text);
    if (!chem_adduct_parse(&adduct, adduct_text)) fail_msg("\"%s\" is not read", adduct_text);
    return chem_adduct_mz_uth(&adduct, chem_monoisotopic_uda(&formula));
}

static void ions_of_known_compounds_have_their_published_mz(void **state) {
    (void)state;
    static const struct {
        const char *formula, *adduct;
        uint32_t mz_uth;
    } cases[] = {{"C22H28N2O", "[M+H]+", 337227440},     {"C22H23D5N2O", "[M+H]+", 342258823},
                 {"C17H21NO4", "[M+H]+", 304154334},     {"C17H21NO4", "[M+Na]+", 326136279},
                 {"C17H21NO4", "[M+K]+", 342110216},     {"C17H21NO4", "[M+NH4]+", 321180884},
                 {"C17H21NO4", "[2M+H]+", 607301392},    {"C17H21NO4", "[M+2H]2+", 152580805},
                 {"C17H21NO4", "[M+H-H2O]+", 286143770}, {"C8H9NO2", "[M-H]-", 150056053},
                 {"C8H9NO2", "[M+Cl]-", 186032730},      {"C8H9NO2", "[M+HCOO]-", 196061532},
                 {"C8H9NO2", "[M+CH3COO]-", 210077182},  {"C10H15N", "[M]+", 149119900},
                 {"C10H15N", "[M]-", 149120998}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t mz = mz_of(cases[i].formula, cases[i].adduct);
        if (mz != cases[i].mz_uth) fail_msg("%s of %s is %u", cases[i].adduct, cases[i].formula, mz);
    }
}

static void one_ion_has_one_mz_in_every_spelling(void **state) {
    (void)state;
    static const char *const spellings[][2] = {{"[M]+", "[M]+*"},
                                               {"[M]+", "[M]+."},
                                               {"[M]+", "M+."},
                                               {"[M]+", "[M]1+"},
                                               {"[M+2H]2+", "[M+2H]++"},
                                               {"[M+2H]2+", "[M+2H]+2"},
                                               {"[M+H-H2O]+", "[M-H2O+H]+"},
                                               {"[M-H]-", "[1M-H]1-"}};
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        chem_adduct a, b;
        assert_true(chem_adduct_parse(&a, spellings[i][0]));
        if (!chem_adduct_parse(&b, spellings[i][1])) fail_msg("\"%s\" is not read", spellings[i][1]);
        assert_int_equal(a.molecules, b.molecules);
        assert_int_equal(a.charge, b.charge);
        assert_true(a.added_nda == b.added_nda);
    }
}

static void molecules_and_charge_are_read_with_their_sign(void **state) {
    (void)state;
    chem_adduct adduct;
    assert_true(chem_adduct_parse(&adduct, "[2M+H]+"));
    assert_int_equal(adduct.molecules, 2);
    assert_int_equal(adduct.charge, 1);
    assert_true(adduct.added_nda == 1007276452);
    assert_true(chem_adduct_parse(&adduct, "[3M-2H]2-"));
    assert_int_equal(adduct.molecules, 3);
    assert_int_equal(adduct.charge, -2);
    assert_true(adduct.added_nda == -2014552904);
}

static void what_is_no_adduct_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {"",
                                        "M",
                                        "M+",
                                        "M+H",
                                        "[M+H]",
                                        "[M+H+",
                                        "M+H]+",
                                        "[M+]+",
                                        "[+H]+",
                                        "[M+H]0+",
                                        "[M+H]+-",
                                        "[M+H]+x",
                                        "[M+Xx]+",
                                        "[0M+H]+",
                                        "[101M+H]+",
                                        "[M+0H]+",
                                        "[MH]+",
                                        "[M+h]+",
                                        "[M+H]+..",
                                        " [M+H]+",
                                        "[M+H]+ ",
                                        "[C9H20N]+",
                                        "[M+H)+",
                                        "[M+100001H]+",
                                        "[M+H]101+",
                                        "[M++H]+",
                                        "[M+2]+",
                                        "N/A",
                                        "[M+60000H+60000H]+"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        chem_adduct adduct;
        if (chem_adduct_parse(&adduct, texts[i])) fail_msg("\"%s\" is read", texts[i]);
    }
}

static void an_ion_that_does_not_fit_has_no_mz(void **state) {
    (void)state;
    chem_adduct adduct;
    assert_true(chem_adduct_parse(&adduct, "[M+H]+"));
    assert_int_equal(chem_adduct_mz_uth(&adduct, 0), 0);
    assert_int_equal(chem_adduct_mz_uth(&adduct, -1), 0);
    assert_int_equal(chem_adduct_mz_uth(&adduct, INT64_MAX), 0);
    assert_int_equal(chem_adduct_mz_uth(&adduct, INT64_C(4293960018)), 4294967294);
    assert_int_equal(chem_adduct_mz_uth(&adduct, INT64_C(4293960019)), UINT32_MAX);
    assert_int_equal(chem_adduct_mz_uth(&adduct, INT64_C(4293960020)), 0);
    assert_true(chem_adduct_parse(&adduct, "[M-H2O]+"));
    assert_int_equal(chem_adduct_mz_uth(&adduct, 18000000), 0);
    assert_true(chem_adduct_parse(&adduct, "[100M+100000Hg]+"));
    assert_int_equal(chem_adduct_mz_uth(&adduct, INT64_C(1000000000000)), 0);
}

static void mz_of_several_charges_is_rounded_to_the_nearest(void **state) {
    (void)state;
    const chem_adduct adduct = {.molecules = 1, .charge = -3, .added_nda = 0};
    assert_int_equal(chem_adduct_mz_uth(&adduct, 100), 33);
    assert_int_equal(chem_adduct_mz_uth(&adduct, 101), 34);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ions_of_known_compounds_have_their_published_mz),
        cmocka_unit_test(one_ion_has_one_mz_in_every_spelling),
        cmocka_unit_test(molecules_and_charge_are_read_with_their_sign),
        cmocka_unit_test(what_is_no_adduct_is_refused),
        cmocka_unit_test(an_ion_that_does_not_fit_has_no_mz),
        cmocka_unit_test(mz_of_several_charges_is_rounded_to_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
