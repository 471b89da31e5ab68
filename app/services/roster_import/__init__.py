"""Loading rosters from files: every good row in one transaction, every other row back with its reason (R13)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.vocabulary import ImportKind
from app.models import Enterprise, ImportBatch
from app.services import audit, search, storage
from app.services.roster_import import enterprises, inspectors, items, listings
from app.services.roster_import.columns import AS_IT_STANDS, Guidance
from app.services.roster_import.faults import (
    ColumnsMissing,
    ColumnsRepeated,
    FileRefused,
    FileUnreadable,
    LoadCollided,
    RowRefused,
)
from app.services.roster_import.layout import find_layout
from app.services.roster_import.outcome import Effect, Outcome, Reject
from app.services.roster_import.reading import open_table
from app.services.roster_import.record import Record, records
from app.services.transaction import fetch, transaction

__all__ = [
    "ColumnsMissing",
    "ColumnsRepeated",
    "Effect",
    "FileRefused",
    "FileUnreadable",
    "Guidance",
    "LoadCollided",
    "Outcome",
    "Reject",
    "RowRefused",
    "keep_rejects",
    "load_file",
]

Loader = Callable[[Session, Iterator[Record], Outcome, datetime], None]

LOADERS: dict[ImportKind, Loader] = {
    ImportKind.ENTERPRISES: enterprises.load,
    ImportKind.INSPECTORS: inspectors.load,
    ImportKind.ITEMS: items.load,
    ImportKind.LISTINGS: listings.load,
}
_COLUMNS_IN_AUDIT = 50


class _DryRun(Exception):
    """Ends the transaction of a load that was only to be tried."""


def load_file(
    kind: ImportKind,
    path: Path,
    actor: User | None,
    now: datetime,
    dry_run: bool = False,
    name: str = "",
    guidance: Guidance = AS_IT_STANDS,
) -> Outcome:
    """Load a file into one roster; the whole load is one transaction, the same file again changes nothing.

    `name` is the name under which the file came, where `path` is a temporary one. With `dry_run` everything
    is done and then undone; `guidance` is how the clerk wants the file read. Raises FileRefused when no row
    can be read or the columns do not fit.
    """
    outcome = Outcome(kind, name or path.name)
    try:
        with open_table(path) as rows, transaction() as session:
            layout = find_layout(rows, kind, guidance)
            outcome.headers, outcome.unknown_columns = layout.headers, tuple(layout.unknown)
            LOADERS[kind](session, records(rows, layout, outcome), outcome, now)
            if kind is ImportKind.ENTERPRISES and outcome.added + outcome.changed:
                search.refresh(session, Enterprise.loaded_at == now)
            outcome.file_digest = _digest(path)
            if dry_run:
                raise _DryRun
            _note(session, outcome, actor, now)
    except _DryRun:
        pass
    except IntegrityError as error:
        raise LoadCollided(name=outcome.file_name) from error
    if outcome.added and not dry_run:
        _refresh_estimates()
    return outcome


def _refresh_estimates() -> None:
    """Let the database count its largest table anew, so that lists can say how many rows without counting."""
    with transaction() as session:
        session.execute(sql(f"ANALYZE {Enterprise.__tablename__}"))


def keep_rejects(batch_id: int, workbook: bytes, name: str) -> str:
    """Keep the workbook of a load's rejects beside its record; the digest under which it is stored."""
    with transaction() as session:
        batch = fetch(session, ImportBatch, batch_id)
        batch.rejects_file = storage.store(session, [workbook], name)
        return batch.rejects_file


def _note(session: Session, outcome: Outcome, actor: User | None, now: datetime) -> None:
    batch = ImportBatch(
        kind=outcome.kind,
        file_name=outcome.file_name[-200:],
        file_digest=outcome.file_digest,
        loaded_at=now,
        loaded_by_id=actor.id if actor else None,
        **outcome.counts(),
    )
    session.add(batch)
    session.flush()
    outcome.batch_id = batch.id
    data = outcome.counts() | {
        "batch": batch.id,
        "digest": outcome.file_digest,
        "flags": dict(outcome.flags),
        "unknown_columns": list(outcome.unknown_columns[:_COLUMNS_IN_AUDIT]),
    }
    audit.record(session, actor, f"roster:{outcome.kind.value}:loaded", outcome.file_name, data)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
