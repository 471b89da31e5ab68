"""行政检查审批表 and 行政检查通知书 from what stands before an entry (R35–R38, R40–R42)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain.documents import ApprovalFacts, Item, NoticeFacts, Person, qr_code
from app.domain.documents.fields import Drawing
from app.domain.documents.wording import (
    BLANK_DAY,
    OPEN,
    TICKED,
    one_line,
    ticked,
    written_date,
    written_moment,
)
from app.domain.measures import CHINA
from app.domain.vocabulary import CheckMethod, DocumentKind, TaskKind, TaskSource
from app.models import Visit, VisitApproval, VisitNotice
from app.services.addresses import public_address
from app.services.documents.drafts import (
    Draft,
    about_visit,
    builds,
    frequency_words,
    heading,
    items_of,
    lead_agency,
    source_of,
)
from app.services.documents.overview import SUBJECTS
from app.services.transaction import fetch

MATERIALS = ("营业执照", "与检查事项有关的制度、合同、台账和凭证")
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


def notices_of(_session: Session, visit: Visit) -> Iterator[tuple[DocumentKind, int]]:
    """The newest notice of the visit; one with more items takes the place of the earlier (R41)."""
    if visit.notices:
        yield DocumentKind.NOTICE, visit.notices[-1].id


SUBJECTS.append(notices_of)


@builds(
    DocumentKind.NOTICE,
    visit_of=lambda session, subject: fetch(session, VisitNotice, subject).visit_id,
)
def notice_of(session: Session, notice_id: int, now: datetime) -> Draft:
    """The notice as the enterprise is told it, word for word what its page shows (R41, R42)."""
    notice = fetch(session, VisitNotice, notice_id)
    visit, body = notice.visit, notice.body
    agency = lead_agency(visit)
    facts = NoticeFacts(
        **heading(agency, now),
        **about_visit(session, visit) | {"people": told_people(body), "frequency": _told_frequency(body)},
        contact=notice.contact_name,
        phone=notice.contact_phone,
        oversight_phone=notice.supervision_phone,
        basis=one_line(_law(basis) for item in body["items"] for basis in item["bases"]),
        items=tuple(_told_item(ordinal, item) for ordinal, item in enumerate(body["items"], 1)),
        when=written_date(date.fromisoformat(body["planned_on"])),
        where=body["place"],
        manner=_told_methods(body),
        visit_kind=KIND_WORDS[TaskKind.of(body["kind"])],
        materials=_told_materials(body) or MATERIALS,
        filing_number=body["filing_no"] or "—",
        qr=_qr(notice),
    )
    return Draft(visit, agency, facts)


def _told_materials(body: Mapping[str, Any]) -> tuple[str, ...]:
    """What to prepare, each thing once; a notice issued before this was so has it by item only."""
    if "materials" in body:
        return tuple(row["name"] for row in body["materials"])
    return tuple(dict.fromkeys(line for item in body["items"] for line in item["materials"]))


def told_people(body: Mapping[str, Any]) -> tuple[Person, ...]:
    """The team as the notice names it."""
    return tuple(
        Person(
            name=member["name"],
            certificate=member["certificate"],
            agency=member["agency"],
            role="组长" if member["is_lead"] else "组员",
        )
        for member in body["team"]
    )


def _law(basis: str) -> str:
    """The law of a legal basis without its article: 《…》."""
    return basis[: basis.index("》") + 1] if "》" in basis else basis


def _told_item(ordinal: int, item: Mapping[str, Any]) -> Item:
    return Item(
        ordinal=str(ordinal),
        code=item["code"],
        name=item["name"],
        content=item["content"],
        basis="、".join(item["bases"]),
        agency=item["agency"],
    )


def _told_frequency(body: Mapping[str, Any]) -> str:
    lines = [line for line in body["frequency"] if line["number"] is not None]
    words = [frequency_words(line["number"], line["cap"]) for line in lines]
    if len(lines) == 1:
        return words[0]
    return "；".join(f"{line['agency']}{each}" for line, each in zip(lines, words, strict=True)) or "—"


def _told_methods(body: Mapping[str, Any]) -> str:
    chosen = {word for item in body["items"] for word in item["methods"]}
    return one_line(method.label for method in CheckMethod if method.value in chosen)


def _qr(notice: VisitNotice) -> Drawing:
    address = public_address("public.check", token=notice.token)
    return qr_code(address) if address else ""


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
