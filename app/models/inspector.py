"""The roster of inspectors: people, certificates, expertise, recusals."""

from __future__ import annotations

from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import CertificateKind, InspectorStatus, RecusalKind, RecusalState, StaffKind
from app.extensions import db
from app.models.types import TermType, UtcDateTime

inspector_expertise = Table(
    "inspector_expertise",
    db.metadata,
    Column("inspector_id", ForeignKey("inspector.id"), primary_key=True),
    Column("expertise_id", ForeignKey("expertise.id"), primary_key=True),
)


class Expertise(db.Model):
    """业务专长 (art. 3, R16)."""

    __tablename__ = "expertise"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)

    def __str__(self) -> str:
        return self.name


class Inspector(db.Model):
    """执法检查人员 (art. 3); staff_no is the name under which a person enters the match."""

    __tablename__ = "inspector"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_no: Mapped[str] = mapped_column(String(22), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    position: Mapped[str | None] = mapped_column(String(60))
    kind: Mapped[StaffKind] = mapped_column(TermType(StaffKind), default=StaffKind.INSPECTOR)
    status: Mapped[InspectorStatus] = mapped_column(TermType(InspectorStatus), default=InspectorStatus.ACTIVE)
    may_lead: Mapped[bool] = mapped_column(Boolean, default=False)
    yearly_cap: Mapped[int | None] = mapped_column(Integer)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), unique=True)

    agency = relationship("Agency")
    user = relationship(User)
    expertise = relationship(Expertise, secondary=inspector_expertise)
    certificates: Mapped[list[EnforcementCertificate]] = relationship(
        back_populates="inspector", cascade="all, delete-orphan"
    )
    recusals: Mapped[list[Recusal]] = relationship(
        back_populates="inspector", foreign_keys="Recusal.inspector_id"
    )

    def __str__(self) -> str:
        return f"{self.name}（{self.staff_no}）"


class EnforcementCertificate(db.Model):
    """行政执法证; without a valid one nobody may inspect (R15)."""

    __tablename__ = "enforcement_certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspector_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"), index=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[CertificateKind] = mapped_column(
        TermType(CertificateKind), default=CertificateKind.PROVINCIAL
    )
    area_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date] = mapped_column(Date)
    is_suspended: Mapped[bool] = mapped_column(Boolean, default=False)

    inspector = relationship(Inspector, back_populates="certificates")
    area = relationship("Region")

    def __str__(self) -> str:
        return self.number


class Recusal(db.Model):
    """回避: this inspector may not inspect this enterprise (R18)."""

    __tablename__ = "recusal"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspector_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"), index=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    kind: Mapped[RecusalKind] = mapped_column(TermType(RecusalKind), default=RecusalKind.RELATION)
    state: Mapped[RecusalState] = mapped_column(TermType(RecusalState), default=RecusalState.GRANTED)
    reason: Mapped[str | None] = mapped_column(String(200))
    requested_on: Mapped[date | None] = mapped_column(Date)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    inspector = relationship(Inspector, back_populates="recusals", foreign_keys=[inspector_id])
    enterprise = relationship("Enterprise")
    decided_by = relationship(User, foreign_keys=[decided_by_id])

    def __str__(self) -> str:
        return f"{self.inspector} / {self.enterprise}"
