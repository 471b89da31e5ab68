from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.matching.bulk import as_staff, eligible_pairs
from app.domain.matching.eligibility import Recusal, is_key, refusals
from app.domain.matching.instance import DuplicateRow, EmptyTask, TeamTooSmall
from app.domain.matching.refusal import Refusal
from app.domain.vocabulary import InspectorStatus, RecusalKind, StaffKind
from tests.domain.matching.builders import (
    CITY,
    DAY,
    DISTRICT,
    OTHER_DISTRICT,
    RULES,
    make_candidate,
    make_certificate,
    make_need,
)

SKILLS = st.frozensets(st.sampled_from(["fuel", "cards"]))
TARGETS = ["T1", "T2", "T3", "T4"]


@st.composite
def candidates(draw, staff_no):
    papers = st.builds(
        make_certificate,
        kind=st.sampled_from(["provincial", "national"]),
        area=st.sampled_from([None, CITY, DISTRICT, OTHER_DISTRICT]),
        valid_from=st.sampled_from([DAY - timedelta(99), DAY + timedelta(1)]),
        valid_to=st.sampled_from([DAY + timedelta(1), DAY + timedelta(2)]),
        suspended=st.booleans(),
    )
    return make_candidate(
        staff_no,
        group=draw(st.sampled_from(["SW", "GA"])),
        kind=draw(st.sampled_from([StaffKind.INSPECTOR] * 3 + list(StaffKind))),
        status=draw(st.sampled_from([InspectorStatus.ACTIVE] * 3 + list(InspectorStatus))),
        may_lead=draw(st.booleans()),
        certificates=tuple(draw(st.lists(papers, max_size=2))),
        expertise=draw(SKILLS),
        recusals=tuple(
            Recusal(target, draw(st.sampled_from(RecusalKind)))
            for target in draw(st.lists(st.sampled_from(TARGETS), max_size=2))
        ),
        recent=draw(st.frozensets(st.sampled_from(TARGETS), max_size=1)),
    )


@st.composite
def needs(draw, target):
    starts = DAY + timedelta(draw(st.integers(0, 1)))
    return make_need(
        target,
        group=draw(st.sampled_from(["SW", "GA"])),
        starts=starts,
        ends=starts + timedelta(draw(st.integers(0, 1))),
        area=draw(st.sampled_from(["", CITY, DISTRICT, OTHER_DISTRICT])),
        needs_lead=draw(st.booleans()),
        held_by_all=draw(SKILLS),
        held_by_one=draw(SKILLS),
        kinds=draw(st.frozensets(st.sampled_from(["provincial", "national"]))),
        covers=draw(st.sampled_from([(), (), (target, "T1")])),
    )


@st.composite
def problems(draw):
    people = [draw(candidates(f"I{place}")) for place in range(draw(st.integers(0, 7)))]
    return people, [draw(needs(target)) for target in TARGETS[: draw(st.integers(1, 4))]]


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_fast_path_says_what_asking_pair_by_pair_says(problem):
    people, wanted = problem
    slow = {
        (need.target, person.staff_no, is_key(person, need))
        for need in wanted
        for person in people
        if not refusals(person, need, RULES)
    }
    assert set(eligible_pairs(people, wanted, RULES).instance.rows()) == slow


@settings(max_examples=100, deadline=None)
@given(problems())
def test_refusals_are_counted_per_need_per_person_and_in_total(problem):
    people, wanted = problem
    found = eligible_pairs(people, wanted, RULES)
    reasons = {
        (need.target, person.staff_no): counted(refusals(person, need, RULES))
        for need in wanted
        for person in people
    }
    for need in wanted:
        expected = Counter(
            r for (target, _), all_of in reasons.items() if target == need.target for r in all_of
        )
        assert found.refusals_of(need.target, need.group) == expected
    for person in people:
        expected = Counter(
            r for (_, who), all_of in reasons.items() if who == person.staff_no for r in all_of
        )
        assert found.refusals_of_staff(person.staff_no) == expected
    assert found.totals() == Counter(r for all_of in reasons.values() for r in all_of)


def counted(reasons):
    """Members of another agency count under that reason alone."""
    return (Refusal.WRONG_AGENCY,) if Refusal.WRONG_AGENCY in reasons else reasons


def test_pairs_come_ascending_whatever_the_order_of_the_input():
    people = [make_candidate(name) for name in ("I2", "I1", "I3")]
    found = eligible_pairs(people, [make_need("T2"), make_need("T1")], RULES).instance
    rows = [(target, staff_no) for target, staff_no, _ in found.rows()]
    assert rows == [(target, name) for target in ("T1", "T2") for name in ("I1", "I2", "I3")]


def test_a_specialty_nobody_has_leaves_nobody_and_says_so():
    found = eligible_pairs([make_candidate()], [make_need(held_by_all=frozenset({"gas"}))], RULES)
    assert list(found.instance.rows()) == []
    assert found.totals() == {Refusal.LACKS_EXPERTISE: 1}


def test_an_expired_roster_leaves_nobody_and_says_so():
    old = make_certificate(valid_to=DAY - timedelta(1))
    people = [make_candidate(f"I{place}", certificates=(old,)) for place in range(3)]
    found = eligible_pairs(people, [make_need()], RULES)
    assert found.refusals_of("T1", "SW") == {Refusal.CERTIFICATE_EXPIRED: 3}


def test_digests_and_caps_reach_the_staff_table():
    found = eligible_pairs([make_candidate(cap=7)], [make_need()], RULES, {"I01": "ab" * 32})
    assert found.instance.staff == (as_staff(make_candidate(cap=7), {"I01": "ab" * 32}),)
    assert found.instance.staff[0].cap == 7


def test_an_empty_task_is_rejected():
    with pytest.raises(EmptyTask):
        eligible_pairs([make_candidate()], [], RULES)


def test_the_same_need_twice_is_rejected():
    with pytest.raises(DuplicateRow):
        eligible_pairs([make_candidate()], [make_need(), make_need()], RULES)


def test_r17_a_need_for_one_inspector_alone_is_rejected():
    with pytest.raises(TeamTooSmall):
        eligible_pairs([make_candidate()], [make_need(size=1)], RULES)
