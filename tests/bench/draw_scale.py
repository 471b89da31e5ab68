"""The domain alone on generated rows that are never held: does the draw grow with the city?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.draw.record import Item, Plan, QuotaLine, SeedEvent
from app.domain.draw.roster import freeze_roster
from app.domain.draw.selection import select

PPM = 30_000


@dataclass(frozen=True)
class Rows:
    """`count` rows in eight strata, made anew at every reading."""

    count: int

    def __iter__(self) -> Iterator[tuple[str, str]]:
        cells = [f"D{place}" for place in range(8)]
        return ((f"912201{place:011d}X", cells[place & 7]) for place in range(self.count))


def freeze_and_draw(count: int) -> int:
    """Freeze and draw `count` rows; how many were drawn."""
    rows = Rows(count)
    frozen = freeze_roster(rows, 1, "sha256", lambda block: None)
    quotas = [(stratum, sum(tiers)) for (_, stratum), tiers in sorted(frozen.pools.items())]
    plan = Plan(
        alg="sha256",
        draw="SW-2026-0001-1",
        items=(Item("XC-01"),),
        roster_n=frozen.n,
        roster_root=frozen.root,
        roster_file=frozen.file_hash,
        quotas=tuple(QuotaLine("XC-01", stratum, n, PPM, -(-n * PPM // 10**6), 0) for stratum, n in quotas),
        seeds=(SeedEvent("dice-d10", "ceremony"),),
        seed_after="2026-04-01T02:00:00Z",
        staff_file="-",
    )
    drawn = select(rows, plan, plan.keys("0" * 64))
    return sum(len(lots.drawn) for lots in drawn.values())
