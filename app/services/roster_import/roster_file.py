"""A roster file open for loading: its header, its rows in pieces, and single rows of it once more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from app.services.roster_import.container import LIMITS, Container, Limits, unpacked
from app.services.roster_import.faults import FileUnreadable, Unreadable
from app.services.roster_import.pieces import Meet, Piece, Tape, cells_at, table_pieces, text_pieces
from app.services.roster_import.reading import open_table
from app.services.roster_import.text import Lines, Row, Rows, delimiter_of, encoding_of, rows_of

WIDE = "utf-16"
"""In this encoding a line end is no single byte; such a file is read row by row."""


class RosterFile(Protocol):
    """What can be loaded: `rows` stands before the header, then behind it; `form` is how the bytes are read."""

    rows: Rows
    form: str

    def pieces(self, meet: Meet) -> Iterator[Piece]:
        """The rows behind the header."""
        ...

    def cells_at(self, lines: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
        """The cells of the rows that begin on these lines, in ascending order, read once more."""
        ...


@contextmanager
def open_roster(path: Path, limits: Limits = LIMITS) -> Iterator[RosterFile]:
    """The file out of its compression. Raises FileUnreadable, at once or on the way."""
    if not path.is_file():
        raise FileUnreadable(Unreadable.MISSING, name=path.name)
    with unpacked(path, limits) as (inner, container):
        encoding = encoding_of(inner) if container == Container.TEXT else ""
        if encoding and encoding != WIDE:
            with TextFile(inner, encoding) as text:
                yield text
        else:
            with open_table(inner, limits) as rows:
                yield TableFile(inner, rows, limits)


class TextFile(AbstractContextManager["TextFile"]):
    """Delimited text."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._path = path
        self._encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        self._file = path.open(encoding=encoding, newline="")
        self._delimiter = delimiter_of(self._file)
        self._width = 0
        self.form = f"{self._encoding} {self._delimiter}"
        self.rows = Rows(self._measured(rows_of(Lines(self._file), self._delimiter)))

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def pieces(self, meet: Meet) -> Iterator[Piece]:
        """The rows behind the header, by the raw lines."""
        ahead = self.rows.peek()
        if ahead is None:
            return
        with self._path.open("rb") as file:
            tape = Tape(file, self._encoding)
            tape.skip_to(ahead.line)
            yield from text_pieces(tape, self._delimiter, self._width, meet)

    def cells_at(self, lines: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
        """The cells of these rows, from the raw lines."""
        with self._path.open("rb") as file:
            yield from cells_at(Tape(file, self._encoding), self._delimiter, lines)

    def _measured(self, rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            if not self._width and not row.fault and len(row.cells) > 1:
                self._width = len(row.cells)
            yield row


class TableFile:
    """A workbook, or a text that can only be read row by row."""

    def __init__(self, path: Path, rows: Rows, limits: Limits) -> None:
        self._path, self._limits = path, limits
        self.rows, self.form = rows, "table"

    def pieces(self, meet: Meet) -> Iterator[Piece]:
        """The rows behind the header."""
        return table_pieces(self.rows, meet)

    def cells_at(self, lines: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
        """The cells of these rows; the table is read from its beginning once more."""
        wanted = set(lines)
        with open_table(self._path, self._limits) as rows:
            for row in rows:
                if row.line in wanted:
                    yield row.line, row.cells
