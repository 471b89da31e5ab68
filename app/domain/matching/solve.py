"""The match itself: the one cheapest lawful assignment under a published key (draw protocol 2.9)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.domain.errors import DomainError
from app.domain.matching.certificate import (
    Prices,
    find_prices,
    is_unique,
    lead_places,
    target_numbers,
    total_cost,
)
from app.domain.matching.explain import Refused, explain
from app.domain.matching.flow import cheapest_flow
from app.domain.matching.instance import Instance
from app.domain.matching.network import Columns, Flags, Integers, build, pair_costs

PURPOSE = "pair"


class CannotBeStaffed(DomainError):
    """No lawful assignment exists; params `shortages` (tuple of Shortage), `shortfall` (person-visits)."""

    code = "cannot_be_staffed"


@dataclass(frozen=True, slots=True)
class Match:
    """匹配: who inspects what, what it costs, and the prices that prove nothing is cheaper.

    `teams` maps (target, group) to its members ascending, `visits` maps each target to the whole team, lead
    first and the others ascending. `unique` is False when another assignment costs exactly as much.
    """

    teams: dict[tuple[str, str], tuple[str, ...]]
    visits: dict[str, tuple[str, ...]]
    cost: int
    prices: Prices
    unique: bool

    @property
    def leads(self) -> dict[str, str]:
        """The lead of every target."""
        return {target: team[0] for target, team in self.visits.items()}

    @property
    def loads(self) -> Counter[str]:
        """Visits per person; whoever has none is absent."""
        return Counter(staff_no for team in self.visits.values() for staff_no in team)


def match(instance: Instance, key: str, alg: str = "sha256", refused: Refused | None = None) -> Match:
    """Assign inspectors to every demand of `instance` under key `K(pair)`.

    `refused` (see EligiblePairs.refusals_of) is only asked when the match fails, for the explanation.
    Raises CannotBeStaffed.
    """
    columns = Columns.of(instance)
    costs = pair_costs(instance, key, alg)
    chosen = _cheapest_choice(columns, costs)
    if chosen is None:
        shortages = explain(instance, refused)
        raise CannotBeStaffed(shortages=shortages, shortfall=sum(found.shortfall for found in shortages))
    prices = find_prices(columns, costs, chosen)
    teams, visits = _named_teams(instance, columns, costs, chosen)
    unique = is_unique(columns, costs, chosen, prices)
    return Match(teams, visits, total_cost(columns, costs, chosen), prices, unique)


def match_unique(
    instance: Instance,
    key_for_purpose: Callable[[str], str],
    alg: str = "sha256",
    refused: Refused | None = None,
    first: int = 0,
) -> tuple[str, Match]:
    """Match with purpose `pair`, then `pair/1`, `pair/2` ... until the optimum is unique.

    `first` starts at a later purpose, for repeating a match that needed one. Raises CannotBeStaffed.
    """
    attempt = first
    while True:
        purpose = f"{PURPOSE}/{attempt}" if attempt else PURPOSE
        found = match(instance, key_for_purpose(purpose), alg, refused)
        if found.unique:
            return purpose, found
        attempt += 1


def _cheapest_choice(columns: Columns, costs: Integers) -> Flags | None:
    """The optimal pairs, or None when there are none.

    Caps are cut first, for fewer arcs. By convexity a cut that the optimum does not touch changes nothing.
    """
    limit = 64 + 4 * int(columns.size.sum()) // max(len(columns.cap), 1)
    while True:
        flow = cheapest_flow(build(columns, costs, limit))
        touched = columns.reach > limit
        if flow is not None:
            chosen = flow[: len(costs)] > 0
            touched &= columns.loads(chosen) >= limit
        if not touched.any():
            return chosen if flow is not None else None
        limit *= 4


def _named_teams(
    instance: Instance, columns: Columns, costs: Integers, chosen: Flags
) -> tuple[dict[tuple[str, str], tuple[str, ...]], dict[str, tuple[str, ...]]]:
    teams: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    members: defaultdict[str, list[str]] = defaultdict(list)
    for place in np.flatnonzero(chosen).tolist():
        demand = instance.demands[columns.demand[place]]
        staff_no = instance.staff[columns.staff[place]].staff_no
        teams[demand.target, demand.group].append(staff_no)
        members[demand.target].append(staff_no)
    visits = {}
    leads = lead_places(columns, costs, chosen, target_numbers(instance))
    for target, place in zip(sorted(members), leads.tolist(), strict=True):
        lead = instance.staff[columns.staff[place]].staff_no
        visits[target] = (lead, *sorted(name for name in members[target] if name != lead))
    return {name: tuple(team) for name, team in teams.items()}, visits
