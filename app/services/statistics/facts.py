"""The rows that every measure counts: one row a 件, that is one drawn target for one item.

What the other platform has drawn stands beside them (external.py), under keys that no draw of ours has.

InspectionTask → standing Draw → DrawnTarget → Visit → ItemFinding → latest FindingRecord, each later step
by outer join, so that whoever was not visited yet stays in the denominator (R33). Reserves do not count;
where a reserve took the place of a firm that had ceased before the match, the place counts once, by who
holds it now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from secrets import token_hex
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Date,
    FromClause,
    MetaData,
    ScalarSelect,
    Select,
    Subquery,
    Table,
    and_,
    case,
    exists,
    false,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased
from sqlalchemy.sql.functions import GenericFunction

from app.domain.measures import Period, PeriodKind
from app.domain.vocabulary import (
    PROBLEM_RESULTS,
    CheckMethod,
    DisclosureKind,
    DrawState,
    FindingState,
    PartState,
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
    TaskPart,
    Visit,
)
from app.services.statistics.expressions import flag, item_firm_and_visit, newest_version
from app.services.statistics.external import external

T = TypeVar("T")
NOT_CHECKED = (FindingState.UNCHECKED, FindingState.WITHDRAWN)

KEYS = (
    "target_id",
    "draw_id",
    "enterprise_id",
    "task_id",
    "line_id",
    "is_joint",
    "agency_id",
    "version_id",
    "category_id",
    "item_id",
    "territory_code",
    "division",
    "risk_class",
    "visit_id",
    "finding_id",
    "record_id",
    "is_external",
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a report covers: the period, one department's items or all, one district or all, and the day it is
    made on."""

    period: Period
    today: date
    agency_id: int | None = None
    territory: str | None = None
    """One district's firms only, by the code of the territory; items, plans and staff belong to no district."""


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


KEPT: WeakKeyDictionary[FromClause, dict[str, Any]] = WeakKeyDictionary()
"""What was worked out from gathered facts and is asked for by several sections of one report."""


def kept(base: FromClause, name: str, work: Callable[[], T]) -> T:
    """What `work` gives, once for facts that are gathered; anew each time for facts that are read where they stand."""
    known = KEPT.get(base)
    if known is None:
        return work()
    if name not in known:
        known[name] = work()
    found: T = known[name]
    return found


@contextmanager
def gathered(session: Session, coverage: Coverage) -> Iterator[Subquery]:
    """The facts read once, into a temporary table, to be grouped many times; gone at the end.

    First what is looked up, then the steps that follow from it, so that neither is worked out twice.
    """
    # The savepoint holds the making and the dropping together on SQLite too, where a rollback would
    # otherwise bring back a table that was dropped inside a transaction begun after it was made.
    with session.begin_nested():
        looked_up_rows = _temporary(session, _lookups(coverage))
        steps = select(_steps(looked_up_rows, coverage))
        table = _temporary(session, steps)
        looked_up_rows.drop(session.connection(), checkfirst=False)
        base = select(table).subquery("facts")
        KEPT[base] = {}
        yield base
        table.drop(session.connection(), checkfirst=False)


def _temporary(session: Session, query: Select[Any] | CompoundSelect[Any]) -> Table:
    """The rows of a query as a temporary table."""
    columns = [Column(column.name, column.type) for column in query.selected_columns]
    table = Table(f"facts_{token_hex(6)}", MetaData(), *columns, prefixes=["TEMPORARY"])
    table.create(session.connection(), checkfirst=False)
    session.execute(insert(table).from_select([column.name for column in columns], query))
    return table


def facts(coverage: Coverage) -> Subquery:
    """One row for each drawn target and item covered, with its keys and its 0/1 steps; for streams."""
    return _steps(_lookups(coverage).subquery("lookups"), coverage)


def listed(coverage: Coverage, *, only_disclosed: bool = False) -> Subquery:
    """The keys of every row covered, or of those whose result stands disclosed: all that a list asks for.

    The steps would be looked up for every row of a stream that shows none of them.
    """
    both = (_joined(coverage), external(coverage.period, _covered(coverage)))
    parts = [keys.add_columns(FindingRecord.id.label("record_id")) for keys in both]
    if only_disclosed:
        stands = _published(func.count(), standing=True) > 0
        parts = [part.where(ItemFinding.state == FindingState.DISCLOSED, stands) for part in parts]
    return union_all(*parts).subquery("listed")


def targets(coverage: Coverage) -> Subquery:
    """Who was drawn for which item of which task: all that a list of names asks for."""
    wanted = ("target_id", "enterprise_id", "task_id", "version_id")
    parts = [
        keys.with_only_columns(*(keys.selected_columns[name] for name in wanted))
        for keys in (_drawn(coverage), external(coverage.period, _covered(coverage)))
    ]
    return union_all(*parts).subquery("targets")


def _steps(source: FromClause, coverage: Coverage) -> Subquery:
    row = source.c
    disclosed = and_(row.state == FindingState.DISCLOSED, row.standing > 0)
    checked = and_(row.finding_id.is_not(None), row.state.not_in(NOT_CHECKED))
    deadline = and_(row.disclose_by.is_not(None), or_(disclosed, row.disclose_by < coverage.today))
    keys = [row[name] for name in KEYS]
    return select(
        *keys,
        flag(checked).label("checked"),
        flag(disclosed).label("disclosed"),
        flag(and_(disclosed, row.closed_on.is_not(None))).label("closed"),
        flag(and_(checked, row.problems > 0)).label("problem"),
        flag(deadline).label("due"),
        flag(and_(disclosed, row.first_day <= row.disclose_by)).label("punctual"),
        row.entered,
        flag(and_(checked, row.beside > 0)).label("met"),
        flag(and_(checked, row.beside > 1)).label("joined"),
        flag(and_(not_(checked), row.withdrawals > 0)).label("gone"),
    ).subquery("facts")


def _lookups(coverage: Coverage) -> CompoundSelect[Any]:
    """Our own draws, and the tasks of the other platform beside them (R76)."""
    return union_all(looked_up(_joined(coverage)), looked_up(external(coverage.period, _covered(coverage))))


def _covered(coverage: Coverage) -> ColumnElement[bool]:
    """The department's items and the district's firms, where a report is limited to them."""
    own = true() if coverage.agency_id is None else TaskItem.agency_id == coverage.agency_id
    here = true() if coverage.territory is None else Enterprise.territory_code == coverage.territory
    return and_(own, here)


def looked_up(keys: Select[Any]) -> Select[Any]:
    """The keys, and what is known of the finding: looked up through the indexes, row by row.

    Joined as whole derived tables it would tempt SQLite's planner into scanning one of them per row.
    """
    return keys.add_columns(
        FindingRecord.id.label("record_id"),
        ItemFinding.state.label("state"),
        ItemFinding.closed_on.label("closed_on"),
        func.coalesce(ItemFinding.disclose_by, Visit.disclose_by).label("disclose_by"),
        _published(china_date(func.min(Disclosure.published_at))).label("first_day"),
        _published(func.count(), standing=True).label("standing"),
        _problems().label("problems"),
        _entered().label("entered"),
        _beside().label("beside"),
        _withdrawals().label("withdrawals"),
    )


def _drawn(coverage: Coverage) -> Select[Any]:
    """The keys of what was drawn; those of the visit and the finding need them joined."""
    return (
        select(*_keys())
        .select_from(DrawnTarget)
        .join(Draw, Draw.id == DrawnTarget.draw_id)
        .join(InspectionTask, InspectionTask.id == Draw.task_id)
        .join(PlanLine, PlanLine.id == InspectionTask.line_id)
        .join(InspectionPlan, InspectionPlan.id == PlanLine.plan_id)
        .join(TaskItem, and_(TaskItem.task_id == Draw.task_id, TaskItem.code == DrawnTarget.item_code))
        .join(ItemVersion, ItemVersion.id == TaskItem.version_id)
        .join(Enterprise, Enterprise.id == DrawnTarget.enterprise_id)
        .where(
            Draw.state == DrawState.DRAWN,
            or_(DrawnTarget.is_reserve == false(), _replaced(TargetReplacement.came_identifier)),
            not_(_replaced(TargetReplacement.left_identifier)),
            in_period(coverage.period),
            _covered(coverage),
        )
    )


def _keys() -> list[ColumnElement[Any]]:
    return [
        DrawnTarget.id.label("target_id"),
        DrawnTarget.draw_id.label("draw_id"),
        DrawnTarget.enterprise_id.label("enterprise_id"),
        InspectionTask.id.label("task_id"),
        InspectionTask.line_id.label("line_id"),
        flag(InspectionTask.is_joint).label("is_joint"),
        TaskItem.agency_id.label("agency_id"),
        TaskItem.version_id.label("version_id"),
        TaskItem.category_id.label("category_id"),
        *item_firm_and_visit(),
        literal(0).label("is_external"),
    ]


def _joined(coverage: Coverage) -> Select[Any]:
    """Visit, finding and newest record beside each drawn target, where there are any."""
    return (
        _drawn(coverage)
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
        .outerjoin(
            FindingRecord,
            and_(FindingRecord.finding_id == ItemFinding.id, FindingRecord.version == newest_version()),
        )
    )


def _beside() -> ColumnElement[int]:
    """2 when another department that checked in the same visit of a joint task hosts it, 1 when this one
    hosts it and others came along, 0 or NULL when nobody else checked. The lead is the host, else the
    department that was entered first (R73, R75)."""
    other, lead = aliased(ItemFinding), InspectionTask.lead_agency_id
    earlier = and_(TaskItem.agency_id != lead, other.agency_id < TaskItem.agency_id)
    query = select(func.max(case((or_(other.agency_id == lead, earlier), 2), else_=1))).where(
        other.visit_id == ItemFinding.visit_id,
        other.state.not_in(NOT_CHECKED),
        other.agency_id != TaskItem.agency_id,
    )
    return case((InspectionTask.is_joint, query.scalar_subquery()), else_=0)


def _withdrawals() -> ColumnElement[int]:
    """1 when the department of the item has withdrawn from its joint task (R73)."""
    query = select(func.count()).where(
        TaskPart.task_id == InspectionTask.id,
        TaskPart.agency_id == TaskItem.agency_id,
        TaskPart.state == PartState.WITHDRAWN,
    )
    return case((InspectionTask.is_joint, query.scalar_subquery()), else_=0)


def _replaced(identifier: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """True when a logged replacement names the drawn target in this role."""
    return exists().where(
        TargetReplacement.draw_id == DrawnTarget.draw_id,
        TargetReplacement.item_code == DrawnTarget.item_code,
        identifier == DrawnTarget.identifier,
    )


def _problems() -> ScalarSelect[int]:
    """How many codes of the record say that a problem was found."""
    return (
        select(func.count())
        .where(FindingResult.record_id == FindingRecord.id, FindingResult.code.in_(sorted(PROBLEM_RESULTS)))
        .scalar_subquery()
    )


def _entered() -> ScalarSelect[int]:
    """1 when the record names an on-site check, 0 when it names only others, NULL when it names none."""
    on_site = flag(FindingMethod.code == literal(CheckMethod.ON_SITE, FindingMethod.code.type))
    return select(func.max(on_site)).where(FindingMethod.record_id == FindingRecord.id).scalar_subquery()


def _published(what: ColumnElement[T], *, standing: bool = False) -> ScalarSelect[T]:
    """`what` over the publications of the results of one visit by one department, or over those standing."""
    query = select(what).where(
        Disclosure.kind == DisclosureKind.RESULT,
        Disclosure.subject_id == Visit.id,
        Disclosure.agency_id == TaskItem.agency_id,
    )
    if standing:
        query = query.where(Disclosure.withdrawn_at.is_(None))
    return query.scalar_subquery()
