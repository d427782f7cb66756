/* SPDX-License-Identifier: Apache-2.0 */
/* Formulas as records write them, and their masses against published values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chem/chem.h"
#include "chem/elements.h"

static chem_formula parsed(const char *text) {
    chem_formula formula;
    if (!chem_formula_parse(&formula, text)) fail_msg("\"%s\" is not read", text);
    return formula;
}

static void expect_same(const char *a, const char *b) {
    chem_formula left = parsed(a), right = parsed(b);
    assert_memory_equal(&left, &right, sizeof left);
}

static void masses_of_known_compounds_are_right_to_the_microdalton(void **state) {
    (void)state;
    static const struct {
        const char *formula;
        int64_t uda;
        int32_t nominal;
    } cases[] = {{"C22H28N2O", 336220164, 336},   /* fentanyl */
                 {"C22H23D5N2O", 341251547, 341}, /* its D5 */
                 {"C17H21NO4", 303147058, 303},   /* cocaine */
                 {"C8H9NO2", 151063329, 151},     /* acetaminophen */
                 {"C8H10N4O2", 194080376, 194},   /* caffeine */
                 {"C10H15N", 149120449, 149},     /* methamphetamine */
                 {"C13H16ClNO", 237092042, 237},  /* ketamine */
                 {"CHCl3", 117914383, 118},       /* chloroform */
                 {"[13C]6H6", 84067079, 84},      /* benzene, all labelled */
                 {"H", 1007825, 1},
                 {"H+", 1007276, 1},
                 {"C12", 144000000, 144}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        chem_formula formula = parsed(cases[i].formula);
        if (chem_monoisotopic_uda(&formula) != cases[i].uda) fail_msg("mass of %s", cases[i].formula);
        assert_int_equal(chem_nominal_da(&formula), cases[i].nominal);
    }
}

static void a_charge_takes_or_gives_electrons(void **state) {
    (void)state;
    chem_formula choline = parsed("C5H14NO+"), acetate = parsed("C2H3O2-");
    assert_int_equal(choline.charge, 1);
    assert_int_equal(acetate.charge, -1);
    assert_int_equal(chem_monoisotopic_uda(&choline), 104106990);
    assert_int_equal(chem_monoisotopic_uda(&acetate), 59013853);
    assert_int_equal(chem_nominal_da(&choline), 104);
}

static void charges_are_read_in_every_spelling(void **state) {
    (void)state;
    expect_same("[C5H14NO]+", "C5H14NO+");
    expect_same("[C10H20O2]2+", "C10H20O2++");
    expect_same("[C10H20O2]+2", "C10H20O2++");
    expect_same("C10H20O2-2", "C10H20O2--");
    expect_same("[[13C]H4]+", "[13C]H4+");
    chem_formula formula = parsed("[C10H20O2]2-");
    assert_int_equal(formula.charge, -2);
    assert_int_equal(formula.count[CHEM_O], 2);
}

static void the_order_of_elements_does_not_matter_and_repeats_add_up(void **state) {
    (void)state;
    expect_same("CH3CH2OH", "C2H6O");
    expect_same("ClH", "HCl");
    chem_formula formula = parsed("COCo");
    assert_int_equal(formula.count[CHEM_C], 1);
    assert_int_equal(formula.count[CHEM_O], 1);
    assert_int_equal(formula.count[CHEM_CO], 1);
}

static void salts_and_hydrates_are_added_part_by_part(void **state) {
    (void)state;
    expect_same("C17H21NO4.HCl", "C17H22ClNO4");
    expect_same("C8H10N4O2.2H2O", "C8H14N4O4");
    expect_same("2C17H21NO4.H2SO4", "C34H44N2O12S");
}

static void isotope_labels_are_elements_of_their_own(void **state) {
    (void)state;
    expect_same("C8[2H]3H7NO", "C8D3H7NO");
    expect_same("[12C]H4", "CH4");
    chem_formula formula = parsed("[13C]2C6H7[15N][18O]");
    assert_int_equal(formula.count[CHEM_C13], 2);
    assert_int_equal(formula.count[CHEM_C], 6);
    assert_int_equal(formula.count[CHEM_N15], 1);
    assert_int_equal(formula.count[CHEM_N], 0);
    assert_int_equal(formula.count[CHEM_O18], 1);
}

static void one_formula_is_one_text_in_hills_order(void **state) {
    (void)state;
    static const char *const orders[][2] = {
        {"H28C22ON2", "C22H28N2O"},
        {"C22H23D5N2O", "C22H23D5N2O"},
        {"C2H5BrClCH2", "C3H7BrCl"},
        {"OH2", "H2O"},
        {"HCl", "ClH"},
        {"D2O", "D2O"},
        {"SiC4H12", "C4H12Si"},
        {"NaCl", "ClNa"},
    };
    char out[CHEM_FORMULA_SIZE];
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        assert_true(chem_formula_hill(out, orders[i][0]));
        assert_string_equal(out, orders[i][1]);
    }
    static const char *const others[] = {"C6H6.HCl", "[13C]6H6", "C5H14NO+", "[C5H14NO]+", "C6(H2)3", "", "Xx2"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) assert_false(chem_formula_hill(out, others[i]));
}

static void what_is_no_formula_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {"",
                                        "A11B22C333",
                                        "C2(H",
                                        "C2(H5)2O",
                                        "c6h6",
                                        "6",
                                        "+",
                                        "C0",
                                        "C6H6.",
                                        ".C6H6",
                                        "C6H6..HCl",
                                        "C6H6.0HCl",
                                        "C6H6 ",
                                        " C6H6",
                                        "C6-H6",
                                        "[13C",
                                        "[C6H6",
                                        "[C6H6]",
                                        "C6H6]",
                                        "[13]C",
                                        "[0C]",
                                        "[2D]",
                                        "[14C]H4",
                                        "[C13]H4",
                                        "C100001",
                                        "C60000H1C60000",
                                        "50001H2.50000H2",
                                        "C5H14NO+-",
                                        "C5H14NO++2",
                                        "[C5H14NO]2++",
                                        "[C5H14NO]0+",
                                        "[C5H14NO]101+",
                                        "C99999999999999999999",
                                        "C\xc3\xa9",
                                        "N/A",
                                        "C22H28N2O?"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        chem_formula formula;
        if (chem_formula_parse(&formula, texts[i])) fail_msg("\"%s\" is read", texts[i]);
    }
}

static void the_heaviest_formula_does_not_wrap(void **state) {
    (void)state;
    chem_formula formula;
    for (int i = 0; i < CHEM_ELEMENT_COUNT; i++) formula.count[i] = CHEM_MAX_COUNT;
    formula.charge = -CHEM_MAX_CHARGE;
    int64_t sum = 0;
    for (int i = 0; i < CHEM_ELEMENT_COUNT; i++) sum += chem_elements[i].mass_nda / 1000;
    int64_t mass = chem_monoisotopic_uda(&formula);
    assert_true(mass >= sum * CHEM_MAX_COUNT && mass < (sum + CHEM_ELEMENT_COUNT) * CHEM_MAX_COUNT);
    assert_true(chem_nominal_da(&formula) > 100000000);
}

static void every_element_weighs_what_its_mass_number_says_and_is_read_by_its_symbol(void **state) {
    (void)state;
    for (int i = 0; i < CHEM_ELEMENT_COUNT; i++) {
        const chem_element *element = &chem_elements[i];
        int64_t defect = element->mass_nda - element->mass_number * INT64_C(1000000000);
        assert_true(defect > -100000000 && defect < 20000000);
        int read;
        base_cursor cursor = base_cursor_over(element->symbol, strlen(element->symbol));
        assert_true(chem_read_element(&cursor, &read));
        assert_string_equal(chem_elements[read].symbol, element->symbol);
        assert_true(read == i || i == CHEM_D || i >= CHEM_C13);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masses_of_known_compounds_are_right_to_the_microdalton),
        cmocka_unit_test(a_charge_takes_or_gives_electrons),
        cmocka_unit_test(charges_are_read_in_every_spelling),
        cmocka_unit_test(the_order_of_elements_does_not_matter_and_repeats_add_up),
        cmocka_unit_test(salts_and_hydrates_are_added_part_by_part),
        cmocka_unit_test(isotope_labels_are_elements_of_their_own),
        cmocka_unit_test(one_formula_is_one_text_in_hills_order),
        cmocka_unit_test(what_is_no_formula_is_refused),
        cmocka_unit_test(the_heaviest_formula_does_not_wrap),
        cmocka_unit_test(every_element_weighs_what_its_mass_number_says_and_is_read_by_its_symbol),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
