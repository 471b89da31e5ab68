"""The tables that stand beside the tallies: the annual plan (F3) and the list of tasks (after F4)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session, selectinload

from app.domain.measures import PlanRow, Table, Tally, TaskRow
from app.domain.vocabulary import CheckMethod, DrawState, Scope
from app.models import (
    Draw,
    InspectionItem,
    InspectionPlan,
    InspectionTask,
    ItemVersion,
    PlanLine,
    PlanLineItem,
    TaskItem,
)
from app.services.statistics.facts import Coverage, china_date
from app.services.statistics.sections import STANDING_PLANS, WHOLE_ROSTER
from app.services.statistics.tallies import tallies, whole


def plan(session: Session, coverage: Coverage, base: Subquery) -> Table:
    """年度抽查工作计划 (F3) with what has been drawn of it; the risk class stays inside (R29)."""
    query = select(base.c.line_id, base.c.version_id, func.count()).group_by(
        base.c.line_id, base.c.version_id
    )
    drawn = {(line, version): number for line, version, number in session.execute(query)}
    numbers, days = _task_numbers(session, coverage.period.year), _drawn_days(session, coverage.period.year)
    rows = [
        _plan_row(
            entry,
            drawn.get((entry.line_id, entry.version_id), 0),
            numbers[entry.line_id],
            days.get(entry.line_id, ""),
        )
        for entry in _plan_lines(session, coverage)
    ]
    return Table(rows)


def tasks(session: Session, coverage: Coverage, base: Subquery) -> Table:
    """The tasks drawn in the period, each with its own tally."""
    found = tallies(session, base, "task_id")
    query = (
        select(InspectionTask)
        .where(InspectionTask.id.in_([key for (key,) in found]))
        .options(
            selectinload(InspectionTask.line).selectinload(PlanLine.plan),
            selectinload(InspectionTask.lead_agency),
            selectinload(InspectionTask.items).selectinload(TaskItem.version),
            selectinload(InspectionTask.items).selectinload(TaskItem.agency),
            selectinload(InspectionTask.items).selectinload(TaskItem.category),
        )
        .order_by(InspectionTask.starts_on, InspectionTask.id)
    )
    rows = [_task_row(task, found[(task.id,)]) for task in session.scalars(query)]
    return Table(rows, whole(session, base))


def _plan_lines(session: Session, coverage: Coverage) -> Sequence[PlanLineItem]:
    query = (
        select(PlanLineItem)
        .join(PlanLine)
        .join(InspectionPlan)
        .join(ItemVersion, ItemVersion.id == PlanLineItem.version_id)
        .join(InspectionItem, InspectionItem.id == ItemVersion.item_id)
        .where(InspectionPlan.year == coverage.period.year, InspectionPlan.state.in_(STANDING_PLANS))
        .options(
            selectinload(PlanLineItem.version).selectinload(ItemVersion.item),
            selectinload(PlanLineItem.version).selectinload(ItemVersion.target_category),
            selectinload(PlanLineItem.version).selectinload(ItemVersion.bases),
            selectinload(PlanLineItem.line).selectinload(PlanLine.plan),
            selectinload(PlanLineItem.line).selectinload(PlanLine.lead_agency),
            selectinload(PlanLineItem.line)
            .selectinload(PlanLine.items)
            .selectinload(PlanLineItem.version)
            .selectinload(ItemVersion.item)
            .selectinload(InspectionItem.agency),
        )
        .order_by(InspectionPlan.id, PlanLine.ordinal, PlanLineItem.id)
    )
    if coverage.agency_id is not None:
        query = query.where(InspectionItem.agency_id == coverage.agency_id)
    return session.scalars(query).all()


def _plan_row(entry: PlanLineItem, drawn: int, numbers: list[str], drawn_days: str) -> PlanRow:
    line, version = entry.line, entry.version
    targeted = line.scope == Scope.TARGETED and version.target_category is not None
    return PlanRow(
        plan_title=line.plan.title,
        filing_no=line.plan.filing_no or "",
        line=line.name,
        scope=line.scope.label,
        item_code=version.item.code,
        item=version.name,
        targets=version.target_category.name if targeted else WHOLE_ROSTER,
        base=entry.base_count,
        ppm=entry.ppm,
        planned=entry.target_count,
        drawn=drawn,
        frequency=version.yearly_frequency,
        methods=method_labels(version.methods),
        stratification=line.stratification.label,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        lead=line.lead_agency.short_name,
        partners=_partners(line),
        tasks="、".join(numbers),
        note=line.note or "",
        content=version.content,
        bases="；".join(str(basis) for basis in version.bases),
        levels="、".join(level.label for level in version.competent_levels),
        organised_level=line.lead_agency.level.label,
        lead_name=line.lead_agency.name,
        drawn_days=drawn_days,
    )


def _partners(line: PlanLine) -> str:
    """配合部门: the departments of the line's items other than the lead."""
    names = {entry.version.item.agency.short_name for entry in line.items}
    return "、".join(sorted(names - {line.lead_agency.short_name}))


def method_labels(stored: str) -> str:
    """检查方式 as an item version keeps them, by their Chinese terms."""
    terms = (CheckMethod.by_label(word) for word in re.split(r"[\s,;、]+", stored))
    return "、".join(term.label for term in terms if term)


def _task_numbers(session: Session, year: int) -> dict[int, list[str]]:
    query = (
        select(InspectionTask.line_id, InspectionTask.number)
        .join(PlanLine, PlanLine.id == InspectionTask.line_id)
        .join(InspectionPlan, InspectionPlan.id == PlanLine.plan_id)
        .where(InspectionPlan.year == year)
        .order_by(InspectionTask.line_id, InspectionTask.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for line_id, rows in groupby(session.execute(query), key=lambda row: row[0]):
        found[line_id] = [row[1] for row in rows]
    return found


def _drawn_days(session: Session, year: int) -> dict[int, str]:
    """First and last day on which a roster was frozen for a line, by line."""
    first, last = china_date(func.min(Draw.frozen_at)), china_date(func.max(Draw.frozen_at))
    query = (
        select(InspectionTask.line_id, first, last)
        .join(Draw, Draw.task_id == InspectionTask.id)
        .join(PlanLine, PlanLine.id == InspectionTask.line_id)
        .join(InspectionPlan, InspectionPlan.id == PlanLine.plan_id)
        .where(InspectionPlan.year == year, Draw.state == DrawState.DRAWN)
        .group_by(InspectionTask.line_id)
    )
    return {key: f"{since} 至 {until}" for key, since, until in session.execute(query) if key}


def _task_row(task: InspectionTask, tally: Tally) -> TaskRow:
    return TaskRow(
        number=task.number,
        name=task.name,
        line=task.line.name if task.line else task.kind.label,
        scope=task.line.scope.label if task.line else Scope.TARGETED.label,
        items="、".join(item.version.name for item in task.items),
        lead=task.lead_agency.short_name,
        agencies="、".join(dict.fromkeys(item.agency.short_name for item in task.items)),
        is_joint=task.is_joint,
        state=task.state.label,
        starts_on=task.starts_on,
        ends_on=task.ends_on,
        tally=tally,
        filing_no=task.external_plan_no or (task.line and task.line.plan.filing_no) or "",
        plan_title=task.line.plan.title if task.line else "",
        targets="、".join(
            dict.fromkeys(item.category.name if item.category else WHOLE_ROSTER for item in task.items)
        ),
        list_words="见所附抽查名单" if task.publish_list else "不公布名单",
    )
