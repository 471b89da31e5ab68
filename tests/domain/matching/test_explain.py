from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings

from app.domain.matching.bulk import eligible_pairs
from app.domain.matching.explain import ShortageKind, explain
from app.domain.matching.flow import greatest_flow
from app.domain.matching.instance import Demand, Instance
from app.domain.matching.network import Columns, build
from app.domain.matching.refusal import Refusal
from tests.domain.matching.builders import (
    RULES,
    every_choice,
    make_candidate,
    make_instance,
    make_need,
    make_staff,
    protocol_instance,
    simple_instance,
)
from tests.domain.matching.strategies import tiny_instances


@settings(max_examples=150, deadline=None)
@given(tiny_instances())
def test_a_shortage_is_found_exactly_when_no_assignment_exists(instance):
    assert (explain(instance) == ()) is any(True for _ in every_choice(instance))


@settings(max_examples=150, deadline=None)
@given(tiny_instances())
def test_the_shortfalls_add_up_to_what_no_assignment_can_fill(instance):
    columns = Columns.of(instance)
    flow = greatest_flow(build(columns, np.zeros(len(instance.pairs), dtype=np.int64)))
    missing = int(columns.size.sum() - flow[: len(instance.pairs)].sum())
    shortages = explain(instance)
    assert sum(shortage.shortfall for shortage in shortages) == missing
    assert all(shortage.shortfall > 0 for shortage in shortages)
    named = [name for shortage in shortages for name in shortage.demands]
    assert len(named) == len(set(named))


def test_two_targets_that_lost_their_leads():
    targets = ["91350200M00000001X", "91350200M00000002X"]
    instance = protocol_instance((target, name) for target in targets for name in ("I01", "I03", "I05"))
    shortages = explain(instance)
    assert sum(shortage.shortfall for shortage in shortages) == 2
    assert [target for shortage in shortages for target in shortage.targets] == targets
    assert {name for shortage in shortages for name in shortage.staff} == {"I02", "I04", "I06"}
    assert [shortage.kind for shortage in shortages] == [
        ShortageKind.NO_LEAD,
        ShortageKind.NO_QUALIFIED_PERSON,
    ]


def test_too_few_qualified_persons():
    (shortage,) = explain(simple_instance("A* B", {"T1": "A", "T2": "A B"}))
    assert shortage.kind == ShortageKind.NO_QUALIFIED_PERSON
    assert (shortage.targets, shortage.required, shortage.available) == (("T1",), 2, 1)


def test_nobody_may_lead():
    (shortage,) = explain(simple_instance("A B C", {"T1": "A B C"}))
    assert shortage.kind == ShortageKind.NO_LEAD
    assert (shortage.required, shortage.keyless_places, shortage.single_places) == (2, 1, 0)


def test_the_leads_are_used_up_while_others_have_time():
    teams = {f"T{n}": "A B C D" for n in range(3)}
    staff = make_staff("A*", cap=2) + make_staff("B C D")
    demands = [Demand(target, "SW", 2, True) for target in teams]
    rows = [(target, name) for target, eligible in teams.items() for name in eligible.split()]
    (shortage,) = explain(make_instance(staff, demands, rows))
    assert shortage.kind == ShortageKind.NO_LEAD
    assert (shortage.required, shortage.exhausted, shortage.keyless_places) == (6, (("A", 2),), 3)
    assert shortage.shortfall == 1


def test_the_group_as_a_whole_is_too_small():
    (shortage,) = explain(simple_instance("A* B* C*", {f"T{n}": "A B C" for n in range(4)}, cap=2))
    assert shortage.kind == ShortageKind.GROUP_TOTAL
    assert (len(shortage.targets), shortage.required, shortage.available) == (4, 8, 6)
    assert shortage.exhausted == (("A", 2), ("B", 2), ("C", 2))


def test_caps_of_zero_are_a_shortage_of_the_group():
    (shortage,) = explain(simple_instance("A* B", {"T1": "A B"}, cap=0))
    assert shortage.kind == ShortageKind.GROUP_TOTAL
    assert (shortage.required, shortage.available) == (2, 0)


def test_only_the_agency_that_is_short_is_named():
    staff = make_staff("S1* S2") + make_staff("G1", group="GA")
    demands = [Demand("T1", "SW", 2, True), Demand("T1", "GA", 2, False)]
    (shortage,) = explain(make_instance(staff, demands, [("T1", person.staff_no) for person in staff]))
    assert shortage.demands == (("T1", "GA"),)
    assert shortage.staff == ("G1",)


def test_no_staff_at_all():
    (shortage,) = explain(Instance.of([], [Demand("T1", "SW", 2, True)], []))
    assert shortage.kind == ShortageKind.NO_QUALIFIED_PERSON
    assert (shortage.required, shortage.available, shortage.staff) == (2, 0, ())


def test_independent_shortages_are_told_apart_and_shared_ones_together():
    apart = simple_instance("A* B*", {"T1": "A", "T2": "B"})
    assert len(explain(apart)) == 2
    shared = simple_instance("A* B*", {"T1": "A B", "T2": "A B"}, cap=1)
    assert [shortage.targets for shortage in explain(shared)] == [("T1", "T2")]


def test_refusals_are_counted_for_the_demands_that_are_short():
    people = [
        make_candidate("I1"),
        make_candidate("I2", certificates=()),
        make_candidate("I3", expertise=frozenset()),
        make_candidate("I4", recent=frozenset({"T1"})),
    ]
    needs = [make_need("T1", held_by_all=frozenset({"fuel"})), make_need("T2")]
    found = eligible_pairs(people, needs, RULES)
    (shortage,) = explain(found.instance, found.refusals_of)
    assert shortage.targets == ("T1",)
    assert shortage.refusals == Counter(
        {Refusal.NO_CERTIFICATE: 1, Refusal.LACKS_EXPERTISE: 1, Refusal.INSPECTED_LAST_TIME: 1}
    )


def test_r20_a_specialty_of_two_people_works_until_one_is_barred():
    assert explain(simple_instance("A* B", {"T1": "A B", "T2": "A B"})) == ()
    (shortage,) = explain(simple_instance("A* B", {"T1": "A B", "T2": "A"}))
    assert shortage.targets == ("T2",)


@pytest.mark.parametrize("kind", ShortageKind)
def test_every_kind_of_shortage_has_its_words(kind):
    assert not kind.label.isascii()
    assert kind.english
