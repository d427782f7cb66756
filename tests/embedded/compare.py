#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the device's program puts out is what the program `spectra` says of the same queries:
`compare.py --expected FILE [--memory BYTES] COMMAND…`
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys


def permille(value):
    return str(round(1000 * (value or 0)))


def words_of(verdict):
    """The words of a line, as describe() of device.c puts them."""
    words = [verdict["verdict"], permille(verdict["probability"]["structure"]), permille(verdict["probability"]["group"]),
             permille(verdict.get("class", {}).get("probability")), str(verdict.get("molecular_mass", {}).get("value", 0)),
             str(len(verdict.get("set", [])))]
    for candidate in verdict["candidates"]:
        words += [candidate["accession"], f"{candidate['score']:.6f}"]
    return words


def rounded(words):
    """Scores are whole numbers of 2^-30 on the device and have six decimals in JSON."""
    for i in range(7, len(words), 2):
        millionths = (int(words[i]) * 10**6 + 2**29) >> 30
        words[i] = f"{millionths // 10**6}.{millionths % 10**6:06d}"
    return words


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--expected", type=pathlib.Path, required=True)
    parser.add_argument("--memory", type=int, help="the most that may be used, in bytes")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    expected = [words_of(json.loads(line)) for line in options.expected.read_text().splitlines()]
    done = subprocess.run(options.command, capture_output=True, text=True, timeout=900)
    if done.returncode:
        sys.exit(f"{options.command} ends with {done.returncode}\n{done.stdout[-2000:]}{done.stderr}")
    measured = re.findall(r"^(\w+): (\d+) bytes$", done.stdout, re.MULTILINE)
    said = [rounded(line.split()) for line in done.stdout.splitlines() if not line.endswith(" bytes")]
    differing = [i for i, (one, other) in enumerate(zip(expected, said)) if one != other]
    if differing or len(said) != len(expected) or not said:
        first = differing[0] if differing else 0
        sys.exit(f"{len(said)} of {len(expected)} answers, {len(differing)} differ; number {first}:\n"
                 f"{expected[first : first + 1]}\n{said[first : first + 1]}")
    print(f"{len(said)} verdicts are those of the program, {sum(words[0] == 'no_match' for words in said)} of them no match")
    print(", ".join(f"{name} {int(count)} bytes" for name, count in measured))
    if options.memory and sum(int(count) for _, count in measured) > options.memory:
        sys.exit(f"more than {options.memory} bytes")


if __name__ == "__main__":
    main()
