"""公示: what leaves the house, under an index number, with its hash; nothing published is rewritten."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.measures import CHINA
from app.domain.personal import require_no_personal_data
from app.domain.vocabulary import DisclosureKind
from app.models import Disclosure
from app.services import audit
from app.services.chain import AUDIT, hold


class AlreadyWithdrawn(DomainError):
    """The disclosure was withdrawn before."""

    code = "already_withdrawn"


class ReasonMissing(DomainError):
    """What is sent back or withdrawn needs its reason."""

    code = "reason_missing"


def publish(
    session: Session,
    kind: DisclosureKind,
    title: str,
    agency_id: int,
    subject_id: int,
    body: dict[str, Any],
    actor: User,
    now: datetime,
    *,
    replaces: Disclosure | None = None,
    expires_on: date | None = None,
) -> Disclosure:
    """Publish `body` under the next index number of the year (R32, R92). `body` is plain JSON.

    A correction names the document it `replaces`; `expires_on` is the last day in public (R59). Raises
    PersonalDataFound when title or body carry what must not leave the house (R60).
    """
    require_no_personal_data({"title": title, "body": body})
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    made = Disclosure(
        index_no=_next_index(session, now.astimezone(CHINA).year),
        kind=kind,
        title=title,
        agency_id=agency_id,
        subject_id=subject_id,
        body=json.loads(text),
        body_hash=hashlib.sha256(text.encode()).hexdigest(),
        published_at=now,
        published_by_id=actor.id,
        replaces_id=replaces.id if replaces else None,
        expires_on=expires_on,
    )
    session.add(made)
    session.flush()
    audit.record(session, actor, f"disclosure:{kind}:published", made.index_no, {"hash": made.body_hash})
    return made


def _next_index(session: Session, year: int) -> str:
    """Index numbers of a year run without gaps; holding the audit chain keeps two from taking the same."""
    hold(session, AUDIT)
    prefix = f"SW-{year}-"
    taken = session.scalar(select(func.count()).where(Disclosure.index_no.startswith(prefix)))
    return f"{prefix}{(taken or 0) + 1:05d}"
