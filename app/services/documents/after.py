"""责令改正通知书, 抄告函 and 案件移送书 from what follows a problem (R62, R64, R70–R72)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.documents import Enclosure, LetterFacts, RectificationFacts, TransferFacts
from app.domain.documents.wording import BLANK_DAY, one_line, written_date, written_moment
from app.domain.measures import CHINA
from app.domain.vocabulary import DocumentKind, TransferAct, TransferKind
from app.models import (
    AgencyNotice,
    CaseTransfer,
    ItemFinding,
    RectificationOrder,
    TransferStep,
    Visit,
)
from app.services.documents.drafts import (
    DocumentNotReady,
    Draft,
    about_visit,
    builds,
    certificate_of,
    contact_of,
    heading,
    remedies_of,
)
from app.services.documents.overview import SUBJECTS
from app.services.evidence import files_of
from app.services.transaction import fetch

TITLES = {
    TransferKind.AGENCY: "案件移送函",
    TransferKind.CASE_BODY: "案件移送书",
    TransferKind.POLICE: "涉嫌犯罪案件移送书",
}
REQUESTS = {
    TransferKind.AGENCY: "请依职权处理。",
    TransferKind.CASE_BODY: "请依法办理。",
    TransferKind.POLICE: "请依法审查。",
}


def follow_ups_of(_session: Session, visit: Visit) -> Iterator[tuple[DocumentKind, int]]:
    """Every order, letter and transfer of the visit has its document."""
    for finding in visit.findings:
        yield from ((DocumentKind.RECTIFICATION, order.id) for order in finding.orders)
        yield from ((DocumentKind.AGENCY_NOTICE, letter.id) for letter in finding.notices)
        yield from ((DocumentKind.TRANSFER, transfer.id) for transfer in finding.transfers)


SUBJECTS.append(follow_ups_of)


@builds(
    DocumentKind.RECTIFICATION,
    visit_of=lambda session, subject: fetch(session, RectificationOrder, subject).finding.visit_id,
)
def rectification_of(session: Session, order_id: int, now: datetime) -> Draft:
    """The order as it was given; an extension of the time makes a new paper (R64, R72)."""
    order = fetch(session, RectificationOrder, order_id)
    visit = order.finding.visit
    facts = RectificationFacts(
        **heading(order.agency, now),
        **about_visit(session, visit),
        **contact_of(order.agency),
        **remedies_of(order.agency),
        violation=order.facts,
        article=order.violated_rule,
        basis=order.legal_basis,
        demand=order.requirement,
        deadline=f"{written_date(order.due_on)}前",
        consequence=order.consequence,
        evidence=_evidence(session, order.finding),
    )
    return Draft(visit, order.agency, facts)


@builds(
    DocumentKind.AGENCY_NOTICE,
    visit_of=lambda session, subject: fetch(session, AgencyNotice, subject).finding.visit_id,
)
def letter_of(session: Session, notice_id: int, now: datetime) -> Draft:
    """The letter that tells another department; the decision is that department's own (R62)."""
    notice = fetch(session, AgencyNotice, notice_id)
    visit = notice.finding.visit
    facts = LetterFacts(
        **heading(notice.agency, now),
        **about_visit(session, visit),
        **contact_of(notice.agency),
        receiver=notice.receiver.name,
        matter=notice.facts,
        basis=notice.legal_basis,
        request="请依职权核实处理。",
        reply_by="办结后",
        enclosures=enclosures_of(notice.evidence),
        handler=f"{notice.sent_by.last_name}{notice.sent_by.first_name}",
    )
    return Draft(visit, notice.agency, facts)


@builds(
    DocumentKind.TRANSFER,
    visit_of=lambda session, subject: fetch(session, CaseTransfer, subject).finding.visit_id,
)
def transfer_of(session: Session, transfer_id: int, now: datetime) -> Draft:
    """The letter of transfer; to the police only once the head has approved (R70). Raises DocumentNotReady."""
    transfer = fetch(session, CaseTransfer, transfer_id)
    approved = _step(transfer.steps, TransferAct.APPROVE)
    if transfer.kind == TransferKind.POLICE and approved is None:
        raise DocumentNotReady(document=DocumentKind.TRANSFER, what=TransferAct.APPROVE)
    visit = transfer.finding.visit
    facts = TransferFacts(
        **heading(transfer.agency, now),
        **about_visit(session, visit),
        **contact_of(transfer.agency),
        title=TITLES[transfer.kind],
        receiver=transfer.receiver,
        cause="涉嫌犯罪" if transfer.kind == TransferKind.POLICE else "涉嫌违法",
        matter=transfer.facts,
        basis=transfer.legal_basis,
        request=REQUESTS[transfer.kind],
        investigators=_investigators(transfer),
        approved=_approved(approved),
        transferred_at=_sent_at(transfer.steps),
        goods="见移送材料清单",
        reports="见移送材料清单",
        reply_by=_reply_by(transfer),
        enclosures=enclosures_of(transfer.documents),
        handler=f"{transfer.opened_by.last_name}{transfer.opened_by.first_name}",
        receipt="",
    )
    return Draft(visit, transfer.agency, facts)


def enclosures_of(text: str) -> tuple[Enclosure, ...]:
    """The lines of a list of papers, each an enclosure."""
    lines = [line.strip("　 、；;") for line in text.replace("；", "\n").replace("、", "\n").splitlines()]
    named = [line for line in lines if line]
    return tuple(
        Enclosure(ordinal=str(ordinal), name=line, count="1份", note="")
        for ordinal, line in enumerate(named, 1)
    )


def _evidence(session: Session, finding: ItemFinding) -> str:
    own = [each for each in files_of(session, finding.visit) if each.finding_id in (None, finding.id)]
    return one_line(["现场检查记录", *(each.kind.label for each in own)])


def _investigators(transfer: CaseTransfer) -> str:
    """The officers of the team with their certificates; the inspectors of the visit where none was formed."""
    on = transfer.opened_at.astimezone(CHINA).date()
    people = [officer.inspector for officer in transfer.officers]
    people = people or [member.inspector for member in transfer.finding.visit.team]
    return "、".join(f"{person.name}（{certificate_of(person, on)}）" for person in people)


def _approved(step: TransferStep | None) -> str:
    if step is None:
        return ""
    name = f"{step.by.last_name}{step.by.first_name}"
    return f"经本机关负责人{name}于{written_moment(step.at)}批准移送。"


def _sent_at(steps: Sequence[TransferStep]) -> str:
    step = _step(steps, TransferAct.SEND)
    return written_moment(step.at) if step else f"{BLANK_DAY}　　时　　分"


def _reply_by(transfer: CaseTransfer) -> str:
    due: date | None = transfer.reply_due_on
    if due is not None:
        return f"{written_date(due)}前"
    return "收到之日起3日内" if transfer.kind == TransferKind.POLICE else "办结后"


def _step(steps: Sequence[TransferStep], act: TransferAct) -> TransferStep | None:
    return next((step for step in reversed(steps) if step.act == act), None)
