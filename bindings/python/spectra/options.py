# SPDX-License-Identifier: Apache-2.0
"""How a search is told what to do: keywords become the struct of the library."""

import ctypes
import functools
import decimal
import math
import re
from typing import Any, Iterable, Optional, Tuple, Union

import numpy as np

from . import _ffi
from ._library import choice, encoded, flag, whole

# As the command line has them.
_TRACK = {name: value for name, value in _ffi.TRACK.items() if name != "UNKNOWN"}
_WIDTH = re.compile(r"\s*(\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})\s*(da|ppm)\s*", re.IGNORECASE | re.ASCII)
_MOST_DA, _MOST_PPM = 10, 10000
_MOST_MASS = 4095


def _tolerance(name: str, value: Any) -> _ffi.spectra_tolerance:
    """Half a width: "0.01da" or "20ppm"."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be text such as '0.01da' or '20ppm', not {type(value).__name__}")
    match = _WIDTH.fullmatch(value)
    number = decimal.Decimal(match[1]) if match else decimal.Decimal(0)
    uth = int((number * 10**6).to_integral_value(decimal.ROUND_HALF_UP))
    if match and match[2].lower() == "da" and 0 < uth <= _MOST_DA * 10**6:
        return _ffi.spectra_tolerance(uth=uth)
    if match and match[2].lower() == "ppm" and 0 < number <= _MOST_PPM and number == int(number):
        return _ffi.spectra_tolerance(ppm=int(number))
    raise ValueError(f"{name} must be a width such as '0.01da' (up to {_MOST_DA}da) or '20ppm' (whole, up to "
                     f"{_MOST_PPM}ppm), not {value!r}")


def score_number(name: str, value: Any) -> int:
    """A score from 0 to 1 as the library counts it, rounded up."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(f"{name} must be a number, not {type(value).__name__}")
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must be from 0 to 1, not {value}")
    return math.ceil(float(value) * _ffi.LIMITS["SCORE_ONE"])


def prefixes_of(exclude_accession: Iterable[str]) -> Tuple[str, ...]:
    if isinstance(exclude_accession, str):
        raise TypeError("exclude_accession must be a list of prefixes, not str")
    return tuple(exclude_accession)


@functools.lru_cache(maxsize=64, typed=True)
def search_options(track: Optional[str] = None, mode: str = "identity", measure: Optional[str] = None,
                   tolerance: Optional[str] = None, precursor_tolerance: Optional[str] = None,
                   all_spectra: bool = False, min_score: Union[int, float] = 0, mass: Optional[int] = None,
                   exclude_own_compound: bool = False, exclude_accession: Tuple[str, ...] = ()) -> Any:
    """The struct; it keeps the text that it points to. It is shared by all who ask for the same: do not change it."""
    options = _ffi.spectra_search_options(ctypes.sizeof(_ffi.spectra_search_options))
    options.mode = choice("mode", mode, _ffi.SEARCH)
    options.all_spectra = flag("all_spectra", all_spectra)
    options.exclude_own_compound = flag("exclude_own_compound", exclude_own_compound)
    options.min_score = score_number("min_score", min_score)
    if track is not None:
        options.track = choice("track", track, _TRACK)
    if measure is not None:
        options.measure = choice("measure", measure, _ffi.MEASURE)
    if tolerance is not None:
        options.tolerance = _tolerance("tolerance", tolerance)
    if precursor_tolerance == "open":
        options.open = 1
    elif precursor_tolerance is not None:
        options.precursor_tolerance = _tolerance("precursor_tolerance", precursor_tolerance)
    if mass is not None:
        options.mass_da = whole("mass", mass, _MOST_MASS, 1)
    prefixes = [encoded("a prefix of exclude_accession", prefix) for prefix in exclude_accession]
    if prefixes:
        options.exclude_accession_count = len(prefixes)
        options.exclude_accession = (ctypes.c_char_p * len(prefixes))(*prefixes)
    return options
