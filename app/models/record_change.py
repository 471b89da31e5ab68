"""What changed on the small registers: listings, complaints, licences, inspectors, certificates, posts (R3, R13, R15)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import JSON, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import ChangeEvent
from app.extensions import db
from app.models.types import TermType, UtcDateTime


class RecordChange(db.Model):
    """One change of one record: what it was and is, when, by whom, from which source and why; append-only.

    No foreign keys to the records: a membership may be taken out again, and its history stays.
    """

    __tablename__ = "record_change"
    __table_args__ = (
        Index("ix_record_change_enterprise", "enterprise_id", "id"),
        Index("ix_record_change_inspector", "inspector_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    register: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int] = mapped_column(Integer)
    enterprise_id: Mapped[int | None] = mapped_column(Integer)
    inspector_id: Mapped[int | None] = mapped_column(Integer)
    event: Mapped[ChangeEvent] = mapped_column(TermType(ChangeEvent))
    label: Mapped[str] = mapped_column(String(200))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    source: Mapped[str | None] = mapped_column(String(120))
    why: Mapped[str | None] = mapped_column(String(200))

    actor = relationship(User)

    def __str__(self) -> str:
        return f"{self.event.label} {self.label}"
