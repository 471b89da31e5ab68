"""The documents and the sealed files of a few visits, as they lie in a bureau's cabinet."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from flask_appbuilder.security.sqla.models import User

from app.extensions import db
from app.models import ArchiveFile, IssuedDocument
from app.services import archiving, documents
from app.services.documents.reading import pdf_of, word_of
from app.services.storage import fetch_bytes

FILED = 2
"""Visits with all their papers: enough to look at, few enough not to wait for."""


def issue_and_file(users: dict[str, User], out: Path) -> None:
    """Issue every document of the first visits that have ended, file them, and write both to a folder."""
    now = datetime.now(UTC)
    out.mkdir(exist_ok=True)
    for visit in archiving.to_be_filed(db.session())[:FILED]:
        key = visit.id
        for paper in documents.papers_of(db.session(), key, now):
            if paper.refusal is None:
                _write(documents.issue(paper.kind, paper.subject_id, users["planner"], now), out)
        _write_file(archiving.file_visit(key, users["planner"], now), out)


def _write(document_id: int, out: Path) -> None:
    session = db.session()
    document = session.get_one(IssuedDocument, document_id)
    (out / f"{document}.docx").write_bytes(word_of(session, document))
    if document.pdf_digest:
        (out / f"{document}.pdf").write_bytes(pdf_of(session, document))


def _write_file(archive_id: int, out: Path) -> None:
    session = db.session()
    file = session.get_one(ArchiveFile, archive_id)
    (out / f"{file.number}-{file.version}.zip").write_bytes(fetch_bytes(session, file.digest))
