"""The database connection: a folder for the embedded file, and SQLite's safe settings."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import Pool

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=15000",
    # 32 MB of pages; with the usual 2 MB a load of the roster or a report on a year reads most pages many times
    "PRAGMA cache_size=-32768",
)


def prepare(app: Flask) -> None:
    """Make the folder of an SQLite file, so that the first start needs no manual step."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


@event.listens_for(Engine, "connect")
def tune_sqlite(connection: Any, _record: Any) -> None:
    """Readers beside one writer, foreign keys enforced, writers wait instead of failing."""
    if isinstance(connection, sqlite3.Connection):
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(pragma)
        cursor.close()


@event.listens_for(Pool, "checkin")
def clear_sqlite(connection: Any, _record: Any) -> None:
    """Temporary tables end with their user; a rollback brings back one that was dropped in its transaction."""
    if isinstance(connection, sqlite3.Connection):
        left = connection.execute("SELECT name FROM sqlite_temp_master WHERE type = 'table'").fetchall()
        for (name,) in left:
            connection.execute(f'DROP TABLE "{name}"')
