"""Everything on record that belongs to a visit or an enterprise, whichever package keeps it.

Tables are followed from parent to child along their foreign keys, so that a table which comes later is in
the file without anybody remembering to add it. What is secret or derived is named and left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Column, Table, select
from sqlalchemy.orm import Session

from app.extensions import db

DERIVED = frozenset({"enterprise_search", "issued_document", "archive_file", "stored_chunk", "source_claim"})
"""Tables that are built from others, or that a file carries in another form."""
SECRET = frozenset({"token", "salt_secret"})
"""Columns that open or seal something and are handed to nobody."""
ASIDE = frozenset({"merged_with_id"})
"""Foreign keys that mention a record without belonging to it."""
BATCH = 500

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Records:
    """Rows by table, ascending by key, and the stored files that they name."""

    tables: Mapping[str, Rows]
    digests: Mapping[str, str]
    """Digest of each stored file that a row names → the table that names it."""


def records_of(session: Session, root: str, key: int) -> Records:
    """The row of table `root` with everything that refers to it, directly or through others."""
    keys: dict[str, set[Any]] = {root: {key}}
    rows: dict[str, Rows] = {root: _fetch(session, _table(root), "id", {key})}
    for table in db.metadata.sorted_tables:
        if table.name in DERIVED or table.name in rows:
            continue
        found = _children(session, table, keys)
        if found:
            rows[table.name] = found
            keys[table.name] = {row[_key(table)] for row in found if _key(table) in row}
    return Records(
        {name: [_plain(session, name, row) for row in group] for name, group in rows.items()},
        dict(_digests(rows)),
    )


def row_of(session: Session, table: str, key: int) -> Rows:
    """One row of a table as it stands."""
    return [_plain(session, table, row) for row in _fetch(session, _table(table), "id", {key})]


def title_of(name: str) -> str:
    """What a table holds, in the words of its model."""
    registry: Any = db.Model.registry  # type: ignore[attr-defined]
    for mapper in registry.mappers:
        if mapper.local_table.name == name:
            return (mapper.class_.__doc__ or "").strip().split("\n")[0]
    return ""


def _table(name: str) -> Table:
    found: Table = db.metadata.tables[name]
    return found


def _key(table: Table) -> str:
    columns = list(table.primary_key.columns)
    return columns[0].name if len(columns) == 1 else ""


def _children(session: Session, table: Table, keys: Mapping[str, set[Any]]) -> Rows:
    """Rows of a table that point to collected rows; a table of two parents counts by the nearer one."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for column in _links(table):
        parent = next(iter(column.foreign_keys)).column
        if parent.name == _key(parent.table) and keys.get(parent.table.name):
            for row in _fetch(session, table, column.name, keys[parent.table.name]):
                found[tuple(row[each.name] for each in table.primary_key.columns)] = row
    return [found[key] for key in sorted(found, key=repr if _mixed(found) else None)]


def _mixed(found: Mapping[tuple[Any, ...], Any]) -> bool:
    return len({tuple(type(part) for part in key) for key in found}) > 1


def _links(table: Table) -> Iterator[Column[Any]]:
    return (column for column in table.columns if column.foreign_keys and column.name not in ASIDE)


def _fetch(session: Session, table: Table, column: str, keys: set[Any]) -> Rows:
    wanted, rows = sorted(keys), []
    for start in range(0, len(wanted), BATCH):
        query = select(table).where(table.c[column].in_(wanted[start : start + BATCH]))
        rows += [dict(row._mapping) for row in session.execute(query.order_by(*table.primary_key.columns))]
    return rows


def _digests(rows: Mapping[str, Rows]) -> Iterator[tuple[str, str]]:
    for name, group in rows.items():
        files = [column.name for column in _table(name).columns if _is_file(column)]
        for row in group:
            yield from ((row[column], name) for column in files if row[column])


def _is_file(column: Column[Any]) -> bool:
    return any(key.target_fullname == "stored_file.digest" for key in column.foreign_keys)


def _plain(session: Session, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    users = {column.name for column in _table(table).columns if _is_user(column)}
    return {
        name: _name(session, value) if name in users else _json(value)
        for name, value in row.items()
        if name not in SECRET
    }


def _is_user(column: Column[Any]) -> bool:
    return any(key.target_fullname == "ab_user.id" for key in column.foreign_keys)


def _name(session: Session, key: int | None) -> str | None:
    user = session.get(User, key) if key is not None else None
    return f"{user.last_name}{user.first_name}（{user.username}）" if user else None


def _json(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value
