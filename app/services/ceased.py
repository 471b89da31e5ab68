"""Drawn enterprises whose registration changed while their task is open, and what follows (R12, R33)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.ceased import CONCERNED, RESULT_OF, step_for
from app.domain.vocabulary import DrawState, ResultCode, StatusStep, TaskState, VisitState
from app.models import (
    Draw,
    DrawnTarget,
    Enterprise,
    FindingRecord,
    InspectionTask,
    ItemFinding,
    TargetReplacement,
    Visit,
)

OPEN_VISITS = (VisitState.PLANNED, VisitState.RECORDED)
MOST = 500


@dataclass(frozen=True, slots=True)
class Touched:
    """An enterprise of an open task, the step that its status asks for, and the visit where there is one."""

    enterprise: Enterprise
    task: InspectionTask
    step: StatusStep
    visit: Visit | None = None

    @property
    def result(self) -> ResultCode | None:
        """The result code that belongs to the status, if the visit ends with one."""
        return RESULT_OF.get(self.enterprise.status) if self.step == StatusStep.RECORD_RESULT else None


def touched_targets(session: Session) -> list[Touched]:
    """Every drawn enterprise of an open task whose status asks for a step, visits first."""
    return [*_in_visits(session), *_before_the_match(session)]


def _in_visits(session: Session) -> list[Touched]:
    query = (
        select(Visit, Enterprise)
        .join(Enterprise, Enterprise.id == Visit.enterprise_id)
        .where(Visit.state.in_(OPEN_VISITS), Enterprise.status.in_(CONCERNED))
        .options(joinedload(Visit.task))
        .order_by(Visit.planned_on, Visit.id)
        .limit(MOST)
    )
    rows = session.execute(query).all()
    _load_records(session, [visit.id for visit, _ in rows if visit.state != VisitState.PLANNED])
    return [
        Touched(enterprise, visit.task, step, visit)
        for visit, enterprise in rows
        if (step := step_for(enterprise.status, is_matched=True)) and not _is_recorded(visit, enterprise)
    ]


def _load_records(session: Session, visit_ids: list[int]) -> None:
    """Read the results of these visits in a few queries instead of three a visit."""
    records = selectinload(Visit.findings).selectinload(ItemFinding.records)
    query = select(Visit).where(Visit.id.in_(visit_ids)).options(records.selectinload(FindingRecord.results))
    if visit_ids:
        session.scalars(query).all()


def _is_recorded(visit: Visit, enterprise: Enterprise) -> bool:
    """True when every item has the status as its result already."""
    if visit.state == VisitState.PLANNED:
        return False
    wanted = RESULT_OF.get(enterprise.status)
    latest = [finding.latest for finding in visit.findings]
    return all(record and wanted in {row.code for row in record.results} for record in latest)


def _before_the_match(session: Session) -> list[Touched]:
    gone = select(TargetReplacement.left_identifier).where(TargetReplacement.draw_id == Draw.id)
    query = (
        select(Enterprise, InspectionTask)
        .join(DrawnTarget, DrawnTarget.enterprise_id == Enterprise.id)
        .join(Draw, Draw.id == DrawnTarget.draw_id)
        .join(InspectionTask, InspectionTask.id == Draw.task_id)
        .where(
            InspectionTask.state == TaskState.DRAWN,
            Draw.state == DrawState.DRAWN,
            DrawnTarget.is_reserve.is_(False),
            DrawnTarget.identifier.not_in(gone),
            Enterprise.status.in_(CONCERNED),
        )
        .distinct()
        .limit(MOST)
    )
    return [
        Touched(enterprise, task, step)
        for enterprise, task in session.execute(query)
        if (step := step_for(enterprise.status, is_matched=False))
    ]
