"""Tasks: only from a disclosed plan, a batch at a time, archived when everything is done (R21, R24, R26)."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.lifecycle import IllegalTransition
from app.domain.vocabulary import PlanState, Scope, TaskState
from app.extensions import db
from app.models import Draw, DrawnTarget, InspectionPlan, InspectionTask, PlanLine
from app.services import items, planning, tasks
from tests.builders import NOW, World, make_item


@pytest.fixture
def world(app):
    return World(enterprises=10, inspectors=4)


@pytest.fixture
def version(world):
    made = make_item()
    world.publish_items()
    return made


def set_plan_state(line, state):
    db.session.get(PlanLine, line).plan.state = state
    db.session.commit()


def get_task(key):
    db.session.expire_all()
    return db.session.get(InspectionTask, key)


@pytest.mark.parametrize("state", [state for state in PlanState if state != PlanState.DISCLOSED])
def test_r21_no_task_without_an_approved_filed_and_disclosed_plan(world, version, state):
    line = world.plan_line([version])
    set_plan_state(line, state)
    with pytest.raises(tasks.PlanNotDisclosed):
        tasks.create_task(line, world.planner, NOW)
    assert db.session.query(InspectionTask).count() == 0


def test_r1_the_task_keeps_the_item_as_it_stood(world, version):
    task = tasks.create_task(world.plan_line([version], ppm=300_000), world.planner, NOW)
    items.withdraw_version(version.id, world.clerk, NOW)
    item = get_task(task).items[0]
    assert (item.code, item.version_id, item.ppm) == ("XC-01", version.id, 300_000)


def test_r24_a_targeted_item_says_from_which_category_it_draws(world, version):
    line = world.plan_line([version])
    version.category_id = None
    db.session.commit()
    with pytest.raises(tasks.ItemWithoutCategory):
        tasks.create_task(line, world.planner, NOW)


def test_r24_a_non_targeted_item_draws_from_everybody(world, version):
    task = tasks.create_task(world.plan_line([version], scope=Scope.NON_TARGETED), world.planner, NOW)
    assert get_task(task).items[0].category_id is None


def test_r26_a_line_gives_as_many_tasks_as_it_has_batches(world, version):
    line = world.plan_line([version], batches=2)
    names = [get_task(tasks.create_task(line, world.planner, NOW)).name for _ in range(2)]
    assert names == ["抽查（第1批）", "抽查（第2批）"]
    with pytest.raises(tasks.NoBatchLeft):
        tasks.create_task(line, world.planner, NOW)


def test_r26_all_batches_together_draw_the_ratio_of_the_year_once(world, version):
    line = world.plan_line([version], ppm=500_000, batches=3)
    drawn = []
    for step in range(3):
        task = tasks.create_task(line, world.planner, NOW)
        world.freeze(task)
        world.seed(task)
        world.draw(task)
        rows = db.session.query(DrawnTarget).join(Draw).filter(Draw.task_id == task, ~DrawnTarget.is_reserve)
        drawn.append(rows.count())
        assert drawn[step] > 0
    assert drawn == [2, 2, 1]


def test_numbers_of_a_year_run_on(world, version):
    line = world.plan_line([version], batches=3)
    moments = [NOW, NOW, datetime(2026, 12, 31, 17, tzinfo=UTC)]
    numbers = [get_task(tasks.create_task(line, world.planner, moment)).number for moment in moments]
    assert numbers == ["长商抽查〔2026〕1号", "长商抽查〔2026〕2号", "长商抽查〔2027〕1号"]


def test_r73_a_line_with_items_of_two_agencies_is_a_joint_task(world, version):
    other = make_item("JL-01", agency="A02")
    world.publish_items()
    alone = tasks.create_task(world.plan_line([version]), world.planner, NOW)
    joint = tasks.create_task(world.plan_line([version, other]), world.planner, NOW)
    assert not get_task(alone).is_joint
    assert get_task(joint).is_joint


def test_a_task_is_archived_only_after_its_results_are_disclosed(world):
    task = world.open()
    with pytest.raises(IllegalTransition):
        tasks.archive_task(task, world.planner)
    assert get_task(task).state == TaskState.DISCLOSED


def test_an_open_visit_keeps_the_task_from_the_archive(world):
    task = world.open()
    get_task(task).state = TaskState.RESULTS_DISCLOSED
    db.session.commit()
    with pytest.raises(tasks.TaskUnfinished):
        tasks.archive_task(task, world.planner)
    assert get_task(task).state == TaskState.RESULTS_DISCLOSED


def test_r22_what_the_plan_promised_stays_when_the_roster_grows(world, version):
    line = world.plan_line([version])
    plan = db.session.get(PlanLine, line).plan_id
    with pytest.raises(planning.PlanIsFixed):
        planning.add_line(
            plan,
            "补充",
            {version.id: 100_000},
            world.planner,
            lead_agency_id=db.session.get(InspectionPlan, plan).agency_id,
            starts_on=NOW.date(),
            ends_on=NOW.date() + timedelta(days=9),
        )
