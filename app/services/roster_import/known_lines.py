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
Places = NDArray[np.intp]

_SIZE = 8


def hashes_of(lines: Iterable[bytes]) -> Ids:
    """The hash of each raw row."""
    return np.frombuffer(b"".join([blake2b(line, digest_size=_SIZE).digest() for line in lines]), np.int64)


class KnownLines:
    """Which rows of the last file were met in this one, and on which line."""

    def __init__(self, hashes: Ids, owners: NDArray[np.int32]) -> None:
        order = np.argsort(hashes, kind="stable")
        self._hashes, self._owners = hashes[order], owners[order]
        self._lines = np.zeros(len(hashes), np.int32)

    def meet(self, hashes: Ids, lines: Ids) -> NDArray[np.bool_]:
        """Which of the rows are known and met for the first time; they are marked with their lines.

        Negative lines take back that the rows on them were met.
        """
        known = np.zeros(len(hashes), np.bool_)
        if len(self._hashes) == 0 or len(hashes) == 0:
            return known
        places = np.searchsorted(self._hashes, hashes)
        places[places == len(self._hashes)] = 0
        if lines[0] < 0:
            self._lines[places] = 0
            return known
        rows = np.flatnonzero((self._hashes[places] == hashes) & (self._lines[places] == 0))
        _, firsts = np.unique(places[rows], return_index=True)
        known[rows[firsts]] = True
        self._lines[places[known]] = lines[known]
        return known

    @property
    def owners(self) -> NDArray[np.int32]:
        """The enterprises of all rows."""
        return self._owners

    def met(self) -> NDArray[np.int32]:
        """The enterprises whose rows were met."""
        return self._owners[self._lines > 0]

    def met_again(self, owners: NDArray[np.int64]) -> dict[int, int]:
        """Of these enterprises those whose old row was met too, with its line."""
        found = np.flatnonzero((self._lines > 0) & np.isin(self._owners, owners))
        return dict(zip(self._owners[found].tolist(), self._lines[found].tolist(), strict=True))

    def withdraw(self, owners: list[int]) -> None:
        """Take back that the rows of these enterprises were met; other rows count in their place."""
        self._lines[np.isin(self._owners, owners)] = 0
