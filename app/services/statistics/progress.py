"""工作进展: one row a department, from the rosters to the follow-up."""

from __future__ import annotations

from sqlalchemy import Executable, Subquery, func, select
from sqlalchemy.orm import Session

from app.domain.measures import ProgressRow, Table, Tally
from app.domain.vocabulary import InspectorStatus, StaffKind, VersionState
from app.models import (
    CategoryMembership,
    Enterprise,
    InspectionItem,
    InspectionPlan,
    Inspector,
    ItemVersion,
    PlanLine,
    PlanLineItem,
    VisitMember,
)
from app.services.planning import DRAWABLE
from app.services.statistics.casework import departments, summary_values
from app.services.statistics.facts import Coverage
from app.services.statistics.sections import STANDING_PLANS
from app.services.statistics.tallies import tallies, whole


def progress(session: Session, coverage: Coverage, base: Subquery) -> Table:
    """The work-progress form; departments that did nothing are shown with 0."""
    found = tallies(session, base, "agency_id")
    items, joint_items = _published_items(session), _published_items(session, joint_only=True)
    roster, people = _roster(session, coverage), inspectors(session)
    plans = planned(session, coverage.period.year)
    tasks, joint_tasks = _tasks(session, base), _tasks(session, base, joint_only=True)
    turns = _turns(session, base)
    further = summary_values(session, coverage)
    rows = [
        ProgressRow(
            code=code,
            label=name,
            items=items.get(key, 0),
            joint_items=joint_items.get(key, 0),
            roster=roster.get(key, 0),
            inspectors=people.get(key, 0),
            planned=plans.get(key, 0),
            tasks=tasks.get(key, 0),
            joint_tasks=joint_tasks.get(key, 0),
            turns=turns.get(key, 0),
            tally=found.get((key,), Tally()),
            values=further.get(key, {}),
        )
        for key, code, name in session.execute(departments(coverage))
    ]
    return Table(rows, whole(session, base))


def planned(session: Session, year: int) -> dict[int, int]:
    """Targets that the approved plans of the year ask for, by department of the item, in 件 (R26)."""
    query = (
        select(InspectionItem.agency_id, func.sum(PlanLineItem.target_count))
        .join(ItemVersion, ItemVersion.item_id == InspectionItem.id)
        .join(PlanLineItem, PlanLineItem.version_id == ItemVersion.id)
        .join(PlanLine, PlanLine.id == PlanLineItem.line_id)
        .join(InspectionPlan, InspectionPlan.id == PlanLine.plan_id)
        .where(InspectionPlan.year == year, InspectionPlan.state.in_(STANDING_PLANS))
        .group_by(InspectionItem.agency_id)
    )
    return _numbers(session, query)


def _published_items(session: Session, *, joint_only: bool = False) -> dict[int, int]:
    query = (
        select(InspectionItem.agency_id, func.count(InspectionItem.id.distinct()))
        .join(ItemVersion, ItemVersion.item_id == InspectionItem.id)
        .where(ItemVersion.state == VersionState.PUBLISHED)
        .group_by(InspectionItem.agency_id)
    )
    return _numbers(session, query.where(ItemVersion.joint_applicable) if joint_only else query)


def _roster(session: Session, coverage: Coverage) -> dict[int, int]:
    """Drawable enterprises in the categories of a department's published items, nobody twice."""
    pairs = (
        select(InspectionItem.agency_id, ItemVersion.category_id)
        .join(ItemVersion, ItemVersion.item_id == InspectionItem.id)
        .where(ItemVersion.state == VersionState.PUBLISHED, ItemVersion.category_id.is_not(None))
        .distinct()
        .subquery()
    )
    query = (
        select(pairs.c.agency_id, func.count(CategoryMembership.enterprise_id.distinct()))
        .join(CategoryMembership, CategoryMembership.category_id == pairs.c.category_id)
        .join(Enterprise, Enterprise.id == CategoryMembership.enterprise_id)
        .where(Enterprise.in_jurisdiction, Enterprise.status.in_(DRAWABLE))
        .group_by(pairs.c.agency_id)
    )
    if coverage.territory is not None:
        query = query.where(Enterprise.territory_code == coverage.territory)
    return _numbers(session, query)


def inspectors(session: Session) -> dict[int, int]:
    """执法人员 on the roster who have not left, by department."""
    query = select(Inspector.agency_id, func.count()).where(
        Inspector.kind == StaffKind.INSPECTOR, Inspector.status != InspectorStatus.LEFT
    )
    return _numbers(session, query.group_by(Inspector.agency_id))


def _tasks(session: Session, base: Subquery, *, joint_only: bool = False) -> dict[int, int]:
    query = select(base.c.agency_id, func.count(base.c.task_id.distinct())).group_by(base.c.agency_id)
    return _numbers(session, query.where(base.c.is_joint == 1) if joint_only else query)


def _turns(session: Session, base: Subquery) -> dict[int, int]:
    """出动执法人员 in 人次: who still stood in the team of a visit of which something was checked."""
    visits = select(base.c.visit_id).where(base.c.checked == 1).distinct().subquery()
    query = (
        select(Inspector.agency_id, func.count())
        .join(VisitMember, VisitMember.inspector_id == Inspector.id)
        .join(visits, visits.c.visit_id == VisitMember.visit_id)
        .where(VisitMember.left_at.is_(None), Inspector.kind == StaffKind.INSPECTOR)
        .group_by(Inspector.agency_id)
    )
    return _numbers(session, query)


def _numbers(session: Session, query: Executable) -> dict[int, int]:
    return {key: int(number or 0) for key, number in session.execute(query)}
