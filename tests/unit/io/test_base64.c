/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 and MS-Numpress: what is read, and that nothing else is. */
#include "io/base64.h"
#include "io/numpress.h"
#include "unit/io/streams.h"

/* The text in pieces of `piece` characters; false where it is refused. */
static bool decode(const char *text, size_t piece, uint8_t *bytes, size_t *size) {
    io_base64 state = {0};
    size_t position;
    *size = 0;
    for (size_t at = 0, length = strlen(text); at < length; at += piece) {
        size_t more, left = length - at < piece ? length - at : piece;
        if (!io_base64_add(&state, bytes + *size, &more, text + at, left, &position)) return false;
        *size += more;
    }
    return io_base64_is_complete(&state);
}

static void base64_reads_what_rfc_4648_gives_as_examples(void **state) {
    (void)state;
    static const char *const cases[][2] = {{"", ""},
                                           {"Zg==", "f"},
                                           {"Zm8=", "fo"},
                                           {"Zm9v", "foo"},
                                           {"Zm9vYg==", "foob"},
                                           {"Zm9vYmE=", "fooba"},
                                           {" Zm9v\r\n\tYmFy ", "foobar"},
                                           {"Z g = \n=", "f"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        for (size_t piece = 1; piece < 6; piece++) {
            uint8_t bytes[64];
            size_t size;
            assert_true(decode(cases[i][0], piece, bytes, &size));
            assert_int_equal(size, strlen(cases[i][1]));
            assert_memory_equal(bytes, cases[i][1], size);
        }
    }
}

static void base64_refuses_all_else(void **state) {
    (void)state;
    static const char *const cases[] = {"Zg",   "Zg=",  "Z",           "Zm9v=",    "=",    "Z===",
                                        "Zh==", "Zm9=", "Zg==Zg==",    "Zm8=Zm9v", "Zm9*", "Zm9v&#10;",
                                        "Zm9-", "Zm9_", "Zm\xc3\xa9v", "Zg=A"};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        for (size_t piece = 1; piece < 6; piece++) {
            uint8_t bytes[64];
            size_t size;
            assert_false(decode(cases[i], piece, bytes, &size));
        }
    }
}

static void base64_tells_the_character_at_fault(void **state) {
    (void)state;
    io_base64 base64 = {0};
    uint8_t bytes[IO_BASE64_BYTES(8)];
    size_t size, position;
    assert_false(io_base64_add(&base64, bytes, &size, "Zm9vZ?==", 8, &position));
    assert_int_equal(position, 5);
}

/* --- MS-Numpress --- */

typedef struct numpress_case {
    io_numpress way;
    size_t size;
    const char *bytes;
    io_numpress_result result;
    size_t count;
    double values[4];
} numpress_case;

#define FACTOR "\x40\x30\0\0\0\0\0\0" /* 16 */

static void numpress_reads_numbers_and_refuses_what_is_cut_short(void **state) {
    (void)state;
    static const numpress_case cases[] = {
        {IO_NUMPRESS_PIC, 0, "", IO_NUMPRESS_DONE, 0, {0}},
        {IO_NUMPRESS_PIC, 1, "\x88", IO_NUMPRESS_DONE, 2, {0, 0}},
        {IO_NUMPRESS_PIC, 1, "\x75", IO_NUMPRESS_DONE, 1, {5}},
        {IO_NUMPRESS_PIC, 3, "\x61\x28\x75", IO_NUMPRESS_DONE, 3, {33, 0, 5}},
        {IO_NUMPRESS_PIC, 3, "\x61\x28\x80", IO_NUMPRESS_DONE, 3, {33, 0, 0}},
        {IO_NUMPRESS_PIC, 5, "\x0f\xff\xff\xff\xf0", IO_NUMPRESS_DONE, 1, {4294967295}},
        {IO_NUMPRESS_PIC, 1, "\x6f", IO_NUMPRESS_BAD, 0, {0}},
        {IO_NUMPRESS_LINEAR, 7, FACTOR, IO_NUMPRESS_BAD, 0, {0}},
        {IO_NUMPRESS_LINEAR, 8, FACTOR, IO_NUMPRESS_DONE, 0, {0}},
        {IO_NUMPRESS_LINEAR, 11, FACTOR "\x10\0\0", IO_NUMPRESS_BAD, 0, {0}},
        {IO_NUMPRESS_LINEAR, 12, FACTOR "\x18\0\0\0", IO_NUMPRESS_DONE, 1, {1.5}},
        {IO_NUMPRESS_LINEAR, 15, FACTOR "\x18\0\0\0\x20\0\0", IO_NUMPRESS_BAD, 0, {0}},
        {IO_NUMPRESS_LINEAR, 16, FACTOR "\x18\0\0\0\x20\0\0\0", IO_NUMPRESS_DONE, 2, {1.5, 2}},
        {IO_NUMPRESS_LINEAR, 18, FACTOR "\x18\0\0\0\x20\0\0\0\x8f\x80", IO_NUMPRESS_DONE, 4, {1.5, 2, 2.5, 2.5}},
        {IO_NUMPRESS_LINEAR, 17, FACTOR "\x20\0\0\0\x08\0\0\0\x80", IO_NUMPRESS_BAD, 0, {0}}, /* below 0 */
        {IO_NUMPRESS_LINEAR, 12, "\x80\0\0\0\0\0\0\0\1\0\0\0", IO_NUMPRESS_BAD, 0, {0}},      /* no factor */
        {IO_NUMPRESS_LINEAR, 12, "\x7f\xf0\0\0\0\0\0\0\1\0\0\0", IO_NUMPRESS_BAD, 0, {0}},
        {IO_NUMPRESS_SLOF, 8, FACTOR, IO_NUMPRESS_DONE, 0, {0}},
        {IO_NUMPRESS_SLOF, 9, FACTOR "\1", IO_NUMPRESS_BAD, 0, {0}},
        {IO_NUMPRESS_SLOF, 10, FACTOR "\0\0", IO_NUMPRESS_DONE, 1, {0}},
        {IO_NUMPRESS_SLOF, 10, FACTOR "\xff\xff", IO_NUMPRESS_BAD, 0, {0}}, /* e to the power of 4096 */
        {IO_NUMPRESS_PIC, 3, "\x88\x88\x80", IO_NUMPRESS_TOO_MANY, 4, {0, 0, 0, 0}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        base_vector values;
        base_vector_init(&values, sizeof(double), NULL);
        io_numpress_result result =
            io_numpress_decode(&values, cases[i].way, (const uint8_t *)cases[i].bytes, cases[i].size, 4);
        if (result != cases[i].result) print_message("case %zu\n", i);
        assert_int_equal(result, cases[i].result);
        if (result != IO_NUMPRESS_BAD) {
            assert_int_equal(values.count, cases[i].count);
            const double *found = values.data;
            for (size_t j = 0; j < cases[i].count; j++) assert_true(found[j] == cases[i].values[j]);
        }
        base_vector_free(&values);
    }
}

/* e, e², … as published; within four units of the last digit. */
static void numpress_exponentials_are_those_of_the_mathematicians(void **state) {
    (void)state;
    static const double powers[] = {2.718281828459045, 7.38905609893065, 20.085536923187668, 54.598150033144236};
    static const char bytes[] = FACTOR "\x10\0\x20\0\x30\0\x40";
    base_vector values;
    base_vector_init(&values, sizeof(double), NULL);
    assert_int_equal(io_numpress_decode(&values, IO_NUMPRESS_SLOF, (const uint8_t *)bytes, 16, 4), IO_NUMPRESS_DONE);
    const double *found = values.data;
    for (size_t i = 0; i < 4; i++) {
        double difference = found[i] - (powers[i] - 1);
        assert_true(difference < 1e-15 * powers[i] && difference > -1e-15 * powers[i]);
    }
    base_vector_free(&values);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_reads_what_rfc_4648_gives_as_examples),
        cmocka_unit_test(base64_refuses_all_else),
        cmocka_unit_test(base64_tells_the_character_at_fault),
        cmocka_unit_test(numpress_reads_numbers_and_refuses_what_is_cut_short),
        cmocka_unit_test(numpress_exponentials_are_those_of_the_mathematicians),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
