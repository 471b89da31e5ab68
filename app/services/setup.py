"""What an installation needs before the first file is loaded: chains, regions, industries, agencies, holidays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.models import Agency, CreditMeasure, Expertise, Industry, Region, TargetCategory
from app.reference import codes
from app.reference.credit_measures import IN_FORCE_FROM, MEASURES
from app.reference.holidays import rows as holiday_rows
from app.reference.industries import INDUSTRIES
from app.services.calendar import ensure_holidays
from app.services.chain import ensure_heads
from app.services.sources import ensure_sources
from app.services.transaction import transaction


def ensure_vocabularies() -> None:
    """Create what is missing of the code lists; rows that exist are left as the clerks have them."""
    with transaction() as session:
        ensure_heads(session)
        ensure_sources(session)
        ensure_holidays(session, holiday_rows())
        _ensure(session, Region.code, Region, (_region(entry) for entry in codes.REGIONS))
        _ensure(session, Industry.code, Industry, (_industry(entry) for entry in INDUSTRIES))
        _ensure(session, Agency.code, Agency, (_agency(entry) for entry in codes.AGENCIES))
        _ensure(session, Expertise.name, Expertise, _expertise())
        _ensure(session, TargetCategory.name, TargetCategory, _categories())
        _ensure(session, CreditMeasure.code, CreditMeasure, _measures())


def _ensure(session: Session, key: Any, model: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    known = set(session.scalars(select(key)))
    fresh = [row for row in rows if row[key.key] not in known]
    if fresh:
        session.execute(insert(model), fresh)


def _region(entry: codes.Region) -> dict[str, Any]:
    return {
        "code": entry.code,
        "name": entry.name,
        "level": entry.level,
        "parent_code": entry.parent,
        "is_ours": entry.parent == codes.CITY or entry.code == codes.CITY,
        "is_legacy": entry.legacy,
    }


def _industry(entry: Any) -> dict[str, Any]:
    return {"code": entry.code, "name": entry.name, "level": entry.level, "parent_code": entry.parent}


def _agency(entry: codes.Agency) -> dict[str, Any]:
    return {
        "code": entry.code,
        "name": entry.full_name,
        "short_name": entry.name,
        "level": entry.level,
        "region_code": codes.CITY,
        "is_bureau": entry.is_bureau,
        "document_mark": entry.mark,
        "review_authority": entry.review_authority,
        "court": "有管辖权的人民法院",
    }


def _expertise() -> Iterable[dict[str, Any]]:
    return ({"code": f"E{place:02d}", "name": name} for place, name in enumerate(codes.EXPERTISE, 1))


def _measures() -> Iterable[dict[str, Any]]:
    standing = {"in_force_from": IN_FORCE_FROM, "needs_review": True}
    return (entry._asdict() | standing for entry in MEASURES)


def _categories() -> Iterable[dict[str, Any]]:
    return (
        {
            "code": f"C{place:02d}",
            "name": entry.name,
            "industry_prefixes": "、".join(entry.industry_prefixes) or None,
            "scope_words": "、".join(entry.scope_words) or None,
        }
        for place, entry in enumerate(codes.TARGET_CATEGORIES, 1)
    )
