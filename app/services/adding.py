"""An item added on the spot (R41): told to nobody yet, so it waits for its own approval and notice."""

from __future__ import annotations

from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.entry import AppliedAlready
from app.domain.vocabulary import MergeDecision, VersionState
from app.models import InspectionTask, ItemFinding, ItemVersion, TaskItem, Visit, VisitApproval
from app.services import audit
from app.services.applying import require_visit_open
from app.services.certificates import require_two
from app.services.disclosure import ReasonMissing
from app.services.planning import ItemNotPublished
from app.services.teams import NotOfThisVisit
from app.services.transaction import fetch, lock, transaction


def add_item(visit_id: int, version_id: int, reason: str, actor: User, now: datetime) -> int:
    """Add a published item to a visit and apply for it; gives back the key of the application (R1, R41).

    Raises ReasonMissing, VisitNotOpen, NotOfThisVisit, ItemNotPublished, AppliedAlready, TeamTooSmall.
    """
    if not reason.strip():
        raise ReasonMissing()
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        require_visit_open(visit)
        version = fetch(session, ItemVersion, version_id)
        if version.state != VersionState.PUBLISHED:
            raise ItemNotPublished(item=str(version))
        _require_member(visit, version, actor)
        require_two(visit, version.item.agency_id)
        finding = _finding(session, visit, version)
        approval = _application(visit, finding, reason, actor, now)
        session.add(approval)
        session.flush()
        audit.record(
            session, actor, "visit:item_added", visit.number, {"item": str(version), "reason": reason}
        )
        return approval.id


def _require_member(visit: Visit, version: ItemVersion, actor: User) -> None:
    own = {member.inspector.agency_id for member in visit.team if member.inspector.user_id == actor.id}
    if version.item.agency_id not in own:
        raise NotOfThisVisit(visit=visit.number, item=str(version))


def _finding(session: Session, visit: Visit, version: ItemVersion) -> ItemFinding:
    item = _task_item(session, visit.task, version)
    if any(finding.task_item_id == item.id for finding in visit.findings):
        raise AppliedAlready(visit=visit.number)
    finding = ItemFinding(task_item_id=item.id, agency_id=item.agency_id)
    visit.findings.append(finding)
    session.flush()
    return finding


def _task_item(session: Session, task: InspectionTask, version: ItemVersion) -> TaskItem:
    """The item of the task; one added on the spot has no share of the draw."""
    query = select(TaskItem).where(TaskItem.task_id == task.id, TaskItem.version_id == version.id)
    found = session.scalar(query)
    if found is None:
        found = TaskItem(
            task_id=task.id,
            version_id=version.id,
            agency_id=version.item.agency_id,
            code=version.item.code,
            ppm=0,
        )
        session.add(found)
        session.flush()
    return found


def _application(
    visit: Visit, finding: ItemFinding, reason: str, actor: User, now: datetime
) -> VisitApproval:
    earlier = [each for each in visit.approvals if each.agency_id == finding.agency_id]
    return VisitApproval(
        visit_id=visit.id,
        agency_id=finding.agency_id,
        ordinal=len(earlier) + 1,
        findings=[finding],
        on_site_reason=reason.strip()[:300],
        planned_on=visit.planned_on,
        place=visit.enterprise.address or "",
        scheme=earlier[-1].scheme if earlier else "",
        opinion=reason.strip()[:300],
        merge=MergeDecision.NONE_OPEN,
        applied_by_id=actor.id,
        applied_at=now,
    )
