"""Rows on their way into the roster: temporary tables, filled by COPY on PostgreSQL, in bulk on SQLite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, MetaData, String, Table, func, select, text
from sqlalchemy.orm import Session

from app.services.roster_import.staged import COLUMNS

_METADATA = MetaData()
_TYPES: dict[str, Any] = {
    "line": Integer,
    "line_hash": BigInteger,
    "established_on": Date,
    "in_jurisdiction": Boolean,
    "jurisdiction_guess": Boolean,
    "stated": Integer,
    "flags": Integer,
}
_UNSAFE = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NULL = "\\N"


def temporary(name: str, *columns: Column[Any]) -> Table:
    """A table of this transaction alone."""
    return Table(name, _METADATA, *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")


STAGE = temporary(
    "roster_stage",
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    *(Column(name, _TYPES.get(name, String)) for name in COLUMNS),
)
STAGED_LABEL = temporary(
    "roster_staged_label",
    Column("ordinal", Integer),
    Column("category_id", Integer),
    Column("is_guess", Boolean),
)


class Stage:
    """The staging tables of one load."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection()
        self.is_postgresql = self._connection.dialect.name == "postgresql"
        self.count = 0
        self._prepare()

    def add(
        self, count: int, values: dict[str, Sequence[Any]], labels: Iterable[tuple[int, Any, Any]]
    ) -> None:
        """Stage rows given by columns; labels are (place, stated categories, guessed ones)."""
        if not count:
            return
        first = self.count + 1
        self.write(STAGE, [range(first, first + count), *(values[name] for name in COLUMNS)])
        self.count += count
        rows = [
            (first + place, category, guess)
            for place, stated, guessed in labels
            for category, guess in chain(zip(stated, repeat(False)), zip(guessed, repeat(True)))
        ]
        if rows:
            self.write(STAGED_LABEL, list(zip(*rows, strict=True)))

    def create(self, table: Table) -> None:
        """Create a temporary table, empty."""
        self._session.execute(text(f"DROP TABLE IF EXISTS {self._place}{table.name}"))
        table.create(self._connection)

    def measure(self, table: Table) -> None:
        """Let PostgreSQL know how large a temporary table is; nothing else will tell it."""
        if self.is_postgresql:
            self._session.execute(text(f"ANALYZE {table.name}"))

    def size(self, table: Table) -> int:
        """How many rows a table has."""
        return self._session.scalar(select(func.count()).select_from(table)) or 0

    def close(self) -> None:
        """Leave nothing behind on a connection that others will use."""
        if not self.is_postgresql and not self._connection.closed:
            raw: Any = self._connection.connection.dbapi_connection
            for table in _METADATA.tables.values():
                raw.execute(f"DROP TABLE IF EXISTS temp.{table.name}")

    @property
    def _place(self) -> str:
        return "" if self.is_postgresql else "temp."

    def _prepare(self) -> None:
        for table in (STAGE, STAGED_LABEL):
            self.create(table)

    def write(self, table: Table, columns: Sequence[Sequence[Any]]) -> None:
        """Add rows, given by columns, to a temporary table."""
        raw: Any = self._connection.connection.dbapi_connection
        cursor = raw.cursor()
        try:
            if self.is_postgresql:
                with cursor.copy(f"COPY {table.name} FROM STDIN") as copy:
                    copy.write(_copied(columns))
            else:
                marks = ", ".join("?" * len(columns))
                cursor.executemany(
                    f"INSERT INTO temp.{table.name} VALUES ({marks})", zip(*columns, strict=True)
                )
        finally:
            cursor.close()


def _copied(columns: Sequence[Sequence[Any]]) -> str:
    """Rows in the text form of COPY."""
    rows = zip(*map(_copied_column, columns), strict=True)
    return "\n".join(map("\t".join, rows)) + "\n"


def _copied_column(column: Sequence[Any]) -> Sequence[str]:
    """Columns hold values of one type, or none."""
    nothing = column.count(None)
    if nothing == len(column):
        return [_NULL] * nothing
    is_text = isinstance(next(value for value in column if value is not None), str)
    said = column if is_text else list(map(str, column))
    if nothing:
        said = [_NULL if value is None else text for value, text in zip(column, said, strict=True)]
    if not is_text or not _UNSAFE.search("".join([text for text in said if text is not _NULL])):
        return said
    return [text if text is _NULL else text.translate(_ESCAPES) for text in said]
