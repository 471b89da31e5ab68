"""The lists of the forms: the items on the published list (F2), and the firms of an announcement (F4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Subquery, select
from sqlalchemy.orm import Session, selectinload

from app.domain.measures import FormRow, ListedTarget, Table
from app.domain.policy import PPM
from app.domain.vocabulary import VersionState
from app.models import (
    Enterprise,
    InspectionItem,
    InspectionTask,
    ItemVersion,
    Region,
)
from app.services.statistics.facts import Coverage, targets
from app.services.statistics.plans import method_labels

BATCH = 2000


def checklist(session: Session, coverage: Coverage, _base: Subquery) -> Table:
    """随机抽查事项清单 (F2): every item on the published list with its bases (R1, R2)."""
    query = (
        select(ItemVersion)
        .join(InspectionItem, InspectionItem.id == ItemVersion.item_id)
        .where(ItemVersion.state == VersionState.PUBLISHED)
        .options(
            selectinload(ItemVersion.item).selectinload(InspectionItem.agency),
            selectinload(ItemVersion.bases),
        )
        .order_by(InspectionItem.code)
    )
    if coverage.agency_id is not None:
        query = query.where(InspectionItem.agency_id == coverage.agency_id)
    return Table([_item(version) for version in session.scalars(query)])


def _item(version: ItemVersion) -> FormRow:
    item = version.item
    values = {
        "agency": item.agency.name,
        "field": item.field,
        "code": item.code,
        "name": version.name,
        "targets": version.target_text,
        "category": version.category.label,
        "content": version.content,
        "bases": "；".join(str(basis) for basis in version.bases),
        "methods": method_labels(version.methods),
        "ratio_words": _ratio_words(version),
        "levels": "、".join(level.label for level in version.competent_levels),
        "joint": version.joint_applicable,
        "enterprise": True,
        "note": "依据待核" if version.needs_review else "",
    }
    return FormRow(item.code, version.name, values)


def _ratio_words(version: ItemVersion) -> str:
    least, most = version.minimum_ppm, version.maximum_ppm
    bounds = f"不低于{_percent(least)}" if most is None else f"{_percent(least)}至{_percent(most)}"
    return f"{bounds}，每年{version.yearly_frequency}次"


def _percent(ppm: int) -> str:
    return f"{100 * ppm / PPM:.4g}%"


def drawn(session: Session, coverage: Coverage, _base: Subquery) -> Table:
    """抽查名单 of the announced tasks (F4), in a stream; a task that keeps its list is left out (R32)."""
    return Table(_targets(session, targets(coverage)))


def _targets(session: Session, base: Subquery) -> Iterator[ListedTarget]:
    regions = {code: name for code, name in session.execute(select(Region.code, Region.name))}
    stream = _listed(base).execution_options(yield_per=BATCH)
    with session.connection().execute(stream) as rows:
        for number, task, item, name, identifier, authority in rows:
            code = authority or ""
            yield ListedTarget(number, task, item, name, identifier, regions.get(code, code))


def _listed(base: Subquery) -> Any:
    return (
        select(
            InspectionTask.number,
            InspectionTask.name.label("task_name"),
            ItemVersion.name.label("item"),
            Enterprise.name,
            Enterprise.identifier,
            Enterprise.registration_authority,
        )
        .select_from(base)
        .join(InspectionTask, InspectionTask.id == base.c.task_id)
        .join(ItemVersion, ItemVersion.id == base.c.version_id)
        .join(Enterprise, Enterprise.id == base.c.enterprise_id)
        .where(InspectionTask.publish_list)
        .order_by(InspectionTask.id, Enterprise.identifier, base.c.target_id)
    )
