"""Whether a database may receive an installation: only one in which nobody has worked yet."""

from __future__ import annotations

from sqlalchemy import Connection

from app.domain.errors import DomainError
from app.services.carrying.tables import Carried

# Whoever works leaves a row in one of these; what `flask init` enters by itself leaves none.
TRACES = frozenset({"ab_user", "audit_event", "enterprise", "log_entry", "job"})


class NotEmpty(DomainError):
    """The database holds records already; nothing is overwritten."""

    code = "not_empty"


def make_room(connection: Connection, tables: list[Carried]) -> None:
    """Take away what setting up has entered. Raises NotEmpty when anybody has worked in this database."""
    filled = [table.name for table in tables if _holds_rows(connection, table.name)]
    for name in filled:
        if name in TRACES:
            raise NotEmpty(table=name)
    for name in reversed(filled):
        _empty(connection, name)


def _empty(connection: Connection, name: str) -> None:
    """Delete the rows of one table, those that are written once too: nobody has worked with them yet."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f'ALTER TABLE "{name}" DISABLE TRIGGER USER')
        connection.exec_driver_sql(f'DELETE FROM "{name}"')
        connection.exec_driver_sql(f'ALTER TABLE "{name}" ENABLE TRIGGER USER')
        return
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
    triggers = connection.exec_driver_sql(query, (name,)).all()
    for trigger, _ in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{trigger}"')
    connection.exec_driver_sql(f'DELETE FROM "{name}"')
    for _, statement in triggers:
        connection.exec_driver_sql(statement)


def _holds_rows(connection: Connection, name: str) -> bool:
    return connection.exec_driver_sql(f'SELECT 1 FROM "{name}" LIMIT 1').first() is not None
