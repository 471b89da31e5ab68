"""What may stand in a cell of a workbook: nothing is lost silently, nothing becomes a formula."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import Any

from app.domain.measures import CHINA

LONGEST_TEXT = 32_767
"""In UTF-16 units, as Excel counts."""
CUT = "…（内容过长，已截断）"
LARGEST_EXACT = 2**53
FIRST_DATE = date(1900, 3, 1)
"""Before it Excel counts a day that never was (1900-02-29), so that earlier dates are written as text."""

_LINE_END = re.compile("\r\n?")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without what XML forbids, its lines ended by LF, within the length that a cell holds."""
    kept = text if text.isprintable() else _ILLEGAL.sub("", _LINE_END.sub("\n", text))
    if 2 * len(kept) <= LONGEST_TEXT:
        return kept
    units = kept.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return kept
    return units[: 2 * (LONGEST_TEXT - len(CUT))].decode("utf-16-le", "ignore") + CUT


def storable(value: Any) -> Any:
    """None, text, a number, a date or a naive datetime by the Chinese clock.

    Not-a-number and infinity become blank; whole numbers that a cell cannot hold exactly become text.
    """
    if isinstance(value, str):
        return clean(value) or None
    if value is None or isinstance(value, bool):
        return _truth(value)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value if value >= FIRST_DATE else value.isoformat()
    if isinstance(value, int):
        return value if abs(value) <= LARGEST_EXACT else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return clean(str(value))


def _truth(value: Any) -> str | None:
    if isinstance(value, bool):
        return "是" if value else "否"
    return None


def _moment(value: datetime) -> datetime | str:
    local = value.astimezone(CHINA).replace(tzinfo=None) if value.tzinfo else value
    return local if local.date() >= FIRST_DATE else local.isoformat(sep=" ")
