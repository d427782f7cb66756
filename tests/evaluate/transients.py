#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How exact masses are that come from transients: SIMULATED ones (simulate.py) of 64 ms, through the program. Errors are
root mean squares at m/z 337, in ppm."""

import argparse
import math
import pathlib
import re
import subprocess
import sys
import tempfile

from evaluate import Program, Report
from simulate import simulate_transient, write_float32

RATE, SECONDS, MZ = 1e6, 0.064, 337.0
COUNT = round(RATE * SECONDS)
BIN = 1 / SECONDS
ORBITRAP = 403e3 ** 2 * MZ  # 403 kHz: an instrument of the middle size
ICR = (1.0747e8, -3e8)  # 7 T
NEAR_PPM = 250  # a peak nearer than this is the ion's; the neighbour is 8 bins or 620 ppm away
WINDOWS = {"Hann": (), "Kaiser 10": ("--apodisation", "kaiser"), "none": ("--apodisation", "none")}
# SNR, decay to the end, amplitude of a neighbour 8 bins away over the ion's.
CASES = {"SNR 100": (100, 0, 0), "SNR 1000": (1000, 0, 0), "SNR 100, decay to 1/e": (100, 1, 0),
         "SNR 100 beside a neighbour of 100 times its height": (100, 0, 100)}


def find_peaks(program, path, *words):
    """[(m/z, intensity)]"""
    done = subprocess.run([program.path, "preprocess", str(path), "--transient", "float32", "--rate", f"{RATE:.0f}", "--to",
                           "msp", "-o", "-", *words], capture_output=True, text=True, check=True)
    return [tuple(map(float, row)) for row in re.findall(r"^(\d[\d.]*) (\d[\d.]*)$", done.stdout, flags=re.M)]


def ppm(mz):
    return (mz / MZ - 1) * 1e6


def report_errors(report, what, runs, errors, others):
    report.rate(f"{what}: found", len(errors), runs)
    if errors:
        report.number(f"{what}: rms ppm", len(errors), math.sqrt(sum(error ** 2 for error in errors) / len(errors)))
    report.number(f"{what}: peaks that are no ion, in all", runs, others)


def evaluate_case(report, program, folder, name, runs):
    snr, decay, neighbour = CASES[name]
    errors, others = {window: [] for window in WINDOWS}, dict.fromkeys(WINDOWS, 0)
    for run in range(runs):
        frequency = math.sqrt(ORBITRAP / MZ)
        off = (run + 0.5) / runs - 0.5  # of a bin
        ions = [(frequency + off * BIN, 1.0)]
        if neighbour:
            ions.append((ions[0][0] + 8 * BIN, float(neighbour)))
        path = folder / "transient.f32"
        write_float32(path, simulate_transient(ions, COUNT, RATE, 1 / snr, decay, f"{name} {run}"))
        constant = f"orbitrap:{MZ * ions[0][0] ** 2:.15e}"  # so that the ion is at 337 wherever it lies in its bin
        for window, words in WINDOWS.items():
            peaks = find_peaks(program, path, "--calibration", constant, *words)
            near = [mz for mz, _ in peaks if abs(ppm(mz)) < NEAR_PPM]
            errors[window] += [ppm(mz) for mz in near[:1]]
            others[window] += max(0, len(peaks) - len(near[:1]) - bool(neighbour))
    for window in WINDOWS:
        report_errors(report, f"{name}, {window}", runs, errors[window], others[window])


def icr_frequency(mz):
    a, b = ICR
    return (a + math.sqrt(a * a + 4 * mz * b)) / (2 * mz)


def evaluate_calibration(report, program, folder, runs):
    """ICR: a calibration that is 30 ppm off, made anew from four ions of ten times the height."""
    errors, path = [], folder / "transient.f32"
    known = (254.1, 301.2, 502.3, 803.4)
    for run in range(runs):
        ions = [(icr_frequency(mz), 10.0) for mz in known] + [(icr_frequency(MZ), 1.0)]
        write_float32(path, simulate_transient(ions, COUNT, RATE, 0.01, 0, f"calibration {run}"))
        words = [word for mz in known for word in ("--calibrant", f"{mz}")]
        peaks = find_peaks(program, path, "--calibration", f"icr:{ICR[0] * 1.00003:.9e},0", *words)
        errors += [ppm(mz) for mz, _ in peaks if abs(ppm(mz)) < NEAR_PPM][:1]
    report_errors(report, "ICR, SNR 100, calibration fitted from four ions of SNR 1000", runs, errors, 0)


def evaluate_transients(report, program, folder, runs=100):
    report.heading("SIMULATED transients of 64 ms, m/z 337; SNR: of the amplitude under Hann's window")
    for name in CASES:
        evaluate_case(report, program, folder, name, runs)
    evaluate_calibration(report, program, folder, runs)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spectra", default="build/bin/spectra")
    parser.add_argument("--runs", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        evaluate_transients(Report(), Program(options.spectra), pathlib.Path(name), options.runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
