"""How a column is written and aligned."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """How a column is written and aligned."""

    TEXT = "text"
    CODE = "code"
    """Text that looks like a number: credit codes, task numbers."""
    COUNT = "count"
    AMOUNT = "amount"
    """Money or a mean, with two decimals."""
    PERCENT = "percent"
    DATE = "date"
    DATETIME = "datetime"
    ORDINAL = "ordinal"
    """行次: the writer counts the rows."""
