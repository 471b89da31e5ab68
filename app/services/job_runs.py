"""Running one job, and finding those whose worker has died.

The queue delivers a message at most once, so the table of jobs decides: a job is claimed by a guarded
update, every transaction of its work repeats the claim, and a job without a sign of life is begun
anew or ended with its reason.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import structlog
from flask import current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.lifecycle import JOB, advance
from app.domain.policy import JOBS
from app.domain.vocabulary import JobState, Term
from app.extensions import db, jobs
from app.models import Job
from app.queue import JobQueue
from app.services.jobs import (
    CURRENT,
    REGISTRY,
    Cancelled,
    JobUnknown,
    Registered,
    Running,
    moved,
    pulse_key,
    start,
    stop_asked,
    stop_key,
)
from app.services.transaction import COMMITTING, transaction

LOG = structlog.get_logger("jobs")
TOKEN = uuid4().hex[:8]
AT_WORK: set[int] = set()


class ClaimLost(Exception):
    """The job was given to another worker while this one seemed dead; nothing of it may be committed."""


def worker_name() -> str:
    """This process among all workers: host, process number, and a token against reused numbers."""
    return f"{socket.gethostname()}:{os.getpid()}:{TOKEN}"


def run_job(job_id: int, now: datetime) -> None:
    """Run a waiting job to its end; a job that is no longer waiting is left alone."""
    claimed = _claim(job_id, now)
    if claimed is None:
        return
    AT_WORK.add(job_id)
    try:
        with _pulse(claimed):
            outcome = _outcome(claimed)
        if _end(claimed, **outcome):
            jobs.queue.forget(pulse_key(job_id), stop_key(job_id))
    finally:
        AT_WORK.discard(job_id)


def _claim(job_id: int, now: datetime) -> Running | None:
    with transaction() as session:
        values = {"state": JobState.RUNNING, "attempts": Job.attempts + 1, "worker": worker_name()}
        if not moved(session, job_id, JobState.QUEUED, started_at=now, heartbeat_at=now, **values):
            return None
        owner = session.scalar(select(Job.owner_id).where(Job.id == job_id))
    actor = db.session.get(User, owner) if owner else None
    return Running(job_id, actor, now)


def _outcome(running: Running) -> dict[str, Any]:
    """Do the work; what came of it as the columns of its job."""
    try:
        found = db.session.get_one(Job, running.job_id)
        work, arguments = _work_of(found).work, dict(found.arguments)
        with _claim_repeated(running):
            result = work(running, **arguments)
        return {"event": "finish", "result": result}
    except Cancelled:
        return {"event": "cancel", "cancel_requested": True}
    except DomainError as error:
        return {"event": "fail", "error_code": error.code, "error_params": _plain(error.params)}
    except Exception:
        reference = uuid4().hex[:12]
        LOG.exception("job_broke", job=running.job_id, reference=reference)
        return {"event": "fail", "error_code": "job_broke", "error_params": {"reference": reference}}
    finally:
        db.session.rollback()


def _work_of(found: Job) -> Registered:
    registered = REGISTRY.get(found.kind)
    if registered is None:
        raise JobUnknown(kind=found.kind)
    return registered


@contextmanager
def _claim_repeated(running: Running) -> Iterator[None]:
    """Have every transaction of the work say, in itself, that this worker still holds the job."""

    def mark(session: Session) -> None:
        if running.stopping.is_set():
            raise Cancelled
        if not _held(session, running.job_id, worker_name(), committed=True):
            raise ClaimLost(running.job_id)

    token, told = COMMITTING.set(mark), CURRENT.set(running)
    try:
        yield
    finally:
        COMMITTING.reset(token)
        CURRENT.reset(told)


def _held(session: Session, job_id: int, worker: str | None, **values: Any) -> bool:
    """Change a running job only while that worker holds it; False when it does no longer."""
    theirs = update(Job).where(Job.id == job_id, Job.state == JobState.RUNNING, Job.worker == worker)
    result: Any = session.execute(theirs.values(**values), execution_options={"synchronize_session": False})
    return bool(result.rowcount)


def _end(running: Running, event: str, **values: Any) -> bool:
    progress = {"done": running.done, "total": running.total, "rate": running.rate()}
    with transaction() as session:
        return _held(
            session,
            running.job_id,
            worker_name(),
            state=advance(JOB, JobState.RUNNING, event),
            message=running.phase,
            finished_at=_ended_at(running),
            **progress,
            **values,
        )


def _ended_at(running: Running) -> datetime:
    return running.now if current_app.config["JOBS_INLINE"] else datetime.now(UTC)


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    """Parameters of an error as JSON keeps them: a term by its label, anything else unknown by its text."""
    return {name: _plain_value(value) for name, value in params.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, Term):
        return value.label
    return value if isinstance(value, int | float | str) or value is None else str(value)


@contextmanager
def _pulse(running: Running) -> Iterator[None]:
    """Carry progress to the queue and the wish to stop from it, beside the work, until it ends."""
    if current_app.config["JOBS_INLINE"]:
        yield
        return
    ended = threading.Event()
    beating = threading.Thread(target=_beat, args=(jobs.queue, running, ended), daemon=True)
    beating.start()
    try:
        yield
    finally:
        ended.set()
        beating.join()


def _beat(queue: JobQueue, running: Running, ended: threading.Event) -> None:
    while True:
        try:
            queue.note(pulse_key(running.job_id), running.state())
            if queue.noted(stop_key(running.job_id)) is not None:
                running.stopping.set()
        except Exception:
            LOG.exception("pulse_missed", job=running.job_id)
        if ended.wait(JOBS.pulse_seconds):
            return


def resume_lost(now: datetime) -> list[int]:
    """Begin anew, or end with a reason, every job whose worker has died; gives back their keys.

    A worker of this machine whose process is gone is dead at once, any other after
    `JOBS.lost_after_seconds` without a sign of life.
    """
    with transaction() as session:
        running = list(session.scalars(select(Job).where(Job.state == JobState.RUNNING)))
        lost = [found for found in running if _is_lost(found, now)]
        for found in lost:
            _settle(session, found, now)
        waiting = _forgotten(session, now)
    for job_id in [*(found.id for found in lost), *waiting]:
        start(job_id, now)
    return [found.id for found in lost]


def close_after_restore(session: Session, now: datetime) -> None:
    """End every job that was waiting or at work when the backup was taken: nobody expects it to go on."""
    unended = Job.state.in_((JobState.QUEUED, JobState.RUNNING))
    values = {"state": JobState.FAILED, "error_code": "job_restored", "error_params": {}, "finished_at": now}
    session.execute(
        update(Job).where(unended).values(**values), execution_options={"synchronize_session": False}
    )


def _settle(session: Session, found: Job, now: datetime) -> None:
    registered = REGISTRY.get(found.kind)
    values: dict[str, Any]
    if registered is not None and registered.once and found.committed:
        event, values = "finish", {"finished_at": now}
    elif stop_asked(found):
        event, values = "cancel", {"cancel_requested": True, "finished_at": now}
    elif found.attempts >= JOBS.most_attempts:
        event, values = "fail", {"error_code": "job_lost", "error_params": {}, "finished_at": now}
    else:
        event, values = "resume", {"committed": False}
    state = advance(JOB, JobState.RUNNING, event)
    LOG.warning("job_lost", job=found.id, worker=found.worker, then=event)
    _held(session, found.id, found.worker, state=state, **values)


def _is_lost(found: Job, now: datetime) -> bool:
    host, _, rest = (found.worker or "::").partition(":")
    pid, _, token = rest.partition(":")
    if token == TOKEN and int(pid) == os.getpid():
        return found.id not in AT_WORK
    if host == socket.gethostname() and not _alive(int(pid)):
        return True
    return now - _last_sign(found) > timedelta(seconds=JOBS.lost_after_seconds)


def _last_sign(found: Job) -> datetime:
    noted = jobs.queue.noted(pulse_key(found.id))
    begun = found.heartbeat_at or found.queued_at
    return max(begun, datetime.fromtimestamp(noted["at"], UTC)) if noted else begun


def _alive(pid: int) -> bool:
    if os.name == "nt":
        return True  # there signal 0 would end the process; the sign of life decides
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _forgotten(session: Session, now: datetime) -> list[int]:
    """Waiting jobs whose message was lost: the queue is empty, and they have waited a while."""
    if jobs.queue.waiting():
        return []
    before = now - timedelta(seconds=JOBS.resend_after_seconds)
    query = select(Job.id).where(Job.state == JobState.QUEUED, Job.queued_at < before).order_by(Job.id)
    return list(session.scalars(query))
