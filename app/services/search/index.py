"""Keeping the index in step with the roster, in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    delete,
    event,
    false,
    func,
    insert,
    inspect,
    select,
    text,
    true,
)
from sqlalchemy.orm import Session

from app.domain.vocabulary import RosterField
from app.models import Enterprise, EnterpriseChange
from app.models.search import (
    TOKENS_INDEX,
    TOKENS_INDEX_MADE,
    WORDS,
    WORDS_TRIGGERS,
    EnterpriseSearch,
    trigger_statements,
)
from app.services.search.tokens import index_tokens
from app.services.transaction import transaction

BLOCK = 5_000
MANY = 20_000
"""From this many rows on, and more than half of the roster, building the index anew is quicker."""

ROSTER: Table = Enterprise.__table__
INDEX: Table = EnterpriseSearch.__table__
CHANGES: Table = EnterpriseChange.__table__
_SEARCHED = ("name", "address")
_SOURCE = (ROSTER.c.id, *(ROSTER.c[name] for name in _SEARCHED))

Row = dict[str, Any]


def refresh(session: Session, which: ColumnElement[bool] | Iterable[int] | None = None) -> int:
    """Bring the index up to date in this transaction; how many enterprises were entered.

    `which` is a condition on Enterprise (`Enterprise.loaded_at == now` after a load), keys of enterprises, or
    None for the whole roster. Memory does not grow with the number of rows.
    """
    session.flush()
    connection = session.connection()
    if which is None:
        return _build(connection)
    if isinstance(which, ColumnElement):
        return _build(connection) if _is_most(connection, which) else _renew(connection, which)
    keys = sorted(set(which))
    blocks = (keys[at : at + BLOCK] for at in range(0, len(keys), BLOCK))
    return sum(_renew(connection, ROSTER.c.id.in_(block)) for block in blocks)


def ensure_index() -> None:
    """Build the index of a roster that has none, such as one kept from before there was an index."""
    with transaction() as session:
        missing = session.scalar(select(INDEX.c.enterprise_id).limit(1)) is None
        if missing and session.scalar(select(ROSTER.c.id).limit(1)) is not None:
            refresh(session)


def _is_most(connection: Connection, which: ColumnElement[bool]) -> bool:
    wanted = connection.scalar(select(func.count()).select_from(ROSTER).where(which)) or 0
    if wanted < MANY:
        return False
    return bool(2 * wanted > (connection.scalar(select(func.count()).select_from(ROSTER)) or 0))


def _renew(connection: Connection, which: ColumnElement[bool]) -> int:
    count = 0
    for rows in _blocks(connection, which):
        keys = [row["enterprise_id"] for row in rows]
        connection.execute(delete(INDEX).where(INDEX.c.enterprise_id.in_(keys)))
        connection.execute(insert(INDEX), rows)
        count += len(rows)
    return count


def _build(connection: Connection) -> int:
    on_postgresql = connection.dialect.name == "postgresql"
    enter = _copy if on_postgresql else _insert
    count = 0
    with _without_index(connection) if on_postgresql else _without_triggers(connection):
        connection.execute(delete(INDEX))
        for rows in _blocks(connection, true()):
            enter(connection, rows)
            count += len(rows)
    return count


@contextmanager
def _without_index(connection: Connection) -> Iterator[None]:
    """PostgreSQL builds the index over finished rows many times quicker than row by row."""
    connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
    connection.execute(text(f"DROP INDEX {TOKENS_INDEX}"))
    yield
    connection.execute(text(TOKENS_INDEX_MADE))


@contextmanager
def _without_triggers(connection: Connection) -> Iterator[None]:
    """SQLite builds its full-text table over finished rows; the first statement opens the transaction."""
    connection.execute(delete(INDEX).where(false()))
    for name in WORDS_TRIGGERS:
        connection.execute(text(f"DROP TRIGGER {name}"))
    yield
    connection.execute(text(f"INSERT INTO {WORDS}({WORDS}) VALUES ('rebuild')"))
    for statement in trigger_statements():
        connection.execute(text(statement))


def _blocks(connection: Connection, which: ColumnElement[bool]) -> Iterator[list[Row]]:
    """The rows of the index for these enterprises, as they are now, block by block in the order of keys."""
    last = 0
    while True:
        query = select(*_SOURCE).where(which, ROSTER.c.id > last).order_by(ROSTER.c.id).limit(BLOCK)
        found = connection.execute(query).all()
        if not found:
            return
        last = found[-1].id
        former = _former_names(connection, found[0].id, last)
        yield [_row(each.id, (each.name, *former.get(each.id, ())), each.address) for each in found]


def _former_names(connection: Connection, first: int, last: int) -> dict[int, list[str]]:
    """The names that enterprises of a block had before: they are found by these too."""
    query = select(CHANGES.c.enterprise_id, CHANGES.c.old).where(
        CHANGES.c.enterprise_id.between(first, last),
        CHANGES.c.field == RosterField.NAME,
        CHANGES.c.old.is_not(None),
    )
    former: dict[int, list[str]] = {}
    for key, name in connection.execute(query):
        former.setdefault(key, []).append(name)
    return former


def _row(key: int, names: tuple[str, ...], address: str | None) -> Row:
    return {"enterprise_id": key, "tokens": " ".join(index_tokens(names, address))}


def _insert(connection: Connection, rows: Sequence[Row]) -> None:
    connection.execute(insert(INDEX), rows)


def _copy(connection: Connection, rows: Sequence[Row]) -> None:
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {INDEX.name} (enterprise_id, tokens) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row((row["enterprise_id"], row["tokens"]))


def _entered(_mapper: Any, connection: Connection, item: Enterprise) -> None:
    connection.execute(insert(INDEX), [_row(item.id, (item.name,), item.address)])


def _changed(_mapper: Any, connection: Connection, item: Enterprise) -> None:
    edited: Any = inspect(item).attrs
    if not any(edited[name].history.has_changes() for name in _SEARCHED):
        return
    names = (
        item.name,
        *edited["name"].history.deleted,
        *_former_names(connection, item.id, item.id).get(item.id, ()),
    )
    connection.execute(delete(INDEX).where(INDEX.c.enterprise_id == item.id))
    connection.execute(insert(INDEX), [_row(item.id, names, item.address)])


def follow_edits() -> None:
    """Index every enterprise that is added or edited singly; bulk statements call `refresh` themselves."""
    event.listen(Enterprise, "after_insert", _entered)
    event.listen(Enterprise, "after_update", _changed)


follow_edits()
