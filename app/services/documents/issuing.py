"""签发 a document once, replace it when the facts changed, void it with a reason; its paper never changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.documents import lasting_values, values_of
from app.domain.errors import DomainError
from app.domain.measures import CHINA
from app.domain.vocabulary import DocumentKind, DocumentState
from app.models import DocumentVoid, IssuedDocument, Visit
from app.reports.documents import Files, files_of
from app.services import audit, numbering, storage
from app.services.disclosure import ReasonMissing
from app.services.documents.drafts import BUILDERS, Draft, Maker, NoSuchPaper
from app.services.documents.templates import current_template
from app.services.transaction import fetch, lock, transaction

UNNUMBERED = "（未编号）"


class VoidAlready(DomainError):
    """The document was voided before; param number."""

    code = "void_already"


def issue(kind: DocumentKind, subject_id: int, actor: User, now: datetime) -> int:
    """签发: the id of the document that states the facts as they are.

    Issuing again gives the same document as long as the facts are the same; otherwise a new number, and
    the former stands as replaced. Raises NoSuchPaper, NotFound, DocumentNotReady, TooFewNamed.
    """
    maker = maker_of(kind)
    with transaction() as session:
        lock(session, Visit, maker.visit_of(session, subject_id))
        draft = maker.build(session, subject_id, now)
        return issue_prepared(session, kind, subject_id, draft, actor, now).id


def issue_prepared(
    session: Session, kind: DocumentKind, subject_id: int, draft: Draft, actor: User, now: datetime
) -> IssuedDocument:
    """The same within a transaction that holds the visit, for a draft that is ready."""
    said = facts_digest(draft)
    former = standing(session, kind, subject_id)
    if former is not None and former.facts_digest == said:
        return former
    series = f"{draft.agency.document_mark or draft.agency.short_name}{kind.mark}"
    year = now.astimezone(CHINA).year
    serial = numbering.take(session, series, year)
    number = f"{series}〔{year}〕{serial}号"
    template, content = current_template(session, kind)
    context = values_of(replace(draft.facts, number=number))
    files = files_of(content, context, pictures_of(session))
    made = IssuedDocument(
        kind=kind,
        number=number,
        series=series,
        year=year,
        serial=serial,
        subject_id=subject_id,
        visit_id=draft.visit.id,
        enterprise_id=draft.visit.enterprise_id,
        agency_id=draft.agency.id,
        context=context,
        facts_digest=said,
        template_id=template.id if template else None,
        template_digest=hashlib.sha256(content).hexdigest(),
        replaces_id=former.id if former else None,
        issued_by_id=actor.id,
        issued_at=now,
        **_stored(session, files, number),
    )
    session.add(made)
    session.flush()
    data = {"kind": kind, "word": made.word_digest, "replaces": former.number if former else None}
    audit.record(session, actor, "document:issued", number, data)
    return made


def preview(session: Session, kind: DocumentKind, subject_id: int, now: datetime) -> Files:
    """The document as it would be issued now, without a number; nothing is kept. Raises as issue does."""
    draft = maker_of(kind).build(session, subject_id, now)
    content = current_template(session, kind)[1]
    return files_of(content, values_of(replace(draft.facts, number=UNNUMBERED)), pictures_of(session))


def void(document_id: int, reason: str, actor: User, now: datetime) -> None:
    """作废 a document with its reason; the number is not used again. Raises ReasonMissing, VoidAlready."""
    if not reason.strip():
        raise ReasonMissing()
    with transaction() as session:
        document = fetch(session, IssuedDocument, document_id)
        lock(session, Visit, document.visit_id)
        session.refresh(document, ["void"])
        if document.void is not None:
            raise VoidAlready(number=document.number)
        session.add(
            DocumentVoid(document_id=document.id, reason=reason.strip(), voided_by_id=actor.id, voided_at=now)
        )
        audit.record(session, actor, "document:voided", document.number, {"reason": reason.strip()})


def standing(session: Session, kind: DocumentKind, subject_id: int) -> IssuedDocument | None:
    """The newest document of this kind on the subject that was not voided, or None."""
    found: IssuedDocument | None = session.scalar(
        select(IssuedDocument)
        .where(
            IssuedDocument.kind == kind, IssuedDocument.subject_id == subject_id, ~IssuedDocument.void.has()
        )
        .order_by(IssuedDocument.id.desc())
        .limit(1)
    )
    return found if found is None or found.replaced_by is None else None


def state_of(document: IssuedDocument) -> DocumentState:
    """Whether it stands, was replaced or voided."""
    if document.void is not None:
        return DocumentState.VOID
    return DocumentState.REPLACED if document.replaced_by is not None else DocumentState.STANDING


def facts_digest(draft: Draft) -> str:
    """SHA-256 of what a draft says, number and day aside: equal ones need no new paper."""
    text = json.dumps(lasting_values(draft.facts), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def maker_of(kind: DocumentKind) -> Maker:
    """Who builds this kind. Raises NoSuchPaper."""
    if kind not in BUILDERS:
        raise NoSuchPaper(document=kind)
    return BUILDERS[kind]


def pictures_of(session: Session) -> Callable[[str], bytes | None]:
    """Reads stored pictures; one that is gone leaves its place empty."""

    def read(digest: str) -> bytes | None:
        try:
            return storage.fetch_bytes(session, digest)
        except storage.FileMissing:
            return None

    return read


def _stored(session: Session, files: Files, number: str) -> dict[str, Any]:
    pdf = storage.store(session, [files.pdf], f"{number}.pdf") if files.pdf else None
    word = storage.store(session, [files.word], f"{number}.docx")
    return {"word_digest": word, "pdf_digest": pdf, "pages": files.pages}
