"""统筹: which offers meet on the same kind of enterprise, and who usually goes along (art. 8, R74)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.domain import policy
from app.domain.policy import PPM
from app.domain.vocabulary import VersionState
from app.models import Agency, CategoryMembership, InspectionItem, ItemVersion, LineOffer, TargetCategory
from app.services.joint.departments import partners_of
from app.services.joint.forecast import Forecast, forecast
from app.services.joint.offers import open_offers


@dataclass(frozen=True, slots=True)
class Meeting:
    """Offers that meet, the lead proposed for them, items that usual partners could add, and what it spares."""

    categories: tuple[TargetCategory, ...]
    offers: tuple[LineOffer, ...]
    lead: Agency
    departments: tuple[Agency, ...]
    invited: tuple[ItemVersion, ...]
    """Published items of usual partners for the same category that nobody has offered (R74)."""
    outside: tuple[str, ...]
    """Usual partners that take no part in this system."""
    starts_on: date
    ends_on: date
    forecast: Forecast

    @property
    def is_common(self) -> bool:
        """Whether the periods of the offers have a day in common."""
        return self.starts_on <= self.ends_on

    @property
    def shares(self) -> dict[int, int]:
        """Every item of the offers with its ratio in ppm, and the items invited with their lowest."""
        return shares_of(self.offers) | {version.id: version.minimum_ppm for version in self.invited}


def meetings(session: Session, plan_id: int) -> list[Meeting]:
    """What could be joined in a draft: groups of open offers for the same enterprises, each with its forecast.

    A single offer forms a group where usual partners of its items have items for the same category.
    """
    offers = open_offers(session, plan_id)
    near = _near_categories(session, offers)
    found = [_meeting(session, group) for group in _groups(offers, near)]
    return [each for each in found if len(each.departments) > 1]


def shares_of(offers: Iterable[LineOffer]) -> dict[int, int]:
    """The items of some offers with their ratio in ppm; of one offered twice the higher."""
    found: dict[int, int] = {}
    for offer in offers:
        for item in offer.items:
            found[item.version_id] = max(item.ppm, found.get(item.version_id, 0))
    return found


def _near_categories(session: Session, offers: Sequence[LineOffer]) -> dict[int, set[int]]:
    """Categories with those whose enterprises are for the most part the same, by key (policy.JOINT)."""
    keys = {key for offer in offers for key in _categories(offer)}
    one, other = aliased(CategoryMembership), aliased(CategoryMembership)
    count = select(one.category_id, func.count()).where(one.category_id.in_(keys))
    sizes: dict[int, int] = dict(session.execute(count.group_by(one.category_id)).all())
    query = (
        select(one.category_id, other.category_id, func.count())
        .join(other, other.enterprise_id == one.enterprise_id)
        .where(one.category_id.in_(keys), other.category_id.in_(keys))
        .where(one.category_id < other.category_id)
        .group_by(one.category_id, other.category_id)
    )
    found: dict[int, set[int]] = {key: {key} for key in keys}
    for first, second, both in session.execute(query) if len(keys) > 1 else ():
        if both * PPM >= min(sizes[first], sizes[second]) * policy.JOINT.pool_overlap_ppm:
            found[first].add(second)
            found[second].add(first)
    return found


def _categories(offer: LineOffer) -> set[int]:
    return {item.version.category_id for item in offer.items if item.version.category_id}


def _groups(offers: Sequence[LineOffer], near: Mapping[int, set[int]]) -> list[list[LineOffer]]:
    """Offers that are linked by a category or a near one, directly or by others between them."""
    groups: list[tuple[set[int], list[LineOffer]]] = []
    for offer in offers:
        mine = {key for category in _categories(offer) for key in near[category]}
        met = [group for group in groups if group[0] & mine]
        members = [each for _, own in met for each in own] + [offer]
        groups = [group for group in groups if group not in met]
        groups.append((mine.union(*(keys for keys, _ in met)), members))
    return [members for keys, members in groups if keys]


def _meeting(session: Session, offers: list[LineOffer]) -> Meeting:
    versions = [item.version for offer in offers for item in offer.items]
    partners = [partners_of(session, version) for version in versions]
    usual = {agency.id: agency for each in partners for agency in each.known}
    present = {offer.agency_id: offer.agency for offer in offers}
    absent = [agency for key, agency in usual.items() if key not in present]
    categories = {version.category_id: version.target_category for version in versions if version.category_id}
    invited = _items_of(session, absent, list(categories))
    shares = shares_of(offers) | {version.id: version.minimum_ppm for version in invited}
    departments = present | {version.item.agency_id: version.item.agency for version in invited}
    return Meeting(
        categories=tuple(categories.values()),
        offers=tuple(offers),
        lead=_lead(offers),
        departments=tuple(sorted(departments.values(), key=lambda agency: agency.code)),
        invited=tuple(invited),
        outside=tuple(dict.fromkeys(name for each in partners for name in each.unknown)),
        starts_on=max(offer.starts_on for offer in offers),
        ends_on=min(offer.ends_on for offer in offers),
        forecast=forecast(session, shares),
    )


def _lead(offers: Sequence[LineOffer]) -> Agency:
    """发起部门: the bureau where it has an offer, else the department with the most items, the first of equals."""
    counts: dict[Agency, int] = {}
    for offer in offers:
        counts[offer.agency] = counts.get(offer.agency, 0) + len(offer.items)
    return max(counts, key=lambda agency: (agency.is_bureau, counts[agency]))


def _items_of(session: Session, agencies: Sequence[Agency], categories: Sequence[int]) -> list[ItemVersion]:
    query = (
        select(ItemVersion)
        .join(InspectionItem)
        .where(
            ItemVersion.state == VersionState.PUBLISHED,
            ItemVersion.category_id.in_(categories),
            ItemVersion.joint_applicable,
            InspectionItem.agency_id.in_([agency.id for agency in agencies]),
        )
        .order_by(InspectionItem.code, ItemVersion.number.desc())
    )
    newest: dict[int, ItemVersion] = {}
    for version in session.scalars(query):
        newest.setdefault(version.item_id, version)
    return list(newest.values())
