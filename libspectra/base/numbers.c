/* SPDX-License-Identifier: Apache-2.0 */
/* Decimal text to double and back, exactly. Knows cursors and text; asks the C library for nothing but memcpy.
   Short paths serve the numbers that files are full of; all else goes through big integers of bounded size.
   Subnormals are never touched by floating point, so flush-to-zero cannot change an answer. */
#include "base/numbers.h"

#include <assert.h>
#include <float.h>
#include <string.h>

#include "base/fixed.h"

#define FRACTION_BITS 52
#define HIDDEN_BIT (UINT64_C(1) << FRACTION_BITS)
#define SIGN_BIT (UINT64_C(1) << 63)
#define INFINITY_BITS (UINT64_C(2047) << FRACTION_BITS)
/* Of the last bit of a subnormal. */
#define LEAST_EXPONENT (-1074)

/* 10^22 is the greatest power of ten that a double holds exactly. */
#define EXACT_POWERS 23
static const double power_of_ten[EXACT_POWERS] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

uint64_t base_double_bits(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

double base_double_from_bits(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Bits up to the highest one set: 0 for 0, 64 for 2^63. */
static int32_t bit_length(uint64_t x) {
    int32_t length = 0;
    for (int32_t step = 32; step > 0; step /= 2) {
        if (x >> step) {
            x >>= step;
            length += step;
        }
    }
    return length + (int32_t)x;
}

/* A finite magnitude taken apart: significand × 2^exponent. */
typedef struct binary {
    uint64_t significand;
    int32_t exponent;
} binary;

static binary binary_of(uint64_t magnitude) {
    uint64_t fraction = magnitude & (HIDDEN_BIT - 1);
    int32_t biased = (int32_t)(magnitude >> FRACTION_BITS);
    if (biased == 0) return (binary){fraction, LEAST_EXPONENT};
    return (binary){fraction | HIDDEN_BIT, biased - 1 + LEAST_EXPONENT};
}

/* The bits of the double nearest to significand × 2^exponent, plus less than a unit of the significand if `more`; it
   has at least 55 bits then, so that what is rounded off is wider than that unit. Not for 0. False beyond the range. */
static bool round_to_double(uint64_t *bits, uint64_t significand, bool more, int32_t exponent) {
    int32_t shift = 64 - bit_length(significand);
    significand <<= shift;
    exponent -= shift;
    int32_t drop = exponent + 11 < LEAST_EXPONENT ? LEAST_EXPONENT - exponent : 11;
    if (drop > 64) {
        *bits = 0;
        return true;
    }
    uint64_t kept = significand >> (drop - 1) >> 1;
    uint64_t rest = significand << (64 - drop);
    uint64_t half = SIGN_BIT;
    if (rest > half || (rest == half && (more || (kept & 1)))) kept++;
    /* The hidden bit, and a carry out of the fraction, add themselves to the exponent. */
    *bits = ((uint64_t)(exponent + drop - LEAST_EXPONENT) << FRACTION_BITS) + kept;
    return *bits < INFINITY_BITS;
}

/* --- Big integers ---------------------------------------------------------------------------------------------- */

/* The widest are 5^1428 and 1100 digits, times a few: under 3,800 bits. No leading zero limbs. */
#define BIG_LIMBS 128
typedef struct big {
    uint32_t limb[BIG_LIMBS]; /* lowest first */
    int32_t size;
} big;

static void big_push(big *n, uint32_t limb) {
    assert(n->size < BIG_LIMBS);
    n->limb[n->size++] = limb;
}

static void big_set(big *n, uint64_t value) {
    n->size = 0;
    for (; value > 0; value >>= 32) big_push(n, (uint32_t)value);
}

static void big_multiply_add(big *n, uint32_t factor, uint32_t addend) {
    uint64_t carry = addend;
    for (int32_t i = 0; i < n->size; i++) {
        carry += (uint64_t)n->limb[i] * factor;
        n->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry > 0) big_push(n, (uint32_t)carry);
}

static void big_multiply_power_of_five(big *n, int32_t power) {
    for (; power >= 13; power -= 13) big_multiply_add(n, 1220703125, 0);
    uint32_t rest = 1;
    for (; power > 0; power--) rest *= 5;
    big_multiply_add(n, rest, 0);
}

static void big_shift_left(big *n, int32_t bits) {
    int32_t limbs = bits / 32;
    if (n->size == 0) return;
    big_multiply_add(n, UINT32_C(1) << bits % 32, 0);
    if (limbs == 0) return;
    assert(n->size + limbs <= BIG_LIMBS);
    memmove(n->limb + limbs, n->limb, (size_t)n->size * sizeof *n->limb);
    memset(n->limb, 0, (size_t)limbs * sizeof *n->limb);
    n->size += limbs;
}

static void big_multiply_power_of_ten(big *n, int32_t power) {
    big_multiply_power_of_five(n, power);
    big_shift_left(n, power);
}

static int32_t big_bit_length(const big *n) {
    return n->size == 0 ? 0 : 32 * (n->size - 1) + bit_length(n->limb[n->size - 1]);
}

/* Negative, 0 or positive as a is less than, equal to or greater than b. */
static int big_compare(const big *a, const big *b) {
    if (a->size != b->size) return a->size < b->size ? -1 : 1;
    for (int32_t i = a->size - 1; i >= 0; i--) {
        if (a->limb[i] != b->limb[i]) return a->limb[i] < b->limb[i] ? -1 : 1;
    }
    return 0;
}

/* a -= b for a >= b. */
static void big_subtract(big *a, const big *b) {
    uint64_t borrow = 0;
    for (int32_t i = 0; i < a->size; i++) {
        uint64_t difference = (uint64_t)a->limb[i] - (i < b->size ? b->limb[i] : 0) - borrow;
        a->limb[i] = (uint32_t)difference;
        borrow = difference >> 63;
    }
    assert(borrow == 0);
    while (a->size > 0 && a->limb[a->size - 1] == 0) a->size--;
}

/* As big_compare, of a + b with c. */
static int big_compare_sum(const big *a, const big *b, const big *c) {
    big sum;
    uint64_t carry = 0;
    sum.size = 0;
    for (int32_t i = 0; i < a->size || i < b->size || carry > 0; i++) {
        carry += (uint64_t)(i < a->size ? a->limb[i] : 0) + (i < b->size ? b->limb[i] : 0);
        big_push(&sum, (uint32_t)carry);
        carry >>= 32;
    }
    return big_compare(&sum, c);
}

/* floor(n × 2^63 / m) for two of the same bit length; *more where there is a remainder. */
static uint64_t big_divide(big *n, const big *m, bool *more) {
    uint64_t quotient = 0;
    for (int i = 0; i < 64; i++) {
        bool fits = big_compare(n, m) >= 0;
        if (fits) big_subtract(n, m);
        quotient = quotient << 1 | fits;
        big_multiply_add(n, 2, 0);
    }
    *more = n->size > 0;
    return quotient;
}

/* --- Reading --------------------------------------------------------------------------------------------------- */

/* A number as it was written: its digits × 10^exponent. */
typedef struct decimal {
    const uint8_t *first, *end; /* the digits, perhaps with one '.' among them */
    size_t digit_count;
    uint64_t significand; /* of the digits; exact up to 19 of them */
    int32_t exponent;
    bool negative;
} decimal;

static bool is_digit(uint8_t c) {
    return c >= '0' && c <= '9';
}

static const uint8_t *read_digits(const uint8_t *p, const uint8_t *end, uint64_t *value) {
    uint64_t v = *value;
    for (; p < end && is_digit(*p); p++) v = v * 10 + (uint64_t)(*p - '0');
    *value = v;
    return p;
}

static const uint8_t *read_sign(const uint8_t *p, const uint8_t *end, bool *negative) {
    *negative = p < end && *p == '-';
    return p < end && (*p == '-' || *p == '+') ? p + 1 : p;
}

/* Reads "e-12" if it stands there, and moves not at all if not. An exponent beyond any double is cut to one that is
   still beyond. */
static const uint8_t *read_exponent(const uint8_t *p, const uint8_t *end, int32_t *exponent) {
    *exponent = 0;
    if (p == end || (*p != 'e' && *p != 'E')) return p;
    bool negative;
    const uint8_t *digits = read_sign(p + 1, end, &negative);
    const uint8_t *q = digits;
    int32_t value = 0;
    for (; q < end && is_digit(*q); q++) {
        if (value < 10000) value = value * 10 + (*q - '0');
    }
    if (q == digits) return p;
    *exponent = negative ? -value : value;
    return q;
}

/* Where the number at p ends, or NULL where there is none. */
static const uint8_t *read_decimal(decimal *number, const uint8_t *p, const uint8_t *end) {
    const uint8_t *start = p;
    number->significand = 0;
    number->first = read_sign(p, end, &number->negative);
    p = read_digits(number->first, end, &number->significand);
    number->digit_count = (size_t)(p - number->first);
    size_t decimals = 0;
    if (p < end && *p == '.') {
        const uint8_t *fraction = p + 1;
        p = read_digits(fraction, end, &number->significand);
        decimals = (size_t)(p - fraction);
        number->digit_count += decimals;
    }
    if (number->digit_count == 0 || number->digit_count > BASE_NUMBER_MAX) return NULL;
    number->end = p;
    p = read_exponent(p, end, &number->exponent);
    number->exponent -= (int32_t)decimals;
    return p - start <= BASE_NUMBER_MAX ? p : NULL;
}

/* Asked at run time, for any code of the process can have changed it: 1 ± the least normal double is 1 in no other
   mode. */
static bool rounds_to_nearest(void) {
    static const volatile double least = DBL_MIN;
    double tiny = least;
    return FLT_EVAL_METHOD == 0 && 1 + tiny == 1 - tiny;
}

/* Two exact doubles and one operation: correctly rounded by the CPU (Clinger 1990). */
static bool short_value(double *value, const decimal *number) {
    if (number->digit_count > 19 || number->significand > 2 * HIDDEN_BIT || !rounds_to_nearest()) return false;
    if (number->exponent < 0 && number->exponent > -EXACT_POWERS) {
        *value = (double)number->significand / power_of_ten[-number->exponent];
        return true;
    }
    if (number->exponent >= 0 && number->exponent < EXACT_POWERS) {
        *value = (double)number->significand * power_of_ten[number->exponent];
        return true;
    }
    return false;
}

/* Up to 19 digits over a power of ten whose odd part fits 64 bits: one wide division. */
static bool medium_value(uint64_t *bits, const decimal *number) {
    if (number->digit_count > 19 || number->significand == 0) return false;
    if (number->exponent > 0 || number->exponent < -27) return false;
    uint64_t divisor = 1;
    for (int32_t i = 0; i < -number->exponent; i++) divisor *= 5;
    int32_t up = 64 - bit_length(number->significand), divisor_up = 64 - bit_length(divisor);
    uint64_t dividend = number->significand << up;
    divisor <<= divisor_up;
    uint64_t quotient = base_multiply_divide(dividend, SIGN_BIT, divisor);
    bool more = (dividend << 63) != quotient * divisor; /* modulo 2^64: the remainder is smaller than that */
    return round_to_double(bits, quotient, more, number->exponent - 63 - up + divisor_up);
}

/* The digits as a big integer; returns how many there are without leading zeros. */
static int32_t big_read(big *n, const decimal *number) {
    uint32_t chunk = 0, scale = 1;
    int32_t count = 0;
    n->size = 0;
    for (const uint8_t *p = number->first; p < number->end; p++) {
        if (*p == '.') continue;
        chunk = chunk * 10 + (uint32_t)(*p - '0');
        scale *= 10;
        if (count > 0 || *p != '0') count++;
        if (scale == 1000000000) {
            big_multiply_add(n, scale, chunk);
            chunk = 0;
            scale = 1;
        }
    }
    big_multiply_add(n, scale, chunk);
    return count;
}

/* Any number, times a factor of 1 to 10^4, by exact division. */
static bool long_value(uint64_t *bits, const decimal *number, uint32_t factor) {
    big n, m;
    int32_t magnitude = big_read(&n, number) + number->exponent;
    *bits = 0;
    /* 10^(magnitude − 1) <= value < 10^magnitude, against 1.8e308 and half of 5e-324 over the greatest factor */
    if (n.size == 0 || magnitude < -327) return true;
    if (magnitude > 309) return false;
    big_multiply_add(&n, factor, 0);
    big_set(&m, 1);
    if (number->exponent < 0) {
        big_multiply_power_of_five(&m, -number->exponent);
    } else {
        big_multiply_power_of_five(&n, number->exponent);
    }
    int32_t shift = big_bit_length(&n) - big_bit_length(&m);
    big_shift_left(shift < 0 ? &n : &m, shift < 0 ? -shift : shift);
    bool more;
    uint64_t quotient = big_divide(&n, &m, &more);
    return round_to_double(bits, quotient, more, number->exponent + shift - 63);
}

/* What files are full of, "69.044725": up to 15 digits, no sign, no exponent. Two exact doubles and one division, as in
   short_value. False, and nothing moved, where it is anything else. */
static bool parse_plain(base_cursor *cursor, double *value) {
    const uint8_t *start = cursor->bytes + cursor->position, *end = cursor->bytes + cursor->size;
    uint64_t significand = 0;
    const uint8_t *p = read_digits(start, end, &significand);
    ptrdiff_t digits = p - start, decimals = 0;
    if (digits == 0) return false;
    if (p < end && *p == '.') {
        const uint8_t *fraction = p + 1;
        p = read_digits(fraction, end, &significand);
        decimals = p - fraction;
    }
    if (digits + decimals > 15 || (p < end && (*p == 'e' || *p == 'E')) || !rounds_to_nearest()) return false;
    *value = (double)significand / power_of_ten[decimals];
    cursor->position += (size_t)(p - start);
    return true;
}

bool base_parse_double(base_cursor *cursor, double *value) {
    return parse_plain(cursor, value) || base_parse_scaled(cursor, 1, value);
}

bool base_parse_scaled(base_cursor *cursor, uint32_t factor, double *value) {
    assert(factor >= 1 && factor <= 10000);
    const uint8_t *start = cursor->bytes + cursor->position;
    decimal number;
    const uint8_t *end = read_decimal(&number, start, cursor->bytes + cursor->size);
    if (!end) return false;
    if (factor != 1 || !short_value(value, &number)) {
        uint64_t bits;
        bool medium = factor == 1 && medium_value(&bits, &number);
        if (!medium && !long_value(&bits, &number, factor)) return false;
        *value = base_double_from_bits(bits);
    }
    if (number.negative) *value = base_double_from_bits(base_double_bits(*value) | SIGN_BIT);
    cursor->position += (size_t)(end - start);
    return true;
}

bool base_parse_unsigned(base_cursor *cursor, uint64_t *value) {
    uint64_t v = 0;
    size_t p = cursor->position;
    for (; p < cursor->size && is_digit(cursor->bytes[p]); p++) {
        uint64_t digit = (uint64_t)(cursor->bytes[p] - '0');
        if (v > (UINT64_MAX - digit) / 10) return false;
        v = v * 10 + digit;
    }
    if (p == cursor->position) return false;
    cursor->position = p;
    *value = v;
    return true;
}

/* --- Writing --------------------------------------------------------------------------------------------------- */

/* d.ddd × 10^exponent, no trailing zeros. */
typedef struct digits {
    char text[20];
    size_t count;
    int32_t exponent;
} digits;

/* Up to 14 or 15 digits, read off an integer that reads back to the same double. No two decimals of 15 digits share a
   double, so it is the only one, and without its trailing zeros the shortest. The product and the value each are off
   by less than an eighth, so the integer is right if there is one; the exact division proves it. */
static bool short_digits(digits *out, uint64_t magnitude) {
    int32_t length = (int32_t)(magnitude >> FRACTION_BITS) - 1022; /* value < 2^length */
    if (length < -23 || length > 49 || !rounds_to_nearest()) return false;
    int32_t decimals = (49 - length) * 1233 / 4096; /* value × 10^decimals < 2^49 */
    double value = base_double_from_bits(magnitude);
    uint64_t n = (uint64_t)(value * power_of_ten[decimals] + 0.5);
    if (base_double_bits((double)n / power_of_ten[decimals]) != magnitude) return false;
    while (n % 10 == 0) {
        n /= 10;
        decimals--;
    }
    base_text text;
    base_text_init(&text, out->text, sizeof out->text);
    base_text_unsigned(&text, n);
    out->count = text.size;
    out->exponent = (int32_t)text.size - 1 - decimals;
    return true;
}

/* A value between its neighbours, all over one denominator: every decimal closer than half a gap reads back. */
typedef struct interval {
    big value, below, above, denominator; /* `below` and `above` are the half gaps */
    bool inclusive;                       /* an even significand wins its ties */
} interval;

static void interval_scale(interval *v, int32_t power) {
    big_multiply_power_of_ten(&v->value, power);
    big_multiply_power_of_ten(&v->below, power);
    big_multiply_power_of_ten(&v->above, power);
}

/* Sets value / denominator to magnitude / 10^exponent, from 1 to below 10; returns the exponent. */
static int32_t interval_set(interval *v, uint64_t magnitude) {
    binary b = binary_of(magnitude);
    int32_t up = b.exponent > 0 ? b.exponent : 0;
    /* Below a power of two the gap is half as wide, but not at the subnormals. */
    bool narrow = b.significand == HIDDEN_BIT && b.exponent > LEAST_EXPONENT;
    big_set(&v->value, 4 * b.significand);
    big_set(&v->below, narrow ? 1 : 2);
    big_set(&v->above, 2);
    big_set(&v->denominator, 4);
    big_shift_left(&v->value, up);
    big_shift_left(&v->below, up);
    big_shift_left(&v->above, up);
    big_shift_left(&v->denominator, up - b.exponent);
    v->inclusive = (b.significand & 1) == 0;
    /* log10(2) in Q18: the decimal exponent, or one or two more */
    int32_t exponent = (bit_length(b.significand) + b.exponent) * 78913 / 262144;
    if (exponent > 0) big_multiply_power_of_ten(&v->denominator, exponent);
    if (exponent < 0) interval_scale(v, -exponent);
    for (; big_compare(&v->value, &v->denominator) < 0; exponent--) interval_scale(v, 1);
    return exponent;
}

/* Takes the next digit off the value. */
static int interval_digit(interval *v) {
    int digit = 0;
    for (; big_compare(&v->value, &v->denominator) >= 0; digit++) big_subtract(&v->value, &v->denominator);
    return digit;
}

/* Any magnitude but 0: digits until the decimal below or the one above reads back, then the nearer of those that do,
   the even one of a tie (Steele & White 1990). */
static void long_digits(digits *out, uint64_t magnitude) {
    interval v;
    out->exponent = interval_set(&v, magnitude);
    out->count = 0;
    for (;;) {
        int digit = interval_digit(&v);
        int to_below = big_compare(&v.value, &v.below);
        int to_above = big_compare_sum(&v.value, &v.above, &v.denominator);
        bool down = to_below < 0 || (to_below == 0 && v.inclusive);
        bool up = to_above > 0 || (to_above == 0 && v.inclusive);
        int to_middle = big_compare_sum(&v.value, &v.value, &v.denominator);
        if (up && (!down || to_middle > 0 || (to_middle == 0 && digit % 2 == 1))) digit++;
        if (digit == 10) { /* only the first digit can be one */
            digit = 1;
            out->exponent++;
        }
        out->text[out->count++] = (char)('0' + digit);
        if (down || up) return;
        interval_scale(&v, 1);
    }
}

static void add_zeros(base_text *text, int32_t count) {
    for (; count > 0; count--) base_text_add(text, "0", 1);
}

/* "0.001", "1.5", "1500" */
static void add_plain(base_text *text, const digits *number) {
    int32_t whole = number->exponent + 1, count = (int32_t)number->count;
    if (whole <= 0) {
        base_text_string(text, "0.");
        add_zeros(text, -whole);
        base_text_add(text, number->text, number->count);
    } else if (whole >= count) {
        base_text_add(text, number->text, number->count);
        add_zeros(text, whole - count);
    } else {
        base_text_add(text, number->text, (size_t)whole);
        base_text_add(text, ".", 1);
        base_text_add(text, number->text + whole, (size_t)(count - whole));
    }
}

/* "1.5e-7", "2e21" */
static void add_scientific(base_text *text, const digits *number) {
    base_text_add(text, number->text, 1);
    if (number->count > 1) {
        base_text_add(text, ".", 1);
        base_text_add(text, number->text + 1, number->count - 1);
    }
    base_text_string(text, number->exponent < 0 ? "e-" : "e");
    base_text_unsigned(text, (uint64_t)(number->exponent < 0 ? -number->exponent : number->exponent));
}

void base_text_double(base_text *text, double value) {
    uint64_t bits = base_double_bits(value), magnitude = bits & ~SIGN_BIT;
    assert(magnitude < INFINITY_BITS);
    if (bits & SIGN_BIT) base_text_add(text, "-", 1);
    if (magnitude == 0) {
        base_text_add(text, "0", 1);
        return;
    }
    digits number;
    if (!short_digits(&number, magnitude)) long_digits(&number, magnitude);
    if (number.exponent >= -6 && number.exponent <= 20) {
        add_plain(text, &number);
    } else {
        add_scientific(text, &number);
    }
}

void base_text_fixed(base_text *text, int64_t value, unsigned decimals) {
    assert(decimals < 20);
    char reversed[24], out[24];
    size_t size = 0;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    for (unsigned digit = 0; rest > 0 || digit <= decimals; digit++) {
        if (digit == decimals && decimals > 0) reversed[size++] = '.';
        reversed[size++] = (char)('0' + rest % 10);
        rest /= 10;
    }
    if (value < 0) reversed[size++] = '-';
    for (size_t i = 0; i < size; i++) out[i] = reversed[size - 1 - i];
    base_text_add(text, out, size);
}

double base_from_micro(uint32_t micro) {
    decimal number = {.significand = micro, .digit_count = 10, .exponent = -6};
    uint64_t bits = 0;
    double value;
    if (short_value(&value, &number)) return value;
    medium_value(&bits, &number);
    return base_double_from_bits(bits);
}

int64_t base_micro(double value) {
    uint64_t bits = base_double_bits(value);
    binary b = binary_of(bits & ~SIGN_BIT);
    assert(b.exponent <= -9);
    /* significand × 10^6 = high × 2^32 + low */
    uint64_t low = (b.significand & UINT32_MAX) * 1000000;
    uint64_t high = (b.significand >> 32) * 1000000 + (low >> 32);
    low &= UINT32_MAX;
    int32_t shift = -b.exponent - 1; /* leaves twice the result */
    uint64_t twice = 0;
    if (shift < 32) {
        twice = high << (32 - shift) | low >> shift;
    } else if (shift < 96) {
        twice = high >> (shift - 32);
    }
    int64_t rounded = (int64_t)((twice + 1) / 2);
    return bits & SIGN_BIT ? -rounded : rounded;
}
