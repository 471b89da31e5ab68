"""The condition that a text begins with a term, in the form that the index of its column serves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import Session

LAST_CHARACTER = "\U0010ffff"


def begins_with(session: Session, column: Any, term: str) -> ColumnElement[bool]:
    """Whether the column begins with the term.

    SQLite needs a range, its LIKE ignores case and so the index; a range means nothing under the language
    collations of PostgreSQL, whose LIKE uses an index of pattern operators or the C collation.
    """
    if session.get_bind().dialect.name == "sqlite":
        return and_(column >= term, column < term + LAST_CHARACTER)
    found: ColumnElement[bool] = column.startswith(term, autoescape=True)
    return found
