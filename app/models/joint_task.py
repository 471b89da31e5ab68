"""A joint task: who was asked to take part, what each answered, who withdrew, what the lead confirmed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import JSON, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import PartState
from app.extensions import db
from app.models.types import TermType, UtcDateTime


class TaskPart(db.Model):
    """One department's part in a joint task, from the request to the answer (art. 8)."""

    __tablename__ = "task_part"
    __table_args__ = (UniqueConstraint("task_id", "agency_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("inspection_task.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    state: Mapped[PartState] = mapped_column(TermType(PartState), default=PartState.ASKED)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    task = relationship("InspectionTask", back_populates="parts")
    agency = relationship("Agency")
    replies: Mapped[list[PartReply]] = relationship(back_populates="part", order_by="PartReply.id")

    def __str__(self) -> str:
        return f"{self.task.number} {self.agency}"


class PartReply(db.Model):
    """回复 of a department about its part: contact, or the reason why it withdraws; append-only.

    `carried` says what becomes of its items, and `targets` how many drawn ones were concerned.
    """

    __tablename__ = "part_reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("task_part.id"), index=True)
    state: Mapped[PartState] = mapped_column(TermType(PartState))
    contact: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")
    document_no: Mapped[str] = mapped_column(String(80), default="")
    carried: Mapped[str] = mapped_column(String(300), default="")
    targets: Mapped[int] = mapped_column(Integer, default=0)
    by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    part = relationship(TaskPart, back_populates="replies")
    by = relationship(User)

    def __str__(self) -> str:
        return f"{self.state.label} {self.reason or self.contact}"


class VisitConfirmation(db.Model):
    """认定: the lead confirms the whole of a joint visit, every department's part as it then stood; append-only."""

    __tablename__ = "visit_confirmation"
    __table_args__ = (UniqueConstraint("visit_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    version: Mapped[int] = mapped_column(Integer)
    opinion: Mapped[str] = mapped_column(String(300))
    parts: Mapped[list[Any]] = mapped_column(JSON)
    done_on: Mapped[date] = mapped_column(Date)
    by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    visit = relationship("Visit", back_populates="confirmations")
    by = relationship(User)

    def __str__(self) -> str:
        return self.opinion
