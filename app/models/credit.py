"""信用记录 (art. 9): what a disclosed finding means for an enterprise's standing, and the measures it may bring."""

from __future__ import annotations

from datetime import date

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Boolean, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import CreditState, MeasureKind, Severity
from app.extensions import db
from app.models.types import TermType


class CreditMeasure(db.Model):
    """惩戒或激励措施 of the national list, with its basis; there is no measure beside the list (R63)."""

    __tablename__ = "credit_measure"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[MeasureKind] = mapped_column(TermType(MeasureKind))
    edition: Mapped[str] = mapped_column(String(60))
    legal_basis: Mapped[str] = mapped_column(String(300))
    for_serious_only: Mapped[bool] = mapped_column(Boolean, default=False)
    in_force_from: Mapped[date] = mapped_column(Date)
    in_force_to: Mapped[date | None] = mapped_column(Date)
    needs_review: Mapped[bool] = mapped_column(Boolean, default=False)

    def __str__(self) -> str:
        return self.name


class CreditRecord(db.Model):
    """One disclosed finding in the credit record of an enterprise (art. 9, R59)."""

    __tablename__ = "credit_record"
    __table_args__ = (UniqueConstraint("finding_id", "disclosure_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("item_finding.id"), index=True)
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosure.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    is_problem: Mapped[bool] = mapped_column(Boolean)
    severity: Mapped[Severity | None] = mapped_column(TermType(Severity))
    state: Mapped[CreditState] = mapped_column(TermType(CreditState), default=CreditState.CURRENT, index=True)
    entered_on: Mapped[date] = mapped_column(Date)
    expires_on: Mapped[date] = mapped_column(Date, index=True)
    ended_on: Mapped[date | None] = mapped_column(Date)
    end_reason: Mapped[str | None] = mapped_column(String(300))

    enterprise = relationship("Enterprise")
    finding = relationship("ItemFinding")
    disclosure = relationship("Disclosure")
    agency = relationship("Agency")
    sanctions: Mapped[list[CreditSanction]] = relationship(
        back_populates="record", order_by="CreditSanction.id"
    )

    def __str__(self) -> str:
        return f"{self.enterprise} {self.entered_on}"


class CreditSanction(db.Model):
    """A measure taken on an entry of the credit record, until it is lifted."""

    __tablename__ = "credit_sanction"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("credit_record.id"), index=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("credit_measure.id"))
    taken_on: Mapped[date] = mapped_column(Date)
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    reason: Mapped[str] = mapped_column(String(300))
    lifted_on: Mapped[date | None] = mapped_column(Date)

    record = relationship(CreditRecord, back_populates="sanctions")
    measure = relationship(CreditMeasure)
    taken_by = relationship(User)
