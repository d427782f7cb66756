#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fixes the thresholds of libspectra/identify/thresholds.c from development data and writes that file.

For each track: queries from another laboratory, or another replicate, whose compound is in the reference, and queries
whose compound is not (or was left out). A query's evidence is the best score plus its distance to the first compound
outside the set that cannot be told apart (the score again where nothing lies outside).

  set margin  the distance within which 99 % of the true compounds lie from the best, where they are among the hits
  resembles   the score that all but 1 % of the right best hits reach
  group       the evidence that at most 5 % of the queries without their compound in the reference reach
  structure   the evidence that at most 1 % of them reach with a set of one
  matched     fewest matching peaks for a verdict: a rule, not fitted

Queries count so that each compound weighs the same. The same input gives the same bytes.
"""

import argparse
import hashlib
import math
import pathlib
import sys
import tempfile

import evaluate

ONE = 1 << 30
TOP = 60  # candidates that an identification looks at: IDENTIFY_CANDIDATES
MATCHED = {"EI": 6, "MS/MS": 2, "in-source": 2}
TARGET = pathlib.Path(__file__).resolve().parents[2] / "libspectra" / "identify" / "thresholds.c"

HEADER = """/* SPDX-License-Identifier: Apache-2.0 */
/* Written by tests/evaluate/fit_thresholds.py, which says what each number means; do not edit.
{notes}
   Input, SHA-256:
{inputs} */
#include "identify/thresholds.h"

const identify_thresholds identify_thresholds_by_track[3] = {{
{rows}
}};
"""


class Case:
    """One query: its compound, and scores and truths of its hits, best first (one for each compound)."""

    def __init__(self, compound, hits, right):
        self.compound = compound
        self.scores = [float(hit["score"]) for hit in hits]
        self.matched = int(hits[0]["matched_peaks"]) if hits else 0
        self.right = right  # index of the true compound among the hits, or None

    @property
    def best(self):
        return self.scores[0] if self.scores else 0.0

    def set_size(self, margin):
        return sum(self.best - score <= margin for score in self.scores)

    def evidence(self, margin):
        """As libspectra/identify/identify.c has it."""
        size = self.set_size(margin)
        if size < len(self.scores):
            return 2 * self.best - self.scores[size]
        return 2 * self.best if size < TOP else self.best


def weighted(cases):
    """(case, weight) with the weights of a compound's queries adding up to one."""
    counts = {}
    for case in cases:
        counts[case.compound] = counts.get(case.compound, 0) + 1
    return [(case, 1 / counts[case.compound]) for case in cases]


def quantile_from_above(values, share):
    """The least value that at most `share` of the weight lies at or above; values are (number, weight, in the count)."""
    total = sum(weight for _, weight, _ in values)
    reached = 0.0
    for number, weight, counted in sorted(values, key=lambda row: -row[0]):
        if not counted:
            continue
        reached += weight
        if reached > share * total + 1e-12:
            return math.nextafter(number, math.inf)
    return 0.0


def quantile_from_below(values, share):
    """The largest value that at most `share` of the weight lies below."""
    total = sum(weight for _, weight in values)
    reached = 0.0
    for number, weight in sorted(values):
        reached += weight
        if reached > share * total + 1e-12:
            return number
    return 0.0


def fit(inside, outside, matched):
    """Thresholds from queries whose compound is in the reference, and queries whose compound is not."""
    right = [(case, weight) for case, weight in weighted(inside) if case.right == 0]
    found = [(case, weight) for case, weight in weighted(inside) if case.right is not None]
    without = weighted(outside)
    margin = -quantile_from_below([(case.scores[case.right] - case.best, weight) for case, weight in found], 0.01)
    group = quantile_from_above([(case.evidence(margin), weight, case.matched >= matched)
                                 for case, weight in without], 0.05)
    structure = quantile_from_above([(case.evidence(margin), weight,
                                      case.matched >= matched and case.set_size(margin) == 1)
                                     for case, weight in without], 0.01)
    resembles = quantile_from_below([(case.best, weight) for case, weight in right], 0.01)
    return {"resembles": resembles, "group": max(group, resembles), "structure": max(structure, group),
            "margin": margin}


def widen(limits, wider):
    """In-source replicates come from one laboratory: how far another's lie apart they do not tell, MS/MS does."""
    limits["margin"] = max(limits["margin"], wider["margin"])


def cases_of(truths, hits, references):
    cases = []
    for truth in truths:
        rows = hits.get(truth["id"], [])
        right = next((i for i, hit in enumerate(rows) if evaluate.is_right(truth, hit, references)), None)
        cases.append(Case(evaluate.compound_of(truth), rows, right))
    return cases


def cases_ei(program, data, folder):
    """Spectra of other laboratories; the same with their own compound left out. Derivatives are no fair query."""
    reference, queries = data / "ei" / "ei_dev.msp", data / "ei" / "ei_dev_crosslab.msp"
    every = evaluate.read_truth(data / "ei" / "ei_dev_crosslab_truth.tsv")
    truths = evaluate.plain_truths(every)
    references = {record["accession"]: record for record in evaluate.read_msp(reference)}
    named = folder / "named.msp"
    named.write_text(evaluate.with_identity(queries.read_text(encoding="utf-8"), every), encoding="utf-8")
    program.build(folder / "ei.spdb", reference)
    options = ("--track", "ei", "--measure", "identity", "--top", TOP)
    inside = cases_of(truths, program.search(named, folder / "ei.spdb", *options), references)
    outside = cases_of(truths, program.search(named, folder / "ei.spdb", *options, "--exclude-own-compound"),
                       references)
    return inside, outside, [reference, queries]


def cases_msms(program, data, folder):
    """Two contributors' spectra against all others: compounds that others measured too, and compounds they did not."""
    folder_in = data / "msms"
    reference = folder_in / "msms_ref_open.msp"
    references = {record["accession"]: record for record in evaluate.read_msp(reference)}
    program.build(folder / "msms.spdb", reference)
    both, inputs = [], [reference]
    for name in ("msms_dev_queries", "msms_dev_notinlib"):
        queries = folder_in / f"{name}.msp"
        hits = program.search(queries, folder / "msms.spdb", "--top", TOP, *evaluate.protocol_options())
        both.append(cases_of(evaluate.read_truth(folder_in / f"{name}_truth.tsv"), hits, references))
        inputs.append(queries)
    return both[0], both[1], inputs


def blocks_of_msp(path):
    """The records of an MSP file as text, with the keys that tell them apart."""
    for text in path.read_text(encoding="utf-8").split("\n\n"):
        keys = dict(line.split(": ", 1) for line in text.split("\n") if ": " in line)
        if "Name" in keys:
            yield keys, text


def cases_insource(program, data, folder):
    """Replicate 2 against replicate 1 and the decoys; the same with the own compound left out."""
    replicates, decoys = data / "dart" / "nist_dart_isomer_replicates.msp", data / "dart" / "insource_decoys.msp"
    parts = {"1": [], "2": []}
    truths = []
    for keys, text in blocks_of_msp(replicates):
        parts[keys["Replicate"]].append(text)
        if keys["Replicate"] == "2":
            truths.append({"id": keys["DB#"], "name": keys["Name"], "formula": keys["Formula"], "inchikey": ""})
    for number, texts in parts.items():
        (folder / f"replicate{number}.msp").write_text("\n\n".join(texts) + "\n\n", encoding="utf-8")
    files = [folder / "replicate1.msp", decoys]
    references = {record["accession"]: record for path in files for record in evaluate.read_msp(path)}
    program.build(folder / "insource.spdb", *files)
    options = ("--track", "insource", "--top", TOP)
    queries = folder / "replicate2.msp"
    inside = cases_of(truths, program.search(queries, folder / "insource.spdb", *options), references)
    outside = cases_of(truths, program.search(queries, folder / "insource.spdb", *options, "--exclude-own-compound"),
                       references)
    return inside, outside, [replicates, decoys]


def render(fitted):
    notes, inputs, rows, seen = [], [], [], set()
    for track, (limits, inside, outside, files) in fitted.items():
        compounds = {case.compound for case in inside}, {case.compound for case in outside}
        notes.append(f"   {track}: {len(inside)} queries of {len(compounds[0])} compounds in the reference, "
                     f"{len(outside)} of {len(compounds[1])} without theirs.")
        for path in files:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if path.name not in seen:
                inputs.append(f"     {path.name}\n       {digest}")
            seen.add(path.name)
        numbers = ", ".join(f"{math.ceil(limits[key] * ONE)}u" for key in ("resembles", "group", "structure", "margin"))
        values = ", ".join(f"{key} {limits[key]:.3f}" for key in ("resembles", "group", "structure", "margin"))
        rows.append(f"    /* {track}: {values} */\n    {{{numbers}, {MATCHED[track]}u}},")
    return HEADER.format(notes="\n".join(notes), inputs="\n".join(inputs), rows="\n".join(rows))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("data", type=pathlib.Path, metavar="DATA_DIR")
    parser.add_argument("--spectra", required=True, metavar="PROGRAM")
    parser.add_argument("--check", action="store_true", help="only say whether the file would change")
    options = parser.parse_args()
    program = evaluate.Program(options.spectra)
    fitted = {}
    with tempfile.TemporaryDirectory() as name:
        for track, gather in (("EI", cases_ei), ("MS/MS", cases_msms), ("in-source", cases_insource)):
            inside, outside, files = gather(program, options.data, pathlib.Path(name))
            fitted[track] = fit(inside, outside, MATCHED[track]), inside, outside, files
    widen(fitted["in-source"][0], fitted["MS/MS"][0])
    text = render(fitted)
    if options.check:
        same = TARGET.read_text(encoding="utf-8") == text
        print("thresholds.c is what the data give" if same else "thresholds.c would change")
        return 0 if same else 1
    TARGET.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
