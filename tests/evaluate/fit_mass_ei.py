#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fits what speaks for a molecular mass in EI and writes its rows of reference-spectra/knowledge/parameters.tsv.

A softmax over the masses of each spectrum of fentanyl type in ei_dev, of the features that mass_features.c prints, with the
spectrum's own compound left out of the references and of the learned tables; every compound weighs the same. `--folds N`
also tells how often the mass is right where the compound was left out of the fit.

The same input gives the same bytes; INPUT of fit_class_ei.py is the SHA-256 of the files.
"""
import argparse
import collections
import math
import pathlib
import subprocess
import sys
import tempfile

import analogue
import evaluate
import fit_class_ei
import fit_class_msms

NAMES = ("fragments", "ion", "above", "share", "last", "vote", "votes", "m15", "even", "bad")
RIDGE = 0.05
STEPS = 40
UNIT = 32


def parse(text):
    """{id: {mass: features}}"""
    cases = {}
    for line in text.splitlines():
        words = line.split(" ")
        if len(words) == 1 + len(NAMES):
            cases[last][int(words[0])] = [int(word) / UNIT for word in words[1:]]
        else:
            last = line
            cases[last] = {}
    return cases


def ask(program, bench, truths, records):
    groups = collections.defaultdict(list)
    for truth in truths:
        groups[bench.database_for(truth["inchikey"].split("-")[0])].append(truth["id"])
    cases = {}
    for database, ids in groups.items():
        path = bench.folder / "queries.msp"
        path.write_text("".join(records[i] for i in ids), encoding="utf-8")
        cases |= parse(subprocess.run([program, database, bench.references, path], check=True, stdout=subprocess.PIPE,
                                      encoding="utf-8").stdout)
    return cases


def softmax(weights, masses):
    logits = {mass: sum(w * x for w, x in zip(weights, features)) for mass, features in masses.items()}
    top = max(logits.values())
    powers = {mass: math.exp(logit - top) for mass, logit in logits.items()}
    total = sum(powers.values())
    return {mass: power / total for mass, power in powers.items()}


def loss(weights, cases):
    return RIDGE / 2 * sum(w * w for w in weights) - sum(
        share * math.log(max(softmax(weights, masses)[truth], 1e-300)) for masses, truth, share in cases)


def derivatives(weights, cases):
    size = len(weights)
    gradient = [RIDGE * w for w in weights]
    hessian = [[RIDGE if i == j else 0.0 for j in range(size)] for i in range(size)]
    for masses, truth, share in cases:
        probable = {mass: p for mass, p in softmax(weights, masses).items() if p > 1e-9}
        mean = [sum(p * masses[mass][i] for mass, p in probable.items()) for i in range(size)]
        for i in range(size):
            gradient[i] += share * (mean[i] - masses[truth][i])
        for mass, p in probable.items():
            off = [x - m for x, m in zip(masses[mass], mean)]
            for i in range(size):
                for j in range(size):
                    hessian[i][j] += share * p * off[i] * off[j]
    return gradient, hessian


def fit(cases):
    """Newton's method; a step that makes it worse is halved."""
    weights, best = [0.0] * len(NAMES), loss([0.0] * len(NAMES), cases)
    for _ in range(STEPS):
        gradient, hessian = derivatives(weights, cases)
        step, shorter = fit_class_msms.solve(hessian, gradient), 1.0
        while shorter > 1e-4:
            trial = [w - shorter * s for w, s in zip(weights, step)]
            value = loss(trial, cases)
            if value < best:
                break
            shorter /= 2
        else:
            break
        done = best - value < 1e-9
        weights, best = trial, value
        if done:
            break
    return weights


def right(weights, masses, truth):
    probable = softmax(weights, masses)
    return max(probable, key=lambda mass: (probable[mass], -mass)) == truth


def report_folds(cases, compounds, count):
    order = sorted(set(compounds))
    fold = {compound: i % count for i, compound in enumerate(order)}
    hits = 0
    for k in range(count):
        weights = fit([case for case, compound in zip(cases, compounds) if fold[compound] != k])
        hits += sum(right(weights, masses, truth) for (masses, truth, _), compound in zip(cases, compounds)
                    if fold[compound] == k)
    low, high = evaluate.wilson(hits, len(cases))
    print(f"left out of the fit: {hits} of {len(cases)} right [{low:.3f}, {high:.3f}]")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("data", type=pathlib.Path, metavar="DATA_DIR")
    parser.add_argument("--spectra", required=True, metavar="PROGRAM")
    parser.add_argument("--features", required=True, metavar="PROGRAM", help="mass-features of the tests")
    parser.add_argument("--folds", type=int, help="also tell what holds for compounds left out, by so many folds")
    parser.add_argument("--check", action="store_true", help="only say whether the table would change")
    options = parser.parse_args()
    if fit_class_ei.digest_of(options.data) != fit_class_ei.INPUT:
        print("the data are not those that the rows were made from", file=sys.stderr)
    with tempfile.TemporaryDirectory() as name:
        bench = analogue.Bench(evaluate.Program(options.spectra), options.data, pathlib.Path(name))
        truths = list(filter(analogue.is_type, evaluate.read_truth(options.data / "ei" / "ei_dev_truth.tsv")))
        found = ask(options.features, bench, truths, analogue.split_records(options.data / "ei" / "ei_dev.msp"))
    masses = {truth["id"]: analogue.nominal_mass(bench.learn, truth["formula"]) for truth in truths}
    counts = collections.Counter(map(evaluate.compound_of, truths))
    possible = [truth for truth in truths if masses[truth["id"]] in found[truth["id"]]]
    cases = [(found[truth["id"]], masses[truth["id"]], 1 / counts[evaluate.compound_of(truth)]) for truth in possible]
    weights = fit(cases)
    hits = sum(right(weights, features, truth) for features, truth, _ in cases)
    print(f"{len(truths)} spectra, the mass is possible in {len(cases)}, right in {hits}", file=sys.stderr)
    if options.folds:
        report_folds(cases, [evaluate.compound_of(truth) for truth in possible], options.folds)
    return fit_class_msms.publish(analogue.FAMILY, "ei", ["mass"],
                                  [(f"mass.{name}", f"{weight:.3f}") for name, weight in zip(NAMES, weights)],
                                  options.check)


if __name__ == "__main__":
    sys.exit(main())
