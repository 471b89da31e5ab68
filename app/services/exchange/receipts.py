"""A call that changes something is answered once: repeated under the same key it gets the same answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.domain.errors import DomainError
from app.domain.findings import Finding
from app.models import CallReceipt
from app.services.chain import AUDIT, hold
from app.services.recording import record_in
from app.services.transaction import transaction


class RequestDiffers(DomainError):
    """The idempotency key was used for another request."""

    code = "request_differs"


@dataclass(frozen=True, slots=True)
class Call:
    """Which call of which department this is: its idempotency key and the digest of what it asks."""

    agency_id: int
    idempotency_key: str
    request_digest: str


def record_once(
    call: Call, finding_id: int, entry: Finding, actor: User, now: datetime, answer: dict[str, Any]
) -> dict[str, Any]:
    """Record a finding for a department's system and keep the answer with it, both or neither.

    `answer` is given back with the version added; the same call again gets the first answer. Raises
    RequestDiffers and what recording raises.
    """
    with transaction() as session:
        hold(session, AUDIT)  # so that the same call, sent twice at once, is answered one after the other
        found: CallReceipt | None = session.scalar(
            select(CallReceipt).where(
                CallReceipt.agency_id == call.agency_id,
                CallReceipt.idempotency_key == call.idempotency_key,
            )
        )
        if found is not None:
            if found.request_digest != call.request_digest:
                raise RequestDiffers()
            return found.answer
        version = record_in(session, finding_id, entry, actor, now)
        made = CallReceipt(
            agency_id=call.agency_id,
            idempotency_key=call.idempotency_key,
            request_digest=call.request_digest,
            answer={**answer, "version": version},
            made_at=now,
        )
        session.add(made)
        return made.answer
