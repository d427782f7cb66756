#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fits the class probability of EI and writes its rows of reference-spectra/knowledge/parameters.tsv.

Logistic regression on what the program tells of each spectrum of ei_dev with its own compound left out (analogue.py):
the odds by the fragments, and the likeness to the member most like it and to five of them. Positive are the spectra
of fentanyl type, negative those of other drugs; every compound weighs the same.

  class.*            coefficients
  class.threshold    the logit that at most 0.1 % of the negative compounds reach with any of their spectra

The same input gives the same bytes; INPUT is the SHA-256 of the files, one after the other, that the rows were made from.
"""
import argparse
import collections
import hashlib
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
FILES = ("ei/ei_dev.msp", "ei/ei_dev_truth.tsv", "figures/ei_background.tsv")
INPUT = "e9b6dbdba811ff8b4f41a3f86542e7524b5e63d4283d26da81bef8e699a49bbd"


def digest_of(data):
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((data / name).read_bytes())
    return digest.hexdigest()


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
    if digest_of(options.data) != INPUT:
        print("the data are not those that the rows were made from", file=sys.stderr)
    with tempfile.TemporaryDirectory() as name:
        bench = analogue.Bench(evaluate.Program(options.spectra), options.data, pathlib.Path(name))
        truths = evaluate.read_truth(options.data / "ei" / "ei_dev_truth.tsv")
        rows = fit(bench, truths, analogue.split_records(options.data / "ei" / "ei_dev.msp"))
    return fit_class_msms.publish(analogue.FAMILY, "ei", ["class"], [(name, f"{value:.4f}") for name, value in rows],
                                  options.check)


if __name__ == "__main__":
    sys.exit(main())
