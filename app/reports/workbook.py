"""Workbooks: the only importer of the Excel writer.

Text stays text whatever it begins with, links are not made, a refused write is an error and never a lost
cell, and rows beyond the last row of a sheet go on in a next one.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from app.reports.layout import AnySheet, Paper
from app.reports.page import CellRefused
from app.reports.paper import write_paper
from app.reports.styles import Names, Styles
from app.reports.table import SHEET_ROWS, TableWriter

__all__ = ["SHEET_ROWS", "CellRefused", "to_bytes", "write"]


class StreamedPage(Worksheet):  # type: ignore[misc]
    """A sheet whose rows go to a temporary file as they come, whatever the other sheets of the book do."""

    def _initialize(self, init_data: dict[str, Any]) -> None:
        super()._initialize({**init_data, "constant_memory": True})

    def write_line(self, row: int, last: int, xml: str) -> None:
        """A finished row; rows come in order, and cells written one by one before it are kept."""
        if row > self.previous_row:
            self._write_single_row(row)
        if self._check_dimensions(row, last):
            raise CellRefused(row)
        self.row_data_fh.write(xml)

    def merge_written(self, first_row: int, first: int, last_row: int, last: int) -> None:
        """Make one box of cells that are written already."""
        self.merge.append([first_row, first, last_row, last])


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
    """Write the sheets to a path or stream. `streaming` keeps one row in memory at a time in every sheet,
    a sheet of its own that is `streamed` does so in any case."""
    streamed = [streaming or getattr(sheet, "streamed", False) for sheet in sheets]
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": not any(streamed),
    }
    book = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options)
    if created is not None:
        book.set_properties({"created": created.replace(tzinfo=None)})
    styles, names = Styles(book), Names()
    for sheet, is_streamed in zip(sheets, streamed, strict=True):
        if isinstance(sheet, Paper):
            write_paper(book, sheet, styles, names)
        else:
            page_class = StreamedPage if is_streamed else None
            TableWriter(book, sheet, styles, names, page_class, sheet_rows).write()
    book.close()
