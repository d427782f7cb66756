#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is lost when a spectrum comes as a profile of low resolution: SIMULATED profiles (simulate.py) of the development
spectra of other laboratories, searched through the program, against the same spectra as centroids. Each share with its n
and its 95 % interval (Wilson)."""

import argparse
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

from evaluate import Program, Report, parse_hits, read_msp, read_truth, top_outcomes, micro
from simulate import Instrument, write_msp

SEED = 1
PLAIN = ("--peaks", "centroid", "--axis", "none", "--baseline", "none")
# Instrument, and options beside width and ions.
CASES = {
    "FWHM 0.7, 10^4 ions": (Instrument(0.7, 1e4), ("--axis", "none")),
    "FWHM 0.7, 10^4 ions, axis 1 Da / 1000 ppm": (Instrument(0.7, 1e4, 1, 1000), ()),
    "FWHM 1.5, 10^4 ions, axis 1 Da / 1000 ppm": (Instrument(1.5, 1e4, 1, 1000), ()),
    "FWHM 3.0, 10^5 ions, axis 0.3 Da / 300 ppm": (Instrument(3.0, 1e5, 0.3, 300), ("--max-offset", "0.3", "--max-slope", "300")),
    "FWHM 3.0, 10^4 ions, axis 0.3 Da / 300 ppm": (Instrument(3.0, 1e4, 0.3, 300), ("--max-offset", "0.3", "--max-slope", "300")),
    "FWHM 3.0, 10^5 ions": (Instrument(3.0, 1e5), ("--axis", "none")),
    "FWHM 0.7, 10^3 ions": (Instrument(0.7, 1e3), ("--axis", "none")),
    "FWHM 0.7, 10^3 ions, Wiener": (Instrument(0.7, 1e3), ("--axis", "none", "--wiener")),
}


def search_profiles(program, profiles, database, *words):
    """(hits, how many were refused since their axis is not known)."""
    done = subprocess.run([program.path, "search", str(profiles), "--db", str(database), "--mode", "identity", "--format",
                           "tsv", "--profile", *map(str, words)], capture_output=True, text=True, check=False)
    refused = len(re.findall("the mass axis", done.stderr))
    if done.returncode != (2 if refused else 0):
        raise SystemExit(done.stderr)
    return parse_hits(done.stdout), refused


def axis_found(program, profiles, folder, options):
    """(offset, slope in ppm, warning) of each profile, in their order."""
    done = subprocess.run([program.path, "preprocess", str(profiles), "-o", str(folder / "peaks.msp"), "--steps",
                           str(folder), "--track", "ei", *options], capture_output=True, text=True, check=True)
    found = [(float(offset), float(slope)) for offset, slope in
             re.findall(r"axis offset (-?[\d.]+) \(.*?\), slope (-?\d+) ppm", done.stderr)]
    undetermined = len(re.findall(r"mass axis could not be determined", done.stderr))
    return found, undetermined


def report_axis(report, what, program, profiles, folder, options, errors):
    """How far the axis is off after correction, at m/z 100 and 300, where it was determined."""
    found, undetermined = axis_found(program, profiles, folder, options)
    report.rate(f"{what}: axis undetermined", undetermined, len(errors))
    for mz in (100, 300):
        left = [abs(offset - true_offset + (slope - true_slope) * 1e-6 * mz)
                for (offset, slope), (true_offset, true_slope) in zip(found, errors.values())]
        if left:
            report.number(f"{what}: median error at m/z {mz}", len(left), statistics.median(left))
            report.rate(f"{what}: error at m/z {mz} below 0.4", sum(value < 0.4 for value in left), len(left))


def evaluate_case(report, program, folder, database, records, truths, references, case, ways, measure):
    """One instrument: rank one by each way (name: options), and what becomes of its axis."""
    instrument, more = CASES[case]
    profiles = folder / "profiles.msp"
    errors = write_msp(profiles, records, instrument, SEED)
    given = ("--fwhm", instrument.fwhm, "--ion", "1")
    for way, words in ways.items():
        words = (*given, *(more if way == "full order" else ()), *words)
        hits, refused = search_profiles(program, profiles, database, *measure, *words)
        report.rate(f"{case}: {way}: top-1", *micro(top_outcomes(truths, hits, references, 1)))
        if refused:
            report.rate(f"{case}: {way}: refused, axis not known", refused, len(truths))
    if instrument.max_offset:
        words = [str(word) for word in (*given, *more, *ways["full order"])]
        report_axis(report, case, program, profiles, folder, words, errors)


def evaluate_profiles(report, program, data, folder, cases=None, ways=None, measure="identity", first=None):
    ei = data / "ei"
    records = read_msp(ei / "ei_dev_crosslab.msp")
    truths = read_truth(ei / "ei_dev_crosslab_truth.tsv")[:first]
    wanted = {truth["id"] for truth in truths}
    records = [(record["name"], record["peaks"]) for record in records if record["name"] in wanted]
    references = {record["accession"]: record for record in read_msp(ei / "ei_dev.msp")}
    database = folder / "profiles.spdb"
    program.build(database, ei / "ei_dev.msp", "--track", "ei")
    words = ("--measure", measure, "--track", "ei", "--top", "5")
    report.heading("SIMULATED profiles; top-1 of the same spectra as centroids:")
    hits = program.search(ei / "ei_dev_crosslab.msp", database, *words)
    report.rate("centroids: top-1", *micro(top_outcomes(truths, hits, references, 1)))
    for case in cases or CASES:
        evaluate_case(report, program, folder, database, records, truths, references, case, ways or {"full order": ()},
                      words)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=pathlib.Path, help="folder of the development data")
    parser.add_argument("--spectra", default="build/bin/spectra")
    parser.add_argument("--case", action="append", choices=CASES, help="only these")
    parser.add_argument("--measure", default="identity")
    parser.add_argument("--plain", action="store_true", help="plain picking of maxima too")
    parser.add_argument("--options", default="", help="further options of the program, for trying them out")
    parser.add_argument("--first", type=int, default=None, help="only so many spectra")
    options = parser.parse_args()
    ways = {"full order": tuple(options.options.split())}
    if options.plain:
        ways["plain picking"] = PLAIN
    with tempfile.TemporaryDirectory() as name:
        evaluate_profiles(Report(), Program(options.spectra), options.data, pathlib.Path(name), options.case, ways,
                          options.measure, options.first)
    return 0


if __name__ == "__main__":
    sys.exit(main())
