"""Prices that prove a match optimal, and the check that needs no solver (draw protocol 2.9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.errors import DomainError
from app.domain.matching.instance import Instance
from app.domain.matching.network import LOAD_WEIGHT, Columns, Flags, Integers, Places, pair_costs


class NotOptimal(DomainError):
    """No prices exist, because a cheaper assignment does."""

    code = "not_optimal"


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """Integer prices: `y` per person, `z` and `u` per demand, in the order of the Instance."""

    y: Integers
    z: Integers
    u: Integers


@dataclass(frozen=True, slots=True)
class Violation:
    """The first rule that an assignment or its prices break, and where."""

    rule: str
    target: str = ""
    group: str = ""
    staff_no: str = ""


def find_prices(columns: Columns, costs: Integers, chosen: Flags) -> Prices:
    """Prices for an optimal choice of pairs, by Bellman-Ford on the residual graph; raises NotOptimal."""
    search = _PriceSearch(columns, costs, chosen)
    for _ in range(1 + len(columns.cap) + 2 * len(columns.size)):
        if not search.improve():
            return search.prices()
    raise NotOptimal


class _PriceSearch:
    """Distances in the residual graph: source, people `y`, demands `z`, quota nodes `w`; u = z - w."""

    def __init__(self, columns: Columns, costs: Integers, chosen: Flags) -> None:
        self.loads = columns.loads(chosen)
        self.open = self.loads < columns.cap
        self.used = self.loads > 0
        quota = columns.per_demand(chosen & ~columns.direct)
        self.slack = ~columns.needs_key | (quota < columns.size - 1)
        self.source = 0
        self.y = LOAD_WEIGHT * self.loads
        top = LOAD_WEIGHT * (int(self.loads.max(initial=0)) + 2)
        self.z = np.full(len(columns.size), top, dtype=np.int64)
        self.w = self.z.copy()
        self.to_demand = _Lowest(columns.demand, columns.staff, costs, ~chosen & columns.direct)
        self.to_quota = _Lowest(columns.demand, columns.staff, costs, ~chosen & ~columns.direct)
        self.from_demand = _Lowest(columns.staff, columns.demand, -costs, chosen & columns.direct)
        self.from_quota = _Lowest(columns.staff, columns.demand, -costs, chosen & ~columns.direct)

    def improve(self) -> bool:
        """One round over all residual arcs; False when nothing changed any more."""
        before, source = self.y.copy(), self.source
        self.to_demand.lower(self.z, self.y)
        self.to_quota.lower(self.w, self.y)
        np.minimum(self.w, self.z, out=self.w)
        np.copyto(self.z, self.w, where=self.slack)
        self.from_demand.lower(self.y, self.z)
        self.from_quota.lower(self.y, self.w)
        floor = self.y[self.used] - LOAD_WEIGHT * (self.loads[self.used] - 1)
        self.source = min(self.source, int(floor.min(initial=self.source)))
        ceiling = self.source + LOAD_WEIGHT * self.loads
        np.minimum(self.y, ceiling, out=self.y, where=self.open)
        return self.source != source or not np.array_equal(before, self.y)

    def prices(self) -> Prices:
        """The distances, measured from the source."""
        return Prices(self.y - self.source, self.z - self.source, self.z - self.w)


class _Lowest:
    """For every owner the lowest `value[other] + length` over its marked arcs."""

    def __init__(self, owners: Places, others: Places, lengths: Integers, marked: Flags) -> None:
        arcs = np.flatnonzero(marked)
        arcs = arcs[np.argsort(owners[arcs], kind="stable")]
        self.others = others[arcs]
        self.lengths = lengths[arcs]
        self.owners, self.starts = np.unique(owners[arcs], return_index=True)

    def lower(self, goal: Integers, value: Integers) -> None:
        """Lower `goal` in place to what the arcs allow."""
        if len(self.owners):
            found = np.minimum.reduceat(value[self.others] + self.lengths, self.starts)
            goal[self.owners] = np.minimum(goal[self.owners], found)


def is_unique(columns: Columns, costs: Integers, chosen: Flags, prices: Prices) -> bool:
    """True when no other assignment costs as little: no residual cycle of zero reduced cost.

    A quota that is neither empty nor full can be passed both ways at no cost, so its two nodes count as one;
    otherwise that round trip would look like an alternative.
    """
    tails, heads = _free_arcs(columns, costs, chosen, prices)
    while len(tails):
        nodes = int(max(tails.max(), heads.max())) + 1
        entered = np.bincount(heads, minlength=nodes) > 0
        left = np.bincount(tails, minlength=nodes) > 0
        kept = entered[tails] & left[heads]
        if kept.all():
            return False
        tails, heads = tails[kept], heads[kept]
    return True


def _free_arcs(columns: Columns, costs: Integers, chosen: Flags, prices: Prices) -> tuple[Integers, Integers]:
    people, demands = len(columns.cap), len(columns.size)
    node = 1 + people + np.arange(demands)
    quota = columns.per_demand(chosen & ~columns.direct)
    forward = columns.needs_key & (prices.u == 0) & (quota < columns.size - 1)
    backward = columns.needs_key & (prices.u == 0) & (quota > 0)
    quota_node = np.where(forward & backward, node, node + demands)
    tight = costs + prices.y[columns.staff] == np.where(
        columns.direct, prices.z[columns.demand], (prices.z - prices.u)[columns.demand]
    )
    ends = np.where(columns.direct, node[columns.demand], quota_node[columns.demand])
    person = 1 + columns.staff.astype(np.int64)
    loads = columns.loads(chosen)
    grow = 1 + np.flatnonzero((loads < columns.cap) & (prices.y == LOAD_WEIGHT * loads))
    shrink = 1 + np.flatnonzero((loads > 0) & (prices.y == LOAD_WEIGHT * (loads - 1)))
    into, back = tight & ~chosen, tight & chosen
    only_forward, only_backward = forward & ~backward, backward & ~forward
    tails = (person[into], ends[back], node[only_forward] + demands, node[only_backward], 0 * grow, shrink)
    heads = (ends[into], person[back], node[only_forward], node[only_backward] + demands, grow, 0 * shrink)
    return np.concatenate(tails), np.concatenate(heads)


def check(
    instance: Instance,
    key: str,
    visits: Mapping[str, Sequence[str]],
    prices: Prices,
    cost: int,
    alg: str = "sha256",
) -> Violation | None:
    """The first broken inequality of 2.9, or None when `visits` is proved optimal; O(pairs), no solver.

    `visits` maps each target to its team, the lead first. Also checked: eligibility, team sizes, quotas,
    caps, the lead and the total cost.
    """
    columns = Columns.of(instance)
    costs = pair_costs(instance, key, alg)
    chosen, stranger = mark_chosen(instance, visits)
    if stranger is not None:
        return stranger
    tests = (
        _team_violation(instance, columns, chosen),
        _lead_violation(instance, columns, costs, chosen, visits),
        _pair_violation(instance, columns, costs, chosen, prices),
        _load_violation(instance, columns, chosen, prices),
        _quota_violation(instance, columns, chosen, prices),
        None if cost == total_cost(columns, costs, chosen) else Violation("wrong_cost"),
    )
    return next((found for found in tests if found is not None), None)


def total_cost(columns: Columns, costs: Integers, chosen: Flags) -> int:
    """Pair costs plus the convex load term of the chosen pairs."""
    loads = columns.loads(chosen)
    return int(costs[chosen].sum()) + LOAD_WEIGHT * int((loads * (loads - 1)).sum()) // 2


def mark_chosen(instance: Instance, visits: Mapping[str, Sequence[str]]) -> tuple[Flags, Violation | None]:
    """Which eligible pairs `visits` uses, and the first member who was not eligible or stands twice."""
    chosen = np.zeros(len(instance.pairs), dtype=np.bool_)
    wanted = {(target, staff_no) for target, team in visits.items() for staff_no in team}
    for place, (target, staff_no, _) in enumerate(instance.rows()):
        if (target, staff_no) in wanted:
            chosen[place] = True
            wanted.discard((target, staff_no))
    if wanted:
        target, staff_no = min(wanted)
        return chosen, Violation("not_eligible", target, staff_no=staff_no)
    repeated = [target for target, team in visits.items() if len(set(team)) < len(team)]
    return chosen, Violation("named_twice", min(repeated)) if repeated else None


def lead_places(columns: Columns, costs: Integers, chosen: Flags, targets: Integers) -> Integers:
    """The pair of the lead for each target: a key person of a demand that needs one, then one who may lead,
    then the lowest cost, then the staff number. `targets` numbers the target of each demand."""
    places = np.flatnonzero(chosen)
    owner = targets[columns.demand[places]]
    answers = columns.key[places] & columns.needs_key[columns.demand[places]]
    leads = columns.may_lead[columns.staff[places]]
    order = np.lexsort((columns.staff[places], costs[places], ~leads, ~answers, owner))
    _, first = np.unique(owner[order], return_index=True)
    return places[order[first]]


def target_numbers(instance: Instance) -> Integers:
    """For each demand the number of its target, counted from 0 in ascending order."""
    numbers = {name: place for place, name in enumerate(sorted(instance.targets))}
    return np.array([numbers[demand.target] for demand in instance.demands], dtype=np.int64)


def _team_violation(instance: Instance, columns: Columns, chosen: Flags) -> Violation | None:
    short = columns.per_demand(chosen) != columns.size
    keyless = columns.per_demand(chosen & ~columns.direct) > np.maximum(columns.size - 1, 0)
    over = columns.loads(chosen) > columns.cap
    return (
        _at_demand(instance, "wrong_team_size", short)
        or _at_demand(instance, "no_key_person", keyless)
        or _at_person(instance, "over_cap", over)
    )


def _lead_violation(
    instance: Instance, columns: Columns, costs: Integers, chosen: Flags, visits: Mapping[str, Sequence[str]]
) -> Violation | None:
    for place in lead_places(columns, costs, chosen, target_numbers(instance)):
        target = instance.demands[columns.demand[place]].target
        if visits[target][0] != instance.staff[columns.staff[place]].staff_no:
            return Violation("wrong_lead", target, staff_no=visits[target][0])
    return None


def _pair_violation(
    instance: Instance, columns: Columns, costs: Integers, chosen: Flags, prices: Prices
) -> Violation | None:
    reduced = costs + prices.y[columns.staff] - prices.z[columns.demand]
    reduced += np.where(columns.direct, 0, prices.u[columns.demand])
    return _at_pair(instance, columns, "cheaper_pair_left_out", ~chosen & (reduced < 0)) or _at_pair(
        instance, columns, "dearer_pair_chosen", chosen & (reduced > 0)
    )


def _load_violation(instance: Instance, columns: Columns, chosen: Flags, prices: Prices) -> Violation | None:
    loads = columns.loads(chosen)
    low = (loads > 0) & (prices.y < LOAD_WEIGHT * (loads - 1))
    high = (loads < columns.cap) & (prices.y > LOAD_WEIGHT * loads)
    return _at_person(instance, "load_price_too_low", low) or _at_person(
        instance, "load_price_too_high", high
    )


def _quota_violation(instance: Instance, columns: Columns, chosen: Flags, prices: Prices) -> Violation | None:
    binding = columns.needs_key & (columns.per_demand(chosen & ~columns.direct) == columns.size - 1)
    return _at_demand(instance, "quota_price_negative", prices.u < 0) or _at_demand(
        instance, "quota_price_without_need", (prices.u != 0) & ~binding
    )


def _at_demand(instance: Instance, rule: str, broken: Flags) -> Violation | None:
    if not broken.any():
        return None
    demand = instance.demands[int(np.argmax(broken))]
    return Violation(rule, demand.target, demand.group)


def _at_person(instance: Instance, rule: str, broken: Flags) -> Violation | None:
    if not broken.any():
        return None
    return Violation(rule, staff_no=instance.staff[int(np.argmax(broken))].staff_no)


def _at_pair(instance: Instance, columns: Columns, rule: str, broken: Flags) -> Violation | None:
    if not broken.any():
        return None
    place = int(np.argmax(broken))
    demand, person = instance.demands[columns.demand[place]], instance.staff[columns.staff[place]]
    return Violation(rule, demand.target, demand.group, person.staff_no)
