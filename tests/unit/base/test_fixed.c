/* SPDX-License-Identifier: Apache-2.0 */
/* Fixed-point arithmetic against decimal arithmetic (fixed_facts.h) and against integer squaring. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/fixed.h"
#include "unit/base/fixed_facts.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static uint64_t distance(uint64_t a, uint64_t b) {
    return a > b ? a - b : b - a;
}

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* log2(x) in Q32 by squaring a mantissa of 32 bits; the cuts make it too small by less than 2^-29. */
static uint64_t lg_by_squaring(uint64_t x) {
    uint64_t lg = 63;
    for (; !(x >> 63); x <<= 1) lg--;
    uint64_t mantissa = x >> 32;
    for (int bit = 0; bit < 32; bit++) {
        mantissa *= mantissa;
        uint64_t above_two = mantissa >> 63;
        mantissa >>= 31 + above_two;
        lg = lg << 1 | above_two;
    }
    return lg;
}

static void logarithm_agrees_with_decimal_arithmetic(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(lg_facts); i++) {
        uint64_t lg = (uint64_t)base_lg(lg_facts[i].x) << 16;
        assert_true(distance(lg, lg_facts[i].lg_q40) < 1 << 16);
    }
}

static void logarithm_stays_within_its_bound_everywhere(void **state) {
    (void)state;
    for (uint64_t x = 1; x < 1 << 20; x++) {
        assert_true(distance((uint64_t)base_lg(x) << 8, lg_by_squaring(x)) <= 256);
    }
    uint64_t random = 1;
    for (int i = 0; i < 1000000; i++) {
        uint64_t x = next_random(&random) >> (i % 64);
        if (x > 0) assert_true(distance((uint64_t)base_lg(x) << 8, lg_by_squaring(x)) <= 256);
    }
}

static void logarithm_of_a_power_of_two_is_exact(void **state) {
    (void)state;
    assert_int_equal(base_lg(0), 0);
    for (uint32_t bit = 0; bit < 64; bit++) assert_int_equal(base_lg(UINT64_C(1) << bit), bit << 24);
}

static void logarithm_never_falls_on_twenty_one_bits(void **state) {
    (void)state;
    for (uint64_t x = 1; x < 1 << 21; x++) assert_true(base_lg(x) < base_lg(x + 1));
}

static void power_agrees_with_decimal_arithmetic(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(exp2_facts); i++) {
        uint64_t power = (uint64_t)base_exp2_negative(exp2_facts[i].x) << 10;
        assert_true(distance(power, exp2_facts[i].power_q40) < 2 << 10);
    }
}

/* The logarithm rises, so a power that is right to 2 units lies between two logarithms. */
static void power_stays_within_its_bound_everywhere(void **state) {
    (void)state;
    for (uint64_t x = 0; x < UINT64_C(28) << 24; x += 257) {
        uint64_t power = base_exp2_negative(x);
        uint64_t lg = ((uint64_t)30 << 32) - (x << 8);
        assert_true(power > 2);
        assert_true(lg_by_squaring(power - 2) < lg);
        assert_true(lg_by_squaring(power + 2) + 8 > lg);
    }
}

static void power_is_exact_at_whole_numbers_and_ends_at_thirty_two(void **state) {
    (void)state;
    for (uint64_t whole = 0; whole <= 30; whole++) {
        assert_int_equal(base_exp2_negative(whole << 24), UINT32_C(1) << (30 - whole));
    }
    assert_int_equal(base_exp2_negative(UINT64_C(32) << 24), 0);
    assert_int_equal(base_exp2_negative(UINT64_MAX), 0);
}

static void root_is_the_floor_of_the_square_root(void **state) {
    (void)state;
    uint64_t random = 2;
    for (int i = 0; i < 300000; i++) {
        uint64_t root = (next_random(&random) & UINT32_MAX) >> (i % 32);
        assert_int_equal(base_sqrt(root * root), root);
        assert_int_equal(base_sqrt(root * root + 2 * root), root);
        if (root > 0) assert_int_equal(base_sqrt(root * root - 1), root - 1);
    }
    assert_int_equal(base_sqrt(UINT64_MAX), UINT32_MAX);
}

/* a·b = (a·b/c)·c + rest, and rest < c: checked modulo 2^64 and modulo the prime 2^31 − 1, for random, short and
   extreme operands. */
static uint64_t modulo(uint64_t x) {
    return x % 2147483647;
}

static uint64_t operand(uint64_t *random) {
    static const uint64_t extreme[] = {1,         2, UINT32_MAX, UINT64_C(1) << 32, UINT64_C(1) << 63, UINT64_MAX - 1,
                                       UINT64_MAX};
    uint64_t choice = next_random(random);
    if (choice % 4 == 0) return extreme[(choice >> 8) % COUNT_OF(extreme)];
    return (next_random(random) >> (choice >> 8) % 64) | 1;
}

static void product_divided_leaves_a_rest_below_the_divisor(void **state) {
    (void)state;
    uint64_t random = 3;
    size_t fitting = 0;
    for (int i = 0; i < 1000000; i++) {
        uint64_t a = operand(&random), b = operand(&random), c = operand(&random);
        uint64_t quotient = base_multiply_divide(a, b, c);
        if (quotient == UINT64_MAX) continue;
        uint64_t rest = a * b - quotient * c;
        assert_true(rest < c);
        assert_int_equal(modulo(modulo(a) * modulo(b)), modulo(modulo(quotient) * modulo(c) + modulo(rest)));
        fitting++;
    }
    assert_true(fitting > 300000);
}

static void product_divided_saturates_where_it_does_not_fit(void **state) {
    (void)state;
    assert_true(base_multiply_divide(UINT64_MAX, UINT64_MAX, UINT64_MAX) == UINT64_MAX);
    assert_true(base_multiply_divide(UINT64_MAX, UINT64_MAX - 1, UINT64_MAX) == UINT64_MAX - 1);
    assert_true(base_multiply_divide(UINT64_C(1) << 32, UINT64_C(1) << 32, 1) == UINT64_MAX);
    assert_true(base_multiply_divide(UINT64_C(1) << 63, 6, 3) == UINT64_MAX);
    assert_true(base_multiply_divide(UINT64_C(1) << 63, 6, 4) == UINT64_C(3) << 62);
    assert_true(base_multiply_divide(0, UINT64_MAX, 1) == 0);
}

static void every_entry_of_the_entropy_table_is_rounded_right(void **state) {
    (void)state;
    base_digest digest;
    uint8_t out[BASE_DIGEST_SIZE];
    char hex[BASE_DIGEST_HEX_SIZE];
    base_digest_init(&digest);
    for (uint32_t x = 0; x < 131072; x++) {
        uint8_t bytes[4];
        base_put32(bytes, base_entropy_table[x]);
        base_digest_add(&digest, bytes, sizeof bytes);
    }
    base_digest_finish(&digest, out);
    base_digest_hex(out, hex);
    assert_string_equal(hex, entropy_digest);
}

/* (r − ½)² <= 65535²·x/999 < (r + ½)², in quarters. */
static void every_entry_of_the_root_table_is_rounded_right(void **state) {
    (void)state;
    for (uint64_t x = 0; x < 1999; x++) {
        uint64_t root = base_root_table[x], square = 4 * UINT64_C(65535) * 65535 * x;
        assert_true(x == 0 ? root == 0 : (2 * root - 1) * (2 * root - 1) * 999 <= square);
        assert_true(square < (2 * root + 1) * (2 * root + 1) * 999);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logarithm_agrees_with_decimal_arithmetic),
        cmocka_unit_test(logarithm_stays_within_its_bound_everywhere),
        cmocka_unit_test(logarithm_of_a_power_of_two_is_exact),
        cmocka_unit_test(logarithm_never_falls_on_twenty_one_bits),
        cmocka_unit_test(power_agrees_with_decimal_arithmetic),
        cmocka_unit_test(power_stays_within_its_bound_everywhere),
        cmocka_unit_test(power_is_exact_at_whole_numbers_and_ends_at_thirty_two),
        cmocka_unit_test(root_is_the_floor_of_the_square_root),
        cmocka_unit_test(product_divided_leaves_a_rest_below_the_divisor),
        cmocka_unit_test(product_divided_saturates_where_it_does_not_fit),
        cmocka_unit_test(every_entry_of_the_entropy_table_is_rounded_right),
        cmocka_unit_test(every_entry_of_the_root_table_is_rounded_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
