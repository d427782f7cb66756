#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a noisy copy of a reference record, as an unknown in MSP: a spectrum that no library holds.

15 % of the peaks are dropped, the others' intensities multiplied by a log-normal factor (sigma 0.2 in ln), scaled to a
base peak of 999 and rounded. The same record and seed give the same bytes.
"""

import argparse
import math
import pathlib
import random
import sys

DROPPED_SHARE = 0.15
SIGMA = 0.2


def read_peaks(text, accession):
    """Peaks of one record (docs/RECORDS.md)."""
    for record in text.split("\n\n"):
        lines = record.rstrip("\n").split("\n")
        if lines[0] == f"record: {accession}":
            start = next(number for number, line in enumerate(lines) if line.startswith("peaks: "))
            return [(mz, float(intensity)) for mz, intensity in (line.split() for line in lines[start + 1:-1])]
    raise SystemExit(f"no record {accession}")


def normal_deviate(generator):
    """The sum of twelve uniform numbers less its mean: near enough to normal, and alike on every machine."""
    return sum(generator.random() for _ in range(12)) - 6


def add_noise(peaks, seed):
    generator = random.Random(seed)
    lot = [generator.random() for _ in peaks]
    dropped = set(sorted(range(len(peaks)), key=lot.__getitem__)[:round(DROPPED_SHARE * len(peaks))])
    kept = [(mz, intensity * math.exp(SIGMA * normal_deviate(generator)))
            for index, (mz, intensity) in enumerate(peaks) if index not in dropped]
    base = max(intensity for _, intensity in kept)
    return [(mz, max(1, round(intensity * 999 / base))) for mz, intensity in kept]


def msp_text(name, peaks):
    head = f"Name: {name}\nInstrument_type: EI\nNum Peaks: {len(peaks)}\n"
    return head + "".join(f"{mz} {intensity}\n" for mz, intensity in peaks) + "\n"


def main():
    parser = argparse.ArgumentParser(description="Makes a noisy copy of a reference record.")
    parser.add_argument("records", type=pathlib.Path, metavar="RECORDS")
    parser.add_argument("accession", metavar="ACCESSION")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--name", default="Unknown 1", help="name of the spectrum in the MSP file")
    parser.add_argument("-o", dest="out", type=pathlib.Path, required=True, metavar="OUT")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where OUT has other bytes")
    options = parser.parse_args()
    peaks = read_peaks(options.records.read_text(encoding="utf-8"), options.accession)
    text = msp_text(options.name, add_noise(peaks, options.seed)).encode("utf-8")
    if options.check:
        return 0 if options.out.read_bytes() == text else 1
    options.out.write_bytes(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
