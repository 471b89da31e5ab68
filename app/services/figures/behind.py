"""What stands behind a figure: exactly the households, visits or findings that it counts, one row each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, literal, select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.measures import MEASURES, Bin, Measure, Unit
from app.domain.vocabulary import CountKind
from app.models import (
    Agency,
    Enterprise,
    FigureCount,
    FigureRow,
    InspectionItem,
    InspectionPlan,
    InspectionTask,
    Inspector,
    ItemVersion,
    PlanLine,
    PlanLineItem,
    Visit,
)
from app.services.figures.computing import ALL
from app.services.statistics.sections import STANDING_PLANS
from app.services.statistics.tallies import FINDING, HOUSEHOLD, VISIT, conduct_steps, count_steps

_VISITS = tuple(reversed(VISIT))
UNITS: Mapping[str, Sequence[str]] = {
    "households": HOUSEHOLD,
    "visits": _VISITS,
    "findings": (*_VISITS, *FINDING),
    "conduct": _VISITS,
}
"""What makes one unit, in the order in which the rows lie; a finding has one enterprise and one draw."""
NOT_STATED = "-"
"""How a group without a code stands in an address."""


class FigureUnknown(DomainError):
    """There is no such figure, or none whose rows can be listed."""

    code = "figure_unknown"


@dataclass(frozen=True, slots=True)
class Question:
    """A figure of the dashboard: its measure and the group it is about. Raises FigureUnknown."""

    year: int
    measure: str
    agency_id: int | None = None
    district: str = ""
    division: str = ""
    month: int | None = None

    def __post_init__(self) -> None:
        if self.measure not in LISTED:
            raise FigureUnknown(figure=self.measure)

    @property
    def definition(self) -> Measure:
        """The measure in the catalogue."""
        return MEASURES[self.measure]

    @property
    def unit(self) -> Unit:
        """What one row of the list is."""
        return self.definition.unit


@dataclass(frozen=True, slots=True)
class Behind:
    """One row behind a figure; a household or visit with how many items it has, and how many with a problem."""

    enterprise_id: int
    enterprise: str
    identifier: str
    district: str
    visit_id: int | None
    visit: str
    task_id: int
    task: str
    items: int
    problems: int


@dataclass(frozen=True, slots=True)
class Planned:
    """One item of a plan line: how many targets it asks for (⌈base × ratio⌉, R26)."""

    plan_id: int
    plan: str
    line: str
    item: str
    agency: str
    base: int
    ppm: int
    targets: int


@dataclass(frozen=True, slots=True)
class Counted:
    """One enterprise or inspector in a bin of a spread, and how often."""

    key: int
    name: str
    code: str
    number: int


def number_behind(session: Session, question: Question) -> int:
    """How many rows stand behind a figure; equal to the figure by the same conditions."""
    return session.scalar(select(func.count()).select_from(_units(question, literal(1)).subquery())) or 0


def rows_behind(session: Session, question: Question, begin: int, most: int) -> list[Behind]:
    """The rows behind a figure from a place on, in the order of the enterprises."""
    page = _page(question, begin, most)
    query = (
        select(
            page,
            Enterprise.name,
            Enterprise.identifier,
            Visit.number,
            InspectionTask.name.label("task"),
        )
        .join(Enterprise, Enterprise.id == page.c.enterprise_id)
        .outerjoin(Visit, Visit.id == page.c.visit_id)
        .join(InspectionTask, InspectionTask.id == page.c.task_id)
        .order_by(page.c.enterprise_id, page.c.draw_id, page.c.target_id)
    )
    return [
        Behind(
            row.enterprise_id,
            row.name,
            row.identifier,
            row.territory_code or "",
            row.visit_id,
            row.number or "",
            row.task_id,
            row.task,
            row.items,
            row.problem,
        )
        for row in session.execute(query)
    ]


def planned_behind(session: Session, year: int, agency_id: int | None) -> list[Planned]:
    """The items of the approved plans of a year; their targets add up to the figure of the plan."""
    query = (
        select(
            InspectionPlan.id,
            InspectionPlan.title,
            PlanLine.name.label("line"),
            ItemVersion.name,
            Agency.short_name,
            PlanLineItem.base_count,
            PlanLineItem.ppm,
            PlanLineItem.target_count,
        )
        .join(PlanLine, PlanLine.plan_id == InspectionPlan.id)
        .join(PlanLineItem, PlanLineItem.line_id == PlanLine.id)
        .join(ItemVersion, ItemVersion.id == PlanLineItem.version_id)
        .join(InspectionItem, InspectionItem.id == ItemVersion.item_id)
        .join(Agency, Agency.id == InspectionItem.agency_id)
        .where(InspectionPlan.year == year, InspectionPlan.state.in_(STANDING_PLANS))
        .order_by(InspectionPlan.id, PlanLine.ordinal, PlanLineItem.id)
    )
    if agency_id is not None:
        query = query.where(InspectionItem.agency_id == agency_id)
    return [Planned(*row) for row in session.execute(query)]


def counted_behind(
    session: Session, year: int, kind: CountKind, place: Bin, agency_id: int | None, begin: int, most: int
) -> tuple[int, list[Counted]]:
    """How many fall into a bin, and a page of them by their code: no ranking (R45)."""
    inside = [
        FigureCount.year == year,
        FigureCount.kind == kind.value,
        FigureCount.agency_id == (agency_id or ALL),
        FigureCount.number >= place.least,
    ]
    if place.most is not None:
        inside.append(FigureCount.number <= place.most)
    total = session.scalar(select(func.count()).select_from(FigureCount).where(*inside)) or 0
    page = (
        select(FigureCount.subject_id, FigureCount.number)
        .where(*inside)
        .order_by(FigureCount.subject_id)
        .offset(begin)
        .limit(most)
        .subquery()
    )
    model, code = (
        (Enterprise, Enterprise.identifier) if kind == CountKind.BURDEN else (Inspector, Inspector.staff_no)
    )
    query = (
        select(page.c.subject_id, model.name, code, page.c.number)
        .join(model, model.id == page.c.subject_id)
        .order_by(page.c.subject_id)
    )
    return total, [Counted(*row) for row in session.execute(query)]


def _units(question: Question, *columns: ColumnElement[Any]) -> Select[Any]:
    """The units that the figure counts, each one row in the order in which the rows lie."""
    row = FigureRow.__table__
    group, _, step = question.definition.part.partition(".")
    query = select(*columns or (row.c.target_id,)).where(*_conditions(question))
    if group == "findings":  # a row is a unit already
        return query if step == "total" else query.where(row.c[step] == 1)
    query = query.group_by(*[row.c[name] for name in UNITS[group]])
    if step == "total":
        return query
    steps = conduct_steps(row) if group == "conduct" else count_steps(row)
    return query.having(steps[step] == 1)


def _page(question: Question, begin: int, most: int) -> Subquery:
    row = FigureRow.__table__
    names = ("enterprise_id", "draw_id", "territory_code", "visit_id", "task_id", "target_id", "problem")
    if question.unit == Unit.FINDING:
        columns = [row.c[name] for name in names] + [literal(1).label("items")]
    else:
        columns = [row.c.enterprise_id, *[func.max(row.c[name]).label(name) for name in names[1:6]]]
        columns += [func.sum(row.c.problem).label("problem"), func.count().label("items")]
    keys = [row.c[name] for name in UNITS[question.definition.part.partition(".")[0]]]
    return _units(question, *columns).order_by(*keys).offset(begin).limit(most).subquery("units")


def _conditions(question: Question) -> list[ColumnElement[bool]]:
    found = [FigureRow.year == question.year]
    if question.agency_id is not None:
        found.append(FigureRow.agency_id == question.agency_id)
    for column, code in (
        (FigureRow.territory_code, question.district),
        (FigureRow.division, question.division),
    ):
        if code:
            found.append(column.is_(None) if code == NOT_STATED else column == code)
    if question.month is not None:
        found.append(FigureRow.month == question.month)
    return found


def _is_listed(measure: Measure) -> bool:
    group, _, step = measure.part.partition(".")
    known = {"total", "checked", "disclosed", "closed", "problem"}
    if group == "conduct":
        known = {
            "joint",
            "off_site",
            "due",
            "on_time",
            "overdue",
            "on_site",
            "joint_on_site",
            "shared",
            "external",
            "withdrawn",
        }
    return not measure.whole and group in UNITS and step in known


LISTED = frozenset(key for key, measure in MEASURES.items() if _is_listed(measure))
"""The measures whose rows can be listed: those that count units, not those that subtract or add."""
