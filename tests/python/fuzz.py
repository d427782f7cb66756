#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Calls everything that the package `spectra` shows with arguments by chance, in forked processes: whatever comes, it is a
result or a Python exception, and the process lives.

`fuzz.py CALLS [--seed N]`; a process of BATCH calls that dies is named by its seed, and `--seed N BATCH` runs it again, alone.
"""
import argparse
import copy
import faulthandler
import os
import pathlib
import pickle
import random
import sys
import tempfile

import numpy as np

import spectra

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"
BATCH = 5000
MAX_KEPT = 40
BAD_STATUS = 9
# What a call may raise. Anything else, an AttributeError say, is a mistake of the package.
EXPECTED = (spectra.SpectraError, TypeError, ValueError, LookupError, OSError, OverflowError, StopIteration, MemoryError)
FILES = [path for path in sorted(DATA.iterdir()) if path.is_file()]
WORDS = ["", "ei", "msms", "insource", "identity", "similarity", "hybrid", "reverse", "cosine", "entropy", "match-factor",
         "neutral-loss", "modified-cosine", "0.01da", "20ppm", "open", "always", "text", "jsonl", "tsv", "name", "track",
         "polarity", "positive", "precursor_mz", "337.2274", "a\0b", "\ud800", "é", "x" * 70000, "NIST", "[M+H]+"]
NUMBERS = [0, 1, -1, 2, 10, 336, 4095, 2**31, 2**32, 2**63, 2**64, 10**400, -2**63, 0.5, 1.5, 1e308, 5e-324, float("nan"),
           float("inf"), True, None]
DTYPES = ["f8", "f4", "f2", ">f8", "i8", "u1", "?", "c16", "O", "U3", "S3", "M8[s]", "g"]


class World:
    """What calls have made so far, and arguments by chance of it."""

    def __init__(self, seed, folder):
        self.chance, self.folder = random.Random(seed), folder
        self.kept = {kind: [] for kind in (spectra.Spectrum, spectra.Database, spectra.Reader, spectra.Hits,
                                           spectra.Identification)}
        # Good ones among them, or little would be reached.
        self.reference = spectra.Database.open()
        self.queries = [query for name in ("analogue_msms.msp", "records.spectra", "msp_mona.msp")
                        for query in spectra.read(DATA / name)]

    def keep(self, value):
        for kind, values in self.kept.items():
            if isinstance(value, kind):
                if len(values) == MAX_KEPT:
                    values.pop(self.chance.randrange(MAX_KEPT))
                values.append(value)

    def one_of(self, kind):
        values = self.kept[kind]
        return self.chance.choice(values) if values and self.chance.random() < .95 else self.anything()

    def database(self):
        """The reference, or one that is open or closed by an earlier call."""
        others = self.kept[spectra.Database]
        return self.chance.choice(others) if others and self.chance.random() < .3 else self.reference

    def spectrum(self):
        return self.chance.choice(self.queries) if self.chance.random() < .6 else self.one_of(spectra.Spectrum)

    def word(self):
        return self.chance.choice(WORDS)

    def number(self):
        return self.chance.choice(NUMBERS)

    def path(self):
        paths = [*FILES, self.folder, self.folder / "out.spdb", self.folder / "a" / "b", "\0", "", "no such file", 3, None]
        return self.chance.choice(paths)

    def array(self):
        chance = self.chance
        count = chance.choice([0, 1, 2, 3, 50, 3000])
        made = np.asarray([chance.choice([chance.random() * 500, chance.randrange(1, 500)]) for _ in range(count)], dtype=float)
        if chance.random() < .1 and count:
            made[chance.randrange(count)] = chance.choice([float("nan"), float("inf"), -1, 0, 1e300, 5e-324])
        if chance.random() < .2:
            with np.errstate(all="ignore"):
                made = made.astype(chance.choice(DTYPES))
        shape = chance.random()
        if shape < .1:
            return made[::-2]
        if shape < .15:
            return made.reshape(-1, 1)
        return made if shape < .9 else made.tolist() if shape < .95 else self.anything()

    def anything(self):
        chance = self.chance
        return chance.choice([self.word, self.number, self.path, object, dict, list, lambda: b"bytes", lambda: [None],
                              lambda: spectra, lambda: np.zeros((2, 2)), lambda: self.kept])()

    def options(self, names):
        """Some of the options of these names: as a rule one that is good, or nearly every call would be refused."""
        good = {"track": ["ei", "msms", "insource"], "mode": ["identity", "similarity", "reverse", "hybrid"],
                "measure": ["cosine", "entropy", "match-factor", "hybrid", "modified-cosine"], "top": [1, 3, 10**6],
                "tolerance": ["0.01da", "50ppm"], "precursor_tolerance": ["open", "20ppm"], "min_score": [0, 0.5, 1],
                "mass": [336, 1, 4095], "all_spectra": [True], "exclude_own_compound": [True], "explain": [True],
                "exclude_accession": [["NIST"], ()], "others": [self.kept[spectra.Database][:2]]}
        picked = self.chance.sample(names, self.chance.choice([0, 0, 1, 1, 2, 4]))
        bad = (self.word, self.number, self.anything)
        return {name: self.chance.choice(bad)() if self.chance.random() < .2 else self.chance.choice(good[name])
                for name in picked}

    def spectrum_options(self):
        names = ["name", "track", "polarity", "precursor_mz", "adduct", "charge", "inchikey", "synonym", ""]
        picked = self.chance.sample(names, self.chance.randrange(4))
        return {name: self.chance.choice([self.word, self.number, lambda: [self.word()], self.anything])() for name in picked}


# One call each: its name, and what it does with a world.


def make(world):
    mz, count = world.array(), world.chance.random() < .8
    intensity = np.ones(len(mz)) if count and isinstance(mz, np.ndarray) else world.array()
    if world.chance.random() < .5:
        return spectra.Spectrum(mz, intensity, track=world.word(), polarity="positive", name="x", precursor_mz=300)
    return spectra.Spectrum(mz, intensity, **world.spectrum_options())


def look_at_spectrum(world):
    spectrum = world.one_of(spectra.Spectrum)
    kind = world.chance.randrange(6)
    if kind == 0:
        return pickle.loads(pickle.dumps(spectrum))
    if kind == 1:
        return copy.copy(spectrum)
    if kind == 2:
        return spectrum.get(world.anything(), world.anything()) if isinstance(spectrum, spectra.Spectrum) else None
    if not isinstance(spectrum, spectra.Spectrum):
        return spectra.Spectrum.from_matchms(spectrum) if hasattr(spectrum, "peaks") else None
    names = ("mz", "intensity", "metadata", "track", "polarity", "charge", "ms_level", "precursor_mz", "retention_time",
             "warnings", "annotations", "digest", "source", "index", "splash")
    return [getattr(spectrum, name) for name in world.chance.sample(names, 4)], repr(spectrum), len(spectrum)


def open_reader(world):
    return spectra.read(world.path(), strict=world.chance.choice([False, True, world.number()]),
                        unreadable=world.chance.choice([None, [], world.anything()]))


def read_on(world):
    reader = world.one_of(spectra.Reader)
    if world.chance.random() < .1 and isinstance(reader, spectra.Reader):
        reader.close()
    return next(reader)


def open_database(world):
    path = world.chance.choice([None, world.folder / "out.spdb", world.path()])
    return spectra.Database.open(path, copy=world.chance.choice([True, False, world.number()]))


def build(world):
    some = [world.spectrum() for _ in range(world.chance.randrange(4))]
    words = {"track": world.word} if world.chance.random() < .3 else {}
    words = {name: word() for name, word in words.items()}
    path = world.chance.choice([None, None, world.folder / "out.spdb", world.folder / "no" / "folder", world.anything()])
    if path in FILES:
        path = None
    return spectra.Database.build(some, path, substances=world.chance.choice([None, None, world.path()]),
                                  left_out=world.chance.choice([None, [], world.anything()]),
                                  postings=world.chance.choice(["default", "always", world.word()]), **words)


def search(world):
    return world.database().search(world.spectrum(), **world.options([*FOR_BOTH, "top", "mode", "measure",
                                                                                "min_score", "all_spectra"]))


def identify(world):
    return world.database().identify(world.spectrum(), **world.options([*FOR_BOTH, "explain"]))


def look_at_database(world):
    one = world.database()
    kind = world.chance.randrange(10)
    if kind == 0 and one is not world.reference:
        one.close()
    calls = (lambda: one.entry(world.number()), lambda: one.substance(world.number()), lambda: one.digest, lambda: len(one),
             lambda: repr(one), lambda: next(one.entries()), lambda: next(one.substances()), lambda: one.verify(),
             lambda: pickle.loads(pickle.dumps(one)), lambda: one.pairs(world.chance.choice([0.99, world.number()])))
    return calls[kind]()


def look_at_hits(world):
    hits = world.one_of(spectra.Hits)
    if not isinstance(hits, spectra.Hits):
        return None
    calls = (lambda: hits[world.anything()], lambda: hits[world.chance.randrange(-3, 12)], lambda: list(hits[1:9:2]),
             lambda: hits.report(world.word()), lambda: hits.report("jsonl"), lambda: hits.array, lambda: hits.score.sum(),
             lambda: (repr(hits), hits.track, hits.measure), lambda: copy.deepcopy(hits), lambda: pickle.dumps(hits))
    return world.chance.choice(calls)()


def look_at_identification(world):
    found = world.one_of(spectra.Identification)
    if not isinstance(found, spectra.Identification):
        return None
    calls = (lambda: found.to_json(), lambda: found.to_dict(), lambda: found[world.anything()], lambda: found.candidates,
             lambda: found.set, lambda: found.probability, lambda: found.unrepresented_isomers, lambda: found.warnings,
             lambda: list(found), lambda: repr(found), lambda: pickle.dumps(found))
    return world.chance.choice(calls)()


def compare(world):
    return spectra.similarity(world.spectrum(), world.spectrum(),
                              **world.options(["measure", "track", "mode", "tolerance", "mass"]))


def matrix(world):
    rows = [world.spectrum() for _ in range(world.chance.randrange(3))]
    out = world.chance.choice([None, np.zeros((len(rows), 1)), np.zeros((9, 4))[:len(rows), 1:2], world.anything()])
    return spectra.similarity_matrix(rows, [world.spectrum()], "cosine", out=out)


FOR_BOTH = ["others", "track", "tolerance", "precursor_tolerance", "mass", "exclude_own_compound", "exclude_accession"]
CALLS = [(make, 8), (look_at_spectrum, 10), (open_reader, 4), (read_on, 6), (open_database, 2), (build, 1), (search, 8),
         (identify, 2), (look_at_database, 6), (look_at_hits, 10), (look_at_identification, 5), (compare, 8), (matrix, 4)]


def call_by_chance(world, count):
    """How many of the calls gave a result, and how many an exception."""
    done, refused = 0, 0
    functions, weights = zip(*CALLS)
    for function in world.chance.choices(functions, weights, k=count):
        try:
            world.keep(function(world))
            done += 1
        except EXPECTED:
            refused += 1
    return done, refused


def in_child(seed, count, pipe):
    """Runs a batch in this process, which is a child's, and never returns."""
    status = BAD_STATUS
    try:
        faulthandler.enable()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)  # where whatever is taken for a path to write to comes to lie
            done, refused = call_by_chance(World(seed, pathlib.Path(folder)), count)
        os.write(pipe, f"{done} {refused}".encode())
        status = 0
    except BaseException:
        import traceback
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def run_batch(seed, count):
    """(results, exceptions), or None where the process died."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        in_child(seed, count, theirs)
    os.close(theirs)
    said = os.read(ours, 100)
    os.close(ours)
    _, status = os.waitpid(child, 0)
    if status != 0:
        print(f"--seed {seed}: the process ended with {os.waitstatus_to_exitcode(status)}")
        return None
    done, refused = map(int, said.split())
    return done, refused


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("calls", type=int)
    parser.add_argument("--seed", type=int, default=1, help="of the first batch")
    arguments = parser.parse_args()
    results, exceptions, seed = 0, 0, arguments.seed
    for first in range(0, arguments.calls, BATCH):
        counts = run_batch(seed, min(BATCH, arguments.calls - first))
        if counts is None:
            return 1
        results, exceptions, seed = results + counts[0], exceptions + counts[1], seed + 1
    print(f"{results + exceptions} calls: {results} results, {exceptions} exceptions, no process died")
    # Were nearly all refused, or nearly none, little would be tried.
    return 0 if results * 5 > exceptions and exceptions * 5 > results else 1


if __name__ == "__main__":
    sys.exit(main())
