"""Leadership, training and publicity (art. 12 and 16)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, Integer, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db


class GroupMeeting(db.Model):
    """领导小组会议 (art. 12, R87)."""

    __tablename__ = "group_meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    held_on: Mapped[date] = mapped_column(Date)
    topic: Mapped[str] = mapped_column(String(120))
    chair: Mapped[str] = mapped_column(String(40))
    attendees: Mapped[int] = mapped_column(Integer, default=0)
    decisions: Mapped[str] = mapped_column(Text)

    def __str__(self) -> str:
        return f"{self.held_on} {self.topic}"


class TrainingSession(db.Model):
    """专题培训 (art. 16, R87)."""

    __tablename__ = "training_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    held_on: Mapped[date] = mapped_column(Date)
    topic: Mapped[str] = mapped_column(String(120))
    hours: Mapped[float] = mapped_column(Numeric(5, 1), default=0)
    attendees: Mapped[int] = mapped_column(Integer, default=0)
    passed: Mapped[int | None] = mapped_column(Integer)
    note: Mapped[str | None] = mapped_column(Text)

    def __str__(self) -> str:
        return f"{self.held_on} {self.topic}"


class PublicityActivity(db.Model):
    """宣传活动 (art. 16)."""

    __tablename__ = "publicity_activity"

    id: Mapped[int] = mapped_column(primary_key=True)
    held_on: Mapped[date] = mapped_column(Date)
    topic: Mapped[str] = mapped_column(String(120))
    channel: Mapped[str] = mapped_column(String(60))
    reach: Mapped[int | None] = mapped_column(Integer)
    note: Mapped[str | None] = mapped_column(Text)

    def __str__(self) -> str:
        return f"{self.held_on} {self.topic}"
