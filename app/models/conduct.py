"""Leadership, training and publicity (art. 12 and 16)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, Integer, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

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


class GroupTask(db.Model):
    """领导小组交办事项: what was asked of a department, by when, and what became of it (art. 12, R87)."""

    __tablename__ = "group_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    given_on: Mapped[date] = mapped_column(Date)
    topic: Mapped[str] = mapped_column(String(200))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("group_meeting.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    person: Mapped[str | None] = mapped_column(String(40))
    due_on: Mapped[date] = mapped_column(Date, index=True)
    done_on: Mapped[date | None] = mapped_column(Date)
    result: Mapped[str | None] = mapped_column(Text)

    meeting = relationship(GroupMeeting)
    agency = relationship("Agency")

    def __str__(self) -> str:
        return self.topic


class TrainingSession(db.Model):
    """专题培训 (art. 16, R87)."""

    __tablename__ = "training_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    held_on: Mapped[date] = mapped_column(Date)
    topic: Mapped[str] = mapped_column(String(120))
    hours: Mapped[float] = mapped_column(Numeric(5, 1), default=0)
    attendees: Mapped[int] = mapped_column(Integer, default=0)
    examined: Mapped[int | None] = mapped_column(Integer)
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
