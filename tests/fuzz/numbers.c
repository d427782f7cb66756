/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers both ways, against those of the C library, which rounds correctly and knows no other locale here:
   - any bytes as a number: what is read is what strtod reads there, to the last bit;
   - the first eight bytes as a double: its text reads back to it, and no shorter text does. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/numbers.h"
#include "fuzz/fuzz.h"

#define MAX_BITS UINT64_C(0x7fefffffffffffff)
#define SIGN_BIT (UINT64_C(1) << 63)
#define FRACTION_BITS (SIGN_BIT - 1 - (UINT64_C(0x7ff) << 52))

static void check_text(const uint8_t *bytes, size_t size) {
    char copy[BASE_NUMBER_MAX + 1];
    double value;
    base_cursor cursor = base_cursor_over(bytes, size);
    if (!base_parse_double(&cursor, &value)) {
        FUZZ_CHECK(cursor.position == 0);
        return;
    }
    FUZZ_CHECK(cursor.position > 0 && cursor.position <= BASE_NUMBER_MAX && cursor.position <= size);
    memcpy(copy, bytes, cursor.position);
    copy[cursor.position] = '\0';
    char *end;
    double expected = strtod(copy, &end);
    FUZZ_CHECK(end == copy + cursor.position);
    FUZZ_CHECK(base_double_bits(value) == base_double_bits(expected));
}

/* Significant digits of a number as it is written: without the zeros in front and, in a whole number, at its end. */
static int count_digits(const char *text) {
    int digits = 0, zeros = 0;
    for (; *text && *text != 'e'; text++) {
        if (!isdigit((unsigned char)*text) || (digits == 0 && *text == '0')) continue;
        zeros = *text == '0' ? zeros + 1 : 0;
        digits++;
    }
    return digits - zeros;
}

/* The nearest number of one digit less is another double. At a power of two the interval that reads back is not
   symmetric and the nearest number not the only one to ask for. */
static void check_shortest(const char *text, uint64_t bits) {
    char shorter[64];
    int digits = count_digits(text);
    if (digits < 2 || (bits & FRACTION_BITS) == 0) return;
    snprintf(shorter, sizeof shorter, "%.*e", digits - 2, base_double_from_bits(bits));
    FUZZ_CHECK(base_double_bits(strtod(shorter, NULL)) != bits);
}

static void check_double(uint64_t bits) {
    char bytes[64];
    base_text text;
    if ((bits & ~SIGN_BIT) > MAX_BITS) return;
    base_text_init(&text, bytes, sizeof bytes);
    base_text_double(&text, base_double_from_bits(bits));
    FUZZ_CHECK(!text.cut && text.size > 0);
    FUZZ_CHECK(base_double_bits(strtod(bytes, NULL)) == bits);
    base_cursor cursor = base_cursor_over(bytes, text.size);
    double back;
    FUZZ_CHECK(base_parse_double(&cursor, &back) && base_cursor_at_end(&cursor));
    FUZZ_CHECK(base_double_bits(back) == bits);
    check_shortest(bytes, bits);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    fuzz_input input = {bytes, size, 0, size};
    check_text(bytes, size);
    check_double(fuzz_take(&input, sizeof(uint64_t)));
    return 0;
}
