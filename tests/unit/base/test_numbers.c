/* SPDX-License-Identifier: Apache-2.0 */
/* Doubles in text: hard cases by their bits, and random ones against the C library in the "C" locale. */
#define _POSIX_C_SOURCE 200809L
#include <float.h>
#include <stdio.h>

#include "unit/base/numbers.h"

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

#define TEXT_SIZE 1400

static void hard_decimals_are_read_to_the_last_bit(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint64_t bits;
    } cases[] = {
        {"0", 0},
        {"-0", UINT64_C(0x8000000000000000)},
        {"0e99999", 0},
        {"1", UINT64_C(0x3ff0000000000000)},
        {"-1.", UINT64_C(0xbff0000000000000)},
        {"+.5", UINT64_C(0x3fe0000000000000)},
        {"1e-3", UINT64_C(0x3f50624dd2f1a9fc)},
        {"0.1", UINT64_C(0x3fb999999999999a)},
        {"0.30000000000000004", UINT64_C(0x3fd3333333333334)},
        {"9007199254740991", UINT64_C(0x433fffffffffffff)},
        {"9007199254740992", UINT64_C(0x4340000000000000)},
        {"9007199254740993", UINT64_C(0x4340000000000000)},
        {"9007199254740993.00000000000000000000000000000000000000001", UINT64_C(0x4340000000000001)},
        {"9007199254740995", UINT64_C(0x4340000000000002)},
        {"18446744073709551615", UINT64_C(0x43f0000000000000)},
        {"1e22", UINT64_C(0x4480f0cf064dd592)},
        {"1e23", UINT64_C(0x44b52d02c7e14af6)},
        {"5e-324", 1},
        {"4.9406564584124654e-324", 1},
        {"2.4703282292062328e-324", 1},
        {"2.4703282292062327e-324", 0},
        {"1e-400", 0},
        {"2.2250738585072011e-308", UINT64_C(0x000fffffffffffff)},
        {"2.2250738585072014e-308", UINT64_C(0x0010000000000000)},
        {"1.7976931348623157e308", UINT64_C(0x7fefffffffffffff)},
        {"1.7976931348623158e308", UINT64_C(0x7fefffffffffffff)},
        {"0.000000000000000000000000000000000000000000000000000000000000000000017976931348623157e376",
         UINT64_C(0x7fefffffffffffff)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) expect_bits(cases[i].text, cases[i].bits);
}

static void what_is_no_number_is_refused_and_the_cursor_stays(void **state) {
    (void)state;
    static const char *const texts[] = {"",
                                        "-",
                                        ".",
                                        "+.",
                                        "e5",
                                        "nan",
                                        "inf",
                                        "-inf",
                                        " 1",
                                        ",5",
                                        "--1",
                                        "+-1",
                                        "1e309",
                                        "-1e309",
                                        "2e308",
                                        "1.7976931348623159e308",
                                        "1e99999999999999999999"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        double value = 7;
        base_cursor cursor = base_cursor_over(texts[i], strlen(texts[i]));
        if (base_parse_double(&cursor, &value)) fail_msg("\"%s\" is read", texts[i]);
        assert_int_equal(cursor.position, 0);
        assert_true(value == 7);
    }
}

static void the_cursor_ends_behind_the_number(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t size;
        double value;
    } cases[] = {{"12 34", 2, 12}, {"1.5;", 3, 1.5}, {"1.2.3", 3, 1.2}, {"7e", 1, 7},      {"7e+", 1, 7},
                 {"7e2x", 3, 700}, {"0x10", 1, 0},   {"3,5", 1, 3},     {"1.e1\t", 4, 10}, {"-2eV", 2, -2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value;
        base_cursor cursor = base_cursor_over(cases[i].text, strlen(cases[i].text));
        assert_true(base_parse_double(&cursor, &value));
        assert_int_equal(cursor.position, cases[i].size);
        assert_true(value == cases[i].value);
    }
}

static void nothing_is_read_beyond_the_bytes(void **state) {
    (void)state;
    double value;
    base_cursor cursor = base_cursor_over("1234e15", 4);
    cursor.position = 1;
    assert_true(base_parse_double(&cursor, &value));
    assert_true(value == 234);
    assert_int_equal(cursor.position, 4);
    assert_false(base_parse_double(&cursor, &value));
}

static void numbers_longer_than_the_limit_are_refused(void **state) {
    (void)state;
    char text[BASE_NUMBER_MAX + 2];
    double value;
    memset(text, '0', sizeof text);
    text[0] = '1';
    text[1] = '.';
    base_cursor cursor = base_cursor_over(text, BASE_NUMBER_MAX);
    assert_true(base_parse_double(&cursor, &value));
    assert_true(value == 1);
    cursor = base_cursor_over(text, BASE_NUMBER_MAX + 1);
    assert_false(base_parse_double(&cursor, &value));
    assert_int_equal(cursor.position, 0);
    memcpy(text + BASE_NUMBER_MAX - 1, "e1", 2);
    cursor = base_cursor_over(text, BASE_NUMBER_MAX + 1);
    assert_false(base_parse_double(&cursor, &value));
}

static void numbers_of_the_greatest_length_are_read(void **state) {
    (void)state;
    static const char *const heads[] = {"0.", "1", "9.", "0.0000000000000000000000001", "179769313486231570"};
    static const char *const tails[] = {"", "e-320", "e-324", "e-1200", "e-1300", "e300", "e-780"};
    for (size_t h = 0; h < sizeof heads / sizeof *heads; h++) {
        for (size_t t = 0; t < sizeof tails / sizeof *tails; t++) {
            char text[BASE_NUMBER_MAX + 1];
            memset(text, '9', BASE_NUMBER_MAX);
            text[BASE_NUMBER_MAX] = '\0';
            memcpy(text, heads[h], strlen(heads[h]));
            memcpy(text + BASE_NUMBER_MAX - strlen(tails[t]), tails[t], strlen(tails[t]));
            double value, expected = c_strtod(text);
            if (expected > DBL_MAX) {
                assert_false(parse_whole(&value, text));
            } else {
                expect_bits(text, base_double_bits(expected));
            }
        }
    }
}

static void random_doubles_of_17_digits_are_read_as_the_c_library_does(void **state) {
    (void)state;
    uint64_t seed = 1;
    for (int i = 0; i < RANDOM_NUMBERS; i++) {
        char text[40];
        double value = random_double(&seed);
        char shorter[40];
        c_library saved = c_library_begin();
        snprintf(text, sizeof text, "%.17g", value);
        snprintf(shorter, sizeof shorter, "%.*e", (int)(next_random(&seed) % 20), value);
        c_library_end(&saved);
        expect_bits(text, base_double_bits(value));
        if (c_strtod(shorter) <= DBL_MAX) expect_as_the_c_library(shorter);
    }
}

/* Digits and a point as a peak list has them, some far longer. */
static void random_decimal(char *text, uint64_t *seed) {
    size_t whole = next_random(seed) % 6, decimals = next_random(seed) % 24, size = 0;
    if (next_random(seed) % 16 == 0) decimals += next_random(seed) % 400;
    for (size_t i = 0; i <= whole; i++) text[size++] = (char)('0' + next_random(seed) % 10);
    text[size++] = '.';
    for (size_t i = 0; i < decimals; i++) text[size++] = (char)('0' + next_random(seed) % 10);
    text[size] = '\0';
    if (next_random(seed) % 2) snprintf(text + size, 8, "e%d", (int)(next_random(seed) % 600) - 300);
}

static void random_decimals_are_read_as_the_c_library_does(void **state) {
    (void)state;
    uint64_t seed = 2;
    for (int i = 0; i < RANDOM_NUMBERS; i++) {
        char text[500];
        random_decimal(text, &seed);
        expect_as_the_c_library(text);
    }
}

#if LDBL_MANT_DIG > DBL_MANT_DIG
static void halfway_decimals_go_to_even_and_one_digit_decides(void **state) {
    (void)state;
    uint64_t seed = 3;
    for (int i = 0; i < 3000; i++) {
        uint64_t bits = base_double_bits(random_double(&seed));
        if (i % 3 == 0) bits >>= 12; /* a subnormal */
        if (i % 3 == 1) bits &= UINT64_C(0x7ff0000000000000);
        if (bits + 1 >= UINT64_C(0x7ff0000000000000)) continue;
        /* All the digits of a halfway point: at most 770 of them are not zero. */
        char text[TEXT_SIZE];
        c_library saved = c_library_begin();
        long double below = base_double_from_bits(bits), above = base_double_from_bits(bits + 1);
        snprintf(text, sizeof text, "%.800Le", (below + above) / 2);
        c_library_end(&saved);
        expect_bits(text, bits + (bits & 1));
        char *exponent = strchr(text, 'e');
        exponent[-1] = '1';
        expect_bits(text, bits + 1);
        exponent[-1] = '0';
        char *last = exponent - 1;
        while (*last == '0' || *last == '.') last--;
        (*last)--;
        expect_bits(text, bits);
    }
}
#endif

/* The decimal of `count` digits that is not above value, or the next above it, as "d.ddde-12". */
static void neighbour(char *text, double value, int count, bool above) {
    snprintf(text, 100, "%.70e", value);
    char exponent[8];
    snprintf(exponent, sizeof exponent, "%s", strchr(text, 'e'));
    int end = count == 1 ? 1 : count + 1, i = end - 1;
    for (; above && i >= 0; i--) {
        if (text[i] == '.') continue;
        if (text[i] != '9') break;
        text[i] = '0';
    }
    if (above && i >= 0) text[i]++;
    if (above && i < 0) {
        snprintf(text, 100, "10%s", exponent);
    } else {
        memcpy(text + end, exponent, strlen(exponent) + 1);
    }
}

/* The significant digits of a decimal, without point, exponent and the zeros at both ends. */
static size_t significant_digits(char *digits, const char *text) {
    size_t size = 0, count = 0;
    for (; *text && *text != 'e'; text++) {
        if ((*text == '0' && size > 0) || (*text >= '1' && *text <= '9')) digits[size++] = *text;
        if (*text >= '1' && *text <= '9') count = size;
    }
    digits[count] = '\0';
    return count;
}

static void expect_shortest_and_nearest(double value) {
    char text[64], below[100], above[100];
    snprintf(text, sizeof text, "%s", written(value));
    expect_bits(text, base_double_bits(value));
    char ours[64], theirs[64];
    int count = (int)significant_digits(ours, text);
    c_library saved = c_library_begin();
    if (strtod(text, NULL) != value) fail_msg("%a is written as %s", value, text);
    if (count > 1) {
        neighbour(below, value, count - 1, false);
        neighbour(above, value, count - 1, true);
        if (strtod(below, NULL) == value || strtod(above, NULL) == value) {
            fail_msg("%s is not the shortest of %a", text, value);
        }
    }
    /* What "%e" rounds to is the nearest of that length, if it reads back at all. */
    char nearest[40];
    snprintf(nearest, sizeof nearest, "%.*e", count - 1, value);
    bool reads_back = strtod(nearest, NULL) == value;
    c_library_end(&saved);
    significant_digits(theirs, nearest);
    if (reads_back) assert_string_equal(ours, theirs);
}

static void random_doubles_are_written_as_the_shortest_and_nearest_decimal(void **state) {
    (void)state;
    uint64_t seed = 4;
    for (int i = 0; i < RANDOM_NUMBERS; i++) expect_shortest_and_nearest(random_double(&seed));
}

static void doubles_of_every_power_of_two_are_written_as_the_shortest_decimal(void **state) {
    (void)state;
    for (uint64_t exponent = 0; exponent < 2047; exponent++) {
        uint64_t bits = exponent << 52;
        if (bits > 0) expect_shortest_and_nearest(base_double_from_bits(bits));
        if (bits > 1) expect_shortest_and_nearest(base_double_from_bits(bits - 1));
        expect_shortest_and_nearest(base_double_from_bits(bits + 1));
    }
}

static void decimals_of_a_peak_list_come_back_as_they_were_written(void **state) {
    (void)state;
    uint64_t seed = 5;
    for (int i = 0; i < RANDOM_NUMBERS; i++) {
        unsigned decimals = (unsigned)(next_random(&seed) % 9);
        int64_t digits = (int64_t)(next_random(&seed) % 1000000000000) * 10 + 1 + (int64_t)(next_random(&seed) % 9);
        char bytes[32];
        base_text text;
        base_text_init(&text, bytes, sizeof bytes);
        base_text_fixed(&text, digits, decimals);
        double value;
        assert_true(parse_whole(&value, bytes));
        assert_string_equal(written(value), bytes);
    }
}

static void doubles_are_written_in_the_notation_of_their_size(void **state) {
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {-0.0, "-0"},
        {1, "1"},
        {-1500, "-1500"},
        {146.0601, "146.0601"},
        {0.001, "0.001"},
        {1e-6, "0.000001"},
        {1.5e-6, "0.0000015"},
        {9.5e-7, "9.5e-7"},
        {1.5e-7, "1.5e-7"},
        {-1e-7, "-1e-7"},
        {0.1 + 0.2, "0.30000000000000004"},
        {9007199254740993.0, "9007199254740992"},
        {123456789012345680000.0, "123456789012345680000"},
        {1e20, "100000000000000000000"},
        {1e21, "1e21"},
        {1e23, "1e23"},
        {1.2345e100, "1.2345e100"},
        {5e-324, "5e-324"},
        {2.2250738585072011e-308, "2.225073858507201e-308"},
        {2.2250738585072014e-308, "2.2250738585072014e-308"},
        {1.7976931348623157e308, "1.7976931348623157e308"},
        {9.5367431640625e-07, "9.5367431640625e-7"},
        {5.684341886080802e-14, "5.684341886080802e-14"},
        {999999999999999.0, "999999999999999"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(written(cases[i].value), cases[i].text);
}

static void flush_to_zero_changes_nothing(void **state) {
    (void)state;
#if defined(__SSE2__)
    static const char *const texts[] = {"5e-324", "2.2250738585072011e-308", "1e-310", "2.225073858507201e-308",
                                        "0.001"};
    static const uint64_t bits[] = {1, UINT64_C(0x000fffffffffffff), UINT64_C(0x000012688b70e62b),
                                    UINT64_C(0x000fffffffffffff), UINT64_C(0x3f50624dd2f1a9fc)};
    unsigned before = _mm_getcsr();
    _mm_setcsr(before | 0x8040); /* FTZ and DAZ */
    uint64_t read[5];
    char back[5][64];
    for (size_t i = 0; i < 5; i++) {
        double value = 0;
        parse_whole(&value, texts[i]);
        read[i] = base_double_bits(value);
        snprintf(back[i], sizeof back[i], "%s", written(base_double_from_bits(bits[i])));
    }
    int64_t micro = base_micro(base_double_from_bits(1));
    _mm_setcsr(before);
    for (size_t i = 0; i < 5; i++) {
        assert_true(read[i] == bits[i]);
        if (i != 1) assert_string_equal(back[i], texts[i]);
    }
    assert_int_equal(micro, 0);
#else
    skip();
#endif
}

static void no_rounding_mode_changes_a_number(void **state) {
    (void)state;
    static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    fenv_t before;
    fegetenv(&before);
    for (uint64_t i = 0, seed = 7; i < 3000; i++) {
        char text[24], back[64];
        base_text number;
        base_text_init(&number, text, sizeof text);
        base_text_fixed(&number, (int64_t)(next_random(&seed) % 10000000000), (unsigned)(i % 9));
        uint32_t micro = (uint32_t)next_random(&seed);
        double expected = c_strtod(text), expected_micro = base_from_micro(micro), value = 0;
        double scaled, expected_scaled;
        assert_true(parse_scaled(&expected_scaled, text, 60));
        snprintf(back, sizeof back, "%s", written(expected));
        fesetround(modes[i % 3]);
        bool same = parse_whole(&value, text) && strcmp(written(expected), back) == 0 &&
                    parse_scaled(&scaled, text, 60) && base_double_bits(scaled) == base_double_bits(expected_scaled) &&
                    base_double_bits(base_from_micro(micro)) == base_double_bits(expected_micro);
        fesetenv(&before);
        assert_true(same && base_double_bits(value) == base_double_bits(expected));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hard_decimals_are_read_to_the_last_bit),
        cmocka_unit_test(what_is_no_number_is_refused_and_the_cursor_stays),
        cmocka_unit_test(the_cursor_ends_behind_the_number),
        cmocka_unit_test(nothing_is_read_beyond_the_bytes),
        cmocka_unit_test(numbers_longer_than_the_limit_are_refused),
        cmocka_unit_test(numbers_of_the_greatest_length_are_read),
        cmocka_unit_test(random_doubles_of_17_digits_are_read_as_the_c_library_does),
        cmocka_unit_test(random_decimals_are_read_as_the_c_library_does),
#if LDBL_MANT_DIG > DBL_MANT_DIG
        cmocka_unit_test(halfway_decimals_go_to_even_and_one_digit_decides),
#endif
        cmocka_unit_test(random_doubles_are_written_as_the_shortest_and_nearest_decimal),
        cmocka_unit_test(doubles_of_every_power_of_two_are_written_as_the_shortest_decimal),
        cmocka_unit_test(decimals_of_a_peak_list_come_back_as_they_were_written),
        cmocka_unit_test(doubles_are_written_in_the_notation_of_their_size),
        cmocka_unit_test(flush_to_zero_changes_nothing),
        cmocka_unit_test(no_rounding_mode_changes_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
