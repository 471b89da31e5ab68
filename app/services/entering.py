"""备案 and 扫码 before the checklist opens, and the notice that must have been delivered (R40, R42)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain import policy
from app.domain.entry import (
    DeviceMissing,
    FiledAlready,
    NoOutage,
    NotFiled,
    NotNotified,
    NotScanned,
    ReentryTooLate,
    ScanInFuture,
    UnannouncedNotApproved,
)
from app.domain.errors import DomainError
from app.domain.measures import CHINA
from app.domain.vocabulary import ScanKind
from app.models import InspectionTask, ItemFinding, Visit, VisitApproval, VisitFiling, VisitNotice, VisitScan
from app.services import audit
from app.services.approving import Outcome
from app.services.transaction import NotFound, lock, transaction


def file_visit(visit_id: int, filing_no: str, actor: User, now: datetime) -> None:
    """Record the number under which the check is filed (备案号, R40). Raises NotFiled, FiledAlready."""
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        _file(visit, filing_no, actor, now)
        audit.record(session, actor, "visit:filed", visit.number, {"number": filing_no.strip()})


def file_visits(task_id: int, numbers: Mapping[str, str], actor: User, now: datetime) -> Outcome:
    """Record the filing numbers of a task as the platform gave them: visit number → filing number.

    A row that a rule stops is named with the rule; the others are recorded.
    """
    outcome = Outcome()
    with transaction() as session:
        task = lock(session, InspectionTask, task_id)
        query = select(Visit).where(Visit.task_id == task.id, Visit.number.in_(list(numbers)))
        query = query.options(selectinload(Visit.filing))
        visits = {visit.number: visit for visit in session.scalars(query)}
        for number, filing_no in numbers.items():
            try:
                if number not in visits:
                    raise NotFound(what="Visit", key=number)
                _file(visits[number], filing_no, actor, now)
            except DomainError as error:
                outcome.refused.append((number, error))
            else:
                outcome.done.append(visits[number].id)
        audit.record(session, actor, "visit:filed", task.number, {"numbers": numbers})
    return outcome


def scan_entry(visit_id: int, device: str, at: datetime, actor: User, now: datetime) -> int:
    """入企扫码: the filing was scanned with this device (R40).

    Raises DeviceMissing, ScanInFuture, NotFiled, NotOfThisVisit.
    """
    return _scan(visit_id, ScanKind.ON_ENTRY, device, at, actor, now)


def declare_outage(visit_id: int, what_failed: str, at: datetime, actor: User, now: datetime) -> int:
    """The network failed: the check may begin, the scan is made good within the days allowed (R40)."""
    return _scan(visit_id, ScanKind.OUTAGE, what_failed, at, actor, now)


def make_good(visit_id: int, device: str, actor: User, now: datetime) -> int:
    """The scan after a network failure (R40). Raises NoOutage, ReentryTooLate, NotFiled."""
    return _scan(visit_id, ScanKind.REENTRY, device, now, actor, now)


def reentry_due(visit: Visit) -> date | None:
    """Until when the scan after a network failure is to be made good; None when nothing is owed (R40)."""
    kinds = {scan.kind for scan in visit.scans}
    if ScanKind.OUTAGE not in kinds or kinds - {ScanKind.OUTAGE}:
        return None
    first = min(scan.scanned_at for scan in visit.scans)
    return _day(first) + timedelta(days=policy.ENTRY.reentry_days)


def require_checklist_open(visit: Visit, on: date, finding: ItemFinding | None = None) -> None:
    """The checklist of an entry opens when the notice of its items was delivered and the filing scanned.

    An urgent check is spared both; its formalities follow (R35, R40). Raises NotNotified,
    UnannouncedNotApproved, NotScanned.
    """
    wanted = {finding.id} if finding is not None else {each.id for each in visit.findings}
    if _is_urgent(visit, finding):
        return
    notice = require_notified(visit, on, wanted)
    entered = [scan.scanned_at for scan in visit.scans if _day(scan.scanned_at) <= on]
    if not entered:
        raise NotScanned(visit=visit.number, day=on)
    delivered = min(delivery.delivered_at for delivery in notice.deliveries)
    if delivered > min(entered) and not _is_unannounced(visit, wanted):
        raise UnannouncedNotApproved(visit=visit.number)


def require_notified(visit: Visit, on: date, wanted: set[int]) -> VisitNotice:
    """The notice that told the enterprise these items and this team by that day (R41, R42). Raises NotNotified."""
    team = {member.inspector_id for member in visit.team}
    for notice in visit.notices:
        told = {entry["finding"] for entry in notice.body["items"]}
        named = {row["inspector"] for row in notice.body["team"]}
        if (
            wanted <= told
            and team <= named
            and any(_day(each.delivered_at) <= on for each in notice.deliveries)
        ):
            return notice  # type: ignore[no-any-return]
    raise NotNotified(visit=visit.number, day=on)


def _file(visit: Visit, filing_no: str, actor: User, now: datetime) -> None:
    if not filing_no.strip():
        raise NotFiled(visit=visit.number)
    if visit.filing is not None:
        raise FiledAlready(visit=visit.number, number=visit.filing.filing_no)
    visit.filing = VisitFiling(filing_no=filing_no.strip(), recorded_by_id=actor.id, recorded_at=now)


def _scan(visit_id: int, kind: ScanKind, device: str, at: datetime, actor: User, now: datetime) -> int:
    if not device.strip():
        raise DeviceMissing()
    if at > now:
        raise ScanInFuture()
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        _require_lawful(visit, kind, at)
        scan = VisitScan(
            visit_id=visit.id,
            kind=kind,
            scanned_at=at,
            device=device.strip(),
            recorded_by_id=actor.id,
            recorded_at=now,
        )
        session.add(scan)
        session.flush()
        audit.record(session, actor, "visit:scanned", visit.number, {"kind": kind.value, "device": device})
        return scan.id


def _require_lawful(visit: Visit, kind: ScanKind, at: datetime) -> None:
    if kind == ScanKind.REENTRY:
        due = reentry_due(visit)
        if due is None:
            raise NoOutage(visit=visit.number)
        if _day(at) > due:
            raise ReentryTooLate(visit=visit.number, due=due)
    if kind != ScanKind.OUTAGE and visit.filing is None:
        raise NotFiled(visit=visit.number)


def _is_urgent(visit: Visit, finding: ItemFinding | None) -> bool:
    reported = {report.agency_id for report in visit.urgent_reports}
    agencies = {finding.agency_id} if finding is not None else {each.agency_id for each in visit.findings}
    return agencies <= reported


def _is_unannounced(visit: Visit, wanted: set[int]) -> bool:
    approvals: list[VisitApproval] = [each for each in visit.approvals if each.is_unannounced]
    return bool(wanted & {finding.id for approval in approvals for finding in approval.findings})


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()
