"""Issued documents (文书), the Word templates behind them, and archived files (档案)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import DocumentKind, RetentionClass
from app.extensions import db
from app.models.types import TermType, UtcDateTime


class DocumentTemplate(db.Model):
    """One choice of the Word template of a kind; without a digest our own layout again. Append-only."""

    __tablename__ = "document_template"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(TermType(DocumentKind))
    version: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str | None] = mapped_column(ForeignKey("stored_file.digest"))
    file_name: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    chosen_by = relationship(User)

    def __str__(self) -> str:
        return f"{self.kind.label} {self.version}"


class IssuedDocument(db.Model):
    """文书 with its number, what it says and its files; never changed: replaced or voided by further rows."""

    __tablename__ = "issued_document"
    __table_args__ = (UniqueConstraint("series", "year", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(TermType(DocumentKind), index=True)
    number: Mapped[str] = mapped_column(String(60), unique=True)
    series: Mapped[str] = mapped_column(String(40))
    year: Mapped[int] = mapped_column(Integer)
    serial: Mapped[int] = mapped_column(Integer)
    subject_id: Mapped[int] = mapped_column(Integer, index=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    context: Mapped[dict[str, Any]] = mapped_column(JSON)
    facts_digest: Mapped[str] = mapped_column(String(64))
    template_id: Mapped[int | None] = mapped_column(ForeignKey("document_template.id"))
    template_digest: Mapped[str] = mapped_column(String(64))
    word_digest: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"))
    pdf_digest: Mapped[str | None] = mapped_column(ForeignKey("stored_file.digest"))
    pages: Mapped[int | None] = mapped_column(Integer)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("issued_document.id"), unique=True)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    visit = relationship("Visit")
    enterprise = relationship("Enterprise")
    agency = relationship("Agency")
    issued_by = relationship(User)
    replaces: Mapped[IssuedDocument | None] = relationship(
        remote_side=[id], back_populates="replaced_by", foreign_keys=[replaces_id]
    )
    replaced_by: Mapped[IssuedDocument | None] = relationship(
        back_populates="replaces", uselist=False, foreign_keys=[replaces_id]
    )
    void: Mapped[DocumentVoid | None] = relationship(back_populates="document", uselist=False)

    def __str__(self) -> str:
        return f"{self.kind.label} {self.number}"


class DocumentVoid(db.Model):
    """作废 of an issued document with its reason; its number is not used again. Append-only."""

    __tablename__ = "document_void"

    document_id: Mapped[int] = mapped_column(
        ForeignKey("issued_document.id"), primary_key=True, autoincrement=False
    )
    reason: Mapped[str] = mapped_column(String(300))
    voided_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    voided_at: Mapped[datetime] = mapped_column(UtcDateTime)

    document = relationship(IssuedDocument, back_populates="void")
    voided_by = relationship(User)


class ArchiveFile(db.Model):
    """案卷: everything on one visit as one sealed zip; filing again makes a new version. Append-only (R83)."""

    __tablename__ = "archive_file"
    __table_args__ = (UniqueConstraint("visit_id", "version"), UniqueConstraint("number", "version"))

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(60), index=True)
    version: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    retention: Mapped[RetentionClass] = mapped_column(TermType(RetentionClass), index=True)
    retention_reason: Mapped[str] = mapped_column(String(200))
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    pieces: Mapped[int] = mapped_column(Integer)
    pages: Mapped[int] = mapped_column(Integer)
    size: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"))
    content_digest: Mapped[str | None] = mapped_column(String(64))
    due_on: Mapped[date | None] = mapped_column(Date)
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    visit = relationship("Visit")
    enterprise = relationship("Enterprise")
    agency = relationship("Agency")
    filed_by = relationship(User)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
