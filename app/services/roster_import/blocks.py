"""Rows in blocks, so that no roster is ever held whole in memory, and keys met twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from app.services.roster_import.faults import RowRefused

T = TypeVar("T")
SIZE = 2000
"""Rows compared at a time; as many parameters fit into one query on every database."""


def blocks(items: Iterable[T], size: int = SIZE) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while block := list(islice(iterator, size)):
        yield block


class Seen:
    """Keys met in this file with their first line; the first wins, a later one is refused.

    A key is kept as a whole number, which takes half the memory of its text.
    """

    def __init__(self) -> None:
        self._lines: dict[int, int] = {}

    def require_new(self, key: str, line: int) -> None:
        """Note a key. Raises RowRefused when it stood on an earlier line."""
        first = self._lines.setdefault(int.from_bytes(key.encode()), line)
        if first != line:
            raise RowRefused("row_repeated", value=key, first_line=first)
