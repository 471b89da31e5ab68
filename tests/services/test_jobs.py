"""Background work: never before its data, never half, never lost without a reason."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import DomainError
from app.domain.lifecycle import IllegalTransition
from app.domain.policy import JOBS
from app.domain.vocabulary import EntityKind, JobKind, JobState
from app.extensions import db
from app.extensions import jobs as extension
from app.models import Holiday, Job
from app.services import job_runs, jobs
from app.services.job_runs import resume_lost, run_job
from app.services.transaction import transaction

NOW = datetime(2026, 4, 1, 2, tzinfo=UTC)
DAY = NOW.date()
NOBODY = 2**22 + 1  # above every process number of Linux


@pytest.fixture
def work(app, monkeypatch):
    """Register what the kind EXPORT does in this test."""

    def register(function, *, once=False):
        monkeypatch.setitem(jobs.REGISTRY, JobKind.EXPORT, jobs.Registered(function, once))

    return register


@pytest.fixture
def by_worker(app, monkeypatch):
    """Jobs wait for a worker, as in production; gives back a function that runs one."""
    monkeypatch.setitem(app.config, "JOBS_INLINE", False)
    yield lambda key: run_job(key, NOW)
    extension.queue.huey.storage.flush_all()


def ask(**arguments):
    return jobs.enqueue(JobKind.EXPORT, arguments, None, NOW, "导出名录")


def ask_and_break():
    with transaction():
        ask()
        raise ZeroDivisionError


def found(key):
    db.session.expire_all()
    return db.session.get(Job, key)


def add_holiday(_running=None):
    with transaction() as session:
        session.add(Holiday(on=DAY, is_working=False, name="样例"))


def holidays():
    db.session.expire_all()
    return db.session.query(Holiday).count()


def test_a_job_sees_what_the_transaction_that_asked_for_it_committed(work):
    seen = []
    work(lambda running: seen.append(holidays()))
    with transaction() as session:
        session.add(Holiday(on=DAY, is_working=False, name="样例"))
        key = ask()
        assert seen == []
    assert seen == [1]
    assert found(key).state is JobState.DONE


def test_a_transaction_that_fails_takes_its_job_along(work):
    ran = []
    work(lambda running: ran.append(1))
    with pytest.raises(ZeroDivisionError):
        ask_and_break()
    assert ran == []
    assert db.session.query(Job).count() == 0


def test_a_job_keeps_its_result_and_its_times(work):
    work(lambda running, year: {"year": year, "at": running.now.isoformat()})
    job = found(ask(year=2026))
    assert job.result == {"year": 2026, "at": NOW.isoformat()}
    assert (job.queued_at, job.started_at, job.attempts) == (NOW, NOW, 1)


def test_the_work_knows_who_asked_for_it(work, make_user):
    user = make_user("zhang")
    work(lambda running: {"who": running.actor.username})
    key = jobs.enqueue(JobKind.EXPORT, {}, user, NOW, "导出名录")
    assert found(key).result == {"who": "zhang"}


def test_a_refused_job_keeps_the_reason_in_words_that_last(work):
    class TooMany(DomainError):
        code = "too_many_in_test"

    def refuse(running):
        raise TooMany(kind=EntityKind.COMPANY, day=DAY, count=3)

    work(refuse)
    job = found(ask())
    assert (job.state, job.error_code) == (JobState.FAILED, "too_many_in_test")
    assert job.error_params == {"kind": EntityKind.COMPANY.label, "day": "2026-04-01", "count": 3}


def test_a_fault_undoes_the_work_and_is_found_in_the_log(work):
    def break_down(running):
        with transaction() as session:
            session.add(Holiday(on=DAY, is_working=False, name="样例"))
            session.flush()
            raise RuntimeError("broken")

    work(break_down)
    job = found(ask())
    assert (job.state, job.error_code) == (JobState.FAILED, "job_broke")
    assert len(job.error_params["reference"]) == 12
    assert holidays() == 0


def test_a_job_without_registered_work_says_so(app, monkeypatch):
    monkeypatch.delitem(jobs.REGISTRY, JobKind.EXPORT, raising=False)
    assert found(ask()).error_code == "job_unknown"


def test_a_job_runs_once_however_often_its_message_comes(work, by_worker):
    ran = []
    work(lambda running: ran.append(1))
    key = ask()
    by_worker(key)
    by_worker(key)
    assert ran == [1]


def test_progress_is_told_while_the_work_holds_the_database(work, by_worker):
    told = []

    def count(running):
        with transaction() as session:
            session.add(Holiday(on=DAY, is_working=False, name="样例"))
            session.flush()  # on SQLite nobody else can write from here on
            running.advance(30, 120, "reading")
            told.append(noticed(running, "done", 30))

    work(count)
    key = ask()
    by_worker(key)
    assert (told[0]["total"], told[0]["phase"]) == (120, "reading")
    job = found(key)
    assert (job.state, job.done, job.total) == (JobState.DONE, 30, 120)
    assert jobs.progress_of(job)["done"] == 30


def noticed(running, name, value):
    """What the queue keeps of the job, as soon as it says so; a thread beside the work writes it."""
    pause = threading.Event()
    while True:
        noted = extension.queue.noted(jobs.pulse_key(running.job_id)) or {}
        if noted.get(name) == value:
            return noted
        pause.wait(0.05)


def test_a_running_job_stops_when_asked_and_leaves_nothing(work, by_worker):
    def go_on(running):
        with transaction() as session:
            session.add(Holiday(on=DAY, is_working=False, name="样例"))
            session.flush()
            wish_to_stop(running)
            running.advance(2, 10)

    work(go_on)
    key = ask()
    by_worker(key)
    job = found(key)
    assert (job.state, job.cancel_requested) == (JobState.CANCELLED, True)
    assert holidays() == 0


def wish_to_stop(running):
    extension.queue.note(jobs.stop_key(running.job_id), {"at": 0})
    assert running.stopping.wait(30)


def test_a_job_that_tells_no_progress_still_stops_before_its_commit(work, by_worker):
    def go_on(running):
        with transaction() as session:
            session.add(Holiday(on=DAY, is_working=False, name="样例"))
            wish_to_stop(running)

    work(go_on)
    key = ask()
    by_worker(key)
    assert found(key).state is JobState.CANCELLED
    assert holidays() == 0


def test_a_waiting_job_is_taken_back(work, by_worker):
    ran = []
    work(lambda running: ran.append(1))
    key = ask()
    jobs.cancel(key, NOW)
    by_worker(key)
    assert found(key).state is JobState.CANCELLED
    assert ran == []


def test_only_what_failed_or_was_cancelled_begins_anew(work, by_worker):
    outcomes = iter([RuntimeError("first"), None])

    def once_broken(running):
        if error := next(outcomes):
            raise error

    work(once_broken)
    key = ask()
    by_worker(key)
    assert found(key).state is JobState.FAILED
    jobs.retry(key, NOW)
    by_worker(key)
    job = found(key)
    assert (job.state, job.error_code) == (JobState.DONE, None)
    with pytest.raises(IllegalTransition):
        jobs.retry(key, NOW)
    with pytest.raises(IllegalTransition):
        jobs.cancel(key, NOW)


def left_running(key, **values):
    """A job as its worker left it when it was killed."""
    with transaction() as session:
        job = session.get(Job, key)
        job.state, job.attempts, job.started_at, job.heartbeat_at = JobState.RUNNING, 1, NOW, NOW
        job.worker = f"{job_runs.socket.gethostname()}:{NOBODY}:dead"
        for name, value in values.items():
            setattr(job, name, value)


def test_r1_a_job_whose_process_died_is_begun_anew(work, by_worker):
    work(add_holiday)
    key = ask()
    left_running(key)
    assert resume_lost(NOW) == [key]
    by_worker(key)
    assert (found(key).state, found(key).attempts) == (JobState.DONE, 2)


def test_r1_a_job_that_had_committed_is_done_and_not_done_twice(work, by_worker):
    ran = []
    work(lambda running: ran.append(1), once=True)
    key = ask()
    left_running(key, committed=True)
    resume_lost(NOW)
    by_worker(key)
    assert found(key).state is JobState.DONE
    assert ran == []


def test_r1_a_job_that_kills_its_worker_ends_with_a_reason(work, by_worker):
    work(add_holiday)
    key = ask()
    left_running(key, attempts=JOBS.most_attempts)
    resume_lost(NOW)
    assert (found(key).state, found(key).error_code) == (JobState.FAILED, "job_lost")


def test_a_worker_elsewhere_is_believed_as_long_as_it_gives_a_sign(work, by_worker):
    work(add_holiday)
    key = ask()
    left_running(key, worker="elsewhere:1:x")
    assert resume_lost(NOW + timedelta(seconds=JOBS.lost_after_seconds)) == []
    extension.queue.note(jobs.pulse_key(key), {"at": (NOW + timedelta(hours=1)).timestamp()})
    assert resume_lost(NOW + timedelta(hours=1)) == []
    assert resume_lost(NOW + timedelta(hours=2)) == [key]


def test_a_worker_that_only_seemed_dead_commits_nothing(work, by_worker):
    def taken_away(running):
        with transaction() as session:
            session.add(Holiday(on=DAY, is_working=False, name="样例"))
            job = session.get(Job, running.job_id)
            job.worker = "another:1:x"

    work(taken_away)
    key = ask()
    by_worker(key)
    assert holidays() == 0


def test_a_job_whose_message_was_lost_is_sent_again(work, by_worker):
    work(add_holiday)
    ask()
    extension.queue.huey.storage.flush_queue()
    resume_lost(NOW + timedelta(seconds=JOBS.resend_after_seconds))
    assert extension.queue.waiting() == 0
    resume_lost(NOW + timedelta(seconds=JOBS.resend_after_seconds + 1))
    assert extension.queue.waiting() == 1


def test_the_commit_of_the_work_says_that_it_took_effect(work):
    work(add_holiday)
    assert found(ask()).committed
    work(lambda running: None)
    assert not found(ask()).committed
