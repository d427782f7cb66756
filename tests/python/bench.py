#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the same answers cost through Python and through the program: CPU time of a thousand queries, read from text and
answered with the line that the program prints, both in turn in one run. Python's start is left out, the program's is in.

`bench.py --build DIR [DATABASE…]`: databases of EI (named ei-*) and MS/MS (msms-*) beside the reference.
"""
import argparse
import pathlib
import resource
import statistics
import subprocess
import sys
import time

import spectra

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
QUERIES, ROUNDS = 1000, 3


def by_program(program, command, database, files):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([program, command, "--db", database, "--format", "jsonl", *files], capture_output=True, check=False,
                          text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    answers = [line for line in done.stdout.splitlines(keepends=True) if '"error":' not in line]
    return "".join(answers), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def line_of(database, command, query):
    """Empty for a query that is refused: no precursor is stated, or nothing of its polarity is there."""
    try:
        return database.identify(query).to_json() if command == "identify" else database.search(query).report("jsonl")
    except spectra.SpectraError:
        return ""


def by_python(command, path, files):
    before = time.process_time()
    with spectra.Database.open(path) as database:
        lines = [line_of(database, command, query) for file in files for query in spectra.read(file)]
    return "".join(lines), time.process_time() - before


def compare(program, command, kind, database):
    source = str(ROOT / "reference-spectra" / f"{kind}.spectra")
    records = sum(1 for _ in spectra.read(source))
    files = [source] * -(-QUERIES // records)
    programs, pythons = [], []
    for _ in range(ROUNDS):
        theirs, seconds = by_program(program, command, str(database), files)
        programs.append(seconds)
        mine, seconds = by_python(command, database, files)
        pythons.append(seconds)
        if mine != theirs or not mine:
            sys.exit(f"bench: {command} of {kind} says something else than the program")
    count = records * len(files)
    one, other = (statistics.median(times) / count * 1e6 for times in (programs, pythons))
    print(f"{command:9} {kind:5} {database.stem:16} {count:5} {one:9.1f} {other:9.1f} {other / one:6.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("databases", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()
    reference = arguments.build / "share" / "spectra" / "reference.spdb"
    print("work      kind  database        queries   program    Python  ratio   (CPU time of a query in µs, median of "
          f"{ROUNDS} rounds)")
    for kind in ("ei", "msms"):
        others = [path for path in arguments.databases if path.name.startswith(f"{kind}-")]
        for command, databases in (("identify", [reference]), ("search", [reference, *others])):
            for database in databases:
                compare(arguments.build / "bin" / "spectra", command, kind, database)


if __name__ == "__main__":
    main()
