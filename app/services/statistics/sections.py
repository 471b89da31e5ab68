"""The sections of the reports that are tallies: the work form, and the tables by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Executable, Row, Subquery, and_, exists, or_, select
from sqlalchemy.orm import Session

from app.domain.measures import GroupRow, PeriodKind, Table, Tally, WorkRow
from app.domain.vocabulary import CheckMethod, PlanState, RiskClass, Scope, TaskKind, VersionState
from app.models import (
    Agency,
    FindingMethod,
    Industry,
    InspectionItem,
    InspectionPlan,
    ItemVersion,
    PlanLine,
    PlanLineItem,
    Region,
    TargetCategory,
)
from app.services.statistics.facts import Coverage
from app.services.statistics.tallies import Key, tallies, whole

Name: TypeAlias = tuple[Any, str, str]
"""Key, code and name of a group."""
STANDING_PLANS = (PlanState.APPROVED, PlanState.FILED, PlanState.DISCLOSED)
DISTRICT_LEVELS = ("市辖区", "县", "县级市", "开发区")
"""Levels of Region that are territories of their own; a functional zone lies across them (R11)."""
NOT_STATED = "未注明"
WHOLE_ROSTER = "全部检查对象"


def work(session: Session, coverage: Coverage, base: Subquery) -> Table:
    """抽查工作情况 (F1): one row per item of a plan line, also those not drawn yet in a yearly report.

    Its bands are the departments that organise (组织部门), those that organised nothing too, and the platform
    above where it has drawn.
    """
    found = tallies(session, base, "line_id", "version_id")
    rows = [
        _work_row(row, found)
        for row in session.execute(_line_items(coverage))
        if coverage.period.kind == PeriodKind.YEAR or (row.line_id, row.version_id) in found
    ]
    bands = list(session.scalars(select(Agency.name).order_by(Agency.is_bureau.desc(), Agency.code)))
    received = _received(session, found)
    if received:
        bands.append(TaskKind.EXTERNAL.label)
    return Table(rows + received, whole(session, base), bands)


def _work_row(row: Row[Any], found: Mapping[Key, Tally]) -> WorkRow:
    return WorkRow(
        label=row.name,
        scope=row.scope.label,
        targets=(row.category if row.scope == Scope.TARGETED else None) or WHOLE_ROSTER,
        base=row.base_count,
        ppm=row.ppm,
        tally=found.get((row.line_id, row.version_id), Tally()),
        organiser=row.organiser,
    )


def _received(session: Session, found: Mapping[Key, Tally]) -> list[WorkRow]:
    """The items of the tasks that the other platform has drawn; it alone knows base and ratio (R76)."""
    keys = [version_id for line_id, version_id in found if line_id is None]
    query = (
        select(ItemVersion.id, ItemVersion.name, TargetCategory.name.label("category"))
        .outerjoin(TargetCategory, TargetCategory.id == ItemVersion.category_id)
        .where(ItemVersion.id.in_(keys))
        .order_by(ItemVersion.id)
    )
    return [
        WorkRow(
            label=f"{row.name}（{TaskKind.EXTERNAL.label}）",
            scope=Scope.TARGETED.label,
            targets=row.category or WHOLE_ROSTER,
            base=None,
            ppm=None,
            tally=found[None, row.id],
            organiser=TaskKind.EXTERNAL.label,
        )
        for row in session.execute(query)
    ]


def agencies(session: Session, coverage: Coverage, base: Subquery) -> Table:
    """分部门, by the department that answers for the item; departments with nothing are shown with 0."""
    found = tallies(session, base, "agency_id")
    return _table(session, base, agency_names(session, coverage.agency_id), found)


def districts(session: Session, coverage: Coverage, base: Subquery) -> Table:
    """分区县, by territory and never by the region in the credit code (R11)."""
    found = tallies(session, base, "territory_code")
    return _table(session, base, district_names(session, [key for (key,) in found if key]), found)


def items(session: Session, coverage: Coverage, base: Subquery) -> Table:
    """分事项: every item on the published list, drawn or not."""
    found = tallies(session, base, "item_id")
    query = (
        select(InspectionItem.id, InspectionItem.code, ItemVersion.name, ItemVersion.number)
        .join(ItemVersion, ItemVersion.item_id == InspectionItem.id)
        .where(
            or_(
                ItemVersion.state == VersionState.PUBLISHED,
                InspectionItem.id.in_([key for (key,) in found]),
            )
        )
        .order_by(InspectionItem.code, ItemVersion.number)
    )
    if coverage.agency_id is not None:
        query = query.where(InspectionItem.agency_id == coverage.agency_id)
    newest = {row[0]: (row[0], row[1], row[2]) for row in session.execute(query)}
    return _table(session, base, list(newest.values()), found)


def categories(session: Session, coverage: Coverage, base: Subquery) -> Table:
    """分类名录: by the category from which the item drew."""
    found = tallies(session, base, "category_id")
    query = select(TargetCategory.id, TargetCategory.code, TargetCategory.name).order_by(TargetCategory.code)
    names = [(row[0], row[1], row[2]) for row in session.execute(query)]
    return _table(session, base, names, found, missing=WHOLE_ROSTER)


def industries(session: Session, coverage: Coverage, base: Subquery) -> Table:
    """分行业, by division (大类) of GB/T 4754-2017; only those in which somebody was drawn."""
    found = tallies(session, base, "division")
    return _table(session, base, industry_names(session, [key for (key,) in found if key]), found)


def risks(session: Session, coverage: Coverage, base: Subquery) -> Table:
    """按信用风险分类, by the class that the firm has now; for inside use only (R29)."""
    found = tallies(session, base, "risk_class")
    names = [(term, term.value, term.label) for term in RiskClass]
    return _table(session, base, names, found)


def methods(session: Session, coverage: Coverage, base: Subquery) -> Table:
    """按检查方式 of the newest record (R48); a check with several methods counts once in each.

    What was not checked yet has no method and stands in no row, nor in the total that counts nobody twice.
    """
    of_record = FindingMethod.record_id == base.c.record_id
    used = (
        select(base, FindingMethod.code.label("method"))
        .join(FindingMethod, of_record)
        .where(base.c.checked == 1)
        .subquery()
    )
    counted = select(base).where(base.c.checked == 1, exists().where(of_record)).subquery()
    names = [(term, term.value, term.label) for term in CheckMethod]
    return _table(session, counted, names, tallies(session, used, "method"))


def district_names(session: Session, shown: Sequence[str]) -> list[Name]:
    """The districts of the city, and those besides in which somebody was drawn (R11)."""
    ours = and_(Region.is_ours, Region.is_legacy.is_(False), Region.level.in_(DISTRICT_LEVELS))
    query = select(Region.code, Region.code, Region.name).where(or_(ours, Region.code.in_(shown)))
    return [(row[0], row[1], row[2]) for row in session.execute(query.order_by(Region.code))]


def industry_names(session: Session, shown: Sequence[str]) -> list[Name]:
    """The divisions of industry (大类) with these codes."""
    query = select(Industry.code, Industry.code, Industry.name).where(Industry.code.in_(shown))
    return [(row[0], row[1], row[2]) for row in session.execute(query.order_by(Industry.code))]


def agency_names(session: Session, agency_id: int | None = None) -> list[Name]:
    """The departments, the bureau first, or one of them."""
    query = select(Agency.id, Agency.code, Agency.short_name).order_by(Agency.is_bureau.desc(), Agency.code)
    if agency_id is not None:
        query = query.where(Agency.id == agency_id)
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def named(names: Sequence[Name], found: Mapping[Key, Tally], missing: str = NOT_STATED) -> list[GroupRow]:
    """Rows in the order of `names`, then the groups that have no name, so that no tally is lost."""
    rows = [GroupRow(code, label, found.get((key,), Tally())) for key, code, label in names]
    known = {key for key, _, _ in names}
    return rows + [
        GroupRow(str(key or ""), str(key or missing), tally)
        for (key,), tally in sorted(found.items(), key=lambda pair: str(pair[0][0] or ""))
        if key not in known
    ]


def _table(
    session: Session,
    base: Subquery,
    names: Sequence[Name],
    found: Mapping[Key, Tally],
    missing: str = NOT_STATED,
) -> Table:
    return Table(named(names, found, missing), whole(session, base))


def _line_items(coverage: Coverage) -> Executable:
    query = (
        select(
            PlanLineItem.line_id,
            PlanLineItem.version_id,
            PlanLineItem.base_count,
            PlanLineItem.ppm,
            PlanLine.scope,
            Agency.name.label("organiser"),
            ItemVersion.name,
            TargetCategory.name.label("category"),
        )
        .join(PlanLine, PlanLine.id == PlanLineItem.line_id)
        .join(InspectionPlan, InspectionPlan.id == PlanLine.plan_id)
        .join(Agency, Agency.id == PlanLine.lead_agency_id)
        .join(ItemVersion, ItemVersion.id == PlanLineItem.version_id)
        .join(InspectionItem, InspectionItem.id == ItemVersion.item_id)
        .outerjoin(TargetCategory, TargetCategory.id == ItemVersion.category_id)
        .where(InspectionPlan.state.in_(STANDING_PLANS))
        .order_by(InspectionPlan.id, PlanLine.ordinal, PlanLineItem.id)
    )
    if coverage.period.kind == PeriodKind.YEAR:
        query = query.where(InspectionPlan.year == coverage.period.year)
    if coverage.agency_id is not None:
        query = query.where(InspectionItem.agency_id == coverage.agency_id)
    return query
