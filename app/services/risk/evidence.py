"""What a warning rests on: the findings of its group and months, one row each (art. 11, R88)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from app.domain import policy
from app.domain.measures import CHINA, Share
from app.domain.vocabulary import RiskDimension, WarningKind
from app.models import Enterprise, ItemFinding, ItemVersion, RiskWarning, TaskItem, Visit, VisitMember
from app.services.risk.cells import COLUMNS, checked_findings, first_day, month_of


@dataclass(frozen=True, slots=True)
class Witness:
    """One finding behind a warning."""

    finding_id: int
    visit_id: int
    visit: str
    enterprise_id: int
    enterprise: str
    item: str
    checked_on: date
    problem: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """All findings behind a warning, the share with a problem among them, and a page of the rows."""

    share: Share
    firms: Share
    """The same in enterprises: many problems of one enterprise say less than one problem each of many."""
    rows: Sequence[Witness]


def evidence_of(session: Session, warning: RiskWarning, most: int = 200) -> Evidence:
    """The findings of the warning as they stand now, those with a problem first."""
    frame = _group(session, warning)
    ordered = frame.sort_values(["problem", "checked_on", "finding_id"], ascending=[False, True, True])
    shown = ordered.head(most)
    bad = frame[frame["problem"] == 1]
    firms = Share(bad["enterprise_id"].nunique(), frame["enterprise_id"].nunique())
    return Evidence(Share(len(bad), len(frame)), firms, _rows(session, shown))


def months_of(warning: RiskWarning) -> tuple[date, date]:
    """First and last day of the findings that a warning looks at."""
    if warning.dimension == RiskDimension.ENTERPRISE:
        raised_on = warning.raised_at.astimezone(CHINA).date()
        return first_day(month_of(raised_on) - policy.RISK.repeat_months), raised_on
    width = 1
    if warning.kind == WarningKind.DRIFT:
        width = policy.RISK.drift_months
    elif warning.dimension == RiskDimension.PAIR:
        width = policy.RISK.pair_months
    number = month_of(warning.month)
    return first_day(number - width + 1), first_day(number + 1) - timedelta(days=1)


def _group(session: Session, warning: RiskWarning) -> pd.DataFrame:
    frame = checked_findings(session, *months_of(warning), *_only(warning))
    if warning.dimension == RiskDimension.ENTERPRISE:
        return frame[frame["problem"] == 1]
    frame = frame[frame["is_random"].astype(bool)]
    column = COLUMNS.get(warning.dimension)
    return frame if column is None else frame[frame[column].astype(str) == warning.value]


def _only(warning: RiskWarning) -> list[ColumnElement[bool]]:
    """What the database can leave out already, so that a page reads no more than its own group."""
    first, _, second = warning.value.partition("/")
    if warning.dimension == RiskDimension.ENTERPRISE:
        return [Visit.enterprise_id == int(first), ItemVersion.item_id == int(second)]
    if warning.dimension == RiskDimension.PAIR:
        return [Visit.id.in_(_visits_of(warning.value))]
    if warning.dimension in (RiskDimension.ITEM, RiskDimension.ITEM_IN_DISTRICT):
        return [ItemVersion.item_id == int(first)]
    if warning.dimension == RiskDimension.DISTRICT:
        return [Enterprise.territory_code == first]
    if warning.dimension == RiskDimension.INDUSTRY:
        return [Enterprise.industry_code.startswith(first, autoescape=True)]
    return []


def _visits_of(pair: str) -> Select[int]:
    """The visits in whose team both inspectors of `low-high` stood."""
    low, _, high = pair.partition("-")
    other = aliased(VisitMember)
    return (
        select(VisitMember.visit_id)
        .join(other, other.visit_id == VisitMember.visit_id)
        .where(VisitMember.inspector_id == int(low), other.inspector_id == int(high))
        .where(VisitMember.left_at.is_(None), other.left_at.is_(None))
    )


def _rows(session: Session, frame: pd.DataFrame) -> list[Witness]:
    found = {row.finding_id: row for row in frame.itertuples()}
    query = (
        select(ItemFinding.id, Visit.id, Visit.number, Enterprise.id, Enterprise.name, ItemVersion.name)
        .join(Visit, Visit.id == ItemFinding.visit_id)
        .join(Enterprise, Enterprise.id == Visit.enterprise_id)
        .join(TaskItem, TaskItem.id == ItemFinding.task_item_id)
        .join(ItemVersion, ItemVersion.id == TaskItem.version_id)
        .where(ItemFinding.id.in_([int(key) for key in found]))
    )
    words = {row[0]: row for row in session.execute(query)}
    return [
        Witness(*words[key], checked_on=row.checked_on, problem=bool(row.problem))
        for key, row in found.items()
        if key in words
    ]
