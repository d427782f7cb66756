# SPDX-License-Identifier: Apache-2.0
"""What a search and an identification give: arrays, names looked up when they are asked for, and the program's reports."""

import ctypes
import json
import os
from ctypes import byref
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Sequence, Union, overload

import numpy as np

from . import _ffi
from ._library import C, Owner, Scratch, check, choice, encoded_path, read_only, word_of
from .spectrum import Spectrum

_ONE = _ffi.LIMITS["SCORE_ONE"]
_HIT = np.dtype(_ffi.spectra_hit)
_COLUMNS = ("rank", "entry", "accession", "substance", "inchikey", "formula", "score", "reverse_score", "match_factor",
            "matched_peaks", "delta_mass", "database")


class Substance(NamedTuple):
    """A compound of a database; "" where something is unknown."""

    name: str
    inchikey: str
    formula: str
    smiles: str
    substance_class: str
    sites: str
    core: str
    source: str
    exact_mass: Optional[float]  #: monoisotopic, in Da


class Entry(NamedTuple):
    """A measurement in a database; "" where something is unknown."""

    accession: str
    name: str
    inchikey: str
    source: str
    licence: str
    author: str
    instrument_type: str
    instrument: str
    collision_energy: str
    adduct: str
    substance: int  #: index of its substance
    track: str
    polarity: str
    precursor_mz: Optional[float]  #: in Th


class Hit(NamedTuple):
    """One hit. Scores are from 0 to 1."""

    rank: int  #: from 1
    entry: int  #: index in its database
    accession: str
    substance: str
    inchikey: str
    formula: str
    score: float
    reverse_score: float  #: with the query's unmatched peaks left out
    match_factor: Optional[int]  #: EI: as NIST counts it, up to 999
    matched_peaks: int
    delta_mass: Optional[float]  #: query − reference, in Da
    database: str  #: as it was opened


class Searched:
    """Databases that are searched together: owners of their memory, their names, and both as arrays for C."""

    def __init__(self, owners: Sequence[Owner], names: Sequence[str]) -> None:
        self.owners, self.names, self.count = owners, names, len(owners)
        self.pointers = (_ffi._database * self.count)(*(owner.pointer for owner in owners))
        self.c_names = (ctypes.c_char_p * self.count)(*map(encoded_path, names))
        self.entry_count: int = sum(C.spectra_database_entry_count(owner.pointer) for owner in owners)


def substance_at(owner: Owner, index: int) -> Substance:
    row = _ffi.spectra_substance()
    check(C.spectra_database_substance(owner.pointer, index, byref(row)))
    words = [getattr(row, name).decode("utf-8") for name in Substance._fields[:-1]]
    return Substance._make([*words, row.exact_mass_uda / 1e6 if row.exact_mass_uda else None])


def entry_at(owner: Owner, index: int) -> Entry:
    row = _ffi.spectra_entry()
    check(C.spectra_database_entry(owner.pointer, index, byref(row)))
    words = [getattr(row, name).decode("utf-8") for name in Entry._fields[:10]]
    return Entry._make([*words, row.substance, word_of(row.track, _ffi.TRACK), word_of(row.polarity, _ffi.POLARITY),
                        row.precursor_uth / 1e6 if row.precursor_uth else None])


class Query:
    """A spectrum, what it is compared with, and how: everything that a report names."""

    def __init__(self, spectrum: Spectrum, searched: Searched, options: Any, explain: int = 0) -> None:
        if not isinstance(spectrum, Spectrum):
            raise TypeError(f"a Spectrum is expected, not {type(spectrum).__name__}")
        self.spectrum, self.searched, self.options, self.explain = spectrum, searched, options, explain

    def report(self) -> Any:
        """For a report; what it points to lives as long as the query."""
        spectrum, searched = self.spectrum, self.searched
        return _ffi.spectra_report_query(spectrum._c, os.fsencode(spectrum.source), spectrum.index, searched.pointers,
                                         searched.c_names, searched.count, self.explain, ctypes.pointer(self.options))


class Hits(Sequence[Hit]):
    """Ranked hits, best first.

    A sequence of `Hit`, whose names are looked up as they are asked for; and columns of numbers as arrays.

    Attributes
    ----------
    array : ndarray, shape (n,)
        The library's own integers: fields database, entry, substance, score and reverse_score (in 2⁻³⁰), match_factor,
        matched_peaks, reference_peaks, delta_mass_uda (µDa), has_delta_mass.
    compared : int
        Reference spectra that were compared.
    query_peaks : int
        Peaks of the query after preparation.
    """

    def __init__(self, query: Query, hits: Any, summary: Any) -> None:
        self._query, self._hits, self._summary = query, hits, summary
        self.compared: int = summary.compared
        self.query_peaks: int = summary.query_peaks

    @property
    def array(self) -> "np.ndarray[Any, Any]":
        """The library's own integers, as above. A read-only view."""
        return read_only(self._hits, len(self), _HIT)

    @property
    def track(self) -> str:
        """What was searched: "ei", "msms" or "insource"."""
        return word_of(self._summary.track, _ffi.TRACK)

    @property
    def measure(self) -> str:
        """What ranks, e.g. "match-factor"."""
        return str(C.spectra_measure_text(self._summary.measure).decode())

    @property
    def score(self) -> "np.ndarray[Any, np.dtype[np.float64]]":
        """By the measure that ranks: float64 from 0 to 1, shape (n,)."""
        return np.asarray(self.array["score"] / _ONE, dtype=np.float64)

    @property
    def reverse_score(self) -> "np.ndarray[Any, np.dtype[np.float64]]":
        """Likewise, with the query's unmatched peaks left out."""
        return np.asarray(self.array["reverse_score"] / _ONE, dtype=np.float64)

    def __len__(self) -> int:
        return int(self._summary.hit_count)

    def _at(self, index: int) -> Hit:
        row = self._hits[index]
        owner = self._query.searched.owners[row.database]
        entry, substance = entry_at(owner, row.entry), substance_at(owner, row.substance)
        return Hit(index + 1, row.entry, entry.accession, substance.name or entry.name or entry.accession,
                   substance.inchikey, substance.formula, row.score / _ONE, row.reverse_score / _ONE,
                   min(row.match_factor * 1000 // _ONE, 999) if self.track == "ei" else None, row.matched_peaks,
                   row.delta_mass_uda / 1e6 if row.has_delta_mass else None,
                   self._query.searched.names[row.database])

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> List[Hit]: ...

    def __getitem__(self, index: Union[int, slice]) -> Union[Hit, List[Hit]]:
        chosen = range(len(self))[index]
        return self._at(chosen) if isinstance(chosen, int) else [self._at(i) for i in chosen]

    def __repr__(self) -> str:
        best = f", best {self[0].substance} {self[0].score:.6f}" if len(self) else ""
        return f"<Hits: {len(self)} by {self.measure}{best}>"

    def __str__(self) -> str:
        return self.report("text")

    def report(self, format: str = "text") -> str:
        """What ``spectra search --format`` prints for this query: "text", "jsonl" or "tsv" (with its header line)."""
        kind, scratch = choice("format", format, _ffi.REPORT), Scratch.take(0)
        sink = scratch.sink
        try:
            status = C.spectra_report_hits_header(byref(sink.c), kind)
            if status >= 0:
                status = C.spectra_report_hits(byref(sink.c), kind, byref(self._query.report()), self._hits,
                                               byref(self._summary))
            return sink.text(status)
        finally:
            scratch.put_back()

    def to_dataframe(self) -> Any:
        """A pandas.DataFrame with a row for each hit and the columns of `Hit`; pandas is imported only here."""
        import pandas  # type: ignore[import]

        return pandas.DataFrame.from_records(list(self), columns=list(_COLUMNS))


class Identification:
    """A verdict: what a spectrum is consistent with, what cannot be told apart, and what speaks against it.

    The facts are those of ``spectra identify --format jsonl`` (docs/identification.schema.json), word for word: `to_json`
    gives the line, `to_dict` the object, ``identification["molecular_mass"]`` one of its keys. ``print(identification)``
    shows the text for a chemist.

    Attributes
    ----------
    verdict : str
        "supported", "not_distinguished", "class_only", "inconclusive" or "no_match".
    candidates : Hits
        The best spectrum of each compound, best first.
    """

    def __init__(self, query: Query) -> None:
        self._query = query
        self._facts: Optional[Dict[str, Any]] = None
        self._json = self._make("JSONL", keep=True)

    def _make(self, format: str, keep: bool = False) -> str:
        """Identifies and writes the report. The verdict lives in the scratch: what is kept of it is copied."""
        query, searched, kind = self._query, self._query.searched, _ffi.REPORT[format]
        found, error = _ffi._identification(), _ffi.spectra_error()
        scratch = Scratch.take(C.spectra_identify_required(len(query.spectrum)))
        sink = scratch.sink
        try:
            check(C.spectra_identify(byref(found), searched.pointers, searched.count, query.spectrum._c,
                                     byref(query.options), byref(scratch.c), byref(error)), error)
            text = sink.text(C.spectra_report_identification(byref(sink.c), kind, byref(query.report()), found))
            if keep:
                self._keep(found.contents)
            return text
        finally:
            scratch.put_back()

    def _keep(self, found: Any) -> None:
        self.verdict: str = C.spectra_verdict_text(found.verdict).decode()
        hits = (_ffi.spectra_hit * found.candidate_count)()
        if found.candidate_count:
            ctypes.memmove(hits, found.candidates, ctypes.sizeof(hits))
        summary = _ffi.spectra_search_summary.from_buffer_copy(found.search)
        summary.hit_count = found.candidate_count
        self.candidates = Hits(self._query, hits, summary)
        self._set_count = found.set_count

    @property
    def set(self) -> List[Hit]:
        """The first candidates, which cannot be told apart; empty without a match."""
        return self.candidates[:self._set_count]

    @property
    def probability(self) -> Dict[str, Optional[float]]:
        """How likely the first candidate is right ("structure"), and its formula ("group"); None where not calibrated."""
        return dict(self.to_dict()["probability"])

    @property
    def unrepresented_isomers(self) -> List[str]:
        """InChIKeys (else names) of isomers of the set that nobody measured, so that nothing excludes them."""
        return list(self.to_dict().get("unrepresented_isomers", []))

    @property
    def against(self) -> List[str]:
        """What speaks against the verdict, in words."""
        return list(self.to_dict()["against"])

    @property
    def warnings(self) -> List[str]:
        """What limits it: oddities of the input, what the databases cannot see."""
        return list(self.to_dict()["warnings"])

    def to_json(self) -> str:
        """The line that ``spectra identify --format jsonl`` prints, with its line end, byte for byte."""
        return self._json

    def to_dict(self) -> Dict[str, Any]:
        """What the line says. It is kept: do not change it."""
        if self._facts is None:
            self._facts = json.loads(self._json)
        return self._facts

    def __getitem__(self, key: str) -> Any:
        return self.to_dict()[key]

    def __contains__(self, key: object) -> bool:
        return key in self.to_dict()

    def __iter__(self) -> Iterator[str]:
        return iter(self.to_dict())

    def __str__(self) -> str:
        return self._make("TEXT")

    def __repr__(self) -> str:
        return f"<Identification: {self.verdict}, {len(self.candidates)} candidates>"

    def to_dataframe(self) -> Any:
        """The candidates as a pandas.DataFrame."""
        return self.candidates.to_dataframe()
