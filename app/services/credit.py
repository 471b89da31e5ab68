"""信用记录 (art. 9): every disclosed finding is entered; measures come from the national list only (R59, R63)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.credit import require_fitting, require_restorable
from app.domain.findings import has_problem
from app.domain.lifecycle import CREDIT, advance
from app.domain.measures import CHINA
from app.domain.publication import longest_until
from app.domain.vocabulary import CreditState, ResultCode
from app.models import CreditMeasure, CreditRecord, CreditSanction, Disclosure, ItemFinding
from app.services import audit
from app.services.disclosure import ReasonMissing
from app.services.transaction import fetch, lock, transaction


def enter(session: Session, finding: ItemFinding, disclosure: Disclosure, day: date) -> CreditRecord:
    """Put a disclosed finding into the credit record of its enterprise; an earlier entry is replaced (art. 9)."""
    query = select(CreditRecord).where(
        CreditRecord.finding_id == finding.id, CreditRecord.state == CreditState.CURRENT
    )
    for record in session.scalars(query):
        record.state = advance(CREDIT, record.state, "replace")
        end(record, day, disclosure.index_no)
    latest = finding.latest
    made = CreditRecord(
        enterprise_id=finding.visit.enterprise_id,
        finding_id=finding.id,
        disclosure_id=disclosure.id,
        agency_id=finding.agency_id,
        is_problem=has_problem([row.code for row in latest.results]) if latest else False,
        severity=finding.severity,
        state=CreditState.CURRENT,
        entered_on=day,
        expires_on=longest_until(finding.severity, day),
    )
    session.add(made)
    return made


def end(record: CreditRecord, day: date, reason: str) -> None:
    """The entry does not count any more from this day on; measures that hang on it are lifted."""
    record.ended_on, record.end_reason = day, reason.strip()[:300]
    for sanction in record.sanctions:
        sanction.lifted_on = sanction.lifted_on or day


def take_measure(record_id: int, measure_id: int, reason: str, actor: User, now: datetime) -> int:
    """联合惩戒 or 联合激励: a measure of the national list on an entry; its key (R63).

    Raises ReasonMissing, MeasureNotInForce, MeasureDoesNotFit.
    """
    if not reason.strip():
        raise ReasonMissing()
    today = now.astimezone(CHINA).date()
    with transaction() as session:
        record = lock(session, CreditRecord, record_id)
        measure = fetch(session, CreditMeasure, measure_id)
        require_fitting(
            kind=measure.kind,
            for_serious_only=measure.for_serious_only,
            in_force=(measure.in_force_from, measure.in_force_to),
            is_current=record.state == CreditState.CURRENT,
            is_problem=record.is_problem,
            severity=record.severity,
            today=today,
        )
        sanction = CreditSanction(
            measure_id=measure.id, taken_on=today, taken_by_id=actor.id, reason=reason.strip()[:300]
        )
        record.sanctions.append(sanction)
        session.flush()
        data = {"measure": measure.code, "reason": reason}
        audit.record(session, actor, "credit:measure:taken", record.enterprise.identifier, data)
        return sanction.id


def lift_measure(sanction_id: int, reason: str, actor: User, now: datetime) -> None:
    """A measure ends before its entry does, with the reason. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing()
    with transaction() as session:
        sanction = lock(session, CreditSanction, sanction_id)
        sanction.lifted_on = sanction.lifted_on or now.astimezone(CHINA).date()
        data = {"measure": sanction.measure.code, "reason": reason}
        subject = sanction.record.enterprise.identifier
        audit.record(session, actor, "credit:measure:lifted", subject, data)


def restore(record_id: int, reason: str, actor: User, now: datetime) -> None:
    """信用修复: an entry ends before its time, its problem solved and the shortest time in public over (R59).

    Raises ReasonMissing, RestorationTooEarly, NothingToRestore, RestorationBeforeEnd, IllegalTransition.
    """
    if not reason.strip():
        raise ReasonMissing()
    today = now.astimezone(CHINA).date()
    with transaction() as session:
        record = lock(session, CreditRecord, record_id)
        require_restorable(
            record.is_problem, record.severity, record.entered_on, record.finding.closed_on is not None, today
        )
        record.state = advance(CREDIT, record.state, "restore")
        end(record, today, reason)
        audit.record(session, actor, "credit:restored", record.enterprise.identifier, {"reason": reason})


def hidden_items(session: Session, disclosure_id: int, today: date) -> set[str]:
    """Codes of the items of a result that are no longer shown in public: over their time, or restored (R59)."""
    query = select(CreditRecord).where(CreditRecord.disclosure_id == disclosure_id)
    return {
        record.finding.task_item.code
        for record in session.scalars(query)
        if record.expires_on < today or record.state in (CreditState.RESTORED, CreditState.EXPIRED)
    }


def exchange_rows(session: Session, first: date, last: date) -> list[dict[str, Any]]:
    """Entries of the credit record made or ended in these days, for the publicity system (art. 9, R63).

    No names of people, no risk class (R29, R60).
    """
    query = (
        select(CreditRecord)
        .where(CreditRecord.entered_on.between(first, last) | CreditRecord.ended_on.between(first, last))
        .order_by(CreditRecord.id)
    )
    return [_exchange_row(record) for record in session.scalars(query)]


def _exchange_row(record: CreditRecord) -> dict[str, Any]:
    finding = record.finding
    rows = {row["code"]: row for row in record.disclosure.body["items"]}
    body = rows.get(finding.task_item.code, {})
    standing = [each.measure.name for each in record.sanctions if each.lifted_on is None]
    return {
        "record": f"{record.disclosure.index_no}/{finding.task_item.code}",
        "enterprise": record.enterprise.name,
        "identifier": record.enterprise.identifier,
        "agency": record.agency.name,
        "task": finding.visit.task.number,
        "item_code": finding.task_item.code,
        "item": finding.task_item.version.name,
        "checked_on": record.disclosure.body.get("checked_on") or "",
        "results": ",".join(body.get("results", [])),
        "results_text": "；".join(ResultCode.of(code).label for code in body.get("results", [])),
        "severity": record.severity.value if record.severity else "",
        "measures": "；".join(standing),
        "index_no": record.disclosure.index_no,
        "entered_on": record.entered_on.isoformat(),
        "expires_on": record.expires_on.isoformat(),
        "state": record.state.value,
        "ended_on": record.ended_on.isoformat() if record.ended_on else "",
    }
