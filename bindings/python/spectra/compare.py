# SPDX-License-Identifier: Apache-2.0
"""Comparing spectra without a database."""

from ctypes import byref
from typing import Any, Iterable, NamedTuple, Optional

import numpy as np

from . import _ffi
from ._library import C, Scratch, check
from .options import search_options
from .spectrum import Spectrum

_ONE = _ffi.LIMITS["SCORE_ONE"]


class Similarity(NamedTuple):
    """How alike two spectra are. Scores are from 0 to 1."""

    score: float
    reverse_score: float  #: with the query's unmatched peaks left out
    matched_peaks: int
    reference_peaks: int  #: after preparation


def _compared(hit: Any, query: Spectrum, reference: Spectrum, options: Any) -> None:
    for spectrum in (query, reference):
        if not isinstance(spectrum, Spectrum):
            raise TypeError(f"a Spectrum is expected, not {type(spectrum).__name__}")
    error = _ffi.spectra_error()
    scratch = Scratch.take(C.spectra_similarity_required(len(query), len(reference)))
    try:
        check(C.spectra_similarity(byref(hit), query._c, reference._c, byref(options), None, byref(scratch.c),
                                   byref(error)), error)
    finally:
        scratch.put_back()


def similarity(query: Spectrum, reference: Spectrum, measure: Optional[str] = None, *, track: Optional[str] = None,
               mode: str = "identity", tolerance: Optional[str] = None, mass: Optional[int] = None) -> Similarity:
    """Compares two spectra as a search compares a query with a reference.

    Parameters
    ----------
    query, reference : Spectrum
        The query decides the track, unless `track` does.
    measure, track, mode, tolerance, mass
        As for `Database.search`.

    Examples
    --------
    >>> a = Spectrum([105.07, 188.143], [40, 100], track="msms", polarity="positive")
    >>> b = Spectrum([105.07, 188.143, 216.1], [38, 100, 5], track="msms", polarity="positive")
    >>> similarity(a, b, measure="cosine").matched_peaks
    2
    >>> similarity(a, a, measure="entropy").score
    1.0
    """
    hit = _ffi.spectra_hit()
    _compared(hit, query, reference, search_options(track, mode, measure, tolerance, mass=mass))
    return Similarity(hit.score / _ONE, hit.reverse_score / _ONE, hit.matched_peaks, hit.reference_peaks)


def similarity_matrix(queries: Iterable[Spectrum], references: Iterable[Spectrum], measure: Optional[str] = None, *,
                      out: Optional["np.ndarray[Any, Any]"] = None, track: Optional[str] = None,
                      mode: str = "identity", tolerance: Optional[str] = None,
                      mass: Optional[int] = None) -> "np.ndarray[Any, Any]":
    """Scores of all queries against all references.

    Parameters
    ----------
    queries, references : iterable of Spectrum
        n and m of them.
    out : ndarray of float, shape (n, m), optional
        Takes the scores; any strides. float32 rounds them.
    measure, track, mode, tolerance, mass
        As for `Database.search`.

    Returns
    -------
    ndarray, shape (n, m)
        Scores from 0 to 1: `out`, else a new array of float64.

    Examples
    --------
    >>> a = Spectrum([105.07, 188.143], [40, 100], track="msms", polarity="positive")
    >>> similarity_matrix([a], [a, a], measure="cosine")
    array([[1., 1.]])
    """
    rows, columns = list(queries), list(references)
    shape = (len(rows), len(columns))
    if out is None:
        out = np.zeros(shape)
    elif not isinstance(out, np.ndarray) or out.dtype.kind != "f":
        raise TypeError("out must be an array of float")
    elif out.shape != shape:
        raise ValueError(f"out is of shape {out.shape}, and {shape} is needed")
    options, hit = search_options(track, mode, measure, tolerance, mass=mass), _ffi.spectra_hit()
    for i, query in enumerate(rows):
        for j, reference in enumerate(columns):
            _compared(hit, query, reference, options)
            out[i, j] = hit.score / _ONE
    return out
