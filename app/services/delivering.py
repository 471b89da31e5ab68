"""送达 (R61, R68): which paper reached whom, how and when; the 送达回证 is made from this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User

from app.domain.errors import DomainError
from app.domain.measures import CHINA
from app.domain.vocabulary import DeliveredPaper, DeliveryMethod, FindingState
from app.models import Delivery, Visit
from app.services import audit
from app.services.papers import Paper, keep
from app.services.rectifying import ActInFuture, TermsMissing
from app.services.transaction import lock, transaction


class RefusalWithoutWitness(DomainError):
    """A paper left behind on refusal needs the refusal's reason and a witness (R47)."""

    code = "refusal_without_witness"


class ResultNotKnown(DomainError):
    """An enterprise is told a result that was reviewed (R61)."""

    code = "result_not_known"


OBJECTION_CHANNEL = "收到本告知书后可在本局公示网站该结果页面提交异议，也可书面向本局提出。"
REVIEW_RIGHTS = (
    "如不服本决定，可以自收到之日起六十日内依法申请行政复议，或者自收到之日起六个月内依法提起行政诉讼。"
)
"""Words on remedies that stand on every paper leaving the house (R72)."""


@dataclass(frozen=True, slots=True)
class Service:
    """How a paper was served: when, where, how, on whom; refusal and witness where it was left behind."""

    served_on: date
    place: str
    method: DeliveryMethod
    recipient: str
    refusal: str = ""
    witness: str = ""


def deliver(
    paper: DeliveredPaper,
    subject_id: int,
    visit_id: int,
    agency_id: int,
    service: Service,
    actor: User,
    now: datetime,
    proof: Paper | None = None,
) -> int:
    """Put the service of a paper on record; the key of the 送达回证 (R61, R68).

    Raises TermsMissing, ActInFuture, RefusalWithoutWitness, ResultNotKnown.
    """
    _require_service(service, now)
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        _require_known(visit, agency_id, paper)
        digest, name = keep(session, proof)
        made = Delivery(
            paper=paper,
            subject_id=subject_id,
            visit_id=visit.id,
            agency_id=agency_id,
            served_on=service.served_on,
            place=service.place.strip(),
            method=service.method,
            recipient=service.recipient.strip(),
            refusal=service.refusal.strip() or None,
            witness=service.witness.strip() or None,
            proof_digest=digest,
            proof_name=name,
            served_by_id=actor.id,
            recorded_at=now,
        )
        session.add(made)
        session.flush()
        data = {"paper": paper, "method": service.method, "on": service.served_on}
        audit.record(session, actor, f"paper:{paper}:served", visit.number, data)
        return made.id


def _require_known(visit: Visit, agency_id: int, paper: DeliveredPaper) -> None:
    own = [finding for finding in visit.findings if finding.agency_id == agency_id]
    known = (FindingState.REVIEWED, FindingState.DISCLOSED)
    if paper == DeliveredPaper.RESULT and not (own and all(each.state in known for each in own)):
        raise ResultNotKnown(visit=visit.number)


def _require_service(service: Service, now: datetime) -> None:
    today = now.astimezone(CHINA).date()
    if service.served_on > today:
        raise ActInFuture(day=service.served_on, today=today)
    if not service.place.strip() or not service.recipient.strip():
        raise TermsMissing(missing="送达地点、受送达人")
    if service.method == DeliveryMethod.LEFT and not (service.refusal.strip() and service.witness.strip()):
        raise RefusalWithoutWitness()
