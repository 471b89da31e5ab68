"""A free form on A4: boxes on a grid."""

from __future__ import annotations

from typing import Any

from app.reports import page as pages
from app.reports.layout import Cell, Paper
from app.reports.styles import FILLS, Names, Styles


def write_paper(book: Any, paper: Paper, styles: Styles, names: Names) -> None:
    """One sheet with its boxes."""
    page = book.add_worksheet(names.take(paper.name))
    for at, width in enumerate(paper.widths):
        page.set_column(at, at, width)
    for row, height in paper.heights.items():
        page.set_row(row, height)
    for cell in paper.cells:
        _write_box(page, cell, styles)
    pages.set_up(page, paper.portrait, paper.header or paper.name)
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
    last_row, last = cell.row + cell.rows - 1, cell.column + cell.columns - 1
    pages.span(page, cell.row, cell.column, last_row, last, cell.text, styles.of(**properties))
