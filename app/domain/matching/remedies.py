"""The cheapest way out of a shortage, as a proposal the clerk may take or leave."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.domain.matching.certificate import target_numbers
from app.domain.matching.flow import cheapest_flow, greatest_flow
from app.domain.matching.instance import Instance, Pairs, without
from app.domain.matching.network import SOURCE, Columns, Flags, Integers, Network, build, unit_steps

SCALE = 10**8
"""Room below one price unit, in which the spreading of extra visits over people is decided."""


@dataclass(frozen=True, slots=True)
class RemedyPrices:
    """What a remedy costs against the others (draw protocol section 3)."""

    extra_visit: int = 1
    waive_key: int = 5
    postpone: int = 1000


@dataclass(frozen=True, slots=True)
class Remedies:
    """`raised`: (staff_no, visits above the cap); `waived`: demands that go without a key person;
    `postponed`: targets left to the next batch. `price` is what the set costs in RemedyPrices."""

    raised: tuple[tuple[str, int], ...] = ()
    waived: tuple[tuple[str, str], ...] = ()
    postponed: tuple[str, ...] = ()
    price: int = 0


def remedies(
    instance: Instance,
    prices: RemedyPrices | None = None,
    fixed: Collection[str] = (),
    order: Sequence[str] = (),
) -> Remedies:
    """The cheapest remedies after which `instance` can be staffed; empty when nothing is wrong.

    `fixed` names people whose cap may not be raised. `order` names targets in order of drawing: where it
    makes no other difference, the one drawn last is postponed (without it, the last by name). Missing
    person-visits are priced singly, but a target is postponed as a whole, with all its groups; the other
    remedies are then found anew for the rest. Extra visits are spread over people. To waive the key person
    waives lead and expertise together.
    """
    prices = prices or RemedyPrices()
    affected = _affected(instance)
    if affected is None:
        return Remedies()
    relaxed = _Relaxed(affected, prices, fixed, order)
    postponed = relaxed.understaffed()
    price = prices.postpone * len(postponed)
    if postponed:
        if affected.targets <= set(postponed):
            return Remedies(postponed=postponed, price=price)
        relaxed = _Relaxed(without(affected, targets=set(postponed)), prices, fixed, order)
    raised, waived = relaxed.raised(), relaxed.waived()
    price += prices.extra_visit * sum(extra for _, extra in raised) + prices.waive_key * len(waived)
    return Remedies(raised, waived, postponed, price)


def apply_remedies(instance: Instance, chosen: Remedies) -> Instance:
    """The problem after the remedies: caps raised, key persons waived, targets left out."""
    extra, waived = dict(chosen.raised), set(chosen.waived)
    rest = without(instance, targets=set(chosen.postponed))
    staff = tuple(replace(person, cap=person.cap + extra.get(person.staff_no, 0)) for person in rest.staff)
    demands = tuple(
        replace(demand, needs_key=demand.needs_key and (demand.target, demand.group) not in waived)
        for demand in rest.demands
    )
    return Instance(staff, demands, rest.pairs)


def _affected(instance: Instance) -> Instance | None:
    """The part of the problem that hangs together with a shortage, or None; the rest cannot help it."""
    columns = Columns.of(instance)
    targets = target_numbers(instance)
    flow = greatest_flow(build(columns, np.zeros(len(instance.pairs), dtype=np.int64)))
    reached = columns.per_demand(flow[: len(instance.pairs)] > 0) < columns.size
    if not reached.any():
        return None
    before = 0
    while before < reached.sum():
        before = int(reached.sum())
        people = np.isin(np.arange(len(columns.cap)), columns.staff[reached[columns.demand]])
        reached[columns.demand[people[columns.staff]]] = True
        reached = np.isin(targets, targets[reached])
    return _narrowed(instance, reached)


def _narrowed(instance: Instance, kept: Flags) -> Instance:
    columns = Columns.of(instance)
    numbers = np.cumsum(kept, dtype=np.int32) - 1
    pairs = kept[columns.demand]
    return Instance(
        instance.staff,
        tuple(demand for demand, is_kept in zip(instance.demands, kept, strict=True) if is_kept),
        Pairs(
            array("i", numbers[columns.demand[pairs]].tobytes()),
            array("i", columns.staff[pairs].tobytes()),
            array("b", columns.key[pairs].tobytes()),
        ),
    )


class _Relaxed:
    """One flow in which every rule may be broken at its price: pairs, quotas, loads, then the breaches."""

    def __init__(
        self, instance: Instance, prices: RemedyPrices, fixed: Collection[str], order: Sequence[str]
    ) -> None:
        self.instance = instance
        columns = Columns.of(instance)
        network = build(columns, np.zeros(len(instance.pairs), dtype=np.int64))
        strict = replace(network, costs=np.zeros_like(network.costs))
        flow = greatest_flow(strict)
        shortfall = int(columns.size.sum()) - int(flow[: len(instance.pairs)].sum())
        self.keyed = np.flatnonzero(columns.needs_key)
        self.owners, steps = unit_steps(_room(instance, columns, shortfall, fixed))
        self.strict_arcs = len(strict.tails)
        costs = (
            np.full(len(self.keyed), SCALE * prices.waive_key),
            SCALE * prices.extra_visit + steps,
            SCALE * prices.postpone + _precedence(instance, order),
        )
        self.flow = _solved(_with_breaches(strict, columns, self.keyed, self.owners, np.concatenate(costs)))

    def _breaches(self, start: int, length: int) -> Integers:
        first = self.strict_arcs + start
        found: Integers = self.flow[first : first + length]
        return found

    def waived(self) -> tuple[tuple[str, str], ...]:
        """Demands that go without a key person, ascending."""
        used = self._breaches(0, len(self.keyed)) > 0
        found = [self.instance.demands[place] for place in self.keyed[used]]
        return tuple((demand.target, demand.group) for demand in found)

    def raised(self) -> tuple[tuple[str, int], ...]:
        """People with visits above their cap, and how many, ascending."""
        used = self._breaches(len(self.keyed), len(self.owners)) > 0
        places, extra = np.unique(self.owners[used], return_counts=True)
        names = [self.instance.staff[place].staff_no for place in places]
        return tuple(zip(names, extra.tolist(), strict=True))

    def understaffed(self) -> tuple[str, ...]:
        """Targets with a person-visit that nobody makes, ascending."""
        missing = self._breaches(len(self.keyed) + len(self.owners), len(self.instance.demands))
        return tuple(sorted({self.instance.demands[place].target for place in np.flatnonzero(missing)}))


def _room(instance: Instance, columns: Columns, shortfall: int, fixed: Collection[str]) -> Integers:
    degrees = np.bincount(columns.staff, minlength=len(columns.cap))
    free = np.array([person.staff_no not in fixed for person in instance.staff], dtype=np.int64)
    room: Integers = np.clip(degrees - columns.cap, 0, shortfall) * free
    return room


def _precedence(instance: Instance, order: Sequence[str]) -> Integers:
    """A number per demand, the same for one target, that falls in `order`; it keeps gaps on few targets."""
    listed = list(dict.fromkeys([*order, *sorted(instance.targets)]))
    ranks = {target: len(listed) - place for place, target in enumerate(listed)}
    return np.array([ranks[demand.target] for demand in instance.demands], dtype=np.int64)


def _with_breaches(
    strict: Network, columns: Columns, keyed: Integers, owners: Integers, costs: Integers
) -> Network:
    demand_node = 1 + len(columns.cap) + np.arange(len(columns.size))
    quota_node = demand_node + len(columns.size)
    outside = np.full(len(owners) + len(columns.size), SOURCE)
    return Network(
        np.concatenate((strict.tails, quota_node[keyed], outside)).astype(np.int32),
        np.concatenate((strict.heads, demand_node[keyed], 1 + owners, demand_node)).astype(np.int32),
        np.concatenate((strict.capacities, np.ones_like(keyed), np.ones_like(owners), columns.size)),
        np.concatenate((strict.costs, costs)),
        strict.supplies,
    )


def _solved(network: Network) -> Integers:
    flow = cheapest_flow(network)
    assert flow is not None, "every demand may stay unmet at its price"
    return flow
