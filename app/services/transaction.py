"""The one place that commits: a service is one transaction, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.extensions import db

M = TypeVar("M")

# What a background job writes into every transaction of its own work, just before the commit.
COMMITTING: ContextVar[Callable[[Session], None] | None] = ContextVar("COMMITTING", default=None)
OPEN = "units_open"
AFTER = "after_commit"


class NotFound(DomainError):
    """There is no such record."""

    code = "not_found"


@contextmanager
def transaction() -> Iterator[Session]:
    """The session of this unit of work; commits at the end, rolls everything back on any error."""
    session = db.session()
    outer = session.info.get(OPEN, 0)
    session.info[OPEN] = outer + 1
    try:
        yield session
        mark = COMMITTING.get()
        if mark is not None:
            mark(session)
        session.commit()
    except BaseException:
        session.info.pop(AFTER, None)
        session.rollback()
        raise
    finally:
        session.info[OPEN] = outer
    for follow in session.info.pop(AFTER, ()):
        follow()


@contextmanager
def joined() -> Iterator[Session]:
    """The session of the unit of work that is open, or a unit of its own where none is."""
    if db.session().info.get(OPEN):
        yield db.session()
        return
    with transaction() as session:
        yield session


def once_committed(session: Session, follow: Callable[[], None]) -> None:
    """Do `follow` when the open unit of work has been committed, and never if it is not."""
    session.info.setdefault(AFTER, []).append(follow)


@contextmanager
def beside_the_work() -> Iterator[Session]:
    """A unit of work that a background job does not count as its own, such as the record of a refusal."""
    token = COMMITTING.set(None)
    try:
        with transaction() as session:
            yield session
    finally:
        COMMITTING.reset(token)


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
