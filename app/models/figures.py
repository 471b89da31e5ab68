"""Figures kept ready for the dashboard: computed from other tables, and computed anew whenever these change.

No row refers to another table by a key that the database enforces: a kept row may outlive what it counts
until the next refresh.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Float, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.models.types import UtcDateTime


class FigureRefresh(db.Model):
    """As of which link of the audit chain and which day one scope (a year, or the deadlines) was computed."""

    __tablename__ = "figure_refresh"

    scope: Mapped[str] = mapped_column(String(20), primary_key=True)
    head: Mapped[int] = mapped_column(Integer, default=-1)
    day: Mapped[date | None] = mapped_column(Date)
    computed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seconds: Mapped[float] = mapped_column(Float, default=0)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def __str__(self) -> str:
        return self.scope


class FigureSheet(db.Model):
    """The figures of one year, for one department or (agency 0) for all."""

    __tablename__ = "figure_sheet"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    agency_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)


class FigureRow(db.Model):
    """One 件 behind the figures of a year: a drawn target for one item, with its keys and 0/1 steps."""

    # A year lies together and in the order of its enterprises, so that it is grouped while it is read.
    __tablename__ = "figure_row"
    __table_args__ = {"sqlite_with_rowid": False}

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    enterprise_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    draw_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    target_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    agency_id: Mapped[int] = mapped_column(Integer)
    task_id: Mapped[int] = mapped_column(Integer)
    item_id: Mapped[int] = mapped_column(Integer)
    visit_id: Mapped[int | None] = mapped_column(Integer)
    territory_code: Mapped[str | None] = mapped_column(String(6))
    division: Mapped[str | None] = mapped_column(String(2))
    month: Mapped[int] = mapped_column(Integer)
    """Month of the check in that year; 0 when it was not checked, or not in that year."""
    is_joint: Mapped[int] = mapped_column(Integer)
    checked: Mapped[int] = mapped_column(Integer)
    disclosed: Mapped[int] = mapped_column(Integer)
    closed: Mapped[int] = mapped_column(Integer)
    problem: Mapped[int] = mapped_column(Integer)
    due: Mapped[int] = mapped_column(Integer)
    punctual: Mapped[int] = mapped_column(Integer)
    entered: Mapped[int | None] = mapped_column(Integer)
    met: Mapped[int] = mapped_column(Integer)
    joined: Mapped[int] = mapped_column(Integer)
    is_external: Mapped[int] = mapped_column(Integer)
    gone: Mapped[int] = mapped_column(Integer, server_default="0")


class FigureCount(db.Model):
    """How often one enterprise was checked in a year, or one inspector sent out; agency 0 is all together."""

    __tablename__ = "figure_count"
    __table_args__ = (Index("ix_figure_count_number", "year", "kind", "agency_id", "number", "subject_id"),)

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    agency_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    subject_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer)


class FigureDeadline(db.Model):
    """One deadline that runs, with the moments at which it warns and is over, so that its state needs no calendar."""

    __tablename__ = "figure_deadline"
    __table_args__ = (
        Index("ix_figure_deadline_due", "due"),
        Index("ix_figure_deadline_agency", "agency_id", "due"),
    )

    record: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    agency_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    ordinal: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(300))
    started: Mapped[datetime] = mapped_column(UtcDateTime)
    warns: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due: Mapped[datetime | None] = mapped_column(UtcDateTime)
