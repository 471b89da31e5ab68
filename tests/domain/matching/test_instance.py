import pytest

from app.domain.matching.instance import (
    Demand,
    DuplicateRow,
    EmptyTask,
    Instance,
    InvalidCap,
    InvalidIdentifier,
    Staff,
    TeamTooSmall,
    UnknownPair,
    without,
)
from tests.domain.matching.builders import make_staff, simple_instance

PERSON = Staff("I1", 3, True, "SW")
DEMAND = Demand("T1", "SW", 2, True)


def test_input_order_does_not_matter():
    forth = simple_instance("A* B C", {"T1": "A B", "T2": "B C"})
    back = simple_instance("C B A*", {"T2": "C B", "T1": "B A"})
    assert forth == back


@pytest.mark.parametrize("name", ["", "i1", "I 1", "I/1", "I\t1", "I1\n", "1" * 23, "张"])
def test_identifiers_that_may_not_enter_a_hash_are_rejected(name):
    with pytest.raises(InvalidIdentifier):
        Instance.of([Staff(name, 1, True, "SW")], [DEMAND], [])
    with pytest.raises(InvalidIdentifier):
        Instance.of([PERSON], [Demand(name, "SW", 2, True)], [])


@pytest.mark.parametrize("group", ["", "A|B", "A\tB", "商务"])
def test_groups_that_would_break_the_published_files_are_rejected(group):
    with pytest.raises(InvalidIdentifier):
        Instance.of([Staff("I1", 1, True, group)], [DEMAND], [])


def test_a_negative_cap_is_rejected():
    with pytest.raises(InvalidCap):
        Instance.of([Staff("I1", -1, True, "SW")], [DEMAND], [])


def test_nothing_to_do_is_rejected():
    with pytest.raises(EmptyTask):
        Instance.of([PERSON], [], [])


def test_nobody_twice_and_no_demand_twice():
    with pytest.raises(DuplicateRow):
        Instance.of([PERSON, PERSON], [DEMAND], [])
    with pytest.raises(DuplicateRow):
        Instance.of([PERSON], [DEMAND, DEMAND], [])


@pytest.mark.parametrize(("sizes", "lawful"), [((1,), False), ((0, 2), False), ((1, 1), True), ((2,), True)])
def test_r17_two_inspectors_at_least_over_all_agencies(sizes, lawful):
    demands = [Demand("T1", group, size, True) for group, size in zip("AB", sizes, strict=False)]
    if lawful:
        assert Instance.of([], demands, []).targets == {"T1"}
    else:
        with pytest.raises(TeamTooSmall):
            Instance.of([], demands, [])


@pytest.mark.parametrize("row", [("T1", "I9", True), ("T9", "I1", True), ("T1", "GA1", True)])
def test_a_pair_of_strangers_is_rejected(row):
    with pytest.raises(UnknownPair):
        Instance.of([PERSON, *make_staff("GA1", group="GA")], [DEMAND], [row])


def test_people_targets_and_pairs_can_be_taken_out():
    whole = simple_instance("A* B C", {"T1": "A B C", "T2": "A B C"})
    rest = without(whole, staff={"B"}, targets={"T2"}, pairs={("T1", "C")})
    assert rest == simple_instance("A* C", {"T1": "A"})
