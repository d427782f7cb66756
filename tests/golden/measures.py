#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The measures of a search on measured spectra, in double precision, from their definitions (libspectra/kernels/README.md).

    measures.py FILE…             writes the facts: pairs of records of these files and what they score, 9 decimals
    measures.py --check F FILE…   exit status 1 unless F is that output, byte for byte

A line is  TRACK TAB accession TAB accession TAB measure score reverse matched [measure score reverse matched]…
Records are read in the project's own format; standard library only."""
import io
import math
import sys

from reference import entropy_weighted, merged

TOLERANCE, NOISE, GAP, MARGIN = 10000, 0.01, 20000, 1600000
MASSES = {"H": 1, "D": 2, "C": 12, "N": 14, "O": 16, "F": 19, "Si": 28, "P": 31, "S": 32, "Cl": 35, "Br": 79, "I": 127}


def records(path):
    """The records of a file: {key: value} with a list of (m/z, intensity) under "peaks"."""
    found, record = [], None
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("record: "):
                record = {"record": line[8:].strip(), "peaks": []}
            elif line.strip() == "end" and record:
                found.append(record)
                record = None
            elif record and line[:1].isdigit():
                mz, value = line.split()[:2]
                record["peaks"].append((float(mz), float(value)))
            elif record and ": " in line:
                key, value = line.strip().split(": ", 1)
                if key != "peaks":
                    record.setdefault(key, value)
    return found


# ---- accurate mass: peaks are (µTh, √share of the base peak, entropy weight) -----------------------------------------

def micro(text):
    return int(float(text) * 1e6 + 0.5)


def prepared(record, precursor):
    """Of what lies below precursor − 1.6 where there is one: 1 % of the base peak and more, merged."""
    peaks = [(micro(mz), i) for mz, i in record["peaks"] if precursor is None or micro(mz) < precursor - MARGIN]
    top = max((i for _, i in peaks), default=0)
    peaks = merged([(mz, i) for mz, i in peaks if top and i >= NOISE * top], GAP)
    if not peaks:
        return []
    top = max(i for _, i in peaks)
    return [(mz, math.sqrt(i / top), w) for (mz, i), (_, w) in zip(peaks, entropy_weighted(peaks))]


def ascending(query, reference, shift, taken=()):
    """Pairs one to one, two pointers ascending, among what stands in none of `taken`."""
    pairs, j = [], 0
    for i, (mz, _, _) in enumerate(query):
        if any(i == a for a, _ in taken):
            continue
        while j < len(reference) and (reference[j][0] + shift < mz - TOLERANCE or any(j == b for _, b in taken)):
            j += 1
        if j < len(reference) and reference[j][0] + shift <= mz + TOLERANCE:
            pairs.append((i, j))
            j += 1
    return pairs


def greedy(query, reference, shift):
    fitting = [(-query[i][1] * reference[j][1], i, j) for i in range(len(query)) for j in range(len(reference))
               if any(abs(reference[j][0] + d - query[i][0]) <= TOLERANCE for d in (0, shift))]
    pairs = []
    for _, i, j in sorted(fitting):
        if all(i != a and j != b for a, b in pairs):
            pairs.append((i, j))
    return pairs


def cosine(query, reference, pairs):
    """The cosine of roots, and the same with the query's paired peaks alone."""
    def over(norm):
        both = sum(query[i][1] * reference[j][1] for i, j in pairs)
        return both / math.sqrt(norm * sum(r * r for _, r, _ in reference)) if both else 0.0

    return over(sum(r * r for _, r, _ in query)), over(sum(query[i][1] ** 2 for i, _ in pairs)), len(pairs)


def entropy(query, reference, pairs):
    def over(total):
        score = 0.0
        for i, j in pairs:
            a, b = query[i][2] / total, reference[j][2]
            score += ((a + b) * math.log2(a + b) - a * math.log2(a) - b * math.log2(b)) / 2
        return score

    return over(1), over(sum(query[i][2] for i, _ in pairs)) if pairs else 0.0, len(pairs)


def accurate_scores(query, reference):
    """{measure: (score, reverse, matched)}; what is shifted takes the windowed recipe and needs both precursors."""
    u, l = prepared(query, None), prepared(reference, None)
    direct = ascending(u, l, 0)
    scores = {"entropy": entropy(u, l, direct), "cosine": cosine(u, l, direct)}
    if query["track"] == "msms" and "precursor_mz" in query and "precursor_mz" in reference:
        ends = micro(query["precursor_mz"]), micro(reference["precursor_mz"])
        u, l, shift = prepared(query, ends[0]), prepared(reference, ends[1]), ends[0] - ends[1]
        direct = ascending(u, l, 0)
        scores["modified-cosine"] = cosine(u, l, greedy(u, l, shift))
        scores["neutral-loss"] = cosine(u, l, ascending(u, l, shift))
        scores["hybrid"] = entropy(u, l, direct + ascending(u, l, shift, direct))
    return scores


# ---- electron ionisation, nominal mass: {m/z: integer of 999} ---------------------------------------------------------

def nominal(record):
    peaks = {}
    for mz, i in record["peaks"]:
        whole = math.floor(mz + 0.5)
        peaks[whole] = max(i, peaks.get(whole, 0))
    top = max(peaks.values())
    scaled = {mz: math.floor(999 * i / top + 0.5) for mz, i in peaks.items()}
    return {mz: i for mz, i in scaled.items() if i > 0}, min(peaks)


def range_cosine(u, l, start, weight):
    def norm(s, mzs):
        return sum(weight(mz, s[mz]) ** 2 for mz in mzs)

    a, b = [mz for mz in u if mz >= start], [mz for mz in l if mz >= start]
    common = [mz for mz in a if mz in l]
    both = sum(weight(mz, u[mz]) * weight(mz, l[mz]) for mz in common)
    if not both:
        return 0.0, 0.0, len(common)
    return (both / math.sqrt(norm(u, a) * norm(l, b)), both / math.sqrt(norm(u, common) * norm(l, b)), len(common))


def hybrid(u, l, delta):
    """What the reference has above the query moves by delta where that raises the score, the largest first."""
    start = max(min(u), min(l))
    counted = [mz for mz in u.keys() | l.keys() if mz >= start and max(u.get(mz, 0), l.get(mz, 0)) > 1]
    q = {mz: u[mz] for mz in counted if mz in u}
    h = {mz: l[mz] for mz in counted if mz in l}
    residuals = [(-(h[mz] - q.get(mz, 0)), mz) for mz in h if h[mz] > q.get(mz, 0)]

    def both():
        return sum(math.sqrt(q[mz] * h[mz]) for mz in q if mz in h)

    for residual, mz in sorted(residuals):
        target = mz + delta
        if delta == 0 or not start <= target <= 4095:
            continue
        before, old = both(), (h[mz], h.get(target, 0))
        h[mz], h[target] = old[0] + residual, old[1] - residual
        if both() <= before + 1e-9:
            h[mz], h[target] = old
    h = {mz: i for mz, i in h.items() if i > 0}
    common = [mz for mz in q if mz in h]
    if not common:
        return 0.0, 0.0, 0
    square = both() ** 2 / sum(h.values())
    return square / sum(q.values()), square / sum(q[mz] for mz in common), len(common)


def nominal_mass(formula):
    mass, i = 0, 0
    while i < len(formula):
        symbol = formula[i:i + 2] if formula[i:i + 2] in MASSES else formula[i]
        i += len(symbol)
        digits = ""
        while i < len(formula) and formula[i].isdigit():
            digits, i = digits + formula[i], i + 1
        mass += MASSES[symbol] * int(digits or 1)
    return mass


def nominal_scores(query, reference):
    (u, u_first), (l, l_first) = nominal(query), nominal(reference)
    start = max(u_first, l_first)
    delta = nominal_mass(query["formula"]) - nominal_mass(reference["formula"])
    return {"cosine": range_cosine(u, l, start, lambda mz, i: math.sqrt(i)),
            "weighted-cosine": range_cosine(u, l, start, lambda mz, i: i**0.53 * mz**1.3), "hybrid": hybrid(u, l, delta)}


# ---- facts ------------------------------------------------------------------------------------------------------------

def pairs_of(kind):
    """Each record with itself now and then, with its neighbour (often the same compound), and with one far away."""
    for i, query in enumerate(kind):
        if i % 23 == 0:
            yield query, query
        if i % 2 == 0 and i + 1 < len(kind):
            yield query, kind[i + 1]
        if i % 3 == 0:
            yield query, kind[(7 * i + 11) % len(kind)]


def facts(paths):
    out = io.StringIO()
    everything = [record for path in paths for record in records(path)]
    for track in ("ei", "msms", "insource"):
        kind = [r for r in everything if r.get("track") == track and r["peaks"] and r.get("formula")]
        kind = [r for r in kind if r.get("polarity", "positive") == "positive"]
        for query, reference in pairs_of(kind):
            scores = (nominal_scores if track == "ei" else accurate_scores)(query, reference)
            told = " ".join(f"{name} {s[0]:.9f} {s[1]:.9f} {s[2]}" for name, s in scores.items())
            print(track, query["record"], reference["record"], told, sep="\t", file=out)
    return out.getvalue()


def main(arguments):
    if arguments[:1] == ["--check"]:
        with open(arguments[1], encoding="ascii") as file:
            return 0 if file.read() == facts(arguments[2:]) else 1
    sys.stdout.write(facts(arguments))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
