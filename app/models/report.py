"""What reports keep: declared figures, layouts put in the place of ours, and periods as they were reported."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import db
from app.models.types import UtcDateTime


class DeclaredFigure(db.Model):
    """填报数据: what a department says of a year and the system cannot know; the newest row counts. Append-only."""

    __tablename__ = "declared_figure"
    __table_args__ = (Index("ix_declared_figure_of", "year", "agency_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(Integer)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(Text)
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)

    agency = relationship("Agency")
    declared_by = relationship(User)

    def __str__(self) -> str:
        return f"{self.year} {self.name}"


class ReportLayout(db.Model):
    """One choice of the layout of a form; without content the one that came with the program. Append-only."""

    __tablename__ = "report_layout"
    __table_args__ = (UniqueConstraint("form", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(Integer)
    content: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(300), default="")
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    chosen_by = relationship(User)

    def __str__(self) -> str:
        return f"{self.form} {self.version}"


class ReportedPeriod(db.Model):
    """已报报表: a report as it was handed in, never changed; a later edition stands beside it (R82). Append-only.

    `figures` are the cells by sheet, `rows_digest` names the stored rows that were counted, and `audit_number`
    is the end of the audit trail at that moment, so that what came later can be told.
    """

    __tablename__ = "reported_period"
    __table_args__ = (
        UniqueConstraint("report", "period", "scope", "edition"),
        Index("ix_reported_period_at", "reported_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report: Mapped[str] = mapped_column(String(20))
    period: Mapped[str] = mapped_column(String(24))
    scope: Mapped[str] = mapped_column(String(60))
    edition: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    territory: Mapped[str | None] = mapped_column(String(12))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    figures_digest: Mapped[str] = mapped_column(String(64))
    rows_digest: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"))
    file_digest: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"))
    file_name: Mapped[str] = mapped_column(String(200))
    audit_number: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(300), default="")
    reported_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)

    agency = relationship("Agency")
    reported_by = relationship(User)

    def __str__(self) -> str:
        return self.title
