"""随机抽查事项清单 (art. 1): publishing, withdrawing and disclosing the list."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.lifecycle import VERSION, advance
from app.domain.measures import CHINA
from app.domain.vocabulary import DisclosureKind, ItemCategory, VersionState
from app.models import Agency, CheckPoint, InspectionItem, ItemVersion, LegalBasis
from app.services import audit
from app.services.agencies import own_bureau
from app.services.disclosure import publish
from app.services.transaction import lock, transaction


class ItemHasNoBasis(DomainError):
    """No legal basis in force stands under the item (R2)."""

    code = "item_has_no_basis"


class DraftExists(DomainError):
    """The item has a draft already; one change at a time."""

    code = "draft_exists"


class ItemHasNoCap(DomainError):
    """An ordinary item must name its highest ratio (R4)."""

    code = "item_has_no_cap"


COPIED = (
    "materials",
    "name",
    "target_text",
    "content",
    "category",
    "category_id",
    "methods",
    "levels",
    "minimum_ppm",
    "maximum_ppm",
    "yearly_frequency",
    "off_site_possible",
    "joint_applicable",
    "partner_text",
    "needs_review",
)
"""What a new version takes over from the one before it."""


def publish_version(version_id: int, actor: User, now: datetime) -> None:
    """公布 a version of an item; the version before it is withdrawn (R1–R4).

    Raises ItemHasNoBasis, ItemHasNoCap, IllegalTransition.
    """
    with transaction() as session:
        _publish(session, lock(session, ItemVersion, version_id), actor, now)


def publish_all_drafts(actor: User, now: datetime) -> int:
    """Publish every draft as one adjustment of the list (R3), all or none; gives back how many.

    Raises ItemHasNoBasis, ItemHasNoCap.
    """
    with transaction() as session:
        drafts = session.scalars(
            select(ItemVersion).where(ItemVersion.state == VersionState.DRAFT).order_by(ItemVersion.id)
        ).all()
        for version in drafts:
            _publish(session, version, actor, now)
        return len(drafts)


def draft_from(version_id: int, actor: User) -> int:
    """Open a new draft with the wording, bases and points of a version, to be changed and published (R3).

    Gives back its key; raises DraftExists while the item has a draft already.
    """
    with transaction() as session:
        origin = lock(session, ItemVersion, version_id)
        if any(other.state == VersionState.DRAFT for other in origin.item.versions):
            raise DraftExists(item=str(origin))
        draft = ItemVersion(
            **{name: getattr(origin, name) for name in COPIED},
            item=origin.item,
            number=max(other.number for other in origin.item.versions) + 1,
            expertise=list(origin.expertise),
            bases=[LegalBasis(**_values(basis)) for basis in origin.bases],
            points=[CheckPoint(**_values(point)) for point in origin.points],
        )
        session.add(draft)
        session.flush()
        audit.record(session, actor, "item:version:drafted", str(draft), {"from": origin.id, "id": draft.id})
        return draft.id


def withdraw_version(version_id: int, actor: User, now: datetime) -> None:
    """停用 a published version; no further task can name it (R3)."""
    with transaction() as session:
        version = lock(session, ItemVersion, version_id)
        version.state = advance(VERSION, version.state, "withdraw")
        version.effective_to = now.astimezone(CHINA).date()
        audit.record(session, actor, "item:version:withdrawn", str(version), {"id": version.id})


def disclose_list(actor: User, now: datetime) -> str:
    """公示 the whole list in force as one document; gives back its index number (art. 1)."""
    with transaction() as session:
        bureau = own_bureau(session)
        body = {"items": [_row(version) for version in published_versions(session)]}
        title = f"{bureau.name}随机抽查事项清单（{now.astimezone(CHINA).year}年）"
        return publish(
            session, DisclosureKind.ITEM_LIST, title, bureau.id, bureau.id, body, actor, now
        ).index_no


def published_versions(session: Session) -> list[ItemVersion]:
    """The versions in force, by item code."""
    query = (
        select(ItemVersion)
        .join(InspectionItem)
        .join(Agency)
        .where(ItemVersion.state == VersionState.PUBLISHED)
        .order_by(Agency.is_bureau.desc(), InspectionItem.code)
    )
    return list(session.scalars(query))


def _values(part: LegalBasis | CheckPoint) -> dict[str, Any]:
    """The columns of a part of a version, without those that tie it to its place."""
    names = (column.key for column in part.__table__.columns)
    return {name: getattr(part, name) for name in names if name not in ("id", "version_id")}


def _publish(session: Session, version: ItemVersion, actor: User, now: datetime) -> None:
    today = now.astimezone(CHINA).date()
    _require_lawful(version, today)
    for other in version.item.versions:
        if other.state == VersionState.PUBLISHED:
            other.state = advance(VERSION, other.state, "withdraw")
            other.effective_to = today
    version.state = advance(VERSION, version.state, "publish")
    version.published_at, version.effective_from = now, version.effective_from or today
    audit.record(session, actor, "item:version:published", str(version), {"id": version.id})


def _require_lawful(version: ItemVersion, today: date) -> None:
    in_force = [
        basis
        for basis in version.bases
        if (basis.in_force_from is None or basis.in_force_from <= today)
        and (basis.in_force_to is None or basis.in_force_to >= today)
    ]
    if not in_force:
        raise ItemHasNoBasis(item=str(version))
    if version.category == ItemCategory.ORDINARY and version.maximum_ppm is None:
        raise ItemHasNoCap(item=str(version))


def _row(version: ItemVersion) -> dict[str, Any]:
    return {
        "code": version.item.code,
        "field": version.item.field,
        "name": version.name,
        "agency": version.item.agency.name,
        "target": version.target_text,
        "content": version.content,
        "category": version.category.value,
        "methods": version.methods,
        "levels": version.levels,
        "minimum_ppm": version.minimum_ppm,
        "maximum_ppm": version.maximum_ppm,
        "frequency": version.yearly_frequency,
        "joint": version.joint_applicable,
        "bases": [str(basis) for basis in version.bases],
        "needs_review": version.needs_review,
    }
