"""How a paper looks, as data: paragraphs and tables from top to bottom, with placeholders in the text.

The layouts become Word templates, so what a clerk downloads to change and what the program prints by
itself are one thing. Lengths are in millimetres, sizes in points, indents in characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

LETTER_LINE = 23.5
"""Distance of the lines of a letter in points."""
SEAL_LEFT = 224.0
"""Where the room for the seal begins, in points from the left margin."""


class Align(StrEnum):
    """Where the lines of a paragraph stand."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"
    BOTH = "both"


class Face(StrEnum):
    """The type faces of official papers, by the names that Word knows."""

    SONG = "宋体"
    FANG = "仿宋"
    HEI = "黑体"
    KAI = "楷体"


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph."""

    text: str
    align: Align = Align.BOTH
    face: Face = Face.FANG
    size: float = 14
    bold: bool = False
    first: float = 0
    """Indent of the first line in characters."""
    left: float = 0
    right: float = 0
    before: float = 0
    after: float = 0
    line: float = 0
    """Distance of the lines in points; 0 for 1.6 times the size."""
    keep: bool = False
    """Whether the next block stays on the same page."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One box of a table."""

    text: str = ""
    columns: int = 1
    align: Align = Align.LEFT
    bold: bool = False
    size: float = 0
    """0 for the size of the table."""
    low: bool = False
    """Whether the text stands at the bottom."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of boxes; or with `tag` a control line that opens or closes a repetition."""

    cells: tuple[Cell, ...] = ()
    height: float = 8
    repeats: bool = False
    """Whether it stands again on top of each further page."""
    tag: str = ""
    keep: bool = False
    """Whether the next row stays on the same page."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with ruled boxes."""

    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    size: float = 10.5
    face: Face = Face.SONG
    ruled: bool = True


@dataclass(frozen=True, slots=True)
class Control:
    """A paragraph that opens or closes a repetition or a condition."""

    tag: str


Block: TypeAlias = Text | Table | Control


@dataclass(frozen=True, slots=True)
class Margins:
    """Distances of the text from the edges of the paper."""

    top: float = 27
    bottom: float = 24
    left: float = 28
    right: float = 26


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole paper on A4; the foot counts the pages."""

    title: str
    blocks: tuple[Block, ...]
    margins: Margins = Margins()


def title(words: str, number: str = "{{ 文号 }}") -> tuple[Text, ...]:
    """The head of a paper: agency, name of the paper, number on the right."""
    return (
        Text("{{ 机关 }}", Align.CENTRE, Face.SONG, 18, bold=True, line=28, keep=True),
        Text(words, Align.CENTRE, Face.SONG, 22, bold=True, line=33, after=4, keep=True),
        Text(number, Align.RIGHT, Face.FANG, 12, line=18, after=4, keep=True),
    )


def body(text: str, *, keep: bool = False) -> Text:
    """A paragraph of a letter, indented by two characters."""
    return Text(text, Align.BOTH, Face.FANG, 14, first=2, line=LETTER_LINE, keep=keep)


def small(text: str, *, keep: bool = False) -> Text:
    """A paragraph of a letter that explains, in smaller letters."""
    return Text(text, Align.BOTH, Face.FANG, 12, first=2, line=19, keep=keep)


def heading(text: str) -> Text:
    """A heading inside a letter: 一、…"""
    return Text(text, Align.LEFT, Face.HEI, 14, first=2, line=LETTER_LINE, keep=True)


def seal(before: float = 18) -> tuple[Text, ...]:
    """Agency, room for the seal, and the day."""
    return (
        Text("{{ 机关 }}", Align.CENTRE, left=SEAL_LEFT / 14, before=before, line=25, keep=True),
        Text("（印章）", Align.CENTRE, size=12, left=SEAL_LEFT / 12, line=20, keep=True),
        Text("{{ 日期 }}", Align.CENTRE, left=SEAL_LEFT / 14, line=25),
    )


def label(text: str, columns: int = 1) -> Cell:
    """The name of a field on a form."""
    return Cell(text, columns, Align.CENTRE, bold=True)


def head_row(*names: str | tuple[str, int]) -> Row:
    """The heading of a list inside a table, repeated on every page."""
    cells = tuple(label(name) if isinstance(name, str) else label(*name) for name in names)
    return Row(cells, keep=True, repeats=True)


def sub_head(*names: str | tuple[str, int]) -> Row:
    """A heading of a part of a form, once."""
    cells = tuple(label(name) if isinstance(name, str) else label(*name) for name in names)
    return Row(cells, keep=True)


def each(name: str, of: str, *rows: Row) -> tuple[Row, ...]:
    """The rows once for every member of a list."""
    return (Row(tag=f"for {name} in {of}"), *rows, Row(tag="endfor"))


def each_paragraph(name: str, of: str, *blocks: Text) -> tuple[Block, ...]:
    """The paragraphs once for every member of a list."""
    return (Control(f"for {name} in {of}"), *blocks, Control("endfor"))


def width_of(table: Table) -> float:
    """How wide a table is."""
    return sum(table.widths)


def misfits(layout: Layout) -> Sequence[str]:
    """Rows whose boxes do not fill the columns of their table, for the tests."""
    return [
        f"{layout.title}: {row.cells[0].text if row.cells else ''}"
        for table in layout.blocks
        if isinstance(table, Table)
        for row in table.rows
        if not row.tag and sum(cell.columns for cell in row.cells) != len(table.widths)
    ]
