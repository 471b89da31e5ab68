"""Where the roster comes from (R13): sources, what each says, where they disagree, and every change kept."""

from __future__ import annotations

from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import RosterField
from app.extensions import db
from app.models.enterprise import Enterprise
from app.models.record import ImportBatch
from app.models.types import TermType, UtcDateTime


class RosterSource(db.Model):
    """数据来源 of the roster: 市法人库, 国家企业信用信息公示系统, the clerk's own hand (R13).

    `rank` is the general precedence, 1 first.
    """

    __tablename__ = "roster_source"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    rank: Mapped[int] = mapped_column(SmallInteger)
    is_manual: Mapped[bool] = mapped_column(Boolean, default=False)
    is_default: Mapped[bool] = mapped_column(Boolean, default=False)

    def __str__(self) -> str:
        return self.name


class SourceRank(db.Model):
    """Precedence of a source for one field, where it differs from the general one."""

    __tablename__ = "source_rank"

    field: Mapped[RosterField] = mapped_column(TermType(RosterField, 30), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("roster_source.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(SmallInteger)


class SourceClaim(db.Model):
    """What one source says about one enterprise: the fields it states, as bits, and since which load.

    Where it is believed or agrees, the value is that of the roster; where not, a SourceDissent holds it.
    `line_hash` is that of the row in the source's last file; None where the row must be read again.
    No foreign keys: a city has millions of claims, and neither enterprises nor sources are ever deleted.
    """

    __tablename__ = "source_claim"
    __table_args__ = {"sqlite_with_rowid": False}

    enterprise_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    source_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    stated: Mapped[int] = mapped_column(Integer)
    line_hash: Mapped[int | None] = mapped_column(BigInteger)
    first_batch_id: Mapped[int | None] = mapped_column(Integer)
    batch_id: Mapped[int | None] = mapped_column(Integer)
    gone_batch_id: Mapped[int | None] = mapped_column(Integer)


class SourceDissent(db.Model):
    """A source that is not believed about a field, with the value it states; on some fields a conflict (R13)."""

    __tablename__ = "source_dissent"
    __table_args__ = (
        UniqueConstraint("enterprise_id", "field", "source_id"),
        Index("ix_source_dissent_open", "field", "decided_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("roster_source.id"))
    field: Mapped[RosterField] = mapped_column(TermType(RosterField, 30))
    value: Mapped[str] = mapped_column(Text)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    reason: Mapped[str | None] = mapped_column(String(200))

    enterprise = relationship(Enterprise)
    source = relationship(RosterSource)
    decided_by = relationship(User)

    def __str__(self) -> str:
        return f"{self.enterprise} {self.field.label}"


class EnterpriseChange(db.Model):
    """One change of one field of an enterprise: old, new, when, by which source, load and person; append-only.

    A new enterprise has no changes; its first claim says when it came.
    """

    __tablename__ = "enterprise_change"
    __table_args__ = (
        Index("ix_enterprise_change_enterprise", "enterprise_id", "id"),
        Index("ix_enterprise_change_batch", "batch_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    field: Mapped[RosterField] = mapped_column(TermType(RosterField, 30))
    old: Mapped[str | None] = mapped_column(Text)
    new: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("roster_source.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    why: Mapped[str | None] = mapped_column(String(200))

    enterprise = relationship(Enterprise)
    source = relationship(RosterSource)
    batch = relationship(ImportBatch)
    actor = relationship(User)

    def __str__(self) -> str:
        return f"{self.field.label} {self.old or ''} → {self.new or ''}"
