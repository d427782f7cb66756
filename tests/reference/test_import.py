#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The import of the reference records refuses what contradicts itself, and the records that are there hold together."""

import importlib.util
import json
import pathlib
import tempfile
import unittest

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "reference-spectra"
SPECIFICATION = importlib.util.spec_from_file_location("reference_import", FOLDER / "import.py")
reference_import = importlib.util.module_from_spec(SPECIFICATION)
SPECIFICATION.loader.exec_module(reference_import)

SUBSTANCE = {"inchikey": "RYYVLZVUVIJVGH-UHFFFAOYSA-N", "name": "caffeine", "formula": "C8H10N4O2",
             "exact_mass": "194.08038", "smiles": "Cn1cnc2c1c(=O)n(C)c(=O)n2C", "class": "adulterant",
             "site_label": "", "site_basis": "", "core": "", "source": "named list"}
SPECTRUM = {"accession": "X1", "name": "caffeine", "inchikey": "RYYVLZVUVIJVGH-UHFFFAOYSA-N", "formula": "C8H10N4O2",
            "exact_mass": "194.08038", "smiles": "", "kind": "MSMS", "polarity": "P", "precursor_mz": "195.0877",
            "adduct": "[M+H]+", "collision_energy": "", "instrument_type": "LC-ESI-QFT", "licence": "CC BY",
            "source": "MassBank", "peaks": "110.07:120 138.0662:999"}
AUTHOR = {"accession": "X1", "licence": "CC BY", "author": "A. Author"}


def table_text(row):
    return "\t".join(row) + "\n" + "\t".join(row.values()) + "\n"


def build(spectrum=None, author=None, substance=None):
    """The files that one spectrum gives, with some of its columns changed."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "starter_spectra.tsv").write_text(table_text(SPECTRUM | (spectrum or {})), encoding="utf-8")
        (folder / "starter_attribution.tsv").write_text(table_text(AUTHOR | (author or {})), encoding="utf-8")
        (folder / "substances.tsv").write_text(table_text(SUBSTANCE | (substance or {})), encoding="utf-8")
        (folder / "README.md").write_text("Head.\n" + reference_import.README_MARK + "old\n", encoding="utf-8")
        return reference_import.build(folder, folder / "README.md")


class Import(unittest.TestCase):
    def test_a_record_states_what_is_known_in_the_order_of_the_format(self):
        self.assertEqual(build()["msms.spectra"], (
            "spectra-records 1\n\nrecord: X1\nname: caffeine\ninchikey: RYYVLZVUVIJVGH-UHFFFAOYSA-N\n"
            "formula: C8H10N4O2\nexact_mass: 194.08038\ntrack: msms\npolarity: positive\nprecursor_mz: 195.0877\n"
            "adduct: [M+H]+\ninstrument_type: LC-ESI-QFT\nlicence: CC BY\nauthor: A. Author\nsource: MassBank\n"
            "peaks: 2\n110.07 120\n138.0662 999\nend\n"))

    def test_the_tail_of_the_readme_is_replaced_and_its_head_kept(self):
        readme = build()["README.md"]
        self.assertTrue(readme.startswith("Head.\n" + reference_import.README_MARK + "\n## Counts"))
        self.assertNotIn("old", readme)

    def test_what_contradicts_itself_is_refused(self):
        for change in ({"peaks": "110.07:120 138.0662:998"}, {"peaks": "138.0662:999 110.07:120"},
                       {"peaks": "110.07:120 110.07:999"}, {"peaks": "110.07:0 138.0662:999"},
                       {"peaks": "110,07:120 138.0662:999"}, {"peaks": "110.07 138.0662:999"},
                       {"exact_mass": "194.0825"}, {"formula": "C8H10N4O3"}, {"formula": "C8H10N4Xx2"},
                       {"inchikey": "RYYVLZVUVIJVGH"}, {"inchikey": "AAAAAAAAAAAAAA-UHFFFAOYSA-N"},
                       {"kind": "PTR"}, {"polarity": ""}, {"adduct": "[M+K]+"}, {"licence": "CC BY-NC-SA"},
                       {"name": "caffeine "}, {"accession": ""}):
            with self.subTest(change), self.assertRaises(reference_import.ImportRefused):
                build(spectrum=change)

    def test_cc_by_without_author_is_refused(self):
        for change in ({"author": ""}, {"accession": "X2"}):
            with self.subTest(change), self.assertRaisesRegex(reference_import.ImportRefused, "author"):
                build(author=change)

    def test_a_substance_of_another_mass_is_refused(self):
        with self.assertRaisesRegex(reference_import.ImportRefused, "substances.tsv: caffeine"):
            build(substance={"exact_mass": "195.08038"})

    def test_a_precursor_off_its_formula_becomes_a_note_and_stays(self):
        files = build(spectrum={"precursor_mz": "195.0990"})
        self.assertIn("precursor_mz: 195.0990\n", files["msms.spectra"])
        self.assertIn("X1: caffeine: precursor m/z 195.0990", files["README.md"])

    def test_peaks_above_the_molecular_mass_are_marked_in_ei_only(self):
        heavy = {"peaks": "194:999 266:20"}
        self.assertIn("comment: ", build(spectrum=heavy | {"kind": "EI"})["ei.spectra"])
        self.assertNotIn("comment: ", build(spectrum=heavy)["msms.spectra"])
        for light in ("194:999 199:20", "194:999 266:19"):
            self.assertNotIn("comment: ", build(spectrum={"peaks": light, "kind": "EI"})["ei.spectra"])

    def test_a_copy_is_the_shorter_list_within_the_longer(self):
        peaks = [(str(mz), "5") for mz in range(100, 112)]
        self.assertTrue(reference_import.is_copy(peaks[:10], peaks))
        self.assertFalse(reference_import.is_copy(peaks[:9], peaks))
        self.assertFalse(reference_import.is_copy(peaks[:10] + [("300", "5")], peaks))

    def test_differences_are_found(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            self.assertEqual(reference_import.differing_files({"a": "x\n"}, folder), ["a"])
            (folder / "a").write_bytes(b"x\n")
            self.assertEqual(reference_import.differing_files({"a": "x\n"}, folder), [])


class Records(unittest.TestCase):
    """What is in the folder now."""

    def read(self):
        for path in sorted(FOLDER.glob("*.spectra")):
            header, *records = path.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
            self.assertEqual(header, "spectra-records 1")
            for record in records:
                lines = record.split("\n")
                start = next(number for number, line in enumerate(lines) if line.startswith("peaks: "))
                values = dict(line.split(": ", 1) for line in lines[:start + 1])
                yield path.stem, values, lines[start + 1:]

    def test_each_record_is_closed_and_holds_the_peaks_it_declares(self):
        for _, values, lines in self.read():
            self.assertEqual(lines[-1], "end")
            self.assertEqual(len(lines) - 1, int(values["peaks"]), values["record"])

    def test_each_record_has_a_licence_and_cc_by_its_author(self):
        for track, values, _ in self.read():
            self.assertEqual(values["track"], track)
            self.assertTrue(values["licence"] and values["source"], values["record"])
            self.assertTrue(values["licence"] != "CC BY" or values["author"], values["record"])

    def test_each_record_has_its_substance_and_its_own_accession(self):
        rows = reference_import.read_table(FOLDER / "substances.tsv")
        compounds = {(row["inchikey"].split("-")[0], row["formula"]) for row in rows}
        accessions = []
        for _, values, _ in self.read():
            self.assertIn((values["inchikey"].split("-")[0], values["formula"]), compounds)
            accessions.append(values["record"])
        self.assertEqual(len(accessions), len(set(accessions)))
        counts = json.loads((FOLDER / "SOURCES.json").read_text(encoding="utf-8"))["counts"]
        self.assertEqual(len(accessions), sum(counts["spectra"].values()))


if __name__ == "__main__":
    unittest.main()
