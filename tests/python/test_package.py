#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The package `spectra`: what it gives is what the program gives, its arrays never dangle, and what is wrong is a Python
exception. `test_package.py --build DIR`; the environment's SPECTRA_LIBRARY names the library of that build."""
import argparse
import concurrent.futures
import copy
import doctest
import gc
import os
import pathlib
import pickle
import subprocess
import sys
import tempfile
import threading
import types
import unittest

import numpy as np

import spectra
from spectra import _ffi, _library, compare, database, options, results, spectrum

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DATA = ROOT / "tests" / "data"
BUILD = None
EI, MSMS = DATA / "fentanyl_ei_noisy.msp", DATA / "analogue_msms.msp"
PATIENCE_S = 6  # of a child that would wait for ever


def program(*words):
    done = subprocess.run([BUILD / "bin" / "spectra", *map(str, words)], capture_output=True, text=True, check=False)
    return done.stdout


def reference():
    return BUILD / "share" / "spectra" / "reference.spdb"


def first(path=EI):
    return next(spectra.read(path))


def msms(**metadata):
    return spectra.Spectrum([50.5, 105.07, 188.143], [5, 40, 100], track="msms", polarity="positive", **metadata)


def load_tests(loader, tests, pattern):
    """The examples of all docstrings, too."""
    for module in (spectra, _library, compare, database, options, results, spectrum):
        tests.addTests(doctest.DocTestSuite(module, extraglobs={name: getattr(spectra, name) for name in spectra.__all__}))
    return tests


class Spectra(unittest.TestCase):
    def test_peaks_are_copied_and_sorted(self):
        mz = np.array([3.0, 1.0, 2.0])
        made = spectra.Spectrum(mz, [30, 10, 20])
        mz[:] = 9
        np.testing.assert_array_equal(made.mz, [1, 2, 3])
        np.testing.assert_array_equal(made.intensity, [10, 20, 30])
        self.assertEqual(len(made.warnings), 1)

    def test_arrays_of_any_real_type_and_stride_are_taken(self):
        for dtype in (np.float32, np.float16, np.int64, np.uint8, ">f8", np.longdouble):
            with self.subTest(dtype):
                both = np.arange(1, 13, dtype=dtype).reshape(6, 2)
                made = spectra.Spectrum(both[:, 0], both[::-1, 1])
                np.testing.assert_array_equal(made.mz, [1, 3, 5, 7, 9, 11])
                np.testing.assert_array_equal(made.intensity, [12, 10, 8, 6, 4, 2])

    def test_a_view_outlives_its_spectrum(self):
        views = [spectra.Spectrum(np.arange(1, 1001) + i, np.full(1000, i)).mz[1:] for i in range(100)]
        gc.collect()
        for i, view in enumerate(views):
            np.testing.assert_array_equal(view, np.arange(2, 1001) + i)

    def test_a_view_is_not_a_copy_and_cannot_be_written(self):
        made = msms()
        self.assertEqual(made.mz.ctypes.data, made.mz.ctypes.data)
        self.assertEqual(spectra.Spectrum([], []).mz.shape, (0,))
        with self.assertRaises(ValueError):
            made.mz[0] = 1
        with self.assertRaises(ValueError):
            made.mz.flags.writeable = True

    def test_metadata_are_kept_word_for_word_and_fields_have_one_name(self):
        made = msms(name="fentanyl", PEPMASS=337.2274, synonym=["a", "b"], charge=1, **{"DB#": "A1", "nothing": None})
        self.assertEqual(made.metadata, {"track": "msms", "polarity": "positive", "name": "fentanyl", "PEPMASS": "337.2274",
                                         "synonym": ["a", "b"], "charge": "1", "DB#": "A1"})
        self.assertEqual((made.precursor_mz, made.get("precursor_mz"), made.get("accession")), (337.2274, "337.2274", "A1"))
        self.assertEqual((made.get("DB#"), made.get("nothing"), made.get("nothing", "-")), ("A1", None, "-"))
        self.assertEqual((made.track, made.polarity, made.charge, made.retention_time), ("msms", "positive", 1, None))

    def test_what_is_no_spectrum_is_refused(self):
        cases = [(TypeError, None, [1]), (ValueError, [1, 2], [1]), (ValueError, [[1, 2]], [[1, 2]]), (ValueError, 1, 1),
                 (TypeError, ["a"], [1]), (TypeError, [1j], [1]), (TypeError, [10**400], [1]), (TypeError, [True], [1]),
                 (TypeError, np.ma.array([1.0], mask=[True]), [1]), (TypeError, [None], [1]),
                 (spectra.FormatError, [float("nan")], [1]), (spectra.FormatError, [1], [float("inf")]),
                 (spectra.FormatError, [-1], [1]), (spectra.FormatError, [1], [-1]),
                 (TypeError, np.array(["2020"], dtype="M8[Y]"), [1])]
        for kind, mz, intensity in cases:
            with self.subTest(mz=mz, intensity=intensity), self.assertRaises(kind):
                spectra.Spectrum(mz, intensity)
        for value in (b"x", True, object(), "a\0b", "\ud800"):
            with self.subTest(value=value), self.assertRaises((TypeError, ValueError)):
                spectra.Spectrum([1], [1], name=value)
        with self.assertRaises(spectra.InvalidError):
            spectra.Spectrum([1], [1], **{"": "x"})

    def test_the_index_of_a_bad_value_is_told(self):
        with self.assertRaises(ValueError) as caught:
            spectra.Spectrum([1, 2, float("nan")], [1, 1, 1])
        self.assertEqual((caught.exception.status, caught.exception.offset), (-4, 2))

    def test_a_spectrum_comes_back_from_a_pickle_the_same(self):
        made = msms(name="x", synonym=["a", "b"])
        for again in (pickle.loads(pickle.dumps(made)), copy.deepcopy(made)):
            np.testing.assert_array_equal(again.mz, made.mz)
            self.assertEqual((again.metadata, again.digest, again.splash), (made.metadata, made.digest, made.splash))
        with self.assertRaisesRegex(TypeError, "warnings"):
            pickle.dumps(spectra.Spectrum([2, 1], [1, 1]))

    def test_matchms_spectra_go_both_ways(self):
        class Other:  # what of matchms.Spectrum is used: matchms itself is no package of Debian
            def __init__(self, mz, intensities, metadata):
                self.peaks, self.metadata = types.SimpleNamespace(mz=mz, intensities=intensities), metadata

        module = types.ModuleType("matchms")
        module.Spectrum = Other
        sys.modules["matchms"] = module
        self.addCleanup(sys.modules.pop, "matchms")
        other = Other(np.array([105.07, 188.143]), np.array([.4, 1.]), {
            "compound_name": "fentanyl", "precursor_mz": 337.2274, "charge": 1, "ionmode": "positive", "adduct": None,
            "fingerprint": np.zeros(4), "peak_comments": {105.07: "x"}})
        made = spectra.Spectrum.from_matchms(other)
        self.assertEqual((made.get("name"), made.precursor_mz, made.charge, made.polarity), ("fentanyl", 337.2274, 1, "positive"))
        again = made.to_matchms()
        np.testing.assert_array_equal(again.peaks.mz, other.peaks.mz)
        np.testing.assert_array_equal(again.peaks.intensities, other.peaks.intensities)
        self.assertEqual({key: again.metadata[key] for key in ("precursor_mz", "charge", "ionmode", "compound_name")},
                         {key: other.metadata[key] for key in ("precursor_mz", "charge", "ionmode", "compound_name")})

    def test_without_matchms_the_import_fails_only_when_it_is_asked_for(self):
        sys.modules["matchms"] = None
        self.addCleanup(sys.modules.pop, "matchms")
        with self.assertRaises(ImportError):
            msms().to_matchms()


class Files(unittest.TestCase):
    def test_spectra_outlive_their_reader(self):
        with spectra.read(DATA / "records.spectra") as reader:
            kept = list(reader)
        self.assertEqual(reader.format, "spectra-records")
        self.assertEqual([s.index for s in kept], list(range(len(kept))))
        self.assertEqual(kept[0].get("accession"), "OWN-EI-1")
        self.assertEqual(kept[1].annotations[0], "C8H9+")
        self.assertEqual(list(reader), [])

    def test_a_bad_record_is_raised_with_its_line_and_the_next_one_follows(self):
        reader, good, bad = spectra.read(DATA / "bad.msp"), [], []
        while True:
            try:
                good.append(next(reader))
            except spectra.FormatError as error:
                bad.append(error)
            except StopIteration:
                break
        self.assertTrue(good and bad)
        self.assertTrue(all(error.line > 0 and f"line {error.line}: " in str(error) for error in bad))
        collected = []
        again = list(spectra.read(DATA / "bad.msp", unreadable=collected))
        self.assertEqual([s.digest for s in again], [s.digest for s in good])
        self.assertEqual([str(error) for error in collected], [str(error) for error in bad])

    def test_a_file_that_is_not_there_is_an_oserror(self):
        for call in (spectra.read, spectra.Database.open):
            with self.subTest(call), self.assertRaises(OSError) as caught:
                call("no such file")
            self.assertIsInstance(caught.exception, spectra.FileError)

    def test_what_is_no_path_is_refused(self):
        for path in (b"a\0b", 7, None, object(), "a\0b"):
            with self.subTest(path), self.assertRaises((TypeError, ValueError)):
                spectra.read(path)
        for path in (7, object(), "a\0b"):
            with self.subTest(path), self.assertRaises((TypeError, ValueError)):
                spectra.Database.open(path)

    def test_errors_come_back_from_a_pickle(self):
        error = pickle.loads(pickle.dumps(spectra.FormatError(-4, "words", 3, 7)))
        self.assertEqual((str(error), error.status, error.line, error.offset), ("line 3: words", -4, 3, 7))

    def test_every_status_of_the_library_has_an_exception_of_its_own(self):
        errors = {name: value for name, value in _ffi.STATUS.items() if value < 0}
        self.assertEqual(set(_library._ERRORS), set(errors.values()))
        for value in errors.values():
            with self.assertRaises(spectra.SpectraError) as caught:
                _library.check(value)
            self.assertIs(type(caught.exception), _library._ERRORS[value])


class Answers(unittest.TestCase):
    def setUp(self):
        self.database = spectra.Database.open(reference())

    def test_verdicts_are_those_of_the_program_byte_for_byte(self):
        files = [EI, MSMS, DATA / "cocaine_ei_noisy.msp", DATA / "records.spectra", DATA / "msp_mona.msp"]
        for explain in (False, True):
            lines = program("identify", "--db", reference(), "--format", "jsonl", *["--explain"] * explain, *files)
            mine = [self.database.identify(query, explain=explain).to_json()
                    for path in files for query in spectra.read(path) if query.track != "unknown"]
            theirs = [line for line in lines.splitlines(keepends=True) if '"verdict"' in line]
            self.assertGreater(len(mine), 5)
            self.assertEqual(mine, theirs)

    def test_options_reach_the_library_as_those_of_the_program_do(self):
        words = ["--mass", "336", "--exclude-accession", "NIST", "--exclude-accession", "SWG", "--track", "ei"]
        found = self.database.identify(first(), mass=336, exclude_accession=["NIST", "SWG"], track="ei")
        self.assertEqual(found.to_json(), program("identify", "--db", reference(), "--format", "jsonl", *words, EI))
        words = ["--tolerance", "0.005da", "--precursor-tolerance", "open", "--mode", "hybrid", "--measure", "hybrid",
                 "--top", "3", "--min-score", "0.3", "--all-spectra", "--exclude-own-compound"]
        hits = self.database.search(first(MSMS), tolerance="0.005 Da", precursor_tolerance="open", mode="hybrid",
                                    measure="hybrid", top=3, min_score=.3, all_spectra=True, exclude_own_compound=True)
        line = program("search", "--db", reference(), "--format", "jsonl", *words, MSMS).splitlines(keepends=True)[0]
        self.assertEqual(len(hits), 3)
        self.assertEqual(hits.report("jsonl"), line)

    def test_hits_are_those_of_the_program(self):
        hits = self.database.search(first(), top=5)
        for form in ("tsv", "jsonl", "text"):
            self.assertEqual(hits.report(form), program("search", "--db", reference(), "--format", form, "--top", "5", EI))
        self.assertEqual(str(hits), hits.report("text"))
        rows = [line.split("\t") for line in hits.report("tsv").splitlines()[1:]]
        self.assertEqual([(f"{hit.rank}", f"{hit.entry}", hit.accession, hit.substance, hit.inchikey, f"{hit.score:.6f}",
                           f"{hit.reverse_score:.6f}", f"{hit.matched_peaks}") for hit in hits],
                         [tuple(row[1:9]) for row in rows])

    def test_arrays_of_hits_hold_the_integers_of_the_library_and_outlive_everything(self):
        hits = self.database.search(first())
        array, score = hits.array, [hit.score for hit in hits]
        self.database.close()
        del hits
        gc.collect()
        np.testing.assert_array_equal(array["score"] / 2**30, score)
        self.assertEqual(array.dtype["delta_mass_uda"], np.int64)
        with self.assertRaises(ValueError):
            array["score"] = 1

    def test_results_outlive_their_database(self):
        query = first()
        hits, found = self.database.search(query), self.database.identify(query)
        before = hits[0], found.candidates[0], str(found)
        self.database.close()
        gc.collect()
        self.assertEqual((hits[0], found.candidates[0], str(found)), before)

    def test_hits_are_a_sequence(self):
        hits = self.database.search(first(), top=4)
        self.assertEqual(hits[-1], hits[3])
        self.assertEqual(hits[1:3], [hits[1], hits[2]])
        self.assertEqual([hit.rank for hit in hits], [1, 2, 3, 4])
        for index in (4, -5, "0", None):
            with self.subTest(index), self.assertRaises((IndexError, TypeError)):
                hits[index]

    def test_a_verdict_has_its_facts_as_attributes_and_by_key(self):
        found = self.database.identify(first())
        facts = found.to_dict()
        self.assertEqual((found.verdict, found["verdict"]), ("not_distinguished", "not_distinguished"))
        self.assertEqual([hit.inchikey for hit in found.set], facts["set"])
        self.assertEqual([round(hit.score, 6) for hit in found.candidates], [c["score"] for c in facts["candidates"]])
        self.assertEqual((found.probability, found.against, found.warnings, found.unrepresented_isomers),
                         (facts["probability"], facts["against"], facts["warnings"], facts["unrepresented_isomers"]))
        self.assertEqual(str(found), program("identify", "--db", reference(), EI))
        self.assertIn("class", found)

    def test_a_spectrum_like_nothing_has_no_hits_and_a_verdict(self):
        alone = spectra.Spectrum([999.0, 998.0][::-1], [1, 1], track="ei")
        hits, found = self.database.search(alone), self.database.identify(alone)
        self.assertEqual((len(hits), list(hits), hits.array.shape, hits.score.shape), (0, [], (0,), (0,)))
        self.assertEqual((len(found.candidates), found.set), (0, []))

    def test_several_databases_are_searched_together(self):
        with tempfile.TemporaryDirectory() as folder:
            query, path = first(), pathlib.Path(folder) / "mine.spdb"
            mine = spectra.Database.build([spectra.Spectrum(query.mz, query.intensity, name="it", track="ei")], path)
            hits = self.database.search(query, others=[mine], top=2)
            self.assertEqual([hit.substance for hit in hits], ["it", "Fentanyl"])
            self.assertEqual([hit.database for hit in hits], [str(path), str(reference())])
            self.assertEqual(hits.report("tsv"), program("search", "--db", reference(), "--db", path, "--format", "tsv",
                                                         "--top", "2", EI))

    def test_hits_become_a_data_frame(self):
        frame = self.database.search(first()).to_dataframe()
        self.assertEqual((frame["substance"][0], frame["rank"][0], len(frame)), ("Fentanyl", 1, 10))
        self.assertEqual(str(frame["score"].dtype), "float64")
        self.assertEqual(len(self.database.identify(first()).to_dataframe()), 31)

    def test_entries_and_substances_are_those_that_hits_name(self):
        hit = self.database.search(first())[0]
        entry = self.database.entry(hit.entry)
        self.assertEqual((entry.accession, entry.track, entry.polarity), (hit.accession, "ei", "positive"))
        self.assertEqual(self.database.substance(entry.substance).inchikey, hit.inchikey)
        self.assertAlmostEqual(self.database.substance(entry.substance).exact_mass, 336.2202, places=4)
        self.assertEqual(len(list(self.database.entries())), len(self.database))
        self.assertGreater(len(list(self.database.substances())), 200)
        for index in (len(self.database), 2**32, -1, 2**400, None, 1.5, True):
            with self.subTest(index), self.assertRaises((LookupError, ValueError, TypeError)):
                self.database.entry(index)

    def test_pairs_are_as_alike_as_similarity_says(self):
        pairs = self.database.pairs(0.95)
        self.assertGreater(len(pairs), 10)
        self.assertTrue((pairs["first"] < pairs["second"]).all() and (pairs["score"] >= 0.95).all())
        recorded = {s.get("accession"): s for s in spectra.read(ROOT / "reference-spectra" / "ei.spectra")}
        for first_, second, score in pairs[:20]:
            one, other = (recorded[self.database.entry(int(i)).accession] for i in (first_, second))
            self.assertEqual(spectra.similarity(one, other, measure="cosine").score, score)
        self.assertEqual(spectra.Database.build([msms(name="x")]).digest, spectra.Database.build([msms(name="x")]).digest)
        with self.assertRaises(spectra.NotFoundError):
            spectra.Database.build([msms(name="x")]).pairs()

    def test_bad_options_are_refused(self):
        bad = [dict(top=0), dict(top=2**40), dict(top=None), dict(top=True), dict(mode="best"), dict(measure="beauty"),
               dict(measure=3), dict(tolerance="1"), dict(tolerance=0.01), dict(tolerance="11da"), dict(tolerance="0.5ppm"),
               dict(precursor_tolerance="wide"), dict(min_score=2), dict(min_score=float("nan")), dict(min_score="1"),
               dict(mass=0), dict(mass=10**30), dict(mass=336.2), dict(all_spectra=1), dict(track="nmr"),
               dict(exclude_accession="NIST"), dict(exclude_accession=[7]), dict(exclude_accession=["a\0b"]),
               dict(others=[None]), dict(others=3), dict(track="unknown"), dict(exclude_own_compound=None)]
        for words in bad:
            with self.subTest(words), self.assertRaises((TypeError, ValueError)):
                self.database.search(first(), **words)
        for query in (None, 7, "x", [1.0]):
            with self.subTest(query), self.assertRaises(TypeError):
                self.database.search(query)
            with self.subTest(query), self.assertRaises(TypeError):
                self.database.identify(query)
        with self.assertRaises(spectra.InvalidError):  # its track is not told
            self.database.search(spectra.Spectrum([1], [1]))

    def test_a_measure_that_does_not_fit_the_track_is_an_error_of_the_library(self):
        with self.assertRaises(spectra.InvalidError) as caught:
            self.database.search(first(), measure="entropy")
        self.assertTrue(caught.exception.message)


class Databases(unittest.TestCase):
    def test_what_is_built_is_what_the_program_builds_byte_for_byte(self):
        files = [ROOT / "reference-spectra" / f"{kind}.spectra" for kind in ("ei", "msms", "insource")]
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "mine.spdb"
            built = spectra.Database.build((s for file in files for s in spectra.read(file)), path)
            self.assertEqual(path.read_bytes(), reference().read_bytes())
            built.verify()
            self.assertEqual(built.digest, spectra.Database.open(reference(), copy=True).digest)

    def test_a_database_in_memory_answers_and_is_not_pickled(self):
        built = spectra.Database.build([msms(name="x", precursor_mz=337.2274)])
        gc.collect()
        self.assertGreater(built.search(msms(precursor_mz=337.2274))[0].score, .999999)
        with self.assertRaisesRegex(TypeError, "path"):
            pickle.dumps(built)

    def test_spectra_that_cannot_be_added_are_raised_or_collected(self):
        bad = spectra.Spectrum([1], [1], name="no track")
        with self.assertRaises(spectra.InvalidError):
            spectra.Database.build([bad])
        left_out = []
        built = spectra.Database.build([bad, msms(name="x")], left_out=left_out)
        self.assertEqual((len(built), [s for s, _ in left_out]), (1, [bad]))
        for words in (dict(spectra=None), dict(spectra=[None]), dict(spectra=[], track="nmr"), dict(spectra=[], postings=1),
                      dict(spectra=[], left_out=()), dict(spectra=[], path="a\0b"), dict(spectra=[], neutral_loss="yes")):
            with self.subTest(words), self.assertRaises((TypeError, ValueError)):
                spectra.Database.build(**words)

    def test_a_database_is_pickled_by_its_path(self):
        query = first()
        one = spectra.Database.open(reference())
        again = pickle.loads(pickle.dumps(one))
        self.assertEqual(again.identify(query).to_json(), one.identify(query).to_json())
        with concurrent.futures.ProcessPoolExecutor(1) as pool:
            self.assertEqual(pool.submit(best_score, one, pickle.loads(pickle.dumps(msms(precursor_mz=337.2274)))).result(),
                             best_score(one, msms(precursor_mz=337.2274)))

    def test_a_closed_database_is_an_error_and_closing_twice_is_none(self):
        with spectra.Database.open(reference()) as one:
            pass
        one.close()
        self.assertIn("closed", repr(one))
        for call in (lambda: one.search(first()), lambda: one.identify(first()), lambda: len(one), lambda: one.digest,
                     one.verify, lambda: one.entry(0), one.pairs, one.entries, lambda: pickle.dumps(one), one.__enter__):
            with self.assertRaisesRegex(ValueError, "closed"):
                call()

    def test_bytes_that_are_no_database_or_a_broken_one_are_told_with_their_place(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "broken.spdb"
            content = bytearray(reference().read_bytes())
            content[len(content) // 2] ^= 1
            path.write_bytes(content)
            with self.assertRaises(spectra.CorruptError) as caught:
                spectra.Database.open(path, copy=True).verify()
            self.assertGreater(caught.exception.offset, 0)
            path.write_bytes(b"nothing")
            with self.assertRaises(spectra.CorruptError):
                spectra.Database.open(path)

    def test_without_a_path_the_reference_is_opened_or_the_one_that_the_environment_names(self):
        self.assertEqual(spectra.Database.open().digest, spectra.Database.open(reference()).digest)
        os.environ["SPECTRA_DATABASE"] = "no such file"
        self.addCleanup(os.environ.pop, "SPECTRA_DATABASE")
        with self.assertRaises(OSError):
            spectra.Database.open()

    def test_a_database_is_not_made_by_its_name(self):
        with self.assertRaises(TypeError):
            spectra.Database()


def best_score(one, query):
    return one.search(query, mode="similarity")[0].score


class Comparing(unittest.TestCase):
    def test_a_matrix_goes_into_the_callers_array_whatever_its_strides(self):
        some = [msms(), spectra.Spectrum([105.07, 200], [1, 1], track="msms", polarity="positive")]
        room = np.full((4, 6), 7.0)
        out = room[::2, ::3].T
        self.assertIs(spectra.similarity_matrix(some, some, measure="cosine", out=out), out)
        for i, one in enumerate(some):
            for j, other in enumerate(some):
                self.assertEqual(out[i, j], spectra.similarity(one, other, measure="cosine").score)
        self.assertEqual((room == 7).sum(), 20)
        np.testing.assert_array_equal(spectra.similarity_matrix(some, some, "cosine"), out)

    def test_an_array_that_does_not_fit_is_refused(self):
        locked = np.zeros((1, 1))
        locked.flags.writeable = False
        for out in (np.zeros((2, 1)), np.zeros((1, 1), dtype=int), [[0.0]], locked, np.zeros((1, 1), dtype=complex)):
            with self.subTest(out), self.assertRaises((TypeError, ValueError)):
                spectra.similarity_matrix([msms()], [msms()], out=out)
        for words in ((None, [msms()]), ([1], [msms()]), ([msms()], [None])):
            with self.subTest(words), self.assertRaises(TypeError):
                spectra.similarity_matrix(*words)

    def test_nothing_against_something_is_an_empty_matrix(self):
        self.assertEqual(spectra.similarity_matrix([], [msms()]).shape, (0, 1))


WAITING_READER = """
import errno, os, sys, threading, time
import spectra
fifo, record = sys.argv[1:]
read = []
thread = threading.Thread(target=lambda: read.extend(spectra.read(fifo)))
thread.start()
while True:  # there is a reader only while the other thread waits inside of the library for a writer
    try:
        end = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        break
    except OSError as reason:
        assert reason.errno == errno.ENXIO
        time.sleep(0.001)
os.write(end, open(record, "rb").read())
os.close(end)
thread.join()
print(read[0].get("name"))
"""


class Threads(unittest.TestCase):
    def test_other_threads_run_while_the_library_waits(self):
        """Were the interpreter's lock kept, nobody could ever open the other end of the pipe."""
        with tempfile.TemporaryDirectory() as folder:
            fifo = pathlib.Path(folder) / "pipe"
            os.mkfifo(fifo)
            done = subprocess.run([sys.executable, "-c", WAITING_READER, fifo, EI], capture_output=True, text=True,
                                  timeout=PATIENCE_S, check=False)
            self.assertEqual((done.stdout, done.stderr), ("Unknown 1\n", ""))

    def test_threads_share_a_database(self):
        one = spectra.Database.open(reference())
        queries = [s for path in (EI, MSMS, DATA / "msp_mona.msp") for s in spectra.read(path) if s.track != "unknown"] * 4
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            together = [found.to_json() for found in pool.map(one.identify, queries)]
        self.assertEqual(together, [one.identify(query).to_json() for query in queries])

    def test_a_database_and_a_reader_may_be_closed_while_others_use_them(self):
        query = msms(precursor_mz=337.2274)
        for _ in range(50):
            one, reader = spectra.Database.open(reference()), spectra.read(ROOT / "reference-spectra" / "insource.spectra")
            seen = []

            def use():
                try:
                    for taken in reader:
                        seen.append((len(taken), one.search(query, mode="similarity")[0].rank, len(one.digest)))
                except ValueError as error:
                    seen.append(str(error))

            threads = [threading.Thread(target=use) for _ in range(2)]
            for thread in threads:
                thread.start()
            one.close()
            reader.close()
            for thread in threads:
                thread.join()
            self.assertTrue(all(what == "the database is closed" or what[1:] == (1, 64) for what in seen), seen)


class Loading(unittest.TestCase):
    def import_with(self, library, code="import spectra"):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False,
                              env=dict(os.environ, SPECTRA_LIBRARY=str(library)))
        return done.returncode, done.stderr.strip().splitlines()[-1] if done.stderr else ""

    def test_a_library_that_is_named_and_not_there_is_no_reason_to_take_another(self):
        status, words = self.import_with("/nowhere/libspectra.so.0")
        self.assertEqual(status, 1)
        self.assertRegex(words, "ImportError: cannot load /nowhere/libspectra.so.0: .*SPECTRA_LIBRARY names it")

    def test_a_library_that_is_another_is_refused(self):
        status, words = self.import_with("libc.so.6")
        self.assertEqual(status, 1)
        self.assertRegex(words, "ImportError: libc.so.6 is no libspectra of this version")

    def test_a_library_of_another_version_is_refused(self):
        found = types.SimpleNamespace(_name="it", spectra_version=type("F", (), {"__call__": lambda self: b"0.999.3"})())
        with self.assertRaisesRegex(ImportError, "it is libspectra 0.999.3, and this package is for 0.1"):
            _library._bind(found)


@unittest.skipUnless((pathlib.Path(os.environ.get("SPECTRA_LIBRARY", "")).parent / "libspectra-plot.so.0").exists(),
                     "no libspectra-plot is built")
class Pictures(unittest.TestCase):
    def setUp(self):
        self.query, = spectra.read(EI)
        self.fragments = next(iter(spectra.read(MSMS)))

    def test_a_notebook_gets_both_pictures(self):
        picture = self.query.plot()
        self.assertEqual(picture._repr_png_()[:8], b"\x89PNG\r\n\x1a\n")
        self.assertTrue(picture._repr_svg_().startswith("<svg"))
        self.assertEqual(picture.svg(), program("plot", EI, "-o", "-", "--picture", "svg"))

    def test_a_mirror_is_that_of_the_program(self):
        picture = spectra.plot_mirror(self.fragments, self.fragments, tolerance_ppm=20)
        self.assertEqual(picture.svg(),
                         program("plot", MSMS, MSMS, "-o", "-", "--picture", "svg", "--tolerance", "20ppm"))

    def test_words_are_escaped_and_reach_their_place(self):
        made = spectra.Spectrum([50, 60], [1, 2], name="<b>", formula="C9H8", precursor_mz=61.5, adduct="[M+H]+", track="msms")
        text = spectra.plot_mirror(made, made, note="a & b").svg()
        for words in (">&lt;b&gt;<", ">a &amp; b<", ">[M+H]+ 61.5000<"):
            self.assertIn(words, text)

    def test_what_is_wrong_is_an_exception(self):
        for options in ({"width": 1}, {"height": float("nan")}, {"labels": 0}):
            self.assertRaises(ValueError, self.query.plot, **options)
        self.assertRaises(TypeError, self.query.plot, width="7")
        self.assertRaises(ValueError, self.query.plot().save, "x.gif")
        self.assertRaises(ValueError, self.query.plot().png, 20)

    def test_a_picture_outlives_its_spectrum(self):
        picture = self.query.plot()
        del self.query
        gc.collect()
        self.assertIn("Unknown 1", picture.svg())


def main():
    global BUILD
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    arguments, rest = parser.parse_known_args()
    BUILD = arguments.build.resolve()
    os.chdir(DATA)  # where the examples find their files
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
