"""Workbooks: the only importer of the Excel writer.

Text stays text whatever it begins with, links are not made, a refused write is an error and never a lost
cell, and rows beyond the last row of a sheet go on in a next one.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from app.reports.cells import storable
from app.reports.layout import AnySheet, Cell, Column, Kind, Paper, Sheet, Tone, lines_needed
from app.reports.styles import FILLS, HEAD_SIZE, LINE_HEIGHT, Names, Styles

SHEET_ROWS = 1_048_576
TALLEST = 409.0
FOOTER = "&C&9第 &P 页，共 &N 页"


class CellRefused(Exception):
    """The writer did not take a cell; the workbook would be incomplete."""


def to_bytes(
    sheets: Sequence[AnySheet], *, created: datetime | None = None, streaming: bool = False
) -> bytes:
    """The workbook of these sheets as bytes; equal input gives equal bytes when `created` is given."""
    buffer = io.BytesIO()
    write(buffer, sheets, created=created, streaming=streaming)
    return buffer.getvalue()


def write(
    target: str | Path | BinaryIO,
    sheets: Sequence[AnySheet],
    *,
    created: datetime | None = None,
    streaming: bool = False,
    sheet_rows: int = SHEET_ROWS,
) -> None:
    """Write the sheets to a path or stream. `streaming` keeps one row in memory at a time."""
    options = {
        "constant_memory": streaming,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": not streaming,
    }
    book = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options)
    if created is not None:
        book.set_properties({"created": created.replace(tzinfo=None)})
    styles = Styles(book)
    names = Names()
    for sheet in sheets:
        if isinstance(sheet, Paper):
            _write_paper(book, sheet, styles, names)
        else:
            _TableWriter(book, sheet, styles, names, streaming, sheet_rows).write()
    book.close()


class _TableWriter:
    """One table, over as many sheets as its rows need."""

    def __init__(
        self, book: Any, sheet: Sheet, styles: Styles, names: Names, streaming: bool, sheet_rows: int
    ) -> None:
        self.book, self.sheet, self.styles, self.names = book, sheet, styles, names
        self.streaming = streaming
        self.columns = list(sheet.columns)
        self.letters = {
            column.key: xl_col_to_name(at) for at, column in enumerate(self.columns) if column.key
        }
        self.widths = [column.width for column in self.columns]
        self.formulas = {
            at
            for at, column in enumerate(self.columns)
            if column.ratio and all(key in self.letters for key in column.ratio)
        }
        self.plain = [styles.cell(column.kind, column.tone) for column in self.columns]
        self.bold = [styles.cell(column.kind, Tone.TOTAL, bold=True) for column in self.columns]
        self.last_row = sheet_rows - self._rows_below()
        self.sums: dict[int, float] = {at: 0 for at, column in enumerate(self.columns) if column.summed}
        self.parts: list[tuple[str, int, int]] = []
        self.ordinal = 0
        self.row = 0
        self.first = 0
        self.page: Any = None

    def write(self) -> None:
        self._open()
        for item in self.sheet.rows:
            if self.row >= self.last_row:
                self._close()
                self._open()
            self.ordinal += 1
            self._data_row(item)
        self._remember_part()
        self._totals()
        for item in self.sheet.extra:
            self._cells(item, tone=Tone.TOTAL, ordinal=None)
        last_cell = self.row - 1
        self._notes()
        self._finish(last_cell)

    def _rows_below(self) -> int:
        return bool(self.sheet.total_label) + len(self.sheet.extra) + len(self.sheet.notes)

    def _open(self) -> None:
        """Start a sheet with its title, headings, widths and page setup."""
        self.page = self.book.add_worksheet(self.names.take(self.sheet.name))
        self.row = 0
        for at, column in enumerate(self.columns):
            self.page.set_column(at, at, column.width)
        self._title()
        top = self.row
        self._headings()
        self.page.freeze_panes(self.row, 0)
        self.page.repeat_rows(top, self.row - 1)
        _page_setup(self.page, self.sheet.portrait, self.sheet.title or self.sheet.name)
        self.first = self.row

    def _title(self) -> None:
        last = len(self.columns) - 1
        if self.sheet.title:
            style = self.styles.of(bold=True, font_size=16, align="center")
            self.page.set_row(self.row, 30)
            self._span(self.row, 0, self.row, last, self.sheet.title, style)
            self.row += 1
        left, right = self.sheet.subtitle
        if left or right:
            middle = last // 2
            self._span(self.row, 0, self.row, middle, left, self.styles.of(align="left"))
            if last > 0:
                self._span(self.row, middle + 1, self.row, last, right, self.styles.of(align="right"))
            self.row += 1

    def _headings(self) -> None:
        head = self.styles.head()
        grouped = any(column.group for column in self.columns)
        if grouped:
            self._group_row(head)
            self.row += 1
        tall = max(lines_needed(column.title, column.width, HEAD_SIZE) for column in self.columns)
        self.page.set_row(self.row, max(20, tall * LINE_HEIGHT * 0.9 + 4))
        for at, column in enumerate(self.columns):
            if not grouped or column.group or self.streaming:
                self._put(self.row, at, column.title, head)
        self.row += 1
        if self.sheet.numbered:
            for at in range(len(self.columns)):
                self._put(self.row, at, at + 1, self.styles.of(border=1, align="center", font_size=8))
            self.row += 1

    def _group_row(self, head: Any) -> None:
        """Groups over their columns; a column without one takes both heading rows, unless rows stream."""
        for first, last, group in _runs(self.columns):
            if group:
                self._span(self.row, first, self.row, last, group, head)
                continue
            for at in range(first, last + 1):
                if self.streaming:
                    self._put(self.row, at, "", head)
                else:
                    self._span(self.row, at, self.row + 1, at, self.columns[at].title, head)

    def _data_row(self, item: Any) -> None:
        values = self._cells(item, tone=Tone.PLAIN, ordinal=self.ordinal)
        for at in self.sums:
            if isinstance(values[at], (int, float)):
                self.sums[at] += values[at]

    def _cells(self, item: Any, tone: Tone, ordinal: int | None) -> list[Any]:
        """Write one row and give back its values."""
        values = [
            ordinal if column.kind == Kind.ORDINAL else storable(column.value(item))
            for column in self.columns
        ]
        self.page.set_row(self.row, self._height(values))
        shades = self.plain if tone == Tone.PLAIN else self.bold
        for at, (column, value, style) in enumerate(zip(self.columns, values, shades, strict=True)):
            if at in self.formulas:
                self._formula(self.row, at, self._ratio(column, self.row), value, style)
            else:
                _put(self.page, self.row, at, value, style, column.kind)
        self.row += 1
        return values

    def _height(self, values: Sequence[Any]) -> float:
        """As high as the longest text needs; programs differ in whether they find out themselves."""
        lines = 1
        for value, width in zip(values, self.widths, strict=True):
            if isinstance(value, str) and (len(value) > width or "\n" in value or not value.isascii()):
                lines = max(lines, lines_needed(value, width))
        return min(TALLEST, lines * LINE_HEIGHT + 3)

    def _ratio(self, column: Column, row: int) -> str:
        assert column.ratio
        part, whole = (f"{self.letters[key]}{row + 1}" for key in column.ratio)
        return f'=IF({whole}=0,"",{part}/{whole})'

    def _totals(self) -> None:
        """合计: sums over all parts of the table, and ratios of the sums."""
        if not self.sheet.total_label:
            return
        labelled = False
        for at, column in enumerate(self.columns):
            style = self.bold[at]
            if at in self.sums:
                self._formula(self.row, at, self._sum(at), self.sums[at], style)
            elif at in self.formulas:
                self._formula(self.row, at, self._ratio(column, self.row), self._summed_ratio(column), style)
            elif not labelled and column.kind != Kind.ORDINAL:
                self._put(self.row, at, self.sheet.total_label, style)
                labelled = True
            else:
                self._put(self.row, at, None, style)
        self.row += 1

    def _sum(self, at: int) -> str:
        letter = xl_col_to_name(at)
        ranges = [
            f"{self._prefix(name)}{letter}{first + 1}:{letter}{last + 1}" for name, first, last in self.parts
        ]
        return f"=SUM({','.join(ranges)})" if ranges else "=0"

    def _prefix(self, name: str) -> str:
        quoted = name.replace("'", "''")
        return "" if name == self.page.get_name() else f"'{quoted}'!"

    def _summed_ratio(self, column: Column) -> float | None:
        assert column.ratio
        part, whole = (self._total_of(key) for key in column.ratio)
        return part / whole if whole else None

    def _total_of(self, key: str) -> float:
        at = next(at for at, column in enumerate(self.columns) if column.key == key)
        return self.sums.get(at, 0)

    def _notes(self) -> None:
        style = self.styles.of(align="left", text_wrap=True, font_size=9)
        room = sum(column.width for column in self.columns)
        for note in self.sheet.notes:
            self.page.set_row(self.row, lines_needed(note, room) * LINE_HEIGHT)
            self._span(self.row, 0, self.row, len(self.columns) - 1, note, style)
            self.row += 1

    def _remember_part(self) -> None:
        if self.row > self.first:
            self.parts.append((self.page.get_name(), self.first, self.row - 1))

    def _close(self) -> None:
        self._remember_part()
        self._finish(self.row - 1)

    def _finish(self, last_cell: int) -> None:
        last = len(self.columns) - 1
        if self.sheet.filtered and last_cell >= self.first:
            self.page.autofilter(self.first - 1, 0, last_cell, last)
        for at, column in enumerate(self.columns):
            if column.kind == Kind.CODE and last_cell >= self.first:
                letter = xl_col_to_name(at)
                area = f"{letter}{self.first + 1}:{letter}{last_cell + 1}"
                self.page.ignore_errors({"number_stored_as_text": area})
        self.page.print_area(0, 0, max(self.row - 1, 0), last)

    def _span(self, row: int, first: int, last_row: int, last: int, text: str, style: Any) -> None:
        if (row, first) == (last_row, last):
            self._put(row, first, text, style)
        else:
            _taken(self.page.merge_range(row, first, last_row, last, storable(text) or "", style))

    def _put(self, row: int, at: int, value: Any, style: Any) -> None:
        _put(self.page, row, at, storable(value), style, Kind.TEXT)

    def _formula(self, row: int, at: int, formula: str, value: Any, style: Any) -> None:
        _taken(self.page.write_formula(row, at, formula, style, "" if value is None else value))


def _put(page: Any, row: int, at: int, value: Any, style: Any, kind: Kind) -> None:
    """Write a storable value."""
    if value is None:
        _taken(page.write_blank(row, at, None, style))
    elif isinstance(value, str) or kind == Kind.CODE:
        _taken(page.write_string(row, at, str(value), style))
    elif isinstance(value, (int, float)):
        _taken(page.write_number(row, at, value, style))
    else:
        _taken(page.write_datetime(row, at, value, style))


def _taken(code: int | None) -> None:
    if code:
        raise CellRefused(code)


def _runs(columns: Sequence[Column]) -> Iterator[tuple[int, int, str]]:
    """(first, last, group) of neighbouring columns with the same group."""
    first = 0
    for at in range(1, len(columns) + 1):
        if at == len(columns) or columns[at].group != columns[first].group:
            yield first, at - 1, columns[first].group
            first = at


def _page_setup(page: Any, portrait: bool, header: str) -> None:
    page.set_paper(9)
    page.set_portrait() if portrait else page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.center_horizontally()
    page.set_header(f"&R&9 {header.replace('&', '&&')}")
    page.set_footer(FOOTER)


def _write_paper(book: Any, paper: Paper, styles: Styles, names: Names) -> None:
    page = book.add_worksheet(names.take(paper.name))
    for at, width in enumerate(paper.widths):
        page.set_column(at, at, width)
    for row, height in paper.heights.items():
        page.set_row(row, height)
    for cell in paper.cells:
        _write_box(page, cell, styles)
    _page_setup(page, paper.portrait, paper.header or paper.name)
    if paper.repeated_rows:
        page.repeat_rows(0, paper.repeated_rows - 1)
    page.hide_gridlines(2)
    page.print_area(0, 0, max(cell.row + cell.rows for cell in paper.cells) - 1, len(paper.widths) - 1)


def _write_box(page: Any, cell: Cell, styles: Styles) -> None:
    properties: dict[str, Any] = {
        "border": 1 if cell.boxed else 0,
        "bold": cell.bold,
        "align": "center" if cell.centred else "left",
        "text_wrap": True,
        "font_size": cell.size,
    }
    if cell.tone in FILLS:
        properties["bg_color"] = FILLS[cell.tone]
    style = styles.of(**properties)
    if cell.rows * cell.columns == 1:
        _put(page, cell.row, cell.column, storable(cell.text), style, Kind.TEXT)
    else:
        last_row, last = cell.row + cell.rows - 1, cell.column + cell.columns - 1
        _taken(page.merge_range(cell.row, cell.column, last_row, last, storable(cell.text) or "", style))
