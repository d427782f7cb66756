#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the tests of a coverage build have run: at least 95 % of the library's lines, and every branch of db/ and
io/ but those that missing.tsv names with the reason. A branch that is missing and not named fails, and so does a name
whose branch is run. `check.py --build DIR`; `--list FOLDER` prints what is missing; `--self-test` shows that it can fail.
"""
import argparse
import collections
import csv
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAMED = pathlib.Path(__file__).with_name("missing.tsv")
LEAST_LINES = 95.0
ALL_BRANCHES = ("db", "io")


def measure(build):
    """gcovr's record of each file of the library."""
    command = ["gcovr", "--root", ROOT, "--object-directory", build, "--filter", f"{ROOT}/libspectra/",
               "--exclude", ".*tables_generate.c", "--json", "-", build]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(done.stderr[-3000:])
    return [(record["file"], [line for line in record["lines"] if not line.get("gcovr/noncode")])
            for record in json.loads(done.stdout)["files"]]


def count(files):
    """{folder: [lines, lines run, branches, branches run]}"""
    table = collections.defaultdict(lambda: [0, 0, 0, 0])
    for name, lines in files:
        for row in (table[name.split("/")[1]], table["all"]):
            row[0] += len(lines)
            row[1] += sum(line["count"] > 0 for line in lines)
            row[2] += sum(len(line["branches"]) for line in lines)
            row[3] += sum(branch["count"] > 0 for line in lines for branch in line["branches"])
    return table


def missing_branches(files, text_of, folders=ALL_BRANCHES):
    """{(file, text of the line): branches never taken} of the folders that have to have all. Lines are told by their
    text: their numbers change too often."""
    found = collections.Counter()
    for name, lines in files:
        if name.split("/")[1] in folders:
            text = text_of(name).split("\n")
            for line in lines:
                never = sum(branch["count"] == 0 for branch in line["branches"])
                found[name, text[line["line_number"] - 1].strip()] += never
    return +found


def read_named(text):
    rows = csv.reader((line for line in text.split("\n")[1:] if line), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {(file, line): (int(branches), reason) for file, line, branches, reason in rows}


def compare(missing, named):
    for (file, line), branches in sorted(missing.items()):
        expected, reason = named.get((file, line), (0, ""))
        if branches > expected or not reason.strip():
            yield f"{file}: {branches} branches never taken and {expected} named with a reason: {line}"
    for (file, line), (expected, _) in sorted(named.items()):
        if missing[file, line] < expected:
            yield f"{file}: {expected} branches named and {missing[file, line]} missing: {line}"


def print_table(table):
    print(f"{'folder':10}{'lines':>7}{'run':>9}{'branches':>10}{'taken':>9}")
    for folder in sorted(table, key=lambda name: (name == "all", name)):
        lines, run, branches, taken = table[folder]
        print(f"{folder:10}{lines:7}{100 * run / lines:8.1f}%{branches:10}{100 * taken / max(branches, 1):8.1f}%")


def self_test():
    files = [("libspectra/db/a.c", [{"line_number": 1, "count": 1, "branches": [{"count": 1}, {"count": 0}]},
                                    {"line_number": 2, "count": 0, "branches": []}]),
             ("libspectra/base/b.c", [{"line_number": 1, "count": 1, "branches": [{"count": 0}]}])]
    missing = missing_branches(files, lambda name: "  if (a)\n  b();\n")
    assert missing == {("libspectra/db/a.c", "if (a)"): 1}
    assert count(files)["all"] == [3, 2, 3, 1] and count(files)["db"] == [2, 1, 2, 1]
    named = read_named("file\tline\tbranches\treason\nlibspectra/db/a.c\tif (a)\t1\tnever\n")
    assert list(compare(missing, named)) == []
    assert len(list(compare(missing, {}))) == 1
    assert len(list(compare(missing, {("libspectra/db/a.c", "if (a)"): (1, " ")}))) == 1
    assert len(list(compare(collections.Counter(), named))) == 1
    assert len(list(compare(missing + missing, named))) == 1
    print("each rule can fail")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path)
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--list", metavar="FOLDER", help="print the missing branches of a folder, as rows of missing.tsv")
    options = parser.parse_args()
    if options.self_test:
        return self_test()
    files = measure(options.build.resolve())
    table = count(files)
    folders = (options.list,) if options.list else ALL_BRANCHES
    missing = missing_branches(files, lambda name: (ROOT / name).read_text(), folders)
    if options.list:
        print("\n".join(f"{file}\t{line}\t{branches}\t" for (file, line), branches in missing.items()))
        return 0
    named = read_named(NAMED.read_text())
    print_table(table)
    breaches = list(compare(missing, named))
    if 100 * table["all"][1] < LEAST_LINES * table["all"][0]:
        breaches.append(f"fewer than {LEAST_LINES} % of the lines are run")
    print("\n".join(breaches + [f"{len(named)} lines have a branch that is never taken, with the reason; "
                                f"{len(breaches)} breaches"]))
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
