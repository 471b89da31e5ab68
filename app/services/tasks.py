"""抽查任务: made from a line of a disclosed plan, one batch at a time."""

from __future__ import annotations

from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.joint import WholeNotConfirmed
from app.domain.lifecycle import advance, task_machine
from app.domain.measures import CHINA
from app.domain.vocabulary import Cooperation, PlanState, Scope, TaskState, VersionState, VisitState
from app.models import InspectionTask, ItemFinding, PlanLine, PlanLineItem, TaskItem, Visit
from app.services import audit
from app.services.chain import AUDIT, hold
from app.services.joint.confirming import unconfirmed
from app.services.joint.parts import ask_departments
from app.services.planning import ItemNotPublished
from app.services.transaction import lock, transaction

LONGEST_ROUTE = 10


class PlanNotDisclosed(DomainError):
    """No task without an approved, filed and disclosed plan (R21)."""

    code = "plan_not_disclosed"


class NoBatchLeft(DomainError):
    """Every batch of the line has its task already (R26)."""

    code = "no_batch_left"


class ItemWithoutCategory(DomainError):
    """A targeted item must say from which category it draws (R24)."""

    code = "item_without_category"


class RouteSizeInvalid(DomainError):
    """A route holds between one and `LONGEST_ROUTE` enterprises."""

    code = "route_size_invalid"


class FindingsOpen(DomainError):
    """A task is archived when what followed every finding has ended (R65); params task, count."""

    code = "findings_open"


class TaskUnfinished(DomainError):
    """A task is archived when every visit is."""

    code = "task_unfinished"


def create_task(
    line_id: int, actor: User, now: datetime, *, publish_list: bool = True, route_size: int = 1
) -> int:
    """Open the next batch of a plan line as a task; its items are copied as they stand now.

    With `route_size` above 1 one team takes up to so many near enterprises of a district in a row.

    Raises PlanNotDisclosed, NoBatchLeft, ItemNotPublished, ItemWithoutCategory, RouteSizeInvalid.
    """
    if not 1 <= route_size <= LONGEST_ROUTE:
        raise RouteSizeInvalid(size=route_size, longest=LONGEST_ROUTE)
    with transaction() as session:
        line = lock(session, PlanLine, line_id)
        if line.plan.state != PlanState.DISCLOSED:
            raise PlanNotDisclosed(plan=line.plan.title)
        batch = _next_batch(session, line)
        task = InspectionTask(
            number=next_number(session, now.astimezone(CHINA).year),
            name=line.name if line.batches == 1 else f"{line.name}（第{batch}批）",
            line_id=line.id,
            batch=batch,
            lead_agency_id=line.lead_agency_id,
            is_joint=line.is_joint or line.cooperation != Cooperation.SINGLE,
            stratification=line.stratification,
            starts_on=line.starts_on,
            ends_on=line.ends_on,
            publish_list=publish_list,
            route_size=route_size,
            created_by_id=actor.id,
            created_at=now,
        )
        task.items.extend(_copy(entry, line) for entry in line.items)
        session.add(task)
        session.flush()
        audit.record(session, actor, "task:created", task.number, {"line": line.id, "batch": batch})
        ask_departments(session, task, actor, now)
        return task.id


def archive_task(task_id: int, actor: User) -> None:
    """归档 a task whose visits have all been disclosed and whose findings are closed (R65).

    A joint visit is confirmed by the lead before (art. 8). Raises TaskUnfinished, WholeNotConfirmed,
    FindingsOpen, IllegalTransition.
    """
    with transaction() as session:
        task = lock(session, InspectionTask, task_id)
        task.state = advance(task_machine(task.kind), task.state, "archive")
        for visit in task.visits:
            if visit.state == VisitState.DISCLOSED:
                visit.state = VisitState.ARCHIVED
        if any(visit.state not in (VisitState.ARCHIVED, VisitState.CANCELLED) for visit in task.visits):
            raise TaskUnfinished(task=task.number)
        if waiting := unconfirmed(session, task.id):
            raise WholeNotConfirmed(task=task.number, count=waiting)
        still_open = session.scalar(
            select(func.count())
            .select_from(ItemFinding)
            .join(Visit)
            .where(
                Visit.task_id == task.id, Visit.state == VisitState.ARCHIVED, ItemFinding.closed_on.is_(None)
            )
        )
        if still_open:
            raise FindingsOpen(task=task.number, count=still_open)
        audit.record(session, actor, "task:archived", task.number, {})


def follow_visits(session: Session, task: InspectionTask) -> None:
    """Move the task along with its visits: first record, all submitted, all disclosed."""
    states = set(session.scalars(select(Visit.state).where(Visit.task_id == task.id).distinct()))
    states.discard(VisitState.CANCELLED)
    if task.state in (TaskState.DISCLOSED, TaskState.READY) and states - {VisitState.PLANNED}:
        task.state = advance(task_machine(task.kind), task.state, "inspect")
    open_states = states & {VisitState.PLANNED, VisitState.RECORDED}
    if task.state == TaskState.INSPECTING and states and not open_states:
        task.state = advance(task_machine(task.kind), task.state, "review")
    elif task.state == TaskState.UNDER_REVIEW and open_states:
        task.state = advance(task_machine(task.kind), task.state, "return")
    if task.state == TaskState.UNDER_REVIEW and states <= {VisitState.DISCLOSED, VisitState.ARCHIVED}:
        task.state = advance(task_machine(task.kind), task.state, "disclose_results")


def _next_batch(session: Session, line: PlanLine) -> int:
    made = session.scalar(
        select(func.count()).select_from(InspectionTask).where(InspectionTask.line_id == line.id)
    )
    if (made or 0) >= line.batches:
        raise NoBatchLeft(line=line.name, batches=line.batches)
    return (made or 0) + 1


def next_number(session: Session, year: int) -> str:
    """The next number of a task in that year (抽查任务编号)."""
    hold(session, AUDIT)  # so that nobody else counts the same number
    prefix = f"长商抽查〔{year}〕"
    taken = session.scalar(
        select(func.count()).select_from(InspectionTask).where(InspectionTask.number.startswith(prefix))
    )
    return f"{prefix}{(taken or 0) + 1}号"


def _copy(entry: PlanLineItem, line: PlanLine) -> TaskItem:
    version = entry.version
    if version.state != VersionState.PUBLISHED:
        raise ItemNotPublished(item=str(version))
    if line.scope == Scope.TARGETED and version.category_id is None:
        raise ItemWithoutCategory(item=str(version))
    return TaskItem(
        version_id=version.id,
        agency_id=version.item.agency_id,
        category_id=version.category_id if line.scope == Scope.TARGETED else None,
        code=version.item.code,
        ppm=entry.ppm,
        attention_ppm=entry.attention_ppm,
        minimum=entry.minimum,
        maximum=entry.maximum,
    )
