"""公示期满 (R59): what has been in public for the longest time allowed stops by itself; a tombstone stays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.domain.lifecycle import CREDIT, advance
from app.domain.measures import CHINA
from app.domain.vocabulary import CreditState
from app.models import CreditRecord, Disclosure
from app.services import audit
from app.services.credit import end
from app.services.transaction import transaction

SYSTEM = "公示期满"


def expire_disclosures(now: datetime) -> tuple[int, int]:
    """Stop every disclosure and end every credit entry whose last day is over; how many of each (R59)."""
    today = now.astimezone(CHINA).date()
    with transaction() as session:
        gone = list(
            session.scalars(
                select(Disclosure)
                .where(
                    Disclosure.expires_on < today,
                    Disclosure.expired_at.is_(None),
                    Disclosure.withdrawn_at.is_(None),
                )
                .order_by(Disclosure.id)
            )
        )
        for disclosure in gone:
            disclosure.expired_at = now
            data = {"expires_on": disclosure.expires_on}
            audit.record(session, None, "disclosure:expired", disclosure.index_no, data)
        ended = list(
            session.scalars(
                select(CreditRecord).where(
                    CreditRecord.expires_on < today, CreditRecord.state == CreditState.CURRENT
                )
            )
        )
        for record in ended:
            record.state = advance(CREDIT, record.state, "expire")
            end(record, today, SYSTEM)
        return len(gone), len(ended)
