"""通知: what departments are told, in the system and by mail where one is set up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import MailState, OutboxKind
from app.extensions import db
from app.models.types import TermType, UtcDateTime


class OutboxMessage(db.Model):
    """One message to one department; `record` names what it is about, as area:key."""

    __tablename__ = "outbox_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[OutboxKind] = mapped_column(TermType(OutboxKind))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    record: Mapped[str] = mapped_column(String(40), index=True)
    address: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[MailState] = mapped_column(TermType(MailState), index=True)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    agency = relationship("Agency")
    tries: Mapped[list[OutboxTry]] = relationship(back_populates="message", order_by="OutboxTry.id")

    def __str__(self) -> str:
        return self.subject


class OutboxTry(db.Model):
    """One attempt to send a message by mail, and what the server said; append-only."""

    __tablename__ = "outbox_try"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("outbox_message.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_done: Mapped[bool] = mapped_column(Boolean)
    answer: Mapped[str] = mapped_column(String(300), default="")

    message = relationship(OutboxMessage, back_populates="tries")
