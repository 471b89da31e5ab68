"""立卷 (R83): the file of a visit is sealed once all that followed it has ended; a correction makes a new version."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain import policy
from app.domain.archive import content_digest, retention_of
from app.domain.deadlines import CalendarNotConfirmed
from app.domain.documents import CoverFacts, FileNoteFacts, IndexFacts, IndexLine
from app.domain.documents.wording import written_date
from app.domain.draw.bundle import READ_BLOCK, write_zip
from app.domain.errors import DomainError
from app.domain.measures import CHINA
from app.domain.vocabulary import DocumentKind, VisitState
from app.models import ArchiveFile, ItemFinding, Visit
from app.services import audit, numbering, storage
from app.services.archiving.contents import (
    OWN_PAPERS,
    Contents,
    audit_extract,
    contents_of,
    hash_of,
    safe_name,
)
from app.services.bundle import Kept
from app.services.calendar import working_calendar
from app.services.documents import documents_of, issue_prepared
from app.services.documents.drafts import Draft, heading, lead_agency
from app.services.transaction import lock, transaction

DONE = (VisitState.DISCLOSED, VisitState.ARCHIVED)
PAPERS = 3
AUDIT_NAME = "审计/events.jsonl"


class NotYetClosed(DomainError):
    """A file is made when every item of the visit was disclosed and has come to its end; param visit."""

    code = "not_yet_closed"


@dataclass(frozen=True, slots=True)
class File:
    """A file about to be sealed."""

    number: str
    version: int
    retention: Any
    reason: str
    first_on: date
    last_on: date
    contents: Contents
    digest: str

    @property
    def pieces(self) -> int:
        """Lines of the index with the three papers of the file itself."""
        return len(self.contents.pieces) + PAPERS

    @property
    def pages(self) -> int:
        """Pages of everything that is printed."""
        return sum(piece.pages or 0 for piece in self.contents.pieces) + PAPERS


def file_visit(visit_id: int, actor: User, now: datetime) -> int:
    """立卷: seal everything on record on a visit; the same records again give the file that stands.

    Raises NotYetClosed, NotFound.
    """
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        if visit.state not in DONE or any(finding.closed_on is None for finding in visit.findings):
            raise NotYetClosed(visit=visit.number)
        former = newest(session, visit.id)
        contents = contents_of(session, visit)
        digest = content_digest({name: hash_of(content) for name, content in contents.files.items()})
        if former is not None and former.content_digest == digest:
            return former.id
        made = _seal(session, visit, _file(session, visit, former, contents, digest, now), actor, now)
        data = {"version": made.version, "digest": made.digest, "retention": made.retention}
        audit.record(session, actor, "archive:filed", made.number, data)
        return made.id


def newest(session: Session, visit_id: int) -> ArchiveFile | None:
    """The newest file of a visit, or None."""
    query = select(ArchiveFile).where(ArchiveFile.visit_id == visit_id).order_by(ArchiveFile.version.desc())
    found: ArchiveFile | None = session.scalar(query.limit(1))
    return found


def to_be_filed(session: Session, agency_id: int | None = None) -> list[Visit]:
    """Visits that have come to their end and have no file yet, the longest waiting first (R83)."""
    query = (
        select(Visit)
        .where(Visit.state.in_(DONE), ~Visit.findings.any(ItemFinding.closed_on.is_(None)))
        .where(~select(ArchiveFile.id).where(ArchiveFile.visit_id == Visit.id).exists())
        .options(selectinload(Visit.findings), selectinload(Visit.enterprise), selectinload(Visit.task))
        .order_by(Visit.done_on, Visit.id)
    )
    if agency_id is not None:
        query = query.where(Visit.findings.any(ItemFinding.agency_id == agency_id))
    return list(session.scalars(query))


def due_on(session: Session, visit: Visit) -> date | None:
    """The last day for the file: ten working days from the end; None beyond the confirmed holidays (R83)."""
    try:
        return working_calendar(session).add_working_days(ended_on(visit), policy.ARCHIVE.filing_working_days)
    except CalendarNotConfirmed:
        return None


def ended_on(visit: Visit) -> date:
    """The day on which the last item of a visit came to its end, its disclosure at the earliest."""
    days = [finding.closed_on for finding in visit.findings if finding.closed_on]
    days += [
        finding.reviewed_at.astimezone(CHINA).date() for finding in visit.findings if finding.reviewed_at
    ]
    return max([*days, visit.done_on or visit.planned_on])


def _file(
    session: Session,
    visit: Visit,
    former: ArchiveFile | None,
    contents: Contents,
    digest: str,
    now: datetime,
) -> File:
    latest = [finding.latest for finding in visit.findings if finding.latest]
    retention, reason = retention_of(
        {row.code for record in latest for row in record.results},
        {row.code for record in latest for row in record.disposals},
        to_police=_went_to_police(visit),
    )
    year = now.astimezone(CHINA).year
    agency = lead_agency(visit)
    series = f"{agency.document_mark or agency.short_name}检档"
    number = former.number if former else f"{series}-{year}-{numbering.take(session, series, year):04d}"
    version = former.version + 1 if former else 1
    days = [paper.issued_at.astimezone(CHINA).date() for paper in _papers(session, visit)]
    first = min([visit.done_on or visit.planned_on, *days])
    return File(number, version, retention, reason, first, ended_on(visit), contents, digest)


def _papers(session: Session, visit: Visit) -> list[Any]:
    return [paper for paper in documents_of(session, visit.id) if paper.kind not in OWN_PAPERS]


def _went_to_police(visit: Visit) -> bool:
    """Whether a finding of the visit was transferred as a suspected crime (R70)."""
    return any(
        transfer.kind == "police"
        for finding in visit.findings
        for transfer in getattr(finding, "transfers", ())
    )


def _seal(session: Session, visit: Visit, file: File, actor: User, now: datetime) -> ArchiveFile:
    """Issue the papers of the file, write the zip and keep it under its digest."""
    files = dict(file.contents.files)
    subjects = [visit.number, *(paper.number for paper in _papers(session, visit))]
    files[AUDIT_NAME] = audit_extract(session, subjects)
    for place, (kind, facts) in enumerate(_own_papers(visit, file, actor, now)):
        paper = issue_prepared(session, kind, visit.id, Draft(visit, lead_agency(visit), facts), actor, now)
        name = f"{place:03d} {safe_name(kind.label)}"
        files[f"{name}.docx"] = Kept(session, paper.word_digest)
        if paper.pdf_digest:
            files[f"{name}.pdf"] = Kept(session, paper.pdf_digest)
    with tempfile.TemporaryFile() as whole:
        write_zip(files, whole)
        size = whole.seek(0, 2)
        digest = storage.store(session, _blocks(whole), f"{file.number}-{file.version}.zip")
    made = ArchiveFile(
        number=file.number,
        version=file.version,
        title=f"{visit.enterprise.name}行政检查案卷",
        visit_id=visit.id,
        enterprise_id=visit.enterprise_id,
        agency_id=visit.task.lead_agency_id,
        retention=file.retention,
        retention_reason=file.reason,
        first_on=file.first_on,
        last_on=file.last_on,
        pieces=file.pieces,
        pages=file.pages,
        size=size,
        digest=digest,
        content_digest=file.digest,
        due_on=due_on(session, visit),
        filed_by_id=actor.id,
        filed_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _own_papers(visit: Visit, file: File, actor: User, now: datetime) -> Iterator[tuple[DocumentKind, Any]]:
    head = {
        **heading(lead_agency(visit), now),
        "file_number": f"{file.number}（第{file.version}版）" if file.version > 1 else file.number,
        "title": f"{visit.enterprise.name}行政检查案卷",
        "enterprise": visit.enterprise.name,
        "identifier": visit.enterprise.identifier,
        "retention": file.retention.label,
        "first_day": written_date(file.first_on),
        "last_day": written_date(file.last_on),
        "pieces": str(file.pieces),
        "pages": str(file.pages),
    }
    cover = CoverFacts(**head, secrecy="无", visit_number=visit.number, reason=file.reason)
    yield DocumentKind.COVER, cover
    yield DocumentKind.INDEX, IndexFacts(**head, lines=tuple(_lines(file)))
    note = FileNoteFacts(
        **head,
        situation=_situation(file),
        missing="无",
        digest=file.digest,
        filed_by=f"{actor.last_name}{actor.first_name}",
        checked_by="",
        filed_on=written_date(now.astimezone(CHINA).date()),
    )
    yield DocumentKind.FILE_NOTE, note


def _lines(file: File) -> Iterator[IndexLine]:
    """The index with page numbers counted through; what is electronic only has none."""
    page = 1
    for ordinal, piece in enumerate(file.contents.pieces, 1):
        last = page + (piece.pages or 0) - 1
        span = "电子" if piece.pages is None else str(page) if last == page else f"{page}-{last}"
        page = last + 1 if piece.pages else page
        yield IndexLine(
            ordinal=str(ordinal),
            number=piece.number,
            author=piece.author,
            title=piece.title,
            day=piece.day,
            page=span,
            note=piece.note,
        )


def _situation(file: File) -> str:
    words = f"本卷为电子案卷，共{file.pieces}件、{file.pages}页，文件{len(file.contents.files)}个，逐一记载SHA-256摘要。"
    return words + (f"本版替代第{file.version - 1}版，前版仍予保存。" if file.version > 1 else "")


def _blocks(stream: IO[bytes]) -> Iterable[bytes]:
    stream.seek(0)
    while block := stream.read(READ_BLOCK):
        yield block
