"""What the system keeps of itself: stored files, disclosures, the audit trail, imports, holidays."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import JSON, BigInteger, Boolean, Date, ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import DisclosureKind, ImportKind
from app.extensions import db
from app.models.types import TermType, UtcDateTime


class StoredFile(db.Model):
    """A file by its content: the digest is the name, so a stored file can never change."""

    __tablename__ = "stored_file"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(120))
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StoredChunk(db.Model):
    """One compressed piece of a stored file, so that large files never stand in memory whole."""

    __tablename__ = "stored_chunk"

    digest: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Disclosure(db.Model):
    """公示: what was published, when, by whom, until when; the public site shows nothing else (R32, R92)."""

    __tablename__ = "disclosure"

    id: Mapped[int] = mapped_column(primary_key=True)
    index_no: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[DisclosureKind] = mapped_column(TermType(DisclosureKind), index=True)
    title: Mapped[str] = mapped_column(String(200))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    subject_id: Mapped[int] = mapped_column(Integer, index=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    body_hash: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    published_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str | None] = mapped_column(String(300))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("disclosure.id"), index=True)
    expires_on: Mapped[date | None] = mapped_column(Date, index=True)
    expired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    agency = relationship("Agency")
    published_by = relationship(User)
    replaces: Mapped[Disclosure | None] = relationship(
        remote_side="Disclosure.id", back_populates="replaced_by"
    )
    replaced_by: Mapped[list[Disclosure]] = relationship(back_populates="replaces")

    def __str__(self) -> str:
        return self.title


class AuditEvent(db.Model):
    """One line of the audit trail, chained by keyed hash; append-only (R31, R89)."""

    __tablename__ = "audit_event"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(Integer, index=True)
    actor_name: Mapped[str] = mapped_column(String(64))
    tag: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    data: Mapped[str] = mapped_column(Text, default="{}")
    previous_hash: Mapped[str] = mapped_column(String(64))
    event_hash: Mapped[str] = mapped_column(String(64), unique=True)


class ChainHead(db.Model):
    """The newest link of a hash chain; locking its row lets only one writer append at a time."""

    __tablename__ = "chain_head"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, default=0)
    head_hash: Mapped[str] = mapped_column(String(64))


class ImportBatch(db.Model):
    """One load of a roster file: what was read and what became of every row (R13).

    `layout_key` says under which columns and code lists the rows were read; under another one the hashes of
    rows that the source's claims keep say nothing. `gone` are enterprises that the source no longer lists,
    `conflicts` disagreements with another source. `samples` holds some rows of each effect,
    `coverage` the enterprises by source after the load. `is_indexed` is
    false until what a large load brought can be searched for.
    """

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind] = mapped_column(TermType(ImportKind))
    file_name: Mapped[str] = mapped_column(String(200))
    file_digest: Mapped[str] = mapped_column(String(64))
    read: Mapped[int] = mapped_column(Integer)
    added: Mapped[int] = mapped_column(Integer)
    changed: Mapped[int] = mapped_column(Integer)
    unchanged: Mapped[int] = mapped_column(Integer)
    rejected: Mapped[int] = mapped_column(Integer)
    flagged: Mapped[int] = mapped_column(Integer)
    gone: Mapped[int] = mapped_column(Integer, default=0)
    conflicts: Mapped[int] = mapped_column(Integer, default=0)
    is_whole: Mapped[bool] = mapped_column(Boolean, default=False)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("roster_source.id"), index=True)
    layout_key: Mapped[str | None] = mapped_column(String(64))
    is_indexed: Mapped[bool] = mapped_column(Boolean, default=True)
    samples: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    coverage: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    rejects_file: Mapped[str | None] = mapped_column(ForeignKey("stored_file.digest"))
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    loaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    loaded_by = relationship(User)
    source = relationship("RosterSource")

    def __str__(self) -> str:
        return self.file_name


class Holiday(db.Model):
    """节假日与调休: a date on which the weekday rule does not hold (R56)."""

    __tablename__ = "holiday"

    on: Mapped[date] = mapped_column(Date, primary_key=True)
    is_working: Mapped[bool] = mapped_column(Boolean)
    name: Mapped[str] = mapped_column(String(40))

    def __str__(self) -> str:
        return f"{self.on} {self.name}"


class HolidayNotice(db.Model):
    """国务院办公厅节假日安排通知: the years of which every working day is known; append-only (R56)."""

    __tablename__ = "holiday_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(Integer, index=True)
    document_no: Mapped[str] = mapped_column(String(60))
    file_digest: Mapped[str | None] = mapped_column(ForeignKey("stored_file.digest"))
    file_name: Mapped[str | None] = mapped_column(String(200))
    days: Mapped[int] = mapped_column(Integer)
    applied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    applied_by = relationship(User)

    def __str__(self) -> str:
        return f"{self.year} {self.document_no}"
