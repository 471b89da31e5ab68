"""预警: raised from the analysis, then 研判 → 上报 / 处置 → 解除, each step with who, when and why (art. 11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import policy
from app.domain.deadlines import CalendarNotConfirmed
from app.domain.errors import DomainError
from app.domain.lifecycle import WARNING, IllegalTransition, advance
from app.domain.measures import CHINA
from app.domain.vocabulary import RiskDimension, WarningKind, WarningLevel, WarningState
from app.models import RiskRun, RiskWarning, RiskWarningStep
from app.services import audit, numbering
from app.services.calendar import working_calendar
from app.services.chain import AUDIT, hold
from app.services.risk.analysis import analyse, is_above, kind_words, repeated
from app.services.risk.labels import label_of
from app.services.transaction import lock, transaction

SERIES = "risk_warning"


class NoteMissing(DomainError):
    """A step of a warning says what was found or done."""

    code = "warning_note_missing"


@dataclass(frozen=True, slots=True)
class Raised:
    """What one run of the analysis brought: new warnings, and open ones seen again."""

    new: int
    renewed: int


@dataclass(frozen=True, slots=True)
class Matter:
    """Something to warn of, before it is known whether there is a warning already."""

    dimension: RiskDimension
    value: str
    kind: WarningKind
    level: WarningLevel
    evidence: dict[str, Any]


def raise_warnings(month: date, actor: User | None, now: datetime) -> Raised:
    """早发现、早预警: analyse the month of that day; a matter with an open warning renews it, once a month.

    Safe to repeat: the same month again changes nothing.
    """
    with transaction() as session:
        first = month.replace(day=1)
        new = renewed = 0
        matters = list(_matters(session, month, now.astimezone(CHINA).date()))
        hold(session, AUDIT)  # so that two runs at once do not both raise the same matter
        for matter in matters:
            warning = _open_warning(session, matter)
            if warning is None:
                _raise(session, matter, first, now)
                new += 1
            elif _renew(session, warning, matter, first, now):
                renewed += 1
        outcome = {"month": f"{first:%Y-%m}", "new": new, "renewed": renewed}
        run = RiskRun(month=first, at=now, actor_id=actor.id if actor else None, new=new, renewed=renewed)
        session.add(run)
        audit.record(session, actor, "risk:month:analysed", f"{first:%Y-%m}", outcome)
        return Raised(new, renewed)


def assign_owner(warning_id: int, owner_id: int | None, actor: User, now: datetime) -> None:
    """责任到人 (art. 12): who has to answer the warning. Raises IllegalTransition for one that was lifted."""
    with transaction() as session:
        warning = lock(session, RiskWarning, warning_id)
        if warning.state == WarningState.LIFTED:
            raise IllegalTransition(state=warning.state, event="assign")
        warning.owner_id = owner_id
        _step(session, warning, "assign", actor, now)
        audit.record(session, actor, "risk:warning:assigned", warning.number, {"owner": owner_id})


def take_step(warning_id: int, event: str, note: str, actor: User, now: datetime) -> None:
    """研判 (assess), 上报 (report), 处置 (handle), 解除 (lift) or 误报 (dismiss), with what was found or done.

    Raises NoteMissing, IllegalTransition.
    """
    if not note.strip():
        raise NoteMissing()
    with transaction() as session:
        warning = lock(session, RiskWarning, warning_id)
        warning.state = advance(WARNING, warning.state, event)
        _step(session, warning, event, actor, now, note=note.strip())
        audit.record(session, actor, f"risk:warning:{event}", warning.number, {"note": note.strip()})


def is_late(warning: RiskWarning, today: date) -> bool:
    """True when a warning has not been assessed by its day."""
    return warning.state == WarningState.FOUND and warning.answer_by is not None and warning.answer_by < today


def _matters(session: Session, month: date, today: date) -> Iterator[Matter]:
    for alarm in analyse(session, month):
        yield Matter(alarm.cell.dimension, alarm.cell.value, alarm.kind, alarm.level, kind_words(alarm))
    for found in repeated(session, today):
        yield Matter(
            RiskDimension.ENTERPRISE,
            f"{found.enterprise_id}/{found.item_id}",
            WarningKind.REPEATED,
            found.level,
            {"visits": found.visits, "findings": list(found.finding_ids)},
        )


def _open_warning(session: Session, matter: Matter) -> RiskWarning | None:
    """The open warning about the same group in the same direction."""
    query = select(RiskWarning).where(
        RiskWarning.dimension == matter.dimension,
        RiskWarning.value == matter.value,
        RiskWarning.state != WarningState.LIFTED,
    )
    same = (each for each in session.scalars(query) if is_above(each.kind) == is_above(matter.kind))
    return next(same, None)


def _raise(session: Session, matter: Matter, month: date, now: datetime) -> None:
    year = now.astimezone(CHINA).year
    warning = RiskWarning(
        number=f"长商警〔{year}〕{numbering.take(session, SERIES, year)}号",
        dimension=matter.dimension,
        value=matter.value,
        label=label_of(session, matter.dimension, matter.value)[:200],
        kind=matter.kind,
        level=matter.level,
        month=month,
        evidence=matter.evidence,
        raised_at=now,
        answer_by=_answer_by(session, matter.level, now.astimezone(CHINA).date()),
    )
    session.add(warning)
    _step(session, warning, "found", None, now, evidence=matter.evidence, month=month)


def _renew(session: Session, warning: RiskWarning, matter: Matter, month: date, now: datetime) -> bool:
    """Note once a month that the matter is still there; what is known already brings nothing new."""
    known = [step for step in warning.steps if step.event in ("found", "renewed")]
    if any(step.month == month or step.evidence == matter.evidence for step in known):
        return False
    _step(session, warning, "renewed", None, now, evidence=matter.evidence, month=month)
    return True


def _step(
    session: Session,
    warning: RiskWarning,
    event: str,
    actor: User | None,
    now: datetime,
    *,
    note: str | None = None,
    evidence: dict[str, Any] | None = None,
    month: date | None = None,
) -> None:
    who = actor.id if actor else None
    warning.steps.append(
        RiskWarningStep(event=event, note=note, evidence=evidence, month=month, actor_id=who, at=now)
    )
    session.flush()


def _answer_by(session: Session, level: WarningLevel, today: date) -> date | None:
    try:
        return working_calendar(session).add_working_days(today, policy.RISK.answer_working_days[level.value])
    except CalendarNotConfirmed:
        return None
