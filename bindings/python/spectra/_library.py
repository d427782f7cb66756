# SPDX-License-Identifier: Apache-2.0
"""Finds and loads the shared library, and what every call of it needs: exceptions from status codes, owners of C objects,
scratch memory, and values that are checked before C sees them."""

import ctypes
import os
import pathlib
import sys
from typing import Any, Callable, Dict, List, Mapping, Optional, Type, Union

import numpy as np

from . import _ffi

FILE = "libspectra.so.0"
HERE = pathlib.Path(__file__).resolve().parent
PathLike = Union[str, "os.PathLike[str]"]


class SpectraError(Exception):
    """A call of the library failed.

    Attributes
    ----------
    status : int
        The library's code, e.g. -4 for a format that is not followed.
    message : str
        What is wrong, in words.
    line : int
        Of the input, from 1; 0 where there is no place.
    offset : int
        In bytes from 0 (of peaks: their index); 0 where there is no place.
    """

    def __init__(self, status: int, message: str, line: int = 0, offset: int = 0) -> None:
        super().__init__(f"line {line}: {message}" if line else message)
        self.status, self.message, self.line, self.offset = status, message, line, offset

    def __reduce__(self) -> Any:
        return type(self), (self.status, self.message, self.line, self.offset)


class InvalidError(SpectraError, ValueError):
    """An argument or an option is bad, contradictory, or missing for what is asked."""


class FormatError(SpectraError, ValueError):
    """Input does not follow its format; ``line`` and ``offset`` say where."""


class LimitError(SpectraError, ValueError):
    """A limit of the library was reached."""


class FileError(SpectraError, OSError):
    """A file could not be read or written."""


class OutOfMemory(SpectraError, MemoryError):
    """There is not enough memory."""


class CorruptError(SpectraError):
    """The bytes of a database contradict themselves or their digests."""


class VersionError(SpectraError):
    """A database of a version that this library does not read."""


class RecipeError(SpectraError):
    """Spectra were prepared by different recipes."""


class NotFoundError(SpectraError, LookupError):
    """What was asked for is not there."""


class UnsupportedError(SpectraError, NotImplementedError):
    """Recognised, and not offered by this version."""


_ERRORS: Mapping[int, Type[SpectraError]] = {
    _ffi.STATUS["E_INVALID"]: InvalidError, _ffi.STATUS["E_MEMORY"]: OutOfMemory, _ffi.STATUS["E_IO"]: FileError,
    _ffi.STATUS["E_FORMAT"]: FormatError, _ffi.STATUS["E_LIMIT"]: LimitError, _ffi.STATUS["E_CORRUPT"]: CorruptError,
    _ffi.STATUS["E_VERSION"]: VersionError, _ffi.STATUS["E_RECIPE"]: RecipeError,
    _ffi.STATUS["E_NOT_FOUND"]: NotFoundError, _ffi.STATUS["E_UNSUPPORTED"]: UnsupportedError}


def _load() -> Any:
    """The library that SPECTRA_LIBRARY names, else the one beside the package, else the system's."""
    named = os.environ.get("SPECTRA_LIBRARY")
    bundled = HERE / "lib" / FILE
    path = named or (str(bundled) if bundled.exists() else FILE)
    try:
        return ctypes.CDLL(path)
    except OSError as reason:
        how = "SPECTRA_LIBRARY names it" if named else "install libspectra, or name it with SPECTRA_LIBRARY"
        raise ImportError(f"cannot load {path}: {reason} ({how})") from reason


def _bind(library: Any) -> Any:
    try:
        library.spectra_version.restype = ctypes.c_char_p
        version = library.spectra_version().decode()
        if tuple(map(int, version.split(".")[:2])) != _ffi.VERSION[:2]:
            wanted = ".".join(map(str, _ffi.VERSION[:2]))
            raise ImportError(f"{library._name} is libspectra {version}, and this package is for {wanted}: "
                              "install the two of one version, or name another library with SPECTRA_LIBRARY")
        for name, (result, *parameters) in _ffi.FUNCTIONS.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, parameters
    except AttributeError as reason:
        raise ImportError(f"{library._name} is no libspectra of this version: {reason}") from reason
    return library


C = _bind(_load())
#: Version of the library that runs, e.g. "0.1.0".
__version__: str = C.spectra_version().decode()


def data_file(name: str) -> Optional[pathlib.Path]:
    """A file of the reference data: in the package, else in the tree of the library, else of the system."""
    trees = [pathlib.Path(os.environ["SPECTRA_LIBRARY"]).resolve().parent.parent] if "SPECTRA_LIBRARY" in os.environ else []
    trees += [pathlib.Path(sys.prefix), pathlib.Path("/usr/local"), pathlib.Path("/usr")]
    for folder in [HERE / "data", *(tree / "share" / "spectra" for tree in trees)]:
        if (folder / name).exists():
            return folder / name
    return None


def check(status: int, error: Optional[_ffi.spectra_error] = None) -> None:
    """Raises what a negative status means."""
    if status >= 0:
        return
    words = error.message.decode("utf-8", "replace") if error is not None else ""
    message = words or C.spectra_status_text(status).decode()
    line, offset = (error.line, error.offset) if error is not None else (0, 0)
    raise _ERRORS.get(status, SpectraError)(status, message, line, offset)


class Owner:
    """A C object and who frees it: it lives as long as anything that refers to its memory.

    Closing something in Python only lets go of its owner: calls of other threads, results and arrays that still use the
    memory keep it.
    """

    __slots__ = ("pointer", "_release", "keep", "__weakref__")

    def __init__(self, pointer: Any, release: Callable[[Any], None], keep: Any = None) -> None:
        self.pointer, self._release, self.keep = pointer, release, keep

    def __del__(self) -> None:
        self._release(self.pointer)

    def __copy__(self) -> "Owner":
        return self  # a second owner of one object would free it twice

    def __deepcopy__(self, memo: Any) -> "Owner":
        return self

    def __reduce__(self) -> Any:
        raise TypeError("what holds memory of the library cannot be pickled: threads share it, and to_dict or "
                        "to_dataframe give what can")


def read_only(memory: Any, count: int, dtype: Any) -> "np.ndarray[Any, Any]":
    """The first `count` elements of a ctypes array as a numpy array that keeps it and that nobody can make writeable."""
    if count == 0:
        return np.empty(0, dtype=dtype)
    return np.frombuffer(memoryview(memory).toreadonly(), dtype=dtype, count=count)


def view(pointer: Any, count: int, owner: Owner) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """`count` doubles of C memory as a read-only array that keeps their owner."""
    memory: Any = (ctypes.c_double * count).from_address(ctypes.addressof(pointer.contents)) if count else None
    if count:
        memory.owner = owner
    return read_only(memory, count, np.float64)


class TextSink:
    """Takes what one call after the other writes."""

    def __init__(self) -> None:
        self._parts: List[bytes] = []
        self._failure: Optional[BaseException] = None
        self._write = _ffi.sink_write(self._take)
        self.c = _ffi.spectra_sink(None, self._write)

    def _take(self, context: Any, memory: Any, size: int) -> int:
        try:
            self._parts.append(ctypes.string_at(memory, size))
        except BaseException as failure:  # it must not pass through C; it is raised behind the call
            self._failure = failure
            return _ffi.STATUS["E_IO"]
        return _ffi.STATUS["OK"]

    def text(self, status: int) -> str:
        """All that a call wrote; `status` is what it returned."""
        return self.data(status).decode("utf-8")

    def data(self, status: int) -> bytes:
        """The same, not as text."""
        parts, failure = self._parts, self._failure
        self._parts, self._failure = [], None
        if failure is not None:
            raise failure
        check(status)
        return b"".join(parts)


class Scratch:
    """Working memory for a call, and a sink: taken from those that lie idle, whatever the thread, and put back afterwards.

    Nested use (a signal handler, a finaliser) takes another one.
    """

    _idle: List["Scratch"] = []
    MOST_IDLE = 16

    def __init__(self) -> None:
        self.bytes = np.empty(0, dtype=np.uint8)
        self.address = 0
        self.sink = TextSink()
        self.c = _ffi.spectra_scratch()

    @classmethod
    def take(cls, size: int) -> "Scratch":
        """One of at least `size` bytes."""
        try:
            scratch = cls._idle.pop()
        except IndexError:
            scratch = cls()
        if scratch.bytes.size < size:
            if size > sys.maxsize:
                raise OutOfMemory(_ffi.STATUS["E_MEMORY"], "no memory could hold it")
            scratch.bytes = np.empty(size, dtype=np.uint8)
            scratch.address = scratch.bytes.ctypes.data
        C.spectra_scratch_init(scratch.c, scratch.address, scratch.bytes.size)
        return scratch

    def put_back(self) -> None:
        if len(self._idle) < self.MOST_IDLE:
            self._idle.append(self)


# Values from Python, checked.


def encoded(name: str, value: Any) -> bytes:
    """Text as C takes it."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be str, not {type(value).__name__}")
    if "\0" in value:
        raise ValueError(f"{name} holds a NUL character")
    return value.encode("utf-8")


def encoded_path(path: PathLike) -> bytes:
    name = os.fsencode(path)
    if b"\0" in name:
        raise ValueError("a path holds a NUL character")
    return name


def whole(name: str, value: Any, most: int, least: int = 0) -> int:
    """An integer that C holds: ctypes would cut it silently."""
    if isinstance(value, (bool, np.bool_)) or not hasattr(value, "__index__"):
        raise TypeError(f"{name} must be an integer, not {type(value).__name__}")
    number = int(value.__index__())
    if not least <= number <= most:
        raise ValueError(f"{name} must be from {least} to {most}, not {number}")
    return number


def flag(name: str, value: Any) -> int:
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, not {type(value).__name__}")
    return int(value)


def choice(name: str, value: Any, values: Dict[str, int]) -> int:
    """What a word of the headers stands for, spelled as by the command line: "match-factor"."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be str, not {type(value).__name__}")
    key = value.upper().replace("-", "_")
    if key not in values:
        raise ValueError(f"{name} {value!r} is none of {', '.join(map(word, values))}")
    return values[key]


def word(constant: str) -> str:
    return constant.lower().replace("_", "-")


def word_of(number: int, values: Mapping[str, int]) -> str:
    """The word of a constant; "unknown" for one of a later version."""
    return next((word(name) for name, value in values.items() if value == number), "unknown")


def doubles(name: str, values: Any) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """One row of real numbers, contiguous; copied only where it is not such a row already."""
    array = np.asarray(values)
    if isinstance(values, np.ma.MaskedArray) or array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be real numbers, not {type(values).__name__} of {array.dtype}")
    if array.ndim != 1:
        raise ValueError(f"{name} must be one row of numbers, not of shape {array.shape}")
    return np.ascontiguousarray(array, dtype=np.float64)
