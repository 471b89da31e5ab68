"""The little that is kept of a penalty: its clocks, its legal review, and the look at a first minor breach."""

from __future__ import annotations

from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Boolean, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import Harm, Leniency, PenaltyType
from app.extensions import db
from app.models.types import TermType, UtcDateTime


class LeniencyDecision(db.Model):
    """轻微、初次违法的处理决定 (行政处罚法 art. 33, R66); append-only."""

    __tablename__ = "leniency_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("item_finding.id"), index=True)
    is_first: Mapped[bool] = mapped_column(Boolean)
    is_minor: Mapped[bool] = mapped_column(Boolean)
    is_corrected: Mapped[bool] = mapped_column(Boolean)
    harm: Mapped[Harm] = mapped_column(TermType(Harm), default=Harm.NONE, server_default="none")
    decision: Mapped[Leniency] = mapped_column(TermType(Leniency))
    education: Mapped[str] = mapped_column(Text)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)

    finding = relationship("ItemFinding")
    decided_by = relationship(User)


class PenaltyCase(db.Model):
    """处罚案件台账: the dates that legal clocks hang on; the case itself is handled elsewhere (R55, R67-R69, R78)."""

    __tablename__ = "penalty_case"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("item_finding.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    case_no: Mapped[str] = mapped_column(String(60), unique=True)
    violated_on: Mapped[date] = mapped_column(Date)
    filed_on: Mapped[date] = mapped_column(Date)
    needs_review: Mapped[bool] = mapped_column(Boolean, default=False)
    reviewer: Mapped[str | None] = mapped_column(String(60))
    reviewer_certificate: Mapped[str | None] = mapped_column(String(60))
    reviewed_on: Mapped[date | None] = mapped_column(Date)
    decided_on: Mapped[date | None] = mapped_column(Date)
    penalties: Mapped[str | None] = mapped_column(String(60))
    counted_as: Mapped[PenaltyType | None] = mapped_column(TermType(PenaltyType))
    served_on: Mapped[date | None] = mapped_column(Date)
    paid_on: Mapped[date | None] = mapped_column(Date)
    disclosed_on: Mapped[date | None] = mapped_column(Date)
    disclosed_at_place: Mapped[str | None] = mapped_column(String(100))
    dropped_on: Mapped[date | None] = mapped_column(Date)
    drop_reason: Mapped[str | None] = mapped_column(String(300))
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))

    finding = relationship("ItemFinding", back_populates="cases")
    agency = relationship("Agency")
    opened_by = relationship(User)

    def __str__(self) -> str:
        return self.case_no
