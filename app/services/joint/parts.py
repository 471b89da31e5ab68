"""联合任务 (art. 8): the departments are asked to take part, confirm, or are gone; nobody is forgotten."""

from __future__ import annotations

from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import policy
from app.domain.entry import ContactMissing
from app.domain.joint import NotAsked, NotThatDepartment
from app.domain.lifecycle import PART, advance
from app.domain.vocabulary import OutboxKind, PartState
from app.models import Agency, InspectionTask, PartReply, TaskPart
from app.services import audit, outbox
from app.services.joint.departments import department_of, require_answerer
from app.services.joint.teams import departments_of
from app.services.transaction import fetch, lock, transaction


def ask_departments(session: Session, task: InspectionTask, actor: User, now: datetime) -> None:
    """通知相关部门参加: every department but the lead, inside the transaction that opens the task (art. 8)."""
    known = {part.agency_id for part in task.parts}
    asked = sorted(departments_of(task) - known - {task.lead_agency_id})
    for key in asked:
        agency = fetch(session, Agency, key)
        task.parts.append(TaskPart(agency_id=agency.id, asked_at=now))
        tell_department(session, OutboxKind.TASK_ASKED, agency, task, _request(task, agency), now)
    if asked:
        audit.record(session, actor, "joint:task:asked", task.number, {"departments": len(asked)})


def remind_departments(task_id: int, actor: User, now: datetime) -> int:
    """催办: tell every department again that has not answered, and ask those that were never asked.

    Only the lead does so, or the bureau. Gives back how many were told. Raises NotThatDepartment.
    """
    with transaction() as session:
        task = lock(session, InspectionTask, task_id)
        own = department_of(session, actor)
        if own.id != task.lead_agency_id and not own.is_bureau:
            raise NotThatDepartment(agency=task.lead_agency.short_name)
        waiting = [part.agency for part in task.parts if part.state == PartState.ASKED]
        for agency in waiting:
            text = f"【催办】{_request(task, agency)}"
            tell_department(session, OutboxKind.TASK_ASKED, agency, task, text, now)
        before = len(task.parts)
        ask_departments(session, task, actor, now)
        told = len(waiting) + len(task.parts) - before
        audit.record(session, actor, "joint:task:reminded", task.number, {"departments": told})
        return told


def _request(task: InspectionTask, agency: Agency) -> str:
    items = [item.version.name for item in task.items if item.agency_id == agency.id]
    return (
        f"{task.lead_agency.name}牵头的{task.name}（{task.number}，{task.starts_on}至{task.ends_on}）"
        f"请贵单位参加。贵单位事项：{'、'.join(items) or '派员配合'}。\n"
        f"请在 {policy.JOINT.reply_working_days} 个工作日内在本系统确认并指定联系人；"
        "不能参加的请写明理由。逾期未回复的报领导小组协调。"
    )


def confirm_part(
    task_id: int, agency_id: int, contact: str, actor: User, now: datetime, *, document_no: str = ""
) -> None:
    """确认参加, naming whom the lead may call. Raises ContactMissing, NotAsked, NotThatDepartment, LetterMissing,
    IllegalTransition."""
    if not contact.strip():
        raise ContactMissing()
    with transaction() as session:
        task = lock(session, InspectionTask, task_id)
        part = part_of(task, agency_id)
        require_answerer(session, actor, part.agency, document_no)
        part.state = advance(PART, part.state, "confirm")
        part.replies.append(
            PartReply(
                state=part.state,
                contact=contact.strip()[:60],
                document_no=document_no.strip()[:80],
                by_id=actor.id,
                at=now,
            )
        )
        text = f"{part.agency.name}确认参加{task.name}（{task.number}），联系人：{contact.strip()}。"
        tell_department(session, OutboxKind.TASK_ANSWERED, task.lead_agency, task, text, now)
        data = {"agency": part.agency.short_name, "contact": contact}
        audit.record(session, actor, "joint:part:confirmed", task.number, data)


def tell_of_disclosure(session: Session, task: InspectionTask, now: datetime) -> None:
    """The departments that take part learn of the disclosed draw: from now on their visits wait (R32)."""
    for part in task.parts:
        if part.state != PartState.WITHDRAWN:
            text = f"{task.name}（{task.number}）的抽取和匹配结果已公示，请按计划日期检查，各自录入、审核、公示本部门结果。"
            tell_department(session, OutboxKind.TASK_DISCLOSED, part.agency, task, text, now)


def part_of(task: InspectionTask, agency_id: int) -> TaskPart:
    """A department's part in a task. Raises NotAsked."""
    for part in task.parts:
        if part.agency_id == agency_id:
            return part  # type: ignore[no-any-return]
    raise NotAsked(joint=task.number)


def open_parts(session: Session, agency_id: int) -> list[TaskPart]:
    """The tasks about which a department is asked and has not answered."""
    query = select(TaskPart).where(TaskPart.agency_id == agency_id, TaskPart.state == PartState.ASKED)
    return list(session.scalars(query.order_by(TaskPart.id)))


def tell_department(
    session: Session, kind: OutboxKind, agency: Agency, task: InspectionTask, text: str, now: datetime
) -> None:
    """A message about a task."""
    outbox.post(session, kind, agency, f"{kind.label}：{task.name}", text, f"task:{task.id}", now)
