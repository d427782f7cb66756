#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is held to be right of an analogue, and how coefficients are fitted. Needs no data."""

import math
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import analogues_msms as analogues  # noqa: E402
import fit_class_msms as fit  # noqa: E402

KNOWN = analogues.read_known_deltas()
CHLORO_ACETYL = {"name": "para-Chloro Acetyl Fentanyl", "site_label": "DE", "formula": "C21H25ClN2O"}


def answer(sites, deltas, formula=None, alternatives=(), credible=1):
    return {"modification": {"sites": sites, "site_deltas": deltas, "delta_formula": formula, "credible": credible,
                             "alternatives": [{"sites": other} for other in alternatives]}}


class Truth(unittest.TestCase):
    def test_labels_name_places_of_the_method(self):
        for label, places in (("none", ()), ("nor", ("AB",)), ("Enor", ("E", "AB")), ("CC", ("C",)),
                              ("ABDE", ("AB", "D", "E")), ("DE0", ("D", "E"))):
            self.assertEqual(analogues.places_of(label), frozenset(places))
        self.assertIsNone(analogues.places_of("no-core"))

    def test_one_place_takes_the_whole_difference(self):
        row = {"name": "x", "site_label": "AB", "formula": "C20H26N2O2S"}
        self.assertEqual({k: {e: n for e, n in v.items() if n} for k, v in analogues.deltas_of(row, KNOWN).items()},
                         {"AB": {"C": -2, "H": -2, "O": 1, "S": 1}})
        self.assertIsNone(analogues.deltas_of(row | {"site_label": "DE"}, KNOWN))

    def test_known_deltas_sum_to_formulas(self):
        total = sum((analogues.mass_of(counts) for counts in KNOWN["para-Chloro Acetyl Fentanyl"].values()))
        formula = analogues.mass_of(analogues.signed_counts(CHLORO_ACETYL["formula"]))
        self.assertAlmostEqual(total, formula - analogues.mass_of(analogues.PARENT), places=6)


class Right(unittest.TestCase):
    def test_every_place_must_have_its_own_difference(self):
        right = answer(["D", "E"], [33.96103, -14.01565])
        self.assertTrue(analogues.deltas_right(CHLORO_ACETYL, right, KNOWN))
        self.assertFalse(analogues.deltas_right(CHLORO_ACETYL, answer(["E", "D"], [33.96103, -14.01565]), KNOWN))
        self.assertFalse(analogues.deltas_right(CHLORO_ACETYL, answer(["D"], [19.94538]), KNOWN))
        self.assertIsNone(analogues.deltas_right(CHLORO_ACETYL, {}, KNOWN))

    def test_formulas_are_compared_as_written(self):
        self.assertTrue(analogues.formula_right(CHLORO_ACETYL, answer(["D"], [0], "+Cl -CH3")))
        self.assertFalse(analogues.formula_right(CHLORO_ACETYL, answer(["D"], [0], "CH2")))
        self.assertTrue(analogues.formula_right({"formula": "C22H28N2O"}, answer([], [], None)))

    def test_sets_come_in_their_order_with_the_credible_ones_first(self):
        sets, credible = analogues.site_sets(answer(["E"], [14], alternatives=(["D"], ["D", "E"]), credible=2))
        self.assertEqual(sets, [{"E"}, {"D"}, {"D", "E"}])
        self.assertEqual(credible, 2)


class Fit(unittest.TestCase):
    def test_equations_are_solved(self):
        self.assertEqual(fit.solve([[0, 2], [4, 1]], [6, 7]), [1, 3])

    def test_a_constant_alone_is_the_logarithm_of_the_odds(self):
        coefficients = fit.logistic([((1.0,), 1, 3.0), ((1.0,), 0, 1.0)])
        self.assertAlmostEqual(coefficients[0], math.log(3), places=9)

    def test_equal_cases_are_gathered(self):
        self.assertEqual(fit.gathered([([1.0], 0, 0.5), ([1.0], 0, 0.25), ([1.0], 1, 1)]),
                         [((1.0,), 0, 0.75), ((1.0,), 1, 1)])

    def test_only_the_rows_of_the_class_are_replaced(self):
        head = "fentanyl-related\tmsms\t"
        text = f"family\n{head}cost\t.06\n{head}class.rule\t1\nfentanyl-related\tei\tclass.rule\t2\n"
        rows = [("class.rule", "3.500")]
        self.assertEqual(fit.replaced(text, "fentanyl-related", "msms", ["class"], rows),
                         text.replace("class.rule\t1", "class.rule\t3.500"))
        self.assertEqual(fit.replaced("family\n", "fentanyl-related", "msms", ["class"], rows),
                         f"family\n{head}class.rule\t3.500\n")


if __name__ == "__main__":
    unittest.main()
