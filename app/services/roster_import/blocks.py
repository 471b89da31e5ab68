"""Bulk statements and blocks of rows, so that no roster is ever held whole in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from app.services.roster_import.faults import RowRefused

T = TypeVar("T")
SIZE = 2000
"""Rows compared at a time; as many parameters fit into one query on every database."""


def blocks(items: Iterable[T], size: int = SIZE) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while block := list(islice(iterator, size)):
        yield block


def table_of(model: type[Any]) -> Table:
    """The table of a model, for statements beside the unit of work."""
    return cast(Table, model.__table__)


def insert_all(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """One prepared INSERT for all rows; they must have equal keys."""
    if rows:
        session.execute(insert(table), rows)


def update_all(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """One prepared UPDATE by `id` for all rows; they must have equal keys."""
    if rows:
        names = [name for name in rows[0] if name != "id"]
        values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
        statement = update(table).where(table.c.id == bindparam("row_id")).values(values)
        session.execute(
            statement,
            [{"row_id": row["id"]} | {f"new_{name}": row[name] for name in names} for row in rows],
        )


class Seen:
    """Keys met in this file with their first line; the first wins, a later one is refused.

    A key is kept as a whole number, which takes half the memory of its text.
    """

    def __init__(self) -> None:
        self._lines: dict[int, int] = {}

    def require_new(self, key: str, line: int) -> None:
        """Note a key. Raises RowRefused when it stood on an earlier line."""
        first = self._lines.setdefault(int.from_bytes(key.encode()), line)
        if first != line:
            raise RowRefused("row_repeated", value=key, first_line=first)
