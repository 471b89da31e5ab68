"""Whether the system can do its work: its database, its schema, its workers, its jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.domain.policy import JOBS
from app.domain.vocabulary import JobKind, JobState
from app.extensions import jobs
from app.models import Job
from app.queue import WORKER_KEY

MOST_JOBS = 5_000


@dataclass(frozen=True, slots=True)
class JobFigures:
    """Jobs by kind and state, how long those of the last day took, and how long the oldest one waits."""

    counts: dict[tuple[JobKind, JobState], int]
    seconds: dict[JobKind, list[float]]
    waiting_seconds: float


def faults(session: Session, now: datetime) -> dict[str, str]:
    """What keeps the system from working, by name: `database`, `schema`, `worker`; empty when nothing does."""
    found: dict[str, str] = {}
    try:
        current = session.scalar(text("SELECT version_num FROM alembic_version"))
    except Exception as error:
        session.rollback()
        found["database"] = type(error).__name__
    else:
        if current != newest_revision():
            found["schema"] = f"{current} != {newest_revision()}"
    silent = worker_silence(now)
    if silent is None or silent > JOBS.lost_after_seconds:
        found["worker"] = "no sign of life" if silent is None else f"silent for {silent:.0f} s"
    return found


def worker_silence(now: datetime) -> float | None:
    """Seconds since any worker last gave a sign of life; None when none ever did or the queue is out of reach."""
    try:
        noted = jobs.queue.noted(WORKER_KEY)
    except Exception:
        return None
    return max(0.0, now.timestamp() - noted["at"]) if noted else None


@cache
def newest_revision() -> str | None:
    """The schema's version that this program needs."""
    config = Config()
    config.set_main_option("script_location", str(Path(current_app.root_path).parent / "migrations"))
    return ScriptDirectory.from_config(config).get_current_head()


def job_figures(session: Session, now: datetime) -> JobFigures:
    """The figures of the background work."""
    counted = session.execute(select(Job.kind, Job.state, func.count()).group_by(Job.kind, Job.state))
    recent = (
        select(Job.kind, Job.started_at, Job.finished_at)
        .where(Job.state == JobState.DONE, Job.finished_at > now - timedelta(days=1))
        .order_by(Job.id.desc())
        .limit(MOST_JOBS)
    )
    seconds: dict[JobKind, list[float]] = {}
    for kind, began, ended in session.execute(recent):
        if began is not None and ended is not None:
            seconds.setdefault(kind, []).append((ended - began).total_seconds())
    oldest = session.scalar(select(func.min(Job.queued_at)).where(Job.state == JobState.QUEUED))
    waiting = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
    return JobFigures({(kind, state): count for kind, state, count in counted}, seconds, waiting)
