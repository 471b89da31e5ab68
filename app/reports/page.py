"""What every kind of sheet writes with: one cell, a box over several, and the setup of a printed page."""

from __future__ import annotations

from typing import Any

from app.reports.cells import storable
from app.reports.layout import Kind

FOOTER = "&C&9第 &P 页，共 &N 页"


class CellRefused(Exception):
    """The writer did not take a cell; the workbook would be incomplete."""


def put(page: Any, row: int, at: int, value: Any, style: Any, kind: Kind) -> None:
    """Write a storable value."""
    if value is None:
        taken(page.write_blank(row, at, None, style))
    elif isinstance(value, str) or kind == Kind.CODE:
        taken(page.write_string(row, at, _plain(str(value)), style))
    elif isinstance(value, (int, float)):
        taken(page.write_number(row, at, value, style))
    else:
        taken(page.write_datetime(row, at, value, style))


def _plain(text: str) -> str:
    """The writer takes text between these marks for markup and writes it unescaped; a space behind it prevents that."""
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def span(page: Any, row: int, first: int, last_row: int, last: int, text: str, style: Any) -> None:
    """Write text over a box of cells."""
    if (row, first) == (last_row, last):
        put(page, row, first, storable(text), style, Kind.TEXT)
    else:
        taken(page.merge_range(row, first, last_row, last, _plain(storable(text) or ""), style))


def taken(code: int | None) -> None:
    """Raise CellRefused when the writer says that it left a cell out."""
    if code:
        raise CellRefused(code)


def set_up(page: Any, portrait: bool, header: str) -> None:
    """A4, one page wide, with a running head and numbered pages."""
    page.set_paper(9)
    page.set_portrait() if portrait else page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.center_horizontally()
    page.set_header(f"&R&9 {header.replace('&', '&&')}")
    page.set_footer(FOOTER)
