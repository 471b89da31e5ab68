"""What must be settled between departments before a plan goes to approval (R21, R73)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.joint import JointUnsettled, OffersOpen
from app.domain.vocabulary import JointState, OfferState
from app.models import InspectionPlan, JointLine, LineOffer

ENDED = (JointState.AGREED, JointState.DISSOLVED)


def waiting_for(session: Session, plan: InspectionPlan) -> list[str]:
    """The names of joint lines and offers that keep a plan from being submitted."""
    return [*_joint_lines(session, plan), *_offers(session, plan)]


def require_settled(session: Session, plan: InspectionPlan) -> None:
    """No joint line waits for its lead or a department, no offer for an answer. Raises JointUnsettled, OffersOpen."""
    if waiting := _joint_lines(session, plan):
        raise JointUnsettled(lines="、".join(waiting))
    if offers := _offers(session, plan):
        raise OffersOpen(offers="、".join(offers))


def _joint_lines(session: Session, plan: InspectionPlan) -> list[str]:
    query = select(JointLine.name).where(JointLine.plan_id == plan.id, JointLine.state.not_in(ENDED))
    return list(session.scalars(query.order_by(JointLine.id)))


def _offers(session: Session, plan: InspectionPlan) -> list[str]:
    query = select(LineOffer.name).where(LineOffer.plan_id == plan.id, LineOffer.state == OfferState.OPEN)
    return list(session.scalars(query.order_by(LineOffer.id)))
