from dataclasses import replace

from hypothesis import given, settings

from app.domain.matching.explain import explain
from app.domain.matching.instance import Demand
from app.domain.matching.remedies import Remedies, RemedyPrices, apply_remedies, remedies
from app.domain.matching.solve import match
from tests.domain.matching.builders import KEY, make_instance, make_staff, simple_instance
from tests.domain.matching.strategies import tiny_instances


@settings(max_examples=200, deadline=None)
@given(tiny_instances())
def test_after_the_remedies_the_problem_can_be_staffed(instance):
    proposal = remedies(instance)
    if set(proposal.postponed) != instance.targets:
        assert explain(apply_remedies(instance, proposal)) == ()
    assert (proposal == Remedies()) is (explain(instance) == ())


@settings(max_examples=100, deadline=None)
@given(tiny_instances())
def test_no_proposed_remedy_is_superfluous(instance):
    proposal = remedies(instance)
    if set(proposal.postponed) == instance.targets:
        return
    for place, (name, extra) in enumerate(proposal.raised):
        fewer = (*proposal.raised[:place], (name, extra - 1), *proposal.raised[place + 1 :])
        assert explain(apply_remedies(instance, replace(proposal, raised=fewer)))
    for one in proposal.waived:
        kept = tuple(other for other in proposal.waived if other != one)
        assert explain(apply_remedies(instance, replace(proposal, waived=kept)))


def test_nothing_is_proposed_where_nothing_is_wrong():
    assert remedies(simple_instance("A* B", {"T1": "A B"})) == Remedies()


def test_raising_a_cap_is_cheaper_than_waiving_a_lead():
    instance = make_instance(
        [*make_staff("A*", cap=1), *make_staff("B C")],
        [Demand("T1", "SW", 2, True), Demand("T2", "SW", 2, True)],
        [(target, name) for target in ("T1", "T2") for name in ("A", "B", "C")],
    )
    assert remedies(instance) == Remedies(raised=(("A", 1),), price=1)
    assert len(remedies(instance, fixed={"A"}).waived) == 1


def test_a_lead_is_waived_where_nobody_may_lead():
    proposal = remedies(simple_instance("A B", {"T1": "A B"}))
    assert proposal == Remedies(waived=(("T1", "SW"),), price=5)


def test_a_target_waits_where_nobody_is_qualified():
    proposal = remedies(simple_instance("A* B", {"T1": "A", "T2": "A B"}))
    assert proposal == Remedies(postponed=("T1",), price=1000)


def test_all_targets_wait_when_there_is_nobody():
    assert remedies(simple_instance("", {"T1": "", "T2": ""})).postponed == ("T1", "T2")


def test_extra_visits_are_spread_over_people():
    instance = simple_instance("A* B* C* D*", {f"T{n}": "A B C D" for n in range(4)}, cap=1)
    assert remedies(instance).raised == (("A", 1), ("B", 1), ("C", 1), ("D", 1))


def test_one_target_waits_rather_than_two_half_teams_and_the_last_drawn_one():
    instance = simple_instance("A* B*", {"T1": "A B", "T2": "A B"}, cap=1)
    everybody = {"A", "B"}
    assert remedies(instance, fixed=everybody).postponed == ("T2",)
    assert remedies(instance, fixed=everybody, order=["T2", "T1"]).postponed == ("T1",)


def test_a_joint_visit_waits_with_all_its_agencies():
    staff = make_staff("S1* S2") + make_staff("G1", group="GA")
    demands = [Demand("T1", "SW", 2, True), Demand("T1", "GA", 2, False), Demand("T2", "SW", 2, True)]
    rows = [("T1", "S1"), ("T1", "S2"), ("T1", "G1"), ("T2", "S1"), ("T2", "S2")]
    instance = make_instance(staff, demands, rows)
    proposal = remedies(instance)
    assert proposal.postponed == ("T1",)
    assert set(match(apply_remedies(instance, proposal), KEY).visits) == {"T2"}


def test_other_prices_give_other_remedies():
    instance = simple_instance("A B", {"T1": "A B"})
    assert remedies(instance, RemedyPrices(waive_key=5000)).postponed == ("T1",)


def test_the_key_stays_when_a_remedy_is_taken():
    instance = simple_instance("A* B C", {"T1": "A B C", "T2": "B C"})
    mended = apply_remedies(instance, remedies(instance))
    assert [demand.needs_key for demand in mended.demands] == [True, False]
    assert match(mended, KEY).leads["T1"] == "A"
