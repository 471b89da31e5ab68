"""The steps of a draw beside the pages: done at once for a small roster, in the background for a large one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.policy import JOBS
from app.domain.vocabulary import DrawState, JobKind
from app.models import Draw, DrawnTarget, InspectionTask
from app.services import drawing, freezing, matching
from app.services.eligible import possible_size
from app.services.jobs import Running, enqueue, job
from app.services.transaction import beside_the_work, fetch, transaction


def freeze(
    task_id: int,
    actor: User,
    witness: User,
    now: datetime,
    origin: str,
    *,
    seeds: Sequence[tuple[str, str]],
    seed_after: datetime | None,
    algorithm: str,
) -> int | None:
    """Freeze the roster; gives back the key of the job when it was left to one, None when it is done.

    `origin` is the page of the task. Raises what freeze_roster_of raises.
    """
    if not _is_large(task_id, _enterprises, JOBS.background_rows):
        chosen: dict[str, Any] = {"seeds": seeds, "seed_after": seed_after, "algorithm": algorithm}
        freezing.freeze_roster_of(task_id, actor, witness, now, **chosen)
        return None
    arguments = {
        "task_id": task_id,
        "witness_id": witness.id,
        "seeds": [list(pair) for pair in seeds],
        "seed_after": seed_after.isoformat() if seed_after else None,
        "algorithm": algorithm,
    }
    return _leave(JobKind.FREEZE, arguments, actor, now, origin)


def draw(task_id: int, actor: User, witness: User, now: datetime, origin: str) -> int | None:
    """Draw the targets; gives back the key of the job when it was left to one, None when it is done."""
    if not _is_large(task_id, _frozen, JOBS.background_rows):
        drawing.run_draw(task_id, actor, witness, now)
        return None
    return _leave(JobKind.DRAW, {"task_id": task_id, "witness_id": witness.id}, actor, now, origin)


def match(task_id: int, actor: User, now: datetime, origin: str) -> int | None:
    """Match inspectors; gives back the key of the job when it was left to one, None when it is done."""
    if not _is_large(task_id, _drawn, JOBS.background_targets):
        matching.match_inspectors(task_id, actor, now)
        return None
    return _leave(JobKind.MATCH, {"task_id": task_id}, actor, now, origin)


@job(JobKind.FREEZE, once=True, may_retry=False)
def _freeze_job(
    running: Running,
    task_id: int,
    witness_id: int,
    seeds: list[list[str]],
    seed_after: str | None,
    algorithm: str,
) -> dict[str, Any]:
    opens = datetime.fromisoformat(seed_after) if seed_after else None
    pairs = [(source, event) for source, event in seeds]
    actor, witness = _people(running, witness_id)
    freezing.freeze_roster_of(
        task_id, actor, witness, running.now, seeds=pairs, seed_after=opens, algorithm=algorithm
    )
    return {}


@job(JobKind.DRAW, once=True, may_retry=False)
def _draw_job(running: Running, task_id: int, witness_id: int) -> dict[str, Any]:
    actor, witness = _people(running, witness_id)
    drawing.run_draw(task_id, actor, witness, running.now)
    return {}


@job(JobKind.MATCH, once=True)
def _match_job(running: Running, task_id: int) -> dict[str, Any]:
    assert running.actor is not None
    return {"visits": matching.match_inspectors(task_id, running.actor, running.now)}


def _people(running: Running, witness_id: int) -> tuple[User, User]:
    assert running.actor is not None
    with beside_the_work() as session:
        return running.actor, fetch(session, User, witness_id)


def _leave(kind: JobKind, arguments: dict[str, Any], actor: User, now: datetime, origin: str) -> int:
    with transaction() as session:
        task = fetch(session, InspectionTask, arguments["task_id"])
        return enqueue(kind, arguments, actor, now, f"{kind.label}：{task.name}", origin)


def _is_large(task_id: int, size: Any, limit: int) -> bool:
    with transaction() as session:
        found: int = size(session, fetch(session, InspectionTask, task_id))
        return found >= limit


def _enterprises(session: Session, task: InspectionTask) -> int:
    return max((possible_size(session, item.category_id) for item in task.items), default=0)


def _frozen(session: Session, task: InspectionTask) -> int:
    query = select(Draw.roster_n).where(Draw.task_id == task.id, Draw.state != DrawState.VOID)
    return session.scalar(query) or 0


def _drawn(session: Session, task: InspectionTask) -> int:
    query = select(func.count()).select_from(DrawnTarget).join(Draw)
    return session.scalar(query.where(Draw.task_id == task.id, DrawnTarget.is_reserve.is_(False))) or 0
