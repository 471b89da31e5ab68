"""A visit: one enterprise, one team, one date, one or more items; and its findings."""

from __future__ import annotations

from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import (
    CheckMethod,
    Disposal,
    FindingState,
    PointOutcome,
    ResultCode,
    Severity,
    VisitState,
)
from app.extensions import db
from app.models.types import TermType, UtcDateTime


class Visit(db.Model):
    """检查: everything that one enterprise is inspected for in one task, done at once (一次完成)."""

    __tablename__ = "visit"
    __table_args__ = (UniqueConstraint("draw_id", "enterprise_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("inspection_task.id"), index=True)
    draw_id: Mapped[int | None] = mapped_column(ForeignKey("draw.id"), index=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    state: Mapped[VisitState] = mapped_column(TermType(VisitState), default=VisitState.PLANNED, index=True)
    route: Mapped[str] = mapped_column(String(22), index=True)
    planned_on: Mapped[date] = mapped_column(Date, index=True)
    done_on: Mapped[date | None] = mapped_column(Date, index=True)
    disclose_by: Mapped[date | None] = mapped_column(Date, index=True)

    task = relationship("InspectionTask", back_populates="visits")
    draw = relationship("Draw")
    enterprise = relationship("Enterprise")
    members: Mapped[list[VisitMember]] = relationship(back_populates="visit", order_by="VisitMember.id")
    findings: Mapped[list[ItemFinding]] = relationship(back_populates="visit", order_by="ItemFinding.id")
    approvals = relationship(
        "VisitApproval",
        foreign_keys="VisitApproval.visit_id",
        back_populates="visit",
        order_by="VisitApproval.id",
    )
    urgent_reports = relationship("UrgentReport", back_populates="visit", order_by="UrgentReport.id")
    filing = relationship("VisitFiling", back_populates="visit", uselist=False)
    scans = relationship("VisitScan", back_populates="visit", order_by="VisitScan.id")
    notices = relationship("VisitNotice", back_populates="visit", order_by="VisitNotice.version")
    assistance = relationship("AreaAssistance", back_populates="visit", uselist=False)
    deliveries = relationship("Delivery", back_populates="visit", order_by="Delivery.id")
    confirmations = relationship(
        "VisitConfirmation", back_populates="visit", order_by="VisitConfirmation.version"
    )

    @property
    def team(self) -> list[VisitMember]:
        """The members who stand, lead first; replaced ones stay on record but not here."""
        standing = [member for member in self.members if member.left_at is None]
        return sorted(standing, key=lambda member: (not member.is_lead, member.id))

    def __str__(self) -> str:
        return f"{self.number} {self.enterprise}"


class VisitMember(db.Model):
    """One inspector in the team of a visit, by the match or by a substitution."""

    __tablename__ = "visit_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    inspector_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"), index=True)
    is_lead: Mapped[bool] = mapped_column(Boolean, default=False)
    substitution_id: Mapped[int | None] = mapped_column(ForeignKey("substitution.id"))
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    visit = relationship(Visit, back_populates="members")
    inspector = relationship("Inspector")

    def __str__(self) -> str:
        return f"{self.inspector}"


class ItemFinding(db.Model):
    """One item of a visit (一企一表的一行); what was found stands in its records, newest last."""

    __tablename__ = "item_finding"
    __table_args__ = (UniqueConstraint("visit_id", "task_item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    task_item_id: Mapped[int] = mapped_column(ForeignKey("task_item.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    state: Mapped[FindingState] = mapped_column(
        TermType(FindingState), default=FindingState.UNCHECKED, index=True
    )
    return_reason: Mapped[str | None] = mapped_column(String(300))
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disclose_by: Mapped[date | None] = mapped_column(Date, index=True)
    severity: Mapped[Severity | None] = mapped_column(TermType(Severity))
    closed_on: Mapped[date | None] = mapped_column(Date)
    closing_note: Mapped[str | None] = mapped_column(String(300))

    visit = relationship(Visit, back_populates="findings")
    task_item = relationship("TaskItem")
    agency = relationship("Agency")
    reviewed_by = relationship(User, foreign_keys=[reviewed_by_id])
    records: Mapped[list[FindingRecord]] = relationship(
        back_populates="finding", order_by="FindingRecord.version"
    )
    orders = relationship("RectificationOrder", back_populates="finding", order_by="RectificationOrder.id")
    transfers = relationship("CaseTransfer", back_populates="finding", order_by="CaseTransfer.id")
    notices = relationship("AgencyNotice", back_populates="finding", order_by="AgencyNotice.id")
    letters = relationship("AddressLetter", back_populates="finding", order_by="AddressLetter.posted_on")
    objections = relationship("Objection", back_populates="finding", order_by="Objection.id")
    cases = relationship("PenaltyCase", back_populates="finding", order_by="PenaltyCase.id")

    @property
    def latest(self) -> FindingRecord | None:
        """The newest record, or None while unchecked."""
        return self.records[-1] if self.records else None

    def __str__(self) -> str:
        return f"{self.task_item}"


class FindingRecord(db.Model):
    """One saved version of a finding; a correction is a new version, the old one stays."""

    __tablename__ = "finding_record"
    __table_args__ = (UniqueConstraint("finding_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("item_finding.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    checked_on: Mapped[date] = mapped_column(Date, index=True)
    problem: Mapped[str | None] = mapped_column(Text)
    violation_on: Mapped[date | None] = mapped_column(Date)
    rests_on: Mapped[int] = mapped_column(Integer, default=0, server_default="0")  # newest VisitEntry in it
    correction_reason: Mapped[str | None] = mapped_column(String(300))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    finding = relationship(ItemFinding, back_populates="records")
    recorded_by = relationship(User)
    results: Mapped[list[FindingResult]] = relationship(cascade="all, delete-orphan")
    disposals: Mapped[list[FindingDisposal]] = relationship(cascade="all, delete-orphan")
    methods: Mapped[list[FindingMethod]] = relationship(cascade="all, delete-orphan")
    points: Mapped[list[PointResult]] = relationship(cascade="all, delete-orphan")


class FindingResult(db.Model):
    """检查结果代码 of a record, one row a code."""

    __tablename__ = "finding_result"

    record_id: Mapped[int] = mapped_column(ForeignKey("finding_record.id"), primary_key=True)
    code: Mapped[ResultCode] = mapped_column(TermType(ResultCode), primary_key=True)


class FindingDisposal(db.Model):
    """后续处置 of a record, one row a code."""

    __tablename__ = "finding_disposal"

    record_id: Mapped[int] = mapped_column(ForeignKey("finding_record.id"), primary_key=True)
    code: Mapped[Disposal] = mapped_column(TermType(Disposal), primary_key=True)


class FindingMethod(db.Model):
    """检查方式 of a record, one row a method (R48)."""

    __tablename__ = "finding_method"

    record_id: Mapped[int] = mapped_column(ForeignKey("finding_record.id"), primary_key=True)
    code: Mapped[CheckMethod] = mapped_column(TermType(CheckMethod), primary_key=True)


class PointResult(db.Model):
    """Outcome of one check point in a record."""

    __tablename__ = "point_result"

    record_id: Mapped[int] = mapped_column(ForeignKey("finding_record.id"), primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("check_point.id"), primary_key=True)
    outcome: Mapped[PointOutcome] = mapped_column(TermType(PointOutcome))
    note: Mapped[str | None] = mapped_column(String(300))

    point = relationship("CheckPoint")
