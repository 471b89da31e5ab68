from app.domain.matching.instance import without
from app.domain.matching.solve import match
from app.domain.matching.substitution import Change, difference, pending, replaced_counts
from tests.domain.matching.builders import KEY, protocol_instance, simple_instance

TEAMS = {f"T{n}": "A B C D E" for n in range(6)}


def test_r19_the_same_key_on_the_reduced_staff_names_the_substitute():
    instance = protocol_instance()
    before = match(instance, KEY).visits
    after = match(pending(instance, before, absent={"I05"}), KEY).visits
    assert after == match(without(instance, staff={"I05"}), KEY).visits
    changed = {change.target: change for change in difference(before, after)}
    served = {target for target, team in before.items() if "I05" in team}
    assert served <= changed.keys()
    assert all("I05" in changed[target].left for target in served)
    assert not any("I05" in team for team in after.values())


def test_r18_a_granted_recusal_bars_one_pair_only():
    instance = protocol_instance()
    before = match(instance, KEY).visits
    target = next(target for target, team in before.items() if "I01" in team)
    after = match(pending(instance, before, barred={(target, "I01")}), KEY).visits
    assert "I01" not in after[target]
    assert any("I01" in team for team in after.values())


def test_r19_finished_visits_keep_their_team_and_use_up_caps():
    instance = simple_instance("A* B* C* D* E*", TEAMS, cap=3)
    before = match(instance, KEY).visits
    rest = pending(instance, before, done={"T0", "T1"}, absent={"E"})
    used = [name for target in ("T0", "T1") for name in before[target]]
    assert rest.targets == {"T2", "T3", "T4", "T5"}
    assert {person.staff_no: person.cap for person in rest.staff} == {
        name: 3 - used.count(name) for name in "ABCD"
    }
    assert {change.target for change in difference(before, match(rest, KEY).visits)} <= rest.targets


def test_the_difference_names_who_left_who_came_and_the_leads():
    before = {"T1": ("A", "B"), "T2": ("C", "D"), "T3": ("A", "D")}
    after = {"T1": ("A", "B"), "T2": ("E", "D"), "T3": ("D", "A"), "T9": ("A", "B")}
    assert difference(before, after) == (
        Change("T2", ("C",), ("E",), "C", "E"),
        Change("T3", (), (), "A", "D"),
    )


def test_r19_the_auditor_sees_how_often_each_inspector_was_replaced():
    first = difference({"T1": ("A", "B"), "T2": ("A", "C")}, {"T1": ("D", "B"), "T2": ("D", "C")})
    second = difference({"T1": ("D", "B")}, {"T1": ("D", "C")})
    assert replaced_counts([first, second]) == {"A": 2, "B": 1}
