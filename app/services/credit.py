"""信用记录 (art. 9): every disclosed finding is entered; measures come from the national list only (R59, R63)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.findings import has_problem
from app.domain.publication import longest_until
from app.domain.vocabulary import CreditState
from app.models import CreditRecord, Disclosure, ItemFinding


def enter(session: Session, finding: ItemFinding, disclosure: Disclosure, day: date) -> CreditRecord:
    """Put a disclosed finding into the credit record of its enterprise; an earlier entry is replaced (art. 9)."""
    earlier = session.scalars(
        select(CreditRecord).where(
            CreditRecord.finding_id == finding.id, CreditRecord.state == CreditState.CURRENT
        )
    )
    for record in earlier:
        record.state, record.ended_on = CreditState.REPLACED, day
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
