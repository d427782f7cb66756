#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The simulator gives what it says it gives."""

import statistics
import random
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

    def test_counted_ions_have_the_variance_of_their_mean(self):
        generator = random.Random(1)
        for mean in (0.3, 7, 80):
            counts = [simulate.poisson(generator, mean) for _ in range(4000)]
            self.assertLess(abs(statistics.mean(counts) / mean - 1), 0.1)
            self.assertLess(abs(statistics.variance(counts) / mean - 1), 0.15)


if __name__ == "__main__":
    unittest.main()
