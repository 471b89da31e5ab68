"""表样 of the forms: our own files, or what the bureau put in their place; every version is kept (R81)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.forms import Form
from app.models import ReportLayout
from app.reports.forms import FORM_SPECS, FORMS, LayoutUnreadable, form_from, shipped_text
from app.services import audit
from app.services.chain import AUDIT, hold
from app.services.transaction import transaction

LOG = structlog.get_logger("layouts")


def forms_in_force(session: Session) -> Mapping[str, Form]:
    """Every form as the bureau wants it now."""
    return {**FORMS, **{name: form_of(session, name) for name in _chosen(session)}}


def form_of(session: Session, name: str) -> Form:
    """One form as the bureau wants it now; our own where a kept layout no longer fits what rows have to offer."""
    chosen = current_layout(session, name)
    if chosen is None or chosen.content is None:
        return FORMS[name]
    try:
        return form_from(name, chosen.content)
    except DomainError:
        LOG.exception("layout_outlived", form=name, version=chosen.version)
        return FORMS[name]


def current_layout(session: Session, name: str) -> ReportLayout | None:
    """The newest choice for a form; None while nobody has chosen anything."""
    query = select(ReportLayout).where(ReportLayout.form == name).order_by(ReportLayout.version.desc())
    return session.scalar(query.limit(1))


def layout_text(session: Session, name: str) -> str:
    """The layout file in force."""
    chosen = current_layout(session, name)
    return chosen.content if chosen and chosen.content else shipped_text(name)


def layout_versions(session: Session, name: str) -> Sequence[ReportLayout]:
    """All choices for a form, newest first."""
    query = select(ReportLayout).where(ReportLayout.form == name).order_by(ReportLayout.version.desc())
    return session.scalars(query).all()


def replace_layout(name: str, content: bytes, note: str, actor: User, now: datetime) -> int:
    """Put a layout file in the place of the one in force; gives the version.

    Raises LayoutUnreadable, LayoutBroken with everything that is wrong with it.
    """
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise LayoutUnreadable(line=content[: error.start].count(b"\n") + 1) from error
    form_from(name, text)
    return _choose(name, text, note, actor, now)


def revert_layout(name: str, actor: User, now: datetime) -> int:
    """Go back to our own layout; the versions before stay on record."""
    return _choose(name, None, "", actor, now)


def _chosen(session: Session) -> list[str]:
    names = session.scalars(select(ReportLayout.form).distinct())
    return [name for name in names if name in FORM_SPECS]


def _choose(name: str, content: str | None, note: str, actor: User, now: datetime) -> int:
    with transaction() as session:
        hold(session, AUDIT)  # one at a time, so that two uploads get two versions
        last = session.scalar(select(func.max(ReportLayout.version)).where(ReportLayout.form == name))
        version = (last or 0) + 1
        session.add(
            ReportLayout(
                form=name,
                version=version,
                content=content,
                note=note.strip()[:300],
                chosen_by_id=actor.id,
                chosen_at=now,
            )
        )
        data = {"version": version, "shipped": content is None, "note": note.strip()[:300]}
        audit.record(session, actor, "report:layout:chosen", FORMS[name].caption, data)
    return version
