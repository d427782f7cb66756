#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SPLASH of version 10 in plain Python, written from its specification (Wohlgemuth et al. 2016) and independent of the
library. As a program it writes tests/unit/spectrum/splash_facts.h:  splash.py > splash_facts.h"""
import hashlib

EPSILON = 1e-7


def histogram(peaks, digits, bins, width):
    """The intensity in each bin as one digit, 0 to digits - 1; the last bin is followed by the first."""
    sums = [0.0] * bins
    for mz, intensity in peaks:
        sums[int(mz / width) % bins] += intensity
    return "".join(str(int(EPSILON + (digits - 1) * value / max(sums))) for value in sums)


def base36(value):
    figures = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while value:
        value, figure = divmod(value, 36)
        text = figures[figure] + text
    return text.rjust(4, "0")


def splash(peaks):
    """The SPLASH of (m/z, intensity) pairs; None where no intensity is positive."""
    base = max((intensity for _, intensity in peaks), default=0)
    if base <= 0:
        return None
    relative = [(mz, intensity / base * 100) for mz, intensity in peaks]
    strong = sorted((p for p in relative if p[1] + EPSILON >= 10), key=lambda p: (-p[1], p[0]))[:10]
    text = " ".join(f"{int((mz + EPSILON) * 1e6)}:{int(intensity + EPSILON)}"
                    for mz, intensity in sorted(relative, key=lambda p: (p[0], -p[1])))
    return "-".join(("splash10", base36(int(histogram(strong, 3, 10, 5), 3)), histogram(relative, 10, 10, 100),
                     hashlib.sha256(text.encode()).hexdigest()[:20]))


def walk(seed, count, step):
    """Peaks of a multiplicative walk, in ascending m/z, decimals as files have them."""
    peaks, mz = [], 40.0
    for _ in range(count):
        seed = seed * 48271 % 2147483647
        mz = round(mz + seed % step / 1e4, 4)
        peaks.append((mz, round(seed % 99991 / 100, 2)))
    return peaks


CASES = {
    "one peak": [(105.07, 1.0)],
    "nominal": [(77, 75), (91, 83), (105, 128), (146, 552), (189, 318), (245, 999)],
    "another scale": [(77, 0.75), (91, 0.83), (105, 1.28), (146, 5.52), (189, 3.18), (245, 9.99)],
    "at a tenth": [(100, 100), (200, 10), (300, 9.9999999), (400, 9.99)],
    "bins go round": [(50, 40), (999.9, 100), (1000, 80), (1234.5678, 60), (2345.1, 20)],
    "equal m/z": [(105, 1), (105, 7), (105, 3), (146, 7), (146, 7)],
    "more than ten strong": [(50 + 3 * i, 60 + i % 4) for i in range(14)],
    "eleven of one strength": [(50 + 7 * i, 5) for i in range(11)],
    "no intensity beside": [(42.0344, 0), (105.0699, 0.004), (188.1434, 999)],
    "last digits": [(84.08077, 1.2), (105.069876543, 12.5), (188.143353999999, 100), (337.22744, 33.3333333)],
    "large": [(1e-3, 1), (105, 2e300), (4294967.295, 1e300)],
    "walk 1": walk(1, 24, 200000),
    "walk 2": walk(7, 24, 500),
}


def main():
    print("/* SPDX-License-Identifier: Apache-2.0 */")
    print("/* Made by tests/formats/splash.py. */")
    print("static const struct {\n    const char *name;\n    size_t count;\n    double mz[24], intensity[24];")
    print("    const char *splash;\n} splash_facts[] = {")
    for name, peaks in CASES.items():
        columns = ["{" + ", ".join(repr(float(p[i])) for p in peaks) + "}" for i in (0, 1)]
        print(f'    {{"{name}", {len(peaks)}, {columns[0]}, {columns[1]}, "{splash(peaks)}"}},')
    print("};")


if __name__ == "__main__":
    main()
