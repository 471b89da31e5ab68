"""A call that changes something is answered once: repeated under the same key it gets the same answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.domain.errors import DomainError
from app.models import CallReceipt
from app.services.transaction import transaction


class RequestDiffers(DomainError):
    """The idempotency key was used for another request."""

    code = "request_differs"


def answer_before(agency_id: int, idempotency_key: str, request_digest: str) -> dict[str, Any] | None:
    """The answer that the department got for this call before, or None. Raises RequestDiffers."""
    with transaction() as session:
        found = session.scalar(
            select(CallReceipt).where(
                CallReceipt.agency_id == agency_id, CallReceipt.idempotency_key == idempotency_key
            )
        )
        if found is None:
            return None
        if found.request_digest != request_digest:
            raise RequestDiffers()
        return found.answer


def keep_answer(
    agency_id: int, idempotency_key: str, request_digest: str, answer: dict[str, Any], now: datetime
) -> None:
    """Keep the answer for the case that the caller did not get it."""
    with transaction() as session:
        session.add(
            CallReceipt(
                agency_id=agency_id,
                idempotency_key=idempotency_key,
                request_digest=request_digest,
                answer=answer,
                made_at=now,
            )
        )
