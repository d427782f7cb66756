# SPDX-License-Identifier: Apache-2.0
"""Spectra as measured, from arrays and from files."""

import ctypes
import os
import threading
from ctypes import byref
from typing import Any, Dict, Iterator, List, Optional, Tuple, Union

import numpy as np

from . import _ffi
from ._library import (C, Owner, PathLike, SpectraError, check, doubles, encoded, encoded_path, flag, view, word_of)
from .plot import Picture, plot

_FIELDS = {name.lower(): number for name, number in _ffi.FIELD.items() if name != "COUNT"}


def _own(pointer: Any) -> Owner:
    return Owner(pointer, C.spectra_spectrum_free)


def _decoded(words: Optional[bytes]) -> Optional[str]:
    return None if words is None else words.decode("utf-8")


def _written(key: str, value: Any) -> str:
    """A value of metadata as text; numbers with the fewest digits that read back to the same."""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{key} must be text or a number, not bool")
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return repr(float(value))
    raise TypeError(f"{key} must be text or a number, not {type(value).__name__}")


class Spectrum:
    """A raw spectrum: centroid peaks as measured, and metadata as they were written. It never changes.

    Parameters
    ----------
    mz : array_like of float, shape (n,)
        In Th, finite and positive. They are copied, and sorted if they are not ascending.
    intensity : array_like of float, shape (n,)
        In any unit, finite and not negative.
    **metadata : str, int, float, or list of these
        Any keys. The library knows many spellings, e.g. ``precursor_mz`` (Th), ``adduct``, ``inchikey``, ``formula``,
        ``polarity``, ``track`` ("ei", "msms", "insource"). Keys whose value is None are left out. A key that is no
        Python name goes in as ``**{"DB#": "A1"}``.

    Raises
    ------
    FormatError
        For a value that is refused; ``offset`` is its index.

    Examples
    --------
    >>> s = Spectrum([105.07, 188.143], [40, 100], name="fentanyl", precursor_mz=337.2274, adduct="[M+H]+")
    >>> s.intensity
    array([ 40., 100.])
    >>> s.track, s.polarity, s.precursor_mz
    ('msms', 'positive', 337.2274)
    """

    __slots__ = ("_owner", "_source", "_index", "__weakref__")

    def __init__(self, mz: Any, intensity: Any, **metadata: Any) -> None:
        self._init(mz, intensity, metadata)

    def _init(self, mz: Any, intensity: Any, metadata: Dict[str, Any], source: str = "-", index: int = 0) -> None:
        masses, heights = doubles("mz", mz), doubles("intensity", intensity)
        if len(masses) != len(heights):
            raise ValueError(f"{len(masses)} m/z and {len(heights)} intensities")
        pointer, error = _ffi._spectrum(), _ffi.spectra_error()
        check(C.spectra_spectrum_create(byref(pointer), None))
        owner = _own(pointer)
        check(C.spectra_spectrum_set_peaks(pointer, masses.ctypes.data_as(_ffi._doubles),
                                           heights.ctypes.data_as(_ffi._doubles), len(masses), byref(error)), error)
        for key, value in metadata.items():
            for one in value if isinstance(value, (list, tuple)) else () if value is None else (value,):
                check(C.spectra_spectrum_add_metadata(pointer, encoded("a key", key),
                                                      encoded(key, _written(key, one))))
        self._owner, self._source, self._index = owner, source, index

    @classmethod
    def _of(cls, owner: Owner, source: str, index: int) -> "Spectrum":
        spectrum = cls.__new__(cls)
        spectrum._owner, spectrum._source, spectrum._index = owner, source, index
        return spectrum

    @property
    def _c(self) -> Any:
        return self._owner.pointer

    def __len__(self) -> int:
        """Number of peaks."""
        return int(C.spectra_spectrum_peak_count(self._c))

    def __repr__(self) -> str:
        return f"<Spectrum {self.get('name') or self.get('accession') or 'without name'}: {len(self)} peaks>"

    def plot(self, *, width: float = 7.5, height: float = 5.0, labels: int = 12) -> Picture:
        """A picture of the spectrum; notebooks show it by itself.

        Parameters
        ----------
        width, height : float
            In inches.
        labels : int
            Peaks labelled with their m/z at the most, 1 to 100.

        Raises
        ------
        UnsupportedError
            Where libspectra-plot is not installed.
        """
        return plot(self, width=width, height=height, labels=labels)

    @property
    def mz(self) -> "np.ndarray[Any, np.dtype[np.float64]]":
        """m/z of the peaks: float64 in Th, ascending, shape (n,). A read-only view of the library's memory."""
        return view(C.spectra_spectrum_mz(self._c), len(self), self._owner)

    @property
    def intensity(self) -> "np.ndarray[Any, np.dtype[np.float64]]":
        """Intensities as measured: float64, shape (n,), in the order of `mz`. A read-only view."""
        return view(C.spectra_spectrum_intensity(self._c), len(self), self._owner)

    @property
    def source(self) -> str:
        """The file that it was read from, as it was given; "-" where there is none."""
        return self._source

    @property
    def index(self) -> int:
        """Of the record in its file, from 0."""
        return self._index

    def _pairs(self) -> List[Tuple[str, str]]:
        key, value = ctypes.c_char_p(), ctypes.c_char_p()
        pairs = []
        for i in range(C.spectra_spectrum_metadata_count(self._c)):
            check(C.spectra_spectrum_metadata(self._c, i, byref(key), byref(value)))
            pairs.append(((key.value or b"").decode("utf-8"), (value.value or b"").decode("utf-8")))
        return pairs

    @property
    def metadata(self) -> Dict[str, Union[str, List[str]]]:
        """Every key as the record writes it; a list where a key repeats. A new dict each time."""
        metadata: Dict[str, Union[str, List[str]]] = {}
        for key, value in self._pairs():
            if key in metadata:
                earlier = metadata[key]
                metadata[key] = [*(earlier if isinstance(earlier, list) else [earlier]), value]
            else:
                metadata[key] = value
        return metadata

    def get(self, key: str, default: Optional[str] = None) -> Optional[str]:
        """A field by its one name, whatever the record calls it; else metadata under that very key.

        Fields: name, accession, inchikey, inchi, smiles, formula, cas, exact_mass, precursor_mz, adduct, charge,
        polarity, spectrum_type, ionisation, instrument_type, instrument, collision_energy, retention_time,
        retention_index, licence, author, source, class, sites, splash, comment, track, synonym, column.

        Parameters
        ----------
        key : str
        default : str, optional
            Given back where there is no such value.

        Returns
        -------
        str or None
            As the record writes it. Numbers with their units: `precursor_mz`, `retention_time`, `charge`.
        """
        if key in _FIELDS:
            found = _decoded(C.spectra_spectrum_field(self._c, _FIELDS[key]))
        else:
            found = next((value for name, value in self._pairs() if name == key), None)
        return default if found is None else found

    @property
    def track(self) -> str:
        """Kind of measurement: "ei", "msms", "insource"; "unknown" where the record does not tell."""
        return word_of(C.spectra_spectrum_track(self._c), _ffi.TRACK)

    @property
    def polarity(self) -> str:
        """Of the ions: "positive", "negative" or "unknown"."""
        return word_of(C.spectra_spectrum_polarity(self._c), _ffi.POLARITY)

    @property
    def charge(self) -> int:
        """Of the precursor, with its sign; 0 where it is not told."""
        return int(C.spectra_spectrum_charge(self._c))

    @property
    def ms_level(self) -> int:
        """Stage of mass spectrometry: 1, 2, …; 0 where the record does not tell."""
        return int(C.spectra_spectrum_ms_level(self._c))

    def _double(self, function: Any) -> Optional[float]:
        value = ctypes.c_double()
        status = function(self._c, byref(value))
        if status == _ffi.STATUS["E_NOT_FOUND"]:
            return None
        check(status)
        return value.value

    @property
    def precursor_mz(self) -> Optional[float]:
        """In Th: as stated, else from formula and adduct; None where it is not known."""
        return self._double(C.spectra_spectrum_precursor_mz)

    @property
    def retention_time(self) -> Optional[float]:
        """In seconds; None where it or its unit is not stated."""
        return self._double(C.spectra_spectrum_retention_time)

    @property
    def warnings(self) -> List[str]:
        """Oddities of the record that are no reason to refuse it, in words."""
        count = C.spectra_spectrum_warning_count(self._c)
        return [C.spectra_spectrum_warning(self._c, i).decode("utf-8") for i in range(count)]

    @property
    def annotations(self) -> List[Optional[str]]:
        """What the record writes beside each peak; None where there is nothing. n of them."""
        return [_decoded(C.spectra_spectrum_annotation(self._c, i)) for i in range(len(self))]

    @property
    def splash(self) -> str:
        """SPLASH of the peaks, version 10. NotFoundError for a spectrum without peaks."""
        room = ctypes.create_string_buffer(_ffi.LIMITS["SPLASH_SIZE"])
        check(C.spectra_spectrum_splash(self._c, room))
        return room.value.decode()

    @property
    def digest(self) -> str:
        """SHA-256 of the peaks in hexadecimal: it names the measurement, whatever file it came in."""
        room = (ctypes.c_uint8 * 32)()
        C.spectra_spectrum_digest(self._c, room)
        return bytes(room).hex()

    def __reduce__(self) -> Any:
        if self.warnings or any(self.annotations):
            raise TypeError("a spectrum with warnings or annotations cannot be pickled with them: read its file again, or "
                            "make one of its arrays and metadata: Spectrum(s.mz, s.intensity, **s.metadata)")
        return _unpickle, (np.array(self.mz), np.array(self.intensity), self.metadata, self._source, self._index)

    @classmethod
    def from_matchms(cls, spectrum: Any) -> "Spectrum":
        """A spectrum of matchms (or anything with ``peaks.mz``, ``peaks.intensities`` and ``metadata``).

        Metadata that are neither text nor numbers are left out.
        """
        peaks = spectrum.peaks
        kept = {str(key): value for key, value in spectrum.metadata.items()
                if isinstance(value, (str, int, float, np.integer, np.floating)) and not isinstance(value, bool)}
        made = cls.__new__(cls)
        made._init(peaks.mz, peaks.intensities, kept)
        return made

    def to_matchms(self) -> Any:
        """The same as ``matchms.Spectrum``, which is imported only here.

        Metadata go under the keys of the record, which matchms translates; precursor_mz (Th), charge and ionmode as it
        wants them where they are known.
        """
        from matchms import Spectrum as Other  # type: ignore[import]

        metadata: Dict[str, Any] = dict(self.metadata)
        known = {"precursor_mz": self.precursor_mz, "charge": self.charge or None,
                 "ionmode": None if self.polarity == "unknown" else self.polarity}
        metadata.update({key: value for key, value in known.items() if value is not None})
        return Other(mz=np.array(self.mz), intensities=np.array(self.intensity), metadata=metadata)


def _unpickle(mz: Any, intensity: Any, metadata: Dict[str, Any], source: str, index: int) -> Spectrum:
    spectrum = Spectrum.__new__(Spectrum)
    spectrum._init(mz, intensity, metadata, source, index)
    return spectrum


class Reader:
    """Iterates over the spectra of a file; see `read`. Any threads may take from one."""

    def __init__(self, path: PathLike, strict: bool = False, unreadable: Optional[List[SpectraError]] = None) -> None:
        if unreadable is not None and not isinstance(unreadable, list):
            raise TypeError(f"unreadable must be a list, not {type(unreadable).__name__}")
        options = _ffi.spectra_reader_options(ctypes.sizeof(_ffi.spectra_reader_options), strict=flag("strict", strict))
        pointer, error = _ffi._reader(), _ffi.spectra_error()
        name = encoded_path(path)
        check(C.spectra_reader_open(byref(pointer), name, byref(options), None, byref(error)), error)
        self._owner: Optional[Owner] = Owner(pointer, C.spectra_reader_free)
        self._lock = threading.Lock()  # a reader belongs to one thread at a time
        self._source, self._index, self._unreadable = os.fsdecode(path), 0, unreadable
        self.format: str = C.spectra_format_text(C.spectra_reader_format(pointer)).decode()

    def _take(self) -> Optional[Spectrum]:
        """The next record; None after the last."""
        owner = self._owner  # kept until the call returns, whoever closes the reader meanwhile
        if owner is None:
            return None
        lent, kept, error = _ffi._spectrum(), _ffi._spectrum(), _ffi.spectra_error()
        status = C.spectra_reader_next(owner.pointer, byref(lent), byref(error))
        index, self._index = self._index, self._index + 1
        if status == _ffi.STATUS["OK"]:
            check(C.spectra_spectrum_copy(byref(kept), lent, None))
            return Spectrum._of(_own(kept), self._source, index)
        if status not in (_ffi.STATUS["E_FORMAT"], _ffi.STATUS["E_LIMIT"]):
            self._owner = None
        check(status, error)
        return None

    def __next__(self) -> Spectrum:
        with self._lock:
            while True:
                try:
                    spectrum = self._take()
                except SpectraError as error:
                    if self._unreadable is None or self._owner is None:
                        raise
                    self._unreadable.append(error)
                    continue
                if spectrum is None:
                    raise StopIteration
                return spectrum

    def __iter__(self) -> Iterator[Spectrum]:
        return self

    def close(self) -> None:
        """Closes the file, when no call of another thread uses it any more. Spectra that were read stay."""
        self._owner = None

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *reason: Any) -> None:
        self.close()


def read(path: PathLike, *, strict: bool = False, unreadable: Optional[List[SpectraError]] = None) -> Reader:
    """Reads a file of spectra, one after the other. The content tells the format and whether it is compressed by gzip.

    Parameters
    ----------
    path : str or os.PathLike
        MSP, MGF, MassBank records, two columns, or the project's own records.
    strict : bool
        True: a record whose end is not certain is an error, too; else it carries the warning "end not verified".
    unreadable : list, optional
        Takes the error of each record that cannot be read, with its line and offset, and the next record follows.
        Without it the error is raised; asking for the next record goes on behind it.

    Returns
    -------
    Reader
        An iterator of `Spectrum` and a context manager.

    Raises
    ------
    FileError, FormatError, UnsupportedError

    Examples
    --------
    >>> for spectrum in read("fentanyl_ei_noisy.msp"):
    ...     print(spectrum, spectrum.mz[-1])
    <Spectrum Unknown 1: 51 peaks> 247.0
    """
    return Reader(path, strict, unreadable)
