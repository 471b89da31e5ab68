"""The steps of a draw in the background: the same steps by the same two people, whatever the size."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.policy import JOBS
from app.domain.vocabulary import JobKind, JobState, TaskState
from app.extensions import db
from app.models import AuditEvent, Draw, DrawnTarget, DrawStep, InspectionTask, Job
from app.services import audit, draw_jobs, draw_log, jobs
from app.services.freezing import DEFAULT_SEEDS
from app.services.job_runs import resume_lost
from tests.builders import NOW, World

LATER = NOW + timedelta(hours=1)
PAGE = "/tasks/show/1"


@pytest.fixture
def world(app):
    return World()


@pytest.fixture
def large(monkeypatch):
    """Every roster counts as large."""
    monkeypatch.setattr(draw_jobs, "JOBS", replace(JOBS, background_rows=1, background_targets=1))


def freeze(world, task, now=NOW, witness=None):
    chosen = {"seeds": DEFAULT_SEEDS, "seed_after": None, "algorithm": "sha256"}
    return draw_jobs.freeze(task, world.planner, witness or world.witness, now, PAGE, **chosen)


def take_every_step(world, task):
    keys = [freeze(world, task)]
    world.seed(task)
    keys.append(draw_jobs.draw(task, world.planner, world.witness, LATER, PAGE))
    keys.append(draw_jobs.match(task, world.planner, LATER + timedelta(hours=1), PAGE))
    db.session.expire_all()
    return keys


def test_a_small_roster_is_drawn_at_once(world):
    task = world.task()
    assert take_every_step(world, task) == [None, None, None]
    assert db.session.get(InspectionTask, task).state is TaskState.MATCHED
    assert db.session.query(Job).count() == 0


def test_a_large_roster_is_drawn_in_the_background_by_the_same_two_people(world, large):
    task = world.task()
    keys = take_every_step(world, task)
    found = [db.session.get(Job, key) for key in keys]
    assert [job.state for job in found] == [JobState.DONE] * 3
    assert [job.kind for job in found] == [JobKind.FREEZE, JobKind.DRAW, JobKind.MATCH]
    assert db.session.get(InspectionTask, task).state is TaskState.MATCHED
    steps = {step.step: (step.actor_id, step.witness_id) for step in db.session.query(DrawStep)}
    assert steps["frozen"] == steps["drawn"] == (world.planner.id, world.witness.id)
    assert audit.verify_trail(db.session())[1] is None
    assert draw_log.verify_log(db.session())[1] is None


def test_the_progress_of_a_draw_counts_the_frozen_roster(world, large):
    task = world.task()
    key = take_every_step(world, task)[1]
    job = db.session.get(Job, key)
    assert (job.done, job.total, job.message) == (10, 10, "drawing")


def test_r31_a_refused_step_leaves_its_attempt_and_its_reason(world, large):
    task = world.task()
    key = freeze(world, task, witness=world.planner)
    job = db.session.get(Job, key)
    assert (job.state, job.error_code) == (JobState.FAILED, "witness_missing")
    assert not job.committed
    assert db.session.query(AuditEvent).filter_by(tag="draw:frozen:refused").count() == 1
    assert db.session.query(Draw).count() == 0


def test_r31_a_witnessed_step_is_not_begun_anew_without_its_witness(world, large):
    key = freeze(world, world.task(), witness=world.planner)
    with pytest.raises(jobs.JobNotRepeatable):
        jobs.retry(key, LATER)


def test_r1_a_draw_that_had_been_committed_is_not_drawn_again(world, large):
    task = world.task()
    key = take_every_step(world, task)[1]
    job, before = db.session.get(Job, key), db.session.query(DrawnTarget).count()
    assert job.committed
    job.state, job.worker = JobState.RUNNING, "elsewhere:1:x"
    db.session.commit()
    resume_lost(LATER + timedelta(days=1))
    db.session.expire_all()
    assert db.session.get(Job, key).state is JobState.DONE
    assert db.session.query(DrawnTarget).count() == before


def test_the_page_of_the_task_knows_the_step_that_is_under_way(app, world, large, monkeypatch):
    monkeypatch.setitem(app.config, "JOBS_INLINE", False)
    key = freeze(world, world.task())
    assert jobs.under_way(db.session(), PAGE).id == key
    jobs.cancel(key, NOW)
    assert jobs.under_way(db.session(), PAGE) is None
