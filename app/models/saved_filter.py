"""Filters of lists that a reader keeps, alone or for the whole department."""

from __future__ import annotations

from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Boolean, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import db
from app.models.types import UtcDateTime


class SavedFilter(db.Model):
    """常用筛选: the filter and order of one list as they stand in its address, under a name.

    `agency_id` is set when the department of the owner shares it; `is_usual` opens the owner's list with it.
    """

    __tablename__ = "saved_filter"
    __table_args__ = (
        UniqueConstraint("owner_id", "view", "name"),
        Index("ix_saved_filter_shared", "agency_id", "view"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    view: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(Text)
    is_usual: Mapped[bool] = mapped_column(Boolean, default=False)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)

    owner = relationship(User)

    def __str__(self) -> str:
        return self.name
