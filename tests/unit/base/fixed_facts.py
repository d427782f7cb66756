#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes fixed_facts.h: logarithms, powers and the digest of the entropy table from Python's decimal arithmetic at 50 digits,
independent of the library's code.  Usage: fixed_facts.py > fixed_facts.h"""
import hashlib
import struct
from decimal import ROUND_HALF_UP, Decimal, getcontext

getcontext().prec = 50
LN2 = Decimal(2).ln()


def lg(x):
    return Decimal(x).ln() / LN2


def fixed(value, bits):
    return int((value * 2**bits).to_integral_value(ROUND_HALF_UP))


def arguments():
    """Small numbers, the neighbours of powers of two, and a multiplicative walk over 64 bits."""
    values = set(range(1, 40))
    for bit in range(5, 64):
        values |= {2**bit - 1, 2**bit, 2**bit + 1}
    x = 41
    while x < 2**64:
        values.add(x)
        x = x * 9 // 8 + 1
    values.add(2**64 - 1)
    return sorted(values)


def main():
    print("/* SPDX-License-Identifier: Apache-2.0 */")
    print("/* Made by fixed_facts.py: what decimal arithmetic of 50 digits gives, rounded. */")
    print("static const struct {\n    uint64_t x, lg_q40;\n} lg_facts[] = {")
    for x in arguments():
        print(f"    {{UINT64_C({x}), UINT64_C({fixed(lg(x), 40)})}},")
    print("};\n")
    print("/* x in Q24, 2^-x in Q40. */")
    print("static const struct {\n    uint64_t x, power_q40;\n} exp2_facts[] = {")
    for x in sorted({0, 1, 2, 2**24 - 1, 2**24, 2**24 + 1, 2**29 - 1} | set(range(3, 2**29, 1234567))):
        print(f"    {{UINT64_C({x}), UINT64_C({fixed((-LN2 * x / 2**24).exp(), 40)})}},")
    print("};\n")
    table = hashlib.sha256()
    for x in range(131072):
        entry = int((x * lg(x) * 256).to_integral_value(ROUND_HALF_UP)) if x else 0
        table.update(struct.pack("<I", entry))
    print("/* SHA-256 of the entropy table as little-endian 32-bit numbers. */")
    print(f'static const char entropy_digest[] = "{table.hexdigest()}";')


main()
