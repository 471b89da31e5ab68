"""What a sheet looks like, as data: tables with grouped headings and totals, and free forms on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from app.domain.forms import Kind

__all__ = [
    "AnySheet",
    "Cell",
    "Column",
    "Kind",
    "Paper",
    "Sheet",
    "Tone",
    "column_letters",
    "lines_needed",
    "text_width",
]


class Tone(StrEnum):
    """Background of a cell."""

    PLAIN = "plain"
    HEAD = "head"
    TOTAL = "total"
    MARK = "mark"
    """What the reader has to look at: the reason of a rejected row."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: heading, where its value comes from, and how it adds up.

    `ratio` names two other columns by `key`; where both stand in the sheet the cell is a formula over
    them, with the value of `value` beside it for readers that do not calculate.
    """

    title: str
    value: Callable[[Any], Any]
    kind: Kind = Kind.TEXT
    width: float = 12
    group: str = ""
    key: str = ""
    summed: bool = False
    ratio: tuple[str, str] | None = None
    tone: Tone = Tone.PLAIN
    is_key: bool = False
    """Tells one row from another when two editions are compared."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. `rows` is read once; `extra` rows follow the totals; `notes` stand below the table."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Any]
    title: str = ""
    subtitle: tuple[str, str] = ("", "")
    total_label: str = ""
    extra: Sequence[Any] = ()
    notes: Sequence[str] = ()
    numbered: bool = False
    """True writes 栏次 below the headings: each column's number, as printed forms have it."""
    filtered: bool = False
    portrait: bool = False
    warning: str = ""
    """What the reader has to know before using the sheet; stands marked below the title."""
    chart: Sequence[str] = ()
    """Keys of columns to compare in a bar chart below the table; never in a streamed one."""
    streamed: bool = False
    """True keeps one row in memory at a time."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One box of a paper form, from (row, column) over `rows` × `columns` boxes of the grid."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    bold: bool = False
    centred: bool = False
    boxed: bool = True
    size: float = 10.5
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Paper:
    """A free form for printing on A4: a grid of widths and heights with boxes on it."""

    name: str
    widths: Sequence[float]
    cells: Sequence[Cell]
    heights: Mapping[int, float] = field(default_factory=dict)
    repeated_rows: int = 0
    """Rows from the top that are printed again on each page."""
    header: str = ""
    """Running head at the top right of each page."""
    portrait: bool = True


AnySheet: TypeAlias = Sheet | Paper


def text_width(text: str) -> int:
    """Width in columns of a half-width character; Chinese characters take two.

    A Chinese character is three bytes of UTF-8, so that the mean of bytes and characters is its width.
    """
    return (len(text.encode("utf-8", "surrogatepass")) + len(text) + 1) // 2


def lines_needed(text: str, width: float, size: float = 10) -> int:
    """How many lines the text takes in a column of that width, in a font of `size` points.

    A column unit is 7 pixels, a half-width character two thirds of the font's size in points.
    """
    room = max(2, int(width * 10.5 / size))
    if 2 * len(text) <= room - 1 and "\n" not in text:
        return 1
    if not text.isascii():
        room = room // 2 * 2
    return sum(max(1, -(-text_width(line) // room)) for line in text.split("\n"))


def column_letters(at: int) -> str:
    """The letters of the column with this number, counted from 0: A, Z, AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
