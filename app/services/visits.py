"""Visits and their findings (art. 7): record, submit, review, disclose; one form per enterprise."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.domain import policy
from app.domain.deadlines import CalendarNotConfirmed
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
from app.domain.vocabulary import DisclosureKind, Disposal, FindingState, TaskState, VisitState
from app.models import (
    FindingDisposal,
    FindingMethod,
    FindingRecord,
    FindingResult,
    InspectionTask,
    ItemFinding,
    PointResult,
    Visit,
)
from app.services import audit, evidence
from app.services.approving import require_approved, require_formalities
from app.services.calendar import working_calendar
from app.services.certificates import require_certificates
from app.services.disclosure import ReasonMissing, publish
from app.services.drafts import newest_entry
from app.services.entering import require_checklist_open
from app.services.tasks import follow_visits
from app.services.teams import NotOfThisVisit, require_team
from app.services.transaction import fetch, lock, transaction


class VisitNotOpen(DomainError):
    """Nothing is recorded before the draw and its team were disclosed (R32)."""

    code = "visit_not_open"


class VisitUnfinished(DomainError):
    """Every item of the visit has to be recorded first."""

    code = "visit_unfinished"


class OwnReview(DomainError):
    """Nobody reviews what they recorded themselves."""

    code = "own_review"


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
        finding = lock(session, ItemFinding, finding_id)
        visit = lock(session, Visit, finding.visit_id)
        _require_open(visit, entry.checked_on, now)
        _require_member(visit, finding, actor)
        require_valid(entry, [point.id for point in finding.task_item.version.points])
        require_certificates(visit, finding.agency_id, entry.checked_on)
        _require_cleared(session, visit, finding, entry)
        finding.state = advance(FINDING, finding.state, "record")
        finding.return_reason = None
        record = _new_record(finding, entry, actor, now)
        record.rests_on = newest_entry(session, finding) if rests_on is None else rests_on
        finding.records.append(record)
        visit.state = advance(VISIT, visit.state, "record")
        visit.done_on = max(other.latest.checked_on for other in visit.findings if other.latest)
        _start_clock(session, visit)
        follow_visits(session, visit.task)
        session.flush()
        data = {"item": str(finding), "version": record.version}
        audit.record(session, actor, "finding:recorded", visit.number, data)
        return record.version


def submit_visit(visit_id: int, actor: User) -> None:
    """Hand the whole form in for review.

    Raises VisitUnfinished, IllegalTransition and what app.services.evidence finds missing.
    """
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        require_team(visit, actor)
        for finding in visit.findings:
            if finding.state in (FindingState.UNCHECKED, FindingState.RETURNED):
                raise VisitUnfinished(item=str(finding))
            if finding.state == FindingState.RECORDED:
                finding.state = advance(FINDING, finding.state, "submit")
        evidence.require_complete(session, visit)
        visit.state = advance(VISIT, visit.state, "submit")
        follow_visits(session, visit.task)
        audit.record(session, actor, "visit:submitted", visit.number, {})


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
        if visit.state != VisitState.RECORDED:  # where another item was sent back first, it is open already
            visit.state = advance(VISIT, visit.state, "return")
        follow_visits(session, visit.task)
        audit.record(
            session, actor, "finding:returned", visit.number, {"item": str(finding), "reason": reason}
        )


def disclose_visit(visit_id: int, actor: User, now: datetime) -> None:
    """公示 the reviewed results of a visit, one disclosure per agency (art. 7, R54, R73)."""
    with transaction() as session:
        _disclose(session, lock(session, Visit, visit_id), actor, now)


def disclose_reviewed(task_id: int, actor: User, now: datetime) -> int:
    """Disclose every reviewed visit of a task; gives back how many."""
    with transaction() as session:
        task = lock(session, InspectionTask, task_id)
        ready = [
            lock(session, Visit, visit.id) for visit in task.visits if visit.state == VisitState.REVIEWED
        ]
        for visit in ready:
            _disclose(session, visit, actor, now)
        return len(ready)


def close_finding(finding_id: int, on: date, actor: User) -> None:
    """完结: the follow-up of a finding has ended on this day (R65)."""
    with transaction() as session:
        finding = lock(session, ItemFinding, finding_id)
        finding.closed_on = on
        audit.record(session, actor, "finding:closed", finding.visit.number, {"item": str(finding), "on": on})


def _review(session: Session, finding: ItemFinding, actor: User, now: datetime) -> None:
    latest = finding.latest
    if latest is not None and latest.recorded_by_id == actor.id:
        raise OwnReview()
    require_formalities(finding.visit, finding.agency_id)
    finding.state = advance(FINDING, finding.state, "review")
    finding.reviewed_by_id, finding.reviewed_at = actor.id, now
    visit = fetch(session, Visit, finding.visit_id)
    if all(other.state == FindingState.REVIEWED for other in visit.findings):
        visit.state = advance(VISIT, visit.state, "review")
    audit.record(session, actor, "finding:reviewed", visit.number, {"item": str(finding)})


def _disclose(session: Session, visit: Visit, actor: User, now: datetime) -> None:
    visit.state = advance(VISIT, visit.state, "disclose")
    for agency_id in sorted({finding.agency_id for finding in visit.findings}):
        own = [finding for finding in visit.findings if finding.agency_id == agency_id]
        for finding in own:
            finding.state = advance(FINDING, finding.state, "disclose")
            _close_when_done(finding)
        title = f"{visit.enterprise.name}抽查结果"
        publish(session, DisclosureKind.RESULT, title, agency_id, visit.id, _body(visit, own), actor, now)
    follow_visits(session, visit.task)


def _close_when_done(finding: ItemFinding) -> None:
    latest = finding.latest
    if latest and {row.code for row in latest.disposals} == {Disposal.NONE_NEEDED}:
        finding.closed_on = latest.checked_on


def _body(visit: Visit, findings: list[ItemFinding]) -> dict[str, Any]:
    """What the public sees: enterprise, items, results, agency, date; no names of people, no risk class."""
    return {
        "task": visit.task.number,
        "enterprise": visit.enterprise.name,
        "identifier": visit.enterprise.identifier,
        "checked_on": visit.done_on.isoformat() if visit.done_on else None,
        "agency": findings[0].agency.name,
        "items": [
            {
                "code": finding.task_item.code,
                "name": finding.task_item.version.name,
                "methods": sorted(row.code.value for row in finding.latest.methods),
                "results": sorted(row.code.value for row in finding.latest.results),
                "disposals": sorted(row.code.value for row in finding.latest.disposals),
            }
            for finding in findings
            if finding.latest
        ],
    }


def _new_record(finding: ItemFinding, entry: Finding, actor: User, now: datetime) -> FindingRecord:
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


def _require_member(visit: Visit, finding: ItemFinding, actor: User) -> None:
    own = [
        member.inspector
        for member in visit.team
        if member.inspector.user_id == actor.id and member.inspector.agency_id == finding.agency_id
    ]
    if not own:
        raise NotOfThisVisit(visit=visit.number, item=str(finding))


def _require_team(visit: Visit, actor: User) -> None:
    if actor.id not in {member.inspector.user_id for member in visit.team}:
        raise NotOfThisVisit(visit=visit.number, item="")


def _require_cleared(session: Session, visit: Visit, finding: ItemFinding, entry: Finding) -> None:
    """Approved by the head (R35); for an entry also notified, filed and scanned (R40-R42)."""
    enters = is_entry(entry.methods)
    require_approved(session, visit, entry.checked_on, finding, enters=enters)
    if enters:
        require_checklist_open(visit, entry.checked_on, finding)


def _start_clock(session: Session, visit: Visit) -> None:
    """20 working days from the last check on (R54); open while the next year's holidays are not known."""
    assert visit.done_on is not None
    try:
        due = working_calendar(session).add_working_days(visit.done_on, policy.VISIT.disclosure_working_days)
    except CalendarNotConfirmed:
        visit.disclose_by = None
    else:
        visit.disclose_by = due
