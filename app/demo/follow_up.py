"""What follows the findings of the sample year: letters, notices, orders, re-checks, and the closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.people import reviewer_of
from app.domain.closing import needs_note
from app.domain.measures import CHINA
from app.domain.vocabulary import (
    DeliveredPaper,
    DeliveryMethod,
    Disposal,
    LetterFate,
    NoticeOutcome,
    NoticeSubject,
    ResultCode,
)
from app.models import Agency, Disclosure, ItemFinding, Visit
from app.services import closing, delivering, notifying, rectifying
from app.services.delivering import Service
from app.services.disclosing import standing_result
from app.services.notifying import NoticeTerms
from app.services.rectifying import Terms
from app.services.transaction import transaction

APART = 18
"""Days between the two letters to an enterprise that cannot be reached."""


@dataclass(frozen=True, slots=True)
class Open:
    """A finding that is not closed: what was said of it, when it was disclosed, who follows it up."""

    finding_id: int
    visit_id: int
    agency_id: int
    disposals: frozenset[Disposal]
    results: frozenset[ResultCode]
    problem: str
    basis: str
    address: str
    checked_on: date
    disclosed_on: date
    actor: User


def follow_up(task_id: int, users: dict[str, User], *, until_closed: bool = True) -> None:
    """Take what followed every open finding of a task to its end, or leave every second one under way."""
    for place, case in enumerate(_open_findings(task_id, users)):
        tell(case)
        ends = until_closed or place % 2 == 0
        if Disposal.RECTIFY in case.disposals:
            rectify(case, ends=ends)
        if Disposal.NOTIFIED in case.disposals:
            notify(case, ends=ends)
        if ends:
            note = "已反馈日常监管部门处理" if needs_note(case.disposals) else ""
            closing.close_finding(case.finding_id, case.disclosed_on + timedelta(days=45), case.actor, note)


def tell(case: Open) -> None:
    """The letter of the result reaches the enterprise."""
    day = case.disclosed_on + timedelta(days=1)
    service = Service(day, case.address, DeliveryMethod.DIRECT, "现场负责人")
    paper = DeliveredPaper.RESULT
    delivering.deliver(paper, case.visit_id, case.visit_id, case.agency_id, service, case.actor, at(day))


def rectify(case: Open, *, ends: bool) -> None:
    """An order, and where it `ends` the proof and the re-check on paper."""
    day = case.disclosed_on + timedelta(days=1)
    terms = Terms(
        violated_on=case.checked_on,
        facts=case.problem,
        violated_rule=case.basis,
        legal_basis="《中华人民共和国行政处罚法》第二十八条",
        requirement=f"立即改正下列问题，并书面报告改正情况：{case.problem}",
        consequence="逾期不改正的，依法处理。",
        due_on=day + timedelta(days=30),
    )
    order = rectifying.order_rectification(case.finding_id, terms, case.actor, at(day))
    if ends:
        proven, seen = day + timedelta(days=18), day + timedelta(days=24)
        rectifying.prove_rectification(order, proven, "提交整改报告和照片", case.actor, at(proven))
        rectifying.recheck(order, True, seen, False, "核对整改报告和照片，问题已改正。", case.actor, at(seen))


def notify(case: Open, *, ends: bool) -> None:
    """Two letters to whoever could not be reached, then the notice, and where it `ends` the answer."""
    for first in (case.checked_on + timedelta(days=1), case.checked_on + timedelta(days=1 + APART)):
        number = f"XA{case.finding_id:05d}{first:%m%d}"
        letter = notifying.log_letter(case.finding_id, first, number, case.address, case.actor, at(first))
        back = first + timedelta(days=7)
        notifying.settle_letter(letter, LetterFate.RETURNED, back, case.actor, at(back))
    day = max(case.disclosed_on, case.checked_on + timedelta(days=APART + 10))
    is_gone = ResultCode.UNREACHABLE in case.results
    subject = NoticeSubject.UNREACHABLE if is_gone else NoticeSubject.OTHER_BREACH
    terms = NoticeTerms(subject, case.problem, case.basis, "现场照片、两次专用信函退回凭证")
    with transaction() as session:
        regulator = _receiver(session, case.agency_id)
    notice = notifying.notify_agency(case.finding_id, regulator, terms, case.actor, at(day))
    if ends:
        taken, answered = day + timedelta(days=1), day + timedelta(days=9)
        notifying.acknowledge_notice(notice, taken, case.actor, at(taken))
        words = "经核查，已依法列入经营异常名录。"
        notifying.answer_notice(notice, NoticeOutcome.LISTED, words, answered, case.actor, at(answered))


def at(day: date) -> datetime:
    """Four in the afternoon of a day in Changchun."""
    return datetime.combine(day, time(8), UTC)


def _open_findings(task_id: int, users: dict[str, User]) -> list[Open]:
    with transaction() as session:
        query = (
            select(ItemFinding)
            .join(Visit)
            .where(Visit.task_id == task_id, ItemFinding.closed_on.is_(None))
            .order_by(ItemFinding.id)
        )
        found = []
        for finding in session.scalars(query):
            shown = standing_result(session, finding.visit_id, finding.agency_id)
            if shown is not None and finding.latest is not None:
                found.append(_open(finding, shown, users))
        return found


def _open(finding: ItemFinding, shown: Disclosure, users: dict[str, User]) -> Open:
    latest, agency = finding.latest, finding.agency
    assert latest is not None
    return Open(
        finding_id=finding.id,
        visit_id=finding.visit_id,
        agency_id=finding.agency_id,
        disposals=frozenset(row.code for row in latest.disposals),
        results=frozenset(row.code for row in latest.results),
        problem=latest.problem or "检查中止",
        basis="；".join(str(basis) for basis in finding.task_item.version.bases)[:300] or "事项清单所列依据",
        address=finding.visit.enterprise.address or "登记住所",
        checked_on=latest.checked_on,
        disclosed_on=shown.published_at.astimezone(CHINA).date(),
        actor=users["approver"] if agency.is_bureau else users[reviewer_of(agency.code)],
    )


def _receiver(session: Session, agency_id: int) -> int:
    """The market regulator; the bureau where the regulator itself found it."""
    query = select(Agency.id).where(Agency.id != agency_id)
    regulator = session.scalars(query.where(Agency.name.contains("市场监督"))).first()
    return regulator or session.scalars(query.order_by(Agency.is_bureau.desc())).first() or agency_id
