"""Reading a table out of a database as text and writing it into another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from app.services.carrying.rows import parsed, written
from app.services.carrying.tables import Carried, Column, Form


@dataclass(slots=True)
class Tally:
    """What passed by: rows, bytes, and the digest of the text."""

    rows: int = 0
    size: int = 0
    whole: Any = field(default_factory=hashlib.sha256)

    def over(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The same pieces, counted on the way."""
        for piece in pieces:
            self.rows += piece.count(b"\n")
            self.size += len(piece)
            self.whole.update(piece)
            yield piece

    @property
    def digest(self) -> str:
        """SHA-256 of the text so far, in hex."""
        digest: str = self.whole.hexdigest()
        return digest


def read_table(connection: Connection, table: Carried) -> Iterator[bytes]:
    """The rows of a table as text, in the order of its key."""
    on_postgresql = connection.dialect.name == "postgresql"
    chosen = ", ".join(_chosen(column, on_postgresql) for column in table.columns)
    key = ", ".join(_ordered(column, on_postgresql) for column in table.columns if column.in_key)
    query = f'SELECT {chosen} FROM "{table.name}"' + (f" ORDER BY {key}" if key else "")
    if not on_postgresql:
        raw = _raw(connection).execute(query)
        yield from written(table, raw)
        return
    with _raw(connection).cursor().copy(f"COPY ({query}) TO STDOUT") as copy:
        for piece in copy:
            yield bytes(piece)


def write_table(connection: Connection, table: Carried, pieces: Iterable[bytes]) -> None:
    """Put the rows of the text into an existing table."""
    if connection.dialect.name == "postgresql":
        with _raw(connection).cursor().copy(f'COPY "{table.name}" ({table.names}) FROM STDIN') as copy:
            for piece in pieces:
                copy.write(piece)
        return
    marks = ", ".join("?" * len(table.columns))
    statement = f'INSERT INTO "{table.name}" ({table.names}) VALUES ({marks})'
    _raw(connection).executemany(statement, parsed(table, pieces))


def prepare_to_write(connection: Connection) -> None:
    """Read moments as UTC, and let SQLite look at foreign keys at the end."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")


def continue_numbering(connection: Connection, tables: Iterable[Carried]) -> None:
    """Let PostgreSQL give out keys after the highest that was written; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.columns:
            if column.in_key and column.form is Form.NUMBER:
                _continue(connection, table.name, column.name)


def _continue(connection: Connection, table: str, column: str) -> None:
    named = f"COALESCE(pg_get_serial_sequence('\"{table}\"', '{column}'), to_regclass('{table}_{column}_seq')::text)"
    sequence = connection.exec_driver_sql(f"SELECT {named}").scalar()
    if sequence is not None:
        highest = f'(SELECT max("{column}") FROM "{table}")'
        connection.exec_driver_sql(
            f"SELECT setval('{sequence}', COALESCE({highest}, 1), {highest} IS NOT NULL)"
        )


def _chosen(column: Column, on_postgresql: bool) -> str:
    name = f'"{column.name}"'
    if on_postgresql and column.zoned:
        return f"{name} AT TIME ZONE 'UTC'"
    if on_postgresql and column.form is Form.DECIMAL:
        return f"trim_scale({name})"
    return name


def _ordered(column: Column, on_postgresql: bool) -> str:
    by_bytes = on_postgresql and column.form is Form.TEXT
    return f'"{column.name}"::text COLLATE "C"' if by_bytes else f'"{column.name}"'


def _raw(connection: Connection) -> Any:
    return connection.connection.driver_connection
