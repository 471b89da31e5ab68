"""Whose system this is, and who serves where."""

from __future__ import annotations

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.models import Agency, Post


class NoBureau(DomainError):
    """No agency is marked as the bureau that runs this system."""

    code = "no_bureau"


def own_bureau(session: Session) -> Agency:
    """The bureau that runs this system. Raises NoBureau."""
    found: Agency | None = session.scalar(select(Agency).where(Agency.is_bureau))
    if found is None:
        raise NoBureau()
    return found


def agency_of(session: Session, user: User) -> Agency | None:
    """The agency in which the user serves, or None."""
    return session.scalar(select(Agency).join(Post).where(Post.user_id == user.id))
