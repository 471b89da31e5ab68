"""The whole way of a task by service functions, on both databases."""

from datetime import date, timedelta

import pytest

from app.domain.lifecycle import IllegalTransition
from app.domain.vocabulary import FindingState, TaskState, VisitState
from app.extensions import db
from app.models import Disclosure, DrawnTarget, InspectionTask, LogEntry, Visit
from app.services import audit, draw_log, tasks, visits
from tests.builders import NOW, World, at, clean, make_enterprise, make_inspector, make_item
from tests.evidence_builders import make_ready


@pytest.fixture
def world(app):
    return World()


def state_of(task):
    return db.session.get(InspectionTask, task).state


def finish(world, task):
    for visit in db.session.query(Visit).filter_by(task_id=task).all():
        for finding in visit.findings:
            member = next(m for m in visit.team if m.inspector.agency_id == finding.agency_id)
            visits.record_finding(finding.id, clean(finding), member.inspector.user, at(visit.planned_on, 8))
        make_ready(visit)
        visits.submit_visit(visit.id, visit.team[0].inspector.user)
        visits.review_visit(visit.id, world.approver, at(visit.planned_on + timedelta(days=1)))


def test_a_task_goes_from_draft_to_archive(world):
    task = world.open()
    assert db.session.query(DrawnTarget).filter_by(is_reserve=False).count() == 3
    finish(world, task)
    assert state_of(task) == TaskState.UNDER_REVIEW
    assert visits.disclose_reviewed(task, world.approver, NOW + timedelta(days=70)) == 3
    tasks.archive_task(task, world.planner)
    assert state_of(task) == TaskState.ARCHIVED
    assert {visit.state for visit in db.session.query(Visit)} == {VisitState.ARCHIVED}


def test_every_step_stands_in_both_chains(world):
    world.open()
    assert [entry.kind.value for entry in db.session.query(LogEntry).order_by(LogEntry.number)] == [
        "plan",
        "seed",
        "result",
        "assign",
    ]
    assert audit.verify_trail(db.session())[1] is None
    assert draw_log.verify_log(db.session()) == (4, None)


def test_r17_every_visit_has_two_inspectors_and_one_lead(world):
    world.open()
    for visit in db.session.query(Visit):
        assert len(visit.team) == 2
        assert [member.is_lead for member in visit.team] == [True, False]


def test_new_findings_are_unchecked(world):
    world.open()
    states = {finding.state for visit in db.session.query(Visit) for finding in visit.findings}
    assert states == {FindingState.UNCHECKED}


def test_a_joint_task_is_one_visit_with_two_agencies_results(world):
    for _ in range(4):
        make_inspector(agency="A02")
    items = [make_item("XC-81"), make_item("JL-81", agency="A02")]
    task = world.open(versions=items)
    seen = db.session.query(Visit).filter_by(task_id=task).all()
    assert len(seen) == 3
    for visit in seen:
        assert len(visit.findings) == 2
        assert sorted(m.inspector.agency.code for m in visit.team) == ["A01", "A01", "A02", "A02"]
    finish(world, task)
    visits.disclose_reviewed(task, world.approver, NOW + timedelta(days=70))
    published = db.session.query(Disclosure).filter_by(kind="result").all()
    assert len(published) == 6


def test_r32_nothing_is_recorded_before_the_draw_is_disclosed(world):
    task = world.drawn()
    world.match(task)
    finding = db.session.query(Visit).first().findings[0]
    member = finding.visit.team[0].inspector.user
    with pytest.raises(visits.VisitNotOpen):
        visits.record_finding(finding.id, clean(finding), member, at(date(2026, 5, 1)))


def test_r31_a_second_draw_is_a_new_visible_event(world):
    from app.services import drawing

    task = world.drawn()
    with pytest.raises(IllegalTransition):
        world.draw(task)
    drawing.void_draw(task, "名单有误", world.planner, world.witness, NOW)
    world.freeze(task)
    kinds = [entry.kind.value for entry in db.session.query(LogEntry).order_by(LogEntry.number)]
    assert kinds == ["plan", "seed", "result", "void", "plan"]


def test_r12_the_deregistered_never_stand_in_the_roster(world):
    from app.domain.vocabulary import EntityStatus
    from app.models import Draw

    make_enterprise(status=EntityStatus.DEREGISTERED)
    make_enterprise(in_jurisdiction=False)
    task = world.task()
    world.freeze(task)
    draw = db.session.query(Draw).one()
    assert draw.roster_n == 10
    assert draw.excluded_counts == {"not_active": 1, "out_of_jurisdiction": 1}
