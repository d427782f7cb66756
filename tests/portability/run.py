#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the tests of a build in processes that another part of the program has changed: a locale with a decimal comma,
subnormals flushed to zero, other rounding modes. The same output and the same bits are expected. Before each, a small
program shows that the change is there, in every thread. `run.py --build DIR [WHAT…]`
"""
import argparse
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

# What the canary prints behind the name of its thread: 1.5, "1.5" as read, half the least normal double, the rounding.
PLAIN = "1.5 1.5 kept nearest"
CHANGED = {"comma": "1,5 1 kept nearest", "flush": "1.5 1.5 flushed nearest", "up": "1.5 1.5 kept up",
           "down": "1.5 1.5 kept down", "zero": "1.5 1.5 kept zero"}
# What does not run our code; and the fuzz target of numbers, whose witness is the C library as the process sets it:
# test_numbers asks the same of a witness that keeps its own locale and rounding.
LEFT_OUT = "floors|reference_import|noisy|coverage|fuzz_replay_numbers"
# The tests of Fourier transforms in floats: their bounds of error are those of rounding to nearest, which is what
# processing of signals is defined for (docs/INTEGRATING.md). And Python, whose own numbers are.
NEAREST_ONLY = "fftw$|test_fft$|test_real$|python"


def make_locale(folder):
    """A German locale in a folder: needs no root and changes nothing on the machine."""
    subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", str(folder / "de_DE.UTF-8")], check=True)


def canary(build, environment):
    done = subprocess.run([build / "tests" / "canary"], env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def both_threads(line):
    return f"first: {line}\nsecond: {line}\n"


def run_tests(build, environment, left_out):
    """The number of tests that passed; 0, and what ctest printed, where one failed."""
    done = subprocess.run(["ctest", "--test-dir", build, "-j2", "--output-on-failure", "-E", f"^({left_out})"],
                          env=environment, capture_output=True, text=True)
    summary = re.search(r"100% tests passed, 0 tests failed out of (\d+)", done.stdout)
    if done.returncode != 0 or not summary:
        print(done.stdout + done.stderr)
        return 0
    return int(summary.group(1))


def check(build, what, locales):
    environment = dict(os.environ, SPECTRA_TEST_PROCESS=what, LD_PRELOAD=str(build / "lib" / "libpreload.so"),
                       LOCPATH=str(locales))
    printed = canary(build, environment)
    if printed != both_threads(CHANGED[what]):
        print(f"{what}: the process is not changed as expected:\n{printed}")
        return False
    nearest = CHANGED[what].endswith("nearest")
    passed = run_tests(build, environment, LEFT_OUT if nearest else f"{LEFT_OUT}|{NEAREST_ONLY}")
    print(f"{what}: {passed} tests passed" if passed else f"{what}: failed", flush=True)
    return passed > 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("what", nargs="*", choices=[[], *CHANGED])
    options = parser.parse_args()
    build = options.build.resolve()
    changes = options.what or [what for what in CHANGED if what != "flush" or platform.machine() == "x86_64"]
    if canary(build, os.environ) != both_threads(PLAIN):
        print("the process is changed without the preload")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        make_locale(pathlib.Path(folder))
        return 0 if all([check(build, what, folder) for what in changes]) else 1


if __name__ == "__main__":
    sys.exit(main())
