"""The barest ways into a database: the cells as they are, no check, no comparison, no history."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

INDEXES = (
    "CREATE UNIQUE INDEX {0}_code ON {0} (c0)",
    "CREATE INDEX {0}_name ON {0} (c1)",
    "CREATE INDEX {0}_territory ON {0} (c6, c5)",
    "CREATE INDEX {0}_industry ON {0} (c9)",
)
"""As the roster itself has them, beside the primary key."""
WIDTH = 15
_BLOCK = 1 << 20


def executemany(database: str, file: Path) -> int:
    """SQLite: `executemany` of what the CSV reader gives, in one transaction."""
    Path(database).unlink(missing_ok=True)
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -49152")
    columns = ", ".join(f"c{place} TEXT" for place in range(WIDTH))
    connection.execute(f"CREATE TABLE peer (id INTEGER PRIMARY KEY, {columns})")
    for statement in INDEXES:
        connection.execute(statement.format("peer"))
    names = ", ".join(f"c{place}" for place in range(WIDTH))
    with file.open(encoding="utf-8", newline="") as text, connection:
        rows = csv.reader(text)
        next(rows)
        connection.executemany(f"INSERT INTO peer ({names}) VALUES ({', '.join('?' * WIDTH)})", rows)
    count = connection.execute("SELECT count(*) FROM peer").fetchone()[0]
    connection.close()
    Path(database).unlink()
    return count


def copy(url: str, file: Path) -> int:
    """PostgreSQL: COPY of the file as it is."""
    import psycopg

    with psycopg.connect(url) as connection:
        columns = ", ".join(f'c{place} text COLLATE "C"' for place in range(WIDTH))
        connection.execute(f"CREATE TABLE peer (id serial PRIMARY KEY, {columns})")
        for statement in INDEXES:
            connection.execute(statement.format("peer"))
        connection.commit()
        names = ", ".join(f"c{place}" for place in range(WIDTH))
        with (
            connection.cursor() as cursor,
            file.open("rb") as content,
            cursor.copy(f"COPY peer ({names}) FROM STDIN (FORMAT csv, HEADER)") as target,
        ):
            while block := content.read(_BLOCK):
                target.write(block)
        connection.commit()
        count = connection.execute("SELECT count(*) FROM peer").fetchone()[0]
        connection.execute("DROP TABLE peer")
        return count


def calamine(path: Path) -> int:
    """The cells of a workbook as calamine gives them."""
    from python_calamine import CalamineWorkbook

    return len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())
