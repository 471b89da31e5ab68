"""The yearly plan as one: what departments offer, joint lines formed of it, and every answer (art. 8, R73)."""

from __future__ import annotations

from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import Cooperation, JointState, MemberState, OfferState, Stratification
from app.extensions import db
from app.models.types import TermType, UtcDateTime


class LineOffer(db.Model):
    """部门申报: a line that a department proposes from its own checklist for the plan of a year."""

    __tablename__ = "line_offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("inspection_plan.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    name: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    stratification: Mapped[Stratification] = mapped_column(
        TermType(Stratification), default=Stratification.ATTENTION, server_default="attention"
    )
    batches: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    state: Mapped[OfferState] = mapped_column(TermType(OfferState), default=OfferState.OPEN)
    reason: Mapped[str | None] = mapped_column(String(300))
    joint_id: Mapped[int | None] = mapped_column(ForeignKey("joint_line.id"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("plan_line.id"), index=True)
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    plan = relationship("InspectionPlan")
    agency = relationship("Agency")
    joint = relationship("JointLine", back_populates="offers")
    line = relationship("PlanLine")
    offered_by = relationship(User)
    items: Mapped[list[OfferItem]] = relationship(back_populates="offer", order_by="OfferItem.id")

    def __str__(self) -> str:
        return self.name


class OfferItem(db.Model):
    """One item of an offer with its yearly ratio and its bounds (R4, R25)."""

    __tablename__ = "offer_item"
    __table_args__ = (UniqueConstraint("offer_id", "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("line_offer.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    ppm: Mapped[int] = mapped_column(Integer)

    offer = relationship(LineOffer, back_populates="items")
    version = relationship("ItemVersion")

    def __str__(self) -> str:
        return f"{self.version}"


class JointLine(db.Model):
    """联合计划建议: items of several departments for one kind of enterprise, until all have agreed.

    `separate` and `together` are the visits expected alone and jointly when it was formed.
    """

    __tablename__ = "joint_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("inspection_plan.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    cooperation: Mapped[Cooperation] = mapped_column(TermType(Cooperation))
    lead_agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    stratification: Mapped[Stratification] = mapped_column(
        TermType(Stratification), default=Stratification.ATTENTION, server_default="attention"
    )
    batches: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    state: Mapped[JointState] = mapped_column(TermType(JointState), default=JointState.FORMED)
    answer_by: Mapped[date | None] = mapped_column(Date)
    separate: Mapped[int] = mapped_column(Integer)
    together: Mapped[int] = mapped_column(Integer)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("plan_line.id"), unique=True)
    ending: Mapped[str | None] = mapped_column(String(300))
    formed_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    formed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    plan = relationship("InspectionPlan")
    lead_agency = relationship("Agency")
    line = relationship("PlanLine", back_populates="joint")
    formed_by = relationship(User, foreign_keys=[formed_by_id])
    confirmed_by = relationship(User, foreign_keys=[confirmed_by_id])
    offers: Mapped[list[LineOffer]] = relationship(back_populates="joint", order_by="LineOffer.id")
    items: Mapped[list[JointItem]] = relationship(back_populates="joint", order_by="JointItem.id")
    members: Mapped[list[JointMember]] = relationship(back_populates="joint", order_by="JointMember.id")

    @property
    def saved(self) -> int:
        """Visits that are expected to be spared."""
        return self.separate - self.together

    def __str__(self) -> str:
        return self.name


class JointItem(db.Model):
    """One item of a joint line; which department answers for it follows from the item."""

    __tablename__ = "joint_item"
    __table_args__ = (UniqueConstraint("joint_id", "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    joint_id: Mapped[int] = mapped_column(ForeignKey("joint_line.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    ppm: Mapped[int] = mapped_column(Integer)

    joint = relationship(JointLine, back_populates="items")
    version = relationship("ItemVersion")

    def __str__(self) -> str:
        return f"{self.version}"


class JointMember(db.Model):
    """参与部门: how it stands to the joint line, and how many people it sends to a visit."""

    __tablename__ = "joint_member"
    __table_args__ = (UniqueConstraint("joint_id", "agency_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    joint_id: Mapped[int] = mapped_column(ForeignKey("joint_line.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    is_lead: Mapped[bool] = mapped_column(Boolean, default=False)
    team_size: Mapped[int] = mapped_column(Integer)
    state: Mapped[MemberState] = mapped_column(TermType(MemberState), default=MemberState.INVITED)

    joint = relationship(JointLine, back_populates="members")
    agency = relationship("Agency")
    answers: Mapped[list[JointAnswer]] = relationship(back_populates="member", order_by="JointAnswer.id")

    def __str__(self) -> str:
        return f"{self.agency}"


class JointAnswer(db.Model):
    """答复: what a department answered or the lead decided about it, with the reason; append-only.

    `document_no` names the letter where the answer came on paper and somebody else entered it.
    """

    __tablename__ = "joint_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("joint_member.id"), index=True)
    state: Mapped[MemberState] = mapped_column(TermType(MemberState))
    reason: Mapped[str] = mapped_column(String(300), default="")
    document_no: Mapped[str] = mapped_column(String(80), default="")
    is_late: Mapped[bool] = mapped_column(Boolean, default=False)
    by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    member = relationship(JointMember, back_populates="answers")
    by = relationship(User)

    def __str__(self) -> str:
        return f"{self.state.label} {self.reason}"
