"""Replacing an inspector and a drawn firm: by the same key or the next reserve, never by hand (R19)."""

import pytest

from app.domain.vocabulary import TaskState
from app.extensions import db
from app.models import AuditEvent, Disclosure, DrawnTarget, InspectionTask, LogEntry, Visit
from app.services import replacing, substituting
from app.services.ceremony import WitnessMissing
from tests.builders import NOW, World


@pytest.fixture
def world(app):
    return World()


def teams():
    return {
        visit.enterprise.identifier: {m.inspector.staff_no for m in visit.team}
        for visit in db.session.query(Visit)
    }


def test_r19_the_absent_inspector_leaves_every_open_team(world):
    task = world.open()
    gone = db.session.query(Visit).first().team[0].inspector.staff_no
    changes = substituting.substitute_inspector(task, gone, "病假", world.planner, world.approver, NOW)
    assert changes
    assert all(gone not in team and len(team) == 2 for team in teams().values())
    assert db.session.query(LogEntry).filter_by(kind="substitute").count() == 1
    assert all(sum(m.is_lead for m in visit.team) == 1 for visit in db.session.query(Visit))


def test_r19_the_published_difference_names_no_reason(world):
    task = world.open()
    gone = db.session.query(Visit).first().team[0].inspector.staff_no
    substituting.substitute_inspector(task, gone, "病假", world.planner, world.approver, NOW)
    newest = db.session.query(Disclosure).order_by(Disclosure.id.desc()).first()
    assert "changes" in newest.body
    assert "病假" not in str(newest.body)


def test_r18_a_granted_recusal_changes_one_visit_only(world):
    task = world.open()
    visit = db.session.query(Visit).first()
    gone, target = visit.team[0].inspector.staff_no, visit.enterprise.identifier
    substituting.substitute_inspector(task, gone, "回避", world.planner, world.approver, NOW, target=target)
    assert gone not in teams()[target]


def test_r19_nobody_approves_their_own_substitution(world):
    task = world.open()
    gone = db.session.query(Visit).first().team[0].inspector.staff_no
    with pytest.raises(substituting.ApproverMissing):
        substituting.substitute_inspector(task, gone, "病假", world.planner, world.planner, NOW)


def test_a_ceased_firm_gives_way_to_the_next_reserve(world):
    task = world.drawn()
    drawn = db.session.query(DrawnTarget).filter_by(is_reserve=False).order_by(DrawnTarget.rank).first()
    first = db.session.query(DrawnTarget).filter_by(is_reserve=True, rank=1).one()
    came = replacing.replace_target(task, drawn.identifier, "注销通知书", world.planner, world.witness, NOW)
    assert list(came.values()) == [first.identifier]
    world.match(task)
    visited = {visit.enterprise.identifier for visit in db.session.query(Visit)}
    assert first.identifier in visited
    assert drawn.identifier not in visited


def test_r33_after_the_match_a_ceased_firm_is_a_result(world):
    task = world.drawn()
    world.match(task)
    drawn = db.session.query(DrawnTarget).first()
    with pytest.raises(replacing.MatchedAlready):
        replacing.replace_target(task, drawn.identifier, "注销", world.planner, world.witness, NOW)


def test_reserves_run_out_with_a_sentence_not_a_guess(world):
    task = world.drawn()
    for _ in range(2):
        standing = next(iter(replacing.standing_targets(db.session(), one_draw(task))))[1]
        replacing.replace_target(task, standing, "注销", world.planner, world.witness, NOW)
    standing = next(iter(replacing.standing_targets(db.session(), one_draw(task))))[1]
    with pytest.raises(replacing.NoReserveLeft):
        replacing.replace_target(task, standing, "注销", world.planner, world.witness, NOW)


def test_r31_a_refused_step_leaves_its_attempt_and_nothing_else(world):
    task = world.drawn()
    drawn = db.session.query(DrawnTarget).first()
    before = db.session.query(LogEntry).count()
    with pytest.raises(WitnessMissing):
        replacing.replace_target(task, drawn.identifier, "注销", world.planner, None, NOW)
    assert db.session.query(LogEntry).count() == before
    assert db.session.get(InspectionTask, task).state == TaskState.DRAWN
    assert db.session.query(AuditEvent).filter_by(tag="draw:replaced:refused").count() == 1


def one_draw(task):
    return db.session.get(InspectionTask, task).draws[0]
