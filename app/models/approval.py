"""What stands before an entry: approval, urgent report, filing and scan, the notice and its delivery."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import ApprovalState, DeliveryWay, MergeDecision, ScanKind
from app.extensions import db
from app.models.types import TermType, UtcDateTime

approval_item = Table(
    "approval_item",
    db.metadata,
    Column("approval_id", ForeignKey("visit_approval.id"), primary_key=True),
    Column("finding_id", ForeignKey("item_finding.id"), primary_key=True, index=True),
)


class VisitApproval(db.Model):
    """行政检查审批: the head of one enforcing body decides on its items of one visit (R35).

    A later `ordinal` covers items added on the spot (R41). The frequency line is frozen at the decision.
    """

    __tablename__ = "visit_approval"
    __table_args__ = (UniqueConstraint("visit_id", "agency_id", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    ordinal: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[ApprovalState] = mapped_column(
        TermType(ApprovalState), default=ApprovalState.APPLIED, index=True
    )
    is_on_site: Mapped[bool] = mapped_column(Boolean, default=True)
    on_site_reason: Mapped[str | None] = mapped_column(String(300))
    planned_on: Mapped[date] = mapped_column(Date)
    place: Mapped[str] = mapped_column(String(300), default="")
    scheme: Mapped[str] = mapped_column(Text, default="")
    opinion: Mapped[str] = mapped_column(String(300), default="")
    assistants: Mapped[str | None] = mapped_column(String(200))
    assistant_count: Mapped[int] = mapped_column(Integer, default=0)
    is_unannounced: Mapped[bool] = mapped_column(Boolean, default=False)
    unannounced_basis: Mapped[str | None] = mapped_column(String(300))
    merge: Mapped[MergeDecision] = mapped_column(TermType(MergeDecision), default=MergeDecision.NONE_OPEN)
    merge_reason: Mapped[str | None] = mapped_column(String(300))
    merged_with_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    others: Mapped[list[Any]] = mapped_column(JSON, default=list)
    act_number: Mapped[int | None] = mapped_column(Integer)
    cap: Mapped[int | None] = mapped_column(Integer)
    cap_basis: Mapped[str | None] = mapped_column(String(300))
    is_over_cap: Mapped[bool] = mapped_column(Boolean, default=False)
    is_abnormal: Mapped[bool] = mapped_column(Boolean, default=False)
    counted_apart: Mapped[int] = mapped_column(Integer, default=0)
    applied_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    applied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str | None] = mapped_column(String(300))

    visit = relationship("Visit", foreign_keys=[visit_id], back_populates="approvals")
    merged_with = relationship("Visit", foreign_keys=[merged_with_id])
    agency = relationship("Agency")
    findings = relationship("ItemFinding", secondary=approval_item, order_by="ItemFinding.id")
    applied_by = relationship(User, foreign_keys=[applied_by_id])
    decided_by = relationship(User, foreign_keys=[decided_by_id])

    def __str__(self) -> str:
        return f"{self.visit.number} {self.agency}"


class UrgentReport(db.Model):
    """情况紧急的报告: the check may begin, the formalities are completed within the deadline (R35)."""

    __tablename__ = "urgent_report"
    __table_args__ = (UniqueConstraint("visit_id", "agency_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300))
    reported_to: Mapped[str] = mapped_column(String(60))
    reported_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    complete_by: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    visit = relationship("Visit", back_populates="urgent_reports")
    agency = relationship("Agency")
    reported_by = relationship(User)

    def __str__(self) -> str:
        return f"{self.visit.number} {self.agency}"


class VisitFiling(db.Model):
    """备案: the number under which the check is filed on the supervision platform (R40)."""

    __tablename__ = "visit_filing"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), unique=True)
    filing_no: Mapped[str] = mapped_column(String(60))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    visit = relationship("Visit", back_populates="filing")
    recorded_by = relationship(User)

    def __str__(self) -> str:
        return self.filing_no


class VisitScan(db.Model):
    """入企扫码: when and with which device the filing was scanned; append-only (R40)."""

    __tablename__ = "visit_scan"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    kind: Mapped[ScanKind] = mapped_column(TermType(ScanKind))
    scanned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    device: Mapped[str] = mapped_column(String(120))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    visit = relationship("Visit", back_populates="scans")
    recorded_by = relationship(User)

    def __str__(self) -> str:
        return f"{self.kind.label} {self.device}"


class VisitNotice(db.Model):
    """检查通知书: everything the enterprise is told, once and whole (R41, R42).

    `body` is what the page behind `token` shows; a notice with more items follows as the next version.
    """

    __tablename__ = "visit_notice"
    __table_args__ = (UniqueConstraint("visit_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    token: Mapped[str] = mapped_column(String(43), unique=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    contact_name: Mapped[str] = mapped_column(String(40), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    supervision_phone: Mapped[str] = mapped_column(String(40), default="")
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)

    visit = relationship("Visit", back_populates="notices")
    issued_by = relationship(User)
    deliveries: Mapped[list[NoticeDelivery]] = relationship(
        back_populates="notice", order_by="NoticeDelivery.id"
    )

    @property
    def delivery(self) -> NoticeDelivery | None:
        """The newest delivery, or None while it has not been delivered."""
        return self.deliveries[-1] if self.deliveries else None

    def __str__(self) -> str:
        return f"{self.visit.number} {self.version}"


class NoticeDelivery(db.Model):
    """送达 of a notice: way, moment, receiver or refusal; append-only (R42)."""

    __tablename__ = "notice_delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("visit_notice.id"), index=True)
    way: Mapped[DeliveryWay] = mapped_column(TermType(DeliveryWay))
    delivered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_by: Mapped[str] = mapped_column(String(60), default="")
    is_refused: Mapped[bool] = mapped_column(Boolean, default=False)
    refusal_reason: Mapped[str | None] = mapped_column(String(300))
    witness: Mapped[str | None] = mapped_column(String(60))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    notice = relationship(VisitNotice, back_populates="deliveries")
    recorded_by = relationship(User)

    def __str__(self) -> str:
        return f"{self.way.label} {self.received_by}"
