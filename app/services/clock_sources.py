"""Where deadlines come from (R35, R43, R52, R54-R58, R62, R64, R68, R70, R71, R83, R88): a source a kind of record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, selectinload

from app.domain.lifecycle import NOTICE_ENDED, OBJECTION_ENDED, RECTIFICATION_ENDED, TRANSFER_ENDED
from app.domain.transfers import RUNNING_CLOCK
from app.domain.vocabulary import (
    ClockKind,
    FindingState,
    JointState,
    MemberState,
    PartState,
    PenaltyType,
    TransferKind,
    VisitState,
    WarningState,
)
from app.models import (
    Agency,
    AgencyNotice,
    AreaAssistance,
    CaseTransfer,
    Disclosure,
    Enterprise,
    EvidenceHold,
    FindingRecord,
    InspectionTask,
    Inspector,
    ItemFinding,
    JointLine,
    JointMember,
    Objection,
    PenaltyCase,
    RectificationOrder,
    RiskWarning,
    TaskPart,
    UrgentReport,
    Visit,
    Withdrawal,
)
from app.services.archiving import ended_on, to_be_filed

_WAITING = (FindingState.RECORDED, FindingState.SUBMITTED, FindingState.RETURNED, FindingState.REVIEWED)


@dataclass(frozen=True, slots=True)
class Running:
    """A deadline before it is computed: what, since when, whose, about what, and the record it hangs on."""

    kind: ClockKind
    started: datetime | date
    agency: Agency
    subject: str
    record: str
    key: int
    due_on: date | None = None


def disclosure(visit_id: int, enterprise: str, agency: Agency, started: date) -> Running:
    """The disclosure that one department owes on one visit, from the last day it checked on (R54)."""
    return Running(ClockKind.DISCLOSURE, started, agency, enterprise, "visit", visit_id)


def _disclosures(session: Session, agency_id: int | None) -> Iterator[Running]:
    other = aliased(FindingRecord)
    newest = select(func.max(other.version)).where(other.finding_id == ItemFinding.id).scalar_subquery()
    query = (
        select(Visit.id, Enterprise.name, Agency, func.max(FindingRecord.checked_on))
        .join(ItemFinding, ItemFinding.visit_id == Visit.id)
        .join(FindingRecord, FindingRecord.finding_id == ItemFinding.id)
        .join(Agency, Agency.id == ItemFinding.agency_id)
        .join(Enterprise, Enterprise.id == Visit.enterprise_id)
        .where(
            Visit.state != VisitState.CANCELLED,
            ItemFinding.state.in_(_WAITING),
            FindingRecord.version == newest,
            FindingRecord.correction_reason.is_(None),
        )
        .group_by(Visit.id, Enterprise.name, Agency.id)
    )
    if agency_id is not None:
        query = query.where(ItemFinding.agency_id == agency_id)
    for visit_id, name, agency, started in session.execute(query):
        yield disclosure(visit_id, name, agency, started)


def _orders(session: Session, agency_id: int | None) -> Iterator[Running]:
    query = select(RectificationOrder).where(RectificationOrder.state.not_in(sorted(RECTIFICATION_ENDED)))
    if agency_id is not None:
        query = query.where(RectificationOrder.agency_id == agency_id)
    for order in session.scalars(query.options(_enterprise_of(RectificationOrder))):
        yield Running(
            ClockKind.RECTIFICATION,
            order.ordered_at,
            order.agency,
            order.finding.visit.enterprise.name,
            "order",
            order.id,
            order.due_on,
        )


def _transfers(session: Session, agency_id: int | None) -> Iterator[Running]:
    query = select(CaseTransfer).where(CaseTransfer.state.not_in(sorted(TRANSFER_ENDED)))
    if agency_id is not None:
        query = query.where(CaseTransfer.agency_id == agency_id)
    for transfer in session.scalars(
        query.options(selectinload(CaseTransfer.steps), _enterprise_of(CaseTransfer))
    ):
        kind = ClockKind.TRANSFER_REPLY
        if transfer.kind == TransferKind.POLICE:
            kind = RUNNING_CLOCK[transfer.state]
        yield Running(
            kind,
            transfer.steps[-1].at,
            transfer.agency,
            str(transfer),
            "transfer",
            transfer.id,
            transfer.reply_due_on,
        )


def _notices(session: Session, agency_id: int | None) -> Iterator[Running]:
    query = select(AgencyNotice).where(AgencyNotice.state.not_in(sorted(NOTICE_ENDED)))
    if agency_id is not None:
        query = query.where(AgencyNotice.agency_id == agency_id)
    for notice in session.scalars(query.options(_enterprise_of(AgencyNotice))):
        started = notice.received_on or notice.sent_on
        yield Running(ClockKind.NOTICE_REPLY, started, notice.agency, str(notice), "notice", notice.id)


def _objections(session: Session, agency_id: int | None) -> Iterator[Running]:
    query = select(Objection).where(Objection.state.not_in(sorted(OBJECTION_ENDED)))
    if agency_id is not None:
        query = query.where(Objection.agency_id == agency_id)
    for row in session.scalars(query):
        words = f"{row.receipt_no} {row.disclosure.title}"
        yield Running(ClockKind.OBJECTION, row.received_at, row.agency, words, "objection", row.id)


def _withdrawals(session: Session, agency_id: int | None) -> Iterator[Running]:
    query = select(Withdrawal).join(Disclosure).where(Disclosure.withdrawn_at.is_(None))
    if agency_id is not None:
        query = query.where(Disclosure.agency_id == agency_id)
    for row in session.scalars(query):
        shown = row.disclosure
        yield Running(ClockKind.WITHDRAWAL, row.known_on, shown.agency, shown.title, "disclosure", shown.id)


def _cases(session: Session, agency_id: int | None) -> Iterator[Running]:
    query = select(PenaltyCase).where(PenaltyCase.dropped_on.is_(None))
    if agency_id is not None:
        query = query.where(PenaltyCase.agency_id == agency_id)
    for case in session.scalars(query.options(_enterprise_of(PenaltyCase))):
        words = f"{case.case_no} {case.finding.visit.enterprise.name}"
        for kind, started in _case_clocks(case):
            yield Running(kind, started, case.agency, words, "case", case.id)


def _case_clocks(case: PenaltyCase) -> Iterator[tuple[ClockKind, date]]:
    if case.decided_on is None:
        yield ClockKind.CASE_DECISION, case.filed_on
        return
    if case.served_on is None:
        yield ClockKind.CASE_DELIVERY, case.decided_on
    if case.disclosed_on is None:
        yield ClockKind.PENALTY_DISCLOSURE, case.decided_on
    is_fine = PenaltyType.FINE.value in (case.penalties or "").split(",")
    if is_fine and case.served_on is not None and case.paid_on is None:
        yield ClockKind.CASE_PAYMENT, case.served_on


def _enterprise_of(model: type[Any]) -> Any:
    """Finding, visit and enterprise of every row in three queries instead of three a row."""
    finding = selectinload(model.finding)
    return finding.selectinload(ItemFinding.visit).selectinload(Visit.enterprise)


def _urgent(session: Session, agency_id: int | None) -> Iterator[Running]:
    """Urgent checks whose formalities are still to be completed (R35)."""
    query = select(UrgentReport).where(UrgentReport.completed_at.is_(None))
    if agency_id is not None:
        query = query.where(UrgentReport.agency_id == agency_id)
    for report in session.scalars(query.options(_enterprise_of_visit(UrgentReport))):
        name = report.visit.enterprise.name
        yield Running(ClockKind.URGENT, report.reported_at, report.agency, name, "entry", report.visit_id)


def _outside(session: Session, agency_id: int | None) -> Iterator[Running]:
    """Checks made outside the own area that are still to be filed (R43)."""
    query = (
        select(AreaAssistance)
        .join(AreaAssistance.visit)
        .where(AreaAssistance.filed_on.is_(None), Visit.done_on.is_not(None))
    )
    if agency_id is not None:
        query = query.where(Visit.task.has(lead_agency_id=agency_id))
    for help_ in session.scalars(query.options(_enterprise_of_visit(AreaAssistance))):
        visit = help_.visit
        agency, name = visit.task.lead_agency, visit.enterprise.name
        yield Running(ClockKind.AREA_FILING, visit.done_on, agency, name, "entry", visit.id)


def _holds(session: Session, agency_id: int | None) -> Iterator[Running]:
    """Things taken into keeping on which nothing has been decided, a matter of the department that took them (R52)."""
    query = (
        select(EvidenceHold, Agency)
        .join(EvidenceHold.visit)
        .join(InspectionTask, InspectionTask.id == Visit.task_id)
        .outerjoin(Inspector, Inspector.user_id == EvidenceHold.author_id)
        .join(Agency, Agency.id == func.coalesce(Inspector.agency_id, InspectionTask.lead_agency_id))
        .where(~EvidenceHold.decision.has())
    )
    if agency_id is not None:
        query = query.where(Agency.id == agency_id)
    for held, agency in session.execute(query.options(_enterprise_of_visit(EvidenceHold))):
        words = f"{held.visit.enterprise.name} {held.what}"
        yield Running(ClockKind.EVIDENCE_HOLD, held.held_on, agency, words, "visit", held.visit_id)


def _files(session: Session, agency_id: int | None) -> Iterator[Running]:
    """Visits that have come to their end and wait for their file (R83)."""
    for visit in to_be_filed(session, agency_id):
        agency, name = visit.task.lead_agency, visit.enterprise.name
        yield Running(ClockKind.ARCHIVE, ended_on(visit), agency, name, "visit", visit.id)


def _joint_answers(session: Session, agency_id: int | None) -> Iterator[Running]:
    """Departments that are asked about a joint line of the plan (art. 8, R73)."""
    query = (
        select(JointMember)
        .join(JointLine)
        .where(JointLine.state == JointState.CONSULTING, JointMember.state == MemberState.INVITED)
    )
    if agency_id is not None:
        query = query.where(JointMember.agency_id == agency_id)
    eager = selectinload(JointMember.joint), selectinload(JointMember.agency)
    for member in session.scalars(query.options(*eager)):
        joint = member.joint
        started, due = joint.confirmed_at or joint.formed_at, joint.answer_by
        yield Running(ClockKind.JOINT_ANSWER, started, member.agency, joint.name, "joint", joint.id, due)


def _joint_replies(session: Session, agency_id: int | None) -> Iterator[Running]:
    """Departments that are asked to take part in a joint task (art. 8, R73)."""
    query = select(TaskPart).where(TaskPart.state == PartState.ASKED)
    if agency_id is not None:
        query = query.where(TaskPart.agency_id == agency_id)
    for part in session.scalars(query.options(selectinload(TaskPart.task), selectinload(TaskPart.agency))):
        words = str(part.task)
        yield Running(ClockKind.JOINT_REPLY, part.asked_at, part.agency, words, "task", part.task_id)


def _enterprise_of_visit(model: type[Any]) -> Any:
    """Visit and enterprise of every row in two queries instead of two a row."""
    return selectinload(model.visit).selectinload(Visit.enterprise)


def _warnings(session: Session, agency_id: int | None) -> Iterator[Running]:
    """Risk warnings that nobody has assessed yet; they are the bureau's own business (art. 11)."""
    bureau = session.scalar(select(Agency).where(Agency.is_bureau))
    if bureau is None or agency_id not in (None, bureau.id):
        return
    query = select(RiskWarning).where(
        RiskWarning.state == WarningState.FOUND, RiskWarning.answer_by.is_not(None)
    )
    for row in session.scalars(query):
        yield Running(
            ClockKind.RISK_WARNING, row.raised_at, bureau, str(row), "warning", row.id, row.answer_by
        )


SOURCES: tuple[Callable[[Session, int | None], Iterator[Running]], ...] = (
    _disclosures,
    _orders,
    _transfers,
    _notices,
    _objections,
    _withdrawals,
    _cases,
    _urgent,
    _outside,
    _holds,
    _files,
    _joint_answers,
    _joint_replies,
    _warnings,
)
