"""Tables whose rows are written once: triggers by which the database itself refuses every change.

Migrations call `protect` with their `op`; the wording of the triggers is the same since version 0.1.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def protect(op: Any, *tables: str) -> None:
    """Refuse updates and deletions of rows in these tables from now on."""
    for table in tables:
        for statement in _triggers(table, op.get_bind().dialect.name == "postgresql"):
            op.execute(statement)


def unprotect(op: Any, *tables: str) -> None:
    """Take the triggers away again."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in tables:
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{verb}" + (f" ON {table}" if on_postgresql else ""))


def _triggers(table: str, on_postgresql: bool) -> Iterator[str]:
    if on_postgresql:
        body = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    else:
        body = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for verb in ("update", "delete"):
        yield f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} {body}"
