"""Bulk statements beside the unit of work: one prepared statement for many rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.services.record_changes import note_rows


def table_of(model: type[Any]) -> Table:
    """The table of a model, for statements beside the unit of work."""
    return cast(Table, model.__table__)


def insert_all(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """One prepared INSERT for all rows; they must have equal keys."""
    if rows:
        session.execute(insert(table), rows)


def update_all(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """One prepared UPDATE by `id` for all rows; they must have equal keys. What changes is kept (R3, R13)."""
    if rows:
        note_rows(session, table, rows)
        names = [name for name in rows[0] if name != "id"]
        values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
        statement = update(table).where(table.c.id == bindparam("row_id")).values(values)
        session.execute(
            statement,
            [{"row_id": row["id"]} | {f"new_{name}": row[name] for name in names} for row in rows],
        )


def insert_into(session: Session, model: type[Any]) -> Any:
    """An INSERT in the words of the database at hand, which both know `ON CONFLICT`."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(model)
