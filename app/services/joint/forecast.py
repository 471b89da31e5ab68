"""How many visits some items need together and apart, counted from the roster as it stands (R26, R75)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from app.domain.joint import Expected, Part, expected
from app.domain.quota import decide
from app.models import DrawnTarget, ItemVersion
from app.services.planning import pool_of


@dataclass(frozen=True, slots=True)
class ItemForecast:
    """One item: its department, the enterprises it draws from, how many of them."""

    version: ItemVersion
    ppm: int
    base: int
    quota: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """The items with their pools and quotas, and the visits that follow from them."""

    items: tuple[ItemForecast, ...]
    visits: Expected

    def by_department(self) -> dict[str, int]:
        """The visits that every department would make by itself, by its short name."""
        agencies = {item.version.item.agency for item in self.items}
        ordered = sorted(agencies, key=lambda agency: agency.code)
        return {agency.short_name: round(self.visits.alone.get(agency.id, 0)) for agency in ordered}

    @property
    def item_tasks(self) -> int:
        """The sum of all quotas, in 件."""
        return sum(item.quota for item in self.items)


def forecast(session: Session, shares: Mapping[int, int], *, accepts_guesses: bool = False) -> Forecast:
    """The visits of some item versions, given by key with their yearly ratio in ppm.

    Exact for the enterprises on the roster now; strata of a higher ratio change it with the draw.
    """
    versions = [session.get_one(ItemVersion, key) for key in shares]
    pools = list(dict.fromkeys(_pool(version) for version in versions))
    patterns = _patterns(session, versions, pools, accepts_guesses)
    items = []
    for version in versions:
        bit = pools.index(_pool(version))
        base = sum(firms for bits, firms in patterns.items() if bits >> bit & 1)
        items.append(ItemForecast(version, shares[version.id], base, decide(base, shares[version.id]).k))
    parts = [
        Part(each.version.item.agency_id, pools.index(_pool(each.version)), each.base, each.quota)
        for each in items
    ]
    return Forecast(tuple(items), expected(parts, patterns))


def _pool(version: ItemVersion) -> tuple[int | None, str]:
    """Items of one category that are supervised at the same levels draw from the same pool (R7)."""
    return version.category_id, version.levels


def _patterns(
    session: Session, versions: list[ItemVersion], pools: list[tuple[int | None, str]], accepts_guesses: bool
) -> dict[int, int]:
    """Enterprises of the roster, counted by the pools that they are in."""
    sample = {_pool(version): version for version in versions}
    members = [
        pool_of(pool[0], accepts_guesses, sample[pool]).add_columns(literal(1 << bit).label("bit"))
        for bit, pool in enumerate(pools)
    ]
    if not members:
        return {}
    rows = union_all(*members).subquery()
    firms = select(func.sum(rows.c.bit).label("bits")).group_by(rows.c.id).subquery()
    query = select(firms.c.bits, func.count()).group_by(firms.c.bits)
    return {int(bits): count for bits, count in session.execute(query)}


def visits_drawn(session: Session, draw_id: int) -> int:
    """The visits that a draw has brought: enterprises drawn for any item, each visited once."""
    query = select(func.count(DrawnTarget.identifier.distinct()))
    return session.scalar(query.where(DrawnTarget.draw_id == draw_id, ~DrawnTarget.is_reserve)) or 0
