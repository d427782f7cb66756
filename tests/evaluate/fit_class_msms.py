#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fits the class probability of MS/MS and writes its rows of reference-spectra/knowledge/parameters.tsv.

Logistic regression on what the program tells of each query (analogues_msms.py says which): the root of the rule's
score, n / (n + 1) of n explained peaks, and the likeness to the member most like it; once with the likeness and once
without, for databases that hold no member. Every compound weighs the same; a small ridge keeps coefficients finite.

  class.*, alone.*   coefficients with and without likeness
  *.threshold        the logit that at most 1 % of the negative compounds reach with any of their spectra; with
                     likeness the larger of the two databases'

The same input gives the same bytes.
"""

import argparse
import collections
import math
import pathlib
import sys
import tempfile

import analogues_msms
import evaluate

RIDGE = 0.1
STEPS = 40
SHARE = 0.01
TARGET = pathlib.Path(__file__).resolve().parents[2] / "reference-spectra" / "knowledge" / "parameters.tsv"
NAMES = {"class": ("rule", "explained", "likeness", "constant"), "alone": ("rule", "explained", "constant")}


def features(answer, likeness):
    rule, explained, likest = analogues_msms.evidence(answer)
    values = [math.sqrt(rule), explained / (explained + 1)]
    return (values + [likest or 0.0] if likeness else values) + [1.0]


def solve(matrix, vector):
    """Gauss with the largest pivot."""
    rows = [list(row) + [value] for row, value in zip(matrix, vector)]
    size = len(rows)
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(i + 1, size):
            factor = rows[k][i] / rows[i][i]
            rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i])]
    solution = [0.0] * size
    for i in reversed(range(size)):
        solution[i] = (rows[i][size] - sum(rows[i][k] * solution[k] for k in range(i + 1, size))) / rows[i][i]
    return solution


def logistic(cases, penalty=RIDGE):
    """Coefficients, the constant last, of (features, 1 or 0, weight) by Newton's method."""
    size = len(cases[0][0])
    ridge = [penalty] * (size - 1) + [0.0]
    coefficients = [0.0] * size
    for _ in range(STEPS):
        gradient = [r * c for r, c in zip(ridge, coefficients)]
        hessian = [[ridge[i] if i == j else 0.0 for j in range(size)] for i in range(size)]
        for values, truth, weight in cases:
            p = 1 / (1 + math.exp(-sum(c * v for c, v in zip(coefficients, values))))
            slope = weight * p * (1 - p)
            for i, value in enumerate(values):
                gradient[i] += weight * (p - truth) * value
                for j in range(size):
                    hessian[i][j] += slope * value * values[j]
        coefficients = [c - step for c, step in zip(coefficients, solve(hessian, gradient))]
    return coefficients


def gathered(rows):
    """Equal cases become one with the sum of their weights: most negatives show nothing at all."""
    sums = collections.defaultdict(float)
    for values, truth, weight in rows:
        sums[tuple(values), truth] += weight
    return [(values, truth, weight) for (values, truth), weight in sums.items()]


def cases_of(data, answers, likeness):
    members = {name: analogues_msms.compound(row) for name, row in data.members.items()}
    rows = []
    for compounds, truth in ((members, 1), (data.negatives, 0)):
        counts = collections.Counter(compounds.values())
        rows += [(features(answers.get(name), likeness), truth, 1 / counts[compound])
                 for name, compound in compounds.items()]
    return rows


def threshold(coefficients, data, answers, likeness):
    best = collections.defaultdict(lambda: -math.inf)
    for name, compound in data.negatives.items():
        value = sum(c * v for c, v in zip(coefficients, features(answers.get(name), likeness)))
        best[compound] = max(best[compound], value)
    scores = sorted(best.values(), reverse=True)
    return scores[int(SHARE * len(scores))]


def fit(data, answers):
    """(parameter, value) in the order of the table."""
    rows = []
    for model, names in NAMES.items():
        likeness = model == "class"
        used = list(answers.values()) if likeness else [answers["few"]]
        cases = [row for each in used for row in cases_of(data, each, likeness)]
        coefficients = [round(value, 3) for value in logistic(gathered(cases))]
        limit = max(threshold(coefficients, data, each, likeness) for each in used)
        rows += [(f"{model}.{name}", value) for name, value in zip(names, coefficients)]
        rows.append((f"{model}.threshold", math.ceil(limit * 1000 + 1) / 1000))
    return rows


def replaced(text, family, track, models, rows):
    """The table with the rows of these models replaced where the first of them stood, or at its end."""
    starts = tuple(f"{family}\t{track}\t{model}." for model in models)
    lines = text.splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(starts)]
    place = next((i for i, line in enumerate(lines) if line.startswith(starts)), len(kept))
    return "".join(kept[:place] + [f"{family}\t{track}\t{name}\t{value}\n" for name, value in rows] + kept[place:])


def publish(family, track, models, rows, check):
    """Writes the rows into the table, or only says whether it would change; an exit status."""
    before = TARGET.read_text(encoding="utf-8")
    text = replaced(before, family, track, models, rows)
    if check:
        print("parameters.tsv is what the data give" if text == before else "parameters.tsv would change")
        return 0 if text == before else 1
    TARGET.write_text(text, encoding="utf-8")
    print("".join(f"{name}\t{value}\n" for name, value in rows), end="")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("data", type=pathlib.Path, metavar="DATA_DIR")
    parser.add_argument("--spectra", required=True, metavar="PROGRAM")
    parser.add_argument("--check", action="store_true", help="only say whether the table would change")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        data = analogues_msms.Data(options.data / "msms", folder)
        rows = fit(data, data.ask(evaluate.Program(options.spectra), folder))
    return publish(analogues_msms.FAMILY, "msms", NAMES, [(name, f"{value:.3f}") for name, value in rows],
                   options.check)


if __name__ == "__main__":
    sys.exit(main())
