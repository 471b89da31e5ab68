"""The list of inspection items: an item, its versions, their legal bases and check points."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import AgencyLevel, ItemCategory, VersionState
from app.extensions import db
from app.models.types import TermType, UtcDateTime

version_expertise = Table(
    "version_expertise",
    db.metadata,
    Column("version_id", ForeignKey("item_version.id"), primary_key=True),
    Column("expertise_id", ForeignKey("expertise.id"), primary_key=True),
)


class InspectionItem(db.Model):
    """抽查事项; what is not on the published list may not be inspected (R1)."""

    __tablename__ = "inspection_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    field: Mapped[str] = mapped_column(String(60))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    duty_code: Mapped[str | None] = mapped_column(String(40))
    supervision_code: Mapped[str | None] = mapped_column(String(40))

    agency = relationship("Agency")
    versions: Mapped[list[ItemVersion]] = relationship(
        back_populates="item", order_by="ItemVersion.number", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return self.code


class ItemVersion(db.Model):
    """事项版本: the wording, ratio and points in force over a time; a published one never changes (R3)."""

    __tablename__ = "item_version"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("inspection_item.id"), index=True)
    number: Mapped[int] = mapped_column(Integer, default=1)
    name: Mapped[str] = mapped_column(String(120))
    target_text: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(Text)
    category: Mapped[ItemCategory] = mapped_column(TermType(ItemCategory), default=ItemCategory.ORDINARY)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("target_category.id"), index=True)
    methods: Mapped[str] = mapped_column(String(80), default="on_site")
    levels: Mapped[str] = mapped_column(String(40), default="city,district")
    minimum_ppm: Mapped[int] = mapped_column(Integer, default=50_000)
    maximum_ppm: Mapped[int | None] = mapped_column(Integer)
    yearly_frequency: Mapped[int] = mapped_column(Integer, default=1)
    off_site_possible: Mapped[bool] = mapped_column(Boolean, default=False)
    joint_applicable: Mapped[bool] = mapped_column(Boolean, default=False)
    partner_text: Mapped[str | None] = mapped_column(String(120))
    materials: Mapped[str | None] = mapped_column(Text)
    needs_review: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[VersionState] = mapped_column(TermType(VersionState), default=VersionState.DRAFT)
    effective_from: Mapped[date | None] = mapped_column(Date)
    effective_to: Mapped[date | None] = mapped_column(Date)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    item = relationship(InspectionItem, back_populates="versions")
    target_category = relationship("TargetCategory")
    expertise = relationship("Expertise", secondary=version_expertise)
    bases: Mapped[list[LegalBasis]] = relationship(
        back_populates="version", order_by="LegalBasis.id", cascade="all, delete-orphan"
    )
    points: Mapped[list[CheckPoint]] = relationship(
        back_populates="version", order_by="CheckPoint.ordinal", cascade="all, delete-orphan"
    )

    @property
    def competent_levels(self) -> tuple[AgencyLevel, ...]:
        """The levels at which this item is supervised here (实施层级, R7)."""
        return tuple(AgencyLevel.of(word) for word in self.levels.split(",") if word)

    def __str__(self) -> str:
        return f"{self.item.code} {self.name}"


class LegalBasis(db.Model):
    """法律依据: title, document number and article, with the time it is in force (R2)."""

    __tablename__ = "legal_basis"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    document_no: Mapped[str | None] = mapped_column(String(80))
    article: Mapped[str | None] = mapped_column(String(120))
    in_force_from: Mapped[date | None] = mapped_column(Date)
    in_force_to: Mapped[date | None] = mapped_column(Date)

    version = relationship(ItemVersion, back_populates="bases")

    def __str__(self) -> str:
        return "".join(part for part in (f"《{self.title}》", self.document_no, self.article) if part)


class CheckPoint(db.Model):
    """检查要点 of an item version; the official form asks nothing else (R51)."""

    __tablename__ = "check_point"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    ordinal: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(String(300))
    guidance: Mapped[str | None] = mapped_column(String(300))

    version = relationship(ItemVersion, back_populates="points")

    def __str__(self) -> str:
        return f"{self.ordinal}. {self.text}"
