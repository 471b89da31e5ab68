"""Where things are: administrative regions and functional zones; and what firms do: industries."""

from __future__ import annotations

from sqlalchemy import Boolean, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db


class Region(db.Model):
    """行政区划或功能区; a legacy code stays valid in old credit codes and says nothing about territory (R11)."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), index=True)
    level: Mapped[str] = mapped_column(String(30))
    parent_code: Mapped[str | None] = mapped_column(String(12))
    is_ours: Mapped[bool] = mapped_column(Boolean, default=False)
    is_legacy: Mapped[bool] = mapped_column(Boolean, default=False)

    def __str__(self) -> str:
        return self.name


class Industry(db.Model):
    """国民经济行业分类 GB/T 4754-2017 (R94)."""

    __tablename__ = "industry"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    level: Mapped[str] = mapped_column(String(10))
    parent_code: Mapped[str | None] = mapped_column(String(8))

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
