# SPDX-License-Identifier: Apache-2.0
"""Databases of reference spectra: opening, building, searching, identifying."""

import ctypes
import os
from ctypes import byref
from typing import Any, Iterable, Iterator, List, Optional, Tuple, cast

import numpy as np

from . import _ffi
from ._library import (C, InvalidError, LimitError, NotFoundError, Owner, PathLike, Scratch, SpectraError, check, choice,
                       data_file, encoded_path, flag, whole)
from .options import prefixes_of, score_number, search_options
from .results import Entry, Hits, Identification, Query, Searched, Substance, entry_at, substance_at
from .spectrum import Spectrum

_PAIR = np.dtype(_ffi.spectra_pair)


class Database:
    """A database of reference spectra. It never changes: any number of threads may use one.

    Made by `open` or `build`, and closed by `close` or a ``with`` block. Results stay valid behind that. One that was
    opened from a file is pickled by its path.

    Examples
    --------
    >>> with Database.open() as database:
    ...     query = next(read("fentanyl_ei_noisy.msp"))
    ...     print(database.search(query)[0].substance)
    ...     print(database.identify(query).verdict)
    Fentanyl
    not_distinguished
    """

    def __init__(self) -> None:
        raise TypeError("a database is made by Database.open or Database.build")

    @classmethod
    def _of(cls, owner: Owner, name: str, path: Optional[str], copy: bool = False) -> "Database":
        database = cls.__new__(cls)
        database._alone, database._name, database._path, database._copy = Searched([owner], [name]), name, path, copy
        return database

    _alone: Optional[Searched]  # the database by itself; None when it is closed
    _name: str
    _path: Optional[str]
    _copy: bool

    @classmethod
    def open(cls, path: Optional[PathLike] = None, *, copy: bool = False) -> "Database":
        """Opens a database file: its header is checked, nothing else is read. `verify` proves the rest.

        Parameters
        ----------
        path : str or os.PathLike, optional
            Without it the file that the environment's SPECTRA_DATABASE names, else the reference database that comes
            with the package or the library.
        copy : bool
            True: read into memory. Else the file is mapped: it may be replaced by another, but must not be changed in
            place while it is in use.

        Raises
        ------
        FileError, CorruptError, VersionError, NotFoundError
        """
        if path is None:
            path = os.environ.get("SPECTRA_DATABASE") or data_file("reference.spdb")
            if path is None:
                raise NotFoundError(_ffi.STATUS["E_NOT_FOUND"], "the reference database is not installed: name one")
        pointer, error, name = _ffi._database(), _ffi.spectra_error(), encoded_path(path)
        mode = _ffi.OPEN["COPY" if flag("copy", copy) else "MAP"]
        check(C.spectra_database_open(byref(pointer), name, mode, None, byref(error)), error)
        text = os.fsdecode(path)
        return cls._of(Owner(pointer, C.spectra_database_close), text, os.path.abspath(text), bool(copy))

    @classmethod
    def build(cls, spectra: Iterable[Spectrum], path: Optional[PathLike] = None, *, track: Optional[str] = None,
              substances: Optional[PathLike] = None, knowledge: Optional[PathLike] = None, postings: str = "default",
              neutral_loss: bool = False, left_out: Optional[List[Tuple[Spectrum, SpectraError]]] = None) -> "Database":
        """Builds a database as ``spectra db build`` does, and opens it.

        Parameters
        ----------
        spectra : iterable of Spectrum
            In this order. Each tells its track, its polarity (EI is positive) and its InChIKey or name.
        path : str or os.PathLike, optional
            File to be written: the old one or the whole new one is there, whatever fails. Without it the database is kept
            in memory alone, and cannot be pickled.
        track : {"ei", "msms", "insource"}, optional
            Of spectra that do not tell.
        substances, knowledge : str or os.PathLike, optional
            Table of substances, folder of tables about families; else those that come with the package or the library.
        postings : {"default", "never", "always"}
            Whether large sets can be searched openly without comparing with every spectrum.
        neutral_loss : bool
            True: the same by neutral loss, for hybrid searches.
        left_out : list, optional
            Takes (spectrum, error) of those that cannot be added. Without it the error is raised.
        """
        pointer, error = _ffi._builder(), _ffi.spectra_error()
        options = _ffi.spectra_builder_options(ctypes.sizeof(_ffi.spectra_builder_options),
                                               choice("postings", postings, _ffi.POSTINGS),
                                               flag("neutral_loss", neutral_loss))
        usual = choice("track", track, _ffi.TRACK) if track is not None else _ffi.TRACK["UNKNOWN"]
        if left_out is not None and not isinstance(left_out, list):
            raise TypeError(f"left_out must be a list, not {type(left_out).__name__}")
        check(C.spectra_builder_create(byref(pointer), None))
        builder = Owner(pointer, C.spectra_builder_free)
        check(C.spectra_builder_set_options(pointer, byref(options), byref(error)), error)
        for table, name, add in ((substances, "substances.tsv", C.spectra_builder_add_substances_table),
                                 (knowledge, "knowledge", C.spectra_builder_add_knowledge)):
            file = table if table is not None else data_file(name)
            if file is not None:
                check(add(pointer, encoded_path(file), byref(error)), error)
        for spectrum in spectra:
            if not isinstance(spectrum, Spectrum):
                raise TypeError(f"spectra must be of Spectrum, not {type(spectrum).__name__}")
            try:
                check(C.spectra_builder_add_spectrum(pointer, spectrum._c, usual, byref(error)), error)
            except (InvalidError, LimitError) as reason:
                if left_out is None:
                    raise
                left_out.append((spectrum, reason))
        check(C.spectra_builder_calibrate(pointer, byref(error)), error)
        if path is not None:
            check(C.spectra_builder_write(pointer, encoded_path(path), byref(error)), error)
            return cls.open(path)
        return cls._in_memory(builder)

    @classmethod
    def _in_memory(cls, builder: Owner) -> "Database":
        """The database that a builder lends: the builder lives as long as it."""
        memory, size = ctypes.c_void_p(), ctypes.c_size_t()
        pointer, error = _ffi._database(), _ffi.spectra_error()
        check(C.spectra_builder_write_memory(builder.pointer, byref(memory), byref(size), byref(error)), error)
        check(C.spectra_database_open_memory(byref(pointer), memory, size, None, byref(error)), error)
        return cls._of(Owner(pointer, C.spectra_database_close, keep=builder), "memory", None)

    def _open(self) -> Searched:
        alone = self._alone
        if alone is None:
            raise ValueError("the database is closed")
        return alone

    def _use(self) -> Owner:
        return self._open().owners[0]

    def close(self) -> None:
        """Lets go of the database; its memory goes with the last result and call that use it."""
        self._alone = None

    def __enter__(self) -> "Database":
        self._use()
        return self

    def __exit__(self, *reason: Any) -> None:
        self.close()

    def __reduce__(self) -> Any:
        self._use()
        if self._path is None:
            raise TypeError("a database in memory cannot be pickled: build it with a path")
        return _reopen, (self._path, self._name, self._copy)

    def __repr__(self) -> str:
        if self._alone is None:
            return f"<Database {self._name}: closed>"
        return f"<Database {self._name}: {len(self)} spectra>"

    def __len__(self) -> int:
        """Number of spectra."""
        return self._open().entry_count

    def __bool__(self) -> bool:
        return True

    @property
    def digest(self) -> str:
        """SHA-256 that names the database, in hexadecimal."""
        owner, room = self._use(), (ctypes.c_uint8 * 32)()  # the owner, whoever closes the database meanwhile
        C.spectra_database_digest(owner.pointer, room)
        return bytes(room).hex()

    def entry(self, index: int) -> Entry:
        """Facts of a spectrum, by its number from 0."""
        return entry_at(self._use(), whole("index", index, 2**32 - 1))

    def entries(self) -> Iterator[Entry]:
        """Facts of all spectra, in their order."""
        owner = self._use()
        return (entry_at(owner, i) for i in range(C.spectra_database_entry_count(owner.pointer)))

    def substance(self, index: int) -> Substance:
        """Facts of a compound, by its number from 0."""
        return substance_at(self._use(), whole("index", index, 2**32 - 1))

    def substances(self) -> Iterator[Substance]:
        """Facts of all compounds, with or without a spectrum."""
        owner = self._use()
        return (substance_at(owner, i) for i in range(C.spectra_database_substance_count(owner.pointer)))

    def verify(self) -> None:
        """Proves the whole file; raises CorruptError with the offset of what is wrong."""
        error = _ffi.spectra_error()
        owner = self._use()
        check(C.spectra_database_verify(owner.pointer, byref(error)), error)

    def _searched(self, others: Iterable["Database"]) -> Searched:
        databases = [self, *others]
        for database in databases:
            if not isinstance(database, Database):
                raise TypeError(f"others must be of Database, not {type(database).__name__}")
        if len(databases) == 1:
            return self._open()
        return Searched([database._use() for database in databases], [database._name for database in databases])

    def search(self, spectrum: Spectrum, *, top: int = 10, others: Iterable["Database"] = (), track: Optional[str] = None,
               mode: str = "identity", measure: Optional[str] = None, tolerance: Optional[str] = None,
               precursor_tolerance: Optional[str] = None, min_score: float = 0, all_spectra: bool = False,
               mass: Optional[int] = None, exclude_own_compound: bool = False,
               exclude_accession: Iterable[str] = ()) -> Hits:
        """Ranked hits, as ``spectra search`` finds them: what is returned equals comparing with every spectrum.

        Parameters
        ----------
        spectrum : Spectrum
        top : int
            At most so many hits.
        others : iterable of Database
            Searched together with this one.
        track : {"ei", "msms", "insource"}, optional
            Where the spectrum does not tell, or tells otherwise.
        mode : {"identity", "similarity", "reverse", "hybrid"}
            What is asked. Identity of MS/MS looks inside the precursor window.
        measure : str, optional
            "match-factor" (default for EI), "entropy" (for accurate masses), "identity", "cosine", "weighted-cosine",
            "modified-cosine", "neutral-loss", "hybrid".
        tolerance, precursor_tolerance : str, optional
            Half a width: "0.01da" (default of peaks), "20ppm" (of precursors); precursors also "open".
        min_score : float
            From 0 to 1.
        all_spectra : bool
            True: every spectrum of a compound; else the best of each.
        mass : int, optional
            EI: nominal molecular mass of the query in Da.
        exclude_own_compound : bool
            True: leave out the query's own compound.
        exclude_accession : iterable of str
            Prefixes of accessions to leave out.

        Raises
        ------
        InvalidError
            Track unknown, contradictory options, a precursor or mass needed and missing.
        NotFoundError
            No database has the track.
        """
        options = search_options(track, mode, measure, tolerance, precursor_tolerance, all_spectra, min_score, mass,
                                 exclude_own_compound, prefixes_of(exclude_accession))
        searched = self._searched(others)
        query = Query(spectrum, searched, options)
        capacity = max(1, min(whole("top", top, 2**32 - 1, 1), searched.entry_count))
        hits = (_ffi.spectra_hit * capacity)()
        summary, error = _ffi.spectra_search_summary(), _ffi.spectra_error()
        scratch = Scratch.take(C.spectra_search_required(len(spectrum)))
        try:
            check(C.spectra_search(hits, capacity, byref(summary), searched.pointers, searched.count, spectrum._c,
                                   byref(options), byref(scratch.c), byref(error)), error)
        finally:
            scratch.put_back()
        return Hits(query, hits, summary)

    def identify(self, spectrum: Spectrum, *, others: Iterable["Database"] = (), explain: bool = False,
                 track: Optional[str] = None, tolerance: Optional[str] = None,
                 precursor_tolerance: Optional[str] = None, mass: Optional[int] = None,
                 exclude_own_compound: bool = False, exclude_accession: Iterable[str] = ()) -> Identification:
        """The verdict, as ``spectra identify`` gives it. A mass spectrum is one technique: confirm it by another.

        Parameters
        ----------
        spectrum : Spectrum
        explain : bool
            True: the report lists the ions that the verdict rests on.
        others, track, tolerance, precursor_tolerance, mass, exclude_own_compound, exclude_accession
            As for `search`.
        """
        options = search_options(track, tolerance=tolerance, precursor_tolerance=precursor_tolerance, mass=mass,
                                 exclude_own_compound=exclude_own_compound,
                                 exclude_accession=prefixes_of(exclude_accession))
        return Identification(Query(spectrum, self._searched(others), options, flag("explain", explain)))

    def pairs(self, min_score: float = 0.7) -> "np.ndarray[Any, Any]":
        """All pairs of EI spectra of the database that are alike by cosine, each once.

        Parameters
        ----------
        min_score : float
            Above 0 and up to 1.

        Returns
        -------
        ndarray, shape (n,)
            Fields first and second (numbers of entries, first < second) and score (float64 from 0 to 1).
        """
        least = score_number("min_score", min_score)
        if least == 0:
            raise ValueError("min_score must be above 0")
        options = _ffi.spectra_pairs_options(ctypes.sizeof(_ffi.spectra_pairs_options), least)
        owner, parts, failures = self._use(), [], []

        def take(context: Any, pairs: Any, count: int) -> int:
            try:
                parts.append(ctypes.string_at(pairs, count * _PAIR.itemsize))
            except BaseException as failure:  # it must not pass through C; it is raised behind the call
                failures.append(failure)
                return _ffi.STATUS["E_MEMORY"]
            return _ffi.STATUS["OK"]

        scratch = Scratch.take(C.spectra_search_pairs_required(owner.pointer))
        try:
            status = C.spectra_search_pairs(owner.pointer, byref(options), _ffi.spectra_take_pairs(take), None,
                                            byref(scratch.c), None)
        finally:
            scratch.put_back()
        if failures:
            raise failures[0]
        check(status)
        raw: Any = np.frombuffer(b"".join(parts), dtype=_PAIR)
        found: Any = np.empty(len(raw), dtype=[("first", np.uint32), ("second", np.uint32), ("score", np.float64)])
        found["first"], found["second"] = raw["first"], raw["second"]
        found["score"] = raw["score"] / _ffi.LIMITS["SCORE_ONE"]
        return cast("np.ndarray[Any, Any]", found)


def _reopen(path: str, name: str, copy: bool) -> Database:
    database = Database.open(path, copy=copy)
    database._name, database._alone = name, Searched([database._use()], [name])
    return database
