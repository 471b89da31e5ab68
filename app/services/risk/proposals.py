"""比例调整建议: a warning may change next year's ratios, but only as a proposal that the planner decides."""

from __future__ import annotations

from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from app.domain.errors import DomainError
from app.domain.lifecycle import PROPOSAL, advance
from app.domain.policy import PPM
from app.domain.vocabulary import ProposalState
from app.models import InspectionItem, RatioProposal, RiskWarning
from app.services import audit
from app.services.risk.warnings import NoteMissing
from app.services.transaction import fetch, lock, transaction


class RatioOutOfRange(DomainError):
    """A ratio lies above nothing and not above the whole."""

    code = "ratio_out_of_range"


class OwnProposal(DomainError):
    """Nobody decides on what they proposed themselves."""

    code = "own_proposal"


def propose_ratio(
    warning_id: int,
    item_id: int,
    year: int,
    ppm: int,
    reason: str,
    actor: User,
    now: datetime,
    *,
    concerns_attention: bool = False,
) -> int:
    """Propose `ppm` for an item in the plan of a year because of a warning (art. 11).

    Raises RatioOutOfRange, NoteMissing.
    """
    if not 0 < ppm <= PPM:
        raise RatioOutOfRange(ppm=ppm)
    if not reason.strip():
        raise NoteMissing()
    with transaction() as session:
        warning = fetch(session, RiskWarning, warning_id)
        item = fetch(session, InspectionItem, item_id)
        made = RatioProposal(
            warning_id=warning.id,
            item_id=item.id,
            year=year,
            ppm=ppm,
            concerns_attention=concerns_attention,
            reason=reason.strip(),
            proposed_by_id=actor.id,
            proposed_at=now,
        )
        session.add(made)
        session.flush()
        data = {"warning": warning.number, "year": year, "ppm": ppm}
        audit.record(session, actor, "risk:ratio:proposed", item.code, data)
        return made.id


def decide_proposal(proposal_id: int, event: str, decision: str, actor: User, now: datetime) -> None:
    """采纳 (adopt) or decline a proposal, by somebody who did not make it. Raises OwnProposal, NoteMissing."""
    if not decision.strip():
        raise NoteMissing()
    with transaction() as session:
        found = lock(session, RatioProposal, proposal_id)
        if found.proposed_by_id == actor.id:
            raise OwnProposal()
        found.state = advance(PROPOSAL, found.state, event)
        found.decision, found.decided_by_id, found.decided_at = decision.strip(), actor.id, now
        audit.record(session, actor, f"risk:ratio:{found.state.value}", found.item.code, {"id": found.id})


def adopted_ratios(year: int) -> dict[int, int]:
    """Item → the ratio adopted last for that year, for whoever writes the plan."""
    with transaction() as session:
        query = (
            select(RatioProposal.item_id, RatioProposal.ppm)
            .where(RatioProposal.year == year, RatioProposal.state == ProposalState.ADOPTED)
            .where(RatioProposal.concerns_attention.is_(False))
            .order_by(RatioProposal.decided_at)
        )
        return {row.item_id: row.ppm for row in session.execute(query)}
