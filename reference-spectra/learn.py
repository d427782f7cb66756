#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Learns how intense the ions of a family are: knowledge/intensities.tsv and knowledge/backgrounds.tsv.

Members are the reference records of analogues modified at one site at most whose site NIST states; what other compounds
look like comes from histograms of ei_background.tsv. Sums and quotients only, so that every
machine writes the same bytes.
"""
import argparse
import collections
import csv
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
FAMILY = "fentanyl-related"
PARENT_MASS = 336
# Lower edges of the classes of intensity (base peak 999), doubled to stay whole; the first class is absent or less.
EDGES = (0, 1, 6, 20, 70, 220, 700, 1400)
COLUMNS = ("absent", "trace", "3", "10", "35", "110", "350", "700")
BINS = len(EDGES)
ONE = 1000000
MZ = range(20, 601)
# A background looks at m/z of the same parity this far to both sides.
REACH = 10
# Weight of what is known beforehand, in compounds.
PRIOR = 3
# Masses of the principal isotopes.
NOMINAL = {"C": 12, "H": 1, "D": 2, "N": 14, "O": 16, "S": 32, "F": 19, "Cl": 35, "Br": 79, "I": 127}


def read_table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def read_records(path):
    """Records of the project's own format: their keys and, under "spectrum", intensities by nominal m/z."""
    records = []
    for text in path.read_text(encoding="utf-8").split("\n\n")[1:]:
        record = {"spectrum": {}}
        for line in text.split("\n"):
            key, colon, value = line.partition(": ")
            if colon:
                record[key] = value
            elif line[:1].isdigit():
                mz, intensity = map(float, line.split()[:2])
                record["spectrum"][round(mz)] = max(intensity, record["spectrum"].get(round(mz), 0))
        records.append(record)
    return records


def nominal_mass(formula):
    mass, place = 0, 0
    while place < len(formula):
        end = place + 1
        while end < len(formula) and formula[end].islower():
            end += 1
        digits = end
        while digits < len(formula) and formula[digits].isdigit():
            digits += 1
        mass += NOMINAL[formula[place:end]] * int(formula[end:digits] or 1)
        place = digits
    return mass


def site_of(label, name):
    """The site's code. B is two places: beside the nitrogen for alpha, else beside the aromatic end."""
    if label == "B":
        return "I" if name.lower().lstrip(".").startswith("alpha") else "O"
    return "" if label == "none" else label


def members(records, substances):
    """(compound, site, delta, peaks) of what is learned from."""
    labels = {row["inchikey"].split("-")[0]: row["sites"] for row in substances if row["site_basis"] == "NIST"}
    found = []
    for record in records:
        block = record.get("inchikey", "").split("-")[0]
        if record.get("record", "").startswith("NIST-FC-LIB-"):
            found.append((block, site_of(labels[block], record["name"]),
                          nominal_mass(record["formula"]) - PARENT_MASS, record["spectrum"]))
    return found


def bin_of(intensity):
    return max(i for i in range(BINS) if 2 * intensity >= EDGES[i])


def hidden_bins(peaks):
    """How many classes a missing peak may be in: those that begin below the weakest peak there is."""
    weakest = 2 * min(peaks.values())
    return max(1, sum(edge < weakest for edge in EDGES))


def normalised(counts):
    total = sum(counts)
    return [count / total for count in counts]


def observe(counts, peaks, mz, weight, before):
    """Adds what a spectrum shows at an m/z; a missing peak is shared out among the classes that it may be in."""
    if peaks.get(mz, 0) > 0:
        counts[bin_of(peaks[mz])] += weight
        return
    hidden = hidden_bins(peaks)
    known = sum(before[:hidden])
    for i in range(hidden):
        counts[i] += weight * before[i] / known


def smooth(histogram):
    """Shares at each m/z from its neighbours of the same parity; nothing is impossible."""
    overall = normalised([sum(row[i] for row in histogram.values()) for i in range(BINS)])
    shares = {}
    for mz in MZ:
        near = [histogram[m] for m in range(mz - REACH, mz + REACH + 1, 2) if m in histogram]
        counts = [sum(row[i] for row in near) + max(overall[i], 0.001) for i in range(BINS)]
        shares[mz] = normalised(counts)
    return shares


def others_background(rows):
    histogram = {int(row["mz"]): [float(value) for value in list(row.values())[2:]]
                 for row in rows if row["set"] == "swgdrug_dev_nonfamily"}
    return smooth(histogram)


def weights_of(found):
    counts = collections.Counter(compound for compound, *_ in found)
    return [1 / counts[compound] for compound, *_ in found]


def members_background(found, others):
    histogram = {mz: [0.0] * BINS for mz in MZ}
    for (_, _, _, peaks), weight in zip(found, weights_of(found)):
        for mz in MZ:
            if mz >= min(peaks):
                observe(histogram[mz], peaks, mz, weight, others[mz])
    return smooth({mz: row for mz, row in histogram.items() if sum(row) > 0})


def intensity(mz, kept, found, background):
    """Shares of one fragment over its places in the members' spectra."""
    counts, before, n = [0.0] * BINS, [0.0] * BINS, 0.0
    for (_, site, delta, peaks), weight in zip(found, weights_of(found)):
        place = mz + (delta if site and site in kept else 0)
        if place < min(peaks) or place not in background:
            continue
        observe(counts, peaks, place, weight, background[place])
        before = [b + weight * p for b, p in zip(before, background[place])]
        n += weight
    if n == 0:
        return background[mz]
    return normalised([c + PRIOR * b / n for c, b in zip(counts, before)])


def millionths(shares):
    """Whole numbers, none of them 0, that sum to a million: the largest gives way."""
    whole = [max(1, int(share * ONE + 0.5)) for share in shares]
    whole[whole.index(max(whole))] += ONE - sum(whole)
    return whole


def table_text(head, rows):
    return "".join("\t".join(map(str, row)) + "\n" for row in [head, *rows])


def learn(found, fragments, others):
    """Intensities of the fragments, and the backgrounds they are held against."""
    own = members_background(found, others)
    learned = {(row["mz"], row["kept"]): intensity(int(row["mz"]), row["kept"], found, own) for row in fragments
               if row["track"] == "ei" and row["family"] == FAMILY}
    return learned, own


def build(figures, without=None):
    """Both tables by name; `without` is the first block of the InChIKey of a compound that is left out."""
    found = members(read_records(HERE / "ei.spectra"), read_table(HERE / "substances.tsv"))
    found = [member for member in found if member[0] != without]
    others = others_background(read_table(figures / "ei_background.tsv"))
    learned, own = learn(found, read_table(HERE / "knowledge" / "fragments.tsv"), others)
    backgrounds = [(FAMILY, name, mz, *millionths(shares[mz])) for name, shares in (("members", own), ("others", others))
                   for mz in MZ]
    return {"intensities.tsv": table_text(("family", "mz", "kept", *COLUMNS),
                                          [(FAMILY, *key, *millionths(shares)) for key, shares in learned.items()]),
            "backgrounds.tsv": table_text(("family", "set", "mz", *COLUMNS), backgrounds)}


def main():
    parser = argparse.ArgumentParser(description="Learns intensities and backgrounds of fragments.")
    parser.add_argument("figures", type=pathlib.Path, metavar="FIGURES_DIR", help="folder of ei_background.tsv")
    parser.add_argument("--check", action="store_true", help="write nothing; say which tables would change")
    options = parser.parse_args()
    changed = []
    for name, text in build(options.figures).items():
        path = HERE / "knowledge" / name
        if path.is_file() and path.read_bytes() == text.encode("utf-8"):
            continue
        changed.append(name)
        if not options.check:
            path.write_bytes(text.encode("utf-8"))
    print("\n".join(f"{name}: {'differs' if options.check else 'written'}" for name in changed))
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
