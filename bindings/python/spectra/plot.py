# SPDX-License-Identifier: Apache-2.0
"""Pictures of spectra, by libspectra-plot: found beside the library, else the system's. A wheel has none."""

import ctypes
import functools
import os
import pathlib
from ctypes import POINTER, byref, c_char_p, c_double, c_size_t, c_uint32, c_void_p
from typing import Any, Optional

from . import _ffi
from ._library import C, Owner, PathLike, TextSink, UnsupportedError, check, encoded, whole

FILE = "libspectra-plot.so.0"


class spectra_plot_peaks(ctypes.Structure):
    _fields_ = [("mz", POINTER(c_double)), ("intensity", POINTER(c_double)), ("count", c_size_t), ("name", c_char_p),
                ("formula", c_char_p), ("note", c_char_p), ("ion_mz", c_double), ("ion", c_char_p)]


class spectra_plot_options(ctypes.Structure):
    _fields_ = [("size", c_uint32), ("nominal", c_uint32), ("tolerance", _ffi.spectra_tolerance), ("width", c_double),
                ("height", c_double), ("from_mz", c_double), ("to_mz", c_double), ("delta_mz", c_double),
                ("mass_errors", c_uint32), ("labels", c_uint32)]


@functools.lru_cache(maxsize=None)
def _library() -> Any:
    beside = pathlib.Path(os.path.realpath(C._name)).parent / FILE
    try:
        library = ctypes.CDLL(str(beside) if beside.exists() else FILE)
    except OSError as reason:
        raise UnsupportedError(_ffi.STATUS["E_UNSUPPORTED"], f"pictures need {FILE}: {reason}") from reason
    library.spectra_plot_spectrum.argtypes = [POINTER(c_void_p), POINTER(spectra_plot_peaks), POINTER(spectra_plot_options)]
    library.spectra_plot_mirror.argtypes = [POINTER(c_void_p), POINTER(spectra_plot_peaks), POINTER(spectra_plot_peaks),
                                            POINTER(spectra_plot_options)]
    library.spectra_picture_svg.argtypes = [c_void_p, POINTER(_ffi.spectra_sink)]
    library.spectra_picture_png.argtypes = [c_void_p, c_uint32, POINTER(_ffi.spectra_sink)]
    library.spectra_picture_free.argtypes = [c_void_p]
    library.spectra_picture_free.restype = None
    return library


class Picture:
    """A finished picture. Notebooks show it by itself."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def svg(self) -> str:
        """The picture as an SVG element."""
        sink = TextSink()
        return sink.text(_library().spectra_picture_svg(self._owner.pointer, byref(sink.c)))

    def png(self, dpi: int = 150) -> bytes:
        """The picture as PNG, of so many pixels an inch: 36 to 1200."""
        sink = TextSink()
        return sink.data(_library().spectra_picture_png(self._owner.pointer, whole("dpi", dpi, 1200, 36), byref(sink.c)))

    def save(self, path: PathLike, dpi: int = 150) -> None:
        """Writes a file, as SVG or as PNG by its ending.

        Raises
        ------
        ValueError
            For another ending.
        """
        ending = os.path.splitext(os.fspath(path))[1]
        if ending not in (".svg", ".png"):
            raise ValueError(f"a picture is .svg or .png, not {ending!r}")
        content = self.png(dpi) if ending == ".png" else self.svg().encode("utf-8")
        with open(path, "wb") as file:
            file.write(content)

    def _repr_svg_(self) -> str:
        return self.svg()

    def _repr_png_(self) -> bytes:
        return self.png()


def _peaks_of(spectrum: Any) -> spectra_plot_peaks:
    """The arrays stay the spectrum's, which the caller keeps."""
    name, formula = spectrum.get("name") or spectrum.get("accession"), spectrum.get("formula")
    precursor = spectrum.precursor_mz if spectrum.track != "ei" else None
    return spectra_plot_peaks(C.spectra_spectrum_mz(spectrum._c), C.spectra_spectrum_intensity(spectrum._c), len(spectrum),
                              encoded("name", name) if name else None, encoded("formula", formula) if formula else None,
                              None, precursor or 0.0,
                              encoded("adduct", spectrum.get("adduct") or "precursor") if precursor else None)


def _points(name: str, inches: Any) -> float:
    if isinstance(inches, bool) or not isinstance(inches, (int, float)):
        raise TypeError(f"{name} must be a number, not {type(inches).__name__}")
    return float(inches) * 72


def _options(width: Any, height: Any, labels: Any) -> spectra_plot_options:
    return spectra_plot_options(size=ctypes.sizeof(spectra_plot_options), width=_points("width", width),
                                height=_points("height", height), labels=whole("labels", labels, 100, 1))


def _picture(status: int, pointer: Any) -> Picture:
    check(status)
    return Picture(Owner(pointer, _library().spectra_picture_free))


def plot(spectrum: Any, *, width: float = 7.5, height: float = 5.0, labels: int = 12) -> Picture:
    """`Spectrum.plot` says it all."""
    pointer, options = c_void_p(), _options(width, height, labels)
    return _picture(_library().spectra_plot_spectrum(byref(pointer), byref(_peaks_of(spectrum)), byref(options)), pointer)


def plot_mirror(query: Any, reference: Any, *, note: Optional[str] = None, width: float = 7.5, height: float = 5.0,
                labels: int = 12, tolerance_ppm: int = 20) -> Picture:
    """Draws a query upward and a reference downward, as ``spectra plot QUERY REFERENCE`` does.

    Parameters
    ----------
    query, reference : Spectrum
        EI spectra match by whole m/z, others within the tolerance, in place or shifted by the difference of their precursors.
    note : str, optional
        Set behind the reference's name, e.g. the score.
    width, height : float
        In inches.
    labels : int
        Peaks labelled on each side at the most, 1 to 100.
    tolerance_ppm : int
        1 to 10000; for spectra of accurate mass.

    Returns
    -------
    Picture

    Raises
    ------
    UnsupportedError
        Where libspectra-plot is not installed.
    """
    options = _options(width, height, labels)
    above, below = _peaks_of(query), _peaks_of(reference)
    below.note = encoded("note", note) if note is not None else None
    options.tolerance.ppm = whole("tolerance_ppm", tolerance_ppm, 10000, 1)
    options.nominal = int(query.track == "ei")
    options.mass_errors = 1 - options.nominal
    delta = above.ion_mz - below.ion_mz
    options.delta_mz = delta if above.ion_mz and below.ion_mz and abs(delta) > 0.5 else 0.0
    pointer = c_void_p()
    return _picture(_library().spectra_plot_mirror(byref(pointer), byref(above), byref(below), byref(options)), pointer)
