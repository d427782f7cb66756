#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures how often the program is right, on development data that is not part of the project.

Builds databases in a temporary folder, asks the program, compares with the truth and prints each figure with its n and
its 95 % interval (Wilson). "by compound" gives each compound the same weight however many spectra it has.
The program is used as anybody would: through its command line.
"""

import argparse
import bisect
import collections
import csv
import json
import math
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

import analogue

import calibration
import mixtures

Z95 = 1.959963984540054
# Contributors whose spectra are the MS/MS queries: left in the reference, each query would find itself.
QUERY_CONTRIBUTORS = ("MSBNK-LCSB-", "MSBNK-EPA-")
PRECURSOR_PPM = 20
VERDICTS = ("supported", "not_distinguished", "class_only", "inconclusive", "no_match")
# Verdicts that name substances.
NAMING = ("supported", "not_distinguished")
# Statuses of the program that are answers: done, and for a single spectrum no match or inconclusive.
ANSWERED = (0, 10, 11)


# Statistics.

def wilson(successes, n):
    """95 % interval of a proportion; `successes` may be fractional (a mean over compounds)."""
    if n == 0:
        return 0.0, 1.0
    share = successes / n
    spread = Z95 * math.sqrt(share * (1 - share) / n + Z95 * Z95 / (4 * n * n))
    centre = share + Z95 * Z95 / (2 * n)
    scale = 1 + Z95 * Z95 / n
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def by_compound(outcomes):
    """Outcomes (compound, true or false) gathered: a list for each compound."""
    gathered = collections.defaultdict(list)
    for compound, outcome in outcomes:
        gathered[compound].append(bool(outcome))
    return gathered


def micro(outcomes):
    """(successes, n), each spectrum counting once."""
    return sum(bool(outcome) for _, outcome in outcomes), len(outcomes)


def macro(outcomes):
    """(successes, n) with n compounds: the sum of each compound's own share."""
    gathered = by_compound(outcomes)
    return sum(sum(values) / len(values) for values in gathered.values()), len(gathered)


def any_of_compound(outcomes):
    """(successes, n) with n compounds: those for which it happened at least once."""
    gathered = by_compound(outcomes)
    return sum(any(values) for values in gathered.values()), len(gathered)


# Compounds and records.

def block_of(inchikey):
    return inchikey.split("-")[0]


def compound_of(row):
    """What tells compounds apart: first block of the InChIKey and formula, else the name ignoring case."""
    if row.get("inchikey"):
        return block_of(row["inchikey"]), row.get("formula", "")
    return row.get("name", "").lower()


def same_compound(truth, other):
    """Whether two rows (inchikey, formula, name) mean one compound; a formula that is missing parts nothing."""
    if truth.get("inchikey") and other.get("inchikey"):
        formulas = truth.get("formula"), other.get("formula")
        return (block_of(truth["inchikey"]) == block_of(other["inchikey"])
                and ("" in formulas or None in formulas or formulas[0] == formulas[1]))
    return bool(truth.get("name")) and truth["name"].lower() == other.get("name", "").lower()


MSP_KEYS = {"Name": "name", "InChIKey": "inchikey", "Formula": "formula", "DB#": "accession",
            "PrecursorMZ": "precursor_mz"}


def read_msp(path):
    """Records of an MSP file: the keys above, and the peaks as pairs of numbers."""
    records = []
    record = None
    for line in path.read_text(encoding="utf-8").split("\n"):
        key, colon, value = line.partition(":")
        if colon and key == "Name":
            record = {"name": value.strip(), "peaks": []}
            records.append(record)
        elif colon and key in MSP_KEYS:
            record.setdefault(MSP_KEYS[key], value.strip())
        elif line[:1].isdigit():
            mz, intensity = line.split()[:2]
            record["peaks"].append((float(mz), float(intensity)))
    return records


def read_truth(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def with_identity(msp_text, truth):
    """The queries with the truth's InChIKey, formula and name added, so that their own compound can be left out."""
    rows = {row["id"]: row for row in truth}
    lines = []
    for line in msp_text.split("\n"):
        if not line.startswith("Name: "):
            lines.append(line)
            continue
        row = rows[line[len("Name: "):]]
        lines += [f"Name: {row['name']}", f"InChIKey: {row['inchikey']}", f"Formula: {row['formula']}"]
    return "\n".join(lines)


# The program.

class Program:
    def __init__(self, path):
        self.path = path

    def run(self, *arguments):
        done = subprocess.run([self.path, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              encoding="utf-8", check=False)
        if done.returncode not in ANSWERED:
            raise SystemExit(f"{' '.join([self.path, *map(str, arguments)])}\n{done.stderr}status {done.returncode}")
        return done.stdout

    def build(self, out, *files):
        self.run("db", "build", "-o", out, *files)

    def search(self, queries, database, *options):
        return parse_hits(self.run("search", queries, "--db", database, "--mode", "identity", "--format", "tsv",
                                   *options))

    def identify(self, queries, database, *options):
        return parse_verdicts(self.run("identify", queries, "--db", database, "--format", "jsonl", *options))


def parse_hits(text):
    """Rows of `search --format tsv` by query, in the order of their rank."""
    hits = collections.defaultdict(list)
    for row in csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        hits[row["query"]].append(row)
    for rows in hits.values():
        rows.sort(key=lambda row: int(row["rank"]))
    return hits


def parse_verdicts(text):
    """Objects of `identify --format jsonl` by the id of their query."""
    answers = {}
    for line in text.splitlines():
        answer = json.loads(line)
        if "query" in answer:
            answers[answer["query"]["id"]] = answer
    return answers


# What is right.

def reference_row(truth, references):
    """The reference record that the truth's note names, or None."""
    match = re.search(r"ref in [^:]*: ([^;\s]+)", truth.get("note") or "")
    return references.get(match.group(1)) if match else None


def is_right(truth, hit, references):
    """Whether a hit is the compound of the truth. A reference record without InChIKey goes by the truth's note."""
    found = references[hit["accession"]]
    if found.get("inchikey"):
        return same_compound(truth, found)
    named = reference_row(truth, references)
    return same_compound(named or truth, found)


def top_outcomes(truths, hits, references, k):
    """(compound, whether the right one is among the first k hits) for each query."""
    return [(compound_of(truth), any(is_right(truth, hit, references) for hit in hits.get(truth["id"], [])[:k]))
            for truth in truths]


def replicate_groups(records):
    """Records of compounds that were measured more than once, where copies of the same peaks count as one."""
    groups = collections.defaultdict(list)
    for record in records:
        groups[compound_of(record)].append(record)
    return [group for group in groups.values() if len({tuple(record["peaks"]) for record in group}) > 1]


def replicate_outcomes(records, hits):
    """(compound, whether the first hit is right) with the query itself and its exact copies left out of the hits."""
    by_accession = {record["accession"]: record for record in records}
    outcomes = []
    for group in replicate_groups(records):
        for query in group:
            others = [by_accession[hit["accession"]] for hit in hits.get(query["accession"], [])]
            others = [other for other in others if other["peaks"] != query["peaks"]]
            outcomes.append((compound_of(query), bool(others) and same_compound(query, others[0])))
    return outcomes


def count_candidates(queries, references):
    """By query, how many compounds of the reference lie in its precursor window."""
    ladder = sorted((float(row["precursor_mz"]), compound_of(row)) for row in references if row.get("precursor_mz"))
    masses = [mass for mass, _ in ladder]
    counts = {}
    for query in queries:
        mass = float(query["precursor_mz"])
        window = mass * PRECURSOR_PPM * 1e-6
        inside = ladder[bisect.bisect_left(masses, mass - window):bisect.bisect_right(masses, mass + window)]
        counts[query["accession"]] = len({compound for _, compound in inside})
    return counts


def named_compounds(answer):
    """The substances of an answer's set, with the formula where the candidates tell it."""
    formulas = {candidate.get("inchikey"): candidate.get("formula", "") for candidate in answer.get("candidates", [])}
    return [{"inchikey": key, "formula": formulas.get(key, ""), "name": key} for key in answer.get("set", [])]


def holds_truth(truth, answer):
    return any(same_compound(truth, named) for named in named_compounds(answer))


def verdict_of(answer):
    return answer["verdict"] if answer and answer.get("verdict") in VERDICTS else "error"


# The report.

class Report:
    """Prints each figure as it comes and keeps it for the CSV file."""

    def __init__(self):
        self.rows = []

    def heading(self, text):
        print(f"\n{text}")

    def figure(self, quantity, n, value, low="", high=""):
        self.rows.append((quantity, n, value, low, high))

    def rate(self, quantity, successes, n):
        low, high = wilson(successes, n)
        value = successes / n if n else 0.0
        self.figure(quantity, n, f"{value:.4f}", f"{low:.4f}", f"{high:.4f}")
        print(f"  {quantity:<80} {n:>6}  {value:.3f} [{low:.3f}, {high:.3f}]  ({successes:.6g})", flush=True)

    def rates(self, quantity, outcomes):
        self.rate(f"{quantity}, by spectrum", *micro(outcomes))
        self.rate(f"{quantity}, by compound", *macro(outcomes))

    def number(self, quantity, n, value):
        self.figure(quantity, n, f"{value:.4g}")
        print(f"  {quantity:<80} {n:>6}  {value:.4g}", flush=True)

    def write(self, path):
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("quantity", "n", "value", "low", "high"))
            writer.writerows(self.rows)


def report_verdicts(report, what, truths, answers):
    """Counts of the verdicts."""
    counts = collections.Counter(verdict_of(answers.get(truth["id"])) for truth in truths)
    for verdict in (*VERDICTS, "error"):
        if verdict != "error" or counts[verdict]:
            report.rate(f"{what}: {verdict}", counts[verdict], len(truths))


def report_named(report, what, truths, answers):
    """Where the compound is in the reference: how often the set holds it, how often the verdict names others only."""
    named = [truth for truth in truths if verdict_of(answers.get(truth["id"])) in NAMING]
    report.rates(f"{what}: set holds the truth, where one is named",
                 [(compound_of(truth), holds_truth(truth, answers[truth["id"]])) for truth in named])
    report_false(report, what, truths, answers)
    sizes = [len(answers[truth["id"]].get("set", [])) for truth in named]
    if sizes:
        report.number(f"{what}: median size of the set", len(sizes), statistics.median(sizes))
        report.number(f"{what}: mean size of the set", len(sizes), statistics.mean(sizes))


def is_false(truth, answer, verdicts):
    return verdict_of(answer) in verdicts and not holds_truth(truth, answer)


def has_other_formula(truth, answer):
    formulas = {named["formula"] for named in named_compounds(answer)}
    return truth["formula"] not in formulas


def report_false(report, what, truths, answers):
    """Verdicts that name substances without the true one. By compound: at least one of its spectra."""
    for verdicts in (("supported",), ("not_distinguished",), NAMING):
        outcomes = [(compound_of(truth), is_false(truth, answers.get(truth["id"]), verdicts)) for truth in truths]
        label = f"{what}: false {' or '.join(verdicts)}"
        report.rate(f"{label}, by spectrum", *micro(outcomes))
        report.rate(f"{label}, compounds with any", *any_of_compound(outcomes))
    outcomes = [(compound_of(truth), is_false(truth, answers.get(truth["id"]), NAMING)
                 and has_other_formula(truth, answers[truth["id"]])) for truth in truths]
    report.rate(f"{what}: false and of another formula, by spectrum", *micro(outcomes))
    report.rate(f"{what}: false and of another formula, compounds with any", *any_of_compound(outcomes))


# The evaluations.

def plain_truths(truths):
    """Those whose spectra are no derivatives."""
    return [truth for truth in truths if "derivative" not in truth["note"]]


def evaluate_ei_search(report, program, data, database, references, truths):
    report.heading("EI, spectra of other laboratories against ei_dev")
    queries = data / "ei" / "ei_dev_crosslab.msp"
    for measure in ("identity", "match-factor"):
        hits = program.search(queries, database, "--track", "ei", "--measure", measure, "--top", 5)
        for what, chosen in (("all", truths), ("no derivatives", plain_truths(truths))):
            for k in (1, 5):
                report.rates(f"EI {measure}, {what}: top-{k}", top_outcomes(chosen, hits, references, k))


def evaluate_ei_replicates(report, program, data, database, records):
    report.heading("EI, replicates inside ei_dev, the spectrum itself and its copies left out")
    for measure in ("identity", "match-factor"):
        hits = program.search(data / "ei" / "ei_dev.msp", database, "--track", "ei", "--measure", measure, "--top", 50,
                              "--all-spectra")
        report.rates(f"EI replicates {measure}: top-1", replicate_outcomes(records, hits))


def evaluate_ei_verdicts(report, program, data, database, truths, folder):
    report.heading("EI, verdicts on spectra of other laboratories, compound in the reference")
    queries = data / "ei" / "ei_dev_crosslab.msp"
    answers = program.identify(queries, database, "--track", "ei")
    for what, chosen in (("EI verdict, all", truths), ("EI verdict, no derivatives", plain_truths(truths))):
        report_verdicts(report, what, chosen, answers)
        report_named(report, what, chosen, answers)
    report.heading("EI, verdicts on the same spectra with their own compound left out")
    named = folder / "crosslab.msp"
    named.write_text(with_identity(queries.read_text(encoding="utf-8"), truths), encoding="utf-8")
    answers = program.identify(named, database, "--track", "ei", "--exclude-own-compound")
    report_verdicts(report, "EI verdict, compound left out", truths, answers)
    report_false(report, "EI verdict, compound left out", truths, answers)


def evaluate_ei_calibration(report, program, data, database, truths, folder):
    report.heading("EI, probabilities: ei_dev, then the same with 12,467 spectra more; each fitted on its own spectra")
    larger = folder / "ei_larger.spdb"
    program.build(larger, data / "ei" / "ei_dev.msp", data / "ei" / "massbank_ei_dev.msp")
    for size, reference in (("1,492 spectra", database), ("13,959 spectra", larger)):
        options = folder / "crosslab.msp", reference, "--track", "ei"
        present, absent = program.identify(*options), program.identify(*options, "--exclude-own-compound")
        for what, chosen in (("all", truths), ("no derivatives", plain_truths(truths))):
            calibration.report_calibration(report, f"EI calibration, {size}, {what}", (chosen, present),
                                           (chosen, absent), same_compound)


def evaluate_ei(report, program, data, folder):
    database = folder / "ei.spdb"
    program.build(database, data / "ei" / "ei_dev.msp")
    records = read_msp(data / "ei" / "ei_dev.msp")
    references = {record["accession"]: record for record in records}
    truths = read_truth(data / "ei" / "ei_dev_crosslab_truth.tsv")
    evaluate_ei_search(report, program, data, database, references, truths)
    evaluate_ei_replicates(report, program, data, database, records)
    evaluate_ei_verdicts(report, program, data, database, truths, folder)
    evaluate_ei_calibration(report, program, data, database, truths, folder)


def without_query_contributors(records):
    return [record for record in records if not record["accession"].startswith(QUERY_CONTRIBUTORS)]


def protocol_options():
    options = ["--track", "msms", "--precursor-tolerance", f"{PRECURSOR_PPM}ppm"]
    for prefix in QUERY_CONTRIBUTORS:
        options += ["--exclude-accession", prefix]
    return options


def evaluate_msms_search(report, program, queries, database, references, truths):
    report.heading("MS/MS, spectra of two contributors against all others, 20 ppm")
    hits = program.search(queries, database, "--measure", "entropy", "--top", 5, *protocol_options())
    candidates = count_candidates(read_msp(queries), without_query_contributors(references.values()))
    report.rates("MS/MS entropy: top-1", top_outcomes(truths, hits, references, 1))
    contested = [truth for truth in truths if candidates[truth["id"]] >= 2]
    report.rates("MS/MS entropy, two or more candidates: top-1", top_outcomes(contested, hits, references, 1))


def evaluate_msms(report, program, data, folder):
    msms = data / "msms"
    database = folder / "msms.spdb"
    program.build(database, msms / "msms_ref_open.msp")
    references = {record["accession"]: record for record in read_msp(msms / "msms_ref_open.msp")}
    truths = read_truth(msms / "msms_dev_queries_truth.tsv")
    evaluate_msms_search(report, program, msms / "msms_dev_queries.msp", database, references, truths)
    report.heading("MS/MS, verdicts, compound in the reference")
    answers = program.identify(msms / "msms_dev_queries.msp", database, *protocol_options())
    report_verdicts(report, "MS/MS verdict", truths, answers)
    report_named(report, "MS/MS verdict", truths, answers)
    report.heading("MS/MS, verdicts, compound not in the reference")
    truths = read_truth(msms / "msms_dev_notinlib_truth.tsv")
    answers = program.identify(msms / "msms_dev_notinlib.msp", database, *protocol_options())
    report_verdicts(report, "MS/MS verdict, not in library", truths, answers)
    report_false(report, "MS/MS verdict, not in library", truths, answers)
    import analogues_msms  # knows this module
    analogues_msms.evaluate_analogues(report, program, msms, folder)


def without_contributors(text):
    """The records of an MSP text that are not of the query contributors."""
    records = re.split(r"\n\s*\n", text)
    return "\n\n".join(record for record in records
                       if not any(f"DB#: {prefix}" in record for prefix in QUERY_CONTRIBUTORS))


def evaluate_msms_calibration(report, program, data, folder):
    report.heading("MS/MS, probabilities: fitted on the reference without the contributors of the queries")
    msms = data / "msms"
    reference, database = folder / "others.msp", folder / "others.spdb"
    reference.write_text(without_contributors((msms / "msms_ref_open.msp").read_text(encoding="utf-8")),
                         encoding="utf-8")
    program.build(database, reference)
    asked = [(read_truth(msms / f"{name}_truth.tsv"), program.identify(msms / f"{name}.msp", database))
             for name in ("msms_dev_queries", "msms_dev_notinlib")]
    calibration.report_calibration(report, "MS/MS calibration", *asked, same_compound)


def main():
    parser = argparse.ArgumentParser(description="Measures identification on development data.")
    parser.add_argument("data", type=pathlib.Path, metavar="DATA_DIR", help="folder with ei/, msms/ and dart/")
    parser.add_argument("--spectra", required=True, metavar="PROGRAM", help="the spectra program")
    parser.add_argument("--track", choices=("ei", "msms", "insource", "profiles", "transients", "panel", "all"),
                        help="only this kind; ei and msms where it is left out, since the simulated kinds take long")
    parser.add_argument("--csv", type=pathlib.Path, metavar="FILE", help="write the figures here too")
    options = parser.parse_args()
    report, program = Report(), Program(options.spectra)
    with tempfile.TemporaryDirectory() as name:
        if options.track in (None, "ei", "all"):
            evaluate_ei(report, program, options.data, pathlib.Path(name))
            analogue.evaluate(report, program, options.data, pathlib.Path(name), sys.modules[__name__])
        if options.track in (None, "msms", "all"):
            evaluate_msms(report, program, options.data, pathlib.Path(name))
            evaluate_msms_calibration(report, program, options.data, pathlib.Path(name))
        if options.track in ("insource", "all"):
            mixtures.evaluate(report, program, options.data, pathlib.Path(name), sys.modules[__name__])
        if options.track in ("profiles", "all"):
            import profiles  # knows this module
            profiles.evaluate_profiles(report, program, options.data, pathlib.Path(name))
        if options.track in ("transients", "all"):
            import transients  # likewise
            transients.evaluate_transients(report, program, pathlib.Path(name))
        if options.track in ("panel", "all"):
            import panel  # likewise
            panel.evaluate(report, program, options.data, pathlib.Path(name))
    if options.csv:
        report.write(options.csv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
