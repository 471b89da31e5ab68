"""Which documents of a visit exist, and which can be issued now or why not yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.errors import DomainError
from app.domain.vocabulary import DocumentKind
from app.models import IssuedDocument, Visit
from app.services.documents.drafts import BUILDERS
from app.services.documents.issuing import facts_digest, standing
from app.services.transaction import fetch

OF_THE_VISIT = (DocumentKind.RECORD, DocumentKind.RESULT)

Subjects = Callable[[Session, Visit], Iterator[tuple[DocumentKind, int]]]
SUBJECTS: list[Subjects] = []
"""Further subjects of documents: orders, transfers and letters add theirs."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One document that a visit has or could have."""

    kind: DocumentKind
    subject_id: int
    document: IssuedDocument | None
    """The one that stands."""
    former: tuple[IssuedDocument, ...]
    """Those before it, replaced or void."""
    refusal: DomainError | None
    """Why it cannot be issued yet."""
    is_stale: bool = False
    """Whether the records say something else by now than the document that stands."""
    about: str = ""
    """What it is about where there are several of a kind."""


def papers_of(session: Session, visit_id: int, now: datetime) -> list[Paper]:
    """The documents of a visit in the order of the work. Raises NotFound."""
    visit = fetch(session, Visit, visit_id)
    issued = documents_of(session, visit_id)
    found = [
        _paper(session, kind, subject, issued, now)
        for kind, subject in _subjects(session, visit)
        if kind in BUILDERS
    ]
    return found + list(_receipts(session, found, issued, now))


def documents_of(session: Session, visit_id: int) -> list[IssuedDocument]:
    """Everything ever issued on a visit, oldest first."""
    query = (
        select(IssuedDocument)
        .where(IssuedDocument.visit_id == visit_id)
        .options(selectinload(IssuedDocument.void), selectinload(IssuedDocument.replaced_by))
        .order_by(IssuedDocument.id)
    )
    return list(session.scalars(query))


def _subjects(session: Session, visit: Visit) -> Iterator[tuple[DocumentKind, int]]:
    found = [(kind, visit.id) for kind in OF_THE_VISIT]
    for further in SUBJECTS:
        found.extend(further(session, visit))
    order = list(DocumentKind)
    yield from sorted(found, key=lambda each: (order.index(each[0]), each[1]))


def _receipts(
    session: Session, papers: list[Paper], issued: list[IssuedDocument], now: datetime
) -> Iterator[Paper]:
    """A proof of delivery for every paper that goes to the enterprise and stands."""
    for paper in papers:
        if paper.document is not None and paper.kind in DELIVERED:
            yield _paper(
                session, DocumentKind.DELIVERY, paper.document.id, issued, now, paper.document.number
            )


DELIVERED = (
    DocumentKind.NOTICE,
    DocumentKind.RESULT,
    DocumentKind.RECTIFICATION,
    DocumentKind.AGENCY_NOTICE,
    DocumentKind.TRANSFER,
)
"""Documents that go out against a proof of delivery."""


def _paper(
    session: Session,
    kind: DocumentKind,
    subject: int,
    issued: list[IssuedDocument],
    now: datetime,
    about: str = "",
) -> Paper:
    document = standing(session, kind, subject)
    same = (other for other in issued if (other.kind, other.subject_id) == (kind, subject))
    former = tuple(other for other in same if other is not document)
    try:
        draft = BUILDERS[kind].build(session, subject, now)
    except DomainError as error:
        return Paper(kind, subject, document, former, error, about=about)
    is_stale = document is not None and document.facts_digest != facts_digest(draft)
    return Paper(kind, subject, document, former, None, is_stale, about)
