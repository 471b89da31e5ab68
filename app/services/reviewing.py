"""结果审核: somebody who did not record a finding approves it or sends it back with the reason."""

from __future__ import annotations

from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.lifecycle import FINDING, VISIT, advance
from app.domain.publication import severity_of
from app.domain.vocabulary import FindingState, Severity, VisitState
from app.models import ItemFinding, Visit
from app.services import audit
from app.services.approving import require_formalities
from app.services.disclosure import ReasonMissing
from app.services.tasks import follow_visits
from app.services.transaction import fetch, lock, transaction


class NotClassifiable(DomainError):
    """Only a reviewed finding with a problem, not yet disclosed, has a severity to be set (R59)."""

    code = "not_classifiable"


THROUGH = (FindingState.REVIEWED, FindingState.DISCLOSED, FindingState.WITHDRAWN)


class OwnReview(DomainError):
    """Nobody reviews what they recorded themselves."""

    code = "own_review"


def review_finding(finding_id: int, actor: User, now: datetime) -> None:
    """审核 one item's finding by somebody who did not record it. Raises OwnReview, IllegalTransition."""
    with transaction() as session:
        finding = lock(session, ItemFinding, finding_id)
        _review(session, finding, actor, now)


def review_visit(visit_id: int, actor: User, now: datetime) -> None:
    """审核 every submitted finding of a visit at once."""
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        for finding in visit.findings:
            if finding.state == FindingState.SUBMITTED:
                _review(session, finding, actor, now)


def return_finding(finding_id: int, reason: str, actor: User) -> None:
    """退回 one item's finding with the reason; the visit is open again. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing()
    with transaction() as session:
        finding = lock(session, ItemFinding, finding_id)
        visit = lock(session, Visit, finding.visit_id)
        finding.state = advance(FINDING, finding.state, "return")
        finding.return_reason = reason.strip()
        if (
            visit.state == VisitState.UNDER_REVIEW
        ):  # else it is open already, or disclosed and being corrected
            visit.state = advance(VISIT, visit.state, "return")
        follow_visits(session, visit.task)
        audit.record(
            session, actor, "finding:returned", visit.number, {"item": str(finding), "reason": reason}
        )


def classify_finding(finding_id: int, severity: Severity, reason: str, actor: User) -> None:
    """失信程度 set by the reviewer before disclosure, where the rule's proposal does not fit (R59).

    Raises ReasonMissing, NotClassifiable.
    """
    if not reason.strip():
        raise ReasonMissing()
    with transaction() as session:
        finding = lock(session, ItemFinding, finding_id)
        if finding.state != FindingState.REVIEWED or finding.severity is None:
            raise NotClassifiable(item=str(finding))
        finding.severity = severity
        data = {"item": str(finding), "severity": severity, "reason": reason}
        audit.record(session, actor, "finding:classified", finding.visit.number, data)


def _review(session: Session, finding: ItemFinding, actor: User, now: datetime) -> None:
    latest = finding.latest
    if latest is not None and latest.recorded_by_id == actor.id:
        raise OwnReview()
    require_formalities(finding.visit, finding.agency_id)
    finding.state = advance(FINDING, finding.state, "review")
    finding.reviewed_by_id, finding.reviewed_at = actor.id, now
    finding.severity = severity_of([row.code for row in latest.results]) if latest else None
    visit = fetch(session, Visit, finding.visit_id)
    if visit.state == VisitState.UNDER_REVIEW and all(other.state in THROUGH for other in visit.findings):
        visit.state = advance(VISIT, visit.state, "review")
    audit.record(session, actor, "finding:reviewed", visit.number, {"item": str(finding)})
