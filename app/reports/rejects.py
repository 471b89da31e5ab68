"""The rejects of an import as a workbook to correct and load again: line, reason, then the row as it came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from app.reports import workbook
from app.reports.layout import Column, Kind, Sheet, Tone, text_width

LINE, REASON = "行号", "原因"
NARROWEST, WIDEST = 8, 40


class Reject(Protocol):
    """A row that was not loaded: its line in the file, why, and its cells in the order of the headers."""

    @property
    def line(self) -> int: ...

    @property
    def reason_text(self) -> str: ...

    @property
    def cells(self) -> Sequence[Any]: ...


def build(headers: Sequence[str], rejects: Sequence[Reject]) -> bytes:
    """One sheet without title, so that the importer finds its headings in the first row again.

    行号 and 原因 stand first and are coloured; the importer passes over them. All other cells are text,
    as they were in the file.
    """
    marked = (
        Column(LINE, lambda row: row.line, Kind.CODE, 7, tone=Tone.MARK),
        Column(REASON, lambda row: row.reason_text, width=36, tone=Tone.MARK),
    )
    own = [_column(at, header, rejects) for at, header in _kept(headers)]
    return workbook.to_bytes([Sheet("未导入记录", (*marked, *own), rejects, filtered=True)])


def _kept(headers: Sequence[str]) -> list[tuple[int, str]]:
    """Headers with their position, without the two of an earlier rejects workbook."""
    return [(at, header) for at, header in enumerate(headers) if header not in (LINE, REASON)]


def _column(at: int, header: str, rejects: Sequence[Reject]) -> Column:
    longest = max((text_width(str(_cell(at)(row) or "")) for row in rejects[:200]), default=0)
    width = min(WIDEST, max(NARROWEST, text_width(header) + 2, longest + 2))
    return Column(header, _cell(at), Kind.CODE, width)


def _cell(at: int) -> Callable[[Any], Any]:
    return lambda row: row.cells[at] if at < len(row.cells) else None
