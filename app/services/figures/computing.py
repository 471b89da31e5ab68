"""Computes the figures of one year: the sheet of each department and of all, and the rows behind them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import Select, Subquery, and_, case, extract, func, literal, select, union
from sqlalchemy.orm import Session

from app.domain.measures import Period, Tally, added
from app.domain.vocabulary import CountKind, InspectorStatus, StaffKind, VisitState
from app.models import (
    Agency,
    EnterpriseEntry,
    FigureCount,
    FigureRow,
    FigureSheet,
    FindingRecord,
    Inspector,
    ItemFinding,
    Visit,
    VisitMember,
)
from app.services.figures.plain import plain
from app.services.frequency import COUNTED_ENTRIES
from app.services.statistics.facts import NOT_CHECKED, Coverage, gathered
from app.services.statistics.progress import planned
from app.services.statistics.tallies import counts

ALL = 0
"""The place of an agency in what is kept for all departments together."""
ROW_COLUMNS = tuple(column.name for column in FigureRow.__table__.columns)
Places = Mapping[tuple[Any, ...], Tally]


Row: TypeAlias = tuple[Any, ...]
Numbers: TypeAlias = Mapping[tuple[str, int, int], int]


@dataclass(frozen=True, slots=True)
class YearFigures:
    """What is to be kept of one year, as it differs from what is kept; without sheets nothing has changed.

    `numbers` are (kind, agency, subject) → how often.
    """

    sheets: Mapping[int, Mapping[str, Any]]
    gone: Sequence[Row]
    fresh: Sequence[Row]
    numbers_gone: Sequence[tuple[str, int, int]]
    numbers_fresh: Numbers


def year_figures(session: Session, year: int, today: date) -> YearFigures:
    """Everything kept of the year, read from the records as they stand."""
    with gathered(session, Coverage(Period(year), today)) as base:
        facts = _with_months(base, year)
        rows = {tuple(row) for row in session.execute(_rows(facts, year))}
        kept = _kept_rows(session, year)
        numbers, known = {**_burden(session, year), **_load(session, year)}, _kept_numbers(session, year)
        wanted = {key: number for key, number in planned(session, year).items() if number}
        sheets: Mapping[int, Mapping[str, Any]] = {}
        if rows != kept or numbers != known or _kept_plan(session, year) != wanted:
            sheets = _sheets(session, facts, numbers, wanted)
    return YearFigures(
        sheets,
        list(kept - rows),
        list(rows - kept),
        [key for key, number in known.items() if numbers.get(key) != number],
        {key: number for key, number in numbers.items() if known.get(key) != number},
    )


def _sheets(
    session: Session, facts: Subquery, numbers: Numbers, wanted: Mapping[int, int]
) -> dict[int, dict[str, Any]]:
    places = counts(session, facts, "agency_id", "territory_code", "division")
    months = counts(session, facts, "agency_id", "month")
    tasks, spreads = _tasks(session, facts), _spreads(numbers)
    agencies = list(session.scalars(select(Agency.id)))
    sheets = {
        key: _sheet(
            _of(places, key), _of(months, key), tasks.get(key, (0, 0)), wanted.get(key, 0), spreads[key]
        )
        for key in agencies
    }
    whole = _sheet(
        counts(session, facts, "territory_code", "division"),
        counts(session, facts, "month"),
        tasks[ALL],
        sum(wanted.values()),
        spreads[ALL],
    )
    whole["agencies"] = {str(key): [wanted.get(key, 0), sheets[key]["whole"]] for key in agencies}
    return {ALL: whole, **sheets}


def _kept_rows(session: Session, year: int) -> set[Row]:
    columns = [getattr(FigureRow, name) for name in ROW_COLUMNS]
    return {tuple(row) for row in session.execute(select(*columns).where(FigureRow.year == year))}


def _kept_numbers(session: Session, year: int) -> dict[tuple[str, int, int], int]:
    query = select(FigureCount.kind, FigureCount.agency_id, FigureCount.subject_id, FigureCount.number)
    found = session.execute(query.where(FigureCount.year == year))
    return {(kind, agency, subject): number for kind, agency, subject, number in found}


def _kept_plan(session: Session, year: int) -> dict[int, int] | None:
    """The planned figure of every department that has one, as it is kept; None when there is no sheet."""
    kept = session.get(FigureSheet, (year, ALL))
    agencies = kept.figures["agencies"] if kept else {}
    found = {int(key): int(planned) for key, (planned, _whole) in agencies.items() if planned}
    return found if kept else None


def _with_months(base: Subquery, year: int) -> Subquery:
    """The facts with the month of the check, 0 where there was none in the year."""
    checked_on = FindingRecord.checked_on
    inside = and_(base.c.checked == 1, checked_on.between(date(year, 1, 1), date(year, 12, 31)))
    month = case((inside, extract("month", checked_on)), else_=0).label("month")
    joined = select(base, month).outerjoin(FindingRecord, FindingRecord.id == base.c.record_id)
    return joined.subquery("dated")


def _rows(facts: Subquery, year: int) -> Select[Any]:
    columns = [literal(year).label("year") if name == "year" else facts.c[name] for name in ROW_COLUMNS]
    return select(*columns)


def _sheet(
    places: Places, months: Places, tasks: tuple[int, int], wanted: int, spreads: Mapping[str, Counter[int]]
) -> dict[str, Any]:
    """One department's figures, or all: a household lies in one district and one division, so sums are exact."""
    return {
        "planned": wanted,
        "tasks": tasks[0],
        "joint_tasks": tasks[1],
        "whole": plain(added(places.values())),
        "districts": _by(places, 0),
        "industries": _by(places, 1),
        "months": {str(key[0]): plain(tally) for key, tally in months.items()},
        "spreads": {
            kind: {str(n): subjects for n, subjects in found.items()} for kind, found in spreads.items()
        },
    }


def _by(places: Places, position: int) -> dict[str, Any]:
    groups: dict[str, list[Tally]] = defaultdict(list)
    for key, tally in places.items():
        groups[key[position] or ""].append(tally)
    return {code: plain(added(tallies)) for code, tallies in groups.items()}


def _of(places: Places, agency_id: int) -> Places:
    """The groups of one agency, without the agency in their keys."""
    return {key[1:]: tally for key, tally in places.items() if key[0] == agency_id}


def _tasks(session: Session, facts: Subquery) -> dict[int, tuple[int, int]]:
    """(tasks drawn, joint ones among them) by agency and of all."""
    joint = case((facts.c.is_joint == 1, facts.c.task_id))
    numbers = func.count(facts.c.task_id.distinct()), func.count(joint.distinct())
    found = {ALL: tuple(session.execute(select(*numbers)).one())}
    for agency, *both in session.execute(select(facts.c.agency_id, *numbers).group_by(facts.c.agency_id)):
        found[agency] = tuple(both)
    return {key: (int(value[0]), int(value[1])) for key, value in found.items()}


def _burden(session: Session, year: int) -> dict[tuple[str, int, int], int]:
    """Days on which an enterprise was checked or entered in the year, whatever the occasion (R36, R37)."""
    day, entered = Visit.done_on, EnterpriseEntry.entered_on
    checked = Visit.done_on.between(*_bounds(year)), Visit.state != VisitState.CANCELLED
    counted = entered.between(*_bounds(year)), EnterpriseEntry.kind.in_(COUNTED_ENTRIES)
    everybody: Any = union(
        select(literal(ALL).label("agency"), Visit.enterprise_id, day.label("day")).where(*checked),
        select(literal(ALL), EnterpriseEntry.enterprise_id, entered).where(*counted),
    )
    by_agency: Any = union(
        select(ItemFinding.agency_id.label("agency"), Visit.enterprise_id, day.label("day"))
        .join(ItemFinding, ItemFinding.visit_id == Visit.id)
        .where(*checked, ItemFinding.state.not_in(NOT_CHECKED)),
        select(EnterpriseEntry.agency_id, EnterpriseEntry.enterprise_id, entered).where(*counted),
    )
    return {
        (CountKind.BURDEN.value, int(agency), int(firm)): int(number)
        for days in (everybody.subquery(), by_agency.subquery())
        for agency, firm, number in session.execute(
            select(days.c.agency, days.c.enterprise_id, func.count()).group_by(
                days.c.agency, days.c.enterprise_id
            )
        )
    }


def _load(session: Session, year: int) -> dict[tuple[str, int, int], int]:
    """Visits of the year that each inspector on the roster made, 0 for whoever made none."""
    made = (
        select(VisitMember.inspector_id, func.count().label("visits"))
        .join(Visit, Visit.id == VisitMember.visit_id)
        .where(
            VisitMember.left_at.is_(None),
            Visit.state != VisitState.CANCELLED,
            Visit.done_on.between(*_bounds(year)),
        )
        .group_by(VisitMember.inspector_id)
        .subquery()
    )
    query = (
        select(Inspector.id, Inspector.agency_id, func.coalesce(made.c.visits, 0))
        .outerjoin(made, made.c.inspector_id == Inspector.id)
        .where(Inspector.kind == StaffKind.INSPECTOR, Inspector.status != InspectorStatus.LEFT)
    )
    return {
        (CountKind.LOAD.value, place, int(person)): int(number)
        for person, agency, number in session.execute(query)
        for place in (ALL, int(agency))
    }


def _spreads(numbers: Numbers) -> defaultdict[int, dict[str, Counter[int]]]:
    """By agency and kind: how many subjects were counted how often."""
    found: defaultdict[int, dict[str, Counter[int]]] = defaultdict(
        lambda: {kind.value: Counter() for kind in CountKind}
    )
    for (kind, agency, _), number in numbers.items():
        found[agency][kind][number] += 1
    return found


def _bounds(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)
