"""What a warning leads to beside its own steps: a special inspection (art. 11, 15, R39)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_appbuilder.security.sqla.models import User

from app.domain.errors import DomainError
from app.domain.vocabulary import WarningState
from app.models import RiskResponse, RiskWarning
from app.services import audit
from app.services.special import Draft, create_special
from app.services.transaction import lock, transaction

OPEN = (WarningState.ASSESSED, WarningState.REPORTED, WarningState.HANDLED)


class WarningNotAssessed(DomainError):
    """A special inspection follows from an assessed warning that is not lifted."""

    code = "warning_not_assessed"


def start_special(
    warning_id: int, draft: Draft, version_ids: Sequence[int], actor: User, now: datetime
) -> int:
    """Draft a special inspection because of a warning; it goes its own way of approval, filing and disclosure.

    Raises WarningNotAssessed and what create_special raises.
    """
    with transaction() as session:
        warning = lock(session, RiskWarning, warning_id)
        if warning.state not in OPEN:
            raise WarningNotAssessed(warning=warning.number)
        special_id = create_special(draft, version_ids, actor, now)
        session.add(RiskResponse(warning_id=warning.id, special_id=special_id, actor_id=actor.id, at=now))
        audit.record(session, actor, "risk:special:started", warning.number, {"special": special_id})
        return special_id
