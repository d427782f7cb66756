# SPDX-License-Identifier: Apache-2.0
"""MS/MS of a family's members as if no reference held them: what is asked, of which database, and what is right.

Members (protocol A, the query's own compound left out by the first block of its InChIKey):
  list        ion lists of 3 to 5 fragments, intensities rank-like (fentanyl_ion_lists_dev, not MoNA)
  simulated   the ions of several spectra of a compound put together (fentanyl_diagnostic_ions.tsv), mass errors kept
  measured    spectra of msms_ref_open (fentanyl, norfentanyl)
Negatives are all other spectra of msms_ref_open, alike. Two databases: `many` holds msms_ref_open and the ion lists,
`few` msms_ref_open alone.
"""

import collections
import pathlib
import re

import evaluate

FAMILY = "fentanyl-related"
MEASURED = {"PJMPHNIQZUBGLI": ("Fentanyl", "none"), "PMCBDBWCQQBSRJ": ("Norfentanyl", "nor")}
PARENT = {"C": 22, "H": 28, "N": 2, "O": 1}
PROTON = 1.007276
MASS = {"C": 12.0, "H": 1.00782503, "N": 14.00307400, "O": 15.99491462, "S": 31.97207117, "F": 18.99840316,
        "Cl": 34.96885269, "Br": 78.91833760, "I": 126.90447259}
DELTAS = pathlib.Path(__file__).resolve().parent / "analogue_deltas.tsv"
DATABASES = ("many", "few")


# Facts of the truth.

def signed_counts(text):
    """Signed counts of a difference of formulas, "C-1H-2O+1"; a formula "C22H28N2O" counts as gained."""
    counts = collections.Counter()
    for element, number in re.findall(r"([A-Z][a-z]?)([+-]?\d*)", text):
        counts[element] += int(number) if number else 1
    return counts


def mass_of(counts):
    return sum(MASS[element] * number for element, number in counts.items())


def places_of(label):
    """Modified places of a site label: A and B are one in MS/MS; None for a compound without the scaffold."""
    if label == "no-core":
        return None
    places = set()
    for token in re.findall(r"none|nor|E0|[A-E]", label):
        places.update({"none": (), "nor": ("AB",), "E0": ("E",), "A": ("AB",), "B": ("AB",)}.get(token, (token,)))
    return frozenset(places)


def deltas_of(row, known):
    """Difference of formulas at each place; None where neither the label nor the table tells."""
    places = places_of(row["site_label"])
    if row["name"] in known:
        return known[row["name"]]
    if places is None or len(places) > 1:
        return None
    total = signed_counts(row["formula"])
    total.subtract(PARENT)
    return {place: total for place in places}


def read_known_deltas():
    known = {}
    for row in evaluate.read_truth(DELTAS):
        words = row["deltas"].split(" ")
        known[row["name"]] = {place: signed_counts(text) for place, text in zip(words[::2], words[1::2])}
    return known


# Queries and databases.

def record_text(row, peaks, accession, klass=None):
    lines = [f"Name: {row['name']}", f"InChIKey: {row['inchikey']}", f"Formula: {row['formula']}",
             "Spectrum_type: MS2", f"PrecursorMZ: {row['precursor_mz']}", "Precursor_type: [M+H]+", "Ion_mode: P",
             f"DB#: {accession}"]
    if klass:
        lines.append(f"Class: {klass}")
    lines.append(f"Num Peaks: {len(peaks)}")
    return "\n".join(lines + [f"{mz} {intensity}" for mz, intensity in peaks]) + "\n\n"


def list_members(msms):
    """(truth, peaks) of the ion lists; those of MoNA are spectra of msms_ref_open and left out."""
    truths = {row["id"]: row for row in evaluate.read_truth(msms / "fentanyl_ion_lists_dev_truth.tsv")}
    for record in evaluate.read_msp(msms / "fentanyl_ion_lists_dev.msp"):
        row = truths[record["accession"]] | {"precursor_mz": record["precursor_mz"], "kind": "list"}
        if "MONA" not in row["note"]:
            yield row, record["peaks"]


def simulated_members(msms):
    ions = collections.defaultdict(list)
    for ion in evaluate.read_truth(msms / "fentanyl_diagnostic_ions.tsv"):
        ions[ion["compound"]].append(ion)
    for compound, rows in ions.items():
        peaks = sorted((round(float(ion["ion_mz"]) * (1 + float(ion["median_ppm"]) * 1e-6), 5),
                        float(ion["max_percent"])) for ion in rows)
        yield {key: rows[0][key] for key in ("inchikey", "formula", "precursor_mz", "site_label")} | {
            "id": f"S-{compound}", "name": compound, "kind": "simulated"}, peaks


class Data:
    """Truths of the members by id, and the negatives as compounds by accession."""

    def __init__(self, msms, folder):
        lists, simulated = list(list_members(msms)), list(simulated_members(msms))
        self.members, self.negatives = {}, {}
        for row, _ in lists + simulated:
            self.members[row["id"]] = row
        for record in evaluate.read_msp(msms / "msms_ref_open.msp"):
            block = evaluate.block_of(record.get("inchikey", ""))
            if block in MEASURED:
                name, label = MEASURED[block]
                self.members[record["accession"]] = record | {"id": record["accession"], "name": name,
                                                              "site_label": label, "kind": "measured"}
            else:
                self.negatives[record["accession"]] = block or record["name"].lower()
        self.references = folder / "lists.msp"
        self.references.write_text("".join(record_text(row, peaks, f"L-{row['id']}", row["class"])
                                           for row, peaks in lists), encoding="utf-8")
        self.queries = folder / "members.msp"
        self.queries.write_text("".join(record_text(row, peaks, row["id"]) for row, peaks in lists + simulated),
                                encoding="utf-8")
        self.reference = msms / "msms_ref_open.msp"

    def ask(self, program, folder):
        """Answers by database, then by query."""
        answers = {}
        for name in DATABASES:
            database = folder / f"{name}.spdb"
            program.build(database, self.reference, *([self.references] if name == "many" else []))
            answers[name] = {}
            for queries in (self.queries, self.reference):
                answers[name].update(program.identify(queries, database, "--track", "msms", "--explain",
                                                      "--exclude-own-compound"))
        return answers


def compound(row):
    return evaluate.block_of(row["inchikey"])


def evidence(answer):
    """(rule, peaks explained, likeness or None) that the class of an answer rests on."""
    about = answer.get("class_evidence") if answer else None
    if not about:
        return 0.0, 0, None
    return about["rule"], about["explained_peaks"], about["likeness"]


def logit(answer):
    about = answer.get("class_evidence") if answer else None
    return about["logit"] if about else float("-inf")


# What is right.

def site_sets(answer):
    """Sets of an answer's modification in its order, and how many of them hold 95 %."""
    about = answer.get("modification")
    if not about:
        return [], 0
    return [frozenset(about["sites"])] + [frozenset(other["sites"]) for other in about["alternatives"]], about["credible"]


def deltas_right(row, answer, known):
    """Whether the best set has the true difference at each place; None where the truth is not known."""
    truth, about = deltas_of(row, known), answer.get("modification")
    if truth is None or not about:
        return None
    found = dict(zip(about["sites"], about["site_deltas"]))
    return set(found) == set(truth) and all(abs(found[place] - mass_of(truth[place])) < 0.02 for place in truth)


def written(counts):
    """A difference of formulas as the program writes it: CH2, +F -H."""
    def part(sign):
        return "".join(element + (str(abs(number)) if abs(number) > 1 else "")
                       for element, number in counts if number * sign > 0)
    gained, lost = part(1), part(-1)
    return f"+{gained} -{lost}" if gained and lost else gained or (f"-{lost}" if lost else "")


ORDER = ("C", "H", "N", "O", "S", "P", "F", "Cl", "Br", "I")


def formula_right(row, answer):
    about = answer.get("modification")
    if not about:
        return None
    total = signed_counts(row["formula"])
    total.subtract(PARENT)
    return (about["delta_formula"] or "") == written([(element, total[element]) for element in ORDER])


# Figures.

def threshold_of(answers, negatives, share, by_compound):
    """The logit that at most `share` of the negatives reach; by compound: of compounds with any spectrum."""
    if by_compound:
        best = collections.defaultdict(lambda: float("-inf"))
        for accession, name in negatives.items():
            best[name] = max(best[name], logit(answers.get(accession)))
        scores = sorted(best.values(), reverse=True)
    else:
        scores = sorted((logit(answers.get(accession)) for accession in negatives), reverse=True)
    return scores[int(share * len(scores))]


def report_class(report, answers, data, name):
    for share in (0.01, 0.001):
        for unit in ("spectra", "compounds"):
            limit = threshold_of(answers, data.negatives, share, unit == "compounds")
            for kind in ("list", "simulated", "measured"):
                outcomes = [(compound(row), logit(answers.get(row["id"])) > limit)
                            for row in data.members.values() if row["kind"] == kind]
                report.rates(f"MS/MS class, {name} references, {kind}: found at {share:.1%} of negative {unit}", outcomes)


def report_false_class(report, answers, data, name, what):
    outcomes = [(block, (answers.get(accession) or {}).get("class", {}).get("name") == FAMILY)
                for accession, block in data.negatives.items()]
    report.rate(f"MS/MS class, {name} references, {what}: negatives called {FAMILY}, by spectrum",
                *evaluate.micro(outcomes))
    report.rate(f"MS/MS class, {name} references, {what}: negatives called {FAMILY}, compounds with any",
                *evaluate.any_of_compound(outcomes))


def report_sites(report, answers, data, name, known):
    for kind in ("list", "simulated", "measured"):
        rows = [row for row in data.members.values() if row["kind"] == kind]
        label = f"MS/MS sites, {name} references, {kind}"
        told = [row for row in rows if (answers.get(row["id"]) or {}).get("modification")]
        report.rates(f"{label}: family and modification told", [(compound(row), row in told) for row in rows])
        sets = {row["id"]: site_sets(answers[row["id"]]) for row in told}
        report.rates(f"{label}: exact set of places, where told",
                     [(compound(row), sets[row["id"]][0][0] == places_of(row["site_label"])) for row in told])
        report.rates(f"{label}: 95 % sets hold the truth, where told",
                     [(compound(row), places_of(row["site_label"]) in sets[row["id"]][0][:sets[row["id"]][1]])
                      for row in told])
        if told:
            report.number(f"{label}: mean size of the 95 % sets", len(told),
                          sum(sets[row["id"]][1] for row in told) / len(told))
        exact = [(compound(row), deltas_right(row, answers[row["id"]], known)) for row in told]
        report.rates(f"{label}: exact delta at every place, where told",
                     [outcome for outcome in exact if outcome[1] is not None])
        report.rates(f"{label}: delta formula, where told",
                     [(compound(row), formula_right(row, answers[row["id"]])) for row in told])


def evaluate_analogues(report, program, msms, folder):
    """Everything about members that no reference holds, and about drugs that are none."""
    data, known = Data(msms, folder), read_known_deltas()
    answers = data.ask(program, folder)
    for name in DATABASES:
        report.heading(f"MS/MS, family members left out of a database with {name} references of the family")
        report_class(report, answers[name], data, name)
        report_false_class(report, answers[name], data, name, "own compound left out")
        report_sites(report, answers[name], data, name, known)
    kept = program.identify(data.reference, folder / "many.spdb", "--track", "msms")
    report_false_class(report, kept, data, "many", "own compound kept")
    import nitazenes  # knows this module
    nitazenes.evaluate_nitazenes(report, program, folder / "many.spdb", data, answers["many"], folder)
