"""What every step of the draw shares: two people, one line on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.vocabulary import DrawState
from app.models import Draw, DrawStep, InspectionTask
from app.services import audit
from app.services.transaction import beside_the_work


class WitnessMissing(DomainError):
    """Every step of a draw needs a second person (R31)."""

    code = "witness_missing"


class NoDraw(DomainError):
    """The task has no draw in progress."""

    code = "no_draw"


P = ParamSpec("P")
R = TypeVar("R")


def attempted(tag: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A step that is refused leaves nothing but its attempt: who tried, when, and why it was refused."""

    def wrap(step: Callable[P, R]) -> Callable[P, R]:
        @wraps(step)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return step(*args, **kwargs)
            except DomainError as error:
                actor = next((value for value in args if isinstance(value, User)), None)
                with beside_the_work() as session:
                    audit.record(session, actor, f"{tag}:refused", f"task {args[0]}", {"code": error.code})
                raise

        return guarded

    return wrap


def require_witness(actor: User, witness: User | None) -> User:
    """The witness, who is somebody else. Raises WitnessMissing."""
    if witness is None or witness.id == actor.id:
        raise WitnessMissing()
    return witness


def current_draw(session: Session, task: InspectionTask) -> Draw:
    """The task's draw that is not void. Raises NoDraw."""
    found: Draw | None = session.scalar(
        select(Draw).where(Draw.task_id == task.id, Draw.state != DrawState.VOID)
    )
    if found is None:
        raise NoDraw(task=task.number)
    return found


def put_on_record(
    session: Session,
    draw: Draw,
    step: str,
    actor: User,
    witness: User | None,
    now: datetime,
    note: str | None = None,
) -> None:
    """Append the step with both names, and the audit event (R31)."""
    session.execute(
        insert(DrawStep).values(
            draw_id=draw.id,
            step=step,
            actor_id=actor.id,
            witness_id=witness.id if witness else None,
            at=now,
            note=note,
        )
    )
    data = {"witness": witness.username if witness else None, "note": note}
    audit.record(session, actor, f"draw:{step}", draw.number, data)
