#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A small evaluation on the records that ship, own compound left out: counts as in shipped.tsv, to the last one, since
verdicts are the same bits everywhere. A change of them is looked at and written by --update. The learned tables know
44 of these records, so that the figures are no measure of unseen spectra: docs/ACCURACY.md has those."""

import argparse
import pathlib
import sys
import tempfile

import analogue
import evaluate

TABLE = pathlib.Path(__file__).resolve().parent / "shipped.tsv"


def substances(learn):
    return {row["inchikey"].split("-")[0]: row for row in learn.read_table(analogue.REFERENCE / "substances.tsv")}


def labels(answer):
    return "".join(sorted(set(answer["modification"]["sites"]))) if "modification" in answer else None


def places(text):
    return "".join(sorted(set(text))) if text and set(text) <= analogue.SITES else None


def queries(track, folder):
    """The records that can be asked: MS/MS without a precursor cannot."""
    head, *records = (analogue.REFERENCE / f"{track}.spectra").read_text(encoding="utf-8").split("\n\n")
    path = folder / f"{track}.spectra"
    path.write_text("\n\n".join([head, *(record.strip("\n") for record in records
                                         if track == "ei" or "\nprecursor_mz: " in record)]) + "\n", encoding="utf-8")
    return path


def figures(program, database, learn, folder):
    """(track, quantity, count, of how many)."""
    known = substances(learn)
    for track in ("ei", "msms"):
        path = queries(track, folder)
        answers = program.identify(path, database, "--track", track, "--exclude-own-compound")
        records = [(known[record["inchikey"].split("-")[0]], answers[record["record"]])
                   for record in learn.read_records(path)]
        members = [pair for pair in records if pair[0]["class"] == "fentanyl_type"]
        # Precursors such as 4-ANPP share the scaffold: they are neither.
        others = [pair for pair in records if not pair[0]["core"].startswith("4-")]
        named = [pair for pair in members if pair[1].get("class", {}).get("name") == analogue.FAMILY]
        yield track, "members called so", len(named), len(members)
        yield track, "others called so", sum("class" in answer for _, answer in others), len(others)
        yield track, "nominal mass right", sum(
            answer["molecular_mass"]["value"] == learn.nominal_mass(row["formula"]) for row, answer in named), len(named)
        if track == "ei":
            sited = [(places(row["sites"]), labels(answer)) for row, answer in named if places(row["sites"])]
            yield track, "set of sites right", sum(truth == told for truth, told in sited), len(sited)
        yield track, "supported all the same", sum(
            answer["verdict"] == "supported" for _, answer in records), len(records)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spectra", type=pathlib.Path, required=True, metavar="PROGRAM")
    parser.add_argument("--update", action="store_true", help="write shipped.tsv")
    options = parser.parse_args()
    database = options.spectra.resolve().parent.parent / "share" / "spectra" / "reference.spdb"
    with tempfile.TemporaryDirectory() as folder:
        rows = ["\t".join(map(str, row)) for row in [("track", "quantity", "count", "n"), *figures(
            evaluate.Program(str(options.spectra)), database, analogue.load_learn(), pathlib.Path(folder))]]
    text = "\n".join(rows) + "\n"
    if options.update:
        TABLE.write_text(text, encoding="utf-8")
    print(text, end="")
    expected = TABLE.read_text(encoding="utf-8").split("\n")
    for row in rows:
        if row not in expected:
            print(f"differs from shipped.tsv: {row}", file=sys.stderr)
    return 0 if text == "\n".join(expected) else 1


if __name__ == "__main__":
    sys.exit(main())
