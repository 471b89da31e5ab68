"""The worker as a process of its own: killed in the middle of its work, begun again, stopped from the page."""

import multiprocessing
import os
import signal
from datetime import UTC, datetime
from threading import Event

import pytest
from sqlalchemy import select

from app.domain.measures import CHINA
from app.domain.vocabulary import JobKind, JobState
from app.extensions import db
from app.extensions import jobs as extension
from app.models import FigureRefresh, FigureSheet, Holiday, Job
from app.queue import WORKER_KEY
from app.services import jobs
from tests.services.worker_child import wait_for, work

COUNT = 40
# Every worker is a process without a past; the program is loaded once for all of them.
SEPARATE = multiprocessing.get_context("forkserver")
SEPARATE.set_forkserver_preload(["tests.services.worker_child"])


@pytest.fixture
def folder(app, tmp_path, monkeypatch):
    """The run's own folder, with a queue of its own that the web side shares with the worker."""
    monkeypatch.setitem(app.config, "JOBS_INLINE", False)
    url = f"sqlite:///{tmp_path / 'jobs.db'}"
    if db.engine.dialect.name == "postgresql":
        url = app.config["JOBS_URL"]
    mine = type(app.extensions["jobs"])(url, app.config["SECRET_KEY"])
    monkeypatch.setitem(app.extensions, "jobs", mine)
    mine.huey.storage.flush_all()
    yield tmp_path
    mine.close()


@pytest.fixture
def begin(app, folder):
    """Begin a worker that waits when it has entered so many holidays."""
    begun = []

    def start(stop_at):
        begun.append(SEPARATE.Process(target=work, args=(url_of(app), folder, stop_at)))
        begun[-1].start()
        return begun[-1]

    yield start
    for child in begun:
        child.kill()
        child.join()


def url_of(app):
    return app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")


def ask():
    return jobs.enqueue(JobKind.EXPORT, {"count": COUNT}, None, datetime.now(UTC), "样例")


def ended(key):
    """The job, as soon as it has ended."""
    pause = Event()
    while True:
        db.session.rollback()
        job = db.session.get(Job, key, populate_existing=True)
        if job.state not in (JobState.QUEUED, JobState.RUNNING):
            return job
        pause.wait(0.05)


def entered():
    db.session.rollback()
    return db.session.query(Holiday).filter(Holiday.name == "样例").count()


def test_r1_a_job_killed_in_the_middle_leaves_nothing_and_is_finished_by_the_next_worker(folder, begin):
    key = ask()
    first = begin(stop_at=COUNT // 2)
    wait_for(folder / "reached")
    assert jobs.progress_of(db.session.get(Job, key)) is not None
    os.kill(first.pid, signal.SIGKILL)
    first.join()
    assert entered() == 0
    begin(stop_at=COUNT)
    job = ended(key)
    assert (job.state, job.attempts, job.result) == (JobState.DONE, 2, {"entered": COUNT})
    assert entered() == COUNT
    assert extension.queue.noted(WORKER_KEY)["worker"].split(":")[1] != str(first.pid)


def test_a_worker_told_to_end_leaves_its_job_to_the_next_one(folder, begin):
    key = ask()
    first = begin(stop_at=3)
    wait_for(folder / "reached")
    first.terminate()
    first.join()
    assert first.exitcode == 0
    begin(stop_at=COUNT)
    assert ended(key).state is JobState.DONE
    assert entered() == COUNT


def test_a_job_is_stopped_from_outside_while_it_holds_the_database(folder, begin):
    key = ask()
    begin(stop_at=3)
    wait_for(folder / "reached")
    db.session.rollback()
    jobs.cancel(key, datetime.now(UTC))
    assert ended(key).state is JobState.CANCELLED
    assert entered() == 0


def test_the_worker_keeps_the_figures_of_the_year_ready(folder, begin):
    begin(stop_at=COUNT)
    year, pause = str(datetime.now(CHINA).year), Event()
    query = select(FigureRefresh.computed_at).where(FigureRefresh.scope == year)
    while db.session.scalar(query) is None:
        db.session.rollback()
        pause.wait(0.05)
    assert db.session.scalar(select(FigureSheet.year).limit(1)) == int(year)
