/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/signal/signals.h"

#include "signal/real.h"

static void turns_agree_with_the_c_library(void **state) {
    (void)state;
    static const uint32_t wholes[] = {1, 2, 3, 8, 10, 360, 4096, 1048577, 67108864};
    for (size_t i = 0; i < COUNT_OF(wholes); i++)
        for (uint32_t part = 0; part < wholes[i]; part += 1 + wholes[i] / 1000) {
            double cosine, sine, angle = 2 * SIGNAL_PI * part / wholes[i];
            signal_turn(&cosine, &sine, part, wholes[i]);
            assert_true(fabs(cosine - cos(angle)) < 2e-15 && fabs(sine - sin(angle)) < 2e-15);
        }
}

static void quarters_of_a_turn_are_exact(void **state) {
    (void)state;
    static const double expected[4][2] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
    for (uint32_t quarter = 0; quarter < 4; quarter++) {
        double cosine, sine;
        signal_turn(&cosine, &sine, quarter * 25, 100);
        assert_true(cosine == expected[quarter][0] && sine == expected[quarter][1]);
    }
}

static void roots_exponentials_and_logarithms_agree_with_the_c_library(void **state) {
    (void)state;
    uint64_t seed = 1;
    for (int i = 0; i < 20000; i++) {
        double x = exp(600 * (2 * signals_uniform(&seed) - 1)), y = -700 * signals_uniform(&seed);
        assert_true(fabs(signal_sqrt(x) / sqrt(x) - 1) < 1e-15);
        assert_true(fabs(signal_log(x) - log(x)) < 1e-15 * (1 + fabs(log(x))));
        assert_true(fabs(signal_exp_negative(y) / exp(y) - 1) < 2e-13); /* the C library's own argument is rounded */
    }
}

static void limits_of_the_real_functions(void **state) {
    (void)state;
    assert_true(signal_sqrt(0) == 0 && signal_sqrt(-1) == 0 && signal_sqrt((double)NAN) == 0);
    assert_true(signal_exp_negative(0) == 1 && signal_exp_negative(-1e9) == 0 && signal_exp_negative((double)NAN) == 0);
    assert_true(fabs(signal_log(1)) < 1e-15);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turns_agree_with_the_c_library),
        cmocka_unit_test(quarters_of_a_turn_are_exact),
        cmocka_unit_test(roots_exponentials_and_logarithms_agree_with_the_c_library),
        cmocka_unit_test(limits_of_the_real_functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
