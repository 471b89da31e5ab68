"""专项检查 with its quota, period, approver, filing and publication."""

from __future__ import annotations

from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import SpecialApprover, SpecialOrigin, SpecialState
from app.extensions import db
from app.models.types import TermType, UtcDateTime

special_item = Table(
    "special_item",
    db.metadata,
    Column("special_id", ForeignKey("special_inspection.id"), primary_key=True),
    Column("version_id", ForeignKey("item_version.id"), primary_key=True),
)


class SpecialInspection(db.Model):
    """专项检查 (R39): approved by a county government or a superior organ, never covering everybody."""

    __tablename__ = "special_inspection"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    year: Mapped[int] = mapped_column(Integer, index=True)
    origin: Mapped[SpecialOrigin] = mapped_column(TermType(SpecialOrigin))
    state: Mapped[SpecialState] = mapped_column(TermType(SpecialState), default=SpecialState.DRAFT)
    reason: Mapped[str] = mapped_column(Text)
    quota: Mapped[int] = mapped_column(Integer)
    pool: Mapped[int] = mapped_column(Integer)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    approver: Mapped[SpecialApprover | None] = mapped_column(TermType(SpecialApprover))
    approving_organ: Mapped[str | None] = mapped_column(String(120))
    approval_no: Mapped[str | None] = mapped_column(String(60))
    approved_on: Mapped[date | None] = mapped_column(Date)
    filing_no: Mapped[str | None] = mapped_column(String(60))
    filed_on: Mapped[date | None] = mapped_column(Date)
    reported_on: Mapped[date | None] = mapped_column(Date)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    agency = relationship("Agency")
    created_by = relationship(User)
    versions = relationship("ItemVersion", secondary=special_item, order_by="ItemVersion.id")
    targets: Mapped[list[SpecialTarget]] = relationship(back_populates="special", order_by="SpecialTarget.id")
    tasks = relationship("InspectionTask", back_populates="special", order_by="InspectionTask.id")

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class SpecialTarget(db.Model):
    """One enterprise of a special inspection and why it was chosen; append-only (R39)."""

    __tablename__ = "special_target"

    id: Mapped[int] = mapped_column(primary_key=True)
    special_id: Mapped[int] = mapped_column(ForeignKey("special_inspection.id"), index=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), unique=True)
    ground: Mapped[str] = mapped_column(String(300))

    special = relationship(SpecialInspection, back_populates="targets")
    enterprise = relationship("Enterprise")
    visit = relationship("Visit")

    def __str__(self) -> str:
        return f"{self.enterprise}"
