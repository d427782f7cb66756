# SPDX-License-Identifier: Apache-2.0
"""What substance is a mass spectrum consistent with: libspectra for Python.

    >>> import spectra
    >>> database = spectra.Database.open()
    >>> for query in spectra.read("fentanyl_ei_noisy.msp"):
    ...     print(database.identify(query).verdict)
    not_distinguished

Calls of the library let other threads run. A mass spectrum is one technique: what is found has to be confirmed by another,
independent one.
"""

from ._library import (CorruptError, FileError, FormatError, InvalidError, LimitError, NotFoundError, OutOfMemory,
                       RecipeError, SpectraError, UnsupportedError, VersionError, __version__)
from .compare import Similarity, similarity, similarity_matrix
from .database import Database
from .plot import Picture, plot_mirror
from .results import Entry, Hit, Hits, Identification, Substance
from .spectrum import Reader, Spectrum, read

__all__ = ["CorruptError", "Database", "Entry", "FileError", "FormatError", "Hit", "Hits", "Identification",
           "InvalidError", "LimitError", "NotFoundError", "OutOfMemory", "Picture", "Reader", "RecipeError", "Similarity",
           "SpectraError", "Spectrum", "Substance", "UnsupportedError", "VersionError", "__version__", "plot_mirror",
           "read", "similarity", "similarity_matrix"]
