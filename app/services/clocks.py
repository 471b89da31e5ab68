"""期限总览 (R35, R43, R52, R54-R58, R62, R64, R68, R70, R71, R83): every deadline that runs, before it is late and after."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.domain import clocks
from app.domain.clocks import Deadline
from app.domain.vocabulary import ClockState, DisclosureKind
from app.models import Disclosure, Escalation, ItemFinding
from app.services import audit
from app.services.calendar import working_calendar
from app.services.chain import AUDIT, hold
from app.services.clock_sources import SOURCES, Running, disclosure
from app.services.joint.reminding import tell_overdue
from app.services.transaction import transaction


@dataclass(frozen=True, slots=True)
class Reading:
    """A deadline as it stands now; `left` in hours, working days or days as the clock counts."""

    running: Running
    deadline: Deadline
    state: ClockState
    left: int | None


ORDER = (ClockState.LATE, ClockState.WARNING, ClockState.UNKNOWN, ClockState.RUNNING)
"""The order of an overview: what is late, what will be, what cannot be computed, what has time."""


def readings(session: Session, now: datetime, agency_id: int | None = None) -> list[Reading]:
    """Every deadline that runs, of all departments or of one, the most urgent first."""
    calendar = working_calendar(session)
    found = []
    for source in SOURCES:
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
    running = disclosure(finding.visit_id, finding.visit.enterprise.name, finding.agency, max(days))
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
            known.add((clock.kind, subject, due))
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
            record = f"{running.record}:{running.key}"
            tell_overdue(session, clock.kind, running.agency, running.subject, record, due, now)
            data = {"clock": clock.kind, "due": due}
            audit.record(session, None, "deadline:escalated", running.subject, data)
            count += 1
        return count


def brought_up(session: Session, most: int, agency_id: int | None = None) -> list[Escalation]:
    """What was brought before the leading group last, of all departments or of one."""
    query = select(Escalation).order_by(Escalation.id.desc()).limit(most)
    if agency_id is not None:
        query = query.where(Escalation.agency_id == agency_id)
    return list(session.scalars(query.options(selectinload(Escalation.agency))))


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
