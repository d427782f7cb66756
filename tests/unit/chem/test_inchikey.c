/* SPDX-License-Identifier: Apache-2.0 */
/* The first block of an InChIKey, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chem/chem.h"

static void the_first_block_of_an_inchikey_is_its_fourteen_capitals(void **state) {
    (void)state;
    char block[15];
    assert_true(chem_inchikey_block(block, "PJMPHNIQZUBGLI-UHFFFAOYSA-N"));
    assert_string_equal(block, "PJMPHNIQZUBGLI");
}

static void what_is_no_inchikey_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {"",
                                        "N/A",
                                        "PJMPHNIQZUBGLI",
                                        "PJMPHNIQZUBGLI-",
                                        "PJMPHNIQZUBGLI-UHFFFAOYSA",
                                        "PJMPHNIQZUBGLI-UHFFFAOYSA-",
                                        "PJMPHNIQZUBGLI-UHFFFAOYSA-NN",
                                        "PJMPHNIQZUBGLI-UHFFFAOYSA_N",
                                        "PJMPHNIQZUBGLI_UHFFFAOYSA-N",
                                        "pJMPHNIQZUBGLI-UHFFFAOYSA-N",
                                        "PJMPHNIQZUBGL1-UHFFFAOYSA-N",
                                        "PJMPHNIQZUBGLI-UHFFFAOYS1-N",
                                        "PJMPHNIQZUBGLI-UHFFFAOYSA-n",
                                        "PJMPHNIQZUBGL-IUHFFFAOYSA-N",
                                        " PJMPHNIQZUBGLI-UHFFFAOYSA-N"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char block[15] = "unchanged";
        if (chem_inchikey_block(block, texts[i])) fail_msg("\"%s\" is read", texts[i]);
        assert_string_equal(block, "unchanged");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_block_of_an_inchikey_is_its_fourteen_capitals),
        cmocka_unit_test(what_is_no_inchikey_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
