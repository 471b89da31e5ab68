"""A package out of a file: JSON, or a sheet in any form in which rosters come."""

from __future__ import annotations

import hashlib
from pathlib import Path

from app.domain.exchange import HEADINGS, ExchangeMalformed, Package, from_cells, from_json
from app.services.roster_import.columns import normalise
from app.services.roster_import.reading import open_table
from app.services.roster_import.text import Row, Rows

MOST_ROWS = 200_000
HEADER_WITHIN = 20
_FIELDS = {normalise(heading): name for name, heading in HEADINGS.items()}


def read_package(path: Path) -> tuple[Package, str]:
    """The package in a file and the digest of its bytes. Raises ExchangeMalformed, FileUnreadable."""
    with path.open("rb") as file:
        start = file.read(1)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        if start == b"{":
            return from_json(file.read().decode("utf-8", "replace")), digest
    with open_table(path) as rows:
        return _of_rows(rows), digest


def _of_rows(rows: Rows) -> Package:
    fields: list[str | None] = []
    records = []
    for row in rows:
        if not fields:
            fields = _header(row)
        elif any(cell.strip() for cell in row.cells):
            records.append({name: text for name, text in zip(fields, row.cells, strict=False) if name})
        if row.line > HEADER_WITHIN and not fields:
            break
        if len(records) > MOST_ROWS:
            raise ExchangeMalformed("not_whole", expected=MOST_ROWS, found=len(records))
    return from_cells(records)


def _header(row: Row) -> list[str | None]:
    """The fields of a row of headings, or nothing where the row is none."""
    found = [_FIELDS.get(normalise(cell)) for cell in row.cells]
    return found if {"task_no", "identifier", "item"} <= set(found) else []
