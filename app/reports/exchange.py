"""A package as a sheet that the other platform's clerk can load, and that we can load again (R76)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.domain.exchange import HEADINGS, ExchangeRow, Package, cell
from app.reports import workbook
from app.reports.layout import Column, Kind, Sheet

_CODES = {"identifier", "task_no", "plan_no", "item", "team"}
_WIDTHS = {"task_name": 30, "name": 30, "item_name": 30, "identifier": 21, "problem": 30}


def build(package: Package, now: datetime) -> bytes:
    """One sheet, headings in its first row and nothing above, so that a machine reads it."""
    columns = tuple(
        Column(heading, _reader(package, name), _kind(name), _WIDTHS.get(name, 15))
        for name, heading in HEADINGS.items()
    )
    return workbook.to_bytes([Sheet("数据交换", columns, package.rows)], created=now)


def _reader(package: Package, name: str) -> Callable[[ExchangeRow], Any]:
    def read(row: ExchangeRow) -> Any:
        value = cell(row, package.head, name)
        return value.isoformat() if hasattr(value, "isoformat") else value

    return read


def _kind(name: str) -> Kind:
    return Kind.CODE if name in _CODES else Kind.TEXT
