"""处罚案件台账 (R55, R67-R69, R78): only what legal clocks and figures hang on; the case is handled elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.domain.limitation import ViolatedInFuture, counted_penalty
from app.domain.measures import CHINA
from app.domain.penalties import CaseDecided, NoPenaltyNamed, require_no_transfer, require_review
from app.domain.vocabulary import PenaltyType, TransferKind
from app.models import ItemFinding, PenaltyCase
from app.services import audit
from app.services.closing import reopen
from app.services.disclosure import ReasonMissing
from app.services.rectifying import ActInFuture, TermsMissing
from app.services.transaction import lock, transaction


@dataclass(frozen=True, slots=True)
class Filing:
    """A case as filed: its number, the days of the breach and of the filing, and whether it is weighty (R69)."""

    case_no: str
    violated_on: date
    filed_on: date
    needs_review: bool


def open_case(finding_id: int, filing: Filing, actor: User, now: datetime) -> int:
    """立案: ninety days to decide begin (R68); the key. Raises TermsMissing, ViolatedInFuture, ActInFuture."""
    if not filing.case_no.strip():
        raise TermsMissing(missing="案号")
    today = _past(filing.filed_on, now)
    if filing.violated_on > today:
        raise ViolatedInFuture(day=filing.violated_on, today=today)
    with transaction() as session:
        finding = lock(session, ItemFinding, finding_id)
        case = PenaltyCase(
            finding_id=finding.id,
            agency_id=finding.agency_id,
            case_no=filing.case_no.strip(),
            violated_on=filing.violated_on,
            filed_on=filing.filed_on,
            needs_review=filing.needs_review,
            opened_by_id=actor.id,
        )
        session.add(case)
        session.flush()
        reopen(session, finding, actor, "case")
        audit.record(session, actor, "case:filed", finding.visit.number, {"case": case.case_no})
        return case.id


def review_case(case_id: int, reviewer: str, certificate: str, on: date, actor: User, now: datetime) -> None:
    """法制审核 by somebody with the legal qualification (R69). Raises TermsMissing, ActInFuture."""
    if not reviewer.strip() or not certificate.strip():
        raise TermsMissing(missing="审核人、法律职业资格证号")
    with _step(case_id, on, actor, now, "reviewed") as (_, case):
        if case.decided_on:
            raise CaseDecided(case=case.case_no)
        case.reviewer, case.reviewer_certificate, case.reviewed_on = reviewer.strip(), certificate.strip(), on


def decide_case(
    case_id: int, penalties: frozenset[PenaltyType], on: date, actor: User, now: datetime
) -> PenaltyType:
    """处罚决定: seven working days to serve and to disclose it begin (R55, R68); the type under which it counts.

    Raises NoPenaltyNamed, LegalReviewMissing, PenaltyInsteadOfTransfer, CaseDecided.
    """
    if not penalties:
        raise NoPenaltyNamed()
    with _step(case_id, on, actor, now, "decided") as (_, case):
        if case.decided_on or on < case.filed_on:
            raise CaseDecided(case=case.case_no)
        require_review(case.needs_review, case.reviewed_on is not None)
        police = [each.state for each in case.finding.transfers if each.kind == TransferKind.POLICE]
        require_no_transfer(police)
        case.decided_on = on
        case.penalties = ",".join(sorted(penalty.value for penalty in penalties))
        case.counted_as = counted_penalty(penalties)
        return case.counted_as


def serve_case(case_id: int, on: date, actor: User, now: datetime) -> None:
    """送达 the decision. Raises CaseDecided before there is one."""
    with _step(case_id, on, actor, now, "served") as (_, case):
        _require_decided(case, case.served_on, on)
        case.served_on = on


def disclose_case(case_id: int, on: date, place: str, actor: User, now: datetime) -> None:
    """公示 the decision on the channel for penalties, which is not this one (R55). Raises CaseDecided."""
    if not place.strip():
        raise TermsMissing(missing="公示渠道")
    with _step(case_id, on, actor, now, "disclosed") as (_, case):
        _require_decided(case, case.disclosed_on, on)
        case.disclosed_on, case.disclosed_at_place = on, place.strip()[:100]


def pay_case(case_id: int, on: date, actor: User, now: datetime) -> None:
    """缴纳: the fine was paid. Raises CaseDecided before the decision was served."""
    with _step(case_id, on, actor, now, "paid") as (_, case):
        if case.served_on is None or case.paid_on is not None or on < case.served_on:
            raise CaseDecided(case=case.case_no)
        case.paid_on = on


def drop_case(case_id: int, reason: str, on: date, actor: User, now: datetime) -> None:
    """撤销立案 or 不予处罚 with the reason. Raises ReasonMissing, CaseDecided."""
    if not reason.strip():
        raise ReasonMissing()
    with _step(case_id, on, actor, now, "dropped") as (_, case):
        if case.decided_on or case.dropped_on:
            raise CaseDecided(case=case.case_no)
        case.dropped_on, case.drop_reason = on, reason.strip()[:300]


@contextmanager
def _step(
    case_id: int, on: date, actor: User, now: datetime, what: str
) -> Iterator[tuple[Session, PenaltyCase]]:
    _past(on, now)
    with transaction() as session:
        case = lock(session, PenaltyCase, case_id)
        yield session, case
        data = {"case": case.case_no, "on": on}
        audit.record(session, actor, f"case:{what}", case.finding.visit.number, data)


def _require_decided(case: PenaltyCase, done: date | None, on: date) -> None:
    if case.decided_on is None or done is not None or on < case.decided_on:
        raise CaseDecided(case=case.case_no)


def _past(on: date, now: datetime) -> date:
    today = now.astimezone(CHINA).date()
    if on > today:
        raise ActInFuture(day=on, today=today)
    return today
