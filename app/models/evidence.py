"""What is collected on the spot: entries as they were typed, files, signatures, things taken into keeping.

All of it is append-only; every row carries the mark that the device gave it (`client_id`), so that what
is sent twice is kept once.
"""

from __future__ import annotations

from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Date, Float, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import EvidenceKind, MediaKind, SignerRole
from app.extensions import db
from app.models.types import TermType, UtcDateTime


class VisitEntry(db.Model):
    """One value typed into one field of the form of a visit; the newest is the draft."""

    __tablename__ = "visit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("item_finding.id"), index=True)
    field: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(Text)
    seen: Mapped[int] = mapped_column(Integer, default=0)
    author_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    typed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)

    author = relationship(User)

    def __str__(self) -> str:
        return f"{self.field}"


class Attachment(db.Model):
    """证据材料: a file of a visit, kept as it came; its place in the store is its SHA-256 (R50)."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("item_finding.id"), index=True)
    point_id: Mapped[int | None] = mapped_column(ForeignKey("check_point.id"))
    kind: Mapped[EvidenceKind] = mapped_column(TermType(EvidenceKind))
    media: Mapped[MediaKind] = mapped_column(TermType(MediaKind))
    name: Mapped[str] = mapped_column(String(120))
    note: Mapped[str | None] = mapped_column(String(200))
    dated_on: Mapped[date | None] = mapped_column(Date)
    size: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"), index=True)
    small_digest: Mapped[str | None] = mapped_column(ForeignKey("stored_file.digest"))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    accuracy: Mapped[float | None] = mapped_column(Float)
    author_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))

    visit = relationship("Visit")
    finding = relationship("ItemFinding")
    point = relationship("CheckPoint")
    author = relationship(User)

    def __str__(self) -> str:
        return self.name


class Signature(db.Model):
    """A signature on the screen under the text of the whole form, or the note of a refusal (R46, R47)."""

    __tablename__ = "signature"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    role: Mapped[SignerRole] = mapped_column(TermType(SignerRole))
    inspector_id: Mapped[int | None] = mapped_column(ForeignKey("inspector.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    refusal: Mapped[str | None] = mapped_column(String(200))
    witness: Mapped[str | None] = mapped_column(String(60))
    strokes: Mapped[str | None] = mapped_column(Text)
    picture: Mapped[str | None] = mapped_column(ForeignKey("stored_file.digest"))
    content: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    accuracy: Mapped[float | None] = mapped_column(Float)
    author_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))

    visit = relationship("Visit")
    inspector = relationship("Inspector")
    author = relationship(User)

    def __str__(self) -> str:
        return self.name


class EvidenceHold(db.Model):
    """先行登记保存: things registered and kept; decided upon within seven working days (R52)."""

    __tablename__ = "evidence_hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    what: Mapped[str] = mapped_column(String(500))
    held_on: Mapped[date] = mapped_column(Date)
    decide_by: Mapped[date | None] = mapped_column(Date)
    author_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)

    visit = relationship("Visit")
    author = relationship(User)
    decision: Mapped[HoldDecision | None] = relationship(back_populates="hold", uselist=False)

    def __str__(self) -> str:
        return self.what


class HoldDecision(db.Model):
    """What was decided about things taken into keeping (R52)."""

    __tablename__ = "hold_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    hold_id: Mapped[int] = mapped_column(ForeignKey("evidence_hold.id"), unique=True)
    outcome: Mapped[str] = mapped_column(String(300))
    decided_on: Mapped[date] = mapped_column(Date)
    author_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)

    hold = relationship(EvidenceHold, back_populates="decision")
    author = relationship(User)

    def __str__(self) -> str:
        return self.outcome
