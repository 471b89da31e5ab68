"""Column types that keep the vocabulary and the clock honest on every database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, String, TypeDecorator

from app.domain.vocabulary import Term


class TermType(TypeDecorator[Term]):
    """Stores a vocabulary term by value and gives back the member, so that a label is never data."""

    impl = String
    cache_ok = True

    def __init__(self, vocabulary: type[Term], length: int = 20) -> None:
        super().__init__(length)
        self.vocabulary = vocabulary

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value in (None, "") else self.vocabulary(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> Term | None:
        return None if value is None else self.vocabulary(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite, which forgets zones, gets it back as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def sorted_text(length: int) -> String:
    """Text sorted by character on every database, so that its index also finds beginnings."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")
