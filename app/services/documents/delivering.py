"""送达: how a document reached the enterprise, and its proof (R42, R61)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.domain.documents.after import DeliveryFacts
from app.domain.documents.wording import BLANK_DAY, one_line, ticked, written_date, written_moment
from app.domain.errors import DomainError
from app.domain.measures import CHINA
from app.domain.vocabulary import DeliveryWay, DocumentKind
from app.models import DocumentDelivery, IssuedDocument, NoticeDelivery, Visit, VisitNotice
from app.services import audit
from app.services.documents.drafts import Draft, about_enterprise, builds, heading, people_of
from app.services.documents.issuing import VoidAlready
from app.services.transaction import fetch, lock, transaction


class ProofIncomplete(DomainError):
    """Left behind or refused: the reason and a witness are needed (R47); also raised for a day to come."""

    code = "proof_incomplete"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a document was delivered."""

    way: DeliveryWay
    delivered_on: date
    place: str = ""
    receiver: str = ""
    relation: str = ""
    refusal: str = ""
    witness: str = ""
    note: str = ""


def record_delivery(
    document_id: int, delivery: Delivery, actor: User, now: datetime, proof_digest: str | None = None
) -> int:
    """Put the delivery of a document on record. Raises ProofIncomplete, VoidAlready, NotFound."""
    left = delivery.way == DeliveryWay.LEFT or bool(delivery.refusal)
    missing = left and not (delivery.refusal and delivery.witness)
    if missing or delivery.delivered_on > now.astimezone(CHINA).date():
        raise ProofIncomplete()
    with transaction() as session:
        document = fetch(session, IssuedDocument, document_id)
        lock(session, Visit, document.visit_id)
        if document.void is not None:
            raise VoidAlready(number=document.number)
        made = DocumentDelivery(
            document_id=document.id,
            **_columns(delivery),
            proof_digest=proof_digest,
            recorded_by_id=actor.id,
            recorded_at=now,
        )
        session.add(made)
        session.flush()
        data = {"way": delivery.way, "on": delivery.delivered_on, "receiver": delivery.receiver}
        audit.record(session, actor, "document:delivered", document.number, data)
        return made.id


@builds(
    DocumentKind.DELIVERY,
    visit_of=lambda session, subject: fetch(session, IssuedDocument, subject).visit_id,
)
def proof_of(session: Session, document_id: int, now: datetime) -> Draft:
    """送达回证 of a document: as it was recorded, or with room to fill in on the spot."""
    document = fetch(session, IssuedDocument, document_id)
    facts = DeliveryFacts(
        **heading(document.agency, now),
        **about_enterprise(document.visit),
        document=document.kind.label,
        document_number=document.number,
        delivered_by=one_line(person.name for person in people_of(document.visit)),
        **_delivered(session, document),
    )
    return Draft(document.visit, document.agency, facts)


def _delivered(session: Session, document: IssuedDocument) -> dict[str, str]:
    """The last delivery on record; a notice has its deliveries with what the enterprise was told."""
    place = document.enterprise.address or ""
    if document.kind == DocumentKind.NOTICE:
        notice = session.get(VisitNotice, document.subject_id)
        if notice is not None and notice.delivery is not None:
            return _of_notice(notice.delivery, place)
    if document.deliveries:
        return _of_document(document.deliveries[-1], place)
    blank = dict.fromkeys(("receiver", "relation", "refusal", "witness", "note"), "")
    return {**blank, "where": place, "method": ticked(DeliveryWay, ()), "delivered_at": BLANK_DAY}


def _of_notice(last: NoticeDelivery, place: str) -> dict[str, str]:
    return {
        "where": place,
        "method": ticked(DeliveryWay, {last.way}),
        "delivered_at": written_moment(last.delivered_at),
        "receiver": last.received_by,
        "relation": "",
        "refusal": last.refusal_reason or "",
        "witness": last.witness or "",
        "note": "",
    }


def _of_document(last: DocumentDelivery, place: str) -> dict[str, str]:
    same = {name: getattr(last, name) for name in ("receiver", "relation", "refusal", "witness", "note")}
    return {
        **same,
        "where": last.place or place,
        "method": ticked(DeliveryWay, {last.way}),
        "delivered_at": written_date(last.delivered_on),
    }


def _columns(delivery: Delivery) -> Mapping[str, object]:
    return {name: getattr(delivery, name) for name in delivery.__dataclass_fields__}
