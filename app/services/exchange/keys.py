"""接口密钥: a department's system signs in with a key of its own, kept only as a digest, for its own rows."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.measures import CHINA
from app.models import Agency, AgencyKey
from app.services import audit
from app.services.transaction import fetch, lock, transaction

PREFIX = 8


class KeyNameMissing(DomainError):
    """A key says which system it is for."""

    code = "key_name_missing"


class KeyRevokedBefore(DomainError):
    """The key was revoked before."""

    code = "key_revoked_before"


def make_key(agency_id: int, name: str, expires_on: date, actor: User, now: datetime) -> str:
    """Make a key for a department's system; the text is shown once and never again. Raises KeyNameMissing."""
    if not name.strip():
        raise KeyNameMissing()
    with transaction() as session:
        agency = fetch(session, Agency, agency_id)
        text = secrets.token_hex(24)
        session.add(
            AgencyKey(
                agency_id=agency.id,
                name=name.strip()[:60],
                prefix=text[:PREFIX],
                digest=_digest(text),
                expires_on=expires_on,
                made_by_id=actor.id,
                made_at=now,
            )
        )
        audit.record(session, actor, "exchange:key:made", agency.code, {"prefix": text[:PREFIX]})
        return text


def revoke_key(key_id: int, actor: User, now: datetime) -> None:
    """End a key at once. Raises KeyRevokedBefore."""
    with transaction() as session:
        key = lock(session, AgencyKey, key_id)
        if key.revoked_at is not None:
            raise KeyRevokedBefore()
        key.revoked_at = now
        audit.record(session, actor, "exchange:key:revoked", key.agency.code, {"prefix": key.prefix})


def key_of(session: Session, text: str, now: datetime) -> AgencyKey | None:
    """The standing key with this text, or None; expired and revoked ones are none."""
    key: AgencyKey | None = session.scalar(select(AgencyKey).where(AgencyKey.digest == _digest(text)))
    if key is None or key.revoked_at is not None or key.expires_on < now.astimezone(CHINA).date():
        return None
    return key


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
