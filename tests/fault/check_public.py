#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the sweep over failing allocations and holds the functions that it called against those that the public headers
declare: a function that is new in a header and not in the sweep fails the test."""
import argparse
import pathlib
import re
import subprocess
import sys

DECLARED = re.compile(r"\bSPECTRA_API\b[^;(]*?\b(spectra_\w+)\s*\(")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--headers", type=pathlib.Path, required=True, help="folder of the public headers")
    parser.add_argument("sweep", help="the program that sweeps")
    arguments = parser.parse_args()
    declared = set()
    for header in sorted(arguments.headers.glob("*.h")):
        declared |= set(DECLARED.findall(re.sub(r"/\*.*?\*/", "", header.read_text(encoding="utf-8"), flags=re.S)))
    done = subprocess.run([arguments.sweep], stdout=subprocess.PIPE, text=True)
    called = set(re.findall(r"^called (\w+)$", done.stdout, flags=re.M))
    print(re.sub(r"^called .*\n", "", done.stdout, flags=re.M), end="")
    for name in sorted(declared - called):
        print(f"{name} is public and never called with failing memory")
    for name in sorted(called - declared):
        print(f"{name} is called and not public")
    print(f"{len(declared & called)} of {len(declared)} public functions called with failing memory")
    return 0 if done.returncode == 0 and declared == called and declared else 1


if __name__ == "__main__":
    sys.exit(main())
