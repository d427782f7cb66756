/* SPDX-License-Identifier: Apache-2.0 */
/* Whole numbers are of half bytes: a head, then the digits from the lowest. A head up to 8 says how many leading zero
   digits of eight are left out, one above it how many leading ones (0xf) beyond 8. The lower half of a byte comes last.
 */
#include "io/numpress.h"

#include "base/bytes.h"
#include "base/numbers.h"

#define EXACT_INTEGERS (INT64_C(1) << 53)
#define LARGEST_EXPONENT 709

/* --- Half bytes --- */

typedef struct halves {
    const uint8_t *bytes;
    size_t count; /* of half bytes */
    size_t position;
} halves;

static bool next_half(halves *in, uint32_t *half) {
    if (in->position == in->count) return false;
    uint8_t byte = in->bytes[in->position / 2];
    *half = in->position % 2 == 0 ? byte >> 4 : byte & 0xf;
    in->position++;
    return true;
}

/* Whether no number is left: a last half of zero fills the byte up. */
static bool at_end(const halves *in) {
    if (in->position == in->count) return true;
    return in->position + 1 == in->count && (in->bytes[in->position / 2] & 0xf) == 0;
}

static bool next_integer(halves *in, int32_t *value) {
    uint32_t head, digit, bits = 0;
    if (!next_half(in, &head)) return false;
    uint32_t left_out = head <= 8 ? head : head - 8;
    if (head > 8) bits = ~(UINT32_MAX >> 4 * left_out);
    for (uint32_t i = 0; i < 8 - left_out; i++) {
        if (!next_half(in, &digit)) return false;
        bits |= digit << 4 * i;
    }
    *value = bits <= INT32_MAX ? (int32_t)bits : (int32_t)((int64_t)bits - (INT64_C(1) << 32));
    return true;
}

/* --- The three ways --- */

static io_numpress_result add(base_vector *values, double value, uint64_t max_count) {
    if (values->count >= max_count) return IO_NUMPRESS_TOO_MANY;
    return base_vector_append(values, &value, 1) ? IO_NUMPRESS_DONE : IO_NUMPRESS_NO_MEMORY;
}

/* The factor in front, eight bytes of a double from the highest: positive and finite. */
static bool read_factor(const uint8_t *bytes, size_t size, double *factor) {
    uint64_t bits = 0;
    if (size < 8) return false;
    for (size_t i = 0; i < 8; i++) bits = bits << 8 | bytes[i];
    *factor = base_double_from_bits(bits);
    return bits >> 52 > 0 && bits >> 52 < 0x7ff;
}

/* Factor, then the first two numbers of 32 bits each, then the differences. */
static io_numpress_result decode_linear(base_vector *values, const uint8_t *bytes, size_t size, uint64_t max_count) {
    double factor;
    if (!read_factor(bytes, size, &factor)) return IO_NUMPRESS_BAD;
    if (size != 8 && size != 12 && size < 16) return IO_NUMPRESS_BAD;
    int64_t last[2] = {0, 0};
    io_numpress_result result = IO_NUMPRESS_DONE;
    for (size_t i = 0; i < 2 && 12 + 4 * i <= size && result == IO_NUMPRESS_DONE; i++) {
        last[0] = last[1];
        last[1] = (int64_t)base_get32(bytes + 8 + 4 * i);
        result = add(values, (double)last[1] / factor, max_count);
    }
    halves in = {bytes + 16, size > 16 ? 2 * (size - 16) : 0, 0};
    while (result == IO_NUMPRESS_DONE && !at_end(&in)) {
        int32_t difference;
        if (!next_integer(&in, &difference)) return IO_NUMPRESS_BAD;
        int64_t next = 2 * last[1] - last[0] + difference;
        if (next < 0 || next > EXACT_INTEGERS) return IO_NUMPRESS_BAD;
        last[0] = last[1];
        last[1] = next;
        result = add(values, (double)next / factor, max_count);
    }
    return result;
}

static io_numpress_result decode_pic(base_vector *values, const uint8_t *bytes, size_t size, uint64_t max_count) {
    halves in = {bytes, 2 * size, 0};
    io_numpress_result result = IO_NUMPRESS_DONE;
    while (result == IO_NUMPRESS_DONE && !at_end(&in)) {
        int32_t value;
        if (!next_integer(&in, &value)) return IO_NUMPRESS_BAD;
        result = add(values, (double)(uint32_t)value, max_count);
    }
    return result;
}

/* e to the power of x, 0 ≤ x ≤ LARGEST_EXPONENT, to a few units of the last digit, the same on every machine: the
   library's is not. x = k·ln 2 + r, |r| ≤ ln 2 / 2, and the series of r. */
static double exponential(double x) {
    static const double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
    uint64_t k = (uint64_t)(x * 1.4426950408889634 + 0.5);
    double r = (x - (double)k * ln2_high) - (double)k * ln2_low, sum = 1;
    for (int i = 14; i > 0; i--) sum = 1 + sum * r / i;
    return sum * base_double_from_bits((k + 1023) << 52);
}

static io_numpress_result decode_slof(base_vector *values, const uint8_t *bytes, size_t size, uint64_t max_count) {
    double factor;
    if (!read_factor(bytes, size, &factor) || size % 2 != 0) return IO_NUMPRESS_BAD;
    io_numpress_result result = IO_NUMPRESS_DONE;
    for (size_t at = 8; at < size && result == IO_NUMPRESS_DONE; at += 2) {
        double exponent = base_get16(bytes + at) / factor;
        if (exponent > LARGEST_EXPONENT) return IO_NUMPRESS_BAD;
        result = add(values, exponential(exponent) - 1, max_count);
    }
    return result;
}

io_numpress_result io_numpress_decode(base_vector *values, io_numpress way, const uint8_t *bytes, size_t size,
                                      uint64_t max_count) {
    if (size == 0) return IO_NUMPRESS_DONE;
    switch (way) {
    case IO_NUMPRESS_LINEAR:
        return decode_linear(values, bytes, size, max_count);
    case IO_NUMPRESS_PIC:
        return decode_pic(values, bytes, size, max_count);
    default:
        return decode_slof(values, bytes, size, max_count);
    }
}
