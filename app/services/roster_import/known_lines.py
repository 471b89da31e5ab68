"""The rows of a source's last file by their hashes: what is still there need not be read again.

A hash stands for a row that was loaded without any remark, under the same columns and code lists. Eight bytes
are enough: among ten million rows a changed one is taken for an old one once in 10^12 loads.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]

_SIZE = 8


def hashes_of(lines: Iterable[bytes]) -> Ids:
    """The hash of each raw row."""
    return np.frombuffer(b"".join([blake2b(line, digest_size=_SIZE).digest() for line in lines]), np.int64)


class KnownLines:
    """Which rows of the last file were met in this one, and on which line. It keeps and sorts the hashes given."""

    def __init__(self, hashes: Ids) -> None:
        hashes.sort()
        self._hashes = hashes
        self._lines = np.zeros(len(hashes), np.int32)

    def meet(self, hashes: Ids, lines: Ids) -> NDArray[np.bool_]:
        """Which of the rows are known and met for the first time; they are marked with their lines.

        Negative lines take back that the rows on them were met.
        """
        known = np.zeros(len(hashes), np.bool_)
        if len(self._hashes) == 0 or len(hashes) == 0:
            return known
        places, is_known = self._places(hashes)
        if lines[0] < 0:
            self._lines[places[is_known]] = 0
            return known
        rows = np.flatnonzero(is_known & (self._lines[places] == 0))
        _, firsts = np.unique(places[rows], return_index=True)
        known[rows[firsts]] = True
        self._lines[places[known]] = lines[known]
        return known

    def count(self) -> int:
        """How many rows were met."""
        return int(np.count_nonzero(self._lines))

    def lines_of(self, hashes: Ids) -> NDArray[np.int32]:
        """The lines on which these rows were met; 0 for those that were not."""
        if len(self._hashes) == 0:
            return np.zeros(len(hashes), np.int32)
        places, is_known = self._places(hashes)
        return np.where(is_known, self._lines[places], np.int32(0))

    def withdraw(self, hashes: Ids) -> None:
        """Take back that these rows were met; other rows count in their place."""
        places, is_known = self._places(hashes)
        self._lines[places[is_known]] = 0

    def _places(self, hashes: Ids) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        places = np.searchsorted(self._hashes, hashes)
        places[places == len(self._hashes)] = 0
        return places, self._hashes[places] == hashes
