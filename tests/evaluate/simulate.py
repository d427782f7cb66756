#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SIMULATED profiles of low-resolution instruments, made from measured centroid spectra: no open data of handheld devices
exist. Seeded: the same arguments give the same profiles.

A peak at nominal mass M lies at M·(1 + d), d normal around 0.0006 with deviation 0.0003 (mass defects differ), and is a
Gauss curve of the width given. `ions` is the number of ions in the base peak; each sample counts ions (Poisson). Under the
peaks lies a baseline, above zero and falling; among them the background of the kind of ionisation. The axis is read with an
error: m/z·(1 + slope) + offset, both uniform between their limits.

SIMULATED transients: cosines of random phase that decay alike, and normal noise. The signal-to-noise ratio of an ion that
does not decay is its amplitude over the deviation that the noise adds to it under Hann's window.
"""

import array
import cmath
import dataclasses
import math
import random
import sys

SAMPLES_PER_MZ = 10
FIRST_MZ = 10
# m/z and mean height over the base peak's; each spectrum has its own.
BACKGROUND = {"ei": ((18.0100, 0.25), (28.0056, 0.6), (31.9893, 0.15), (39.9618, 0.012), (43.9893, 0.03)),
              "protonated": ((19.0178, 0.3), (37.0284, 0.5), (55.0390, 0.2), (73.0495, 0.05)), "none": ()}
BASELINE_FLAT, BASELINE_FALLING, BASELINE_LENGTH = 0.01, 0.03, 80  # of the base peak's height; in m/z


@dataclasses.dataclass
class Instrument:
    fwhm: float = 0.7
    ions: float = 1e4
    max_offset: float = 0.0
    max_slope_ppm: float = 0.0
    background: str = "ei"


def poisson(generator, mean):
    if mean > 50:
        return max(0, round(generator.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), generator.random(), 0
    while product > limit:
        product *= generator.random()
        count += 1
    return count


def add_peak(means, mz, ions, fwhm):
    sigma = fwhm / 2.3548200450309493
    first = max(0, int((mz - 5 * sigma - FIRST_MZ) * SAMPLES_PER_MZ))
    last = min(len(means) - 1, int((mz + 5 * sigma - FIRST_MZ) * SAMPLES_PER_MZ) + 1)
    height = ions / (sigma * math.sqrt(2 * math.pi) * SAMPLES_PER_MZ)
    for i in range(first, last + 1):
        distance = (FIRST_MZ + i / SAMPLES_PER_MZ - mz) / sigma
        means[i] += height * math.exp(-distance * distance / 2)


def simulate(peaks, instrument, seed):
    """[(m/z as read, ions counted)], (offset, slope in ppm)."""
    generator = random.Random(seed)
    offset = generator.uniform(-1, 1) * instrument.max_offset
    slope = generator.uniform(-1, 1) * instrument.max_slope_ppm
    base = max(intensity for _, intensity in peaks)
    last = max(mz for mz, _ in peaks) * 1.001 + 8
    means = [0.0] * int((last - FIRST_MZ) * SAMPLES_PER_MZ)
    for mz, intensity in peaks:
        add_peak(means, mz * (1 + generator.gauss(0.0006, 0.0003)), intensity / base * instrument.ions, instrument.fwhm)
    for mz, height in BACKGROUND[instrument.background]:
        add_peak(means, mz, height * math.exp(generator.gauss(0, 0.5)) * instrument.ions, instrument.fwhm)
    height = instrument.ions / (instrument.fwhm * 1.0645 * SAMPLES_PER_MZ)
    rows = []
    for i, mean in enumerate(means):
        mz = FIRST_MZ + i / SAMPLES_PER_MZ
        baseline = height * (BASELINE_FLAT + BASELINE_FALLING * math.exp(-mz / BASELINE_LENGTH))
        rows.append((mz * (1 + slope * 1e-6) + offset, poisson(generator, mean + baseline)))
    return rows, (offset, slope)


def write_msp(path, records, instrument, seed):
    """One profile for each record (name, peaks); the errors of their axes by name."""
    errors = {}
    with path.open("w", encoding="utf-8") as file:
        for name, peaks in records:
            rows, errors[name] = simulate(peaks, instrument, f"{seed} {name}")
            file.write(f"Name: {name}\nComments: SIMULATED profile\nSpectrum_type: EI\nNum Peaks: {len(rows)}\n")
            file.writelines(f"{mz:.5f} {ions}\n" for mz, ions in rows)
            file.write("\n")
    return errors


class Session:
    """SIMULATED scans of one device: one axis, one background, whose ions vary from scan to scan, and some that a swab
    brings. `scan` mixes substances, given as peaks and the share of `ions` that their base peaks have."""

    def __init__(self, instrument, seed, last_mz=400, variation=0.05, contaminants=6):
        self.instrument, self.last_mz, self.variation = instrument, last_mz, variation
        self.generator = random.Random(f"session {seed}")
        self.offset = self.generator.uniform(-1, 1) * instrument.max_offset
        self.slope = self.generator.uniform(-1, 1) * instrument.max_slope_ppm
        self.background = [(mz, height * math.exp(self.generator.gauss(0, 0.5)))
                           for mz, height in BACKGROUND[instrument.background]]
        self.background += [(self.generator.randrange(41, 300) * 1.0006, self.generator.uniform(0.01, 0.2))
                            for _ in range(contaminants)]

    def scan(self, substances=()):
        """[(m/z as read, ions counted)]."""
        instrument, generator = self.instrument, self.generator
        means = [0.0] * int((self.last_mz - FIRST_MZ) * SAMPLES_PER_MZ)
        for mz, height in self.background:
            add_peak(means, mz, height * math.exp(generator.gauss(0, self.variation)) * instrument.ions, instrument.fwhm)
        for peaks, share in substances:
            base = max(intensity for _, intensity in peaks)
            for mz, intensity in peaks:
                defect = random.Random(f"defect {mz}").gauss(0.0006, 0.0003)
                add_peak(means, mz * (1 + defect), intensity / base * share * instrument.ions, instrument.fwhm)
        height = instrument.ions / (instrument.fwhm * 1.0645 * SAMPLES_PER_MZ)
        rows = []
        for i, mean in enumerate(means):
            mz = FIRST_MZ + i / SAMPLES_PER_MZ
            baseline = height * (BASELINE_FLAT + BASELINE_FALLING * math.exp(-mz / BASELINE_LENGTH))
            rows.append((mz * (1 + self.slope * 1e-6) + self.offset, poisson(generator, mean + baseline)))
        return rows

    def write(self, path, count, substances=()):
        with path.open("w", encoding="utf-8") as file:
            for number in range(count):
                rows = self.scan(substances)
                file.write(f"Name: scan {number}\nComments: SIMULATED profile\nSpectrum_type: EI\nNum Peaks: {len(rows)}\n")
                file.writelines(f"{mz:.5f} {ions}\n" for mz, ions in rows)
                file.write("\n")


def simulate_transient(ions, count, rate, noise, decay, seed):
    """Samples of ions (frequency in Hz, amplitude), which fall by e^-decay to the end. `noise` is that of an amplitude."""
    generator = random.Random(seed)
    deviation = noise * math.sqrt(count / 3)
    samples = [generator.gauss(0, deviation) for _ in range(count)] if noise else [0.0] * count
    for frequency, amplitude in ions:
        turn = cmath.exp(2j * math.pi * frequency / rate - decay / count)
        value = amplitude * cmath.exp(2j * math.pi * generator.random())
        for i in range(count):
            samples[i] += value.real
            value *= turn
    return samples


def write_float32(path, samples):
    """Little-endian, as instruments' raw files are read."""
    values = array.array("f", samples)
    if sys.byteorder == "big":
        values.byteswap()
    path.write_bytes(values.tobytes())
