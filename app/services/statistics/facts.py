"""The rows that every measure counts: one row a 件, that is one drawn target for one item.

InspectionTask → standing Draw → DrawnTarget → Visit → ItemFinding → latest FindingRecord, each later step
by outer join, so that whoever was not visited yet stays in the denominator (R33). Reserves do not count;
where a reserve took the place of a firm that had ceased before the match, the place counts once, by who
holds it now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Subquery,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import GenericFunction

from app.domain.measures import Period, PeriodKind
from app.domain.vocabulary import (
    PROBLEM_RESULTS,
    CheckMethod,
    DisclosureKind,
    DrawState,
    FindingState,
    VisitState,
)
from app.models import (
    Disclosure,
    Draw,
    DrawnTarget,
    Enterprise,
    FindingMethod,
    FindingRecord,
    FindingResult,
    InspectionPlan,
    InspectionTask,
    ItemFinding,
    ItemVersion,
    PlanLine,
    TargetReplacement,
    TaskItem,
    Visit,
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a report covers: the period, one department's items or all, and the day it is made on."""

    period: Period
    today: date
    agency_id: int | None = None


class china_date(GenericFunction[date]):
    """The calendar day in China of a stored UTC moment."""

    type = Date()
    inherit_cache = True


@compiles(china_date, "sqlite")
def _china_date_sqlite(element: china_date, compiler: Any, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)}, '+8 hours')"


@compiles(china_date)
def _china_date(element: china_date, compiler: Any, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AT TIME ZONE 'Asia/Shanghai' AS DATE)"


def in_period(period: Period) -> ColumnElement[bool]:
    """The draws of a period: a year by the year of the plan, a quarter or month by the day of the freeze."""
    if period.kind == PeriodKind.YEAR:
        return InspectionPlan.year == period.year
    start, after = period.moments
    return and_(Draw.frozen_at >= start, Draw.frozen_at < after)


def facts(coverage: Coverage) -> Subquery:
    """One row for each drawn target and item in scope, with its keys and its 0/1 steps."""
    latest, problems, methods, published = _latest(), _problems(), _methods(), _published()
    query = (
        _joined(coverage)
        .outerjoin(latest, latest.c.finding_id == ItemFinding.id)
        .outerjoin(problems, problems.c.record_id == latest.c.record_id)
        .outerjoin(methods, methods.c.record_id == latest.c.record_id)
        .outerjoin(
            published,
            and_(published.c.subject_id == Visit.id, published.c.agency_id == TaskItem.agency_id),
        )
    )
    disclosed = and_(ItemFinding.state == FindingState.DISCLOSED, published.c.standing > 0)
    checked = and_(ItemFinding.id.is_not(None), ItemFinding.state != FindingState.UNCHECKED)
    deadline = and_(Visit.disclose_by.is_not(None), or_(disclosed, Visit.disclose_by < coverage.today))
    return query.add_columns(
        latest.c.record_id.label("record_id"),
        _flag(checked).label("checked"),
        _flag(disclosed).label("disclosed"),
        _flag(and_(disclosed, ItemFinding.closed_on.is_not(None))).label("closed"),
        _flag(and_(checked, problems.c.record_id.is_not(None))).label("problem"),
        _flag(deadline).label("due"),
        _flag(and_(disclosed, china_date(published.c.first) <= Visit.disclose_by)).label("punctual"),
        methods.c.entered.label("entered"),
    ).subquery("facts")


def _joined(coverage: Coverage) -> Select[Any]:
    own = true() if coverage.agency_id is None else TaskItem.agency_id == coverage.agency_id
    return (
        select(
            DrawnTarget.id.label("target_id"),
            DrawnTarget.draw_id.label("draw_id"),
            DrawnTarget.enterprise_id.label("enterprise_id"),
            InspectionTask.id.label("task_id"),
            InspectionTask.line_id.label("line_id"),
            case((InspectionTask.is_joint, 1), else_=0).label("is_joint"),
            TaskItem.agency_id.label("agency_id"),
            TaskItem.version_id.label("version_id"),
            TaskItem.category_id.label("category_id"),
            ItemVersion.item_id.label("item_id"),
            Enterprise.territory_code.label("territory_code"),
            func.substr(Enterprise.industry_code, 1, 2).label("division"),
            Visit.id.label("visit_id"),
            ItemFinding.id.label("finding_id"),
        )
        .select_from(DrawnTarget)
        .join(Draw, Draw.id == DrawnTarget.draw_id)
        .join(InspectionTask, InspectionTask.id == Draw.task_id)
        .join(PlanLine, PlanLine.id == InspectionTask.line_id)
        .join(InspectionPlan, InspectionPlan.id == PlanLine.plan_id)
        .join(TaskItem, and_(TaskItem.task_id == Draw.task_id, TaskItem.code == DrawnTarget.item_code))
        .join(ItemVersion, ItemVersion.id == TaskItem.version_id)
        .join(Enterprise, Enterprise.id == DrawnTarget.enterprise_id)
        .outerjoin(
            Visit,
            and_(
                Visit.draw_id == DrawnTarget.draw_id,
                Visit.enterprise_id == DrawnTarget.enterprise_id,
                Visit.state != VisitState.CANCELLED,
            ),
        )
        .outerjoin(
            ItemFinding, and_(ItemFinding.visit_id == Visit.id, ItemFinding.task_item_id == TaskItem.id)
        )
        .where(
            Draw.state == DrawState.DRAWN,
            or_(DrawnTarget.is_reserve == false(), _replaced(TargetReplacement.came_identifier)),
            not_(_replaced(TargetReplacement.left_identifier)),
            in_period(coverage.period),
            own,
        )
    )


def _replaced(identifier: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """True when a logged replacement names the drawn target in this role."""
    return exists().where(
        TargetReplacement.draw_id == DrawnTarget.draw_id,
        TargetReplacement.item_code == DrawnTarget.item_code,
        identifier == DrawnTarget.identifier,
    )


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _latest() -> Subquery:
    """The newest record of each finding: an earlier version is history, not a second result."""
    newest = (
        select(FindingRecord.finding_id, func.max(FindingRecord.version).label("version"))
        .group_by(FindingRecord.finding_id)
        .subquery()
    )
    return (
        select(FindingRecord.finding_id, FindingRecord.id.label("record_id"))
        .join(
            newest,
            and_(newest.c.finding_id == FindingRecord.finding_id, newest.c.version == FindingRecord.version),
        )
        .subquery("latest")
    )


def _problems() -> Subquery:
    return (
        select(FindingResult.record_id)
        .where(FindingResult.code.in_(sorted(PROBLEM_RESULTS)))
        .distinct()
        .subquery("problems")
    )


def _methods() -> Subquery:
    """`entered`: 1 when the record names an on-site check, 0 when it names only others."""
    entered = func.max(_flag(FindingMethod.code == literal(CheckMethod.ON_SITE, FindingMethod.code.type)))
    return (
        select(FindingMethod.record_id, entered.label("entered"))
        .group_by(FindingMethod.record_id)
        .subquery("methods")
    )


def _published() -> Subquery:
    """Per visit and department: when its results were first published, and how many publications stand."""
    return (
        select(
            Disclosure.subject_id,
            Disclosure.agency_id,
            func.min(Disclosure.published_at).label("first"),
            func.sum(_flag(Disclosure.withdrawn_at.is_(None))).label("standing"),
        )
        .where(Disclosure.kind == DisclosureKind.RESULT)
        .group_by(Disclosure.subject_id, Disclosure.agency_id)
        .subquery("published")
    )
