"""检查记录 (art. 7): an inspector records the items of a visit and hands them in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.domain import policy
from app.domain.deadlines import CalendarNotConfirmed, WorkingCalendar
from app.domain.errors import DomainError
from app.domain.findings import (
    CheckedOutsidePeriod,
    Finding,
    has_problem,
    is_breach,
    is_entry,
    require_valid,
)
from app.domain.lifecycle import FINDING, VISIT, advance
from app.domain.measures import CHINA
from app.domain.vocabulary import FindingState, TaskState, VisitState
from app.models import (
    FindingDisposal,
    FindingMethod,
    FindingRecord,
    FindingResult,
    ItemFinding,
    PointResult,
    Visit,
)
from app.services import audit, evidence
from app.services.approving import require_approved
from app.services.calendar import working_calendar
from app.services.certificates import require_certificates
from app.services.drafts import newest_entry
from app.services.entering import require_checklist_open
from app.services.tasks import follow_visits
from app.services.teams import NotOfThisVisit, require_team
from app.services.transaction import lock, transaction


class VisitNotOpen(DomainError):
    """Nothing is recorded before the draw and its team were disclosed (R32)."""

    code = "visit_not_open"


class NothingToSubmit(DomainError):
    """The department has no recorded item that waits to be handed in."""

    code = "nothing_to_submit"


class VisitUnfinished(DomainError):
    """Every item of the visit has to be recorded first."""

    code = "visit_unfinished"


OPEN_TASKS = (TaskState.DISCLOSED, TaskState.READY, TaskState.INSPECTING)


def record_finding(
    finding_id: int, entry: Finding, actor: User, now: datetime, *, rests_on: int | None = None
) -> int:
    """Record one item of a visit; a correction is a new version, the earlier one stays (R49, R53).

    `rests_on` is the newest entry typed into the item that the record takes up, all of them where it is
    not said; later ones stay a draft.

    Raises VisitNotOpen, NotOfThisVisit, CertificateLapsed, CheckedOutsidePeriod, NotApproved,
    EntryNotApproved, NotNotified, NotScanned and the rules of app.domain.findings. Gives back the
    version number.
    """
    with transaction() as session:
        return record_in(session, finding_id, entry, actor, now, rests_on=rests_on)


def record_in(
    session: Session,
    finding_id: int,
    entry: Finding,
    actor: User,
    now: datetime,
    *,
    rests_on: int | None = None,
) -> int:
    """The same inside the caller's transaction, for a caller that keeps something beside the record."""
    finding = lock(session, ItemFinding, finding_id)
    visit = lock(session, Visit, finding.visit_id)
    _require_open(visit, entry.checked_on, now)
    require_member(visit, finding, actor)
    require_valid(entry, [point.id for point in finding.task_item.version.points])
    require_certificates(visit, finding.agency_id, entry.checked_on)
    _require_cleared(session, visit, finding, entry)
    return put_record(session, finding, entry, actor, now, rests_on=rests_on)


def put_record(
    session: Session,
    finding: ItemFinding,
    entry: Finding,
    actor: User,
    now: datetime,
    *,
    rests_on: int | None = None,
) -> int:
    """Add a record whose conditions were checked, and move finding, visit, clock and task along with it."""
    visit = finding.visit
    finding.state = advance(FINDING, finding.state, "record")
    finding.return_reason = None
    record = new_record(finding, entry, actor, now)
    record.rests_on = newest_entry(session, finding) if rests_on is None else rests_on
    finding.records.append(record)
    visit.state = advance(VISIT, visit.state, "record")
    visit.done_on = max(other.latest.checked_on for other in visit.findings if other.latest)
    start_clock(session, visit)
    follow_visits(session, visit.task)
    session.flush()
    data = {"item": str(finding), "version": record.version}
    audit.record(session, actor, "finding:recorded", visit.number, data)
    return record.version


def submit_visit(visit_id: int, actor: User) -> None:
    """Hand the whole form in for review.

    Raises VisitUnfinished, NotOfThisVisit, IllegalTransition and what app.services.evidence finds missing.
    """
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        require_team(visit, actor)
        _submit(visit.findings)
        evidence.require_complete(session, visit)
        visit.state = advance(VISIT, visit.state, "submit")
        follow_visits(session, visit.task)
        audit.record(session, actor, "visit:submitted", visit.number, {})


def submit_own_part(visit_id: int, actor: User) -> None:
    """Hand in the items of the actor's own department; nobody waits for another one (R54, R73).

    The visit is handed in with the last department. Raises VisitUnfinished, NotOfThisVisit, NothingToSubmit.
    """
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        require_team(visit, actor)
        agencies = {m.inspector.agency_id for m in visit.team if m.inspector.user_id == actor.id}
        own = [finding for finding in visit.findings if finding.agency_id in agencies]
        if not _submit(own):
            raise NothingToSubmit(visit=visit.number)
        evidence.require_complete(session, visit)
        if visit.state == VisitState.RECORDED and not any(each.state in NOT_IN for each in visit.findings):
            visit.state = advance(VISIT, visit.state, "submit")
        follow_visits(session, visit.task)
        audit.record(session, actor, "visit:part_submitted", visit.number, {"items": len(own)})


NOT_IN = (FindingState.UNCHECKED, FindingState.RECORDED, FindingState.RETURNED)


def _submit(findings: Sequence[ItemFinding]) -> int:
    count = 0
    for finding in findings:
        if finding.state in (FindingState.UNCHECKED, FindingState.RETURNED):
            raise VisitUnfinished(item=str(finding))
        if finding.state == FindingState.RECORDED:
            finding.state, count = advance(FINDING, finding.state, "submit"), count + 1
    return count


def new_record(finding: ItemFinding, entry: Finding, actor: User, now: datetime) -> FindingRecord:
    """The next version of a finding, as entered."""
    return FindingRecord(
        version=len(finding.records) + 1,
        checked_on=entry.checked_on,
        problem=entry.problem.strip() if has_problem(entry.results) else None,
        violation_on=entry.violation_on if is_breach(entry.results) else None,
        recorded_by_id=actor.id,
        recorded_at=now,
        results=[FindingResult(code=code) for code in sorted(entry.results)],
        disposals=[FindingDisposal(code=code) for code in sorted(entry.disposals)],
        methods=[FindingMethod(code=code) for code in sorted(entry.methods)],
        points=[
            PointResult(point_id=point, outcome=outcome, note=note or None)
            for point, (outcome, note) in sorted(entry.points.items())
        ],
    )


def _require_open(visit: Visit, checked_on: date, now: datetime) -> None:
    if visit.task.state not in OPEN_TASKS:
        raise VisitNotOpen(visit=visit.number, state=visit.task.state.label)
    if checked_on > now.astimezone(CHINA).date() or checked_on < visit.task.starts_on:
        raise CheckedOutsidePeriod(day=checked_on, first=visit.task.starts_on)


def require_member(visit: Visit, finding: ItemFinding, actor: User) -> None:
    """Raise NotOfThisVisit unless the actor stands in the team for the finding's department (R49, R73)."""
    own = [
        member.inspector
        for member in visit.team
        if member.inspector.user_id == actor.id and member.inspector.agency_id == finding.agency_id
    ]
    if not own:
        raise NotOfThisVisit(visit=visit.number, item=str(finding))


def _require_cleared(session: Session, visit: Visit, finding: ItemFinding, entry: Finding) -> None:
    """Approved by the head (R35); for an entry also notified, filed and scanned (R40-R42)."""
    enters = is_entry(entry.methods)
    require_approved(session, visit, entry.checked_on, finding, enters=enters)
    if enters:
        require_checklist_open(visit, entry.checked_on, finding)


def start_clock(session: Session, visit: Visit) -> None:
    """20 working days for each department from its own last check on (R54).

    Open while the next year's holidays are not known; computed when they are (R56).
    """
    calendar = working_calendar(session)
    for agency_id in {finding.agency_id for finding in visit.findings}:
        own = [finding for finding in visit.findings if finding.agency_id == agency_id]
        days = [finding.latest.checked_on for finding in own if finding.latest]
        due = _due(calendar, max(days)) if days else None
        for finding in own:
            finding.disclose_by = due
    visit.disclose_by = min((each.disclose_by for each in visit.findings if each.disclose_by), default=None)


def _due(calendar: WorkingCalendar, start: date) -> date | None:
    try:
        return calendar.add_working_days(start, policy.VISIT.disclosure_working_days)
    except CalendarNotConfirmed:
        return None
