"""The match of inspectors to visits, and later substitutions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import db
from app.models.types import UtcDateTime


class Matching(db.Model):
    """匹配: the published assignment of inspectors to the visits of one draw."""

    __tablename__ = "matching"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    record: Mapped[str] = mapped_column(Text)
    record_hash: Mapped[str] = mapped_column(String(64))
    cost: Mapped[int] = mapped_column(BigInteger)
    eligible_file: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"))
    demand_file: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"))
    assign_file: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"))
    prices_file: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"))
    staff_file: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"))
    remedies: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    refusal_counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    visit_count: Mapped[int] = mapped_column(Integer)
    matched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    matched_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))

    draw = relationship("Draw")
    matched_by = relationship(User)

    def __str__(self) -> str:
        return f"{self.draw}"


class Substitution(db.Model):
    """替换: an inspector who dropped out, the reason, the approver, and the published difference (R19)."""

    __tablename__ = "substitution"

    id: Mapped[int] = mapped_column(primary_key=True)
    matching_id: Mapped[int] = mapped_column(ForeignKey("matching.id"), index=True)
    inspector_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300))
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    approved_by_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    barred_target: Mapped[str | None] = mapped_column(String(22))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    record: Mapped[str] = mapped_column(Text)
    difference: Mapped[list[Any]] = mapped_column(JSON, default=list)

    matching = relationship(Matching)
    inspector = relationship("Inspector")
    requested_by = relationship(User, foreign_keys=[requested_by_id])
    approved_by = relationship(User, foreign_keys=[approved_by_id])

    def __str__(self) -> str:
        return f"{self.inspector}"
