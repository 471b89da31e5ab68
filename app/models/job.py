"""Work that runs in the background: what was asked, by whom, how far it is, what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import JSON, BigInteger, Boolean, Float, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import JobKind, JobState
from app.extensions import db
from app.models.types import TermType, UtcDateTime


class Job(db.Model):
    """后台工作: one piece of work outside a request.

    `done`, `total` and `rate` (rows a second) are set when the work ends; while it runs they stand
    in the job queue, where writing them cannot meet the work's own transaction. `committed` is set
    by that very transaction, so that after a crash it is known whether the work took effect.
    """

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_owner_queued", "owner_id", "queued_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[JobKind] = mapped_column(TermType(JobKind))
    title: Mapped[str] = mapped_column(String(200))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    origin: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[JobState] = mapped_column(TermType(JobState), default=JobState.QUEUED, index=True)
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int | None] = mapped_column(BigInteger)
    rate: Mapped[float | None] = mapped_column(Float)
    message: Mapped[str] = mapped_column(String(60), default="")
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    error_code: Mapped[str | None] = mapped_column(String(60))
    error_params: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    worker: Mapped[str | None] = mapped_column(String(120))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    committed: Mapped[bool] = mapped_column(Boolean, default=False)
    cancel_requested: Mapped[bool] = mapped_column(Boolean, default=False)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    owner = relationship(User)

    def __str__(self) -> str:
        return self.title
