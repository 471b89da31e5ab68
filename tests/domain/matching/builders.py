"""Small people, needs and problems for the tests of the match; everybody is invented."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations, product

from app.domain.matching.eligibility import Candidate, Certificate, EligibilityRules, VisitNeed
from app.domain.matching.instance import Demand, Instance, Staff

DAY = date(2026, 5, 20)
CITY, DISTRICT, OTHER_DISTRICT = "220100", "220102", "220103"
RULES = EligibilityRules()
KEY = "e4b0136c8c1035597755aa7318b9ecba"


def make_certificate(**changes: object) -> Certificate:
    valid = Certificate("220100-1", "provincial", DISTRICT, date(2025, 1, 1), date(2027, 12, 31))
    return replace(valid, **changes)


def make_candidate(staff_no: str = "I01", **changes: object) -> Candidate:
    good = Candidate(
        staff_no,
        "SW",
        may_lead=True,
        cap=4,
        certificates=(make_certificate(),),
        expertise=frozenset({"fuel"}),
    )
    return replace(good, **changes)


def make_need(target: str = "T1", **changes: object) -> VisitNeed:
    return replace(VisitNeed(target, "SW", 2, True, DAY, DAY, DISTRICT), **changes)


def make_staff(names: str, cap: int = 4, group: str = "SW") -> list[Staff]:
    """`A* B` makes A, who may lead, and B, who may not."""
    return [Staff(name.rstrip("*"), cap, name.endswith("*"), group) for name in names.split()]


def make_instance(
    staff: Iterable[Staff], demands: Iterable[Demand], rows: Iterable[tuple[str, str]]
) -> Instance:
    """A problem in which those who may lead are the key persons."""
    leads = {person.staff_no: person.may_lead for person in staff}
    return Instance.of(staff, demands, [(target, name, leads[name]) for target, name in rows])


def simple_instance(names: str, teams: dict[str, str], cap: int = 4, size: int = 2) -> Instance:
    """`simple_instance("A* B", {"T1": "A B"})`: a lead needed everywhere, eligible people per target."""
    demands = [Demand(target, "SW", size, True) for target in teams]
    rows = [(target, name) for target, eligible in teams.items() for name in eligible.split()]
    return make_instance(make_staff(names, cap), demands, rows)


def protocol_instance(barred: Iterable[tuple[str, str]] = ()) -> Instance:
    """Seven targets, six people of whom the odd ones may lead; pairs whose numbers add up to 4n are out."""
    out = frozenset(barred)
    people = make_staff("I01* I02 I03* I04 I05* I06")
    targets = [f"91350200M0000000{number}X" for number in range(1, 8)]
    rows = [
        (target, person.staff_no)
        for number, target in enumerate(targets, 1)
        for place, person in enumerate(people, 1)
        if (number + place) % 4 and (target, person.staff_no) not in out
    ]
    return make_instance(people, [Demand(target, "SW", 2, True) for target in targets], rows)


def every_choice(instance: Instance) -> Iterator[frozenset[int]]:
    """All lawful assignments of a tiny problem, as sets of pair positions, by plain enumeration."""
    options = [list(_teams(instance, place)) for place in range(len(instance.demands))]
    for teams in product(*options):
        chosen = frozenset().union(*teams)
        used = [instance.pairs.staff[pair] for pair in chosen]
        if all(used.count(place) <= person.cap for place, person in enumerate(instance.staff)):
            yield chosen


def cost_of(instance: Instance, costs: Iterable[int], chosen: Iterable[int]) -> int:
    """Cost of a choice straight from its definition: pair costs plus W times load(load-1)/2."""
    listed = list(costs)
    loads = [0] * len(instance.staff)
    for pair in chosen:
        loads[instance.pairs.staff[pair]] += 1
    return sum(listed[pair] for pair in chosen) + 2**32 * sum(load * (load - 1) // 2 for load in loads)


def _teams(instance: Instance, place: int) -> Iterator[tuple[int, ...]]:
    demand = instance.demands[place]
    eligible = [pair for pair, owner in enumerate(instance.pairs.demand) if owner == place]
    for team in combinations(eligible, demand.size):
        if not demand.needs_key or any(instance.pairs.key[pair] for pair in team):
            yield team
