"""What comes after a problem (art. 10): orders to rectify, transfers, notices to other departments."""

from __future__ import annotations

from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import (
    LetterFate,
    NoticeOutcome,
    NoticeState,
    NoticeSubject,
    RectificationAct,
    RectificationState,
    TransferAct,
    TransferKind,
    TransferState,
)
from app.extensions import db
from app.models.types import TermType, UtcDateTime


class RectificationOrder(db.Model):
    """责令（限期）改正 of one finding (行政处罚法 art. 28, R64); its life stands in its steps."""

    __tablename__ = "rectification_order"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("item_finding.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    state: Mapped[RectificationState] = mapped_column(
        TermType(RectificationState), default=RectificationState.ORDERED, index=True
    )
    violated_on: Mapped[date] = mapped_column(Date)
    facts: Mapped[str] = mapped_column(Text)
    violated_rule: Mapped[str] = mapped_column(String(300))
    legal_basis: Mapped[str] = mapped_column(String(300))
    requirement: Mapped[str] = mapped_column(Text)
    consequence: Mapped[str] = mapped_column(String(300))
    due_on: Mapped[date] = mapped_column(Date, index=True)
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ordered_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    closed_on: Mapped[date | None] = mapped_column(Date)

    finding = relationship("ItemFinding", back_populates="orders")
    agency = relationship("Agency")
    ordered_by = relationship(User)
    steps: Mapped[list[RectificationStep]] = relationship(
        back_populates="order", order_by="RectificationStep.ordinal"
    )

    def __str__(self) -> str:
        return f"{self.finding.visit.enterprise} {self.finding}"


class RectificationStep(db.Model):
    """One step of an order; append-only. A re-check on the spot is an inspection act of its own (R36, R64)."""

    __tablename__ = "rectification_step"
    __table_args__ = (UniqueConstraint("order_id", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("rectification_order.id"), index=True)
    ordinal: Mapped[int] = mapped_column(Integer)
    act: Mapped[RectificationAct] = mapped_column(TermType(RectificationAct))
    on: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text)
    is_entry: Mapped[bool] = mapped_column(Boolean, default=False)
    due_on: Mapped[date | None] = mapped_column(Date)
    file_digest: Mapped[str | None] = mapped_column(ForeignKey("stored_file.digest"))
    file_name: Mapped[str | None] = mapped_column(String(200))
    by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    order = relationship(RectificationOrder, back_populates="steps")
    by = relationship(User)


class CaseTransfer(db.Model):
    """案件移送 to another department, a case-handling body or the police (R70, R71)."""

    __tablename__ = "case_transfer"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("item_finding.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[TransferKind] = mapped_column(TermType(TransferKind))
    state: Mapped[TransferState] = mapped_column(TermType(TransferState), index=True)
    receiver: Mapped[str] = mapped_column(String(100))
    facts: Mapped[str] = mapped_column(Text)
    legal_basis: Mapped[str] = mapped_column(String(300))
    documents: Mapped[str] = mapped_column(Text)
    reply_due_on: Mapped[date | None] = mapped_column(Date)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))

    finding = relationship("ItemFinding", back_populates="transfers")
    agency = relationship("Agency")
    opened_by = relationship(User)
    officers: Mapped[list[TransferOfficer]] = relationship(
        back_populates="transfer", order_by="TransferOfficer.inspector_id"
    )
    steps: Mapped[list[TransferStep]] = relationship(
        back_populates="transfer", order_by="TransferStep.ordinal"
    )

    def __str__(self) -> str:
        return f"{self.finding.visit.enterprise} → {self.receiver}"


class TransferOfficer(db.Model):
    """专案组: the two or more officers who report on a suspected crime (R70)."""

    __tablename__ = "transfer_officer"

    transfer_id: Mapped[int] = mapped_column(ForeignKey("case_transfer.id"), primary_key=True)
    inspector_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"), primary_key=True, index=True)

    transfer = relationship(CaseTransfer, back_populates="officers")
    inspector = relationship("Inspector")


class TransferStep(db.Model):
    """One step of a transfer with the moment at which it happened; append-only."""

    __tablename__ = "transfer_step"
    __table_args__ = (UniqueConstraint("transfer_id", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    transfer_id: Mapped[int] = mapped_column(ForeignKey("case_transfer.id"), index=True)
    ordinal: Mapped[int] = mapped_column(Integer)
    act: Mapped[TransferAct] = mapped_column(TermType(TransferAct))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text)
    file_digest: Mapped[str | None] = mapped_column(ForeignKey("stored_file.digest"))
    file_name: Mapped[str | None] = mapped_column(String(200))
    by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    transfer = relationship(CaseTransfer, back_populates="steps")
    by = relationship(User)


class AgencyNotice(db.Model):
    """抄告: facts and evidence told to another department, and its reply in its own words (R62)."""

    __tablename__ = "agency_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("item_finding.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    receiver_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    subject: Mapped[NoticeSubject] = mapped_column(TermType(NoticeSubject))
    state: Mapped[NoticeState] = mapped_column(TermType(NoticeState), default=NoticeState.SENT, index=True)
    facts: Mapped[str] = mapped_column(Text)
    legal_basis: Mapped[str] = mapped_column(String(300))
    evidence: Mapped[str] = mapped_column(Text)
    file_digest: Mapped[str | None] = mapped_column(ForeignKey("stored_file.digest"))
    file_name: Mapped[str | None] = mapped_column(String(200))
    sent_on: Mapped[date] = mapped_column(Date)
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    received_on: Mapped[date | None] = mapped_column(Date)
    answered_on: Mapped[date | None] = mapped_column(Date)
    outcome: Mapped[NoticeOutcome | None] = mapped_column(TermType(NoticeOutcome))
    answer: Mapped[str | None] = mapped_column(Text)

    finding = relationship("ItemFinding", back_populates="notices")
    agency = relationship("Agency", foreign_keys=[agency_id])
    receiver = relationship("Agency", foreign_keys=[receiver_id])
    sent_by = relationship(User)

    def __str__(self) -> str:
        return f"{self.finding.visit.enterprise} → {self.receiver}"


class AddressLetter(db.Model):
    """专用信函: a letter to the registered address; two unanswered ones show 无法联系 (R62)."""

    __tablename__ = "address_letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("item_finding.id"), index=True)
    posted_on: Mapped[date] = mapped_column(Date)
    tracking_no: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(300))
    fate: Mapped[LetterFate] = mapped_column(TermType(LetterFate), default=LetterFate.UNDER_WAY)
    fate_on: Mapped[date | None] = mapped_column(Date)
    posted_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))

    finding = relationship("ItemFinding", back_populates="letters")
    posted_by = relationship(User)

    def __str__(self) -> str:
        return f"{self.posted_on} {self.tracking_no}"
