# SPDX-License-Identifier: Apache-2.0
"""Another family by rows of knowledge/ alone: nitazenes. No open spectrum of one exists, so that what is asked is
SIMULATED: the ions of nitazene_ions.tsv, some of them missing, at heights that fall in their order, m/z off by some ppm,
among peaks that belong to nothing. The rules hold the same ions: how often such spectra are called says that tables
are enough, not how a measured one would fare. That other compounds are not called so is measured."""

import pathlib
import random

import analogues_msms
import evaluate

FAMILY = "nitazene-related"
IONS = pathlib.Path(__file__).resolve().parent / "nitazene_ions.tsv"
SPECTRA_EACH = 10
KEPT, FALL, HEIGHTS_VARY, PPM, STRANGERS = 0.8, 0.6, 0.5, 3, 5
ELECTRON = 0.00054858


def ion_mass(formula):
    return analogues_msms.mass_of(analogues_msms.signed_counts(formula)) - ELECTRON


def simulate(row, generator):
    """Peaks of one spectrum; the ion that is listed first is always there."""
    precursor, peaks = float(row["precursor_mz"]), []
    for rank, formula in enumerate(row["ions"].split(" ")):
        if rank == 0 or generator.random() < KEPT:
            mz = ion_mass(formula) * (1 + generator.gauss(0, PPM) * 1e-6)
            peaks.append((round(mz, 5), round(999 * FALL ** rank * generator.lognormvariate(0, HEIGHTS_VARY), 1)))
    for _ in range(STRANGERS):
        mz = generator.randint(40, int(precursor) - 5)
        peaks.append((round(mz * (1 + generator.gauss(0.0005, 0.0003)), 5), round(generator.uniform(5, 100), 1)))
    return sorted(peaks)


def rows():
    for row in evaluate.read_truth(IONS):
        mass = analogues_msms.mass_of(analogues_msms.signed_counts(row["formula"]))
        yield row | {"precursor_mz": f"{mass + analogues_msms.PROTON:.5f}"}


def queries(generator):
    """(truth by id, text of all spectra)."""
    truths, text = {}, []
    for row in rows():
        for i in range(SPECTRA_EACH):
            name = f"{row['inchikey']}-{i}"
            truths[name] = row
            text.append(analogues_msms.record_text(row, simulate(row, generator), name))
    return truths, "".join(text)


def has_class(answer, name):
    return (answer or {}).get("class", {}).get("name") == name


def places_told(answer):
    about = (answer or {}).get("modification")
    return frozenset(about["sites"]) if about else None


def report_false(report, answers, compounds, what):
    """`compounds` by accession: of spectra that are none of the family."""
    outcomes = [(block, has_class(answers.get(accession), FAMILY)) for accession, block in compounds.items()]
    report.rate(f"{what} called {FAMILY}, by spectrum", *evaluate.micro(outcomes))
    report.rate(f"{what} called {FAMILY}, compounds with any", *evaluate.any_of_compound(outcomes))


def evaluate_nitazenes(report, program, database, data, answers, folder):
    """`answers` of members and negatives of the fentanyl family, own compound left out (analogues_msms)."""
    truths, text = queries(random.Random(1))
    path = folder / "nitazenes.msp"
    path.write_text(text, encoding="utf-8")
    told = program.identify(path, database, "--track", "msms")
    report.heading("MS/MS, another family by tables alone: nitazenes (simulated from listed ions)")
    report.rates("simulated nitazenes: called so",
                 [(row["inchikey"], has_class(told.get(name), FAMILY)) for name, row in truths.items()])
    report.rates("simulated nitazenes: exact set of places",
                 [(row["inchikey"], places_told(told.get(name)) == frozenset(row["places"].replace("none", "")))
                  for name, row in truths.items()])
    report.rates(f"simulated nitazenes: called {analogues_msms.FAMILY}",
                 [(row["inchikey"], has_class(told.get(name), analogues_msms.FAMILY)) for name, row in truths.items()])
    report_false(report, answers, data.negatives, "MS/MS of other compounds:")
    report_false(report, answers, {name: analogues_msms.compound(row) for name, row in data.members.items()},
                 "MS/MS of the fentanyl family:")
