"""Whether archived files are whole: the stored bytes, the seal, and every entry in them (R83)."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.archive import faults_of
from app.models import ArchiveFile
from app.services import storage
from app.services.transaction import fetch


@dataclass(frozen=True, slots=True)
class Checked:
    """One file that was checked; `faults` names what is wrong, nothing when it is whole."""

    number: str
    version: int
    faults: tuple[str, ...]


def check_file(session: Session, archive_id: int) -> Checked:
    """Recompute every hash of one file. Raises NotFound."""
    return _check(session, fetch(session, ArchiveFile, archive_id))


def check_all(session: Session) -> Iterator[Checked]:
    """Recompute every hash of every file."""
    for key in session.scalars(select(ArchiveFile.id).order_by(ArchiveFile.id)).all():
        yield _check(session, fetch(session, ArchiveFile, key))


def _check(session: Session, file: ArchiveFile) -> Checked:
    whole = hashlib.sha256()
    with tempfile.TemporaryFile() as copy:
        try:
            for piece in storage.fetch_pieces(session, file.digest):
                whole.update(piece)
                copy.write(piece)
        except (storage.FileMissing, ValueError):
            return Checked(file.number, file.version, ("missing",))
        faults = [] if whole.hexdigest() == file.digest else ["digest"]
        faults += faults_of(copy)
    return Checked(file.number, file.version, tuple(faults))
