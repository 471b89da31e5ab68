"""Work in the background: asking for it, doing it, following it (docs/decisions/0008).

A kind of work is registered once: `@job(JobKind.EXPORT)` on `def run(running, **arguments)`. Whoever
wants it calls `enqueue`, inside a transaction or outside one; the job begins after the commit. What
runs is an ordinary service with a transaction of its own, told who acts and what time it is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import structlog
from flask import current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.lifecycle import JOB, advance
from app.domain.vocabulary import JobKind, JobState
from app.extensions import jobs
from app.models import Job
from app.services.transaction import joined, lock, once_committed, transaction

T = TypeVar("T")
ROWS_A_REPORT = 1000
Work = Callable[..., dict[str, Any] | None]


class Cancelled(Exception):
    """The user asked the work to stop; whatever it has not committed is undone."""


class JobUnknown(DomainError):
    """No work of this kind is registered in this process."""

    code = "job_unknown"


class JobNotRepeatable(DomainError):
    """This kind of work needs more than its owner; it is asked for anew where it came from."""

    code = "job_not_repeatable"


@dataclass(frozen=True, slots=True)
class Registered:
    """What a kind of job does; `once` when its first commit is the whole of its effect."""

    work: Work
    once: bool = False
    may_retry: bool = True


LOG = structlog.get_logger("jobs")
REGISTRY: dict[JobKind, Registered] = {}


def job(kind: JobKind, *, once: bool = False, may_retry: bool = True) -> Callable[[Work], Work]:
    """Register the work of a kind.

    After a crash a job is begun anew, so its work must bear that. `once=True` says that it would not:
    the work is a single transaction, and a job whose transaction was committed counts as done.
    `may_retry=False`: when it has failed it is asked for anew where it came from, not by its owner alone.
    """

    def keep(work: Work) -> Work:
        REGISTRY[kind] = Registered(work, once, may_retry)
        return work

    return keep


class Running:
    """A job at work, as the work sees it: who acts, what time it is, and where progress is told.

    `advance` touches memory only; a thread beside the work carries it to the page about once a second.
    """

    def __init__(self, job_id: int, actor: User | None, now: datetime) -> None:
        self.job_id, self.actor, self.now = job_id, actor, now
        self.done = 0
        self.total: int | None = None
        self.phase = ""
        self.stopping = threading.Event()
        self._since, self._from = time.monotonic(), 0

    def advance(self, done: int, total: int | None = None, phase: str = "") -> None:
        """Tell how much is done of how much; `phase` is a word of app/messages/jobs.py.

        Raises Cancelled when the user wants the job stopped.
        """
        if phase != self.phase or done < self.done:
            self._since, self._from = time.monotonic(), done
        self.done, self.total, self.phase = done, total, phase
        if self.stopping.is_set():
            raise Cancelled

    def rate(self) -> float:
        """Units done a second in the present phase."""
        return (self.done - self._from) / max(time.monotonic() - self._since, 0.001)

    def state(self) -> dict[str, Any]:
        """The progress as it is kept for the page."""
        return {
            "done": self.done,
            "total": self.total,
            "phase": self.phase,
            "rate": round(self.rate(), 3),
            "at": time.time(),
        }


CURRENT: ContextVar[Running | None] = ContextVar("CURRENT", default=None)


def report(done: int, total: int | None = None, phase: str = "") -> None:
    """Tell the progress of a service to the job in which it runs; nothing happens outside a job.

    Raises Cancelled when the user wants the job stopped.
    """
    running = CURRENT.get()
    if running is not None:
        running.advance(done, total, phase)


def reported(rows: Iterable[T], phase: str, total: Callable[[], int | None] = lambda: None) -> Iterable[T]:
    """The same rows, their number told to the job on the way; outside a job exactly `rows`."""
    return _counted(rows, phase, total()) if CURRENT.get() is not None else rows


def _counted(rows: Iterable[T], phase: str, total: int | None) -> Iterator[T]:
    for number, row in enumerate(rows):
        if not number % ROWS_A_REPORT:
            report(number, total, phase)
        yield row


def enqueue(
    kind: JobKind, arguments: dict[str, Any], actor: User | None, now: datetime, title: str, origin: str = ""
) -> int:
    """Ask for a piece of work; gives back the key of its job.

    Inside a transaction the job belongs to it and begins after its commit; elsewhere it is entered at
    once. `arguments` must be plain JSON; `origin` is the address to which its page leads back.
    """
    with joined() as session:
        entered = Job(
            kind=kind,
            title=title[:200],
            arguments=arguments,
            origin=origin,
            owner_id=actor.id if actor else None,
            queued_at=now,
        )
        session.add(entered)
        session.flush()
        key = entered.id
        once_committed(session, partial(start, key, now))
    return key


def start(job_id: int, now: datetime) -> None:
    """Have a waiting job run: here and now where jobs run inline, else by a worker."""
    if not current_app.config["JOBS_INLINE"]:
        jobs.queue.send(job_id)
        return
    from app.services.job_runs import run_job  # the runner builds on this module

    with current_app.app_context():
        run_job(job_id, now)


def cancel(job_id: int, now: datetime) -> None:
    """Take back a waiting job, or ask a running one to stop. Raises IllegalTransition when it has ended.

    The wish to stop goes by the queue, because a running job may hold SQLite's only write lock.
    """
    if _take_back(job_id, now):
        return
    with transaction() as session:
        found = session.get_one(Job, job_id, populate_existing=True)
        advance(JOB, found.state, "cancel")
    jobs.queue.note(stop_key(job_id), {"at": now.timestamp()})


def _take_back(job_id: int, now: datetime) -> bool:
    with transaction() as session:
        if session.get_one(Job, job_id, populate_existing=True).state is not JobState.QUEUED:
            return False
        values = {"state": JobState.CANCELLED, "cancel_requested": True, "finished_at": now}
        return moved(session, job_id, JobState.QUEUED, **values)


def retry(job_id: int, now: datetime) -> None:
    """Begin a failed or cancelled job anew. Raises JobNotRepeatable, and IllegalTransition in another state."""
    with transaction() as session:
        found = lock(session, Job, job_id)
        if not may_retry(found):
            raise JobNotRepeatable(kind=found.kind)
        found.state = advance(JOB, found.state, "retry")
        found.attempts, found.committed, found.cancel_requested = 0, False, False
        found.queued_at, found.started_at, found.finished_at = now, None, None
        found.result = found.error_code = found.error_params = found.worker = None
        found.done, found.total, found.rate, found.message = 0, None, None, ""
        once_committed(session, partial(start, job_id, now))


def may_retry(job: Job) -> bool:
    """Whether the owner may begin this kind of job anew."""
    registered = REGISTRY.get(job.kind)
    return registered is None or registered.may_retry


def moved(session: Session, job_id: int, before: JobState, **values: Any) -> bool:
    """Change a job only if it still stands in the state `before`; False when another was quicker."""
    statement = update(Job).where(Job.id == job_id, Job.state == before).values(**values)
    result: Any = session.execute(statement, execution_options={"synchronize_session": False})
    return bool(result.rowcount)


def progress_of(job: Job) -> dict[str, Any]:
    """How far a job is: `done`, `total` (None when unknown), `phase`, `rate` a second."""
    noted = _glance(pulse_key(job.id)) if job.state is JobState.RUNNING else None
    return noted or {"done": job.done, "total": job.total, "phase": job.message, "rate": job.rate or 0.0}


def under_way(session: Session, origin: str) -> Job | None:
    """The job that was asked for on that page and has not ended, if there is one."""
    unended = Job.state.in_((JobState.QUEUED, JobState.RUNNING))
    query = select(Job).where(Job.origin == origin, unended).order_by(Job.id.desc()).limit(1)
    return session.scalars(query).first()


def stop_asked(job: Job) -> bool:
    """Whether a running job has been asked to stop."""
    return job.state is JobState.RUNNING and _glance(stop_key(job.id)) is not None


def _glance(key: str) -> dict[str, Any] | None:
    """What the queue keeps under a key; nothing when the queue cannot be reached, for a page must not break."""
    try:
        return jobs.queue.noted(key)
    except Exception:
        LOG.exception("queue_out_of_reach")
        return None


def pulse_key(job_id: int) -> str:
    """Where the queue keeps the progress and sign of life of a job."""
    return f"pulse:{job_id}"


def stop_key(job_id: int) -> str:
    """Where the queue keeps the wish to stop a job."""
    return f"stop:{job_id}"
