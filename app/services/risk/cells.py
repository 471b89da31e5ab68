"""The findings that risk analysis looks at: one row a checked item (件), as a frame.

Rates come from random draws alone: a visit after a complaint looks where something is wrong already, and
would make every district with an eager public look bad (R34).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, String, and_, exists, func, select, type_coerce
from sqlalchemy.orm import Session, aliased

from app.domain.vocabulary import PROBLEM_RESULTS, FindingState, RiskDimension, VisitState
from app.models import (
    Enterprise,
    FindingRecord,
    FindingResult,
    ItemFinding,
    ItemVersion,
    TaskItem,
    Visit,
    VisitMember,
)

COLUMNS: dict[RiskDimension, str] = {
    RiskDimension.ITEM: "item_id",
    RiskDimension.DISTRICT: "territory_code",
    RiskDimension.INDUSTRY: "division",
    RiskDimension.RISK_CLASS: "risk_class",
    RiskDimension.ITEM_IN_DISTRICT: "item_district",
}
"""The column of the frame that holds the value of a dimension."""


def checked_findings(session: Session, first: date, last: date, *only: ColumnElement[bool]) -> pd.DataFrame:
    """Every checked item with the newest record of it between two days, both included; `only` narrows them.

    Columns: month (whole months since year 0), checked_on, finding_id, visit_id, enterprise_id, item_id,
    agency_id, territory_code, division, risk_class, item_district, is_random and problem (0 or 1).
    """
    rows = session.execute(_query(first, last).where(*only))
    frame = pd.DataFrame.from_records(list(rows), columns=list(rows.keys()))
    days = pd.to_datetime(frame["checked_on"])
    frame["month"] = days.dt.year * 12 + days.dt.month - 1
    frame["item_district"] = frame["item_id"].astype(str) + "/" + frame["territory_code"].fillna("")
    return frame


def teams(session: Session, visit_ids: Iterable[int]) -> pd.DataFrame:
    """Who stood in the team of each visit: visit_id and pair, the two staff keys as `low-high`."""
    wanted = set(visit_ids)
    query = select(VisitMember.visit_id, VisitMember.inspector_id).where(
        VisitMember.left_at.is_(None),
        VisitMember.visit_id.between(min(wanted, default=0), max(wanted, default=0)),
    )
    rows = [tuple(row) for row in session.execute(query) if row[0] in wanted]
    members = pd.DataFrame.from_records(rows, columns=["visit_id", "inspector_id"])
    both = members.merge(members, on="visit_id")
    both = both[both["inspector_id_x"] < both["inspector_id_y"]]
    names = both["inspector_id_x"].astype(str) + "-" + both["inspector_id_y"].astype(str)
    return pd.DataFrame({"visit_id": both["visit_id"], "pair": names})


def month_of(day: date) -> int:
    """Whole months since year 0, so that months can be subtracted."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """The first day of a month counted so."""
    return date(month // 12, month % 12 + 1, 1)


def _query(first: date, last: date) -> Any:
    newer = aliased(FindingRecord)
    newest = (
        select(func.max(newer.version)).where(newer.finding_id == FindingRecord.finding_id).scalar_subquery()
    )
    found = exists().where(
        FindingResult.record_id == FindingRecord.id, FindingResult.code.in_(sorted(PROBLEM_RESULTS))
    )
    return (
        select(
            FindingRecord.checked_on,
            ItemFinding.id.label("finding_id"),
            Visit.id.label("visit_id"),
            Visit.enterprise_id,
            ItemVersion.item_id,
            ItemFinding.agency_id,
            Enterprise.territory_code,
            func.substr(Enterprise.industry_code, 1, 2, type_=String(2)).label("division"),
            type_coerce(Enterprise.risk_class, String).label("risk_class"),
            Visit.draw_id.is_not(None).label("is_random"),
            found.label("problem"),
        )
        .join(ItemFinding, ItemFinding.id == FindingRecord.finding_id)
        .join(Visit, Visit.id == ItemFinding.visit_id)
        .join(TaskItem, TaskItem.id == ItemFinding.task_item_id)
        .join(ItemVersion, ItemVersion.id == TaskItem.version_id)
        .join(Enterprise, Enterprise.id == Visit.enterprise_id)
        .where(
            and_(
                FindingRecord.checked_on.between(first, last),
                FindingRecord.version == newest,
                ItemFinding.state.not_in((FindingState.UNCHECKED, FindingState.WITHDRAWN)),
                Visit.state != VisitState.CANCELLED,
            )
        )
    )
