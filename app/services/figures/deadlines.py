"""The deadlines that run, kept ready: their moments do not move, so a state is a comparison with the clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, delete, func, insert, select, tuple_
from sqlalchemy.orm import Session

from app.domain import clocks
from app.domain.clocks import CLOCKS, Deadline
from app.domain.vocabulary import ClockKind, ClockState
from app.models import Agency, FigureDeadline
from app.services.calendar import working_calendar
from app.services.clock_sources import Running
from app.services.clocks import ORDER, Reading, readings

COLUMNS = ("record", "key", "kind", "agency_id", "ordinal", "subject", "started", "warns", "due")
BLOCK = 2000
Kept = set[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deadlines a reader asks for; nothing stands for all."""

    agency_id: int | None = None
    kinds: Collection[ClockKind] | None = None
    state: ClockState | None = None


def running(session: Session, now: datetime) -> Kept:
    """Every deadline that runs, as it is kept."""
    found: Kept = set()
    several: Counter[tuple[Any, ...]] = Counter()
    for reading in readings(session, now):
        each, deadline = reading.running, reading.deadline
        key = (each.record, each.key, each.kind.value, each.agency.id)
        subject = each.subject[:300]
        found.add((*key, several[key], subject, deadline.started, deadline.warns, deadline.due))
        several[key] += 1
    return found


def write(session: Session, found: Kept) -> None:
    """Replace what is kept; deadlines that have not changed are left alone."""
    columns = [getattr(FigureDeadline, name) for name in COLUMNS]
    kept = {tuple(row) for row in session.execute(select(*columns))}
    keys = [row[:5] for row in kept - found]
    names = [getattr(FigureDeadline, name) for name in COLUMNS[:5]]
    for begin in range(0, len(keys), 200):
        session.execute(
            delete(FigureDeadline).where(tuple_(*names).in_(keys[begin : begin + 200])),
            execution_options={"synchronize_session": False},
        )
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in found - kept]
    for begin in range(0, len(rows), BLOCK):
        session.execute(insert(FigureDeadline.__table__), rows[begin : begin + BLOCK])


def counted(session: Session, now: datetime, asked: Asked) -> dict[ClockState, int]:
    """How many deadlines stand how, every state named."""
    state = _state(now)
    query = _of(select(state, func.count()).group_by(state), asked, now)
    found = {ClockState.of(value): int(number) for value, number in session.execute(query)}
    return {each: found.get(each, 0) for each in ORDER}


def late_by_agency(
    session: Session, now: datetime, agency_id: int | None = None
) -> list[tuple[Agency, Mapping[ClockKind, int]]]:
    """What is late and whose: departments with something late, and how much of each kind."""
    query = (
        select(FigureDeadline.agency_id, FigureDeadline.kind, func.count())
        .where(FigureDeadline.due <= now)
        .group_by(FigureDeadline.agency_id, FigureDeadline.kind)
    )
    if agency_id is not None:
        query = query.where(FigureDeadline.agency_id == agency_id)
    late: dict[int, dict[ClockKind, int]] = {}
    for agency, kind, number in session.execute(query):
        late.setdefault(agency, {})[ClockKind.of(kind)] = int(number)
    agencies = session.scalars(select(Agency).order_by(Agency.is_bureau.desc(), Agency.code))
    return [(agency, late[agency.id]) for agency in agencies if agency.id in late]


def listed(session: Session, now: datetime, asked: Asked, most: int) -> list[Reading]:
    """The deadlines asked for, the most urgent first."""
    rank = case(*[(_state(now) == state.value, place) for place, state in enumerate(ORDER)])
    query = _of(select(FigureDeadline), asked, now)
    rows = session.scalars(query.order_by(rank, FigureDeadline.due, FigureDeadline.key).limit(most))
    agencies = {agency.id: agency for agency in session.scalars(select(Agency))}
    calendar = working_calendar(session)
    found = []
    for row in rows:
        kind = ClockKind.of(row.kind)
        deadline = Deadline(CLOCKS[kind], row.started, row.warns, row.due, calendar.confirmed_until)
        each = Running(kind, row.started, agencies[row.agency_id], row.subject, row.record, row.key)
        state = clocks.state_of(deadline, now)
        found.append(Reading(each, deadline, state, clocks.left(deadline, now, calendar)))
    return found


def number_of(session: Session, now: datetime, asked: Asked) -> int:
    """How many deadlines were asked for."""
    return session.scalar(_of(select(func.count()).select_from(FigureDeadline), asked, now)) or 0


def kinds_of(session: Session, agency_id: int | None = None) -> list[ClockKind]:
    """Which kinds of deadlines run at present, in the order of the vocabulary."""
    query = select(FigureDeadline.kind).distinct()
    if agency_id is not None:
        query = query.where(FigureDeadline.agency_id == agency_id)
    found = set(session.scalars(query))
    return [kind for kind in ClockKind if kind.value in found]


def _of(query: Select[Any], asked: Asked, now: datetime) -> Select[Any]:
    if asked.agency_id is not None:
        query = query.where(FigureDeadline.agency_id == asked.agency_id)
    if asked.kinds is not None:
        query = query.where(FigureDeadline.kind.in_([kind.value for kind in asked.kinds]))
    if asked.state is not None:
        query = query.where(_state(now) == asked.state.value)
    return query


def _state(now: datetime) -> Any:
    """The state of a kept deadline, as app.domain.clocks.state_of says it of one."""
    return case(
        (FigureDeadline.due.is_(None), ClockState.UNKNOWN.value),
        (FigureDeadline.due <= now, ClockState.LATE.value),
        (and_(FigureDeadline.warns.is_not(None), FigureDeadline.warns <= now), ClockState.WARNING.value),
        else_=ClockState.RUNNING.value,
    )
