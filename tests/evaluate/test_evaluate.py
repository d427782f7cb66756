#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The evaluation counts rightly: its statistics, what it holds to be right, and how it asks the program.

Needs no data: the program is a stand-in that prints prepared answers.
"""

import contextlib
import io
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import calibration  # noqa: E402
import evaluate  # noqa: E402
import make_noisy  # noqa: E402

FENTANYL = {"id": "Q1", "inchikey": "PJMPHNIQZUBGLI-UHFFFAOYSA-N", "formula": "C22H28N2O", "name": "Fentanyl",
            "note": ""}
LABELLED = FENTANYL | {"formula": "C22H23D5N2O", "name": "Fentanyl-d5"}
COCAINE = {"id": "Q2", "inchikey": "ZPUCINDJVBIVPJ-LJISPDSOSA-N", "formula": "C17H21NO4", "name": "Cocaine", "note": ""}
NAMELESS = {"inchikey": "", "formula": "C19H30O2", "name": "Epiandrosterone"}


def hit(accession):
    return {"accession": accession}


def answer(verdict, inchikeys, formulas=()):
    candidates = [{"inchikey": key, "formula": formula} for key, formula in zip(inchikeys, formulas)]
    return {"verdict": verdict, "set": list(inchikeys), "candidates": candidates}


class Calibration(unittest.TestCase):
    def test_the_error_is_the_weighted_distance_of_what_was_said_from_what_came_true(self):
        error, rows = calibration.calibration_error([(0.9, True, 1), (0.9, False, 1), (0.2, False, 2)])
        self.assertAlmostEqual(error, 0.5 * 0.4 + 0.5 * 0.2)
        self.assertEqual([(number, n) for number, n, _, _ in rows], [(2, 1), (9, 2)])

    def test_an_answer_without_a_probability_is_no_case(self):
        best = {"inchikey": FENTANYL["inchikey"], "formula": FENTANYL["formula"], "substance": "Fentanyl"}
        answers = {"Q1": {"candidates": [best], "probability": {"structure": 0.8, "group": None}}}
        structure = calibration.cases_of([FENTANYL, COCAINE], answers, 0, evaluate.same_compound)
        self.assertEqual(structure, [(0.8, True)])
        self.assertEqual(calibration.cases_of([FENTANYL], answers, 1, evaluate.same_compound), [])


class Statistics(unittest.TestCase):
    def assert_interval(self, successes, n, low, high):
        found = evaluate.wilson(successes, n)
        self.assertAlmostEqual(found[0], low, places=4)
        self.assertAlmostEqual(found[1], high, places=4)

    def test_the_wilson_interval_equals_published_values(self):
        self.assert_interval(81, 263, 0.2553, 0.3662)  # Newcombe 1998, table I
        self.assert_interval(15, 148, 0.0624, 0.1605)
        self.assert_interval(0, 20, 0.0, 0.1611)
        self.assert_interval(1, 29, 0.0061, 0.1718)
        self.assert_interval(29, 29, 0.8830, 1.0)

    def test_nothing_measured_says_nothing(self):
        self.assertEqual(evaluate.wilson(0, 0), (0.0, 1.0))

    def test_each_compound_weighs_the_same_by_compound(self):
        outcomes = [("a", True), ("a", True), ("a", False), ("a", True), ("b", False)]
        self.assertEqual(evaluate.micro(outcomes), (3, 5))
        self.assertEqual(evaluate.macro(outcomes), (0.75, 2))

    def test_one_false_spectrum_makes_its_compound_false(self):
        self.assertEqual(evaluate.any_of_compound([("a", False), ("a", True), ("b", False)]), (1, 2))


class Compounds(unittest.TestCase):
    def test_stereoisomers_are_one_compound(self):
        other = FENTANYL | {"inchikey": "PJMPHNIQZUBGLI-ABCDEFGHSA-N", "name": "other"}
        self.assertTrue(evaluate.same_compound(FENTANYL, other))
        self.assertEqual(evaluate.compound_of(FENTANYL), evaluate.compound_of(other))

    def test_deuterated_forms_are_other_compounds(self):
        self.assertFalse(evaluate.same_compound(FENTANYL, LABELLED))
        self.assertNotEqual(evaluate.compound_of(FENTANYL), evaluate.compound_of(LABELLED))

    def test_a_missing_formula_does_not_part_compounds(self):
        self.assertTrue(evaluate.same_compound(FENTANYL, {"inchikey": FENTANYL["inchikey"], "formula": ""}))
        self.assertTrue(evaluate.same_compound(FENTANYL, {"inchikey": FENTANYL["inchikey"]}))

    def test_names_count_ignoring_case_where_a_key_is_missing(self):
        self.assertTrue(evaluate.same_compound(NAMELESS, {"inchikey": "X-Y-Z", "name": "EPIANDROSTERONE"}))
        self.assertFalse(evaluate.same_compound({"inchikey": "", "name": ""}, {"inchikey": "", "name": ""}))

    def test_a_reference_without_key_goes_by_the_note_of_the_truth(self):
        references = {"L-1": NAMELESS, "L-11": NAMELESS | {"name": "Androsterone"}}
        truth = FENTANYL | {"note": "ref in L: L-1; derivative"}
        self.assertTrue(evaluate.is_right(truth, hit("L-1"), references))
        self.assertFalse(evaluate.is_right(truth, hit("L-11"), references))
        self.assertFalse(evaluate.is_right(FENTANYL, hit("L-1"), references))


class Searches(unittest.TestCase):
    REFERENCES = {"F": FENTANYL, "D": LABELLED, "C": COCAINE}

    def outcomes(self, hits, k):
        return evaluate.top_outcomes([FENTANYL, COCAINE], hits, self.REFERENCES, k)

    def test_only_the_first_k_hits_count(self):
        hits = {"Q1": [hit("D"), hit("F")], "Q2": [hit("C")]}
        self.assertEqual(evaluate.micro(self.outcomes(hits, 1)), (1, 2))
        self.assertEqual(evaluate.micro(self.outcomes(hits, 5)), (2, 2))

    def test_a_query_without_hits_counts_as_wrong(self):
        self.assertEqual(evaluate.micro(self.outcomes({"Q1": [hit("F")]}, 1)), (1, 2))

    def test_hits_are_read_in_the_order_of_their_rank(self):
        hits = evaluate.parse_hits('query\trank\taccession\nQ1\t10\tB"\nQ1\t2\tA\n')
        self.assertEqual([row["accession"] for row in hits["Q1"]], ["A", 'B"'])

    def test_derivatives_can_be_left_out(self):
        derivative = FENTANYL | {"note": "ref in L: L-1; derivative"}
        self.assertEqual(evaluate.plain_truths([derivative, COCAINE]), [COCAINE])

    def test_candidates_are_compounds_inside_the_precursor_window(self):
        rows = [FENTANYL | {"precursor_mz": "337.2274"}, FENTANYL | {"precursor_mz": "337.2290"},
                COCAINE | {"precursor_mz": "337.2340"}, COCAINE | {"precursor_mz": "337.2343"}, NAMELESS]
        counts = evaluate.count_candidates([{"accession": "Q", "precursor_mz": "337.2274"}], rows)
        self.assertEqual(counts, {"Q": 2})
        self.assertEqual(evaluate.count_candidates([{"accession": "Q", "precursor_mz": "337.2270"}], rows), {"Q": 1})


class Replicates(unittest.TestCase):
    def record(self, accession, peaks, compound=FENTANYL):
        return {"accession": accession, "peaks": peaks, **compound}

    def setUp(self):
        self.first, self.second = [(57.0, 9.0), (245.0, 999.0)], [(57.0, 8.0), (245.0, 999.0)]
        self.records = [self.record("L-1", self.first), self.record("L-11", self.second),
                        self.record("L-2", self.first), self.record("L-3", [(82.0, 999.0)], COCAINE)]

    def outcomes(self, *accessions):
        return evaluate.replicate_outcomes(self.records, {"L-1": [hit(name) for name in accessions]})

    def test_copies_alone_are_no_replicates(self):
        copies = [self.record("A", self.first), self.record("B", self.first)]
        self.assertEqual(evaluate.replicate_groups(copies), [])
        self.assertEqual(len(evaluate.replicate_groups(self.records)[0]), 3)

    def test_the_spectrum_itself_and_its_copies_are_left_out(self):
        self.assertEqual(sum(right for _, right in self.outcomes("L-1", "L-2", "L-11", "L-3")), 1)
        self.assertEqual(sum(right for _, right in self.outcomes("L-1", "L-2", "L-3", "L-11")), 0)

    def test_finding_only_itself_is_wrong(self):
        self.assertEqual(sum(right for _, right in self.outcomes("L-1", "L-2")), 0)


class Verdicts(unittest.TestCase):
    def report(self, function, truths, answers):
        report = evaluate.Report()
        with contextlib.redirect_stdout(io.StringIO()):
            function(report, "x", truths, answers)
        return {quantity: (n, value) for quantity, n, value, _, _ in report.rows}

    def test_the_set_holds_the_truth_by_first_block_and_formula(self):
        key = "PJMPHNIQZUBGLI-ABCDEFGHSA-N"
        self.assertTrue(evaluate.holds_truth(FENTANYL, answer("supported", [key])))
        self.assertTrue(evaluate.holds_truth(FENTANYL, answer("supported", [key], ["C22H28N2O"])))
        self.assertFalse(evaluate.holds_truth(FENTANYL, answer("supported", [key], ["C22H23D5N2O"])))
        self.assertFalse(evaluate.holds_truth(FENTANYL, answer("supported", [COCAINE["inchikey"]])))
        self.assertFalse(evaluate.holds_truth(FENTANYL, {"verdict": "no_match"}))

    def test_every_query_is_counted_once_and_unanswered_ones_as_errors(self):
        figures = self.report(evaluate.report_verdicts, [FENTANYL, COCAINE], {"Q1": answer("no_match", [])})
        self.assertEqual(figures["x: no_match"], (2, "0.5000"))
        self.assertEqual(figures["x: error"], (2, "0.5000"))
        self.assertEqual(figures["x: supported"], (2, "0.0000"))

    def test_a_verdict_that_names_others_only_is_false(self):
        answers = {"Q1": answer("supported", [COCAINE["inchikey"]], ["C22H28N2O"]),
                   "Q2": answer("not_distinguished", [FENTANYL["inchikey"]], ["C22H28N2O"])}
        figures = self.report(evaluate.report_false, [FENTANYL, COCAINE], answers)
        self.assertEqual(figures["x: false supported, by spectrum"], (2, "0.5000"))
        self.assertEqual(figures["x: false not_distinguished, by spectrum"], (2, "0.5000"))
        self.assertEqual(figures["x: false supported or not_distinguished, compounds with any"], (2, "1.0000"))
        self.assertEqual(figures["x: false and of another formula, by spectrum"], (2, "0.5000"))

    def test_a_verdict_that_names_nothing_is_not_false(self):
        answers = {"Q1": answer("inconclusive", []), "Q2": answer("class_only", [FENTANYL["inchikey"]])}
        figures = self.report(evaluate.report_false, [FENTANYL, COCAINE], answers)
        self.assertEqual(figures["x: false supported or not_distinguished, by spectrum"], (2, "0.0000"))

    def test_answers_are_found_by_the_id_of_their_query_and_errors_passed_over(self):
        text = json.dumps({"query": {"id": "Q1"}, "verdict": "no_match"}) + "\n" + json.dumps({"error": "x"}) + "\n"
        self.assertEqual(list(evaluate.parse_verdicts(text)), ["Q1"])


class Files(unittest.TestCase):
    MSP = "Name: Q1\nDB#: Q1\nPrecursorMZ: 337.2\nNum Peaks: 1\n105.07 999\n\nName: Q2\nDB#: Q2\nNum Peaks: 0\n\n"

    def test_records_of_an_msp_are_read(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "a.msp"
            path.write_text(self.MSP, encoding="utf-8")
            self.assertEqual(evaluate.read_msp(path), [
                {"name": "Q1", "accession": "Q1", "precursor_mz": "337.2", "peaks": [(105.07, 999.0)]},
                {"name": "Q2", "accession": "Q2", "peaks": []}])

    def test_queries_can_be_told_their_compound(self):
        text = evaluate.with_identity(self.MSP, [FENTANYL, COCAINE])
        self.assertIn("Name: Fentanyl\nInChIKey: PJMPHNIQZUBGLI-UHFFFAOYSA-N\nFormula: C22H28N2O\nDB#: Q1\n", text)
        self.assertIn("Name: Cocaine\n", text)

    def test_figures_are_written_with_their_interval(self):
        report = evaluate.Report()
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            report.rate("top-1", 81, 263)
            report.number("size", 5, 2.4)
            report.write(pathlib.Path(folder) / "a.csv")
            text = (pathlib.Path(folder) / "a.csv").read_text(encoding="utf-8")
        self.assertEqual(text, "quantity,n,value,low,high\ntop-1,263,0.3080,0.2553,0.3662\nsize,5,2.4,,\n")


class StandIn(unittest.TestCase):
    """A program that prints its arguments and ends with the status it is told."""

    def program(self, folder, status):
        path = pathlib.Path(folder) / "program"
        path.write_text(f"#!{sys.executable}\nimport sys\nprint(*sys.argv[1:])\nsys.exit({status})\n", encoding="utf-8")
        path.chmod(0o755)
        return evaluate.Program(str(path))

    def test_no_match_and_inconclusive_are_answers(self):
        for status in (0, 10, 11):
            with tempfile.TemporaryDirectory() as folder:
                self.assertEqual(self.program(folder, status).run("identify", pathlib.Path("a")), "identify a\n")

    def test_any_other_status_stops_the_evaluation(self):
        for status in (2, 3, 4):
            with tempfile.TemporaryDirectory() as folder, self.assertRaisesRegex(SystemExit, f"status {status}"):
                self.program(folder, status).run("identify")


class Noise(unittest.TestCase):
    PEAKS = [(str(mz), 10.0 + mz % 7) for mz in range(40, 100)]

    def test_the_same_seed_gives_the_same_peaks_and_another_one_others(self):
        self.assertEqual(make_noisy.add_noise(self.PEAKS, 1), make_noisy.add_noise(self.PEAKS, 1))
        self.assertNotEqual(make_noisy.add_noise(self.PEAKS, 1), make_noisy.add_noise(self.PEAKS, 2))

    def test_fifteen_per_cent_of_the_peaks_go_and_the_base_peak_is_999(self):
        noisy = make_noisy.add_noise(self.PEAKS, 1)
        self.assertEqual(len(noisy), 51)
        self.assertEqual(max(intensity for _, intensity in noisy), 999)
        self.assertTrue({mz for mz, _ in noisy} < {mz for mz, _ in self.PEAKS})

    def test_deviates_have_mean_0_and_deviation_1(self):
        generator = make_noisy.random.Random(3)
        values = [make_noisy.normal_deviate(generator) for _ in range(4000)]
        self.assertAlmostEqual(evaluate.statistics.mean(values), 0, delta=0.06)
        self.assertAlmostEqual(evaluate.statistics.pstdev(values), 1, delta=0.05)


if __name__ == "__main__":
    unittest.main()
