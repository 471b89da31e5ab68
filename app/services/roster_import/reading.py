"""A table out of any file: container, compression and encoding are found by looking, never by the name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.services.roster_import.container import LIMITS, Container, Limits, unpacked
from app.services.roster_import.faults import FileUnreadable, Unreadable
from app.services.roster_import.text import Rows, text_rows
from app.services.roster_import.workbook import workbook_rows


@contextmanager
def open_table(path: Path, limits: Limits = LIMITS) -> Iterator[Rows]:
    """The rows of the table that a file holds, as a stream. Raises FileUnreadable, at once or on the way."""
    if not path.is_file():
        raise FileUnreadable(Unreadable.MISSING, name=path.name)
    with unpacked(path, limits) as (inner, container):
        is_text = container == Container.TEXT
        with closing(text_rows(inner) if is_text else workbook_rows(inner, container, limits)) as rows:
            yield Rows(rows)
