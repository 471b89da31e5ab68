"""A sheet as plain values: to look at on a page before it is downloaded, and to keep when it is reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from app.domain.measures import Band
from app.reports.cells import storable
from app.reports.layout import Column, Kind, Sheet

SUBTOTAL = "小计"


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: `tone` is "", "band" or "total"; `key` tells it from the others."""

    values: tuple[Any, ...]
    tone: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet with its totals worked out; `more` when rows were left out."""

    name: str
    title: str
    subtitle: tuple[str, str]
    warning: str
    columns: Sequence[Column]
    rows: tuple[GridRow, ...]
    notes: Sequence[str]
    more: bool = False

    @property
    def heads(self) -> list[tuple[str, int, int]]:
        """The upper row of headings: text, columns, rows; a column without a group reaches over both."""
        found: list[tuple[str, int, int]] = []
        for group, columns in groupby(self.columns, key=lambda column: column.group):
            listed = list(columns)
            found += [(group, len(listed), 1)] if group else [(column.title, 1, 2) for column in listed]
        return found

    @property
    def grouped(self) -> list[Column]:
        """The columns of the lower row of headings."""
        return [column for column in self.columns if column.group]


def grid_of(sheet: Sheet, most: int | None = None) -> Grid:
    """Read the rows of a sheet, at most so many, and add the totals; details that are cut short have none."""
    reader = _Reader(sheet)
    rows: list[GridRow] = []
    for item in sheet.rows:
        if most is not None and reader.ordinal >= most:
            return _grid(sheet, rows, more=True)
        rows += reader.read(item)
    return _grid(sheet, [*rows, *reader.end()])


def figures_of(sheet: Sheet) -> dict[str, Any]:
    """The cells of a sheet as JSON, each row under what tells it from the others."""
    grid = grid_of(sheet)
    kept = [at for at, column in enumerate(grid.columns) if column.kind != Kind.ORDINAL]
    return {
        "columns": [_full_title(grid.columns[at]) for at in kept],
        "rows": [
            [row.key, [_plain(row.values[at]) for at in kept]] for row in grid.rows if row.tone != "band"
        ],
    }


def _grid(sheet: Sheet, rows: list[GridRow], *, more: bool = False) -> Grid:
    return Grid(
        sheet.name, sheet.title, sheet.subtitle, sheet.warning, sheet.columns, tuple(rows), sheet.notes, more
    )


def _full_title(column: Column) -> str:
    title = column.title.replace("\n", "")
    return f"{column.group}·{title}" if column.group else title


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


class _Reader:
    """Turns the rows of a sheet into values and adds them up as the workbook does."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.columns = sheet, list(sheet.columns)
        self.places = {column.key: at for at, column in enumerate(self.columns) if column.key}
        self.ordinal = 0
        self.band: str | None = None
        self.sums: dict[int, float] = {}
        self.band_sums: dict[int, float] = {}

    def read(self, item: Any) -> Iterator[GridRow]:
        if isinstance(item, Band):
            yield from self._end_band()
            self.band, self.band_sums = item.label, {}
            yield GridRow((item.label,), "band")
            return
        self.ordinal += 1
        values = self._values(item, self.ordinal)
        for at, column in enumerate(self.columns):
            if column.summed and isinstance(values[at], int | float):
                for sums in (self.sums, self.band_sums):
                    sums[at] = sums.get(at, 0) + values[at]
        yield GridRow(values, "", self._key(values))

    def end(self) -> Iterator[GridRow]:
        yield from self._end_band()
        if self.sheet.total_label:
            yield self._total(self.sheet.total_label, self.sums, self.sheet.total_label)
        for item in self.sheet.extra:
            values = self._values(item, None)
            yield GridRow(values, "total", str(next((value for value in values if value is not None), "")))

    def _end_band(self) -> Iterator[GridRow]:
        if self.band is not None:
            yield self._total(SUBTOTAL, self.band_sums, f"{self.band} {SUBTOTAL}")

    def _values(self, item: Any, ordinal: int | None) -> tuple[Any, ...]:
        return tuple(
            ordinal if column.kind == Kind.ORDINAL else storable(column.value(item))
            for column in self.columns
        )

    def _key(self, values: Sequence[Any]) -> str:
        own = [str(values[at] or "") for at, column in enumerate(self.columns) if column.is_key]
        return " ".join([*([self.band] if self.band else []), *own])

    def _total(self, label: str, sums: dict[int, float], key: str) -> GridRow:
        named = next((at for at, column in enumerate(self.columns) if column.kind != Kind.ORDINAL), 0)
        values = [self._sum(column, at, sums) for at, column in enumerate(self.columns)]
        if not self.columns[named].summed:
            values[named] = label
        return GridRow(tuple(values), "total", key)

    def _sum(self, column: Column, at: int, sums: dict[int, float]) -> Any:
        if column.summed:
            return sums.get(at, 0 if at in self.sums else None)
        if column.ratio and all(key in self.places for key in column.ratio):
            part, whole = (sums.get(self.places[key], 0) for key in column.ratio)
            return part / whole if whole else None
        return None
