"""The first rows of a file, kept so that a mapping can be tried on them without the file, and how they read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.domain import credit_code
from app.domain.vocabulary import ImportKind
from app.services.roster_import.columns import AS_IT_STANDS, COLUMNS, IGNORED, Guidance, normalise
from app.services.roster_import.container import LIMITS, unpacked
from app.services.roster_import.faults import RowRefused
from app.services.roster_import.field_readers import Reader, lookups, readers
from app.services.roster_import.layout import Layout, missing, propose_layout
from app.services.roster_import.reading import open_table
from app.services.roster_import.record import Record, checked
from app.services.roster_import.text import HEADER_SEARCH, Row

SHOWN = 20
_KEPT = HEADER_SEARCH + SHOWN + 5
_MOST_COLUMNS, _LONGEST_CELL = 200, 2000
_SAMPLES, _ENOUGH = 3, 0.8


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: its heading, the field it was taken for ("" where for none), and some values."""

    place: int
    heading: str
    field: str
    is_guess: bool
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, how it reads, and what is wrong or wants a look; `offer` is a correction to accept."""

    raw: str
    value: Any
    fault: RowRefused | None = None
    flags: tuple[str, ...] = ()
    offer: str = ""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One of the first rows; `fault` where it cannot be read at all."""

    line: int
    cells: tuple[Cell, ...]
    fault: RowRefused | None = None


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The head of a file as it will be read."""

    layout: Layout
    columns: tuple[Column, ...]
    shown: tuple[Column, ...]
    rows: tuple[PreviewRow, ...]
    missing: tuple[str, ...]
    hidden: int

    @property
    def fits(self) -> bool:
        """True when the file can be loaded as it is understood now."""
        return not self.missing and not self.layout.repeated

    @property
    def offers(self) -> int:
        """How many corrections are offered in the rows shown."""
        return sum(bool(cell.offer) for row in self.rows for cell in row.cells)


def keep_head(path: Path) -> tuple[str, list[Any]]:
    """What the file is, and its first rows as plain JSON. Raises FileUnreadable."""
    with unpacked(path, LIMITS) as (inner, container), open_table(inner) as rows:
        return container.value, [
            [row.line, row.fault, [cell[:_LONGEST_CELL] for cell in row.cells]] for row in islice(rows, _KEPT)
        ]


def head_rows(head: Sequence[Any]) -> list[Row]:
    """The kept rows as rows again."""
    return [Row(line, list(cells), fault) for line, fault, cells in head]


def propose_headings(
    head: Sequence[Any], kind: ImportKind, guidance: Guidance = AS_IT_STANDS
) -> dict[str, str]:
    """Fields for headings that no list of words knows, told by what stands below them.

    Only the credit code can be told so: a column in which most values are codes without fault.
    """
    rows = head_rows(head)
    layout = propose_layout(rows, kind, guidance)
    lacks = any(column.field == "identifier" for column in COLUMNS[kind]) and "identifier" not in layout.facts
    if not lacks:
        return {}
    below = [row for row in rows if row.line >= layout.line + layout.depth]
    for place, heading in enumerate(layout.headers):
        values = [row.cells[place] for row in below if place < len(row.cells) and row.cells[place].strip()]
        valid = sum(credit_code.is_valid(credit_code.normalise(value)) for value in values)
        if heading and values and valid >= _ENOUGH * len(values):
            return {normalise(heading): "identifier"}
    return {}


def read_first_rows(session: Session, kind: ImportKind, head: Sequence[Any], guidance: Guidance) -> FirstRows:
    """How the first rows read under this guidance. Raises FileUnreadable when the file holds no row."""
    rows = head_rows(head)
    layout = propose_layout(rows, kind, guidance)
    below = [row for row in rows if row.line >= layout.line + layout.depth and any(map(str.strip, row.cells))]
    columns = _columns(layout, below)
    shown = tuple(column for column in columns if column.field not in ("", IGNORED))
    known = readers(kind, lookups(session))
    return FirstRows(
        layout,
        columns,
        shown,
        tuple(_preview(row, layout, shown, known) for row in below[:SHOWN]),
        tuple(missing(layout, kind)),
        max(0, layout.width - _MOST_COLUMNS),
    )


def _columns(layout: Layout, below: list[Row]) -> tuple[Column, ...]:
    fields = {place: (name, False) for name, place in layout.facts.items()}
    fields |= {place: (name, True) for name, place in layout.guesses.items()}
    unknown = set(layout.unknown)
    return tuple(
        Column(
            place,
            heading or f"#{place + 1}",
            *fields.get(place, ("" if (heading or f"#{place + 1}") in unknown else IGNORED, False)),
            _samples(place, below),
        )
        for place, heading in enumerate(layout.headers[:_MOST_COLUMNS])
    )


def _samples(place: int, rows: list[Row]) -> tuple[str, ...]:
    values = (row.cells[place].strip() for row in rows if place < len(row.cells))
    return tuple(islice((value for value in dict.fromkeys(values) if value), _SAMPLES))


def _preview(row: Row, layout: Layout, columns: Sequence[Column], known: dict[str, Reader]) -> PreviewRow:
    try:
        record = checked(row, layout)
    except RowRefused as error:
        return PreviewRow(row.line, tuple(_raw(row, column) for column in columns), error)
    return PreviewRow(row.line, tuple(_cell(record, column, known) for column in columns))


def _raw(row: Row, column: Column) -> Cell:
    return Cell(row.cells[column.place] if column.place < len(row.cells) else "", None)


def _cell(record: Record, column: Column, known: dict[str, Reader]) -> Cell:
    raw = record.cells[column.place] if column.place < len(record.cells) else ""
    record.flags.clear()
    if column.is_guess:
        return Cell(raw, record.guess(column.field))
    reader = known.get(column.field)
    try:
        value = reader(record) if reader else record.text(column.field)
    except RowRefused as error:
        return Cell(raw, None, error, offer=str(error.params.get("suggestion", "")))
    return Cell(raw, value, flags=tuple(dict.fromkeys(map(str, record.flags))))
