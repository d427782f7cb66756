/* SPDX-License-Identifier: Apache-2.0 */
/* Differences of formulas in signed counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chem/chem.h"

static void expect_sum(const char *a, const char *b, const char *sum) {
    char bytes[64];
    base_text text;
    chem_formula delta = {.charge = 0};
    assert_true(chem_delta_add(&delta, a));
    assert_true(chem_delta_add(&delta, b));
    base_text_init(&text, bytes, sizeof bytes);
    chem_delta_write(&text, &delta);
    assert_string_equal(bytes, sum);
}

static void expect_none(const char *text) {
    chem_formula delta = {.charge = 0};
    if (chem_delta_add(&delta, text)) fail_msg("\"%s\" is read", text);
}

static void differences_add_element_by_element(void **state) {
    (void)state;
    expect_sum("", "", "");
    expect_sum("C+1H+2", "", "C+1H+2");
    expect_sum("C+1H+2", "C-1H-2", "");
    expect_sum("F+1H-1", "C-1H-2", "C-1H-3F+1");
    expect_sum("C-2H-2S+1", "O+1", "C-2H-2O+1S+1");
    expect_sum("H-5D+5", "[13C]+2C-2", "C-2H-5D+5[13C]+2");
    expect_sum("Cl+1H-1", "Br+1H-1", "H-2Cl+1Br+1");
}

static void masses_of_differences_are_those_of_their_atoms(void **state) {
    (void)state;
    chem_formula delta = {.charge = 0};
    assert_true(chem_delta_add(&delta, "H-1F+1"));
    assert_int_equal(chem_monoisotopic_uda(&delta), 17990578);
    assert_int_equal(chem_nominal_da(&delta), 18);
}

static void anything_else_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {"C",    "CH2",  "C+",   "C+0",      "C1",
                                        "+1",   "Xx+1", "C+1 ", "C+100001", "C*1",
                                        "C+-1", "c+1",  "C+1H", "[13C+1",   "C+99999999999999999999"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) expect_none(texts[i]);
    chem_formula delta = {.charge = 0};
    assert_true(chem_delta_add(&delta, "C+100000"));
    assert_false(chem_delta_add(&delta, "C+1"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_add_element_by_element),
        cmocka_unit_test(masses_of_differences_are_those_of_their_atoms),
        cmocka_unit_test(anything_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
