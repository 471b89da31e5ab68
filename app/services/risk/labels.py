"""What the value of a dimension is called, so that a warning can be read without a table of codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import RiskClass, RiskDimension
from app.models import Enterprise, Industry, InspectionItem, Inspector, ItemVersion, Region

NOT_STATED = "未注明"


def label_of(session: Session, dimension: RiskDimension, value: str) -> str:
    """The name behind a value of the dimension; the value itself where nothing has that key."""
    return _NAMES[dimension](session, value) or value


def _item(session: Session, value: str) -> str:
    query = (
        select(InspectionItem.code, ItemVersion.name)
        .join(ItemVersion, ItemVersion.item_id == InspectionItem.id)
        .where(InspectionItem.id == int(value))
        .order_by(ItemVersion.number.desc())
    )
    found = session.execute(query).first()
    return f"{found[0]} {found[1]}" if found else ""


def _district(session: Session, value: str) -> str:
    return session.scalar(select(Region.name).where(Region.code == value)) or NOT_STATED


def _industry(session: Session, value: str) -> str:
    return session.scalar(select(Industry.name).where(Industry.code == value)) or NOT_STATED


def _risk_class(session: Session, value: str) -> str:
    return RiskClass.of(value).label


def _item_in_district(session: Session, value: str) -> str:
    item, _, district = value.partition("/")
    return f"{_district(session, district)}　{_item(session, item)}"


def _pair(session: Session, value: str) -> str:
    keys = [int(key) for key in value.split("-")]
    names = session.scalars(select(Inspector.name).where(Inspector.id.in_(keys)).order_by(Inspector.id))
    return "、".join(names)


def _enterprise(session: Session, value: str) -> str:
    enterprise, _, item = value.partition("/")
    name = session.scalar(select(Enterprise.name).where(Enterprise.id == int(enterprise)))
    return f"{name or enterprise}　{_item(session, item)}"


_NAMES: Mapping[RiskDimension, Callable[[Session, str], str]] = {
    RiskDimension.ITEM: _item,
    RiskDimension.DISTRICT: _district,
    RiskDimension.INDUSTRY: _industry,
    RiskDimension.RISK_CLASS: _risk_class,
    RiskDimension.ITEM_IN_DISTRICT: _item_in_district,
    RiskDimension.PAIR: _pair,
    RiskDimension.ENTERPRISE: _enterprise,
}
