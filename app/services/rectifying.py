"""责令改正 (R64): ordered with a due date, proven, re-checked, closed, or open again when unfixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.findings import has_problem
from app.domain.lifecycle import RECTIFICATION, RECTIFICATION_ENDED, advance
from app.domain.limitation import ViolatedInFuture
from app.domain.measures import CHINA
from app.domain.vocabulary import EntryKind, FindingState, RectificationAct, RectificationState
from app.models import EnterpriseEntry, ItemFinding, RectificationOrder, RectificationStep
from app.services import audit
from app.services.closing import reopen
from app.services.disclosure import ReasonMissing
from app.services.papers import Paper, keep
from app.services.transaction import lock, transaction


class NoProblemToRectify(DomainError):
    """Only a recorded finding with a problem can be ordered to be put right (R64)."""

    code = "no_problem_to_rectify"


class TermsMissing(DomainError):
    """An order names facts, rule, basis and what has to be done (R64); param missing."""

    code = "terms_missing"


class DueDateWrong(DomainError):
    """A due date lies after the day on which it is set; params day, first."""

    code = "due_date_wrong"


class ActInFuture(DomainError):
    """What has happened is entered, not what will; params day, today."""

    code = "act_in_future"


@dataclass(frozen=True, slots=True)
class Terms:
    """What an order says: the breach with its day (R67), the rules, what has to be done and until when."""

    violated_on: date
    facts: str
    violated_rule: str
    legal_basis: str
    requirement: str
    consequence: str
    due_on: date


_EVENTS: Mapping[RectificationAct, str] = MappingProxyType(
    {
        RectificationAct.PROVEN: "prove",
        RectificationAct.PASSED: "pass",
        RectificationAct.FAILED: "fail",
        RectificationAct.EXTENDED: "extend",
        RectificationAct.REVOKED: "revoke",
    }
)


def order_rectification(finding_id: int, terms: Terms, actor: User, now: datetime) -> int:
    """责令改正 a problem that was found; the key of the order (R64).

    Raises NoProblemToRectify, TermsMissing, DueDateWrong, ViolatedInFuture.
    """
    today = now.astimezone(CHINA).date()
    _require_terms(terms, today)
    with transaction() as session:
        finding = lock(session, ItemFinding, finding_id)
        latest = finding.latest
        unrecorded = finding.state in (FindingState.UNCHECKED, FindingState.RETURNED)
        if latest is None or unrecorded or not has_problem([row.code for row in latest.results]):
            raise NoProblemToRectify(item=str(finding))
        order = RectificationOrder(
            finding_id=finding.id,
            agency_id=finding.agency_id,
            violated_on=terms.violated_on,
            facts=terms.facts.strip(),
            violated_rule=terms.violated_rule.strip(),
            legal_basis=terms.legal_basis.strip(),
            requirement=terms.requirement.strip(),
            consequence=terms.consequence.strip(),
            due_on=terms.due_on,
            ordered_at=now,
            ordered_by_id=actor.id,
        )
        session.add(order)
        _add_step(order, RectificationAct.ORDERED, today, terms.requirement, actor, now, due_on=terms.due_on)
        reopen(session, finding, actor, "rectification")
        session.flush()
        data = {"item": str(finding), "due": terms.due_on, "order": order.id}
        audit.record(session, actor, "rectification:ordered", finding.visit.number, data)
        return order.id


def prove_rectification(
    order_id: int, on: date, note: str, actor: User, now: datetime, paper: Paper | None = None
) -> None:
    """What the enterprise handed in to show that the problem is gone; the re-check follows."""
    _act(order_id, RectificationAct.PROVEN, on, note, actor, now, paper=paper)


def recheck(
    order_id: int,
    passed: bool,
    on: date,
    on_site: bool,
    note: str,
    actor: User,
    now: datetime,
    *,
    due_on: date | None = None,
    paper: Paper | None = None,
) -> None:
    """复查: the problem is gone and the order closed, or it is not and the order has a new due date.

    On site it is an inspection act that counts towards the yearly cap (R36, R64); on paper it is none.
    """
    act = RectificationAct.PASSED if passed else RectificationAct.FAILED
    if not passed:
        _require_later(due_on, on)
    _act(
        order_id,
        act,
        on,
        note,
        actor,
        now,
        due_on=None if passed else due_on,
        is_entry=on_site,
        paper=paper,
    )


def extend_rectification(order_id: int, due_on: date, reason: str, actor: User, now: datetime) -> None:
    """延长期限 before it is proven, with the reason. Raises DueDateWrong, ReasonMissing."""
    today = now.astimezone(CHINA).date()
    _require_later(due_on, today)
    _act(order_id, RectificationAct.EXTENDED, today, reason, actor, now, due_on=due_on)


def revoke_rectification(order_id: int, reason: str, actor: User, now: datetime) -> None:
    """撤销 an order that should not stand, with the reason. Raises ReasonMissing."""
    _act(order_id, RectificationAct.REVOKED, now.astimezone(CHINA).date(), reason, actor, now)


def overdue_orders(session: Session, today: date, agency_id: int | None = None) -> list[RectificationOrder]:
    """Orders whose day has passed unfixed, the oldest first."""
    query = select(RectificationOrder).where(
        RectificationOrder.state.not_in(sorted(RECTIFICATION_ENDED)), RectificationOrder.due_on < today
    )
    if agency_id is not None:
        query = query.where(RectificationOrder.agency_id == agency_id)
    return list(session.scalars(query.order_by(RectificationOrder.due_on, RectificationOrder.id)))


def _act(
    order_id: int,
    act: RectificationAct,
    on: date,
    note: str,
    actor: User,
    now: datetime,
    *,
    due_on: date | None = None,
    is_entry: bool = False,
    paper: Paper | None = None,
) -> None:
    if not note.strip():
        raise ReasonMissing()
    today = now.astimezone(CHINA).date()
    if on > today:
        raise ActInFuture(day=on, today=today)
    with transaction() as session:
        order = lock(session, RectificationOrder, order_id)
        order.state = advance(RECTIFICATION, order.state, _EVENTS[act])
        order.due_on = due_on or order.due_on
        if order.state == RectificationState.CLOSED:
            order.closed_on = on
        file = keep(session, paper)
        _add_step(order, act, on, note, actor, now, due_on=due_on, is_entry=is_entry, file=file)
        if is_entry:
            _count_entry(session, order, on, actor, now)
        data = {"order": order.id, "on": on, "due": order.due_on, "entry": is_entry}
        audit.record(session, actor, f"rectification:{act}", order.finding.visit.number, data)


def _count_entry(session: Session, order: RectificationOrder, on: date, actor: User, now: datetime) -> None:
    """A re-check on the premises stands in the register of entries, and so against the yearly cap (R36, R37)."""
    visit = order.finding.visit
    session.add(
        EnterpriseEntry(
            enterprise_id=visit.enterprise_id,
            agency_id=order.agency_id,
            kind=EntryKind.RECHECK,
            entered_on=on,
            people=f"{actor.last_name}{actor.first_name}"[:200],
            purpose=order.requirement[:300],
            visit_id=visit.id,
            recorded_by_id=actor.id,
            recorded_at=now,
        )
    )


def _add_step(
    order: RectificationOrder,
    act: RectificationAct,
    on: date,
    note: str,
    actor: User,
    now: datetime,
    *,
    due_on: date | None = None,
    is_entry: bool = False,
    file: tuple[str | None, str | None] = (None, None),
) -> None:
    order.steps.append(
        RectificationStep(
            ordinal=len(order.steps) + 1,
            act=act,
            on=on,
            note=note.strip(),
            is_entry=is_entry,
            due_on=due_on,
            file_digest=file[0],
            file_name=file[1],
            by_id=actor.id,
            recorded_at=now,
        )
    )


def _require_terms(terms: Terms, today: date) -> None:
    wanted = {
        "违法事实": terms.facts,
        "违反条款": terms.violated_rule,
        "责令改正依据": terms.legal_basis,
        "改正内容": terms.requirement,
    }
    missing = [name for name, text in wanted.items() if not text.strip()]
    if missing:
        raise TermsMissing(missing="、".join(missing))
    if terms.violated_on > today:
        raise ViolatedInFuture(day=terms.violated_on, today=today)
    _require_later(terms.due_on, today)


def _require_later(due_on: date | None, first: date) -> None:
    if due_on is None or due_on <= first:
        raise DueDateWrong(day=due_on, first=first)
