"""What the other platform has drawn (R76): the visits of tasks that were received, as rows of the facts.

A package names what was drawn and nothing else, so that every item of its visits is one drawn target.
Targets and draws get negative keys, which no draw of ours has: the same enterprise in a draw of ours
and in a task of the platform is one household and two visits. A task of ours that comes back from the
platform keeps its own kind (services/exchange) and is never counted here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    func,
    literal,
    null,
    select,
    type_coerce,
)

from app.domain.measures import Period
from app.domain.vocabulary import TaskKind, VisitState
from app.models import (
    Enterprise,
    FindingRecord,
    InspectionTask,
    ItemFinding,
    ItemVersion,
    TaskItem,
    Visit,
)
from app.services.statistics.expressions import flag, item_firm_and_visit, newest_version


def external(period: Period, own: ColumnElement[bool]) -> Select[Any]:
    """One row for each item of each visit of the tasks received; a task belongs to the period in which it begins."""
    return (
        select(*_keys())
        .select_from(ItemFinding)
        .join(Visit, Visit.id == ItemFinding.visit_id)
        .join(InspectionTask, InspectionTask.id == Visit.task_id)
        .join(TaskItem, TaskItem.id == ItemFinding.task_item_id)
        .join(ItemVersion, ItemVersion.id == TaskItem.version_id)
        .join(Enterprise, Enterprise.id == Visit.enterprise_id)
        .outerjoin(
            FindingRecord,
            and_(FindingRecord.finding_id == ItemFinding.id, FindingRecord.version == newest_version()),
        )
        .where(
            InspectionTask.kind == TaskKind.EXTERNAL,
            InspectionTask.starts_on.between(period.first, period.last),
            Visit.state != VisitState.CANCELLED,
            own,
        )
    )


def _keys() -> list[ColumnElement[Any]]:
    return [
        (-ItemFinding.id).label("target_id"),
        (-InspectionTask.id).label("draw_id"),
        Visit.enterprise_id.label("enterprise_id"),
        InspectionTask.id.label("task_id"),
        type_coerce(null(), Integer).label("line_id"),
        flag(InspectionTask.is_joint).label("is_joint"),
        TaskItem.agency_id.label("agency_id"),
        TaskItem.version_id.label("version_id"),
        func.coalesce(TaskItem.category_id, ItemVersion.category_id).label("category_id"),
        *item_firm_and_visit(),
        literal(1).label("is_external"),
    ]
