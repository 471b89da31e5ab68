"""检查通知书: issued with everything that is approved, shown behind a token, delivered (R41, R42)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.entry import AppliedAlready, ContactMissing, DeliveryIncomplete, NotApproved
from app.domain.errors import DomainError
from app.domain.measures import CHINA
from app.domain.vocabulary import DeliveryWay, VisitState
from app.models import (
    InspectionTask,
    Inspector,
    ItemFinding,
    ItemVersion,
    NoticeDelivery,
    TaskItem,
    Visit,
    VisitApproval,
    VisitMember,
    VisitNotice,
)
from app.services import audit
from app.services.approving import Outcome
from app.services.certificates import require_certificates
from app.services.notice_body import cleared_findings, notice_body
from app.services.transaction import lock, transaction

TOKEN_BYTES = 32
PEOPLE = selectinload(Visit.members).selectinload(VisitMember.inspector)
VERSIONS = selectinload(Visit.findings).selectinload(ItemFinding.task_item).selectinload(TaskItem.version)
EAGER = (
    selectinload(Visit.enterprise),
    selectinload(Visit.filing),
    selectinload(Visit.notices),
    selectinload(Visit.urgent_reports),
    selectinload(Visit.approvals).selectinload(VisitApproval.findings),
    PEOPLE.selectinload(Inspector.certificates),
    PEOPLE.selectinload(Inspector.agency),
    VERSIONS.selectinload(ItemVersion.bases),
)


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom the enterprise may ask, and where it may complain."""

    name: str
    phone: str
    supervision_phone: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """送达: the way, the moment, who received it; or who refused, why, and who witnessed it."""

    way: DeliveryWay
    at: datetime
    received_by: str = ""
    refusal_reason: str = ""
    witness: str = ""


def issue_notice(visit_id: int, contact: Contact, actor: User, now: datetime) -> int:
    """Issue the notice of a visit with everything that is approved; a later one tells more items (R41).

    Raises ContactMissing, NotApproved, CertificateLapsed, AppliedAlready.
    """
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        notice = _issue(session, visit, contact, actor, now)
        audit.record(session, actor, "visit_notice:issued", visit.number, {"version": notice.version})
        return notice.id


def issue_notices(task_id: int, contact: Contact, actor: User, now: datetime) -> Outcome:
    """Issue the notices of every planned visit of a task that has none; each refusal is named."""
    outcome = Outcome()
    with transaction() as session:
        task = lock(session, InspectionTask, task_id)
        query = select(Visit).where(Visit.task_id == task.id, Visit.state == VisitState.PLANNED)
        for visit in session.scalars(query.order_by(Visit.id).options(*EAGER)).all():
            if visit.notices:
                continue
            try:
                outcome.done.append(_issue(session, visit, contact, actor, now).id)
            except DomainError as error:
                outcome.refused.append((visit.number, error))
        data = {"issued": len(outcome.done), "refused": [number for number, _ in outcome.refused]}
        audit.record(session, actor, "visit_notice:issued", task.number, data)
    return outcome


def deliver_notice(notice_id: int, delivery: Delivery, actor: User, now: datetime) -> int:
    """Put a delivery on record (R42). Raises DeliveryIncomplete."""
    refused = bool(delivery.refusal_reason.strip())
    named = delivery.witness.strip() if refused else delivery.received_by.strip()
    if not named or delivery.at > now:
        raise DeliveryIncomplete()
    with transaction() as session:
        notice = lock(session, VisitNotice, notice_id)
        row = NoticeDelivery(
            notice_id=notice.id,
            way=delivery.way,
            delivered_at=delivery.at,
            received_by=delivery.received_by.strip(),
            is_refused=refused,
            refusal_reason=delivery.refusal_reason.strip() or None,
            witness=delivery.witness.strip() or None,
            recorded_by_id=actor.id,
            recorded_at=now,
        )
        session.add(row)
        session.flush()
        data = {"way": delivery.way.value, "refused": refused}
        audit.record(session, actor, "visit_notice:delivered", notice.visit.number, data)
        return row.id


def notice_by_token(session: Session, token: str) -> VisitNotice | None:
    """The notice behind a token, whatever its version; None for a token that nobody was given."""
    return session.scalar(select(VisitNotice).where(VisitNotice.token == token))


def has_news(visit: Visit) -> bool:
    """True when the newest notice leaves out an item or a member of the team as it stands now."""
    if not visit.notices:
        return True
    body = visit.notices[-1].body
    told = {entry["finding"] for entry in body["items"]}
    people = {row["inspector"] for row in body["team"]}
    fresh = {finding.id for finding in cleared_findings(visit)} - told
    return bool(fresh or {member.inspector_id for member in visit.team} - people)


def _issue(session: Session, visit: Visit, contact: Contact, actor: User, now: datetime) -> VisitNotice:
    if not (contact.name.strip() and contact.phone.strip() and contact.supervision_phone.strip()):
        raise ContactMissing()
    findings = cleared_findings(visit)
    if not findings:
        first, today = visit.findings[0], now.astimezone(CHINA).date()
        raise NotApproved(visit=visit.number, item=str(first), agency=first.agency.short_name, day=today)
    if not has_news(visit):
        raise AppliedAlready(visit=visit.number)
    for agency_id in sorted({finding.agency_id for finding in findings}):
        require_certificates(visit, agency_id, visit.planned_on)
    notice = VisitNotice(
        visit_id=visit.id,
        version=len(visit.notices) + 1,
        token=secrets.token_urlsafe(TOKEN_BYTES),
        body=notice_body(visit, findings),
        contact_name=contact.name.strip(),
        contact_phone=contact.phone.strip(),
        supervision_phone=contact.supervision_phone.strip(),
        issued_by_id=actor.id,
        issued_at=now,
    )
    visit.notices.append(notice)
    session.flush()
    return notice
