#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Instructions that the library's code takes for small cases, counted by callgrind and compared with instructions.tsv.
A count that rises by more than 3 % fails. Counts belong to a compiler and a kind of processor: under another nothing is
compared.

    instructions.py --build DIR [--renew]     compares, or makes today's counts those of instructions.tsv
    instructions.py --build DIR --large DATABASE SOURCE [CASE…]    prints the counts of one query of a large library
    instructions.py --self-test               shows that the comparison can fail
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BASELINE = HERE / "instructions.tsv"
TOLERANCE = 0.03
QUERIES = 20
LARGE_QUERIES = 5
MSMS, EI = ROOT / "reference-spectra/msms.spectra", ROOT / "reference-spectra/ei.spectra"
# case: (libraries that it needs, as bench-library makes them; arguments of bench-case)
CASES = {
    "open": (("msms", MSMS, 20000, "msms.spdb"), ("msms.spdb", MSMS, QUERIES)),
    "hybrid": (("msms", MSMS, 20000, "msms.spdb"), ("msms.spdb", MSMS, QUERIES)),
    "identity": (("msms", MSMS, 20000, "msms.spdb"), ("msms.spdb", MSMS, QUERIES)),
    "ei-identity": (("ei", EI, 2000, "ei.spdb"), ("ei.spdb", EI, QUERIES)),
    "ei-match-factor": (("ei", EI, 2000, "ei.spdb"), ("ei.spdb", EI, QUERIES)),
    "read-msp": (("msms", MSMS, 1000, "msms.msp"), ("msms.msp",)),
}


def own_instructions(text, program):
    """Instructions of the program's own code; those of the C library differ with the processor."""
    total, inside, after_call = 0, False, False
    for line in text.split("\n"):
        if line.startswith("ob="):
            inside = pathlib.Path(line[3:]).name == program
        elif line.startswith("calls="):
            after_call = True  # the next line is what the callee took
        elif line and (line[0].isdigit() or line[0] in "+-*"):
            total += 0 if after_call or not inside else int(line.split()[1])
            after_call = False
    return total


def count(build, case, arguments, folder):
    program = build / "bench/bench-case"
    out = pathlib.Path(folder) / "callgrind.out"
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "--collect-atstart=no",
               "--toggle-collect=bench_counted", "--compress-strings=no", "--compress-pos=no", program, case, *arguments]
    done = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"bench-case {case}: {done.stderr[-2000:]}")
    return own_instructions(out.read_text(), program.name)


def measure(build):
    counts = {}
    with tempfile.TemporaryDirectory() as folder:
        for case, (library, arguments) in CASES.items():
            if not (pathlib.Path(folder) / library[-1]).exists():
                subprocess.run([str(word) for word in (build / "bench/bench-library", *library)], cwd=folder, check=True)
            counts[case] = count(build, case, arguments, folder)
    return counts


def compiler_of(build):
    """What the build was compiled by and for; callgrind knows no AVX-512, so that AVX2 is the most it can run."""
    text = next((build / "CMakeFiles").glob("*/CMakeCCompiler.cmake")).read_text()
    name = [re.search(rf'CMAKE_C_COMPILER_{word} "([^"]*)"', text).group(1) for word in ("ID", "VERSION")]
    flags = pathlib.Path("/proc/cpuinfo").read_text()
    return " ".join(name + [os.uname().machine] + ["avx2"] * (" avx2 " in flags))


def read_baseline(text):
    rows = [line.split("\t") for line in text.split("\n")[1:] if line]
    return {(compiler, case): int(instructions) for compiler, case, instructions in rows}


def compare(counts, baseline, compiler):
    """Lines that say what is wrong."""
    for case, instructions in counts.items():
        before = baseline.get((compiler, case))
        if before is None:
            yield f"{case}: not in instructions.tsv"
        elif instructions - before > TOLERANCE * before:
            yield f"{case}: {instructions} instructions where {before} are stated ({instructions / before - 1:+.1%})"
    for known, case in baseline:
        if known == compiler and case not in counts:
            yield f"{case}: in instructions.tsv, but there is no such case"


def self_test():
    profile = ("ob=/b/bench-case\nfn=search\n10 5\n+2 7\ncalls=3 20\n12 100\nob=/lib/libc.so.6\nfn=memcpy\n0 1000\n"
               "ob=/b/bench-case\nfn=other\n30 8\n")
    assert own_instructions(profile, "bench-case") == 20
    baseline = read_baseline("compiler\tcase\tinstructions\nGNU 12\topen\t1000\nclang 14\topen\t500\n")
    assert list(compare({"open": 1029}, baseline, "GNU 12")) == []
    assert len(list(compare({"open": 1031}, baseline, "GNU 12"))) == 1
    assert list(compare({"open": 500}, baseline, "GNU 12")) == []
    assert len(list(compare({"open": 1000, "new": 1}, baseline, "GNU 12"))) == 1
    assert len(list(compare({}, baseline, "GNU 12"))) == 1
    print("each rule can fail")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path)
    parser.add_argument("--renew", action="store_true")
    parser.add_argument("--large", nargs="+", metavar=("DATABASE SOURCE", "CASE"))
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        return self_test()
    build = options.build.resolve()
    if options.large:
        database, source, *cases = options.large
        with tempfile.TemporaryDirectory() as folder:
            for case in cases:
                arguments = (pathlib.Path(database).resolve(), pathlib.Path(source).resolve(), LARGE_QUERIES)
                per_query = count(build, case, arguments, folder) / LARGE_QUERIES
                print(f"{case}, {pathlib.Path(database).stem}: {per_query:,.0f} instructions per query")
        return 0
    compiler, counts, baseline = compiler_of(build), measure(build), read_baseline(BASELINE.read_text())
    for case, instructions in counts.items():
        print(f"{case:20}{instructions:14,}{baseline.get((compiler, case), 0):14,}")
    if options.renew:
        kept = {key: value for key, value in baseline.items() if key[0] != compiler}
        kept.update({(compiler, case): instructions for case, instructions in counts.items()})
        rows = [f"{name}\t{case}\t{instructions}\n" for (name, case), instructions in sorted(kept.items())]
        BASELINE.write_text("compiler\tcase\tinstructions\n" + "".join(rows))
        return 0
    if not any(known == compiler for known, _ in baseline):
        print(f"not compared: instructions.tsv has no counts of {compiler}")
        return 0
    breaches = list(compare(counts, baseline, compiler))
    if breaches:
        print("\n".join(breaches))
        print("If it has to be: ./dev instructions --renew, and the commit says why.")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
