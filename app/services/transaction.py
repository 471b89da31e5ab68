"""The one place that commits: a service is one transaction, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.extensions import db

M = TypeVar("M")


class NotFound(DomainError):
    """There is no such record."""

    code = "not_found"


@contextmanager
def transaction() -> Iterator[Session]:
    """The session of this unit of work; commits at the end, rolls everything back on any error."""
    session = db.session()
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def lock(session: Session, model: type[M], key: int) -> M:
    """The record with that key, held for this transaction.

    An idle UPDATE takes the write lock on every database (SQLite has no row locks), so that of two
    operators pressing the same button the second sees what the first has done. Raises NotFound.
    """
    column: Any = model.__mapper__.primary_key[0]  # type: ignore[attr-defined]
    session.execute(
        update(model).where(column == key).values({column.name: column}),
        execution_options={"synchronize_session": False},
    )
    found = session.get(model, key, populate_existing=True)
    if found is None:
        raise NotFound(what=model.__name__, key=key)
    return found


def fetch(session: Session, model: type[M], key: int) -> M:
    """The record with that key, for reading. Raises NotFound."""
    found = session.get(model, key)
    if found is None:
        raise NotFound(what=model.__name__, key=key)
    return found
