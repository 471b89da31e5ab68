"""Taking the rows of a list along as a file, in the background, with where they come from and of which day (R90).

A list is offered by name with a way to open it; the filter travels, never the keys of rows, and whoever asked is
looked at again when the work is done.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask_appbuilder.security.sqla.models import User

from app.domain.errors import DomainError
from app.domain.measures import CHINA
from app.domain.vocabulary import JobKind
from app.services import audit, storage
from app.services.jobs import Running, enqueue, job
from app.services.transaction import transaction

ROWS_A_REPORT = 500
LONGEST_QUERY = 2_000


class ExportNotPermitted(DomainError):
    """The rights of whoever asked no longer cover the list."""

    code = "export_not_permitted"


class Form(StrEnum):
    """The form of an exported file."""

    XLSX = "xlsx"
    CSV = "csv"


MEDIA = {
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class Extract:
    """The rows of a list under a filter: headings, plain values, how many, and what the reader must know."""

    title: str
    headings: list[str]
    rows: Iterable[list[Any]]
    total: int | None
    origin: str
    filter_words: str


Opener = Callable[[str, User], AbstractContextManager[Extract]]
LISTS: dict[str, Opener] = {}
"""By the name of the list: opens it for a query and a reader; raises ExportNotPermitted."""

Writer = Callable[[Path, Extract, Iterable[list[Any]], datetime], int]
WRITERS: dict[Form, Writer] = {}
"""Each writes the rows of an extract to a path, with the moment at which that is done; how many there were."""


def ask(view: str, query: str, form: Form, title: str, actor: User, now: datetime, origin: str) -> int:
    """Have the rows of a list under a filter written to a file; gives back the key of the job."""
    arguments = {"view": view, "query": query, "form": form.value}
    return enqueue(JobKind.EXPORT, arguments, actor, now, title, origin)


@job(JobKind.EXPORT, once=True)
def export(running: Running, view: str, query: str, form: str) -> dict[str, Any]:
    """Write the file and keep it for its owner. Raises ExportNotPermitted."""
    actor, kind = running.actor, Form(form)
    if actor is None or view not in LISTS:
        raise ExportNotPermitted()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        with LISTS[view](query, actor) as extract:
            count = WRITERS[kind](path, extract, _counted(extract, running), running.now)
            name = f"{extract.title} {running.now.astimezone(CHINA):%Y-%m-%d}.{kind}"
            said = {"view": view, "filter": extract.filter_words, "rows": count, "form": kind.value}
        with transaction() as session:
            digest = storage.store(session, storage.pieces_of(path), name)
            audit.record(session, actor, "register:list:exported", extract.title, said | {"file": digest})
    return {"file": digest, "name": name, "media": MEDIA[kind], "rows": count}


def _counted(extract: Extract, running: Running) -> Iterator[list[Any]]:
    for number, row in enumerate(extract.rows):
        if not number % ROWS_A_REPORT:
            running.advance(number, extract.total, "exporting")
        yield row
