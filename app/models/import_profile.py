"""How roster files are read: a recurring source with its headings, and a file that came in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import JSON, BigInteger, Boolean, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import ImportKind
from app.extensions import db
from app.models.record import ImportBatch
from app.models.types import TermType, UtcDateTime


class ImportProfile(db.Model):
    """导入方案 of a recurring file: which of its headings names which field (R13).

    `headings` maps a heading to a field, several to the same where the source changes its words; earlier
    versions stand in the audit trail. `source` is the name of who sends the file, `source_code` that of the
    roster source whose claims it makes, for enterprises.
    """

    __tablename__ = "import_profile"
    __table_args__ = (UniqueConstraint("kind", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind] = mapped_column(TermType(ImportKind))
    source: Mapped[str] = mapped_column(String(60))
    source_code: Mapped[str | None] = mapped_column(String(20))
    headings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(Integer, default=1)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    changed_by = relationship(User)

    def __str__(self) -> str:
        return self.source


class ImportUpload(db.Model):
    """上传的名录文件: its bytes by digest, how it is to be read, what a trial said and what a load did.

    Preview, trial and load all read the stored bytes, so that what was looked at is what is loaded.
    """

    __tablename__ = "import_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind] = mapped_column(TermType(ImportKind))
    file_name: Mapped[str] = mapped_column(String(200))
    file_digest: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"))
    size: Mapped[int] = mapped_column(BigInteger)
    form: Mapped[str] = mapped_column(String(20))
    head: Mapped[list[Any]] = mapped_column(JSON)
    profile_id: Mapped[int | None] = mapped_column(ForeignKey("import_profile.id"))
    source_code: Mapped[str | None] = mapped_column(String(20))
    headings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    corrects: Mapped[bool] = mapped_column(Boolean, default=False)
    trial: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    profile = relationship(ImportProfile)
    batch = relationship(ImportBatch)
    uploaded_by = relationship(User)

    def __str__(self) -> str:
        return self.file_name
