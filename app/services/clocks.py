"""期限总览 (R54-R58, R62, R64, R68, R70, R71): every deadline that runs, before it is late and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, selectinload

from app.domain import clocks
from app.domain.clocks import Deadline
from app.domain.lifecycle import NOTICE_ENDED, OBJECTION_ENDED, RECTIFICATION_ENDED, TRANSFER_ENDED
from app.domain.transfers import RUNNING_CLOCK
from app.domain.vocabulary import (
    ClockKind,
    ClockState,
    DisclosureKind,
    FindingState,
    PenaltyType,
    TransferKind,
    VisitState,
)
from app.models import (
    Agency,
    AgencyNotice,
    CaseTransfer,
    Disclosure,
    Enterprise,
    Escalation,
    FindingRecord,
    ItemFinding,
    Objection,
    PenaltyCase,
    RectificationOrder,
    Visit,
    Withdrawal,
)
from app.services import audit
from app.services.calendar import working_calendar
from app.services.chain import AUDIT, hold
from app.services.transaction import transaction


@dataclass(frozen=True, slots=True)
class Running:
    """A deadline before it is computed: what, since when, whose, about what, and the record it hangs on."""

    kind: ClockKind
    started: datetime | date
    agency: Agency
    subject: str
    record: str
    key: int
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A deadline as it stands now; `left` in hours, working days or days as the clock counts."""

    running: Running
    deadline: Deadline
    state: ClockState
    left: int | None


ORDER = (ClockState.LATE, ClockState.WARNING, ClockState.UNKNOWN, ClockState.RUNNING)
"""The order of an overview: what is late, what will be, what cannot be computed, what has time."""
_WAITING = (FindingState.RECORDED, FindingState.SUBMITTED, FindingState.RETURNED, FindingState.REVIEWED)


def readings(session: Session, now: datetime, agency_id: int | None = None) -> list[Reading]:
    """Every deadline that runs, of all departments or of one, the most urgent first."""
    calendar = working_calendar(session)
    found = []
    for source in _SOURCES:
        for running in source(session, agency_id):
            if running.due_on is None:
                deadline = clocks.start(running.kind, running.started, calendar)
            else:
                deadline = clocks.until(running.kind, running.started, running.due_on, calendar)
            state = clocks.state_of(deadline, now)
            found.append(Reading(running, deadline, state, clocks.left(deadline, now, calendar)))
    return sorted(found, key=_urgency)


def disclosure_of(session: Session, finding: ItemFinding, now: datetime) -> Reading | None:
    """The deadline of a finding's disclosure, running or kept; None before it was recorded (R54)."""
    days = [
        other.latest.checked_on
        for other in finding.visit.findings
        if other.agency_id == finding.agency_id and other.latest
    ]
    if not days:
        return None
    calendar = working_calendar(session)
    running = _disclosure(finding.visit_id, finding.visit.enterprise.name, finding.agency, max(days))
    deadline = clocks.start(running.kind, running.started, calendar)
    state = clocks.state_of(deadline, now, _first_published(session, finding))
    return Reading(running, deadline, state, clocks.left(deadline, now, calendar))


def count_by_state(found: list[Reading]) -> dict[ClockState, int]:
    """How many deadlines stand how, every state named."""
    counts = Counter(reading.state for reading in found)
    return {state: counts[state] for state in ORDER}


def escalate_late(now: datetime) -> int:
    """上报领导小组: put every late deadline that is theirs before the leaders, once each; how many are new (R54)."""
    with transaction() as session:
        hold(session, AUDIT)
        known = {
            (row.kind, row.subject, row.due)
            for row in session.execute(select(Escalation.kind, Escalation.subject, Escalation.due))
        }
        count = 0
        for reading in readings(session, now):
            clock, running = reading.deadline.clock, reading.running
            subject = f"{running.record}:{running.key}:{running.agency.code}"
            due = str(reading.deadline.due_on)
            if reading.state != ClockState.LATE or not clock.escalates or (clock.kind, subject, due) in known:
                continue
            session.add(
                Escalation(
                    kind=clock.kind,
                    subject=subject,
                    due=due,
                    agency_id=running.agency.id,
                    text=running.subject[:300],
                    raised_at=now,
                )
            )
            data = {"clock": clock.kind, "due": due}
            audit.record(session, None, "deadline:escalated", running.subject, data)
            count += 1
        return count


def _urgency(reading: Reading) -> tuple[int, datetime, int]:
    far = clocks.midnight(date.max)
    return ORDER.index(reading.state), reading.deadline.due or far, reading.running.key


def _first_published(session: Session, finding: ItemFinding) -> datetime | None:
    return session.scalar(
        select(func.min(Disclosure.published_at)).where(
            Disclosure.kind == DisclosureKind.RESULT,
            Disclosure.subject_id == finding.visit_id,
            Disclosure.agency_id == finding.agency_id,
        )
    )


def _disclosure(visit_id: int, enterprise: str, agency: Agency, started: date) -> Running:
    return Running(ClockKind.DISCLOSURE, started, agency, enterprise, "visit", visit_id)


def _disclosures(session: Session, agency_id: int | None) -> Iterator[Running]:
    other = aliased(FindingRecord)
    newest = select(func.max(other.version)).where(other.finding_id == ItemFinding.id).scalar_subquery()
    query = (
        select(Visit.id, Enterprise.name, Agency, func.max(FindingRecord.checked_on))
        .join(ItemFinding, ItemFinding.visit_id == Visit.id)
        .join(FindingRecord, FindingRecord.finding_id == ItemFinding.id)
        .join(Agency, Agency.id == ItemFinding.agency_id)
        .join(Enterprise, Enterprise.id == Visit.enterprise_id)
        .where(
            Visit.state != VisitState.CANCELLED,
            ItemFinding.state.in_(_WAITING),
            FindingRecord.version == newest,
            FindingRecord.correction_reason.is_(None),
        )
        .group_by(Visit.id, Enterprise.name, Agency.id)
    )
    if agency_id is not None:
        query = query.where(ItemFinding.agency_id == agency_id)
    for visit_id, name, agency, started in session.execute(query):
        yield _disclosure(visit_id, name, agency, started)


def _orders(session: Session, agency_id: int | None) -> Iterator[Running]:
    query = select(RectificationOrder).where(RectificationOrder.state.not_in(sorted(RECTIFICATION_ENDED)))
    if agency_id is not None:
        query = query.where(RectificationOrder.agency_id == agency_id)
    for order in session.scalars(query.options(_enterprise_of(RectificationOrder))):
        yield Running(
            ClockKind.RECTIFICATION,
            order.ordered_at,
            order.agency,
            order.finding.visit.enterprise.name,
            "order",
            order.id,
            order.due_on,
        )


def _transfers(session: Session, agency_id: int | None) -> Iterator[Running]:
    query = select(CaseTransfer).where(CaseTransfer.state.not_in(sorted(TRANSFER_ENDED)))
    if agency_id is not None:
        query = query.where(CaseTransfer.agency_id == agency_id)
    for transfer in session.scalars(
        query.options(selectinload(CaseTransfer.steps), _enterprise_of(CaseTransfer))
    ):
        kind = ClockKind.TRANSFER_REPLY
        if transfer.kind == TransferKind.POLICE:
            kind = RUNNING_CLOCK[transfer.state]
        yield Running(
            kind,
            transfer.steps[-1].at,
            transfer.agency,
            str(transfer),
            "transfer",
            transfer.id,
            transfer.reply_due_on,
        )


def _notices(session: Session, agency_id: int | None) -> Iterator[Running]:
    query = select(AgencyNotice).where(AgencyNotice.state.not_in(sorted(NOTICE_ENDED)))
    if agency_id is not None:
        query = query.where(AgencyNotice.agency_id == agency_id)
    for notice in session.scalars(query.options(_enterprise_of(AgencyNotice))):
        started = notice.received_on or notice.sent_on
        yield Running(ClockKind.NOTICE_REPLY, started, notice.agency, str(notice), "notice", notice.id)


def _objections(session: Session, agency_id: int | None) -> Iterator[Running]:
    query = select(Objection).where(Objection.state.not_in(sorted(OBJECTION_ENDED)))
    if agency_id is not None:
        query = query.where(Objection.agency_id == agency_id)
    for row in session.scalars(query):
        words = f"{row.receipt_no} {row.disclosure.title}"
        yield Running(ClockKind.OBJECTION, row.received_at, row.agency, words, "objection", row.id)


def _withdrawals(session: Session, agency_id: int | None) -> Iterator[Running]:
    query = select(Withdrawal).join(Disclosure).where(Disclosure.withdrawn_at.is_(None))
    if agency_id is not None:
        query = query.where(Disclosure.agency_id == agency_id)
    for row in session.scalars(query):
        shown = row.disclosure
        yield Running(ClockKind.WITHDRAWAL, row.known_on, shown.agency, shown.title, "disclosure", shown.id)


def _cases(session: Session, agency_id: int | None) -> Iterator[Running]:
    query = select(PenaltyCase).where(PenaltyCase.dropped_on.is_(None))
    if agency_id is not None:
        query = query.where(PenaltyCase.agency_id == agency_id)
    for case in session.scalars(query.options(_enterprise_of(PenaltyCase))):
        words = f"{case.case_no} {case.finding.visit.enterprise.name}"
        for kind, started in _case_clocks(case):
            yield Running(kind, started, case.agency, words, "case", case.id)


def _case_clocks(case: PenaltyCase) -> Iterator[tuple[ClockKind, date]]:
    if case.decided_on is None:
        yield ClockKind.CASE_DECISION, case.filed_on
        return
    if case.served_on is None:
        yield ClockKind.CASE_DELIVERY, case.decided_on
    if case.disclosed_on is None:
        yield ClockKind.PENALTY_DISCLOSURE, case.decided_on
    is_fine = PenaltyType.FINE.value in (case.penalties or "").split(",")
    if is_fine and case.served_on is not None and case.paid_on is None:
        yield ClockKind.CASE_PAYMENT, case.served_on


def _enterprise_of(model: type[Any]) -> Any:
    """Finding, visit and enterprise of every row in three queries instead of three a row."""
    finding = selectinload(model.finding)
    return finding.selectinload(ItemFinding.visit).selectinload(Visit.enterprise)


_SOURCES: tuple[Callable[[Session, int | None], Iterator[Running]], ...] = (
    _disclosures,
    _orders,
    _transfers,
    _notices,
    _objections,
    _withdrawals,
    _cases,
)
