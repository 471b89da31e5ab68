"""What follows a disclosure: objections, withdrawals, service of papers, deadlines brought before the leaders."""

from __future__ import annotations

from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import ClockKind, DeliveredPaper, DeliveryMethod, ObjectionState
from app.extensions import db
from app.models.types import TermType, UtcDateTime


class Objection(db.Model):
    """异议: somebody holds a disclosed result to be wrong (R58); name and contact never leave the house."""

    __tablename__ = "objection"

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt_no: Mapped[str] = mapped_column(String(40), unique=True)
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosure.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("item_finding.id"), index=True)
    state: Mapped[ObjectionState] = mapped_column(
        TermType(ObjectionState), default=ObjectionState.RECEIVED, index=True
    )
    applicant: Mapped[str] = mapped_column(String(60))
    contact: Mapped[str] = mapped_column(String(60))
    statement: Mapped[str] = mapped_column(Text)
    file_digest: Mapped[str | None] = mapped_column(ForeignKey("stored_file.digest"))
    file_name: Mapped[str | None] = mapped_column(String(200))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    registered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    decision: Mapped[str | None] = mapped_column(Text)

    disclosure = relationship("Disclosure")
    agency = relationship("Agency")
    finding = relationship("ItemFinding", back_populates="objections")
    registered_by = relationship(User, foreign_keys=[registered_by_id])
    decided_by = relationship(User, foreign_keys=[decided_by_id])

    def __str__(self) -> str:
        return self.receipt_no


class Withdrawal(db.Model):
    """撤下: from the day on which a disclosure was known to be wrong to the word of those it had been sent to (R57)."""

    __tablename__ = "withdrawal"

    id: Mapped[int] = mapped_column(primary_key=True)
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosure.id"), unique=True)
    known_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(300))
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    propagated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    propagated_note: Mapped[str | None] = mapped_column(String(300))

    disclosure = relationship("Disclosure")
    opened_by = relationship(User)

    def __str__(self) -> str:
        return f"{self.disclosure.index_no}"


class Delivery(db.Model):
    """送达回证: which paper was served on whom, how, when, by whom (R61, R68); append-only."""

    __tablename__ = "delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    paper: Mapped[DeliveredPaper] = mapped_column(TermType(DeliveredPaper))
    subject_id: Mapped[int] = mapped_column(Integer, index=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    served_on: Mapped[date] = mapped_column(Date)
    place: Mapped[str] = mapped_column(String(200))
    method: Mapped[DeliveryMethod] = mapped_column(TermType(DeliveryMethod))
    recipient: Mapped[str] = mapped_column(String(60))
    refusal: Mapped[str | None] = mapped_column(String(300))
    witness: Mapped[str | None] = mapped_column(String(60))
    proof_digest: Mapped[str | None] = mapped_column(ForeignKey("stored_file.digest"))
    proof_name: Mapped[str | None] = mapped_column(String(200))
    served_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    visit = relationship("Visit", back_populates="deliveries")
    agency = relationship("Agency")
    served_by = relationship(User)

    def __str__(self) -> str:
        return f"{self.paper.label} {self.served_on}"


class Escalation(db.Model):
    """上报领导小组: a deadline that passed, once each; append-only (R54)."""

    __tablename__ = "escalation"
    __table_args__ = (UniqueConstraint("kind", "subject", "due"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ClockKind] = mapped_column(TermType(ClockKind))
    subject: Mapped[str] = mapped_column(String(80))
    due: Mapped[str] = mapped_column(String(25))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    text: Mapped[str] = mapped_column(String(300))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)

    agency = relationship("Agency")
