# SPDX-License-Identifier: Apache-2.0
"""A panel shaped like those by which detectors of fentanyl are judged: fentanyl and its analogues, precursors, other opioids,
other drugs, cutting agents, mixtures. SIMULATED scans (simulate.py) of development spectra, a session of its own for each
sample (four scans of a blank, three of the sample), through `spectra screen` with the reference that ships and the targets
that are the default. For each part how many raise an alarm (of either kind) with their 95 % interval (Wilson), and the
probability that the count supports at a confidence of 95 %: of an alarm at least, or at most (Clopper and Pearson, one
side)."""
import json
import math
import random
import subprocess

import analogue
from evaluate import read_msp, read_truth
from simulate import Instrument, Session

REFERENCE = analogue.REFERENCE
BLANK_SCANS, SAMPLE_SCANS = 4, 3
IONS = 1e4
OTHER_DRUGS = 150  # of the compounds that are in no table
SHARES = (0.5, 0.25, 0.1)  # of the signal's base peak
MEMBERS_MIXED = 10
CONFIDENCE = 0.95
SEED = 1


def least_probability(successes, n):
    """The probability below which so many successes, or more, would be as rare as the confidence allows."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        at_least = sum(math.comb(n, k) * middle**k * (1 - middle)**(n - k) for k in range(successes, n + 1))
        low, high = (middle, high) if at_least < 1 - CONFIDENCE else (low, middle)
    return low


def first_block(record):
    return record["inchikey"][:14]


class Panel:
    def __init__(self, report, program, data, folder):
        self.report, self.program, self.folder = report, program, folder
        self.knowledge = analogue.Bench(program, data, folder)
        self.shipped = folder / "shipped.spdb"
        program.build(self.shipped, *(REFERENCE / f"{track}.spectra" for track in ("ei", "msms", "insource")),
                      "--substances", REFERENCE / "substances.tsv", "--knowledge", REFERENCE / "knowledge")
        self.accessions = {}
        for record in self.knowledge.learn.read_records(REFERENCE / "ei.spectra"):
            self.accessions.setdefault(first_block(record), []).append(record["record"])

    def databases(self, left_out):
        words = []
        if left_out in self.knowledge.learned_from:
            words += ["--db", self.knowledge.database(left_out, without=left_out)]
        words += ["--db", self.shipped]
        for accession in self.accessions.get(left_out, []):
            words += ["--exclude-accession", accession]
        return words

    def screen(self, name, parts, left_out=None):
        """The answer for a sample of `parts`, peaks and their share; a compound may be in no database."""
        last = max(mz for peaks, _ in parts for mz, _ in peaks)
        session = Session(Instrument(ions=IONS), f"panel {SEED} {name}", last + 20)
        session.write(self.folder / "blank.msp", BLANK_SCANS)
        session.write(self.folder / "sample.msp", SAMPLE_SCANS, parts)
        words = [self.program.path, "screen", "--format", "jsonl", "--track", "ei", "--fwhm", "0.7", "--ion", "1", "--axis", "none",
                 *self.databases(left_out), "--blank", self.folder / "blank.msp", self.folder / "sample.msp"]
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(done.stderr)
        return json.loads(done.stdout)

    def tell(self, part, answers, wanted):
        alarms = [answer["state"] != "clear" for answer in answers]
        self.report.rate(f"{part}: class alarm", sum(alarms), len(alarms))
        if wanted:
            self.report.number(f"{part}: probability of an alarm, at least", len(alarms), least_probability(sum(alarms), len(alarms)))
        else:
            quiet = len(alarms) - sum(alarms)
            self.report.number(f"{part}: probability of an alarm, at most", len(alarms), 1 - least_probability(quiet, len(alarms)))

    def part(self, name, records, wanted, left_out=True):
        self.tell(name, [self.screen(f"{name} {record['name']}", [(record["peaks"], 1)], first_block(record) if left_out else None)
                         for record in records], wanted)

    def mixtures(self, members, cutting):
        """Members of the family, in no database, at a share of the base peak beside a cutting agent."""
        for share in SHARES:
            answers = [self.screen(f"mixed {share} {member['name']} {agent['name']}",
                                   [(member["peaks"], share), (agent["peaks"], 1 - share)], first_block(member))
                       for member in members[:MEMBERS_MIXED] for agent in cutting]
            self.tell(f"analogues, {share:.0%} of the signal beside a cutting agent", answers, True)


def evaluate(report, program, data, folder):
    panel = Panel(report, program, data, folder)
    classes = {row["inchikey"][:14]: row["class"] for row in panel.knowledge.learn.read_table(REFERENCE / "substances.tsv")}
    truths = {truth["id"]: truth for truth in read_truth(data / "ei" / "ei_dev_truth.tsv")}
    parts = {}
    for record in read_msp(data / "ei" / "ei_dev.msp"):
        truth = truths[record["accession"]]
        kind = truth["class"] if truth["class"] != "other" else classes.get(truth["inchikey"][:14], "other")
        if truth["inchikey"]:
            parts.setdefault(kind, []).append({**record, "inchikey": truth["inchikey"]})
    members, other = parts["fentanyl_type"], parts["other"]
    random.Random(SEED).shuffle(members)
    random.Random(SEED).shuffle(other)
    report.heading("SIMULATED panel; spectra of the laboratory that most EI references are from, the compound in no database:")
    panel.part("analogues", members, True)
    panel.part("precursors", parts["fentanyl_precursor"] + parts["precursor"], False)
    panel.part("related", parts["fentanyl_related"], False)
    panel.part("other opioids", parts["other_opioid"], False)
    panel.part("cutting agents", parts["adulterant"], False)
    panel.part("other drugs", parts["other_drug"] + other[:OTHER_DRUGS], False)
    panel.mixtures(members, parts["adulterant"])
    report.heading("SIMULATED panel; a spectrum of the compound in the database, cut from the same measurement:")
    panel.part("known analogues", [member for member in members if first_block(member) in panel.accessions], True, False)
