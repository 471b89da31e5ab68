"""抄告 (R62): facts and evidence told to another department; what it decides stays its own decision.

Nothing here sets the status of an enterprise or puts it on a list: that is the market regulator's power.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User

from app.domain.errors import DomainError
from app.domain.lifecycle import NOTICE, advance
from app.domain.measures import CHINA
from app.domain.transfers import LettersMissing, UnreachableWhileDormant, are_two_letters_apart
from app.domain.vocabulary import (
    EntityStatus,
    FindingState,
    LetterFate,
    NoticeOutcome,
    NoticeState,
    NoticeSubject,
)
from app.models import AddressLetter, Agency, AgencyNotice, ItemFinding
from app.services import audit
from app.services.closing import reopen
from app.services.disclosure import ReasonMissing
from app.services.papers import Paper, keep
from app.services.rectifying import ActInFuture, NoProblemToRectify, TermsMissing
from app.services.transaction import fetch, lock, transaction


class LetterSettled(DomainError):
    """What became of the letter is on record already; param number."""

    code = "letter_settled"


class NoticeToOneself(DomainError):
    """A department does not notify itself."""

    code = "notice_to_oneself"


@dataclass(frozen=True, slots=True)
class NoticeTerms:
    """What another department is told: about what, which facts and evidence, on what basis."""

    subject: NoticeSubject
    facts: str
    legal_basis: str
    evidence: str


def log_letter(
    finding_id: int, posted_on: date, tracking_no: str, address: str, actor: User, now: datetime
) -> int:
    """A letter posted to the registered address (R62). Raises ActInFuture, TermsMissing."""
    today = now.astimezone(CHINA).date()
    if posted_on > today:
        raise ActInFuture(day=posted_on, today=today)
    if not tracking_no.strip() or not address.strip():
        raise TermsMissing(missing="邮件号、地址")
    with transaction() as session:
        finding = lock(session, ItemFinding, finding_id)
        letter = AddressLetter(
            finding_id=finding.id,
            posted_on=posted_on,
            tracking_no=tracking_no.strip(),
            address=address.strip(),
            posted_by_id=actor.id,
        )
        session.add(letter)
        session.flush()
        data = {"letter": letter.tracking_no, "on": posted_on}
        audit.record(session, actor, "letter:posted", finding.visit.number, data)
        return letter.id


def settle_letter(letter_id: int, fate: LetterFate, on: date, actor: User, now: datetime) -> None:
    """What became of a letter, once. Raises LetterSettled, ActInFuture."""
    today = now.astimezone(CHINA).date()
    with transaction() as session:
        letter = lock(session, AddressLetter, letter_id)
        if letter.fate != LetterFate.UNDER_WAY:
            raise LetterSettled(number=letter.tracking_no)
        if not letter.posted_on <= on <= today:
            raise ActInFuture(day=on, today=today)
        letter.fate, letter.fate_on = fate, on
        data = {"letter": letter.tracking_no, "fate": fate, "on": on}
        audit.record(session, actor, "letter:settled", letter.finding.visit.number, data)


def notify_agency(
    finding_id: int,
    receiver_id: int,
    terms: NoticeTerms,
    actor: User,
    now: datetime,
    paper: Paper | None = None,
) -> int:
    """抄告 another department; the key of the notice (R62, R71).

    无法联系 needs two letters returned unclaimed, posted 15 to 30 days apart, and never holds for a dormant
    enterprise. Raises TermsMissing, NoProblemToRectify, NoticeToOneself, LettersMissing,
    UnreachableWhileDormant.
    """
    _require_terms(terms)
    with transaction() as session:
        finding = lock(session, ItemFinding, finding_id)
        _require_notifiable(finding, receiver_id, terms.subject)
        digest, name = keep(session, paper)
        notice = AgencyNotice(
            finding_id=finding.id,
            agency_id=finding.agency_id,
            receiver_id=fetch(session, Agency, receiver_id).id,
            subject=terms.subject,
            state=NoticeState.SENT,
            facts=terms.facts.strip(),
            legal_basis=terms.legal_basis.strip(),
            evidence=terms.evidence.strip(),
            file_digest=digest,
            file_name=name,
            sent_on=now.astimezone(CHINA).date(),
            sent_by_id=actor.id,
        )
        session.add(notice)
        session.flush()
        reopen(session, finding, actor, "notice")
        data = {"item": str(finding), "to": str(notice.receiver), "notice": notice.id}
        audit.record(session, actor, "notice:sent", finding.visit.number, data)
        return notice.id


def acknowledge_notice(notice_id: int, on: date, actor: User, now: datetime) -> None:
    """回执: the other department has received the notice. Raises IllegalTransition, ActInFuture."""
    with transaction() as session:
        notice = lock(session, AgencyNotice, notice_id)
        _require_past(on, notice.sent_on, now)
        notice.state = advance(NOTICE, notice.state, "receive")
        notice.received_on = on
        data = {"notice": notice.id, "on": on}
        audit.record(session, actor, "notice:received", notice.finding.visit.number, data)


def answer_notice(
    notice_id: int, outcome: NoticeOutcome, answer: str, on: date, actor: User, now: datetime
) -> None:
    """反馈: what the other department decided, in its own words; the roster stays as it is (R62).

    Raises IllegalTransition, ReasonMissing, ActInFuture.
    """
    if not answer.strip():
        raise ReasonMissing()
    with transaction() as session:
        notice = lock(session, AgencyNotice, notice_id)
        _require_past(on, notice.received_on or notice.sent_on, now)
        notice.state = advance(NOTICE, notice.state, "answer")
        notice.outcome, notice.answer, notice.answered_on = outcome, answer.strip(), on
        data = {"notice": notice.id, "outcome": outcome, "on": on}
        audit.record(session, actor, "notice:answered", notice.finding.visit.number, data)


def _require_terms(terms: NoticeTerms) -> None:
    wanted = {"问题事实": terms.facts, "依据": terms.legal_basis, "证据材料": terms.evidence}
    missing = [name for name, text in wanted.items() if not text.strip()]
    if missing:
        raise TermsMissing(missing="、".join(missing))


def _require_notifiable(finding: ItemFinding, receiver_id: int, subject: NoticeSubject) -> None:
    if finding.latest is None or finding.state in (FindingState.UNCHECKED, FindingState.RETURNED):
        raise NoProblemToRectify(item=str(finding))
    if receiver_id == finding.agency_id:
        raise NoticeToOneself()
    _require_unreachable(finding, subject)


def _require_unreachable(finding: ItemFinding, subject: NoticeSubject) -> None:
    if subject != NoticeSubject.UNREACHABLE:
        return
    if finding.visit.enterprise.status == EntityStatus.DORMANT:
        raise UnreachableWhileDormant(enterprise=finding.visit.enterprise.name)
    returned = [letter.posted_on for letter in finding.letters if letter.fate == LetterFate.RETURNED]
    if not are_two_letters_apart(returned):
        raise LettersMissing(count=len(returned))


def _require_past(on: date, first: date, now: datetime) -> None:
    today = now.astimezone(CHINA).date()
    if not first <= on <= today:
        raise ActInFuture(day=on, today=today)
