"""送达回证 of a document, from the delivery on record wherever it was put there (R42, R61)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.documents.after import DeliveryFacts
from app.domain.documents.wording import BLANK_DAY, one_line, ticked, written_date, written_moment
from app.domain.vocabulary import DeliveredPaper, DeliveryMethod, DeliveryWay, DocumentKind
from app.models import Delivery, IssuedDocument, NoticeDelivery, VisitNotice
from app.services.documents.drafts import Draft, about_enterprise, builds, heading, people_of
from app.services.transaction import fetch

SERVED = {
    DocumentKind.RESULT: DeliveredPaper.RESULT,
    DocumentKind.RECTIFICATION: DeliveredPaper.RECTIFICATION,
    DocumentKind.AGENCY_NOTICE: DeliveredPaper.NOTICE,
    DocumentKind.TRANSFER: DeliveredPaper.TRANSFER,
}
"""Documents whose delivery is recorded with what follows a problem."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """How a document was delivered, as its proof says it."""

    method: str
    where: str
    delivered_at: str
    receiver: str = ""
    refusal: str = ""
    witness: str = ""


@builds(
    DocumentKind.DELIVERY,
    visit_of=lambda session, subject: fetch(session, IssuedDocument, subject).visit_id,
)
def proof_of(session: Session, document_id: int, now: datetime) -> Draft:
    """送达回证 of a document: as it was recorded, or with room to fill in on the spot."""
    document = fetch(session, IssuedDocument, document_id)
    place = document.enterprise.address or ""
    receipt = receipt_of(session, document) or Receipt(ticked(DeliveryWay, ()), place, BLANK_DAY)
    facts = DeliveryFacts(
        **heading(document.agency, now),
        **about_enterprise(document.visit),
        document=document.kind.label,
        document_number=document.number,
        where=receipt.where,
        method=receipt.method,
        delivered_at=receipt.delivered_at,
        delivered_by=one_line(person.name for person in people_of(document.visit)),
        receiver=receipt.receiver,
        relation="",
        refusal=receipt.refusal,
        witness=receipt.witness,
        note="",
    )
    return Draft(document.visit, document.agency, facts)


def receipt_of(session: Session, document: IssuedDocument) -> Receipt | None:
    """The last delivery on record of what the document states, or None."""
    if document.kind == DocumentKind.NOTICE:
        notice = session.get(VisitNotice, document.subject_id)
        if notice is None or notice.delivery is None:
            return None
        return _of_notice(notice.delivery, document.enterprise.address or "")
    paper = SERVED.get(document.kind)
    query = (
        select(Delivery)
        .where(Delivery.paper == paper, Delivery.subject_id == document.subject_id)
        .order_by(Delivery.id.desc())
        .limit(1)
    )
    served = session.scalar(query) if paper is not None else None
    return _of_service(served) if served is not None else None


def _of_notice(last: NoticeDelivery, place: str) -> Receipt:
    return Receipt(
        method=ticked(DeliveryWay, {last.way}),
        where=place,
        delivered_at=written_moment(last.delivered_at),
        receiver=last.received_by,
        refusal=last.refusal_reason or "",
        witness=last.witness or "",
    )


def _of_service(last: Delivery) -> Receipt:
    return Receipt(
        method=ticked(DeliveryMethod, {last.method}),
        where=last.place,
        delivered_at=written_date(last.served_on),
        receiver=last.recipient,
        refusal=last.refusal or "",
        witness=last.witness or "",
    )
