#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The measures in double precision, written from their formulas (libspectra/kernels/README.md) and not from the C code.

    reference.py            writes the facts: seeded spectra and what each pair scores, 9 decimals
    reference.py --check F  exit status 1 unless F is that output, byte for byte

A line is  ei   TAB query TAB reference TAB match_factor reverse similarity root_cosine weighted_cosine ratio common
or         msms TAB precursor query TAB precursor reference TAB entropy matched
with peaks as m/z:intensity. Standard library only."""
import io
import math
import random
import sys

PAIRS = 150


# ---- seeded spectra -------------------------------------------------------------------------------------------------

def number(rng, low, high):
    """An integer in [low, high]; random() alone is the same in every version of Python."""
    return low + int(rng.random() * (high - low + 1))


def intensity(rng):
    return max(1, int(999 * rng.random() ** 4))


def ei_spectrum(rng):
    mz = number(rng, 20, 45)
    peaks = {}
    for _ in range(number(rng, 1, 45)):
        peaks[mz] = intensity(rng)
        mz += number(rng, 1, 6)
    return peaks


def ei_relative(rng, peaks):
    """Another measurement: peaks lost, some new, intensities apart, sometimes a scan that begins later or a zero."""
    out = {}
    start = number(rng, 20, 60) if rng.random() < 0.3 else 0
    for mz, value in peaks.items():
        if rng.random() < 0.8 and mz >= start:
            out[mz] = max(1, int(value * (0.3 + 1.7 * rng.random())))
    for _ in range(number(rng, 0, 8)):
        out[number(rng, 20, 250)] = intensity(rng) // 4
    if not any(out.values()):
        out[100] = 7
    return dict(sorted(out.items()))


def msms_spectrum(rng):
    precursor = number(rng, 1500000, 4500000)  # in 10^-4 Th
    peaks = {}
    for _ in range(number(rng, 2, 40)):
        mz = number(rng, 400000, precursor + 15000)
        peaks[mz] = number(rng, 1, 100000) if rng.random() < 0.5 else number(rng, 1, 3000)
        if rng.random() < 0.2:
            peaks[mz + number(rng, 10, 350)] = number(rng, 1, 60000)
    peaks[number(rng, 400000, precursor - 30000)] = 80000
    return precursor, dict(sorted(peaks.items()))


def msms_relative(rng, precursor, peaks):
    out = {}
    for mz, value in peaks.items():
        if rng.random() < 0.85:
            out[mz + number(rng, -40, 40)] = max(1, int(value * (0.4 + rng.random())))
    for _ in range(number(rng, 0, 6)):
        out[number(rng, 400000, precursor)] = number(rng, 1, 20000)
    out.setdefault(min(peaks), 50000)
    return precursor + number(rng, -20, 20), dict(sorted(out.items()))


# ---- electron ionisation, nominal mass ------------------------------------------------------------------------------

def normalised(peaks):
    """Integers of 999, a half upwards; what rounds to 0 is no peak."""
    top = max(peaks.values())
    scaled = {mz: (2 * 999 * value + top) // (2 * top) for mz, value in peaks.items()}
    return {mz: value for mz, value in scaled.items() if value > 0}


def ratio(u, l, mz, before):
    r = math.sqrt(u[mz] * l[before]) / math.sqrt(u[before] * l[mz])
    return min(r, 1 / r)


def counted(u, l):
    start = max(min(u), min(l))
    return [mz for mz in sorted(u.keys() | l.keys()) if mz >= start and max(u.get(mz, 0), l.get(mz, 0)) > 1]


def squared_cosine(u, l, mzs, weight):
    both = sum(weight(mz, u[mz]) * weight(mz, l[mz]) for mz in mzs if mz in u and mz in l)
    norms = [sum(weight(mz, s[mz]) ** 2 for mz in mzs if mz in s) for s in (u, l)]
    return both**2 / (norms[0] * norms[1]) if both else 0.0


def match_factor(u, l, reverse):
    """Stein & Scott 1994 as NIST MS Search computes it, without its 1/2, over 1000."""
    mzs = counted(u, l)
    common = [mz for mz in mzs if mz in u and mz in l]
    if not common:
        return 0.0
    ratios = weights = count = 0
    for before, mz in zip(mzs, mzs[1:]):
        if before in u and before in l and mz in u and mz in l:
            ratios += mz * ratio(u, l, mz, before)
            weights += mz
            count += 1
    kept = [mz for mz in mzs if mz in l] if reverse else mzs
    f_d = squared_cosine(u, l, kept, lambda mz, i: math.sqrt(mz * i))
    f_r = ratios / weights if weights else 0.0
    return (f_d * len(common) + f_r * count) / (len(common) + count)


def similarity(u, l):
    return squared_cosine(u, l, counted(u, l), lambda mz, i: math.sqrt(i))


def range_cosine(u, l, start, a, b):
    """cos of I^a·m^b over the m/z that both spectra cover."""
    def weights(s):
        return {mz: i**a * mz**b for mz, i in s.items() if mz >= start}

    x, y = weights(u), weights(l)
    both = sum(x[mz] * y[mz] for mz in x if mz in y)
    return both / math.sqrt(sum(w * w for w in x.values()) * sum(w * w for w in y.values())) if both else 0.0


def mean_ratio(u, l, start):
    common = [mz for mz in sorted(u) if mz >= start and mz in l]
    ratios = [ratio(u, l, mz, before) for before, mz in zip(common, common[1:])]
    return (sum(ratios) / len(ratios) if ratios else 0.0), len(common)


def ei_scores(query, reference):
    u, l = normalised(query), normalised(reference)
    start = max(min(query), min(reference))
    f_r, common = mean_ratio(u, l, start)
    return [match_factor(u, l, False), match_factor(u, l, True), similarity(u, l), range_cosine(u, l, start, 0.5, 0),
            range_cosine(u, l, start, 0.53, 1.3), f_r], common


# ---- fragments at accurate mass -------------------------------------------------------------------------------------

def merged(peaks, gap):
    """From the strongest peak downwards each takes what lies within the gap, repeated until nothing does."""
    peaks = sorted(peaks)
    while any(b[0] - a[0] <= gap for a, b in zip(peaks, peaks[1:])):
        left = []
        rest = sorted(peaks, key=lambda p: (-p[1], p[0]))
        while rest:
            top = rest[0]
            near = [p for p in rest if abs(p[0] - top[0]) <= gap]
            rest = [p for p in rest if abs(p[0] - top[0]) > gap]
            total = sum(p[1] for p in near)
            left.append((sum(p[0] * p[1] for p in near) / total, total))
        peaks = sorted(left)
    return peaks


def entropy_weighted(peaks):
    """Li et al. 2021."""
    total = sum(i for _, i in peaks)
    entropy = -sum(i / total * math.log(i / total) for _, i in peaks)
    power = 0.25 + 0.25 * entropy if entropy < 3 else 1
    raised = [i**power for _, i in peaks]
    return [(mz, w / sum(raised)) for (mz, _), w in zip(peaks, raised)]


def msms_prepared(precursor, peaks):
    """m/z in µTh: keep m/z < precursor − 1.6, drop below 1 % of the base peak, merge within 0.02, weight."""
    kept = [(mz * 100, i) for mz, i in peaks.items() if mz * 100 < precursor * 100 - 1600000]
    if not kept:
        return []
    top = max(i for _, i in kept)
    return entropy_weighted(merged([(mz, i) for mz, i in kept if i * 100 >= top], 20000))


def entropy_similarity(query, reference):
    """Pairs one to one, two pointers ascending, within 0.01."""
    score, matched, j = 0.0, 0, 0
    for mz, a in query:
        while j < len(reference) and reference[j][0] < mz - 10000:
            j += 1
        if j < len(reference) and reference[j][0] <= mz + 10000:
            b = reference[j][1]
            score += ((a + b) * math.log2(a + b) - a * math.log2(a) - b * math.log2(b)) / 2
            matched += 1
            j += 1
    return score, matched


# ---- facts ----------------------------------------------------------------------------------------------------------

def decimals(values):
    return " ".join(f"{value:.9f}" for value in values)


def ei_facts(rng, out):
    query = ei_spectrum(rng)
    reference = ei_relative(rng, query) if rng.random() < 0.9 else ei_spectrum(rng)
    scores, common = ei_scores(query, reference)
    peaks = [" ".join(f"{mz}:{i}" for mz, i in s.items()) for s in (query, reference)]
    out.write(f"ei\t{peaks[0]}\t{peaks[1]}\t{decimals(scores)} {common}\n")


def msms_facts(rng, out):
    query = msms_spectrum(rng)
    reference = msms_relative(rng, *query)
    score, matched = entropy_similarity(msms_prepared(*query), msms_prepared(*reference))
    columns = [" ".join([f"{s[0] / 1e4:.4f}"] + [f"{mz / 1e4:.4f}:{i}" for mz, i in s[1].items()])
               for s in (query, reference)]
    out.write(f"msms\t{columns[0]}\t{columns[1]}\t{decimals([score])} {matched}\n")


def facts():
    out = io.StringIO()
    rng = random.Random(20210805)
    for _ in range(PAIRS):
        ei_facts(rng, out)
    for _ in range(PAIRS):
        msms_facts(rng, out)
    return out.getvalue()


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--check":
        with open(sys.argv[2], encoding="utf-8", newline="") as file:
            return 0 if file.read() == facts() else 1
    sys.stdout.write(facts())
    return 0


if __name__ == "__main__":
    sys.exit(main())
