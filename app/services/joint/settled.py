"""What must be settled between departments before a plan goes to approval (R21, R73)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.joint import JointUnsettled, OffersOpen
from app.domain.vocabulary import JointState, OfferState
from app.models import InspectionPlan, JointLine, LineOffer

ENDED = (JointState.AGREED, JointState.DISSOLVED)


def require_settled(session: Session, plan: InspectionPlan) -> None:
    """No joint line waits for its lead or a department, no offer for an answer. Raises JointUnsettled, OffersOpen."""
    waiting = session.scalars(
        select(JointLine.name)
        .where(JointLine.plan_id == plan.id, JointLine.state.not_in(ENDED))
        .order_by(JointLine.id)
    ).all()
    if waiting:
        raise JointUnsettled(lines="、".join(waiting))
    offers = session.scalars(
        select(LineOffer.name)
        .where(LineOffer.plan_id == plan.id, LineOffer.state == OfferState.OPEN)
        .order_by(LineOffer.id)
    ).all()
    if offers:
        raise OffersOpen(offers="、".join(offers))
