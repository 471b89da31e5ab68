"""Rows of a CSV or TSV file in UTF-8, UTF-16 or GB18030, each with its line number; no line is lost."""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, TextIO

from app.services.roster_import.faults import FileUnreadable, Unreadable

DELIMITERS = (",", "\t", ";", "|")
LONGEST_LINE = 1 << 20
PIECE = 1 << 20
HEADER_SEARCH = 20

_TELLING = 16
"""So many more bytes than characters before the first fault show that a text was UTF-8 up to there."""


@dataclass(slots=True)
class Row:
    """One row of a table: where it stands, its cells, and the code of what made it unreadable."""

    line: int
    cells: list[str]
    fault: str = ""


class Rows:
    """Rows as a stream with a look at the one to come."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows, self._ahead = rows, deque[Row]()

    def __iter__(self) -> Iterator[Row]:
        """All rows left."""
        while self._ahead:
            yield self._ahead.popleft()
        yield from self._rows

    def __next__(self) -> Row:
        return self._ahead.popleft() if self._ahead else next(self._rows)

    def peek(self) -> Row | None:
        """The next row, which stays where it is; None at the end."""
        if not self._ahead and (row := next(self._rows, None)):
            self._ahead.append(row)
        return self._ahead[0] if self._ahead else None

    def first(self, count: int) -> Iterator[Row]:
        """At most so many rows, one by one."""
        while count and (row := self.peek()):
            count -= 1
            next(self)
            yield row


def encoding_of(path: Path) -> str:
    """UTF-8 when every byte fits, else GB18030 when every byte fits. Raises FileUnreadable with the place."""
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return _require(file, "utf-16")
        if _fault(file, "utf-8") is None:
            return "utf-8-sig"
        return _require(file, "gb18030")


def text_rows(path: Path) -> Generator[Row]:
    """The rows of a text file. A row that quotes badly comes with a fault, the lines after it as rows again."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = delimiter_of(file)
        yield from rows_of(Lines(file), delimiter)


class Readable(Protocol):
    """What gives text line by line."""

    def readline(self, limit: int, /) -> str:
        """The next line with its end, at most so many characters; empty at the end."""
        ...


class Lines:
    """Feeds lines to the CSV reader, remembers which it took for a row, and takes some back."""

    def __init__(self, file: Readable) -> None:
        self._file, self._returned = file, deque[str]()
        self.first, self._line = 1, 0
        self.taken: list[str] = []

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else self._file.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self._line += 1
        if len(line) >= LONGEST_LINE:
            raise FileUnreadable(Unreadable.LINE_TOO_LONG, line=self._line)
        self.taken.append(line)
        return line

    def begin(self) -> None:
        """The next line starts a row."""
        self.taken.clear()
        self.first = self._line + 1

    def give_up_first(self) -> str:
        """Keep only the first line of this row; the others will be read as rows of their own."""
        first, *others = self.taken
        self._returned.extendleft(reversed(others))
        self._line -= len(others)
        return first

    def is_past(self, count: int) -> bool:
        """True when so many lines were taken for good and none waits to be read again."""
        return self._line >= count and not self._returned

    @property
    def ends_open(self) -> bool:
        """True when the last line taken has no line end: the file stops there."""
        return not self.taken[-1].endswith(("\n", "\r"))


def rows_of(lines: Lines, delimiter: str, width: int = 0) -> Iterator[Row]:
    """The rows of these lines; `width` is that of the first row with more than one cell, where it is known."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Row(lines.first, [lines.give_up_first().rstrip("\r\n")], "row_broken_quotes")
            continue
        if width and len(lines.taken) > 1 and len(cells) != width:
            yield Row(lines.first, [lines.give_up_first().rstrip("\r\n")], "row_broken_quotes")
        elif cells:
            cut = len(cells) < width and lines.ends_open
            yield Row(lines.first, cells, "row_cut_off" if cut else "")
            if not width and len(cells) > 1:
                width = len(cells)


def delimiter_of(file: TextIO) -> str:
    """The commonest delimiter of the first line that has one; the file stands at its beginning again."""
    delimiter = ""
    for _ in range(HEADER_SEARCH):
        line = file.readline(LONGEST_LINE)
        best = max(DELIMITERS, key=line.count)
        delimiter = delimiter or (best if best in line else "")
    file.seek(0)
    return delimiter or DELIMITERS[0]


def _require(file: IO[bytes], encoding: str) -> str:
    fault = _fault(file, encoding)
    if fault is not None:
        raise FileUnreadable(
            Unreadable.WRONG_ENCODING, encoding=encoding.upper(), line=fault[1], position=fault[0]
        )
    return encoding


def _fault(file: IO[bytes], encoding: str) -> tuple[int, int] | None:
    """Byte and line of the first byte that does not fit the encoding, or None.

    A text that was plainly UTF-8 before it stopped being so is broken, and no other encoding is tried.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    position, line, surplus = 0, 1, 0
    file.seek(0)
    while True:
        piece = file.read(PIECE)
        try:
            decoded = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            fine = error.object[: error.start]
            place = position + error.start - (len(error.object) - len(piece))
            surplus += len(fine) - len(fine.decode(encoding, "ignore"))
            found = place, line + fine.count(b"\n")
            if encoding == "utf-8" and surplus >= _TELLING:
                raise FileUnreadable(
                    Unreadable.WRONG_ENCODING, encoding="UTF-8", line=found[1], position=found[0]
                ) from error
            return found
        if not piece:
            return None
        position, line = position + len(piece), line + piece.count(b"\n")
        surplus += len(piece) - len(decoded)
