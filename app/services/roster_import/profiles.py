"""导入方案: which headings of a recurring file name which fields, kept by source and changed in versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.vocabulary import ImportKind
from app.models import ImportProfile
from app.services import audit
from app.services.roster_import.columns import IGNORED, field_names, normalise
from app.services.transaction import lock, transaction

_LONGEST_SOURCE, _LONGEST_HEADING, _MOST_HEADINGS = 60, 100, 500


class ProfileUnusable(DomainError):
    """A profile cannot be kept so; `why` is part of the code."""

    code = "profile_unusable"

    def __init__(self, why: str, **params: object) -> None:
        super().__init__(**params)
        self.code = f"profile_{why}"


def save_profile(
    kind: ImportKind,
    source: str,
    headings: Mapping[str, str],
    actor: User | None,
    now: datetime,
    source_code: str | None = None,
) -> int:
    """Remember how files of this source are read: a new profile, or a new version of the one there is.

    Raises ProfileUnusable.
    """
    name = source.strip()
    if not name.isprintable() or not 0 < len(name) <= _LONGEST_SOURCE:
        raise ProfileUnusable("source_unusable", limit=_LONGEST_SOURCE)
    wanted = checked_headings(kind, headings)
    with transaction() as session:
        query = select(ImportProfile).where(ImportProfile.kind == kind, ImportProfile.source == name)
        profile = session.scalars(query).first()
        if profile is None:
            return _create(session, kind, name, wanted, actor, now, source_code)
        _change(session, lock(session, ImportProfile, profile.id), wanted, actor, now)
        profile.source_code = source_code or profile.source_code
        return profile.id


def change_profile(profile_id: int, headings: Mapping[str, str], actor: User | None, now: datetime) -> None:
    """Give a profile other headings, as its next version; the same ones again change nothing.

    Raises NotFound, ProfileUnusable.
    """
    with transaction() as session:
        profile = lock(session, ImportProfile, profile_id)
        _change(session, profile, checked_headings(profile.kind, headings), actor, now)


def profiles_in_order(session: Session, kind: ImportKind | None = None) -> Sequence[ImportProfile]:
    """The profiles, those used last first."""
    query = select(ImportProfile).order_by(ImportProfile.last_used_at.desc(), ImportProfile.id)
    return session.scalars(query.where(ImportProfile.kind == kind) if kind else query).all()


def checked_headings(kind: ImportKind, headings: Mapping[str, str]) -> dict[str, str]:
    """Headings in their normal form with fields that this roster has. Raises ProfileUnusable."""
    fields = {*field_names(kind), IGNORED}
    found = {normalise(heading): name for heading, name in headings.items() if heading.strip()}
    if len(found) > _MOST_HEADINGS or any(len(heading) > _LONGEST_HEADING for heading in found):
        raise ProfileUnusable("too_long", limit=_LONGEST_HEADING, most=_MOST_HEADINGS)
    for name in found.values():
        if name not in fields:
            raise ProfileUnusable("field_unknown", value=name)
    return found


def _create(
    session: Session,
    kind: ImportKind,
    source: str,
    headings: dict[str, str],
    actor: User | None,
    now: datetime,
    source_code: str | None,
) -> int:
    profile = ImportProfile(kind=kind, source=source, headings=headings, changed_at=now)
    profile.source_code = source_code
    profile.changed_by_id = actor.id if actor else None
    session.add(profile)
    session.flush()
    data = {"kind": kind.value, "version": profile.version, "headings": headings}
    audit.record(session, actor, "import_profile:added", source, data)
    return profile.id


def _change(
    session: Session, profile: ImportProfile, headings: dict[str, str], actor: User | None, now: datetime
) -> None:
    if profile.headings == headings:
        return
    data = {
        "kind": profile.kind.value,
        "version": profile.version + 1,
        "before": profile.headings,
        "headings": headings,
    }
    profile.headings, profile.version = headings, profile.version + 1
    profile.changed_at, profile.changed_by_id = now, actor.id if actor else None
    audit.record(session, actor, "import_profile:changed", profile.source, data)
