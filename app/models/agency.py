"""Law-enforcement agencies and the posts that users hold in them."""

from __future__ import annotations

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Boolean, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.vocabulary import AgencyLevel
from app.extensions import db
from app.models.types import TermType


class Agency(db.Model):
    """执法机关 / 部门."""

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    short_name: Mapped[str] = mapped_column(String(20))
    level: Mapped[AgencyLevel] = mapped_column(TermType(AgencyLevel), default=AgencyLevel.CITY)
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    is_bureau: Mapped[bool] = mapped_column(Boolean, default=False)
    document_mark: Mapped[str | None] = mapped_column(String(10))
    contact: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(40))
    oversight_phone: Mapped[str | None] = mapped_column(String(40))
    review_authority: Mapped[str | None] = mapped_column(String(60))
    court: Mapped[str | None] = mapped_column(String(60))

    region = relationship("Region")

    def __str__(self) -> str:
        return self.short_name


class Post(db.Model):
    """The agency in which a user serves; rows and duties follow from it."""

    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), unique=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))

    user = relationship(User)
    agency = relationship(Agency)

    def __str__(self) -> str:
        return f"{self.agency}"
