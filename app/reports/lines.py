"""Rows of a streamed table as finished XML: what passes through is read once and written once.

The Excel writer's own way of one object a cell costs four times as much; here a row is one string. A cell is
always text that is escaped, a number, or a date, never a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any, TypeAlias

from app.reports.cells import storable
from app.reports.layout import Column, Kind, column_letters, lines_needed
from app.reports.styles import LINE_HEIGHT, TALLEST

EPOCH = date(1899, 12, 30)
MOMENT_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 (a cell knows no zone)
DAY = timedelta(days=1)
LONG = 16_000
"""Characters from which a text may be longer than a cell holds."""
POINTS = 10.5 / 10
"""Half-width characters in a column unit, in the font of the rows (see lines_needed)."""

REMEMBERED = 500
"""Values of a column whose cells are kept: sorted lists say the same in many rows running."""

_ESCAPED = re.compile("_x[0-9A-Fa-f]{4}_")
_counted_lines = lru_cache(maxsize=20_000)(lines_needed)

Shown: TypeAlias = tuple[str, int]
"""A cell behind its row number, and how many lines it takes."""


class Lines:
    """The rows of one table; `last` is the number of its last column."""

    def __init__(self, columns: Sequence[Column], styles: Sequence[Any]) -> None:
        self.last = len(columns) - 1
        self.cells = [
            (_reader(column), f'<c r="{column_letters(at)}', _remembered(column, style))
            for at, (column, style) in enumerate(zip(columns, styles, strict=True))
        ]

    def line(self, row: int, ordinal: int, item: Any) -> str:
        """The row with that number, counted from 0, as it stands in the sheet."""
        number, parts, most = row + 1, [], 1
        for read, begin, shown in self.cells:
            cell, lines = shown(read(item) if read else ordinal)
            if lines > most:
                most = lines
            parts.append(f"{begin}{number}{cell}")
        pixels = int(min(TALLEST, most * LINE_HEIGHT + 3) * 4 / 3 + 0.5)  # whole ones, as the writer has them
        return f'<row r="{number}" ht="{pixels * 0.75}" customHeight="1">{"".join(parts)}</row>'


def _reader(column: Column) -> Callable[[Any], Any] | None:
    return None if column.kind == Kind.ORDINAL else column.value


def _remembered(column: Column, style: Any) -> Callable[[Any], Shown]:
    """Cells by value and type, for 1, 1.0 and True look different; running numbers never come again."""
    begin = f'" s="{style._get_xf_index()}"'
    if column.kind == Kind.ORDINAL:
        return lambda ordinal: (f"{begin}><v>{ordinal}</v></c>", 1)
    fits = (max(2, int(column.width * POINTS)) - 1) // 2
    cell = partial(_cell, begin, column.width, fits, column.kind == Kind.CODE)
    return lru_cache(REMEMBERED, typed=True)(cell)


def _cell(begin: str, width: float, fits: int, is_code: bool, value: Any) -> Shown:
    """`fits` characters of any kind take one line."""
    if type(value) is not str or not value.isprintable() or len(value) > LONG:
        value = storable(value)
    lines = 1
    if type(value) is str and (len(value) > fits or "\n" in value):
        lines = _counted_lines(value, width)
    if is_code and value is not None:
        value = str(value)
    if value is None or value == "":
        return f"{begin}/>", lines
    if type(value) is str:
        return f'{begin} t="inlineStr"><is>{_text(value)}</is></c>', lines
    return f"{begin}><v>{_number(value)}</v></c>", lines


def _text(value: str) -> str:
    if "&" in value:
        value = value.replace("&", "&amp;")
    if "<" in value:
        value = value.replace("<", "&lt;")
    if ">" in value:
        value = value.replace(">", "&gt;")
    if "_x" in value:
        # Excel reads _x0041_ as a character of that number; the first mark is spelled out to keep the words.
        value = _ESCAPED.sub(lambda found: f"_x005F{found[0]}", value)
    space = ' xml:space="preserve"' if value[0].isspace() or value[-1].isspace() else ""
    return f"<t{space}>{value}</t>"


def _number(value: Any) -> str:
    if isinstance(value, datetime):
        return repr((value - MOMENT_ZERO) / DAY)
    if isinstance(value, date):
        return str((value - EPOCH).days)
    return repr(value)
