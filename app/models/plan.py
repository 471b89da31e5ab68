"""The annual plan and its lines."""

from __future__ import annotations

from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import Cooperation, PlanState, Scope, Stratification
from app.extensions import db
from app.models.types import TermType, UtcDateTime


class InspectionPlan(db.Model):
    """年度抽查计划; no task without a filed and disclosed plan (R21)."""

    __tablename__ = "inspection_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(Integer, index=True)
    title: Mapped[str] = mapped_column(String(120))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    state: Mapped[PlanState] = mapped_column(TermType(PlanState), default=PlanState.DRAFT)
    filing_no: Mapped[str | None] = mapped_column(String(60))
    return_reason: Mapped[str | None] = mapped_column(String(300))
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disclosed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    agency = relationship("Agency")
    submitted_by = relationship(User, foreign_keys=[submitted_by_id])
    approved_by = relationship(User, foreign_keys=[approved_by_id])
    lines: Mapped[list[PlanLine]] = relationship(
        back_populates="plan", order_by="PlanLine.ordinal", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return self.title


class PlanLine(db.Model):
    """计划行: what is drawn, from whom, at which ratio, when, together with whom (R23)."""

    __tablename__ = "plan_line"
    __table_args__ = (UniqueConstraint("plan_id", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("inspection_plan.id"), index=True)
    ordinal: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(120))
    scope: Mapped[Scope] = mapped_column(TermType(Scope), default=Scope.TARGETED)
    cooperation: Mapped[Cooperation] = mapped_column(
        TermType(Cooperation), default=Cooperation.SINGLE, server_default="single"
    )
    lead_agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    stratification: Mapped[Stratification] = mapped_column(
        TermType(Stratification), default=Stratification.ATTENTION
    )
    accepts_guesses: Mapped[bool] = mapped_column(Boolean, default=False)
    batches: Mapped[int] = mapped_column(Integer, default=1)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Text)

    plan = relationship(InspectionPlan, back_populates="lines")
    lead_agency = relationship("Agency")
    joint = relationship("JointLine", back_populates="line", uselist=False)
    items: Mapped[list[PlanLineItem]] = relationship(
        back_populates="line", order_by="PlanLineItem.id", cascade="all, delete-orphan"
    )

    @property
    def is_joint(self) -> bool:
        """True when items of more than one agency meet in this line (art. 8)."""
        return len({entry.version.item.agency_id for entry in self.items}) > 1

    def __str__(self) -> str:
        return f"{self.ordinal}. {self.name}"


class PlanLineItem(db.Model):
    """One item version in a plan line, with its own yearly ratio and bounds (R4, R25, R26)."""

    __tablename__ = "plan_line_item"
    __table_args__ = (UniqueConstraint("line_id", "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("plan_line.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    ppm: Mapped[int] = mapped_column(Integer)
    attention_ppm: Mapped[int | None] = mapped_column(Integer)
    minimum: Mapped[int | None] = mapped_column(Integer)
    maximum: Mapped[int | None] = mapped_column(Integer)
    base_count: Mapped[int] = mapped_column(Integer, default=0)
    target_count: Mapped[int] = mapped_column(Integer, default=0)

    line = relationship(PlanLine, back_populates="items")
    version = relationship("ItemVersion")

    def __str__(self) -> str:
        return f"{self.version}"
