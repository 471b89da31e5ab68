"""Applying for a check (行政检查审批表): one application a body, the other open visits in sight (R35, R38)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, selectinload

from app.domain import policy
from app.domain.entry import (
    Application,
    AppliedAlready,
    NotMergeable,
    UrgentReasonMissing,
    require_merge_decision,
    require_method,
)
from app.domain.errors import DomainError
from app.domain.vocabulary import ApprovalState, DrawState, FindingState, MergeDecision, TaskState, VisitState
from app.models import (
    Draw,
    DrawnTarget,
    InspectionTask,
    Inspector,
    ItemFinding,
    TaskItem,
    UrgentReport,
    Visit,
    VisitApproval,
    VisitMember,
)
from app.services import audit
from app.services.approving import Outcome
from app.services.certificates import require_certificates, require_two
from app.services.teams import NotOfThisVisit
from app.services.territory import require_area
from app.services.transaction import lock, transaction
from app.services.visits import OPEN_TASKS, VisitNotOpen

OPEN_VISITS = (VisitState.PLANNED, VisitState.RECORDED)


@dataclass(frozen=True, slots=True)
class Other:
    """Another open visit to the same enterprise, or a task that has drawn it and has no visit yet (R38)."""

    number: str
    task: str
    visit_id: int | None
    agencies: tuple[str, ...]


def apply_for(visit_id: int, application: Application, actor: User, now: datetime) -> list[int]:
    """Apply for every item of a visit that has no approval yet, one application a body (R35).

    Raises VisitNotOpen, AppliedAlready, OnSiteReasonMissing, OffSiteNotPossible, MergeUndecided,
    MergeReasonMissing, NotMergeable, TeamTooSmall, CertificateLapsed, OutOfArea.
    """
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        made = _apply(session, visit, _others(session, [visit.id])[visit.id], application, actor, now)
        session.flush()
        audit.record(session, actor, "approval:requested", visit.number, {"approvals": len(made)})
        return [approval.id for approval in made]


def apply_for_task(task_id: int, application: Application, actor: User, now: datetime) -> Outcome:
    """Apply for every planned visit of a task at once, each with its own rows.

    Visits that ask for a decision of their own, such as a merge, are named with the rule and left.
    """
    with transaction() as session:
        task = lock(session, InspectionTask, task_id)
        visits = _unapplied(session, task)
        others = _others(session, [visit.id for visit in visits])
        outcome, made = Outcome(), []
        for visit in visits:
            try:
                made += _apply(session, visit, others[visit.id], application, actor, now)
            except DomainError as error:
                outcome.refused.append((visit.number, error))
        session.flush()
        outcome.done = [approval.id for approval in made]
        data = {"applied": len(made), "refused": [number for number, _ in outcome.refused]}
        audit.record(session, actor, "approval:requested", task.number, data)
        return outcome


def other_visits(session: Session, visit: Visit) -> list[Other]:
    """Other open visits and drawn tasks at the same enterprise, of the bureau and its partners (R38)."""
    return _others(session, [visit.id])[visit.id]


def report_urgent(visit_id: int, reason: str, reported_to: str, actor: User, now: datetime) -> int:
    """情况紧急: a member reports to the head who, when and why, and may begin; the clock runs (R35).

    Raises UrgentReasonMissing, VisitNotOpen, NotOfThisVisit, AppliedAlready.
    """
    if not reason.strip() or not reported_to.strip():
        raise UrgentReasonMissing()
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        require_visit_open(visit)
        agency_id = _agency_in_team(visit, actor)
        if any(report.agency_id == agency_id for report in visit.urgent_reports):
            raise AppliedAlready(visit=visit.number)
        report = UrgentReport(
            visit_id=visit.id,
            agency_id=agency_id,
            reason=reason.strip(),
            reported_to=reported_to.strip(),
            reported_by_id=actor.id,
            reported_at=now,
            complete_by=now + timedelta(hours=policy.ENTRY.urgent_formalities_hours),
        )
        session.add(report)
        session.flush()
        audit.record(session, actor, "urgent:reported", visit.number, {"reason": reason, "to": reported_to})
        return report.id


def pending_findings(visit: Visit) -> dict[int, list[ItemFinding]]:
    """By body the items of the visit for which nothing has been applied, or only in vain."""
    covered = {
        finding.id
        for approval in visit.approvals
        if approval.state != ApprovalState.REFUSED
        for finding in approval.findings
    }
    found: defaultdict[int, list[ItemFinding]] = defaultdict(list)
    for finding in visit.findings:
        if finding.id not in covered and finding.state != FindingState.WITHDRAWN:
            found[finding.agency_id].append(finding)
    return dict(found)


def _apply(
    session: Session,
    visit: Visit,
    others: Sequence[Other],
    application: Application,
    actor: User,
    now: datetime,
) -> list[VisitApproval]:
    require_visit_open(visit)
    pending = pending_findings(visit)
    if not pending:
        raise AppliedAlready(visit=visit.number)
    require_method(application, [row.task_item.version for rows in pending.values() for row in rows])
    decision = require_merge_decision(application, [other.number for other in others])
    for findings in pending.values():
        require_two(visit, findings[0].agency_id)
        require_area(visit, findings[0].agency)
    merged_with = _merge(session, visit, others, application) if decision == MergeDecision.MERGED else None
    for findings in pending.values():
        require_certificates(visit, findings[0].agency_id, visit.planned_on)
    made = [
        _approval(visit, findings, others, application, decision, merged_with, actor, now)
        for _, findings in sorted(pending.items())
    ]
    visit.approvals.extend(made)
    return made


def _approval(
    visit: Visit,
    findings: list[ItemFinding],
    others: Sequence[Other],
    application: Application,
    decision: MergeDecision,
    merged_with: int | None,
    actor: User,
    now: datetime,
) -> VisitApproval:
    agency_id = findings[0].agency_id
    earlier = [approval for approval in visit.approvals if approval.agency_id == agency_id]
    return VisitApproval(
        agency_id=agency_id,
        ordinal=len(earlier) + 1,
        findings=findings,
        is_on_site=application.is_on_site,
        on_site_reason=application.on_site_reason.strip() or None,
        planned_on=visit.planned_on,
        place=visit.enterprise.address or "",
        scheme=application.scheme.strip(),
        opinion=application.opinion.strip(),
        assistants=application.assistants.strip() or None,
        assistant_count=application.assistant_count,
        is_unannounced=bool(application.unannounced_basis.strip()),
        unannounced_basis=application.unannounced_basis.strip() or None,
        merge=decision,
        merge_reason=application.merge_reason.strip() or None,
        merged_with_id=merged_with,
        others=[other.number for other in others],
        applied_by_id=actor.id,
        applied_at=now,
    )


def _merge(session: Session, visit: Visit, others: Sequence[Other], application: Application) -> int:
    """Both visits on one day that lies in the period of both tasks (一次完成)."""
    if application.merge_with not in {other.visit_id for other in others if other.visit_id}:
        raise NotMergeable(visit=visit.number)
    other = lock(session, Visit, application.merge_with or 0)
    if visit.task.starts_on <= other.planned_on <= visit.task.ends_on:
        visit.planned_on = other.planned_on
    elif other.task.starts_on <= visit.planned_on <= other.task.ends_on and other.state == VisitState.PLANNED:
        other.planned_on = visit.planned_on
    else:
        raise NotMergeable(visit=other.number)
    return other.id


def _unapplied(session: Session, task: InspectionTask) -> Sequence[Visit]:
    query = (
        select(Visit)
        .where(Visit.task_id == task.id, Visit.state == VisitState.PLANNED)
        .options(
            selectinload(Visit.enterprise),
            selectinload(Visit.assistance),
            selectinload(Visit.approvals).selectinload(VisitApproval.findings),
            selectinload(Visit.findings).selectinload(ItemFinding.task_item).selectinload(TaskItem.version),
            selectinload(Visit.members)
            .selectinload(VisitMember.inspector)
            .selectinload(Inspector.certificates),
        )
        .order_by(Visit.id)
    )
    return [visit for visit in session.scalars(query) if pending_findings(visit)]


def _others(session: Session, visit_ids: Sequence[int]) -> dict[int, list[Other]]:
    """For each of the visits the other open visits and undivided draws at its enterprise."""
    found: defaultdict[int, list[Other]] = defaultdict(list)
    mine, other = aliased(Visit), aliased(Visit)
    query = (
        select(mine.id, other)
        .join(other, other.enterprise_id == mine.enterprise_id)
        .where(mine.id.in_(visit_ids), other.id != mine.id, other.state == VisitState.PLANNED)
        .options(selectinload(other.task), selectinload(other.findings).selectinload(ItemFinding.agency))
        .order_by(other.planned_on, other.id)
    )
    for key, visit in session.execute(query).all():
        agencies = tuple(dict.fromkeys(row.agency.short_name for row in visit.findings))
        found[key].append(Other(visit.number, visit.task.name, visit.id, agencies))
    for key, task in session.execute(_drawn_elsewhere(visit_ids)):
        found[key].append(Other(task.number, task.name, None, (task.lead_agency.short_name,)))
    return found


def _drawn_elsewhere(visit_ids: Sequence[int]) -> Select[int, InspectionTask]:
    return (
        select(Visit.id, InspectionTask)
        .join(DrawnTarget, DrawnTarget.enterprise_id == Visit.enterprise_id)
        .join(Draw, Draw.id == DrawnTarget.draw_id)
        .join(InspectionTask, InspectionTask.id == Draw.task_id)
        .where(
            Visit.id.in_(visit_ids),
            InspectionTask.id != Visit.task_id,
            InspectionTask.state == TaskState.DRAWN,
            Draw.state == DrawState.DRAWN,
            ~DrawnTarget.is_reserve,
        )
        .distinct()
    )


def require_visit_open(visit: Visit) -> None:
    """Its task is under way and the visit not handed in. Raises VisitNotOpen."""
    if visit.task.state not in OPEN_TASKS or visit.state not in OPEN_VISITS:
        raise VisitNotOpen(visit=visit.number, state=visit.state.label)


def _agency_in_team(visit: Visit, actor: User) -> int:
    for member in visit.team:
        if member.inspector.user_id == actor.id:
            return int(member.inspector.agency_id)
    raise NotOfThisVisit(visit=visit.number, item="")
