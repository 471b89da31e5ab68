"""Loading rosters from files: every good row in one transaction, every other row back with its reason (R13)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.vocabulary import ImportKind
from app.models import Enterprise, ImportBatch
from app.services import audit, provenance, search, sources, storage
from app.services.record_changes import because
from app.services.roster_import import inspectors, items, listings
from app.services.roster_import.columns import AS_IT_STANDS, Guidance
from app.services.roster_import.container import LIMITS
from app.services.roster_import.enterprises import EnterpriseLoad
from app.services.roster_import.faults import (
    ColumnsMissing,
    ColumnsRepeated,
    FileRefused,
    FileUnreadable,
    LoadCollided,
    RowRefused,
)
from app.services.roster_import.layout import Layout, find_layout
from app.services.roster_import.outcome import Effect, Outcome, Reject
from app.services.roster_import.reading import open_table
from app.services.roster_import.record import Record, records
from app.services.roster_import.roster_file import RosterFile, TableFile, open_roster
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
    "index_loads",
    "keep_rejects",
    "load_file",
    "preview",
]

Loader = Callable[[Session, Iterator[Record], Outcome, datetime], None]
Progress = Callable[[int], None]

LOADERS: dict[ImportKind, Loader] = {
    ImportKind.INSPECTORS: inspectors.load,
    ImportKind.ITEMS: items.load,
    ImportKind.LISTINGS: listings.load,
}
_COLUMNS_IN_AUDIT = 50


class _DryRun(Exception):
    """Ends the transaction of a load that was only to be tried."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a file is to be loaded.

    `name` is the name under which it came, where its path is a temporary one. With `dry_run` nothing is
    stored; `guidance` is how the clerk wants it read. `source` is the code of the source of an enterprise
    file, the usual one where it is empty; `is_whole` says whether the file is all that the source lists, None
    leaves that to the share of rows that it carries. `progress` is told the rows read so far, and may raise
    to stop the load.
    """

    dry_run: bool = False
    name: str = ""
    guidance: Guidance = AS_IT_STANDS
    source: str = ""
    is_whole: bool | None = None
    progress: Progress = lambda rows: None


def load_file(
    kind: ImportKind,
    path: Path,
    actor: User | None,
    now: datetime,
    dry_run: bool = False,
    name: str = "",
    guidance: Guidance = AS_IT_STANDS,
    source: str = "",
    is_whole: bool | None = None,
    progress: Progress = lambda rows: None,
) -> Outcome:
    """Load a file into one roster; the whole load is one transaction, the same file again changes nothing.

    The options are those of Manner. Raises FileRefused when no row can be read or the columns do not fit,
    SourceUnknown, and LoadCollided when another load was quicker.
    """
    manner = Manner(dry_run, name, guidance, source, is_whole, progress)
    outcome = Outcome(kind, name or path.name)
    outcome.file_digest = _digest(path) if path.is_file() else ""
    try:
        with _opened(kind, path) as file, transaction() as session:
            layout = find_layout(file.rows, kind, guidance)
            outcome.headers, outcome.unknown_columns = layout.headers, tuple(layout.unknown)
            if kind == ImportKind.ENTERPRISES:
                _load_enterprises(session, file, layout, outcome, actor, now, manner)
            else:
                because(session, actor, source=outcome.file_name)
                LOADERS[kind](session, records(file.rows, layout, outcome), outcome, now)
                if not dry_run:
                    _note(session, outcome, actor, now)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    except IntegrityError as error:
        raise LoadCollided(name=outcome.file_name) from error
    if not dry_run:
        _follow_up(outcome)
    return outcome


def preview(
    kind: ImportKind,
    path: Path,
    source: str,
    now: datetime,
    name: str = "",
    guidance: Guidance = AS_IT_STANDS,
    is_whole: bool | None = None,
) -> Outcome:
    """What loading the file would do, with some rows of each effect in `samples`; nothing is stored."""
    return load_file(
        kind, path, None, now, dry_run=True, name=name, guidance=guidance, source=source, is_whole=is_whole
    )


@contextmanager
def _opened(kind: ImportKind, path: Path) -> Iterator[RosterFile]:
    if kind == ImportKind.ENTERPRISES:
        with open_roster(path) as file:
            yield file
    else:
        with open_table(path) as rows:
            yield TableFile(path, rows, LIMITS)


def _load_enterprises(
    session: Session,
    file: RosterFile,
    layout: Layout,
    outcome: Outcome,
    actor: User | None,
    now: datetime,
    manner: Manner,
) -> None:
    source = sources.source_named(session, manner.source)
    load = EnterpriseLoad(session, file, layout, outcome, source, now, manner.is_whole, manner.progress)
    if load.is_same_file():
        load.say_nothing_changed()
        if not manner.dry_run:
            _note_source(session, load, actor, now)
        return
    try:
        load.read()
        if not manner.dry_run:
            load.hold()
        load.compare()
        if not manner.dry_run:
            load.write(_note_source(session, load, actor, now), actor.id if actor else None)
            if 0 < outcome.added + outcome.changed < search.MANY:
                search.refresh(session, Enterprise.loaded_at == now)
    finally:
        load.close()


def _note_source(session: Session, load: EnterpriseLoad, actor: User | None, now: datetime) -> int:
    """Put the load on record, as the last one of its source."""
    batch = _note(session, load.outcome, actor, now)
    batch.source_id, batch.is_whole = load.source.id, load.outcome.is_whole
    batch.gone, batch.conflicts = load.outcome.gone, load.outcome.conflicts
    batch.samples, batch.layout_key = load.outcome.samples, load.layout_key
    touched = load.outcome.added + load.outcome.changed
    batch.is_indexed = touched < search.MANY
    session.flush()
    return batch.id


def _follow_up(outcome: Outcome) -> None:
    """What may follow after a load: rows that can be searched for, and the database's own count of its table."""
    index_loads()
    with transaction() as session:
        if outcome.kind == ImportKind.ENTERPRISES and outcome.batch_id:
            provenance.count_coverage(session, fetch(session, ImportBatch, outcome.batch_id))
        if outcome.added:
            session.execute(sql(f"ANALYZE {Enterprise.__tablename__}"))


def index_loads() -> int:
    """Make searchable what large loads brought and nobody indexed yet; how many loads were behind.

    Such a load is whole before its rows are indexed; where the program ends in between, this catches up.
    """
    with transaction() as session:
        behind = session.scalars(select(ImportBatch).where(~ImportBatch.is_indexed)).all()
        if behind:
            search.refresh(session, Enterprise.loaded_at.in_([batch.loaded_at for batch in behind]))
        for batch in behind:
            batch.is_indexed = True
        return len(behind)


def keep_rejects(batch_id: int, workbook: bytes, name: str) -> str:
    """Keep the workbook of a load's rejects beside its record; the digest under which it is stored."""
    with transaction() as session:
        batch = fetch(session, ImportBatch, batch_id)
        batch.rejects_file = storage.store(session, [workbook], name)
        return batch.rejects_file


def _note(session: Session, outcome: Outcome, actor: User | None, now: datetime) -> ImportBatch:
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
    return batch


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
