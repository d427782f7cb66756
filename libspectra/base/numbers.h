/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers in text, correctly rounded, whatever the locale, the rounding of the C library, the CPU's rounding mode or
   its flush-to-zero. Integer arithmetic only, but for the short paths, whose one operation on normal doubles is exact
   or proved by one that is; they are left alone where the CPU does not round to nearest. */
#ifndef BASE_NUMBERS_H
#define BASE_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/text.h"

/* Longest decimal number that is read, in characters. */
#define BASE_NUMBER_MAX 1100

/* Reads [+-]digits[.digits][(e|E)[+-]digits] ("12", "12.", ".5", "1e-3") at the cursor and moves behind it.
   False, and the cursor unmoved, where there is no number, it is longer than BASE_NUMBER_MAX, or it is beyond the
   range of a double. A number below the range becomes the nearest subnormal or zero. "nan", "inf" and
   hexadecimal are no numbers. The nearest double, ties to even. */
bool base_parse_double(base_cursor *cursor, double *value);

/* The same, times a factor of 1 to 10^4, rounded once: "10.3" times 60 is 618. */
bool base_parse_scaled(base_cursor *cursor, uint32_t factor, double *value);

/* Reads digits at the cursor; false, unmoved, where there are none or the value does not fit. */
bool base_parse_unsigned(base_cursor *cursor, uint64_t *value);

/* Writes the fewest significant digits that read back to the same double, the nearest such (of two alike the even
   one); finite values only.
   Plain notation ("0.001", "123456") for 1e-6 <= |value| < 1e21, else like "1.5e-7". No trailing ".0". "-0" for −0. */
void base_text_double(base_text *text, double value);

/* Writes value / 10^decimals with all its decimals: (1234567, 6) is "1.234567". */
void base_text_fixed(base_text *text, int64_t value, unsigned decimals);

/* value × 10^6 to the nearest integer, ties away from zero; for |value| < 9e12. Exact, integers only: m/z in Th to
   µTh. */
int64_t base_micro(double value);

/* The double nearest to micro / 10^6: µTh to Th. */
double base_from_micro(uint32_t micro);

/* The bits of a double and back. */
uint64_t base_double_bits(double value);
double base_double_from_bits(uint64_t bits);

#endif
