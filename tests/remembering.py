"""What a builder built once is put back row by row instead of being built again.

A builder's method under `@remembered`, or a function of a builder, runs in earnest the first time. The rows
that it left are kept, and when another test asks for the same steps from an empty database, these rows are
put back: the very bytes, several times faster. Whatever a test has written before makes the builder run in
earnest again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from functools import wraps
from random import Random
from typing import Any

from sqlalchemy import Engine, event, inspect, tuple_

from app.extensions import db

PLAIN = (str, int, float, bool, date, datetime, timedelta, Enum, type(None))
WRITING = ("INSERT", "UPDATE", "DELETE", "TRUNCA")
EMPTY = ()
SELF, SESSION = object(), object()


class Unknown(Exception):
    """A value that cannot be kept."""


@dataclass
class Snapshot:
    """The rows of every filled table, the numbers given out, what the builder held and gave back."""

    tables: dict[str, Any]
    numbers: list[Any]
    held: dict[str, Any] = field(default_factory=dict)
    result: Any = None


class Memory:
    """What is known of one database: `place` is how it came to hold what it holds, None when that is unknown."""

    def __init__(self) -> None:
        self.place: Any = None
        self.snapshots: dict[Any, Snapshot] = {}


MEMORIES: dict[int, Memory] = {}


def memory() -> Memory:
    """The memory of the present database."""
    return MEMORIES.setdefault(id(db.engine), Memory())


@event.listens_for(Engine, "before_cursor_execute")
def _forget_the_place(connection, cursor, statement, parameters, context, executemany):
    if statement.lstrip()[:6].upper() in WRITING:
        found = MEMORIES.get(id(connection.engine))
        if found is not None:
            found.place = None


def emptied() -> None:
    """The present database has just been emptied."""
    here = memory()
    here.place = EMPTY
    here.snapshots[EMPTY] = Snapshot({}, [])


def remembered(build):
    """Let a builder's step be put back when it was called the same way from the same place before."""

    @wraps(build)
    def step(self, *args, **values):
        key = _key(self, build, args, values)
        if key is None:
            return build(self, *args, **values)
        here = memory()
        if key in here.snapshots:
            return _put_back(here, self, key)
        result = build(self, *args, **values)
        _keep(here, self, key, result)
        return result

    return step


def _key(self, build, args, values):
    db.session.flush()
    place = memory().place
    known = place is not None and place == getattr(self, "_place", EMPTY)
    if not known or not all(_is_plain(value) for value in (*args, *values.values())):
        return None
    kind = type(self)
    step = (kind.__module__, kind.__qualname__, build.__module__, build.__qualname__)
    return (*place, (*step, _made_with(self), repr(args), repr(sorted(values.items()))))


def _made_with(self):
    """What a builder holds before its first step."""
    plain = {name: value for name, value in vars(self).items() if _is_plain(value)}
    return repr(sorted(plain.items())) if "_place" not in vars(self) else ""


def _is_plain(value):
    if isinstance(value, frozenset):
        return all(isinstance(each, PLAIN) for each in value)
    return isinstance(value, PLAIN)


def _keep(here, self, key, result):
    try:
        held = {name: _described(value) for name, value in vars(self).items() if name != "_place"}
        described = SELF if result is self else _described(result)
    except Unknown:
        return
    db.session.commit()
    before = here.snapshots.get(key[:-1])
    with db.engine.begin() as connection:
        tables, numbers = _ENGINES[connection.dialect.name].taken(connection)
    for name, rows in tables.items():
        if before is not None and before.tables.get(name) == rows:
            tables[name] = before.tables[name]
    here.snapshots[key] = Snapshot(tables, numbers, held, described)
    here.place = self._place = key


def _put_back(here, self, key):
    db.session.commit()
    now, wanted = here.snapshots[here.place], here.snapshots[key]
    stale = [name for name, rows in now.tables.items() if rows is not wanted.tables.get(name)]
    fresh = {name: rows for name, rows in wanted.tables.items() if rows is not now.tables.get(name)}
    with db.engine.begin() as connection:
        _ENGINES[connection.dialect.name].put(connection, stale, fresh, wanted.numbers)
    db.session.expire_all()
    vars(self).update({name: _found(value) for name, value in wanted.held.items()})
    here.place = self._place = key
    return self if wanted.result is SELF else _found(wanted.result)


def _described(value):
    """A value without its session: a record by its class and key."""
    if isinstance(value, PLAIN):
        return value
    if value is db.session:
        return SESSION
    if isinstance(value, Random):
        return _Dice(value.getstate())
    if isinstance(value, list):
        return [_described(each) for each in value]
    if isinstance(value, dict):
        return {name: _described(each) for name, each in value.items()}
    state = inspect(value, raiseerr=False)
    if state is None or not hasattr(state, "identity") or state.identity is None:
        raise Unknown(type(value))
    return _Record(type(value), state.identity)


@dataclass(frozen=True)
class _Record:
    kind: type
    key: tuple


@dataclass(frozen=True)
class _Dice:
    state: tuple

    def thrown(self):
        dice = Random()
        dice.setstate(self.state)
        return dice


def _found(value):
    if isinstance(value, _Record):
        return db.session.get(value.kind, value.key)
    if isinstance(value, _Dice):
        return value.thrown()
    if value is SESSION:
        return db.session
    if isinstance(value, dict):
        return {name: _found(each) for name, each in value.items()}
    if isinstance(value, list):
        _load_together([each for each in value if isinstance(each, _Record)])
        return [_found(each) for each in value]
    return value


def _load_together(records):
    for kind in {record.kind for record in records}:
        keys = [record.key for record in records if record.kind is kind]
        columns = inspect(kind).primary_key
        db.session.query(kind).filter(tuple_(*columns).in_(keys)).all()


def _names():
    from tests.conftest import KEPT

    return [table.name for table in db.metadata.sorted_tables if table.name not in KEPT]


class _Sqlite:
    @staticmethod
    def taken(connection):
        filled = {name: connection.exec_driver_sql(f'SELECT * FROM "{name}"').fetchall() for name in _names()}
        return {name: [tuple(row) for row in rows] for name, rows in filled.items() if rows}, []

    @staticmethod
    def put(connection, stale, fresh, _numbers):
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for name in stale:
            connection.exec_driver_sql(f'DELETE FROM "{name}"')
        for name, rows in fresh.items():
            marks = ", ".join("?" * len(rows[0]))
            connection.exec_driver_sql(f'INSERT INTO "{name}" VALUES ({marks})', rows)


class _Postgresql:
    NUMBERS = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"

    @staticmethod
    def taken(connection):
        cursor = connection.connection.cursor()
        filled = {}
        for name in _names():
            with cursor.copy(f'COPY "{name}" TO STDOUT') as copy:
                filled[name] = b"".join(bytes(piece) for piece in copy)
        numbers = connection.exec_driver_sql(_Postgresql.NUMBERS).fetchall()
        return {name: rows for name, rows in filled.items() if rows}, [tuple(row) for row in numbers]

    @staticmethod
    def put(connection, stale, fresh, numbers):
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for name in stale:
            connection.exec_driver_sql(f'DELETE FROM "{name}"')
        cursor = connection.connection.cursor()
        for name, rows in fresh.items():
            with cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
                copy.write(rows)
        calls = ", ".join(f"setval('{name}', {last})" for name, last in numbers)
        connection.exec_driver_sql(f"SELECT {calls}")


_ENGINES = {"sqlite": _Sqlite, "postgresql": _Postgresql}
