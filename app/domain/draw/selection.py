"""The draw itself (抽取检查对象): stratified bottom-k of hash tickets, section 2.6 of `ssj/1`.

The rows are read once. A pre-filter on the ticket keeps a few per cent of them in memory; it is only
a guess about speed. Where it may have lost somebody, the strata concerned are read again without it,
so the outcome never depends on it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from app.domain.draw.hashing import hasher, hex_digest
from app.domain.draw.record import Outcome, Plan, QuotaLine
from app.domain.draw.roster import Columns, Pools, RosterFile, RosterRow, count_pools, parse_cells
from app.domain.errors import DomainError

BATCH = 8192
EVERYTHING = b"\xff" * 33
NOTHING = b""

Place = tuple[str, str]
TierBounds = tuple[bytes, ...]


class RosterMismatch(DomainError):
    """The rows do not have the plan's numbers: (item, stratum) has `found` firms, not `planned`."""

    code = "roster_mismatch"


class Lot(NamedTuple):
    """A firm's place in the drawing order of its stratum; lots sort as the protocol says."""

    tier: int
    ticket: bytes
    identifier: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One (item, stratum): the drawn firms (抽中) and the reserves (备选), both in drawing order."""

    drawn: tuple[Lot, ...]
    reserve: tuple[Lot, ...]

    @property
    def cutoff(self) -> tuple[int, str] | None:
        """Tier and hex ticket of the last drawn firm; None when nobody was to be drawn."""
        return (self.drawn[-1].tier, self.drawn[-1].ticket.hex()) if self.drawn else None

    def outcome(self, item: str, stratum: str, alg: str) -> Outcome:
        """The result record's line for this stratum."""
        list_hash = hex_digest(alg, list_text(self.drawn).encode("ascii"))
        return Outcome(item, stratum, len(self.drawn), self.cutoff, list_hash)


def list_text(lots: Iterable[Lot]) -> str:
    """Return identifiers in drawing order, one a line."""
    return "".join(f"{lot.identifier}\n" for lot in lots)


def union_text(draws: Iterable[Drawn]) -> str:
    """Return drawn.txt of the sealed form: every drawn firm once, ascending."""
    return "".join(
        f"{identifier}\n" for identifier in sorted({lot.identifier for d in draws for lot in d.drawn})
    )


def select(
    rows: Iterable[RosterRow], plan: Plan, keys: Mapping[str, str], pools: Pools | None = None
) -> dict[Place, Drawn]:
    """Draw every (item, stratum) of the plan's quota lines.

    `rows` is read once or twice, so pass a list or an object that opens its cursor in `__iter__`; a
    one-shot iterator works too, without pre-filter. `keys` is K by purpose. `pools` (from freezing)
    only makes the pre-filter sharper. Raises `roster_mismatch` when a stratum's size is not the plan's.
    """
    shard, found = _shard(rows, plan, keys, pools)
    for quota in plan.quotas:
        have = found.pop((quota.item, quota.stratum), 0)
        if have != quota.n:
            raise RosterMismatch(item=quota.item, stratum=quota.stratum, planned=quota.n, found=have)
    for (item, stratum), have in found.items():
        raise RosterMismatch(item=item, stratum=stratum, planned=0, found=have)
    return merge([shard], plan)


def select_shard(
    rows: Iterable[RosterRow], plan: Plan, keys: Mapping[str, str], pools: Pools | None = None
) -> dict[Place, list[Lot]]:
    """Return, for one shard of the roster, its k + reserve smallest lots of every quota line."""
    return _shard(rows, plan, keys, pools)[0]


def merge(shards: Iterable[Mapping[Place, Sequence[Lot]]], plan: Plan) -> dict[Place, Drawn]:
    """Merge the shards' lots into the draw; equals drawing from the whole roster."""
    gathered: dict[Place, list[Lot]] = {(quota.item, quota.stratum): [] for quota in plan.quotas}
    for shard in shards:
        for place, lots in shard.items():
            gathered[place].extend(lots)
    return {(q.item, q.stratum): _cut(gathered[q.item, q.stratum], q) for q in plan.quotas}


def _cut(lots: list[Lot], quota: QuotaLine) -> Drawn:
    smallest = sorted(lots)[: quota.k + quota.reserve]
    return Drawn(tuple(smallest[: quota.k]), tuple(smallest[quota.k :]))


def _shard(
    rows: Iterable[RosterRow], plan: Plan, keys: Mapping[str, str], pools: Pools | None
) -> tuple[dict[Place, list[Lot]], dict[Place, int]]:
    names = [item.name for item in plan.items]
    once = iter(rows) is rows
    known = {(names[place], stratum): tiers for (place, stratum), tiers in (pools or {}).items()}
    bounds = {(q.item, q.stratum): _bounds(q, known.get((q.item, q.stratum)), once) for q in plan.quotas}
    sieve = _Sieve(plan, keys, bounds)
    sieve.read(rows)
    counted = {(names[place], stratum): tiers for (place, stratum), tiers in count_pools(sieve.tails).items()}
    lots = sieve.smallest()
    short = _doubtful(plan, lots, bounds, counted)
    if short:
        again = _Sieve(plan, keys, {p: (EVERYTHING if p in short else NOTHING,) * 10 for p in bounds})
        again.read(rows)
        lots |= {place: found for place, found in again.smallest().items() if place in short}
    return lots, {place: sum(tiers) for place, tiers in counted.items()}


def _bounds(quota: QuotaLine, tiers: Sequence[int] | None, once: bool) -> TierBounds:
    """Guess, by tier, below which ticket the k + reserve smallest lie; 8 sigma of room."""
    wanted = min(quota.k + quota.reserve, quota.n)
    if once:
        return (EVERYTHING,) * 10
    if tiers is None:
        return (_bound(wanted, quota.n),) * 10
    bounds = []
    for number in tiers:
        bounds.append(_bound(wanted, number))
        wanted = max(wanted - number, 0)
    return tuple(bounds)


def _bound(wanted: int, number: int) -> bytes:
    room = wanted + 8 * (math.isqrt(wanted) + 1) + 16
    if wanted <= 0:
        return NOTHING
    return EVERYTHING if room >= number else ((room << 64) // number).to_bytes(8, "big")


def _doubtful(
    plan: Plan,
    lots: Mapping[Place, Sequence[Lot]],
    bounds: Mapping[Place, TierBounds],
    counted: Mapping[Place, Sequence[int]],
) -> set[Place]:
    """Name the strata where the pre-filter may have dropped somebody who belongs in front."""
    doubtful = set()
    for quota in plan.quotas:
        place = (quota.item, quota.stratum)
        tiers, kept = counted.get(place, (0,) * 10), lots.get(place, ())
        wanted = min(quota.k + quota.reserve, sum(tiers))
        below = range(kept[wanted - 1].tier) if wanted and len(kept) >= wanted else range(10)
        lost = any(tiers[tier] and bounds[place][tier] != EVERYTHING for tier in below)
        if wanted and (len(kept) < wanted or lost):
            doubtful.add(place)
    return doubtful


def _columns(rows: Iterable[RosterRow]) -> Iterator[Columns]:
    if isinstance(rows, RosterFile):
        yield from rows.columns()
        return
    stream = iter(rows)
    while batch := list(islice(stream, BATCH)):
        yield [identifier for identifier, _ in batch], [cells for _, cells in batch]


class _Sieve:
    """Reads rows in batches and keeps the lots below the bounds, never many more than are wanted."""

    def __init__(self, plan: Plan, keys: Mapping[str, str], bounds: Mapping[Place, TierBounds]) -> None:
        self.tails = Counter[str]()
        self._plan, self._bounds, self._hash = plan, bounds, hasher(plan.alg)
        self._wanted = {(q.item, q.stratum): q.k + q.reserve for q in plan.quotas}
        self._kept: dict[Place, list[Lot]] = {place: [] for place in self._wanted}
        self._passes = [(f"{keys[purpose]}:", _Tails(plan, purpose, bounds)) for purpose in plan.purposes]

    def read(self, rows: Iterable[RosterRow]) -> None:
        for identifiers, cells in _columns(rows):
            counted = Counter(cells)
            self.tails.update(counted)
            for prefix, tails in self._passes:
                tails.learn(counted)
                self._sift(identifiers, cells, prefix, tails)

    def _sift(self, identifiers: Sequence[str], cells: Sequence[str], prefix: str, tails: _Tails) -> None:
        hash_, limits = self._hash, tails.limits
        # The one loop that runs for every firm of the city: nothing in it but the hash and a look-up.
        passed = [
            (ticket, identifier, tail)
            for identifier, tail in zip(identifiers, cells, strict=True)
            if (ticket := hash_((prefix + identifier).encode()).digest()) < limits[tail]
        ]
        for ticket, identifier, tail in passed:
            for place, tier, bound in tails.places[tail]:
                if ticket < bound:
                    self._keep(place, Lot(tier, ticket, identifier))

    def _keep(self, place: Place, lot: Lot) -> None:
        kept = self._kept[place]
        kept.append(lot)
        # Without a bound a stratum would pile up whole; sorting now and then keeps it lean.
        if len(kept) > 2 * self._wanted[place] + 4096:
            kept.sort()
            del kept[self._wanted[place] :]

    def smallest(self) -> dict[Place, list[Lot]]:
        return {place: sorted(kept)[: self._wanted[place]] for place, kept in self._kept.items()}


class _Tails:
    """The cell texts met so far: their places under one purpose, and the loosest bound among these."""

    def __init__(self, plan: Plan, purpose: str, bounds: Mapping[Place, TierBounds]) -> None:
        self.limits: dict[str, bytes] = {}
        self.places: dict[str, list[tuple[Place, int, bytes]]] = {}
        self._columns = [item.name if item.purpose == purpose else None for item in plan.items]
        self._bounds = bounds

    def learn(self, texts: Iterable[str]) -> None:
        for cells in texts:
            if cells not in self.limits:
                self.places[cells] = list(self._parse(cells))
                self.limits[cells] = max((bound for *_, bound in self.places[cells]), default=NOTHING)

    def _parse(self, cells: str) -> Iterator[tuple[Place, int, bytes]]:
        for name, cell in zip(self._columns, parse_cells(cells), strict=True):
            if name is not None and cell is not None:
                place = (name, cell.stratum)
                yield place, cell.tier, self._bounds.get(place, (NOTHING,) * 10)[cell.tier]
