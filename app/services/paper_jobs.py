"""Documents and files in the background: the notices of a task, the files that are due, the trace of an enterprise."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.draw.bundle import READ_BLOCK, TIMESTAMP
from app.domain.errors import DomainError
from app.domain.vocabulary import DocumentKind, JobKind, VisitState
from app.models import Enterprise, InspectionTask, IssuedDocument, Visit, VisitNotice
from app.reports.documents.pdf import joined_pdf
from app.services import archiving, documents
from app.services.archiving.contents import safe_name
from app.services.documents.reading import pdf_of, word_of
from app.services.jobs import Running, enqueue, job
from app.services.storage import store
from app.services.transaction import beside_the_work, fetch, transaction

ZIP = "application/zip"
REFUSED = "未制作.txt"
ALL = "合订本.pdf"


def print_notices(task_id: int, actor: User, now: datetime, origin: str) -> int:
    """Issue and print the notices of a task as one zip; gives the key of the job. Raises NotFound."""
    with beside_the_work() as session:
        task = fetch(session, InspectionTask, task_id)
        title = f"{task.name}：检查通知书"
    return enqueue(JobKind.DOCUMENTS, {"task_id": task_id}, actor, now, title, origin)


def file_all(actor: User, now: datetime, origin: str, agency_id: int | None = None) -> int:
    """File every visit that has come to its end; gives the key of the job."""
    return enqueue(JobKind.ARCHIVE, {"agency_id": agency_id}, actor, now, "立卷归档", origin)


def export_trace(enterprise_id: int, actor: User, now: datetime, origin: str) -> int:
    """Everything on record on an enterprise as one zip; gives the key of the job. Raises NotFound."""
    with beside_the_work() as session:
        title = f"{fetch(session, Enterprise, enterprise_id).name}：全过程记录"
    return enqueue(JobKind.TRACE, {"enterprise_id": enterprise_id}, actor, now, title, origin)


@job(JobKind.DOCUMENTS)
def _notices(running: Running, task_id: int) -> dict[str, Any]:
    """Issue the notice of each visit in a transaction of its own, then gather them.

    Begun anew after a crash it comes to the documents that were issued already.
    """
    assert running.actor is not None
    issued, refused = [], []
    with beside_the_work() as session:
        told = _notices_of(session, task_id)
    for number, (visit, notice_id) in enumerate(told):
        running.advance(number, len(told))
        try:
            issued.append(documents.issue(DocumentKind.NOTICE, notice_id, running.actor, running.now))
        except DomainError as error:
            refused.append((visit, error))
    with transaction() as session, tempfile.TemporaryFile() as whole:
        _gather(session, issued, refused, whole)
        digest = store(session, _blocks(whole), "notices.zip")
        name = f"检查通知书 {fetch(session, InspectionTask, task_id).number}.zip"
    return {"file": digest, "media": ZIP, "name": name, "issued": len(issued), "refused": len(refused)}


@job(JobKind.ARCHIVE)
def _file_all(running: Running, agency_id: int | None) -> dict[str, Any]:
    """File each visit in a transaction of its own; begun anew it goes on with those that have no file yet."""
    assert running.actor is not None
    with beside_the_work() as session:
        waiting = [visit.id for visit in archiving.to_be_filed(session, agency_id)]
    refused = 0
    for number, visit_id in enumerate(waiting):
        running.advance(number, len(waiting))
        try:
            archiving.file_visit(visit_id, running.actor, running.now)
        except DomainError:
            refused += 1
    return {"filed": len(waiting) - refused, "refused": refused}


@job(JobKind.TRACE)
def _trace(running: Running, enterprise_id: int) -> dict[str, Any]:
    assert running.actor is not None
    made = archiving.trace_of(enterprise_id, running.actor, running.now)
    return {"file": made.digest, "media": ZIP, "name": made.name}


def _notices_of(session: Session, task_id: int) -> list[tuple[str, int]]:
    """Number of each visit of the task that stands, with its newest notice."""
    query = (
        select(Visit.number, func.max(VisitNotice.id))
        .join(VisitNotice, VisitNotice.visit_id == Visit.id)
        .where(Visit.task_id == task_id, Visit.state != VisitState.CANCELLED)
        .group_by(Visit.id, Visit.number)
        .order_by(Visit.id)
    )
    return [(number, key) for number, key in session.execute(query)]


def _gather(
    session: Session, issued: list[int], refused: list[tuple[str, DomainError]], out: IO[bytes]
) -> None:
    papers = [fetch(session, IssuedDocument, key) for key in issued]
    pages = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for paper in papers:
            name = f"{safe_name(paper.number)} {safe_name(paper.enterprise.name)}"
            archive.writestr(zipfile.ZipInfo(f"{name}.docx", TIMESTAMP), word_of(session, paper))
            if paper.pdf_digest:
                pages.append(pdf_of(session, paper))
        if pages:
            archive.writestr(zipfile.ZipInfo(ALL, TIMESTAMP), joined_pdf(pages))
        if refused:
            lines = "".join(f"{visit}\t{error}\n" for visit, error in refused)
            archive.writestr(zipfile.ZipInfo(REFUSED, TIMESTAMP), lines)


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    stream.seek(0)
    while block := stream.read(READ_BLOCK):
        yield block
