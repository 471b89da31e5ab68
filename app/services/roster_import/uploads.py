"""A file that came in: kept by content, looked at, tried, and loaded from the very bytes that were looked at."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.vocabulary import ImportKind, JobKind, JobState
from app.models import ImportBatch, ImportProfile, ImportUpload, Job
from app.services import audit, jobs, storage
from app.services.roster_import import load_file
from app.services.roster_import.account import account_of
from app.services.roster_import.columns import Guidance
from app.services.roster_import.first_rows import FirstRows, keep_head, propose_headings, read_first_rows
from app.services.roster_import.outcome import Outcome
from app.services.roster_import.profiles import checked_headings
from app.services.transaction import fetch, lock, transaction

Progress = Callable[[int], None]
TRY, LOAD = "try", "load"


class UploadDone(DomainError):
    """The file was loaded or put aside already."""

    code = "upload_done"


class UploadBusy(DomainError):
    """A load of this file is under way."""

    code = "upload_busy"


class FirstLookRefused(DomainError):
    """The columns of the file do not fit yet; `columns` are lacking."""

    code = "upload_unfit"


def unheard(rows: int) -> None:
    """Progress that nobody follows."""


def take_in(
    kind: ImportKind,
    path: Path,
    name: str,
    profile_id: int | None,
    actor: User | None,
    now: datetime,
    source: str | None = None,
) -> int:
    """Keep a file and its first rows; it is read as its profile says, else as its headings and values suggest.

    `source` is the code of the roster source of an enterprise file where no profile names it. Raises
    FileUnreadable when nothing can be read from it.
    """
    form, head = keep_head(path)
    with transaction() as session:
        profile = fetch(session, ImportProfile, profile_id) if profile_id else None
        kind = profile.kind if profile else kind
        upload = ImportUpload(
            kind=kind,
            file_name=name[-200:],
            file_digest=storage.store(session, storage.pieces_of(path), name),
            size=path.stat().st_size,
            form=form,
            head=head,
            profile_id=profile_id,
            source_code=profile.source_code if profile else source,
            headings=profile.headings if profile else propose_headings(head, kind),
            uploaded_at=now,
            uploaded_by_id=actor.id if actor else None,
        )
        session.add(upload)
        session.flush()
        data = {
            "kind": kind.value,
            "digest": upload.file_digest,
            "source": profile.source if profile else None,
        }
        audit.record(session, actor, "import_upload:added", upload.file_name, data)
        return upload.id


def first_rows(session: Session, upload: ImportUpload) -> FirstRows:
    """How the first rows of an upload read."""
    return read_first_rows(session, upload.kind, upload.head, guidance_of(upload))


def guidance_of(upload: ImportUpload) -> Guidance:
    """How an upload is to be read."""
    return Guidance(upload.headings, upload.corrects)


def guide(upload_id: int, headings: Mapping[str, str], corrects: bool, actor: User | None) -> None:
    """Set how an upload is to be read; a trial made before says nothing any more. Raises UploadDone."""
    with transaction() as session:
        upload = _open(session, upload_id)
        wanted = checked_headings(upload.kind, headings)
        if (upload.headings, upload.corrects) != (wanted, corrects):
            upload.headings, upload.corrects, upload.trial = wanted, corrects, None
            data = {"headings": wanted, "corrects": corrects, "digest": upload.file_digest}
            audit.record(session, actor, "import_upload:changed", upload.file_name, data)


def try_out(upload_id: int, actor: User | None, now: datetime, progress: Progress = unheard) -> Outcome:
    """Do the whole load and undo it, and keep what it would have done. Raises UploadDone, FileRefused."""
    outcome = _load(upload_id, actor, now, progress, dry_run=True)
    with transaction() as session:
        lock(session, ImportUpload, upload_id).trial = account_of(outcome)
    return outcome


def load(upload_id: int, actor: User | None, now: datetime, progress: Progress = unheard) -> Outcome:
    """Load an upload into its roster and keep what it did. Raises UploadDone, FileRefused.

    `progress` is told the rows read so far, and may raise to stop the load.
    """
    outcome = _load(upload_id, actor, now, progress, dry_run=False)
    with transaction() as session:
        upload = lock(session, ImportUpload, upload_id)
        upload.report, upload.batch_id = account_of(outcome), outcome.batch_id
        if upload.profile_id:
            fetch(session, ImportProfile, upload.profile_id).last_used_at = now
    return outcome


def _load(upload_id: int, actor: User | None, now: datetime, progress: Progress, *, dry_run: bool) -> Outcome:
    with transaction() as session:
        upload = _open(session, upload_id)
        kind, name, guidance = upload.kind, upload.file_name, guidance_of(upload)
        source = upload.source_code or ""
    with _file_of(upload_id) as path:
        return load_file(kind, path, actor, now, dry_run, name, guidance, source, progress=progress)


def begin(upload_id: int, act: str, title: str, actor: User | None, now: datetime) -> int:
    """Have an upload tried or loaded in the background; the key of the job. Raises UploadDone, UploadBusy."""
    with transaction() as session:
        upload = _open(session, upload_id)
        if act == LOAD and not first_rows(session, upload).fits:
            raise FirstLookRefused(columns="、".join(first_rows(session, upload).missing))
        running = session.get(Job, upload.job_id, populate_existing=True) if upload.job_id else None
        if running and running.state in (JobState.QUEUED, JobState.RUNNING):
            raise UploadBusy(name=upload.file_name)
        arguments = {"upload_id": upload_id, "act": act}
        key = jobs.enqueue(JobKind.IMPORT, arguments, actor, now, title, f"/import/{upload_id}")
        upload.job_id = key
        return key


def belong_to(upload_id: int, profile_id: int) -> None:
    """Say from which recurring source an upload comes. Raises UploadDone."""
    with transaction() as session:
        _open(session, upload_id).profile_id = profile_id


def drop(upload_id: int, actor: User | None, now: datetime) -> None:
    """Put an upload aside without loading it; its bytes stay. Raises UploadDone."""
    with transaction() as session:
        upload = _open(session, upload_id)
        upload.dropped_at = now
        audit.record(
            session, actor, "import_upload:dropped", upload.file_name, {"digest": upload.file_digest}
        )


def keep_refused(batch_id: int, pieces: Iterable[bytes], name: str) -> str:
    """Keep the file of a load's refused rows beside its record; the digest under which it is stored."""
    with transaction() as session:
        batch = fetch(session, ImportBatch, batch_id)
        batch.rejects_file = storage.store(session, pieces, name)
        return batch.rejects_file


def waiting(session: Session, most: int) -> Sequence[ImportUpload]:
    """Uploads that were neither loaded nor put aside, the newest first."""
    query = select(ImportUpload).where(ImportUpload.report.is_(None), ImportUpload.dropped_at.is_(None))
    return session.scalars(query.order_by(ImportUpload.id.desc()).limit(most)).all()


def _open(session: Session, upload_id: int) -> ImportUpload:
    upload = lock(session, ImportUpload, upload_id)
    if upload.report is not None or upload.dropped_at is not None:
        raise UploadDone(name=upload.file_name)
    return upload


@contextmanager
def _file_of(upload_id: int) -> Iterator[Path]:
    """The stored bytes of an upload as a file for as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="roster-") as folder:
        path = Path(folder, "table")
        with transaction() as session, path.open("wb") as target:
            for piece in storage.fetch_pieces(session, fetch(session, ImportUpload, upload_id).file_digest):
                target.write(piece)
        yield path
