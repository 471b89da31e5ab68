"""The roster of inspection targets: enterprises, their categories, listings and complaints."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import (
    AgencyLevel,
    EntityKind,
    EntityStatus,
    IdentifierKind,
    ListType,
    MembershipSource,
    RiskClass,
)
from app.extensions import db
from app.models.types import TermType, UtcDateTime, sorted_text


class TargetCategory(db.Model):
    """分类名录: the part of the roster from which an item draws."""

    __tablename__ = "target_category"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    industry_prefixes: Mapped[str | None] = mapped_column(String(200))
    scope_words: Mapped[str | None] = mapped_column(String(200))
    licence_words: Mapped[str | None] = mapped_column(String(200))

    def __str__(self) -> str:
        return self.name


class Enterprise(db.Model):
    """检查对象 (art. 2). Registration authority, territory and functional zone are three facts (R11)."""

    __tablename__ = "enterprise"
    __table_args__ = (
        # every combination of the filters of the roster is counted and paged in this index alone
        Index(
            "ix_enterprise_filters",
            "territory_code",
            "status",
            "risk_class",
            "kind",
            "in_jurisdiction",
            "territory_guessed",
            "industry_guessed",
        ),
        Index("ix_enterprise_industry", "industry_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(sorted_text(22), unique=True)
    identifier_kind: Mapped[IdentifierKind] = mapped_column(TermType(IdentifierKind))
    identifier_fault: Mapped[str | None] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(sorted_text(200), index=True, active_history=True)
    kind: Mapped[EntityKind] = mapped_column(TermType(EntityKind), default=EntityKind.COMPANY)
    entity_type: Mapped[str | None] = mapped_column(String(80))
    established_on: Mapped[date | None] = mapped_column(Date)
    status: Mapped[EntityStatus] = mapped_column(TermType(EntityStatus), default=EntityStatus.UNKNOWN)
    registration_authority: Mapped[str | None] = mapped_column(String(12))
    territory_code: Mapped[str | None] = mapped_column(sorted_text(12))
    territory_guessed: Mapped[bool] = mapped_column(Boolean, default=False)
    functional_zone: Mapped[str | None] = mapped_column(String(60))
    in_jurisdiction: Mapped[bool] = mapped_column(Boolean, default=True)
    industry_code: Mapped[str | None] = mapped_column(String(8))
    industry_guessed: Mapped[bool] = mapped_column(Boolean, default=False)
    address: Mapped[str | None] = mapped_column(String(300))
    business_scope: Mapped[str | None] = mapped_column(Text)
    risk_class: Mapped[RiskClass | None] = mapped_column(TermType(RiskClass))
    risk_class_on: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(60), default="")
    loaded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    listings: Mapped[list[Listing]] = relationship(back_populates="enterprise")
    complaints: Mapped[list[Complaint]] = relationship(back_populates="enterprise")
    memberships: Mapped[list[CategoryMembership]] = relationship(back_populates="enterprise")

    def __str__(self) -> str:
        return self.name


class EnterpriseLicence(db.Model):
    """许可或备案 of an enterprise: what for, under which number, at which level, until when (R7, R9)."""

    __tablename__ = "enterprise_licence"
    __table_args__ = (UniqueConstraint("enterprise_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    number: Mapped[str] = mapped_column(String(60))
    level: Mapped[AgencyLevel | None] = mapped_column(TermType(AgencyLevel))
    authority: Mapped[str | None] = mapped_column(String(60))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)

    enterprise = relationship("Enterprise")

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class CategoryMembership(db.Model):
    """One enterprise in one target category, and how it got there."""

    __tablename__ = "category_membership"
    __table_args__ = (UniqueConstraint("category_id", "enterprise_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("target_category.id"))
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    source: Mapped[MembershipSource] = mapped_column(TermType(MembershipSource))
    filing_level: Mapped[AgencyLevel | None] = mapped_column(TermType(AgencyLevel))

    category = relationship(TargetCategory)
    enterprise = relationship(Enterprise, back_populates="memberships")

    def __str__(self) -> str:
        return f"{self.category}"


class Listing(db.Model):
    """列入 / 移出 of an enterprise on a list of bad standing; raises its ratio (art. 5, R30)."""

    __tablename__ = "listing"
    __table_args__ = (UniqueConstraint("enterprise_id", "list_type", "included_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    list_type: Mapped[ListType] = mapped_column(TermType(ListType))
    included_on: Mapped[date] = mapped_column(Date, index=True)
    removed_on: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str | None] = mapped_column(String(200))
    authority: Mapped[str | None] = mapped_column(String(60))
    source: Mapped[str] = mapped_column(String(60), default="")

    enterprise = relationship(Enterprise, back_populates="listings")

    def __str__(self) -> str:
        return f"{self.list_type.label} {self.included_on}"


class Complaint(db.Model):
    """投诉举报 about an enterprise; handled apart, but it raises the ratio (art. 5, R34)."""

    __tablename__ = "complaint"
    __table_args__ = (UniqueConstraint("enterprise_id", "received_on", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    received_on: Mapped[date] = mapped_column(Date, index=True)
    ordinal: Mapped[int] = mapped_column(Integer, default=1)
    subject: Mapped[str | None] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(60), default="")

    enterprise = relationship(Enterprise, back_populates="complaints")

    def __str__(self) -> str:
        return f"{self.received_on} {self.subject or ''}".strip()
