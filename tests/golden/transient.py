#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Transients in double precision and exact fractions, written from the formulas and not from the C code.

    transient.py            writes the facts: seeded transients, what is found in them, windows, fits
    transient.py --check F  exit status 1 unless F is that output, byte for byte

A line is one of
    transient TAB window TAB beta TAB terms TAB samples TAB noise TAB every 7th amplitude TAB peaks as bin:amplitude
    window    TAB window TAB beta TAB correlation of terms 1/2 and 1 bin apart TAB rms error of a vertex, in bins
    lobes     TAB window TAB beta TAB decay TAB maxima as distance:height
    fit       TAB analyser TAB ions as mz:frequency:error TAB a TAB b TAB variances of a and b TAB covariance TAB rms ppm
Fourier transforms are sums, term by term. Standard library only."""
import cmath
import fractions
import io
import math
import random
import statistics
import sys

COUNT, TERMS = 300, 600
WINDOWS = (("hann", 0), ("kaiser", 10), ("kaiser", 5), ("none", 0))


def bessel(x):
    """I0 by its power series."""
    return math.fsum((x / 2) ** (2 * k) / math.factorial(k) ** 2 for k in range(60))


def weights(window, beta, count):
    """At the middles of the intervals."""
    middles = [(2 * i + 1) / count - 1 for i in range(count)]  # -1 to 1
    if window == "hann":
        return [0.5 + 0.5 * math.cos(math.pi * x) for x in middles]
    if window == "kaiser":
        return [bessel(beta * math.sqrt(1 - x * x)) / bessel(beta) for x in middles]
    return [1.0] * count


def term(values, turns):
    """Of the Fourier transform, at so many turns over the length of the values."""
    count = len(values)
    return sum(value * cmath.exp(-2j * math.pi * turns * i / count) for i, value in enumerate(values))


def vertex(a, b, c):
    """Of the parabola through (-1, a), (0, b), (1, c): where, and how high."""
    where = (a - c) / (2 * (a - 2 * b + c))
    return where, b - (a - c) * where / 4


def number(value):
    return f"{value:.8g}"


# ---- transients -----------------------------------------------------------------------------------------------------

def gauss(rng):
    return math.sqrt(-2 * math.log(1 - rng.random())) * math.cos(2 * math.pi * rng.random())


def samples(rng):
    """Three ions far from each other, noise, an offset; whole numbers."""
    ions = [(20 + 40 * k + 10 * rng.random(), 3000 * (k + 1), 2 * math.pi * rng.random()) for k in range(3)]
    return [round(100 + 30 * gauss(rng) + sum(height * math.cos(2 * math.pi * turns * i / COUNT + phase)
                                             for turns, height, phase in ions)) for i in range(COUNT)]


def write_transient(out, rng, window, beta):
    values = samples(rng)
    mean, weight = statistics.fmean(values), weights(window, beta, COUNT)
    weighted = [(value - mean) * w for value, w in zip(values, weight)]
    amplitude = [abs(term(weighted, k * COUNT / TERMS)) * 2 / math.fsum(weight) for k in range(TERMS // 2 + 1)]
    ordered = sorted(amplitude[2:TERMS // 2])
    noise = ordered[(len(ordered) - 1) // 2] / math.sqrt(2 * math.log(2))
    maxima = [k for k in range(2, TERMS // 2) if amplitude[k - 1] < amplitude[k] >= amplitude[k + 1]]
    strongest = sorted(sorted(maxima, key=lambda k: -amplitude[k])[:3])
    peaks = []
    for k in strongest:
        where, height = vertex(*(math.log(amplitude[k + d]) for d in (-1, 0, 1)))
        peaks.append(f"{number(k + where)}:{number(math.exp(height))}")
    print("transient", window, beta, TERMS, ",".join(map(str, values)), number(noise),
          ",".join(map(number, amplitude[::7])), ",".join(peaks), sep="\t", file=out)


# ---- windows --------------------------------------------------------------------------------------------------------

def write_window(out, window, beta):
    weight = weights(window, beta, 400)
    power = math.fsum(w * w for w in weight)
    correlations = [math.fsum(w * w * math.cos(math.pi * bins * ((2 * i + 1) / 400 - 1))
                              for i, w in enumerate(weight)) / power for bins in (0.5, 1)]
    squares = []
    for step in range(-10, 11):
        off = step / 40  # up to half a term
        where, _ = vertex(*(math.log(abs(term(weight, off + d / 2))) for d in (-1, 0, 1)))
        squares.append((where / 2 + off) ** 2)
    print("window", window, beta, *(number(round(value, 8) + 0.0) for value in correlations), number(math.sqrt(statistics.fmean(squares))), sep="\t",
          file=out)


def write_lobes(out, window, beta, decay):
    """Maxima of the transform of an ion that decays, beside its top, up to 40 bins away."""
    weight = [w * math.exp(-decay * (i + 0.5) / 400) for i, w in enumerate(weights(window, beta, 400))]
    heights = [abs(term(weight, k / 8)) for k in range(321)]
    maxima = [f"{k / 8:g}:{number(heights[k] / heights[0])}" for k in range(1, 320)
              if heights[k - 1] < heights[k] >= heights[k + 1]]
    print("lobes", window, beta, decay, ",".join(maxima), sep="\t", file=out)


# ---- fits -----------------------------------------------------------------------------------------------------------

def solve(rows, parameters):
    """Least squares in fractions: (parameters, inverse of the normal matrix, sum of squares)."""
    normal = [[sum(row[i] * row[j] for row in rows) for j in range(parameters)] for i in range(parameters)]
    right = [sum(row[i] * row[-1] for row in rows) for i in range(parameters)]
    if parameters == 1:
        inverse = [[1 / normal[0][0]]]
    else:
        determinant = normal[0][0] * normal[1][1] - normal[0][1] ** 2
        inverse = [[normal[1][1] / determinant, -normal[0][1] / determinant],
                   [-normal[0][1] / determinant, normal[0][0] / determinant]]
    values = [sum(inverse[i][j] * right[j] for j in range(parameters)) for i in range(parameters)]
    rest = sum((row[-1] - sum(row[i] * values[i] for i in range(parameters))) ** 2 for row in rows)
    return values, inverse, rest


def write_fit(out, rng, analyser, count, error):
    """Ions with frequencies that scatter, in 10^-6 Hz; `error` 0: not told."""
    ions, rows, relative = [], [], []
    for _ in range(count):
        mz = fractions.Fraction(round((150 + 1200 * rng.random()) * 10 ** 4), 10 ** 4)
        exact = 1.075e8 / float(mz) - 2.3 if analyser == "icr" else 8.06e6 / math.sqrt(float(mz))
        frequency = fractions.Fraction(round((exact + 0.05 * gauss(rng)) * 10 ** 6), 10 ** 6)
        told = fractions.Fraction(error)
        weight = 1 / (told / frequency * (1 if analyser == "icr" else 2)) if error else fractions.Fraction(1)
        powers = (1, 2) if analyser == "icr" else (2,)
        rows.append([weight / frequency ** power / mz for power in powers] + [weight])
        relative.append(weight)
        ions.append(f"{float(mz)}:{float(frequency)}:{float(told):g}")
    parameters = len(rows[0]) - 1
    values, inverse, rest = solve(rows, parameters)
    scatter = rest / (count - parameters) if count > parameters else fractions.Fraction(1)
    if error:
        scatter = max(scatter, fractions.Fraction(1))
    ppm = sum(((row[-1] - sum(row[i] * values[i] for i in range(parameters))) / w) ** 2
              for row, w in zip(rows, relative)) / count
    two = parameters == 2
    print("fit", analyser, ",".join(ions), f"{float(values[0]):.15g}", f"{float(values[1]) if two else 0:.15g}",
          f"{float(inverse[0][0] * scatter):.15g}", f"{float(inverse[1][1] * scatter) if two else 0:.15g}",
          f"{float(inverse[0][1] * scatter) if two else 0:.15g}", number(math.sqrt(ppm) * 1e6), sep="\t", file=out)


def facts():
    rng, out = random.Random(20261124), io.StringIO()
    for window, beta in WINDOWS:
        write_transient(out, rng, window, beta)
        write_window(out, window, beta)
        for decay in (0, 3):
            if window != "none":
                write_lobes(out, window, beta, decay)
    for analyser, count, error in (("icr", 3, 0), ("icr", 12, 0), ("icr", 2, 0.05), ("icr", 9, 0.01), ("orbitrap", 2, 0),
                                   ("orbitrap", 10, 0), ("orbitrap", 1, 0.05), ("orbitrap", 7, 0.5)):
        write_fit(out, rng, analyser, count, error)
    return out.getvalue()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--check"]:
        with open(sys.argv[2], encoding="utf-8") as file:
            sys.exit(file.read() != facts())
    sys.stdout.write(facts())
