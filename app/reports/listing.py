"""A list of records as a workbook: a roster, a search result, a log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from app.domain.measures import CHINA
from app.reports import workbook
from app.reports.layout import Column, Kind, Sheet

NUMBER = Column("序号", lambda row: None, Kind.ORDINAL, 6)


def write(
    target: str | Path | BinaryIO,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Any],
    *,
    agency: str,
    as_of: datetime,
    filters: Sequence[str] = (),
    sheet_rows: int = workbook.SHEET_ROWS,
) -> None:
    """Write a numbered, filterable list of any length; one row is in memory at a time.

    `filters` say what the reader is looking at (筛选条件) and stand below the title.
    """
    left = "　".join((f"单位：{agency}", *(f"筛选：{text}" for text in filters)))
    sheet = Sheet(
        title,
        (NUMBER, *columns),
        rows,
        title=title,
        subtitle=(left, f"导出时间：{as_of.astimezone(CHINA):%Y-%m-%d %H:%M}"),
        filtered=True,
    )
    workbook.write(target, [sheet], created=as_of, streaming=True, sheet_rows=sheet_rows)
