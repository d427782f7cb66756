#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SIMULATED spectra of a mixture at three collision energies, from the project's own in-source records: reference spectra
times their shares, each peak with an error of 10 %, all masses 2 mDa too high. Seeded: the same call gives the same bytes.
The committed file is what this script makes of the records (--check).
"""

import argparse
import pathlib
import random
import sys

SHARES = {"NIST-DART-a1XXX": 0.60, "NIST-DART-aX2XX": 0.35, "NIST-DART-aXX3X": 0.05}
ENERGIES = (30, 60, 90)
SHIFT, MERGED, LEAST = 0.002, 0.01, 0.0005


def read_records(path):
    """Peaks of each record by its accession."""
    records, peaks = {}, []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("record: "):
            peaks = records.setdefault(line[len("record: "):], [])
        elif line[:1].isdigit():
            peaks.append(tuple(map(float, line.split()[:2])))
    return records


def merge(peaks):
    """Peaks closer than instruments tell apart, at their mean."""
    out = []
    for mz, intensity in sorted(peaks):
        if out and mz - out[-1][0] < MERGED:
            before, weight = out[-1]
            out[-1] = ((before * weight + mz * intensity) / (weight + intensity), weight + intensity)
        else:
            out.append((mz, intensity))
    return out


def mix(parts, generator):
    """Of (peaks, share): each in units of its base peak."""
    peaks = [(mz + SHIFT, share * intensity / max(i for _, i in part) * max(0.5, generator.gauss(1, 0.1)))
             for part, share in parts for mz, intensity in part]
    merged = merge(peaks)
    base = max(intensity for _, intensity in merged)
    return [(mz, intensity / base) for mz, intensity in merged if intensity >= LEAST * base]


def record_of(peaks, name, energy):
    lines = [f"Name: {name}", "Spectrum_type: in-source", "Ion_mode: P", f"Collision_energy: {energy} V",
             "Comments: SIMULATED from reference records", f"Num Peaks: {len(peaks)}"]
    return "\n".join(lines + [f"{mz:.4f} {1e5 * intensity:.1f}" for mz, intensity in peaks]) + "\n\n"


def make(records):
    generator = random.Random(7)
    return "".join(record_of(mix([(records[f"{key}-{energy}V"], share) for key, share in SHARES.items()], generator),
                             f"Sample 1, {energy} V", energy) for energy in ENERGIES)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=pathlib.Path)
    parser.add_argument("-o", dest="out", type=pathlib.Path, required=True)
    parser.add_argument("--check", action="store_true", help="compare with the file instead of writing it")
    options = parser.parse_args()
    text = make(read_records(options.records))
    if options.check:
        return 0 if options.out.read_text(encoding="utf-8") == text else 1
    options.out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
