"""Risk warnings, what was done about them, and what they propose for next year's plan (art. 11)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import ProposalState, RiskDimension, WarningKind, WarningLevel, WarningState
from app.extensions import db
from app.models.types import TermType, UtcDateTime


class RiskWarning(db.Model):
    """监管风险预警: a group of findings that stands out, from its discovery to its lifting (art. 11, R88)."""

    __tablename__ = "risk_warning"
    __table_args__ = (Index("ix_risk_warning_matter", "dimension", "value", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    dimension: Mapped[RiskDimension] = mapped_column(TermType(RiskDimension))
    value: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(200))
    kind: Mapped[WarningKind] = mapped_column(TermType(WarningKind))
    level: Mapped[WarningLevel] = mapped_column(TermType(WarningLevel), index=True)
    state: Mapped[WarningState] = mapped_column(
        TermType(WarningState), default=WarningState.FOUND, index=True
    )
    month: Mapped[date] = mapped_column(Date)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_by: Mapped[date | None] = mapped_column(Date)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    owner = relationship(User)
    steps: Mapped[list[RiskWarningStep]] = relationship(
        back_populates="warning", order_by="RiskWarningStep.id"
    )
    proposals: Mapped[list[RatioProposal]] = relationship(back_populates="warning")
    responses: Mapped[list[RiskResponse]] = relationship(back_populates="warning", order_by="RiskResponse.id")

    @property
    def is_false_alarm(self) -> bool:
        """误报: lifted because nothing was behind it."""
        return any(step.event == "dismiss" for step in self.steps)

    @property
    def latest_evidence(self) -> dict[str, Any]:
        """The evidence seen last: that of the newest renewal, else of the discovery."""
        return next((step.evidence for step in reversed(self.steps) if step.evidence), self.evidence)

    def __str__(self) -> str:
        return f"{self.number} {self.label}"


class RiskWarningStep(db.Model):
    """One step in the life of a warning: found, seen again, assessed, reported, handled, lifted; append-only."""

    __tablename__ = "risk_warning_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    warning_id: Mapped[int] = mapped_column(ForeignKey("risk_warning.id"), index=True)
    event: Mapped[str] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    month: Mapped[date | None] = mapped_column(Date)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    warning = relationship(RiskWarning, back_populates="steps")
    actor = relationship(User)

    def __str__(self) -> str:
        return f"{self.warning} {self.event}"


class RatioProposal(db.Model):
    """比例调整建议: another ratio for an item in a coming plan; the planner adopts or declines it."""

    __tablename__ = "ratio_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    warning_id: Mapped[int] = mapped_column(ForeignKey("risk_warning.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("inspection_item.id"), index=True)
    year: Mapped[int] = mapped_column(Integer)
    ppm: Mapped[int] = mapped_column(Integer)
    concerns_attention: Mapped[bool] = mapped_column(Boolean, default=False)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[ProposalState] = mapped_column(TermType(ProposalState), default=ProposalState.OPEN)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decision: Mapped[str | None] = mapped_column(String(300))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    warning = relationship(RiskWarning, back_populates="proposals")
    item = relationship("InspectionItem")
    proposed_by = relationship(User, foreign_keys=[proposed_by_id])
    decided_by = relationship(User, foreign_keys=[decided_by_id])

    def __str__(self) -> str:
        return f"{self.item} {self.year}"


class RiskRun(db.Model):
    """One run of the monthly analysis (综合分析研判): which month, when, what it brought; append-only."""

    __tablename__ = "risk_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(Date, index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    new: Mapped[int] = mapped_column(Integer)
    renewed: Mapped[int] = mapped_column(Integer)

    actor = relationship(User)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class RiskResponse(db.Model):
    """A special inspection that was started because of a warning (art. 11, 15); append-only."""

    __tablename__ = "risk_response"

    id: Mapped[int] = mapped_column(primary_key=True)
    warning_id: Mapped[int] = mapped_column(ForeignKey("risk_warning.id"), index=True)
    special_id: Mapped[int] = mapped_column(ForeignKey("special_inspection.id"), unique=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    warning = relationship(RiskWarning, back_populates="responses")
    special = relationship("SpecialInspection")
    actor = relationship(User)

    def __str__(self) -> str:
        return f"{self.special}"
