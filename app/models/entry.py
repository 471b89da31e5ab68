"""How often an enterprise is entered: caps of the bodies, the register of other entries, checks outside the area."""

from __future__ import annotations

from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import EntryKind
from app.extensions import db
from app.models.types import TermType, UtcDateTime


class FrequencyCap(db.Model):
    """年度检查频次上限 that a body has published, from a year on (R36)."""

    __tablename__ = "frequency_cap"
    __table_args__ = (UniqueConstraint("agency_id", "from_year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    from_year: Mapped[int] = mapped_column(Integer)
    yearly: Mapped[int] = mapped_column(Integer)
    basis: Mapped[str] = mapped_column(String(300))

    agency = relationship("Agency")

    def __str__(self) -> str:
        return f"{self.agency} {self.from_year}"


class EnterpriseEntry(db.Model):
    """入企登记: an entry that is no visit of a task, such as 观摩 or 督导; append-only (R37)."""

    __tablename__ = "enterprise_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[EntryKind] = mapped_column(TermType(EntryKind))
    entered_on: Mapped[date] = mapped_column(Date, index=True)
    people: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(300))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    enterprise = relationship("Enterprise")
    agency = relationship("Agency")
    visit = relationship("Visit")
    recorded_by = relationship(User)

    def __str__(self) -> str:
        return f"{self.kind.label} {self.entered_on}"


class AreaAssistance(db.Model):
    """异地检查协助 (R43): the local body's consent, and the filing due after the check."""

    __tablename__ = "area_assistance"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), unique=True)
    assisting_body: Mapped[str] = mapped_column(String(120))
    letter_no: Mapped[str] = mapped_column(String(60))
    agreed_on: Mapped[date] = mapped_column(Date)
    filing_no: Mapped[str | None] = mapped_column(String(60))
    filed_on: Mapped[date | None] = mapped_column(Date)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    visit = relationship("Visit", back_populates="assistance")
    recorded_by = relationship(User)

    def __str__(self) -> str:
        return f"{self.assisting_body} {self.letter_no}"
