"""Tables of the sign-in: failed attempts and open sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db


class LoginLock(db.Model):
    """Failed sign-ins of one account since its last success; locked while `until` lies ahead."""

    __tablename__ = "login_lock"

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    until: Mapped[datetime | None] = mapped_column(DateTime)


class WebSession(db.Model):
    """One browser session; the key is a digest, so that a stolen table opens nothing."""

    __tablename__ = "web_session"
    __table_args__ = (Index("ix_web_session_expires", "expires"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    expires: Mapped[datetime] = mapped_column(DateTime)
