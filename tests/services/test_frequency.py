"""How often a body enters an enterprise in a year: counted, capped, watched (R36, R37, R64)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain import entry, undrawn
from app.domain.frequency import AboveCap, Acts, Cap, counts_apart, is_planned, require_below_cap
from app.domain.vocabulary import (
    CheckMethod,
    EntryKind,
    SpecialApprover,
    SpecialOrigin,
    TaskKind,
    TaskSource,
    VisitState,
)
from app.extensions import db
from app.models import Agency, Visit, VisitApproval
from app.services import applying, approving, entry_register, special, triggering, visits
from app.services.frequency import acts_of, cap_of
from tests.builders import APPLIED, DAY, NOW, World, at, clean, make_enterprise, make_inspector, make_item

LATER = NOW + timedelta(hours=4)
SOON, END = DAY + timedelta(days=2), DAY + timedelta(days=30)
LETTER = undrawn.Trigger(TaskSource.MONITORING, "监测发现异常", DAY, "监测〔2026〕1号")


@pytest.fixture
def world(app):
    found = World(enterprises=1, inspectors=6)
    found.item = make_item("XC-51", off_site_possible=True)
    found.publish_items()
    return found


def bureau():
    return db.session.query(Agency).filter_by(is_bureau=True).one().id


def days(world, agency=None):
    db.session.expire_all()
    key = world.enterprises[0].id
    return acts_of(db.session(), [key], 2026)[key, agency or bureau()].days


def enter(world, day, **values):
    """Put re-checks on record: the shortest way to an act of a given day."""
    given = {"kind": EntryKind.RECHECK} | values
    return entry_register.record_entry(
        world.enterprises[0].id, bureau(), given["kind"], day, "张样、李样", "复查", world.planner, at(END, 8)
    )


def triggered(world, day=SOON):
    people = [person.id for person in world.inspectors[:2]]
    return triggering.open_check(
        world.enterprises[0].id, [world.item.id], people, LETTER, day, END, world.planner, LATER
    )


def decide(world, visit_id, moment=LATER, **values):
    (key,) = applying.apply_for(visit_id, replace(APPLIED, **values), world.planner, moment)
    approving.approve(key, "同意", world.approver, moment)
    return db.session.get(VisitApproval, key)


def test_r36_the_approval_says_which_check_of_the_year_it_is(world):
    enter(world, DAY)
    row = decide(world, triggered(world))
    assert (row.act_number, row.cap, row.is_over_cap) == (2, 2, False)


def test_r36_a_planned_visit_above_the_cap_is_blocked(world):
    task = world.disclosed(versions=[world.item], ppm=1_000_000)
    enter(world, DAY + timedelta(days=20))
    enter(world, DAY + timedelta(days=21))
    (key,) = applying.apply_for_task(task, APPLIED, world.planner, LATER).done
    with pytest.raises(AboveCap) as refusal:
        approving.approve(key, "同意", world.approver, LATER)
    assert refusal.value.params == {"number": 3, "cap": 2}
    outcome = approving.approve_many(task, "同意", world.approver, LATER)
    assert [type(error) for _, error in outcome.refused] == [AboveCap]


def test_r36_above_the_cap_the_items_may_still_be_checked_without_an_entry(world):
    task = world.disclosed(versions=[world.item], ppm=1_000_000)
    enter(world, DAY + timedelta(days=20))
    enter(world, DAY + timedelta(days=21))
    visit = db.session.query(Visit).filter_by(task_id=task).one()
    row = decide(world, visit.id, is_on_site=False)
    assert (row.act_number, row.is_over_cap) == (2, False)
    assert len(days(world)) == 2


def test_r36_others_are_warned_and_pass(world):
    enter(world, DAY + timedelta(days=20))
    enter(world, DAY + timedelta(days=21))
    row = decide(world, triggered(world))
    assert (row.act_number, row.is_over_cap, row.is_abnormal) == (3, True, False)


def test_r36_a_clearly_abnormal_frequency_is_flagged(world):
    for day in range(20, 24):
        enter(world, DAY + timedelta(days=day))
    row = decide(world, triggered(world))
    assert (row.act_number, row.is_abnormal) == (5, True)


def test_r36_special_inspections_from_above_count_apart(world):
    second = make_item("XC-52", category="成品油零售")
    world.publish_items()
    for _ in range(3):
        make_enterprise(category="成品油零售")
    draft = special.Draft("上级专项", SpecialOrigin.SUPERIOR, "省厅部署", 1, DAY, END)
    key = special.create_special(draft, [second.id], world.planner, LATER)
    organ = SpecialApprover.SUPERIOR_ORGAN
    special.approve_special(key, organ, "省商务厅", "吉商函〔2026〕5号", DAY, world.planner, LATER)
    special.file_special(key, "长司专备〔2026〕2号", DAY, world.planner, LATER)
    special.disclose_special(key, world.planner, LATER)
    people = [person.id for person in world.inspectors[:2]]
    wanted = [special.Chosen(world.enterprises[0].id, "上级点名", SOON)]
    (visit,) = special.form_visits(key, wanted, people, world.planner, LATER)
    row = decide(world, visit)
    assert (row.act_number, row.counted_apart) == (0, 1)
    key = world.enterprises[0].id, bureau()
    found = acts_of(db.session(), [key[0]], 2026)[key]
    assert (found.days, found.apart) == (frozenset(), frozenset({SOON}))


def test_r37_a_joint_visit_counts_once_for_every_body(world):
    for _ in range(3):
        make_inspector(agency="A02")
    partner = make_item("JL-51", agency="A02")
    world.publish_items()
    world.open(versions=[world.item, partner], ppm=1_000_000)
    other = db.session.query(Agency).filter_by(code="A02").one().id
    assert (len(days(world)), len(days(world, other))) == (1, 1)


def test_r37_what_is_done_on_one_day_is_one_act(world):
    decide(world, triggered(world))
    row = decide(world, triggered(world))
    assert (row.act_number, len(days(world))) == (1, 1)


def test_r37_visits_not_approved_or_checked_on_paper_are_no_entries(world):
    key = triggered(world)
    assert days(world) == frozenset()
    decide(world, key)
    assert days(world) == {SOON}
    finding = db.session.get(Visit, key).findings[0]
    paper = {"methods": frozenset({CheckMethod.DOCUMENT_REVIEW})}
    who = db.session.get(Visit, key).team[0].inspector.user
    visits.record_finding(finding.id, clean(finding, **paper), who, at(END, 8))
    assert days(world) == frozenset()


def test_r37_a_cancelled_visit_is_no_act(world):
    key = triggered(world)
    decide(world, key)
    db.session.get(Visit, key).state = VisitState.CANCELLED
    db.session.commit()
    assert days(world) == frozenset()


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        (EntryKind.RECHECK, True),
        (EntryKind.OBSERVATION, False),
        (EntryKind.SUPERVISION, False),
        (EntryKind.OTHER, False),
    ],
)
def test_r37_every_entry_is_on_record_and_a_recheck_counts(world, kind, counts):
    enter(world, SOON, kind=kind)
    listed = entry_register.other_entries(db.session(), world.enterprises[0].id, 2026)
    assert [(row.kind, row.entered_on, row.people) for row in listed] == [(kind, SOON, "张样、李样")]
    assert (SOON in days(world)) == counts


def test_r37_an_entry_names_people_and_purpose_and_lies_in_the_past(world):
    arguments = (world.enterprises[0].id, bureau(), EntryKind.OBSERVATION)
    for day, people, purpose in ((SOON, " ", "观摩"), (SOON, "张样", ""), (END, "张样", "观摩")):
        with pytest.raises(entry.EntryIncomplete):
            entry_register.record_entry(*arguments, day, people, purpose, world.planner, at(SOON, 8))


def test_r36_each_body_keeps_its_cap_with_its_basis(world):
    assert cap_of(db.session(), bureau(), 2026) == Cap(2, "")
    entry_register.set_cap(bureau(), 2026, 1, "长商发〔2026〕2号", world.planner)
    entry_register.set_cap(bureau(), 2027, 4, "长商发〔2027〕1号", world.planner)
    assert cap_of(db.session(), bureau(), 2025).yearly == 2
    assert cap_of(db.session(), bureau(), 2026) == Cap(1, "长商发〔2026〕2号")
    assert cap_of(db.session(), bureau(), 2028).yearly == 4
    with pytest.raises(entry.EntryIncomplete):
        entry_register.set_cap(bureau(), 2026, 1, " ", world.planner)


def test_r36_the_year_of_an_enterprise_at_a_glance(world):
    decide(world, triggered(world))
    enter(world, DAY)
    (line,) = entry_register.year_of(db.session(), world.enterprises[0].id, 2026)
    assert (line.agency.id, line.number, line.cap.yearly) == (bureau(), 2, 2)


RANDOM, TRIGGERED, SPECIAL = TaskKind.RANDOM, TaskKind.TRIGGERED, TaskKind.SPECIAL
OWN, ABOVE = SpecialOrigin.OWN, SpecialOrigin.SUPERIOR


@pytest.mark.parametrize(
    ("kind", "origin", "planned", "apart"),
    [
        (RANDOM, None, True, False),
        (TRIGGERED, None, False, False),
        (SPECIAL, OWN, True, False),
        (SPECIAL, ABOVE, False, True),
    ],
)
def test_r36_who_stops_at_the_cap_and_who_counts_apart(kind, origin, planned, apart):
    assert (is_planned(kind, origin), counts_apart(kind, origin)) == (planned, apart)
    require_below_cap(kind, origin, 2, Cap(2))
    if planned:
        with pytest.raises(AboveCap):
            require_below_cap(kind, origin, 3, Cap(2))
    else:
        require_below_cap(kind, origin, 3, Cap(2))


@pytest.mark.parametrize(
    ("number", "over", "abnormal"), [(2, False, False), (3, True, False), (4, True, False), (5, True, True)]
)
def test_r36_over_and_abnormal(number, over, abnormal):
    assert (Cap(2).is_exceeded(number), Cap(2).is_abnormal(number)) == (over, abnormal)


def test_r37_an_act_on_a_day_that_has_one_joins_it():
    acts = Acts(frozenset({date(2026, 3, 1)}))
    assert (acts.number_with(date(2026, 3, 1)), acts.number_with(date(2026, 3, 2))) == (1, 2)
