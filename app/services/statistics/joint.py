"""联合检查的成效 (R75): the same measures as the reports, by department and beside the year before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.domain.measures import JointRow, Period, Tally
from app.services.statistics.facts import Coverage, gathered
from app.services.statistics.sections import agency_names
from app.services.statistics.tallies import tallies, whole

ALL = "全部部门"


@dataclass(frozen=True, slots=True)
class JointFigures:
    """One row a department, and all of them together, in which nobody counts twice."""

    period: Period
    rows: tuple[JointRow, ...]
    whole: JointRow


def joint_figures(
    session: Session, period: Period, today: date, *, agency_id: int | None = None
) -> JointFigures:
    """Joint inspection in a period and a year before; departments that did nothing are shown with 0."""
    now, all_now = _tallies(session, Coverage(period, today, agency_id))
    before, all_before = _tallies(session, Coverage(period.year_before, today, agency_id))
    rows = tuple(
        JointRow(code, label, now.get(key, Tally()), before.get(key, Tally()))
        for key, code, label in agency_names(session, agency_id)
    )
    return JointFigures(period, rows, JointRow("", ALL, all_now, all_before))


def _tallies(session: Session, coverage: Coverage) -> tuple[Mapping[int, Tally], Tally]:
    with gathered(session, coverage) as base:
        found = tallies(session, base, "agency_id")
        return {key: tally for (key,), tally in found.items()}, whole(session, base)
