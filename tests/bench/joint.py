"""综合查一次: six items of several departments on one city, with shared tickets and with independent ones."""

from __future__ import annotations

from collections import Counter

from app.domain.draw.record import Item, Plan, QuotaLine, SeedEvent
from app.domain.draw.roster import Cell, cells_text, count_pools
from app.domain.draw.selection import select
from app.domain.quota import by_ratio
from tests.bench import child
from tests.bench.table import Bench

COUNT = 1_600_000
CYCLE = 10_000
ITEMS = "ABCDEF"
CLASSES = {"A": 5_000, "B": 3_500, "C": 1_200, "D": 300}
"""Risk classes of every ten thousand firms."""

SUBJECT = {"A": 10_000, "B": 10_000, "C": 5_000, "D": 2_500, "E": 2_500, "F": 1_500}
"""Firms of every ten thousand that fall under an item: two concern every firm, the others a trade."""

PPM = {
    "A": {"A": 5_000, "B": 30_000, "C": 80_000, "D": 300_000},
    "B": {"A": 5_000, "B": 25_000, "C": 80_000, "D": 250_000},
    "C": {"A": 5_000, "B": 30_000, "C": 60_000, "D": 200_000},
    "D": {"A": 10_000, "B": 30_000, "C": 80_000, "D": 300_000},
    "E": {"A": 5_000, "B": 30_000, "C": 100_000, "D": 300_000},
    "F": {"A": 10_000, "B": 30_000, "C": 80_000, "D": 300_000},
}
"""Ratio of an item by risk class, half a per cent to thirty per cent."""


class City:
    """Rows of the city, made anew at every reading; class and items of a firm do not depend on each other."""

    def __init__(self, count: int) -> None:
        self._count, self._cells = count, [_cells(place) for place in range(CYCLE)]

    def __iter__(self):
        cells = self._cells
        return ((f"912201{place:011d}X", cells[place % CYCLE]) for place in range(self._count))

    def kinds(self) -> Counter[str]:
        """How many firms share each set of cells."""
        rounds, rest = divmod(self._count, CYCLE)
        whole = Counter({cells: number * rounds for cells, number in Counter(self._cells).items()})
        return whole + Counter(self._cells[:rest])


def run() -> Bench:
    """Draw twice and compare visits with the least that these ratios allow."""
    bench = Bench("joint", f"Joint inspection: {COUNT:,} enterprises, 6 items, 4 risk classes")
    shared, apart = (child.run(draw, COUNT, is_shared) for is_shared in (True, False))
    least = least_visits(COUNT)
    for name, made in (("shared ticket", shared), ("independent tickets", apart)):
        tasks, visits, several = made.value
        bench.row(
            name, item_tasks=tasks, visits=visits, per_visit=tasks / visits, several=several, cpu_s=made.cpu
        )
    bench.row("least possible with these ratios", visits=round(least))
    bench.goal("visits to the lower bound", shared.value[1] / least, 1.01)
    bench.goal("visits to independent draws", shared.value[1] / apart.value[1], 0.40)
    bench.goal(
        "item tasks off their quotas", abs(shared.value[0] - sum(quota.k for quota in quotas(COUNT))), 0
    )
    return bench


def draw(count: int, is_shared: bool) -> tuple[int, int, int]:
    """Item tasks, firms visited, and firms visited for more than one item."""
    plan = _plan(count, is_shared)
    found = select(City(count), plan, plan.keys("0" * 64))
    items = Counter(lot.identifier for lots in found.values() for lot in lots.drawn)
    return items.total(), len(items), sum(number > 1 for number in items.values())


def least_visits(count: int) -> float:
    """The sum over firms of their largest chance: nobody can visit fewer and keep every quota."""
    chance = {(quota.item, quota.stratum): quota.k / quota.n for quota in quotas(count)}
    return sum(number * max(_chances(cells, chance)) for cells, number in City(count).kinds().items())


def quotas(count: int) -> list[QuotaLine]:
    """One line for each item and class, by ratio."""
    lines = []
    for (place, stratum), tiers in sorted(count_pools(City(count).kinds()).items()):
        item, n = ITEMS[place], sum(tiers)
        ppm = PPM[item][stratum]
        lines.append(QuotaLine(item, stratum, n, ppm, by_ratio(n, ppm), 0))
    return lines


def _plan(count: int, is_shared: bool) -> Plan:
    return Plan(
        alg="sha256",
        draw="SW-2026-0002-1",
        items=tuple(Item(name, "unit" if is_shared else f"unit/{name}") for name in ITEMS),
        roster_n=count,
        roster_root="0" * 64,
        roster_file="0" * 64,
        quotas=tuple(quotas(count)),
        seeds=(SeedEvent("dice-d10", "ceremony"),),
        seed_after="2026-04-01T02:00:00Z",
    )


def _cells(place: int) -> str:
    risk = _part(CLASSES, place * 7919 % CYCLE)
    return cells_text(
        Cell(risk) if (place * 3571 + 1877 * number * place) % CYCLE < SUBJECT[name] else None
        for number, name in enumerate(ITEMS)
    )


def _part(sizes: dict[str, int], place: int) -> str:
    for name, size in sizes.items():
        if place < size:
            return name
        place -= size
    raise ValueError(place)


def _chances(cells: str, chance: dict[tuple[str, str], float]):
    for name, cell in zip(ITEMS, cells.split("\t"), strict=True):
        yield chance[name, cell] if cell != "-" else 0.0
