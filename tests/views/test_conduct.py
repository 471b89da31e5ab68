"""The registers of the leading group (art. 12, 16, R87)."""

from datetime import date, datetime, timedelta

import pytest

from app.domain.conduct import (
    TaskOutOfOrder,
    TrainingNumbersContradict,
    require_numbers,
    require_order,
)
from app.extensions import db
from app.models import Agency, AuditEvent, GroupTask, TrainingSession
from app.security import roles
from app.views.base.format import CLOCK
from tests.builders import World, make_user
from tests.views.pages import enter, visible_text

TODAY = datetime.now(CLOCK).date()


@pytest.fixture
def world(app):
    return World(enterprises=0, inspectors=0)


def task_form(**values):
    bureau = db.session.query(Agency).filter_by(is_bureau=True).one().id
    given = {
        "topic": "完善抽查事项清单",
        "given_on": (TODAY - timedelta(days=20)).isoformat(),
        "agency": str(bureau),
        "due_on": (TODAY - timedelta(days=1)).isoformat(),
    }
    return given | values


def test_R87_a_task_of_the_leading_group_is_given_shown_late_and_done(app, world):
    planner = enter(app, "planner")
    planner.post("/group-tasks/add", data=task_form())
    task = db.session.query(GroupTask).one()
    assert "领导小组交办：完善抽查事项清单" in visible_text(planner.get("/").text)
    assert "逾期" in visible_text(planner.get("/group-tasks/list/").text)
    done = task_form(done_on=TODAY.isoformat(), result="已公布", why="办结")
    planner.post(f"/group-tasks/edit/{task.id}", data=done)
    db.session.expire_all()
    assert task.done_on == TODAY
    assert "逾期完成" in visible_text(planner.get("/group-tasks/list/").text)
    assert db.session.query(AuditEvent).filter(AuditEvent.tag.like("group_task:%")).count() == 2


def test_R87_a_task_due_before_it_was_given_is_refused(app, world):
    answer = enter(app, "planner").post("/group-tasks/add", data=task_form(due_on="2020-01-01"))
    assert "早于" in answer.text
    assert db.session.query(GroupTask).count() == 0


def test_R87_another_department_writes_down_its_own_tasks_only(app, world):
    guest = enter(app, make_user("planner-a02", roles.PLANNER, "A02").username)
    guest.post("/group-tasks/add", data=task_form())
    assert db.session.query(GroupTask).count() == 0
    own = db.session.query(Agency).filter_by(code="A02").one().id
    guest.post("/group-tasks/add", data=task_form(agency=str(own)))
    assert db.session.query(GroupTask).one().agency_id == own


def test_R87_training_is_kept_with_hours_and_exam(app, world):
    data = {"held_on": "2026-05-01", "topic": "专题培训", "hours": "8", "attendees": "25", "examined": "24"}
    enter(app, "planner").post("/trainings/add", data=data | {"passed": "23"})
    row = db.session.query(TrainingSession).one()
    assert (row.hours, row.attendees, row.examined, row.passed) == (8, 25, 24, 23)


def test_R87_the_leading_group_reads_its_registers_and_writes_none(app, world):
    make_user("leader", roles.LEADING_GROUP)
    leader = enter(app, "leader")
    assert leader.get("/group-tasks/list/").status_code == 200
    assert leader.post("/group-tasks/add", data=task_form()).status_code == 403


@pytest.mark.parametrize(
    ("due", "done", "lawful"),
    [(0, None, True), (5, 0, True), (5, 9, True), (-1, None, False), (5, -1, False)],
)
def test_R87_nothing_is_due_or_done_before_it_was_given(due, done, lawful):
    given = date(2026, 5, 1)
    days = given + timedelta(days=due), None if done is None else given + timedelta(days=done)
    if lawful:
        require_order(given, *days)
    else:
        with pytest.raises(TaskOutOfOrder):
            require_order(given, *days)


@pytest.mark.parametrize(
    ("came", "examined", "passed", "lawful"),
    [
        (25, 24, 23, True),
        (25, None, 25, True),
        (25, None, None, True),
        (25, 26, 20, False),
        (25, 20, 21, False),
        (None, None, 1, False),
    ],
)
def test_R87_no_more_pass_than_were_examined(came, examined, passed, lawful):
    if lawful:
        require_numbers(came, examined, passed)
    else:
        with pytest.raises(TrainingNumbersContradict):
            require_numbers(came, examined, passed)
