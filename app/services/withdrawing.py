"""撤下并说明 (R57): from the day on which a disclosure is known to be wrong there are three working days."""

from __future__ import annotations

from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.domain.errors import DomainError
from app.domain.lifecycle import CREDIT, advance
from app.domain.measures import CHINA
from app.domain.personal import require_no_personal_data
from app.domain.vocabulary import CreditState
from app.models import CreditRecord, Disclosure, Withdrawal
from app.services import audit
from app.services.credit import end
from app.services.disclosure import AlreadyWithdrawn, ReasonMissing
from app.services.rectifying import ActInFuture
from app.services.transaction import lock, transaction


class NotWithdrawn(DomainError):
    """Those outside are told once the disclosure has been withdrawn; param index_no."""

    code = "not_withdrawn"


class AlreadyPropagated(DomainError):
    """That those outside were told is on record already; param index_no."""

    code = "already_propagated"


def find_wrong(disclosure_id: int, known_on: date, reason: str, actor: User, now: datetime) -> None:
    """A disclosure has been changed, revoked or found unlawful: the clock of three working days runs (R57).

    Raises ReasonMissing, AlreadyWithdrawn, ActInFuture.
    """
    if not reason.strip():
        raise ReasonMissing()
    today = now.astimezone(CHINA).date()
    if known_on > today:
        raise ActInFuture(day=known_on, today=today)
    with transaction() as session:
        found = lock(session, Disclosure, disclosure_id)
        known = session.scalar(select(Withdrawal).where(Withdrawal.disclosure_id == found.id))
        if found.withdrawn_at is not None or known is not None:
            raise AlreadyWithdrawn(index_no=found.index_no)
        session.add(_opened(found, known_on, reason, actor, now))
        data = {"known_on": known_on, "reason": reason}
        audit.record(session, actor, "disclosure:doubted", found.index_no, data)


def withdraw(disclosure_id: int, reason: str, actor: User, now: datetime) -> None:
    """撤下 a disclosure; a tombstone with the reason stays, and its credit entries end (R57).

    Raises ReasonMissing, AlreadyWithdrawn, PersonalDataFound, because the reason is public.
    """
    if not reason.strip():
        raise ReasonMissing()
    require_no_personal_data({"撤下原因": reason})
    with transaction() as session:
        found = lock(session, Disclosure, disclosure_id)
        if found.withdrawn_at is not None:
            raise AlreadyWithdrawn(index_no=found.index_no)
        today = now.astimezone(CHINA).date()
        if session.scalar(select(Withdrawal).where(Withdrawal.disclosure_id == found.id)) is None:
            session.add(_opened(found, today, reason, actor, now))
        found.withdrawn_at, found.withdrawn_reason = now, reason.strip()[:300]
        for record in session.scalars(
            select(CreditRecord).where(
                CreditRecord.disclosure_id == found.id, CreditRecord.state == CreditState.CURRENT
            )
        ):
            record.state = advance(CREDIT, record.state, "withdraw")
            end(record, today, reason)
        audit.record(session, actor, "disclosure:withdrawn", found.index_no, {"reason": reason})


def propagate(withdrawal_id: int, note: str, actor: User, now: datetime) -> None:
    """Those to whom the disclosure had been passed on were told of its withdrawal (R57).

    Raises ReasonMissing, NotWithdrawn, AlreadyPropagated.
    """
    if not note.strip():
        raise ReasonMissing()
    with transaction() as session:
        withdrawal = lock(session, Withdrawal, withdrawal_id)
        index_no = withdrawal.disclosure.index_no
        if withdrawal.disclosure.withdrawn_at is None:
            raise NotWithdrawn(index_no=index_no)
        if withdrawal.propagated_at is not None:
            raise AlreadyPropagated(index_no=index_no)
        withdrawal.propagated_at, withdrawal.propagated_note = now, note.strip()[:300]
        audit.record(session, actor, "disclosure:propagated", index_no, {"note": note})


def _opened(found: Disclosure, known_on: date, reason: str, actor: User, now: datetime) -> Withdrawal:
    return Withdrawal(
        disclosure_id=found.id,
        known_on=known_on,
        reason=reason.strip()[:300],
        opened_by_id=actor.id,
        opened_at=now,
    )
