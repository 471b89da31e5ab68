from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from app.domain.matching.certificate import (
    NotOptimal,
    Prices,
    Violation,
    check,
    find_prices,
    lead_places,
    mark_chosen,
    target_numbers,
    total_cost,
)
from app.domain.matching.network import Columns, pair_costs
from app.domain.matching.solve import CannotBeStaffed, match
from tests.domain.matching.builders import KEY, every_choice, protocol_instance, simple_instance
from tests.domain.matching.strategies import tiny_instances


def as_visits(instance, chosen):
    """An assignment named as it would be published, with its honest lead and cost."""
    columns, costs = Columns.of(instance), pair_costs(instance, KEY)
    flags = np.isin(np.arange(len(costs)), list(chosen))
    rows = list(instance.rows())
    leads = [rows[place] for place in lead_places(columns, costs, flags, target_numbers(instance))]
    visits = {
        target: (lead, *sorted(rows[p][1] for p in chosen if rows[p][0] == target and rows[p][1] != lead))
        for target, lead, _ in leads
    }
    return visits, total_cost(columns, costs, flags)


@settings(max_examples=80, deadline=None)
@given(tiny_instances())
def test_the_certificate_accepts_the_optimum_and_no_other_lawful_assignment(instance):
    try:
        found = match(instance, KEY)
    except CannotBeStaffed:
        return
    assert check(instance, KEY, found.visits, found.prices, found.cost) is None
    for chosen in list(every_choice(instance))[:200]:
        visits, cost = as_visits(instance, chosen)
        accepted = check(instance, KEY, visits, found.prices, cost) is None
        assert accepted is (visits == found.visits)


def swaps(instance, found):
    """Every assignment that differs from the match in one pair, with its honest lead and cost."""
    chosen, _ = mark_chosen(instance, found.visits)
    inside = set(np.flatnonzero(chosen).tolist())
    for out in inside:
        for new in set(range(len(chosen))) - inside:
            if instance.pairs.demand[out] == instance.pairs.demand[new]:
                yield as_visits(instance, inside - {out} | {new})


def test_any_single_pair_tampering_is_rejected():
    instance = protocol_instance()
    found = match(instance, KEY)
    tampered = list(swaps(instance, found))
    assert len(tampered) == 34
    assert all(check(instance, KEY, visits, found.prices, cost) for visits, cost in tampered)


def tampered_visits(**teams):
    found = match(protocol_instance(), KEY)
    return {**found.visits, **{f"91350200M0000000{name[1]}X": team for name, team in teams.items()}}


@pytest.mark.parametrize(
    ("team", "rule"),
    [
        (("I05", "I03"), "not_eligible"),
        (("I05", "I99"), "not_eligible"),
        (("I05", "I05"), "named_twice"),
        (("I05",), "wrong_team_size"),
        (("I05", "I04", "I01"), "wrong_team_size"),
        (("I02", "I04"), "no_key_person"),
        (("I04", "I05"), "wrong_lead"),
    ],
)
def test_unlawful_teams_are_named(team, rule):
    instance = protocol_instance()
    found = match(instance, KEY)
    violation = check(instance, KEY, tampered_visits(t1=team), found.prices, found.cost)
    assert violation is not None
    assert (violation.rule, violation.target) == (rule, "91350200M00000001X")


def test_more_visits_than_the_cap_are_named():
    found = match(simple_instance("A* B*", {"T1": "A B", "T2": "A B"}), KEY)
    tight = simple_instance("A* B*", {"T1": "A B", "T2": "A B"}, cap=1)
    assert check(tight, KEY, found.visits, found.prices, found.cost) == Violation("over_cap", staff_no="A")


def test_a_target_left_out_is_named():
    instance = protocol_instance()
    found = match(instance, KEY)
    visits = dict(found.visits)
    del visits["91350200M00000003X"]
    assert check(instance, KEY, visits, found.prices, found.cost) == Violation(
        "wrong_team_size", "91350200M00000003X", "SW"
    )


def test_a_wrong_total_is_named():
    instance = protocol_instance()
    found = match(instance, KEY)
    assert check(instance, KEY, found.visits, found.prices, found.cost + 1) == Violation("wrong_cost")


def test_another_key_proves_nothing():
    instance = protocol_instance()
    found = match(instance, KEY)
    assert check(instance, "0" * 32, found.visits, found.prices, found.cost) is not None


@pytest.mark.parametrize(
    ("name", "step", "rule"),
    [
        ("y", -(2**33), "cheaper_pair_left_out"),
        ("y", 2**34, "dearer_pair_chosen"),
        ("z", 2**34, "cheaper_pair_left_out"),
        ("z", -(2**34), "dearer_pair_chosen"),
        ("u", -(2**35), "cheaper_pair_left_out"),
        ("u", 2**35, "dearer_pair_chosen"),
    ],
)
def test_prices_that_prove_nothing_are_rejected(name, step, rule):
    instance = protocol_instance()
    found = match(instance, KEY)
    wrong = replace(found.prices, **{name: getattr(found.prices, name) + step})
    violation = check(instance, KEY, found.visits, wrong, found.cost)
    assert violation is not None
    assert violation.rule == rule


@pytest.mark.parametrize(
    ("y", "u", "rule"),
    [
        (0, 0, None),
        (2**32, 0, None),
        (-1, 0, "load_price_too_low"),
        (2**32 + 1, 0, "load_price_too_high"),
        (0, -1, "quota_price_negative"),
        (0, 1, "quota_price_without_need"),
    ],
)
def test_load_and_quota_prices_keep_to_their_bounds(y, u, rule):
    # Everybody eligible may lead and goes once, so a high z offends no pair.
    instance = simple_instance("A* B*", {"T1": "A B"})
    found = match(instance, KEY)
    prices = Prices(np.array([y, y]), np.array([2**40]), np.array([u]))
    violation = check(instance, KEY, found.visits, prices, found.cost)
    assert (violation.rule if violation else None) == rule


def test_no_prices_exist_for_what_is_not_optimal():
    instance = protocol_instance()
    columns, costs = Columns.of(instance), pair_costs(instance, KEY)
    chosen, _ = mark_chosen(instance, tampered_visits(t1=("I05", "I02")))
    with pytest.raises(NotOptimal):
        find_prices(columns, costs, chosen)


@settings(max_examples=60, deadline=None)
@given(tiny_instances())
def test_published_prices_are_exact_in_a_browser(instance):
    try:
        found = match(instance, KEY)
    except CannotBeStaffed:
        return
    for column in (found.prices.y, found.prices.z, found.prices.u):
        assert all(abs(price) < 2**53 for price in column.tolist())
