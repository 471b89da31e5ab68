"""A plain table of any length as a file: XLSX with sheets that go on, or CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from app.reports import workbook
from app.reports.layout import Column, Kind, Sheet, text_width

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
NARROWEST, WIDEST = 8, 40
LOOKED_AT = 200


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """UTF-8 with the mark that Excel wants; text that would begin a formula gets an apostrophe. Counts the rows."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for row in rows:
            writer.writerow([_harmless(value) for value in row])
            count += 1
    return count


def write_xlsx(
    path: Path,
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
    subtitle: tuple[str, str] = ("", ""),
    sheet_rows: int = workbook.SHEET_ROWS,
) -> int:
    """One row in memory at a time; text stays text, further rows go on in a next sheet. Counts the rows."""
    stream = iter(rows)
    first = list(islice(stream, LOOKED_AT))
    counter = _Counter(first, stream)
    columns = [_column(at, heading, first) for at, heading in enumerate(headings)]
    sheet = Sheet(title, columns, counter, title=title, subtitle=subtitle, filtered=True)
    workbook.write(path, [sheet], streaming=True, sheet_rows=sheet_rows)
    return counter.count


class _Counter:
    """Rows that count themselves on the way."""

    def __init__(self, first: list[Sequence[Any]], rest: Iterator[Sequence[Any]]) -> None:
        self._first, self._rest, self.count = first, rest, 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for part in (self._first, self._rest):
            for row in part:
                self.count += 1
                yield row


def _column(at: int, heading: str, first: list[Sequence[Any]]) -> Column:
    values = [row[at] for row in first if row[at] is not None]
    longest = max((text_width(str(value)) for value in values), default=0)
    width = min(WIDEST, max(NARROWEST, text_width(heading) + 2, longest + 2))
    return Column(heading, itemgetter(at), _kind(values), width)


def _kind(values: list[Any]) -> Kind:
    if values and all(isinstance(value, datetime) for value in values):
        return Kind.DATETIME
    if values and all(isinstance(value, date) for value in values):
        return Kind.DATE
    if values and all(isinstance(value, int | float) for value in values):
        return Kind.COUNT
    return Kind.CODE if values and all(_is_code(value) for value in values) else Kind.TEXT


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value[:1].isdigit()


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(BEGINS_A_FORMULA) else value
