#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes queries of nominal mass from the reference's own records, as C arrays and as a file for the program, and keeps
what the program says of them: `queries.py --spectra PROGRAM --records FILE --db FILE
--out FOLDER`. Peaks are dropped, added and changed in height, by numbers that are the same on every machine.
"""
import argparse
import json
import pathlib
import subprocess

QUERIES = 60


class Numbers:
    """A linear congruential generator (Knuth's MMIX)."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % limit


def disturbed(peaks, numbers):
    """One peak of eight is lost, heights vary by a quarter, and a few small peaks come in."""
    kept = {int(mz): max(1, int(height) * (75 + numbers.below(51)) // 100) for mz, height in peaks if numbers.below(8)}
    largest = max(kept.values())
    for _ in range(3):
        kept.setdefault(40 + numbers.below(260), 1 + largest * numbers.below(4) // 100)
    return sorted(kept.items())


def make(records):
    numbers = Numbers(8)
    step = max(1, len(records) // QUERIES)
    return [disturbed(record["peaks"], numbers) for record in records[::step][:QUERIES]]


def c_source(queries):
    lines = ['#include "device.h"', ""]
    for i, peaks in enumerate(queries):
        for name, column in (("mz", 0), ("intensity", 1)):
            lines.append(f"static const double {name}_{i}[] = {{{', '.join(str(peak[column]) for peak in peaks)}}};")
    lines.append("const device_query device_queries[] = {")
    lines += [f"    {{mz_{i}, intensity_{i}, {len(peaks)}}}," for i, peaks in enumerate(queries)]
    return "\n".join(lines + ["};", f"const size_t device_query_count = {len(queries)};", ""])


def msp(queries):
    return "".join(f"Name: {i}\nNum Peaks: {len(peaks)}\n" + "".join(f"{mz} {height}\n" for mz, height in peaks) + "\n"
                   for i, peaks in enumerate(queries))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("spectra", "records", "db", "out"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(exist_ok=True)
    records, file = options.out / "records.json", options.out / "queries.msp"
    subprocess.run([options.spectra, "convert", options.records, "-o", records], check=True)
    queries = make(json.loads(records.read_text()))
    (options.out / "queries.c").write_text(c_source(queries))
    file.write_text(msp(queries))
    said = subprocess.run([options.spectra, "identify", "--format", "jsonl", "--track", "ei", "--db", options.db, file],
                          check=True, capture_output=True, text=True).stdout
    (options.out / "expected.jsonl").write_text(said)


if __name__ == "__main__":
    main()
