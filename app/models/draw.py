"""A draw: its records, quotas, seeds, steps, drawn targets; and the public log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import JSON, Boolean, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import DrawForm, DrawState, LogKind
from app.extensions import db
from app.models.types import TermType, UtcDateTime


class Draw(db.Model):
    """抽取: the plan, seed and result records of one draw of a task, as the protocol fixes their bytes."""

    __tablename__ = "draw"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("inspection_task.id"), index=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    state: Mapped[DrawState] = mapped_column(TermType(DrawState), default=DrawState.PLANNED)
    form: Mapped[DrawForm] = mapped_column(TermType(DrawForm), default=DrawForm.OPEN)
    algorithm: Mapped[str] = mapped_column(String(10), default="sha256")
    roster_n: Mapped[int] = mapped_column(Integer)
    separate_visits: Mapped[int | None] = mapped_column(Integer)  # expected, every department alone
    least_visits: Mapped[int | None] = mapped_column(Integer)  # no draw with these quotas needs fewer
    roster_root: Mapped[str] = mapped_column(String(64))
    roster_outline: Mapped[str] = mapped_column(Text)
    roster_file: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"))
    leaves_file: Mapped[str | None] = mapped_column(ForeignKey("stored_file.digest"))
    excluded_file: Mapped[str | None] = mapped_column(ForeignKey("stored_file.digest"))
    excluded_counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    staff_file: Mapped[str | None] = mapped_column(ForeignKey("stored_file.digest"))
    staff_detail: Mapped[str | None] = mapped_column(ForeignKey("stored_file.digest"))
    salt_secret: Mapped[str | None] = mapped_column(String(64))
    seed_after: Mapped[datetime] = mapped_column(UtcDateTime)
    plan_record: Mapped[str] = mapped_column(Text)
    plan_hash: Mapped[str] = mapped_column(String(64), unique=True)
    seed_record: Mapped[str | None] = mapped_column(Text)
    seed_hash: Mapped[str | None] = mapped_column(String(64))
    result_record: Mapped[str | None] = mapped_column(Text)
    result_hash: Mapped[str | None] = mapped_column(String(64))
    void_reason: Mapped[str | None] = mapped_column(String(300))
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    task = relationship("InspectionTask", back_populates="draws")
    quotas: Mapped[list[DrawQuota]] = relationship(back_populates="draw", order_by="DrawQuota.id")
    seeds: Mapped[list[DrawSeed]] = relationship(back_populates="draw", order_by="DrawSeed.ordinal")
    steps: Mapped[list[DrawStep]] = relationship(back_populates="draw", order_by="DrawStep.id")

    def __str__(self) -> str:
        return self.number


class DrawQuota(db.Model):
    """One quota line: item, stratum, pool size, ratio, number to draw and which bound fixed it (R26)."""

    __tablename__ = "draw_quota"
    __table_args__ = (UniqueConstraint("draw_id", "item_code", "stratum"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)
    item_code: Mapped[str] = mapped_column(String(20))
    stratum: Mapped[str] = mapped_column(String(32))
    stratum_label: Mapped[str] = mapped_column(String(60))
    pool: Mapped[int] = mapped_column(Integer)
    ppm: Mapped[int | None] = mapped_column(Integer)
    quota: Mapped[int] = mapped_column(Integer)
    reserve: Mapped[int] = mapped_column(Integer)
    decided_by: Mapped[str] = mapped_column(String(20))

    draw = relationship(Draw, back_populates="quotas")

    def __str__(self) -> str:
        return f"{self.item_code} {self.stratum_label}"


class DrawSeed(db.Model):
    """One seed source of a draw; the value is entered once, after the event."""

    __tablename__ = "draw_seed"
    __table_args__ = (UniqueConstraint("draw_id", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)
    ordinal: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(30))
    event: Mapped[str] = mapped_column(String(60))
    value: Mapped[str | None] = mapped_column(String(200))
    evidence: Mapped[str | None] = mapped_column(String(300))

    draw = relationship(Draw, back_populates="seeds")

    def __str__(self) -> str:
        return f"{self.source}:{self.event}"


class DrawStep(db.Model):
    """Who did a step of the ceremony and who witnessed it; append-only (R31)."""

    __tablename__ = "draw_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)
    step: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    witness_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(String(300))

    draw = relationship(Draw, back_populates="steps")
    actor = relationship(User, foreign_keys=[actor_id])
    witness = relationship(User, foreign_keys=[witness_id])


class DrawnTarget(db.Model):
    """抽中对象: one enterprise drawn (or held in reserve) for one item; append-only."""

    __tablename__ = "drawn_target"
    __table_args__ = (UniqueConstraint("draw_id", "item_code", "identifier"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)
    item_code: Mapped[str] = mapped_column(String(20))
    stratum: Mapped[str] = mapped_column(String(32))
    rank: Mapped[int] = mapped_column(Integer)
    is_reserve: Mapped[bool] = mapped_column(Boolean, default=False)
    tier: Mapped[int] = mapped_column(Integer, default=0)
    ticket: Mapped[str] = mapped_column(String(64))
    identifier: Mapped[str] = mapped_column(String(22), index=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)

    draw = relationship(Draw)
    enterprise = relationship("Enterprise")

    def __str__(self) -> str:
        return f"{self.item_code} {self.rank} {self.identifier}"


class TargetReplacement(db.Model):
    """A drawn firm that has ceased, replaced by the next reserve in order, with evidence; append-only."""

    __tablename__ = "target_replacement"
    __table_args__ = (UniqueConstraint("draw_id", "item_code", "left_identifier"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)
    item_code: Mapped[str] = mapped_column(String(20))
    stratum: Mapped[str] = mapped_column(String(32))
    left_identifier: Mapped[str] = mapped_column(String(22))
    came_identifier: Mapped[str] = mapped_column(String(22))
    evidence: Mapped[str] = mapped_column(Text)
    evidence_hash: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    witness_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    draw = relationship(Draw)


class LogEntry(db.Model):
    """One entry of the public draw log, chained by hash; append-only (draw protocol 2.8)."""

    __tablename__ = "log_entry"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    previous_hash: Mapped[str] = mapped_column(String(64))
    kind: Mapped[LogKind] = mapped_column(TermType(LogKind))
    record_hash: Mapped[str] = mapped_column(String(64))
    record: Mapped[str] = mapped_column(Text)
    utc: Mapped[str] = mapped_column(String(20))
    entry_hash: Mapped[str] = mapped_column(String(64), unique=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)

    draw = relationship(Draw)

    def __str__(self) -> str:
        return f"{self.number} {self.kind.label}"
