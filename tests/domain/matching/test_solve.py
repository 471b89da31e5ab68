import numpy as np
import pytest
from hypothesis import given, settings

from app.domain.draw.hashing import HashUnknown
from app.domain.matching.certificate import check, find_prices, is_unique
from app.domain.matching.explain import ShortageKind
from app.domain.matching.flow import cheapest_flow
from app.domain.matching.instance import Demand, Instance, Staff
from app.domain.matching.network import Columns, build, pair_costs
from app.domain.matching.solve import CannotBeStaffed, match, match_unique
from tests.domain.matching.builders import (
    KEY,
    cost_of,
    every_choice,
    make_instance,
    make_staff,
    protocol_instance,
    simple_instance,
)
from tests.domain.matching.strategies import tiny_instances

TIED = ("I0", "I12761", "I52321")
"""The last two have the same 32-bit cost for T1 under KEY, the first a lower one."""


def test_the_published_pair_costs():
    targets = protocol_instance()
    costs = dict(zip(targets.rows(), pair_costs(targets, KEY).tolist(), strict=True))
    first = {staff_no: cost for (target, staff_no, _), cost in costs.items() if target.endswith("1X")}
    assert [first[name] for name in ("I01", "I02", "I04")] == [3472665085, 3721128140, 1104017583]


def test_sm3_gives_other_costs_and_unknown_hashes_none():
    instance = protocol_instance()
    assert not np.array_equal(pair_costs(instance, KEY, "sm3"), pair_costs(instance, KEY))
    with pytest.raises(HashUnknown):
        pair_costs(instance, KEY, "md5")


def test_the_published_match():
    found = match(protocol_instance(), KEY)
    assert found.cost == 62427254090
    assert found.unique
    assert list(found.visits.values()) == [
        ("I05", "I04"),
        ("I03", "I01"),
        ("I03", "I06"),
        ("I01", "I06"),
        ("I05", "I02"),
        ("I05", "I04"),
        ("I03", "I02"),
    ]


def test_a_match_under_sm3_is_checked_under_sm3():
    instance = protocol_instance()
    found = match(instance, KEY, "sm3")
    assert check(instance, KEY, found.visits, found.prices, found.cost, "sm3") is None
    assert check(instance, KEY, found.visits, found.prices, found.cost, "sha256") is not None


@settings(max_examples=120, deadline=None)
@given(tiny_instances())
def test_the_match_is_the_cheapest_of_all_lawful_assignments(instance):
    costs = pair_costs(instance, KEY).tolist()
    best = min((cost_of(instance, costs, chosen) for chosen in every_choice(instance)), default=None)
    if best is None:
        with pytest.raises(CannotBeStaffed):
            match(instance, KEY)
    else:
        assert match(instance, KEY).cost == best


@settings(max_examples=80, deadline=None)
@given(tiny_instances())
def test_the_optimum_is_called_unique_exactly_when_it_is(instance):
    # Costs of 0 to 2 by position make ties the rule rather than the exception.
    columns = Columns.of(instance)
    costs = np.arange(len(instance.pairs), dtype=np.int64) * 5 % 3
    prices = [cost_of(instance, costs.tolist(), chosen) for chosen in every_choice(instance)]
    flow = cheapest_flow(build(columns, costs))
    assert (flow is None) is (not prices)
    if flow is not None:
        chosen = flow[: len(costs)] > 0
        found = find_prices(columns, costs, chosen)
        assert is_unique(columns, costs, chosen, found) is (prices.count(min(prices)) == 1)


@settings(max_examples=60, deadline=None)
@given(tiny_instances())
def test_teams_keep_to_sizes_caps_agencies_and_eligibility(instance):
    try:
        found = match(instance, KEY)
    except CannotBeStaffed:
        return
    rows = {(target, staff_no): key for target, staff_no, key in instance.rows()}
    home = {person.staff_no: person.group for person in instance.staff}
    for demand in instance.demands:
        team = found.teams[demand.target, demand.group]
        assert len(set(team)) == demand.size
        assert {home[name] for name in team} == {demand.group}
        assert all((demand.target, name) in rows for name in team)
        assert not demand.needs_key or any(rows[demand.target, name] for name in team)
    assert all(found.loads[person.staff_no] <= person.cap for person in instance.staff)


def test_r17_every_team_has_two_inspectors_of_whom_one_may_lead():
    instance = simple_instance("A* B C D*", {f"T{n}": "A B C D" for n in range(6)})
    found = match(instance, KEY)
    assert {len(team) for team in found.visits.values()} == {2}
    assert set(found.leads.values()) <= {"A", "D"}


def test_load_is_spread_as_evenly_as_possible():
    instance = simple_instance("A* B* C* D* E*", {f"T{n}": "A B C D E" for n in range(10)}, cap=20)
    assert set(match(instance, KEY).loads.values()) == {4}


def test_a_cap_nobody_reaches_does_not_slow_or_change_the_match():
    teams = {f"T{n}": "A B C" for n in range(8)}
    wide, narrow = simple_instance("A* B* C*", teams, cap=10_000), simple_instance("A* B* C*", teams, cap=8)
    assert match(wide, KEY).visits == match(narrow, KEY).visits


def test_one_person_may_carry_everything_when_the_law_leaves_no_choice():
    names = [f"B{n}" for n in range(300)]
    instance = simple_instance("A* " + " ".join(names), {f"T{n}": f"A B{n}" for n in range(300)}, cap=300)
    assert match(instance, KEY).loads["A"] == 300


def test_a_joint_visit_takes_each_agency_its_own_and_one_lead():
    staff = make_staff("S1* S2 S3") + make_staff("G1* G2", group="GA")
    demands = [Demand("T1", "SW", 2, True), Demand("T1", "GA", 1, False)]
    rows = [("T1", person.staff_no) for person in staff]
    found = match(make_instance(staff, demands, rows), KEY)
    assert found.leads == {"T1": "S1"}
    assert len(found.teams["T1", "SW"]) == 2
    assert len(found.teams["T1", "GA"]) == 1
    assert set(found.visits["T1"]) == {*found.teams["T1", "SW"], *found.teams["T1", "GA"]}


def test_r16_the_lead_is_the_key_person_even_when_others_may_lead():
    staff = make_staff("A* B*")
    instance = Instance.of(staff, [Demand("T1", "SW", 2, True)], [("T1", "A", False), ("T1", "B", True)])
    assert match(instance, KEY).leads == {"T1": "B"}


def test_where_nobody_must_lead_somebody_who_may_still_does():
    staff = make_staff("A B* C")
    instance = Instance.of(
        staff, [Demand("T1", "SW", 3, False)], [("T1", name, False) for name in ("A", "B", "C")]
    )
    assert match(instance, KEY).leads == {"T1": "B"}


def test_the_key_alone_decides():
    instance = protocol_instance()
    assert match(instance, KEY).visits == match(instance, KEY).visits
    assert len({tuple(match(instance, f"{n:032x}").visits.values()) for n in range(20)}) > 15


def test_a_failed_match_carries_its_explanation():
    with pytest.raises(CannotBeStaffed) as failed:
        match(simple_instance("A B", {"T1": "A B"}), KEY)
    assert failed.value.params["shortfall"] == 1
    assert [shortage.kind for shortage in failed.value.params["shortages"]] == [ShortageKind.NO_LEAD]


def test_no_staff_at_all_is_explained():
    instance = Instance.of([], [Demand("T1", "SW", 2, True)], [])
    with pytest.raises(CannotBeStaffed) as failed:
        match(instance, KEY)
    assert failed.value.params["shortfall"] == 2


def test_the_first_purpose_is_kept_when_the_optimum_is_unique():
    purpose, found = match_unique(protocol_instance(), lambda purpose: KEY)
    assert purpose == "pair"
    assert found.cost == 62427254090


def tied_instance():
    staff = [Staff(name, 1, True, "SW") for name in TIED]
    return Instance.of(staff, [Demand("T1", "SW", 2, True)], [("T1", name, True) for name in TIED])


def test_a_tie_is_broken_by_the_next_purpose():
    instance = tied_instance()
    keys = {"pair": KEY, "pair/1": "0" * 32, "pair/2": "1" * 32}
    assert not match(instance, KEY).unique
    purpose, found = match_unique(instance, keys.__getitem__)
    assert purpose == "pair/1"
    assert found.visits == match(instance, keys["pair/1"]).visits
    assert match_unique(instance, keys.__getitem__, first=2)[0] == "pair/2"
