"""A roster file as pieces of many rows: delimited text by its raw lines, everything else row by row.

Where each line of a piece is one row, its lines are split by the CSV reader at once, and those known from the
last file not even that. A piece in which a cell runs over several lines, or is quoted badly, is read by the
record-by-record reader instead, so that both ways give the same rows.
"""

from __future__ import annotations

import csv
import gc
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import compress, islice
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from app.services.roster_import.known_lines import Ids, hashes_of
from app.services.roster_import.text import LONGEST_LINE, Lines, Row, rows_of

Meet = Callable[[Ids, Ids], NDArray[np.bool_]]
"""Told the hashes of rows and their lines, says which of them need not be read."""

BYTES = 1 << 20
ROWS = 10_000
FEW = 256
_BETWEEN_CELLS = "\x1f"


@dataclass(slots=True)
class Piece:
    """Some rows with their lines; `known` more rows were passed over.

    `hashes` are those of the rows, None where a row cannot be told by its line. A fault names its row's place.
    """

    lines: Sequence[int]
    rows: list[list[str]]
    hashes: Ids | None
    known: int = 0
    faults: dict[int, str] = field(default_factory=dict)

    def row(self, place: int) -> Row:
        """One row as the record-by-record reader has it."""
        return Row(self.lines[place], self.rows[place], self.faults.get(place, ""))


def table_pieces(rows: Iterable[Row], meet: Meet) -> Iterator[Piece]:
    """Rows of any table, such as a sheet; the hash of a row is that of its cells."""
    stream = iter(rows)
    while block := list(islice(stream, ROWS)):
        hashes = hashes_of(_BETWEEN_CELLS.join(row.cells).encode("utf-8", "replace") for row in block)
        known = meet(hashes, np.fromiter((row.line for row in block), np.int64))
        yield _of_rows(list(compress(block, ~known)), hashes[~known], int(known.sum()))


def _of_rows(rows: list[Row], hashes: Ids | None, known: int = 0) -> Piece:
    faults = {place: row.fault for place, row in enumerate(rows) if row.fault}
    return Piece([row.line for row in rows], [row.cells for row in rows], hashes, known, faults)


class Tape:
    """The raw lines of a text file, many at a time or one by one; some may be put back."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file, self._encoding = file, encoding
        self._ahead: list[bytes] = []
        self._place, self._rest = 0, b""
        self.line = 1

    def take(self, most: int = 0) -> list[bytes]:
        """The next lines, at most so many; none at the end."""
        if self._place == len(self._ahead):
            self._ahead, self._place = self._read(), 0
        lines = self._ahead[self._place : self._place + most if most else None]
        self._place += len(lines)
        self.line += len(lines)
        return lines

    def give_back(self, lines: list[bytes]) -> None:
        """Put the lines taken last back; they will come again."""
        self._ahead, self._place = lines + self._ahead[self._place :], 0
        self.line -= len(lines)

    def skip_to(self, line: int) -> None:
        """Pass over all lines before this one."""
        while self.line < line and self.take(line - self.line):
            pass

    def decoded(self, lines: Iterable[bytes]) -> str:
        """Lines as text."""
        return b"".join(lines).decode(self._encoding)

    def readline(self, _limit: int, /) -> str:
        """The next line as text."""
        return self.decoded(self.take(1))

    def _read(self) -> list[bytes]:
        """A few megabytes of whole lines; one that has no end is given in its length and refused by its reader."""
        while piece := self._file.read(BYTES):
            lines = (self._rest + piece).splitlines(keepends=True)
            self._rest = b"" if piece.endswith(b"\n") else lines.pop()
            if lines:
                return lines
            if len(self._rest) > BYTES:
                break
        lines, self._rest = [self._rest] if self._rest else [], b""
        return lines


def text_pieces(tape: Tape, delimiter: str, width: int, meet: Meet) -> Iterator[Piece]:
    """The rows of a text from where the tape stands; `width` is that of its first row of several cells."""
    few = 0
    while lines := tape.take(FEW if few > 0 else 0):
        few -= len(lines)
        piece = _one_a_line(tape, lines, delimiter, width, meet)
        if piece is not None:
            yield piece
        elif len(lines) > FEW:
            tape.give_back(lines)
            few = len(lines)
        else:
            tape.give_back(lines)
            yield _of_rows(list(_with_care(tape, len(lines), delimiter, width)), None)


def _one_a_line(tape: Tape, lines: list[bytes], delimiter: str, width: int, meet: Meet) -> Piece | None:
    """The rows of lines of which each is a row by itself; None where that is not so, and nothing was met."""
    if len(max(lines, key=len)) >= LONGEST_LINE:
        return None
    first = tape.line - len(lines)
    hashes = hashes_of(lines)
    numbers = np.arange(first, first + len(lines), dtype=np.int64)
    known = meet(hashes, numbers)
    fresh = list(compress(lines, ~known)) if known.any() else lines
    rows = _split(tape.decoded(fresh), delimiter)
    if rows is None or len(rows) != len(fresh):
        meet(hashes[known], -numbers[known])
        return None
    piece = Piece(numbers[~known].tolist(), rows, hashes[~known], int(known.sum()))
    if fresh and len(rows[-1]) < width and not fresh[-1].endswith((b"\n", b"\r")):
        piece.faults[len(rows) - 1] = "row_cut_off"
    return piece


def _split(text: str, delimiter: str) -> list[list[str]] | None:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        with _collector_resting():
            return list(reader)
    except csv.Error:
        return None


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Thousands of new lists would set off the collector again and again, and none of them is in a cycle."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _with_care(tape: Tape, count: int, delimiter: str, width: int) -> Iterator[Row]:
    """The rows that begin on the next `count` lines, one by one."""
    before, lines = tape.line - 1, Lines(tape)
    for row in rows_of(lines, delimiter, width):
        row.line += before
        yield row
        if lines.is_past(count):
            return


def cells_at(tape: Tape, delimiter: str, wanted: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    """The cells of the rows that begin on these lines, which are in ascending order."""
    for line in wanted:
        tape.skip_to(line)
        reader = csv.reader(_line_by_line(tape), delimiter=delimiter)
        yield line, next(reader)


def _line_by_line(tape: Tape) -> Iterator[str]:
    while line := tape.readline(LONGEST_LINE):
        yield line
