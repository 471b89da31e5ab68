"""退出: a department leaves a joint task (art. 8); what becomes of its items is decided here and on record.

Before the roster is frozen its items leave the task and the department plans them anew. Afterwards the draw
stands as it was promised in public: its drawn targets stay its own duty, to be checked by a visit of its own,
and count as drawn and not checked; the others go on without it. Nobody checks in its place, for the power to
do so is not theirs. What it has recorded already stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from app.domain.joint import LeadCannotWithdraw, NothingLeft
from app.domain.lifecycle import APPROVAL, FINDING, PART, VISIT, IllegalTransition, advance
from app.domain.measures import CHINA
from app.domain.vocabulary import ApprovalState, FindingState, OutboxKind, TaskState, VisitState
from app.models import (
    Draw,
    DrawnTarget,
    InspectionTask,
    Inspector,
    ItemFinding,
    PartReply,
    TaskItem,
    TaskPart,
    Visit,
    VisitMember,
)
from app.services import audit
from app.services.ceremony import current_draw, put_on_record
from app.services.disclosure import ReasonMissing
from app.services.joint.departments import require_answerer
from app.services.joint.parts import part_of, tell_department
from app.services.joint.teams import team_plan
from app.services.tasks import follow_visits
from app.services.transaction import lock, transaction

BEFORE_THE_MATCH = (TaskState.FROZEN, TaskState.SEEDED, TaskState.DRAWN)
WITH_VISITS = (TaskState.MATCHED, TaskState.DISCLOSED, TaskState.INSPECTING)
GIVEN_BACK = "事项退出本次任务，由该部门另行列入计划"
ITS_OWN = "抽取结果不变；已抽中的对象仍由该部门负责，另行检查，计入其未检查件数"
NOTE = "部门退出联合检查，本次未检查"


def withdraw(
    task_id: int, agency_id: int, reason: str, actor: User, now: datetime, *, document_no: str = ""
) -> int:
    """退出 a joint task with the reason; gives back how many drawn targets are concerned.

    Raises ReasonMissing, LeadCannotWithdraw, NotAsked, NotThatDepartment, LetterMissing, NothingLeft,
    IllegalTransition once the results are under review.
    """
    if not reason.strip():
        raise ReasonMissing()
    with transaction() as session:
        task = lock(session, InspectionTask, task_id)
        if agency_id == task.lead_agency_id:
            raise LeadCannotWithdraw(agency=task.lead_agency.short_name)
        part = part_of(task, agency_id)
        require_answerer(session, actor, part.agency, document_no)
        part.state = advance(PART, part.state, "withdraw")
        carried, targets = _leave(session, task, part, actor, reason.strip(), now)
        part.replies.append(
            PartReply(
                state=part.state,
                reason=reason.strip()[:300],
                document_no=document_no.strip()[:80],
                carried=carried,
                targets=targets,
                by_id=actor.id,
                at=now,
            )
        )
        _tell(session, task, part, f"{reason.strip()}。{carried}（{targets} 件）。", now)
        data = {"agency": part.agency.short_name, "reason": reason, "targets": targets, "carried": carried}
        audit.record(session, actor, "joint:part:withdrawn", task.number, data)
        return targets


def _leave(
    session: Session, task: InspectionTask, part: TaskPart, actor: User, reason: str, now: datetime
) -> tuple[str, int]:
    if task.state == TaskState.DRAFT:
        _give_back(session, task, part)
        return GIVEN_BACK, 0
    if task.state not in (*BEFORE_THE_MATCH, *WITH_VISITS):
        raise IllegalTransition(state=task.state, event="withdraw")
    draw = current_draw(session, task)
    if task.state in BEFORE_THE_MATCH:
        _require_others(task, part)
        targets = _drawn(session, draw, task, part)
    else:
        targets = _leave_visits(session, task, part, actor, now)
    put_on_record(session, draw, "part_withdrawn", actor, None, now, f"{part.agency.name}：{reason}"[:300])
    return ITS_OWN, targets


def _give_back(session: Session, task: InspectionTask, part: TaskPart) -> None:
    """The draft of the task loses the department's items; the line of the plan keeps them."""
    _require_others(task, part)
    for item in _own_items(task, part):
        task.items.remove(item)
        session.delete(item)
    task.is_joint = len({item.agency_id for item in task.items}) > 1 or bool(team_plan(task).guests)


def _require_others(task: InspectionTask, part: TaskPart) -> None:
    gone = {each.agency_id for each in task.parts if each.state == part.state}
    if not any(item.agency_id not in gone for item in task.items):
        raise NothingLeft(agency=part.agency.short_name)


def _own_items(task: InspectionTask, part: TaskPart) -> list[TaskItem]:
    return [item for item in task.items if item.agency_id == part.agency_id]


def _drawn(session: Session, draw: Draw, task: InspectionTask, part: TaskPart) -> int:
    codes = [item.code for item in _own_items(task, part)]
    query = select(func.count()).where(
        DrawnTarget.draw_id == draw.id, DrawnTarget.item_code.in_(codes), ~DrawnTarget.is_reserve
    )
    return session.scalar(query) or 0


def _leave_visits(session: Session, task: InspectionTask, part: TaskPart, actor: User, now: datetime) -> int:
    """Its unchecked items are withdrawn, its people leave the teams, a visit for its items alone is cancelled."""
    _hold_findings(session, task, part.agency_id)
    unchecked = Visit.findings.any(
        and_(ItemFinding.agency_id == part.agency_id, ItemFinding.state == FindingState.UNCHECKED)
    )
    theirs = VisitMember.inspector.has(Inspector.agency_id == part.agency_id)
    going = Visit.members.any(and_(VisitMember.left_at.is_(None), theirs))
    query = select(Visit).where(
        Visit.task_id == task.id,
        Visit.state != VisitState.CANCELLED,
        or_(unchecked, and_(Visit.state == VisitState.PLANNED, going)),
    )
    count = 0
    for visit in session.scalars(query.order_by(Visit.id)).all():
        own = [each for each in visit.findings if each.agency_id == part.agency_id]
        count += _withdraw_findings(own, now)
        _close_applications(visit, part.agency_id, actor, now)
        if all(each.state == FindingState.WITHDRAWN for each in own):
            _leave_team(visit, part.agency_id, now)
        _follow(visit)
    follow_visits(session, task)
    return count


def _hold_findings(session: Session, task: InspectionTask, agency_id: int) -> None:
    """Nobody records between the look at a finding and its withdrawal; what is being recorded is waited for."""
    visits = select(Visit.id).where(Visit.task_id == task.id)
    session.execute(
        update(ItemFinding)
        .where(ItemFinding.agency_id == agency_id, ItemFinding.visit_id.in_(visits))
        .values(state=ItemFinding.state),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()


def _withdraw_findings(own: Sequence[ItemFinding], now: datetime) -> int:
    fresh = [each for each in own if each.state == FindingState.UNCHECKED]
    for finding in fresh:
        finding.state = advance(FINDING, finding.state, "withdraw")
        finding.closed_on, finding.closing_note = now.astimezone(CHINA).date(), NOTE
    return len(fresh)


def _close_applications(visit: Visit, agency_id: int, actor: User, now: datetime) -> None:
    """What still waits for the head of the department is not decided any more (R35)."""
    for approval in visit.approvals:
        if approval.agency_id == agency_id and approval.state == ApprovalState.APPLIED:
            approval.state = advance(APPROVAL, approval.state, "refuse")
            approval.decided_by_id, approval.decided_at, approval.decision = actor.id, now, NOTE


def _leave_team(visit: Visit, agency_id: int, now: datetime) -> None:
    """The people of the department leave; where one of them led, the next who may lead does."""
    leaving = [member for member in visit.team if member.inspector.agency_id == agency_id]
    staying = [member for member in visit.team if member not in leaving]
    for member in leaving:
        member.left_at = now
    if staying and not any(member.is_lead for member in staying):
        next((each for each in staying if each.inspector.may_lead), staying[0]).is_lead = True


def _follow(visit: Visit) -> None:
    """A planned visit without an item left is cancelled; one of which the rest is handed in moves on."""
    left = [each.state for each in visit.findings if each.state != FindingState.WITHDRAWN]
    if not left and visit.state == VisitState.PLANNED:
        visit.state = advance(VISIT, visit.state, "cancel")
    waiting = (FindingState.UNCHECKED, FindingState.RECORDED, FindingState.RETURNED)
    if left and visit.state == VisitState.RECORDED and not any(state in waiting for state in left):
        visit.state = advance(VISIT, visit.state, "submit")
        if all(state in (FindingState.REVIEWED, FindingState.DISCLOSED) for state in left):
            visit.state = advance(VISIT, visit.state, "review")
        if all(state == FindingState.DISCLOSED for state in left):
            visit.state = advance(VISIT, visit.state, "disclose")


def _tell(session: Session, task: InspectionTask, part: TaskPart, text: str, now: datetime) -> None:
    words = f"{part.agency.name}退出{task.name}（{task.number}）：{text}"
    others = [each.agency for each in task.parts if each.state != part.state]
    for agency in [task.lead_agency, *others]:
        tell_department(session, OutboxKind.WITHDRAWN, agency, task, words, now)
