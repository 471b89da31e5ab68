"""行政检查审批表 from the application and the decision on it (R35–R38, R40)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.documents import ApprovalFacts
from app.domain.documents.wording import BLANK_DAY, OPEN, TICKED, ticked, written_date, written_moment
from app.domain.measures import CHINA
from app.domain.vocabulary import DocumentKind, TaskKind, TaskSource
from app.models import Visit, VisitApproval
from app.services.documents.drafts import (
    Draft,
    about_visit,
    builds,
    frequency_words,
    heading,
    items_of,
    source_of,
)
from app.services.documents.overview import SUBJECTS
from app.services.transaction import fetch

KIND_WORDS = {TaskKind.RANDOM: "日常检查", TaskKind.TRIGGERED: "个案检查", TaskKind.SPECIAL: "专项检查"}


def approvals_of(_session: Session, visit: Visit) -> Iterator[tuple[DocumentKind, int]]:
    """Every application of the visit has its form."""
    yield from ((DocumentKind.APPROVAL, approval.id) for approval in visit.approvals)


SUBJECTS.append(approvals_of)


@builds(
    DocumentKind.APPROVAL,
    visit_of=lambda session, subject: fetch(session, VisitApproval, subject).visit_id,
)
def approval_of(session: Session, approval_id: int, now: datetime) -> Draft:
    """The form of one application: what is asked for, by whom, and how the head decided."""
    approval = fetch(session, VisitApproval, approval_id)
    visit, agency = approval.visit, approval.agency
    shared = about_visit(session, visit)
    if approval.act_number is not None:
        shared["frequency"] = frequency_words(approval.act_number, approval.cap)
    facts = ApprovalFacts(
        **heading(agency, now),
        **shared,
        source=ticked(TaskSource, {source_of(visit)}),
        visit_kind=_kinds(visit),
        items=items_of(approval.findings),
        manner=_manner(approval),
        off_site=approval.on_site_reason or "无",
        merging=_merging(approval),
        assistants=_assistants(approval),
        when=written_date(approval.planned_on),
        where=approval.place or visit.enterprise.address or "",
        scheme=approval.scheme,
        proposal=approval.opinion,
        proposed_by=_name(approval.applied_by),
        proposed_on=_day(approval.applied_at),
        decision=approval.decision or "",
        decided_by=_name(approval.decided_by),
        decided_on=_day(approval.decided_at),
        urgency=_urgency(approval),
        filing_number=visit.filing.filing_no if visit.filing else "",
    )
    return Draft(visit, agency, facts)


def _kinds(visit: Visit) -> str:
    chosen = KIND_WORDS[visit.task.kind]
    return "　".join(f"{TICKED if words == chosen else OPEN}{words}" for words in KIND_WORDS.values())


def _manner(approval: VisitApproval) -> str:
    manners = (
        ("现场检查", approval.is_on_site),
        ("非现场检查", not approval.is_on_site),
        ("联合检查", approval.visit.task.is_joint),
    )
    return "　".join(f"{TICKED if chosen else OPEN}{words}" for words, chosen in manners)


def _merging(approval: VisitApproval) -> str:
    parts = [approval.merge.label]
    if approval.merged_with is not None:
        parts.append(f"与{approval.merged_with.number}合并")
    if approval.merge_reason:
        parts.append(approval.merge_reason)
    return "，".join(parts)


def _assistants(approval: VisitApproval) -> str:
    if not approval.assistant_count:
        return "无"
    return f"{approval.assistants or ''}（{approval.assistant_count}人）"


def _urgency(approval: VisitApproval) -> str:
    for report in approval.visit.urgent_reports:
        if report.agency_id == approval.agency_id:
            done = f"，已于{written_moment(report.completed_at)}补办" if report.completed_at else ""
            return f"{written_moment(report.reported_at)}向{report.reported_to}报告：{report.reason}{done}"
    return "无"


def _name(user: object) -> str:
    return f"{user.last_name}{user.first_name}" if user is not None else ""  # type: ignore[attr-defined]


def _day(moment: datetime | None) -> str:
    return written_date(moment.astimezone(CHINA).date()) if moment else BLANK_DAY
