#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a device session says of SIMULATED samples (simulate.py), through `spectra screen` with the database that ships:
blanks measured as samples (false alarms), drugs of the development spectra of other laboratories, and a blank after each
of them that still holds a share. Each share with its n and its 95 % interval (Wilson)."""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

from evaluate import Report, read_msp, read_truth
from simulate import Instrument, Session

BLANK_SCANS, SAMPLE_SCANS = 4, 3
IN_SESSION = 20  # samples
CARRIED = 0.03


def screen(program, blank, samples):
    words = [program, "screen", "--format", "jsonl", "--track", "ei", "--fwhm", "0.7", "--ion", "1", "--axis", "none", "--blank", blank, *samples]
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def report_states(report, what, answers):
    for state in ("alarm", "class alarm"):
        report.rate(f"{what}: {state}", sum(answer["state"] == state for answer in answers), len(answers))
    report.rate(f"{what}: noise only", sum(answer["noise_only"] for answer in answers), len(answers))


def evaluate_blanks(report, program, folder, sessions, ions):
    answers = []
    for number in range(sessions):
        session = Session(Instrument(ions=ions), f"blanks {number}")
        session.write(folder / "blank.msp", BLANK_SCANS)
        samples = [folder / f"{i}.msp" for i in range(IN_SESSION)]
        for sample in samples:
            session.write(sample, SAMPLE_SCANS)
        answers += screen(program, folder / "blank.msp", samples)
    report_states(report, f"blanks, {ions:.0e} ions", answers)


def evaluate_drugs(report, program, data, folder, count, ions):
    """Samples of drugs, and after each a blank with a share of it."""
    ei = data / "ei"
    truths = {truth["id"]: truth for truth in read_truth(ei / "ei_dev_crosslab_truth.tsv")}
    records = [record for record in read_msp(ei / "ei_dev_crosslab.msp") if record["name"] in truths][:count]
    drugs, after = [], []
    for number, record in enumerate(records):
        session = Session(Instrument(ions=ions), f"drugs {number}", max(mz for mz, _ in record["peaks"]) + 20)
        session.write(folder / "blank.msp", BLANK_SCANS)
        session.write(folder / "drug.msp", SAMPLE_SCANS, [(record["peaks"], 1)])
        session.write(folder / "after.msp", SAMPLE_SCANS, [(record["peaks"], CARRIED)])
        first, second = screen(program, folder / "blank.msp", [folder / "drug.msp", folder / "after.msp"])
        drugs.append(first)
        after.append(second)
    report_states(report, f"drugs, {ions:.0e} ions", drugs)
    report_states(report, f"blanks with {CARRIED:.0%} of the drug before, {ions:.0e} ions", after)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=pathlib.Path, help="folder of the development data")
    parser.add_argument("--spectra", default="build/bin/spectra")
    parser.add_argument("--sessions", type=int, default=50, help="of blanks, twenty samples each")
    parser.add_argument("--drugs", type=int, default=100)
    parser.add_argument("--ions", type=float, default=1e4)
    options = parser.parse_args()
    report = Report()
    report.heading("SIMULATED sessions:")
    with tempfile.TemporaryDirectory() as name:
        evaluate_blanks(report, options.spectra, pathlib.Path(name), options.sessions, options.ions)
        evaluate_drugs(report, options.spectra, options.data, pathlib.Path(name), options.drugs, options.ions)
    return 0


if __name__ == "__main__":
    sys.exit(main())
