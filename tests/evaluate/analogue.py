# SPDX-License-Identifier: Apache-2.0
"""Protocol A for EI: an analogue whose compound is in no table and no library. Its compound is left out of the
reference by --exclude-own-compound; where the learned tables know it they are learned anew without it."""
import collections
import importlib.util
import pathlib
import shutil

REFERENCE = pathlib.Path(__file__).resolve().parent.parent.parent / "reference-spectra"
FAMILY = "fentanyl-related"
# Labels of the truth that name sites; the others have no acyl group, no N1 substituent or no scaffold.
SITES = set("ABCDE")
# Compounds of other kinds that a second threshold, beside the one that ships, lets pass.
LOOSE_SHARE = 0.01


def load_learn():
    spec = importlib.util.spec_from_file_location("learn", REFERENCE / "learn.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Bench:
    """References of ei_dev, and knowledge: that which ships, with another threshold, or without a compound."""

    def __init__(self, program, data, folder):
        self.program, self.data, self.folder = program, data, folder
        self.learn = load_learn()
        self.learned_from = {member[0] for member in self.learn.members(
            self.learn.read_records(REFERENCE / "ei.spectra"), self.learn.read_table(REFERENCE / "substances.tsv"))}
        self.built = {}
        queries = data / "ei" / "ei_dev.msp"
        self.first_record = queries.read_text(encoding="utf-8").split("\n\n")[0] + "\n\n"
        self.references = folder / "references.spdb"
        program.build(self.references, queries)

    def knowledge(self, name, without):
        folder = self.folder / f"knowledge-{name}"
        shutil.copytree(REFERENCE / "knowledge", folder)
        if without:
            for table, text in self.learn.build(self.data / "figures", without).items():
                (folder / table).write_text(text, encoding="utf-8")
        return folder

    def database(self, name, without=None):
        """A database of one spectrum that is asked first: the knowledge in it counts, the references are the others'."""
        if name not in self.built:
            path, records = self.folder / f"{name}.spdb", self.folder / "one.msp"
            records.write_text(self.first_record, encoding="utf-8")
            self.program.run("db", "build", "-o", path, "--knowledge", self.knowledge(name, without), records)
            self.built[name] = path
        return self.built[name]

    def database_for(self, block):
        return self.database(block, without=block) if block in self.learned_from else self.database("shipped")

    def identify(self, queries, database, *options):
        return self.program.identify(queries, database, "--db", self.references, "--track", "ei",
                                     "--exclude-own-compound", *options)


def split_records(path):
    """Text of each record by its DB#."""
    records = {}
    for text in path.read_text(encoding="utf-8").split("\n\n"):
        for line in text.split("\n"):
            if line.startswith("DB#:"):
                records[line.split(":", 1)[1].strip()] = text.strip("\n") + "\n\n"
    return records


def is_type(truth):
    return truth["class"].startswith("fentanyl_type")


def is_drug(truth):
    return not truth["class"].startswith("fentanyl")


def nominal_mass(learn, formula):
    learn.NOMINAL.update({"P": 31, "Si": 28, "B": 11, "K": 39, "Na": 23, "Se": 80, "Hg": 202, "As": 75, "Li": 7})
    return learn.nominal_mass(formula)


def ask(bench, truths, records, masses=None, explain=False):
    """Verdicts by id; queries that share database and mass are asked together."""
    groups = collections.defaultdict(list)
    for truth in truths:
        block = truth["inchikey"].split("-")[0]
        groups[(bench.database_for(block), masses and masses[truth["id"]])].append(truth["id"])
    answers = {}
    for (database, mass), ids in groups.items():
        path = bench.folder / "queries.msp"
        path.write_text("".join(records[i] for i in ids), encoding="utf-8")
        options = ["--mass", mass] if mass else []
        options += ["--explain"] if explain else []
        answers.update(bench.identify(path, database, *options))
    return answers


def named(answer):
    return (answer.get("class") or {}).get("name") == FAMILY


def label(sites):
    return "".join(sorted(set(sites))) or "none"


def site_sets(answer):
    """Labelled site sets, the most probable first, and how many of them are credible."""
    modification = answer.get("modification")
    if not modification:
        return [], 0
    sets = [modification["sites"]] + [other["sites"] for other in modification["alternatives"]]
    return [label(sites) for sites in sets], modification["credible"]


def logit(answer):
    evidence = answer.get("class_evidence")
    return evidence["logit"] if evidence else float("-inf")


def loose_threshold(truths, answers, tools):
    """The logit that no more than this share of the other drugs exceeds with any of their spectra."""
    best = collections.defaultdict(lambda: float("-inf"))
    for truth in filter(is_drug, truths):
        compound = tools.compound_of(truth)
        best[compound] = max(best[compound], logit(answers[truth["id"]]))
    return sorted(best.values(), reverse=True)[int(LOOSE_SHARE * len(best))]


def report_class(report, what, truths, called, tools):
    """`called` tells of an id whether it is called a member."""
    outcomes = [(tools.compound_of(truth), called(truth["id"])) for truth in truths if is_type(truth)]
    report.rates(f"{what}: fentanyl-type called so", outcomes)
    outcomes = [(tools.compound_of(truth), called(truth["id"])) for truth in truths if is_drug(truth)]
    report.rate(f"{what}: drugs called fentanyl-related, by spectrum", *tools.micro(outcomes))
    report.rate(f"{what}: drugs called fentanyl-related, compounds with any", *tools.any_of_compound(outcomes))


def report_sites(report, what, truths, answers):
    right, held, sizes = [], [], []
    for truth in truths:
        sets, credible = site_sets(answers[truth["id"]])
        right.append(sets[:1] == [label(truth["site_label"])])
        held.append(label(truth["site_label"]) in sets[:credible])
        if sets:
            sizes.append(credible)
    by_label = collections.defaultdict(list)
    for truth, good in zip(truths, right):
        by_label[label(truth["site_label"])].append(good)
    report.rate(f"{what}: exact set of sites", sum(right), len(right))
    report.number(f"{what}: the same, mean over labels", len(by_label),
                  sum(sum(good) / len(good) for good in by_label.values()) / len(by_label))
    report.rate(f"{what}: always the most frequent label", max(map(len, by_label.values())), len(right))
    report.rate(f"{what}: 95 % set of site sets holds the truth", sum(held), len(held))
    report.number(f"{what}: mean size of that set", len(sizes), sum(sizes) / max(1, len(sizes)))


def credible_masses(mass):
    return [mass["value"], *(other["value"] for other in mass["alternatives"])][:mass["credible"]]


def report_mass(report, truths, answers, masses, tools):
    outcomes = [(tools.compound_of(truth), (answers[truth["id"]].get("molecular_mass") or {}).get("value") ==
                 masses[truth["id"]]) for truth in truths if is_type(truth)]
    report.rates("EI analogue, mass unknown: nominal mass right, fentanyl-type", outcomes)
    called = [(truth, answers[truth["id"]]["molecular_mass"]) for truth in truths
              if is_type(truth) and "molecular_mass" in answers[truth["id"]]]
    report.rates("EI analogue, mass unknown: 95 % set of masses holds the truth, where called",
                 [(tools.compound_of(truth), masses[truth["id"]] in credible_masses(mass)) for truth, mass in called])
    report.number("EI analogue, mass unknown: mean size of the 95 % sets of masses", len(called),
                  sum(mass["credible"] for _, mass in called) / max(1, len(called)))


def evaluate(report, program, data, folder, tools):
    bench = Bench(program, data, folder)
    records = split_records(data / "ei" / "ei_dev.msp")
    truths = tools.read_truth(data / "ei" / "ei_dev_truth.tsv")
    masses = {truth["id"]: nominal_mass(bench.learn, truth["formula"]) for truth in truths}
    report.heading("EI, unknown analogue: each compound of ei_dev left out (protocol A)")
    answers = ask(bench, truths, records, explain=True)
    limit = loose_threshold(truths, answers, tools)
    report_class(report, "EI analogue, threshold that ships", truths, lambda i: named(answers[i]), tools)
    report_class(report, "EI analogue, threshold of 1 %", truths, lambda i: logit(answers[i]) > limit, tools)
    report_mass(report, truths, answers, masses, tools)
    sited = [truth for truth in truths if is_type(truth) and truth["site_label"] and set(truth["site_label"]) <= SITES]
    report_sites(report, "EI analogue, mass unknown", sited, answers)
    report_sites(report, "EI analogue, mass given", sited, ask(bench, sited, records, masses))
