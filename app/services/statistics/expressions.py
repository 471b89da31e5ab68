"""What several queries of the statistics say in the same words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, String, case, func, select
from sqlalchemy.orm import aliased

from app.models import Enterprise, FindingRecord, ItemFinding, ItemVersion, Visit


def flag(condition: Any) -> ColumnElement[int]:
    """1 where the condition holds, else 0."""
    return case((condition, 1), else_=0)


def newest_version() -> ScalarSelect[int]:
    """The version of the newest record: an earlier one is history, not a second result."""
    other = aliased(FindingRecord)
    return select(func.max(other.version)).where(other.finding_id == ItemFinding.id).scalar_subquery()


def item_firm_and_visit() -> list[ColumnElement[Any]]:
    """The keys of a counted row from the item on, in the order of facts.KEYS."""
    return [
        ItemVersion.item_id.label("item_id"),
        Enterprise.territory_code.label("territory_code"),
        func.substr(Enterprise.industry_code, 1, 2, type_=String(2)).label("division"),
        Enterprise.risk_class.label("risk_class"),
        Visit.id.label("visit_id"),
        ItemFinding.id.label("finding_id"),
    ]
