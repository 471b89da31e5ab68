"""What a match stores: visits, teams and findings as rows, from the staff as it was frozen; whole or not at all."""

from datetime import date, timedelta

import pytest

from app.domain.draw.record import parse_assign, parse_plan
from app.domain.lifecycle import IllegalTransition
from app.domain.matching.solve import CannotBeStaffed
from app.domain.vocabulary import LogKind, RecusalState, TaskState, VisitState
from app.extensions import db
from app.models import (
    AuditEvent,
    Draw,
    InspectionTask,
    ItemFinding,
    LogEntry,
    Matching,
    Recusal,
    StoredFile,
    TaskItem,
    Visit,
    VisitMember,
)
from app.services import matching
from tests.builders import NOW, World, make_inspector, make_item


@pytest.fixture
def world(app):
    return World()


def visits():
    return db.session.query(Visit).order_by(Visit.id).all()


def names(visit):
    return {member.inspector.staff_no for member in visit.team}


def test_visits_are_numbered_in_order_and_spread_over_the_period(world):
    world.open(ppm=1_000_000)
    draw, stored = db.session.query(Draw).one(), visits()
    assert [visit.number for visit in stored] == [f"{draw.number}-{place:04d}" for place in range(1, 11)]
    days = [visit.planned_on for visit in stored]
    assert days == sorted(days)
    assert date(2026, 4, 1) == days[0] < days[-1] <= date(2026, 5, 29)
    assert {visit.state for visit in stored} == {VisitState.PLANNED}


def test_a_visit_has_one_finding_for_each_of_its_items(world):
    task = world.open(versions=[make_item("XC-61"), make_item("XC-62")], ppm=1_000_000)
    items = {item.id for item in db.session.query(TaskItem).filter_by(task_id=task)}
    for visit in visits():
        assert {finding.task_item_id for finding in visit.findings} == items
        assert {finding.agency.code for finding in visit.findings} == {"A01"}
    assert db.session.query(ItemFinding).count() == 20


def test_r17_the_lead_is_one_of_two_and_may_lead(world):
    for person in world.inspectors[:4]:
        person.may_lead = False
    db.session.commit()
    world.open()
    for visit in visits():
        lead, other = visit.team
        assert (lead.is_lead, other.is_lead) == (True, False)
        assert lead.inspector.may_lead


def test_r16_the_lead_holds_the_expertise_of_the_item(world):
    make_inspector(staff_no="EXPERT", expertise=("二手车",), may_lead=False)
    both = make_inspector(staff_no="BOTH", expertise=("二手车",))
    world.open(versions=[make_item("XC-63", expertise=("二手车",))])
    assert {visit.team[0].inspector_id for visit in visits()} == {both.id}


@pytest.mark.parametrize("change", ["suspended", "recused", "no cap"])
def test_what_changes_after_the_freeze_changes_nothing(world, change):
    for person in world.inspectors[2:]:
        person.yearly_cap = 0
    db.session.commit()
    task = world.drawn()
    first = world.inspectors[0]
    if change == "suspended":
        first.certificates[0].is_suspended = True
    if change == "no cap":
        first.yearly_cap = 0
    if change == "recused":
        for enterprise in world.enterprises:
            db.session.add(Recusal(inspector_id=first.id, enterprise_id=enterprise.id))
    db.session.commit()
    world.match(task)
    assert all(first.staff_no in names(visit) for visit in visits())


def test_the_published_staff_is_the_frozen_staff(world):
    world.open()
    draw, match = db.session.query(Draw).one(), db.session.query(Matching).one()
    assert match.staff_file == draw.staff_file
    assert parse_assign(match.record).staff_file == parse_plan(draw.plan_record).staff_file


@pytest.mark.parametrize("state", [RecusalState.REQUESTED, RecusalState.REFUSED])
def test_r18_only_a_granted_recusal_keeps_off(app, state):
    world = World(inspectors=2)
    for enterprise in world.enterprises:
        recusal = Recusal(inspector_id=world.inspectors[0].id, enterprise_id=enterprise.id, state=state)
        db.session.add(recusal)
    db.session.commit()
    world.open()
    assert all(world.inspectors[0].staff_no in names(visit) for visit in visits())


def test_a_match_is_made_once(world):
    task = world.drawn()
    world.match(task)
    before = {visit.number: names(visit) for visit in visits()}
    with pytest.raises(IllegalTransition):
        world.match(task)
    assert {visit.number: names(visit) for visit in visits()} == before
    assert db.session.query(LogEntry).filter_by(kind=LogKind.ASSIGN).count() == 1
    assert db.session.query(AuditEvent).filter_by(tag="draw:matched:refused").count() == 1


def test_a_shortage_leaves_only_its_attempt(app):
    world = World(inspectors=1)
    task = world.drawn()
    files = db.session.query(StoredFile).count()
    with pytest.raises(CannotBeStaffed):
        world.match(task)
    assert db.session.query(StoredFile).count() == files
    for model in (Matching, Visit, VisitMember, ItemFinding):
        assert db.session.query(model).count() == 0
    assert db.session.query(LogEntry).filter_by(kind=LogKind.ASSIGN).count() == 0
    assert db.session.query(AuditEvent).filter_by(tag="draw:matched:refused").count() == 1


def test_a_postponed_target_gets_no_visit_and_the_key_stays(app):
    world = World(inspectors=3)
    for person in world.inspectors:
        person.yearly_cap = 1
    db.session.commit()
    task = world.drawn()
    draw = db.session.query(Draw).one()
    chosen = matching.propose_remedies(task)
    matching.match_inspectors(task, world.planner, NOW, chosen)
    assert parse_assign(db.session.query(Matching).one().record).key == matching.pair_keys(draw)("pair")
    assert not {visit.enterprise.identifier for visit in visits()} & set(chosen.postponed)
    extra = dict(chosen.raised)
    for person in world.inspectors:
        made = sum(person.staff_no in names(visit) for visit in visits())
        assert made <= 1 + extra.get(person.staff_no, 0)


def test_r43_nobody_is_sent_where_the_certificate_does_not_reach(world):
    for place, person in enumerate(world.inspectors):
        person.certificates[0].area_code = "220104" if place < 3 else "220182"
    for enterprise in world.enterprises[:5]:
        enterprise.territory_code = "220182"
    db.session.commit()
    world.open(ppm=1_000_000)
    for visit in visits():
        reach = {member.inspector.certificates[0].area_code for member in visit.team}
        assert reach == {visit.enterprise.territory_code}


def test_an_inspector_at_the_yearly_cap_is_left_out_next_time(world):
    for person in world.inspectors:
        person.yearly_cap = 2
    db.session.commit()
    world.open(ppm=600_000)
    assert db.session.query(VisitMember).count() == 12
    later = date(2026, 8, 3)
    task = world.drawn(versions=[make_item("XC-64")], starts_on=later, ends_on=later + timedelta(days=20))
    with pytest.raises(CannotBeStaffed):
        world.match(task)
    assert db.session.get(InspectionTask, task).state == TaskState.DRAWN
