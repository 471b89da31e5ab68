"""The condition that a text begins with a term, in the form that the index of its column serves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import Session

LAST_CHARACTER = "\U0010ffff"


def begins_with(session: Session, column: Any, term: str) -> ColumnElement[bool]:
    """Whether the column begins with the term.

    A range is served by every index that is sorted by character: SQLite's, whose LIKE ignores case, and those of
    columns under the C collation, also in a plan made before the term was known. Under the language collations
    of PostgreSQL a range means nothing.
    """
    dialect = session.get_bind().dialect
    sorted_by_character = getattr(column.type.dialect_impl(dialect), "collation", None) == "C"
    if dialect.name == "sqlite" or sorted_by_character:
        return and_(column >= term, column < term + LAST_CHARACTER)
    found: ColumnElement[bool] = column.startswith(term, autoescape=True)
    return found
