"""What waits for whom in the yearly plan as one, for work desks (art. 8, R73)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.vocabulary import JointState, MemberState
from app.models import JointLine, JointMember


def questions_for(session: Session, agency_id: int) -> list[JointMember]:
    """The joint lines about which a department is asked and has not answered, the most urgent first."""
    query = (
        select(JointMember)
        .join(JointLine)
        .where(
            JointMember.agency_id == agency_id,
            JointMember.state == MemberState.INVITED,
            JointLine.state == JointState.CONSULTING,
        )
        .options(joinedload(JointMember.joint))
        .order_by(JointLine.answer_by, JointMember.id)
    )
    return list(session.scalars(query))


def decisions_for(session: Session, agency_id: int) -> list[JointLine]:
    """The joint lines that wait for a department as their lead: to confirm, or to settle."""
    query = (
        select(JointLine)
        .where(
            JointLine.lead_agency_id == agency_id,
            JointLine.state.in_((JointState.FORMED, JointState.CONSULTING)),
        )
        .options(selectinload(JointLine.members))
        .order_by(JointLine.id)
    )
    return [joint for joint in session.scalars(query) if _waits_for_lead(joint)]


def _waits_for_lead(joint: JointLine) -> bool:
    everybody = all(member.state != MemberState.INVITED for member in joint.members)
    return joint.state == JointState.FORMED or everybody
