"""One table over as many sheets as its rows need: title, headings, rows, totals, notes, chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from app.domain.measures import Band
from app.reports.cells import storable
from app.reports.layout import Column, Kind, Sheet, Tone, column_letters, lines_needed
from app.reports.lines import Lines
from app.reports.page import put, set_up, span, taken
from app.reports.styles import FILLS, HEAD_SIZE, LINE_HEIGHT, TALLEST, Names, Styles

SHEET_ROWS = 1_048_576
SUBTOTAL = "小计"
CHART_SIZE = (900, 300)
CHART_ROWS = 17
"""Rows that a chart covers, of the usual height."""
Part: TypeAlias = tuple[str, int, int]
"""Neighbouring rows of data: sheet, first row, last row."""


class TableWriter:
    """One table, over as many sheets as its rows need."""

    def __init__(
        self, book: Any, sheet: Sheet, styles: Styles, names: Names, page_class: Any, sheet_rows: int
    ) -> None:
        self.book, self.sheet, self.styles, self.names = book, sheet, styles, names
        self.page_class = page_class
        self.columns = list(sheet.columns)
        self.letters = {
            column.key: column_letters(at) for at, column in enumerate(self.columns) if column.key
        }
        self.widths = [column.width for column in self.columns]
        self.formulas = {
            at
            for at, column in enumerate(self.columns)
            if column.ratio and all(key in self.letters for key in column.ratio)
        }
        self.plain = [styles.cell(column.kind, column.tone) for column in self.columns]
        self.bold = [styles.cell(column.kind, Tone.TOTAL, bold=True) for column in self.columns]
        quick = page_class is not None and not self.formulas and not any(each.summed for each in self.columns)
        self.lines = Lines(self.columns, self.plain) if quick else None
        self.last_row = sheet_rows - self._rows_below()
        self.sums: dict[int, float] = {at: 0 for at, column in enumerate(self.columns) if column.summed}
        self.counted: set[int] = set()
        self.parts: list[Part] = []
        self.band_sums: dict[int, float] | None = None
        self.ordinal = 0
        self.row = self.first = self.part_first = 0
        self.page: Any = None

    def write(self) -> None:
        self._open()
        for item in self.sheet.rows:
            if isinstance(item, Band):
                self._begin_band(item)
                continue
            if self.row >= self.last_row:
                self._close()
                self._open()
            self.ordinal += 1
            self._data_row(item)
        self._remember_part()
        self._end_band()
        self._totals()
        for item in self.sheet.extra:
            self._cells(item, tone=Tone.TOTAL, ordinal=None)
        last_cell = self.row - 1
        self._notes()
        if self.sheet.chart and len(self.parts) == 1 and not self.page_class:
            self._chart()
        self._finish(last_cell)

    def _begin_band(self, band: Band) -> None:
        """A line over the whole width; what stood before it is added up first."""
        self._remember_part()
        self._end_band()
        style = self.styles.of(border=1, bold=True, align="left", bg_color=FILLS[Tone.HEAD])
        self._span(self.row, 0, self.row, len(self.columns) - 1, band.label, style)
        self.row += 1
        self.part_first = self.row
        self.band_sums = dict.fromkeys(self.sums, 0)

    def _end_band(self) -> None:
        if self.band_sums is None:
            return
        own = [part for part in self.parts if part[1] == self.part_first]
        self._sum_row(SUBTOTAL, own, self.band_sums)
        self.part_first = self.row
        self.band_sums = None

    def _rows_below(self) -> int:
        return bool(self.sheet.total_label) + len(self.sheet.extra) + len(self.sheet.notes)

    def _open(self) -> None:
        """Start a sheet with its title, headings, widths and page setup."""
        self.page = self.book.add_worksheet(self.names.take(self.sheet.name), self.page_class)
        self.row = 0
        for at, column in enumerate(self.columns):
            self.page.set_column(at, at, column.width)
        self._title()
        top = self.row
        self._headings()
        self.page.freeze_panes(self.row, 0)
        self.page.repeat_rows(top, self.row - 1)
        set_up(self.page, self.sheet.portrait, self.sheet.title or self.sheet.name)
        self.first = self.part_first = self.row

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
        if self.sheet.warning:
            style = self.styles.of(align="left", bold=True, font_size=9, bg_color=FILLS[Tone.MARK])
            self._span(self.row, 0, self.row, last, self.sheet.warning, style)
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
            if not grouped or column.group:
                self._put(self.row, at, column.title, head)
            elif self.page_class:
                self._put(self.row, at, "", head)
                self.page.merge_written(self.row - 1, at, self.row, at)
        self.row += 1
        if self.sheet.numbered:
            for at in range(len(self.columns)):
                self._put(self.row, at, at + 1, self.styles.of(border=1, align="center", font_size=8))
            self.row += 1

    def _group_row(self, head: Any) -> None:
        """Groups over their columns; a column without one takes both heading rows."""
        for first, last, group in _runs(self.columns):
            if group:
                self._span(self.row, first, self.row, last, group, head)
                continue
            for at in range(first, last + 1):
                if self.page_class:
                    self._put(self.row, at, self.columns[at].title, head)
                else:
                    self._span(self.row, at, self.row + 1, at, self.columns[at].title, head)

    def _data_row(self, item: Any) -> None:
        if self.lines is not None:
            self.page.write_line(self.row, self.lines.last, self.lines.line(self.row, self.ordinal, item))
            self.row += 1
            return
        values = self._cells(item, tone=Tone.PLAIN, ordinal=self.ordinal)
        for at in self.sums:
            if isinstance(values[at], (int, float)):
                self.sums[at] += values[at]
                self.counted.add(at)
                if self.band_sums is not None:
                    self.band_sums[at] += values[at]

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
                put(self.page, self.row, at, value, style, column.kind)
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
        if self.sheet.total_label:
            self._sum_row(self.sheet.total_label, self.parts, self.sums)

    def _sum_row(self, label: str, parts: Sequence[Part], sums: dict[int, float]) -> None:
        labelled = False
        for at, column in enumerate(self.columns):
            style = self.bold[at]
            if at in sums:
                counted = at in self.counted
                value: Any = sums[at] if counted or not parts else ""
                self._formula(self.row, at, self._sum(at, parts, counted), value, style)
            elif at in self.formulas:
                value = self._ratio_of(column, sums)
                self._formula(self.row, at, self._ratio(column, self.row), value, style)
            elif not labelled and column.kind != Kind.ORDINAL:
                self._put(self.row, at, label, style)
                labelled = True
            else:
                self._put(self.row, at, None, style)
        self.row += 1

    def _sum(self, at: int, parts: Sequence[Part], counted: bool) -> str:
        """A column in which nothing was filled in has no sum either, until somebody fills it in."""
        letter = column_letters(at)
        ranges = [
            f"{self._prefix(name)}{letter}{first + 1}:{letter}{last + 1}" for name, first, last in parts
        ]
        area = ",".join(ranges)
        if not area:
            return "=0"
        return f"=SUM({area})" if counted else f'=IF(COUNT({area})=0,"",SUM({area}))'

    def _prefix(self, name: str) -> str:
        quoted = name.replace("'", "''")
        return "" if name == self.page.get_name() else f"'{quoted}'!"

    def _ratio_of(self, column: Column, sums: dict[int, float]) -> float | None:
        """The ratio of two sums; a column that does not add up counts nothing, as its cell is blank."""
        assert column.ratio
        places = {each.key: at for at, each in enumerate(self.columns) if each.key}
        part, whole = (sums.get(places[key], 0) for key in column.ratio)
        return part / whole if whole else None

    def _notes(self) -> None:
        style = self.styles.of(align="left", text_wrap=True, font_size=9)
        room = sum(column.width for column in self.columns)
        for note in self.sheet.notes:
            self.page.set_row(self.row, lines_needed(note, room) * LINE_HEIGHT)
            self._span(self.row, 0, self.row, len(self.columns) - 1, note, style)
            self.row += 1

    def _chart(self) -> None:
        """Bars below the table, one group a row of it."""
        places = {column.key: at for at, column in enumerate(self.columns) if column.key}
        named = next(at for at, column in enumerate(self.columns) if column.kind != Kind.ORDINAL)
        name, first, last = self.parts[0]
        chart = self.book.add_chart({"type": "column"})
        for key in self.sheet.chart:
            at = places[key]
            title = self.columns[at].title.replace("\n", "")
            group = self.columns[at].group
            chart.add_series(
                {
                    "name": f"{group} {title}".strip(),
                    "categories": [name, first, named, last, named],
                    "values": [name, first, at, last, at],
                }
            )
        chart.set_title({"name": self.sheet.title, "name_font": {"size": 11}})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": CHART_SIZE[0], "height": CHART_SIZE[1]})
        self.page.insert_chart(self.row + 1, 1, chart)
        self.row += CHART_ROWS

    def _remember_part(self) -> None:
        if self.row > self.part_first:
            self.parts.append((self.page.get_name(), self.part_first, self.row - 1))

    def _close(self) -> None:
        self._remember_part()
        self._finish(self.row - 1)

    def _finish(self, last_cell: int) -> None:
        last = len(self.columns) - 1
        if self.sheet.filtered and last_cell >= self.first:
            self.page.autofilter(self.first - 1, 0, last_cell, last)
        for at, column in enumerate(self.columns):
            if column.kind == Kind.CODE and last_cell >= self.first:
                letter = column_letters(at)
                area = f"{letter}{self.first + 1}:{letter}{last_cell + 1}"
                self.page.ignore_errors({"number_stored_as_text": area})
        self.page.print_area(0, 0, max(self.row - 1, 0), last)

    def _span(self, row: int, first: int, last_row: int, last: int, text: str, style: Any) -> None:
        span(self.page, row, first, last_row, last, text, style)

    def _put(self, row: int, at: int, value: Any, style: Any) -> None:
        put(self.page, row, at, storable(value), style, Kind.TEXT)

    def _formula(self, row: int, at: int, formula: str, value: Any, style: Any) -> None:
        taken(self.page.write_formula(row, at, formula, style, "" if value is None else value))


def _runs(columns: Sequence[Column]) -> Iterator[tuple[int, int, str]]:
    """(first, last, group) of neighbouring columns with the same group."""
    first = 0
    for at in range(1, len(columns) + 1):
        if at == len(columns) or columns[at].group != columns[first].group:
            yield first, at - 1, columns[first].group
            first = at
