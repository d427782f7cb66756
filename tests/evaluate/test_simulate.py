#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The simulator gives what it says it gives."""

import cmath
import math
import random
import statistics
import unittest

import simulate


class Simulator(unittest.TestCase):
    def test_the_same_seed_gives_the_same_profile(self):
        instrument = simulate.Instrument(max_offset=1, max_slope_ppm=1000)
        first, other = (simulate.simulate([(100, 1)], instrument, seed) for seed in ("a", "b"))
        self.assertEqual(first, simulate.simulate([(100, 1)], instrument, "a"))
        self.assertNotEqual(first, other)

    def test_the_base_peak_has_the_ions_named_and_lies_where_its_axis_says(self):
        instrument = simulate.Instrument(fwhm=0.7, ions=1e5, max_offset=1, max_slope_ppm=1000, background="none")
        rows, (offset, slope) = simulate.simulate([(100, 7), (300, 1)], instrument, 1)
        expected = 100 * 1.0006 * (1 + slope * 1e-6) + offset
        near = [(mz, ions) for mz, ions in rows if abs(mz - expected) < 1]
        flat = statistics.mean(ions for mz, ions in rows if abs(mz - expected - 4) < 2) * len(near)
        ions = sum(ions for _, ions in near) - flat
        self.assertLess(abs(ions / 1e5 - 1), 0.02)
        centre = sum(mz * ions for mz, ions in near) / sum(ions for _, ions in near)
        self.assertLess(abs(centre - expected), 0.12)

    def test_a_session_keeps_its_axis_and_its_background_and_adds_what_it_is_given(self):
        session = simulate.Session(simulate.Instrument(ions=1e4, max_offset=1), 1, last_mz=200, contaminants=0)
        empty, full = session.scan(), session.scan([([(100, 5), (150, 1)], 0.5)])
        self.assertEqual([mz for mz, _ in empty], [mz for mz, _ in full])

        def ions(rows, first, last):
            return sum(ions for mz, ions in rows if first <= mz - session.offset < last)

        self.assertLess(abs(ions(full, 98, 102) - ions(empty, 98, 102) - 5000), 300)
        self.assertLess(abs(ions(full, 26, 30) / ions(empty, 26, 30) - 1), 0.3)
        again = simulate.Session(simulate.Instrument(ions=1e4, max_offset=1), 1, last_mz=200, contaminants=0)
        self.assertEqual(again.scan(), empty)

    def test_counted_ions_have_the_variance_of_their_mean(self):
        generator = random.Random(1)
        for mean in (0.3, 7, 80):
            counts = [simulate.poisson(generator, mean) for _ in range(4000)]
            self.assertLess(abs(statistics.mean(counts) / mean - 1), 0.1)
            self.assertLess(abs(statistics.variance(counts) / mean - 1), 0.15)

    def test_a_transient_holds_its_ions_and_its_noise(self):
        count, rate = 3000, 1000.0
        samples = simulate.simulate_transient([(123.0, 2.0)], count, rate, 0, 0, 1)
        part = sum(sample * cmath.exp(-2j * cmath.pi * 123.0 * i / rate) for i, sample in enumerate(samples))
        self.assertLess(abs(abs(part) * 2 / count - 2), 1e-6)
        decayed = simulate.simulate_transient([(123.0, 2.0)], count, rate, 0, 3, 1)
        self.assertLess(abs(max(decayed[-20:]) / max(decayed[:20]) / math.exp(-3) - 1), 0.05)
        noise = [simulate.simulate_transient([], 300, rate, 0.01, 0, seed) for seed in range(300)]
        window = [math.sin(math.pi * (i + 0.5) / 300) ** 2 for i in range(300)]
        added = [sum(w * x * math.cos(2 * math.pi * i / 5) for i, (w, x) in enumerate(zip(window, run))) * 2 / 150
                 for run in noise]
        self.assertLess(abs(statistics.stdev(added) / 0.01 - 1), 0.15)


if __name__ == "__main__":
    unittest.main()
