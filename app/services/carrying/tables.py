"""Which tables are carried, in which order, and how each column is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, inspect, types

# Not carried: sessions end with a move, and what is computed from other tables is computed anew.
LEFT_BEHIND = frozenset({"alembic_version", "web_session", "enterprise_search"})
FOREIGN = ("figure_", "huey_", "sqlite_", "enterprise_words", "_alembic_")


class Form(Enum):
    """How the values of a column stand in the text of COPY."""

    TEXT = "text"
    NUMBER = "number"
    DECIMAL = "decimal"
    TRUTH = "truth"
    MOMENT = "moment"
    BYTES = "bytes"


FORMS: tuple[tuple[type[Any], Form], ...] = (
    (types.Boolean, Form.TRUTH),
    (types.DateTime, Form.MOMENT),
    (types.LargeBinary, Form.BYTES),
    (types.Float, Form.NUMBER),
    (types.Integer, Form.NUMBER),
    (types.Numeric, Form.DECIMAL),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its form, whether it is part of the key, whether it keeps a time zone."""

    name: str
    form: Form
    in_key: bool
    zoned: bool


@dataclass(frozen=True, slots=True)
class Carried:
    """One table and its columns in their order."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> str:
        """The columns for a statement."""
        return ", ".join(f'"{column.name}"' for column in self.columns)

    def only(self, names: list[str]) -> Carried:
        """The same table with these columns in this order."""
        known = {column.name: column for column in self.columns}
        return Carried(self.name, tuple(known[name] for name in names))


def carried_tables(connection: Connection) -> list[Carried]:
    """The tables of a database, those first to which others refer."""
    names = [name for name in inspect(connection).get_table_names() if is_carried(name)]
    found = MetaData()
    found.reflect(connection, only=names, resolve_fks=False)
    return [_carried(table) for table in found.sorted_tables]


def is_carried(name: str) -> bool:
    """Whether a table belongs to what is carried."""
    return name not in LEFT_BEHIND and not name.startswith(FOREIGN)


def _carried(table: Table) -> Carried:
    return Carried(
        table.name,
        tuple(
            Column(
                column.name,
                form_of(column.type),
                column.primary_key,
                bool(getattr(column.type, "timezone", False)),
            )
            for column in table.columns
        ),
    )


def form_of(kind: Any) -> Form:
    """The form in which values of this type are written."""
    return next((form for known, form in FORMS if isinstance(kind, known)), Form.TEXT)


@contextmanager
def still_picture(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it stands now, however others go on writing."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
            connection.exec_driver_sql("SET LOCAL datestyle = 'ISO, YMD'")
            yield connection
            connection.rollback()
        return
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        yield connection
        connection.rollback()
