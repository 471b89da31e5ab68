"""行政检查审批 (R35): decided by the head of the enforcing body before the visit, asked for at every record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.entry import EntryNotApproved, FormalitiesOpen, NotApproved, NotYourBody, OwnApproval
from app.domain.errors import DomainError
from app.domain.frequency import Acts, Cap, counts_apart, require_below_cap
from app.domain.lifecycle import APPROVAL, advance
from app.domain.measures import CHINA
from app.domain.vocabulary import ApprovalState
from app.models import InspectionTask, Inspector, ItemFinding, Visit, VisitApproval, VisitMember
from app.services import audit
from app.services.agencies import agency_of, own_bureau
from app.services.certificates import require_certificates, require_two
from app.services.chain import AUDIT, hold
from app.services.disclosure import ReasonMissing
from app.services.frequency import acts_of, cap_of
from app.services.territory import require_area
from app.services.transaction import lock, transaction

_ActsByBody = defaultdict[tuple[int, int], Acts]


@dataclass(slots=True)
class Outcome:
    """What became of a bulk step: keys of the approvals done, and visits refused with the reason."""

    done: list[int] = field(default_factory=list)
    refused: list[tuple[str, DomainError]] = field(default_factory=list)


def approve(approval_id: int, decision: str, actor: User, now: datetime) -> None:
    """批准 one visit by the head of its body; the frequency line is frozen with the decision (R35, R36).

    Raises NotYourBody, OwnApproval, TeamTooSmall, CertificateLapsed, OutOfArea, AboveCap, IllegalTransition.
    """
    with transaction() as session:
        hold(session, AUDIT)  # so that two heads never count the same number for one enterprise
        approval = lock(session, VisitApproval, approval_id)
        visit, year = approval.visit, approval.planned_on.year
        sitting = _Sitting(
            session, actor, now, decision, {year: acts_of(session, [visit.enterprise_id], year)}
        )
        sitting.approve(approval)
        audit.record(session, actor, "approval:approved", visit.number, {"number": approval.act_number})


def approve_many(
    task_id: int, decision: str, actor: User, now: datetime, *, chosen: Collection[int] | None = None
) -> Outcome:
    """批准 every visit of a task that waits for the head of this body, each with its own row (R35).

    `chosen` limits it to these approvals, such as those of one route. A visit that a rule stops stays
    waiting and is named with the rule; the others are approved.
    """
    with transaction() as session:
        hold(session, AUDIT)
        task = lock(session, InspectionTask, task_id)
        waiting = _waiting(session, task, body_of(session, actor), chosen)
        sitting = _Sitting(session, actor, now, decision, _acts_of_task(session, task, waiting))
        outcome = Outcome()
        for approval in waiting:
            try:
                sitting.approve(approval)
            except DomainError as error:
                outcome.refused.append((approval.visit.number, error))
            else:
                outcome.done.append(approval.id)
        data = {"approved": len(outcome.done), "refused": [number for number, _ in outcome.refused]}
        audit.record(session, actor, "approval:approved", task.number, data)
        return outcome


def refuse(approval_id: int, reason: str, actor: User, now: datetime) -> None:
    """不予批准, with the reason; the visit can be applied for again.

    Raises ReasonMissing, NotYourBody, OwnApproval, IllegalTransition.
    """
    if not reason.strip():
        raise ReasonMissing()
    with transaction() as session:
        approval = lock(session, VisitApproval, approval_id)
        _require_head(approval, body_of(session, actor), actor)
        approval.state = advance(APPROVAL, approval.state, "refuse")
        _sign(approval, reason, actor, now)
        audit.record(session, actor, "approval:refused", approval.visit.number, {"reason": reason})


def require_approved(
    session: Session, visit: Visit, on: date, finding: ItemFinding | None = None, *, enters: bool = True
) -> None:
    """Nothing is checked on a day on which no approval stood (R35), save what was reported as urgent.

    Without `finding` every item of the visit is asked for. `enters` is False for a check without an
    entry, for which an approval of either kind will do. Raises NotApproved, EntryNotApproved.
    """
    standing = _standing(session, visit, on)
    urgent = {report.agency_id for report in visit.urgent_reports if _day(report.reported_at) <= on}
    for each in [finding] if finding is not None else visit.findings:
        kinds = {is_on_site for is_on_site, key in standing if key == each.id}
        if each.agency_id in urgent or True in kinds or (kinds and not enters):
            continue
        refusal = EntryNotApproved if kinds else NotApproved
        raise refusal(visit=visit.number, item=str(each), agency=each.agency.short_name, day=on)


def require_formalities(visit: Visit, agency_id: int) -> None:
    """The formalities of an urgent check are complete before its results go on (R35). Raises FormalitiesOpen."""
    for report in visit.urgent_reports:
        if report.agency_id == agency_id and report.completed_at is None:
            raise FormalitiesOpen(visit=visit.number, due=report.complete_by.astimezone(CHINA))


def body_of(session: Session, user: User) -> int:
    """The enforcing body for which the user decides: that of the post, else the bureau."""
    agency = agency_of(session, user) or own_bureau(session)
    return agency.id


class _Sitting:
    """One head deciding one or many applications: the acts of the year grow with every approval."""

    def __init__(
        self, session: Session, head: User, now: datetime, words: str, acts: dict[int, _ActsByBody]
    ) -> None:
        self._session, self._head, self._now, self._words, self._acts = session, head, now, words, acts
        self._body = body_of(session, head)
        self._caps: dict[int, Cap] = {}

    def approve(self, approval: VisitApproval) -> None:
        """Approve one application if every rule lets it."""
        visit, agency_id = approval.visit, approval.agency_id
        _require_head(approval, self._body, self._head)
        state = advance(APPROVAL, approval.state, "approve")
        require_two(visit, agency_id)
        require_certificates(visit, agency_id, approval.planned_on)
        require_area(visit, approval.agency)
        self._count(approval)
        approval.state = state
        _sign(approval, self._words, self._head, self._now)
        for report in visit.urgent_reports:
            if report.agency_id == agency_id and report.completed_at is None:
                report.completed_at = self._now

    def _count(self, approval: VisitApproval) -> None:
        """Freeze 「本年度第 n 次／上限 m」; a check without an entry only states what there has been."""
        visit, task, year = approval.visit, approval.visit.task, approval.planned_on.year
        acts, key = self._acts[year], (visit.enterprise_id, approval.agency_id)
        had, cap, day = acts[key], self._cap(year), visit.done_on or approval.planned_on
        origin = task.special.origin if task.special else None
        number = len(had.days)
        if approval.is_on_site and counts_apart(task.kind, origin):
            had = Acts(had.days, had.apart | {day})
        elif approval.is_on_site:
            number = had.number_with(day)
            require_below_cap(task.kind, origin, number, cap)
            had = Acts(had.days | {day}, had.apart)
        acts[key] = had
        approval.act_number, approval.counted_apart = number, len(had.apart)
        approval.cap, approval.cap_basis = cap.yearly, cap.basis or None
        approval.is_over_cap, approval.is_abnormal = cap.is_exceeded(number), cap.is_abnormal(number)

    def _cap(self, year: int) -> Cap:
        if year not in self._caps:
            self._caps[year] = cap_of(self._session, self._body, year)
        return self._caps[year]


def _sign(approval: VisitApproval, words: str, actor: User, now: datetime) -> None:
    approval.decided_by_id, approval.decided_at = actor.id, now
    approval.decision = words.strip()[:300]


def _require_head(approval: VisitApproval, body: int, actor: User) -> None:
    if approval.agency_id != body:
        raise NotYourBody(agency=approval.agency.short_name)
    if approval.applied_by_id == actor.id:
        raise OwnApproval()


def _waiting(
    session: Session, task: InspectionTask, agency_id: int, chosen: Collection[int] | None
) -> Sequence[VisitApproval]:
    team = selectinload(VisitApproval.visit).selectinload(Visit.members)
    query = (
        select(VisitApproval)
        .join(Visit, Visit.id == VisitApproval.visit_id)
        .where(
            Visit.task_id == task.id,
            VisitApproval.state == ApprovalState.APPLIED,
            VisitApproval.agency_id == agency_id,
        )
        .options(
            team.selectinload(VisitMember.inspector).selectinload(Inspector.certificates),
            selectinload(VisitApproval.visit).selectinload(Visit.enterprise),
            selectinload(VisitApproval.visit).selectinload(Visit.urgent_reports),
            selectinload(VisitApproval.visit).selectinload(Visit.task),
            selectinload(VisitApproval.agency),
        )
        .order_by(VisitApproval.id)
    )
    found = session.scalars(query).all()
    return [approval for approval in found if chosen is None or approval.id in chosen]


def _acts_of_task(
    session: Session, task: InspectionTask, waiting: Sequence[VisitApproval]
) -> dict[int, _ActsByBody]:
    enterprises = select(Visit.enterprise_id).where(Visit.task_id == task.id)
    years = {approval.planned_on.year for approval in waiting}
    return {year: acts_of(session, enterprises, year) for year in years}


def _standing(session: Session, visit: Visit, on: date) -> set[tuple[bool, int]]:
    """(is on site, finding) of every approval that stood on that day."""
    query = (
        select(VisitApproval.is_on_site, VisitApproval.decided_at, ItemFinding.id)
        .join(VisitApproval.findings)
        .where(VisitApproval.visit_id == visit.id, VisitApproval.state == ApprovalState.APPROVED)
    )
    return {
        (row.is_on_site, row.id)
        for row in session.execute(query)
        if row.decided_at and _day(row.decided_at) <= on
    }


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()
