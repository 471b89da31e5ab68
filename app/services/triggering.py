"""个案检查 (R34): opened for one enterprise upon a complaint, a transfer or a lead; outside every quota."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.domain.measures import CHINA
from app.domain.undrawn import NoTrigger, Trigger, require_period, require_trigger
from app.domain.vocabulary import Stratification, TaskKind, TaskState
from app.models import Complaint, Enterprise, InspectionTask, ItemVersion, TaskTrigger
from app.services import audit, numbering
from app.services.storage import store
from app.services.transaction import fetch, lock, transaction
from app.services.undrawn import form_visit, published, require_team, task_items

SERIES = "triggered_check"


@dataclass(frozen=True, slots=True)
class Paper:
    """The document that came in, as a file."""

    name: str
    content: bytes


def open_check(
    enterprise_id: int,
    version_ids: Sequence[int],
    team: Sequence[int],
    trigger: Trigger,
    planned_on: date,
    ends_on: date,
    actor: User,
    now: datetime,
    paper: Paper | None = None,
) -> int:
    """Open a triggered check with its one visit, ready to be applied for; gives back the key of the visit.

    `team` are keys of inspectors. Raises NoTrigger, PeriodInvalid, ItemNotPublished, NotEligible,
    TeamTooSmall, NoLead.
    """
    today = now.astimezone(CHINA).date()
    require_trigger(trigger, today)
    require_period(today, [planned_on], ends_on)
    with transaction() as session:
        enterprise = lock(session, Enterprise, enterprise_id)
        _require_its_complaint(session, trigger, enterprise)
        versions = published(session, version_ids)
        people = require_team(session, enterprise, versions, team, planned_on)
        number = numbering.take(session, SERIES, today.year)
        task = _task(session, number, enterprise, versions, today, ends_on, actor, now)
        task.trigger = _kept(session, trigger, paper)
        visit = form_visit(session, task, f"GA-{today.year}-{number:04d}", enterprise, people, planned_on)
        data = {"source": trigger.source.value, "enterprise": enterprise.identifier, "visit": visit.number}
        audit.record(session, actor, "task:triggered", task.number, data)
        return visit.id


def _task(
    session: Session,
    number: int,
    enterprise: Enterprise,
    versions: Sequence[ItemVersion],
    today: date,
    ends_on: date,
    actor: User,
    now: datetime,
) -> InspectionTask:
    task = InspectionTask(
        number=f"长商个案〔{today.year}〕{number}号",
        name=f"{enterprise.name[:100]}个案检查",
        kind=TaskKind.TRIGGERED,
        lead_agency_id=versions[0].item.agency_id,
        is_joint=len({version.item.agency_id for version in versions}) > 1,
        stratification=Stratification.NONE,
        state=TaskState.READY,
        starts_on=today,
        ends_on=ends_on,
        publish_list=False,
        created_by_id=actor.id,
        created_at=now,
    )
    task.items = task_items(versions)
    session.add(task)
    session.flush()
    return task


def _kept(session: Session, trigger: Trigger, paper: Paper | None) -> TaskTrigger:
    return TaskTrigger(
        source=trigger.source,
        reason=trigger.reason.strip(),
        document_no=trigger.document_no.strip(),
        document_name=paper.name[-120:] if paper else None,
        document=store(session, [paper.content], paper.name) if paper else None,
        complaint_id=trigger.complaint_id,
        received_on=trigger.received_on,
    )


def _require_its_complaint(session: Session, trigger: Trigger, enterprise: Enterprise) -> None:
    if trigger.complaint_id is None:
        return
    if fetch(session, Complaint, trigger.complaint_id).enterprise_id != enterprise.id:
        raise NoTrigger()
