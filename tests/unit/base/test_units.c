/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers in a unit of their own: micro units, scaled, whole and fixed numbers, from text and back. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>

#include "unit/base/numbers.h"

static void micro_units_become_the_nearest_double(void **state) {
    (void)state;
    static const struct {
        uint32_t micro;
        double value;
    } cases[] = {{0, 0}, {1, 1e-6}, {146060100, 146.0601}, {UINT32_MAX, 4294.967295}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(base_from_micro(cases[i].micro) == cases[i].value);
}

/* Against the product of the digits as an integer, rounded once. */
static void scaled_numbers_are_rounded_once(void **state) {
    (void)state;
    uint64_t seed = 8;
    for (int i = 0; i < RANDOM_NUMBERS; i++) {
        uint64_t digits = next_random(&seed) % UINT64_C(1000000000000000) >> next_random(&seed) % 40;
        uint32_t factor = i % 2 ? 60 : (uint32_t)(next_random(&seed) % 10000) + 1;
        int exponent = (int)(next_random(&seed) % 30) - 20;
        char text[64], product[64];
        snprintf(text, sizeof text, "%llue%d", (unsigned long long)digits, exponent);
        snprintf(product, sizeof product, "%llue%d", (unsigned long long)(digits * factor), exponent);
        double value, expected;
        assert_true(parse_scaled(&value, text, factor));
        assert_true(parse_whole(&expected, product));
        if (base_double_bits(value) != base_double_bits(expected)) fail_msg("%s times %u is %a", text, factor, value);
    }
}

static void scaled_numbers_reach_from_the_least_to_the_greatest(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint64_t bits;
    } cases[] = {
        {"0.0", 0},
        {"-1e-4", UINT64_C(0xbff0000000000000)},
        {"2.4703282292062328e-328", 1},
        {"2.4703282292062327e-328", 0},
        {"1.7976931348623157e304", UINT64_C(0x7fefffffffffffff)},
    };
    double value;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(parse_scaled(&value, cases[i].text, 10000));
        assert_true(base_double_bits(value) == cases[i].bits);
    }
    assert_false(parse_scaled(&value, "1.7976931348623159e304", 10000));
    assert_false(parse_scaled(&value, "1e308", 60));
}

static void unsigned_numbers_are_read_up_to_the_greatest(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint64_t value;
        size_t size; /* 0: refused */
    } cases[] = {{"0", 0, 1},    {"007x", 7, 3}, {"18446744073709551615", UINT64_MAX, 20},
                 {"", 0, 0},     {"x", 0, 0},    {"18446744073709551616", 0, 0},
                 {"-1", 0, 0},   {"+1", 0, 0},   {"99999999999999999999999999", 0, 0},
                 {"12.5", 12, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = 0;
        base_cursor cursor = base_cursor_over(cases[i].text, strlen(cases[i].text));
        assert_int_equal(base_parse_unsigned(&cursor, &value), cases[i].size > 0);
        assert_true(value == cases[i].value);
        assert_int_equal(cursor.position, cases[i].size);
    }
}

static void fixed_numbers_keep_all_their_decimals(void **state) {
    (void)state;
    static const struct {
        int64_t value;
        unsigned decimals;
        const char *text;
    } cases[] = {{1234567, 6, "1.234567"},
                 {-1234567, 6, "-1.234567"},
                 {7, 3, "0.007"},
                 {-7, 3, "-0.007"},
                 {0, 0, "0"},
                 {0, 2, "0.00"},
                 {1000, 3, "1.000"},
                 {42, 0, "42"},
                 {INT64_MAX, 0, "9223372036854775807"},
                 {INT64_MIN, 0, "-9223372036854775808"},
                 {INT64_MIN, 19, "-0.9223372036854775808"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char bytes[32];
        base_text text;
        base_text_init(&text, bytes, sizeof bytes);
        base_text_fixed(&text, cases[i].value, cases[i].decimals);
        assert_string_equal(bytes, cases[i].text);
    }
}

static void micro_rounds_ties_away_from_zero(void **state) {
    (void)state;
    static const struct {
        double value;
        int64_t micro;
    } cases[] = {{0, 0},
                 {-0.0, 0},
                 {1, 1000000},
                 {0.0078125, 7813}, /* 7812.5 */
                 {-0.0078125, -7813},
                 {0.0234375, 23438}, /* 23437.5 */
                 {337.22744, 337227440},
                 {4294.967295, 4294967295},
                 {4e-7, 0},
                 {6e-7, 1},
                 {-6e-7, -1},
                 {5e-7, 0},                  /* the double is below 5·10^-7 */
                 {5.0000000000000009e-7, 1}, /* and this one above */
                 {1.4999999999999998e-6, 1},
                 {1e-300, 0},
                 {5e-324, 0},
                 {5.293955920339377e-23, 0}, /* 2^-74 */
                 {8999999999999.998, 8999999999999998047},
                 {-8999999999999.998, -8999999999999998047}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (base_micro(cases[i].value) != cases[i].micro) fail_msg("case %u", (unsigned)i);
    }
}

static void micro_of_six_decimals_is_those_digits(void **state) {
    (void)state;
    uint64_t seed = 6;
    for (int i = 0; i < RANDOM_NUMBERS; i++) {
        int64_t micro = (int64_t)(next_random(&seed) >> (32 + next_random(&seed) % 32));
        char bytes[32];
        base_text text;
        base_text_init(&text, bytes, sizeof bytes);
        base_text_fixed(&text, micro, 6);
        double value;
        assert_true(parse_whole(&value, bytes));
        assert_true(base_micro(value) == micro);
        assert_true(base_micro(-value) == -micro);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(micro_units_become_the_nearest_double),
        cmocka_unit_test(scaled_numbers_are_rounded_once),
        cmocka_unit_test(scaled_numbers_reach_from_the_least_to_the_greatest),
        cmocka_unit_test(unsigned_numbers_are_read_up_to_the_greatest),
        cmocka_unit_test(fixed_numbers_keep_all_their_decimals),
        cmocka_unit_test(micro_rounds_ties_away_from_zero),
        cmocka_unit_test(micro_of_six_decimals_is_those_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
