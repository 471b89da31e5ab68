"""Figures of the work desk and its charts: the same measures as the reports (R77)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.domain.measures import GroupRow, HomeFigures, Period
from app.services.statistics import sections
from app.services.statistics.facts import Coverage, gathered
from app.services.statistics.progress import planned, task_counts
from app.services.statistics.tallies import whole


def figures(
    session: Session, year: int, today: date, *, roster: int = 0, agency_id: int | None = None
) -> HomeFigures:
    """This year's figures; `roster` is the number of targets on the roster, counted by the caller."""
    with gathered(session, Coverage(Period(year), today, agency_id)) as base:
        tally = whole(session, base)
        tasks, joint_tasks = task_counts(session, base)
    wanted = planned(session, year)
    return HomeFigures(
        year=year,
        roster=roster,
        planned=sum(wanted.values()) if agency_id is None else wanted.get(agency_id, 0),
        tally=tally,
        tasks=tasks,
        joint_tasks=joint_tasks,
    )


def by_district(
    session: Session, year: int, today: date, *, agency_id: int | None = None
) -> Sequence[GroupRow]:
    """One row a district, also those with 0."""
    coverage = Coverage(Period(year), today, agency_id)
    with gathered(session, coverage) as base:
        return list(sections.districts(session, coverage, base).rows)


def by_agency(session: Session, year: int, today: date) -> Sequence[GroupRow]:
    """One row a department, also those with 0."""
    coverage = Coverage(Period(year), today)
    with gathered(session, coverage) as base:
        return list(sections.agencies(session, coverage, base).rows)
