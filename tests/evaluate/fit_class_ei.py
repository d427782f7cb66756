#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fits the class probability of EI and writes its rows of reference-spectra/knowledge/parameters.tsv.

Logistic regression on what the program tells of each spectrum of ei_dev with its own compound left out (analogue.py):
the odds by the fragments, and the likeness to the member most like it and to five of them. Positive are the spectra
of fentanyl type, negative those of other drugs; every compound weighs the same.

  class.*            coefficients
  class.threshold    the logit that at most 0.1 % of the negative compounds reach with any of their spectra

The same input gives the same bytes.
"""
import argparse
import collections
import math
import pathlib
import sys
import tempfile

import analogue
import evaluate
import fit_class_msms

RIDGE = 0.01
SHARE = 0.001
NAMES = ("fragments", "best", "mean", "offset")
MODEL = f"{analogue.FAMILY}\tei\tclass."


def features(answer):
    evidence = answer.get("class_evidence")
    if not evidence:
        return None
    return [evidence["fragments"], evidence["likeness"] or 0.0, evidence["mean_likeness"] or 0.0, 1.0]


def fit(bench, truths, records):
    """(parameter, value) in the order of the table."""
    answers = analogue.ask(bench, truths, records, explain=True)
    cases = [(evaluate.compound_of(truth), analogue.is_type(truth), features(answers[truth["id"]])) for truth in truths
             if (analogue.is_type(truth) or analogue.is_drug(truth)) and features(answers[truth["id"]])]
    counts = collections.Counter(compound for compound, _, _ in cases)
    coefficients = [round(value, 4) for value in fit_class_msms.logistic(
        [(values, int(member), 1 / counts[compound]) for compound, member, values in cases], RIDGE)]
    best = collections.defaultdict(lambda: -math.inf)
    for compound, member, values in cases:
        if not member:
            best[compound] = max(best[compound], sum(c * v for c, v in zip(coefficients, values)))
    limit = sorted(best.values(), reverse=True)[int(SHARE * len(best))]
    rows = [(f"class.{name}", value) for name, value in zip(NAMES, coefficients)]
    return rows + [("class.threshold", math.ceil(limit * 100 + 1) / 100)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("data", type=pathlib.Path, metavar="DATA_DIR")
    parser.add_argument("--spectra", required=True, metavar="PROGRAM")
    parser.add_argument("--check", action="store_true", help="only say whether the table would change")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        bench = analogue.Bench(evaluate.Program(options.spectra), options.data, pathlib.Path(name))
        truths = evaluate.read_truth(options.data / "ei" / "ei_dev_truth.tsv")
        rows = fit(bench, truths, analogue.split_records(options.data / "ei" / "ei_dev.msp"))
    before = fit_class_msms.TARGET.read_text(encoding="utf-8")
    kept = [line for line in before.splitlines(keepends=True) if not line.startswith(MODEL)]
    text = "".join(kept + [f"{analogue.FAMILY}\tei\t{name}\t{value:.4f}\n" for name, value in rows])
    if options.check:
        print("parameters.tsv is what the data give" if text == before else "parameters.tsv would change")
        return 0 if text == before else 1
    fit_class_msms.TARGET.write_text(text, encoding="utf-8")
    print("".join(f"{name}\t{value:.4f}\n" for name, value in rows), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
