"""Series of document numbers: the last one taken of each kind and year."""

from __future__ import annotations

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db


class NumberSeries(db.Model):
    """文号序列: the last number taken in one series and year; its row serialises those who take one."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Integer)

    def __str__(self) -> str:
        return f"{self.series}〔{self.year}〕{self.last}"
