"""The Word templates: our own layouts, or what the bureau put in their place; every version is kept."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.documents import FACTS, sample_of, values_of
from app.domain.vocabulary import DocumentKind
from app.models import DocumentTemplate
from app.reports.documents import Files, files_of, own_template
from app.reports.documents.check import require_template
from app.services import audit, storage
from app.services.chain import AUDIT, hold
from app.services.transaction import transaction


def current_template(session: Session, kind: DocumentKind) -> tuple[DocumentTemplate | None, bytes]:
    """The chosen template of a kind with its bytes; None beside the bytes of our own layout."""
    chosen = session.scalar(
        select(DocumentTemplate)
        .where(DocumentTemplate.kind == kind)
        .order_by(DocumentTemplate.version.desc())
        .limit(1)
    )
    if chosen is None or chosen.digest is None:
        return None, own_template(kind)
    return chosen, storage.fetch_bytes(session, chosen.digest)


def replace_template(
    kind: DocumentKind, content: bytes, file_name: str, note: str, actor: User, now: datetime
) -> int:
    """Put a Word file in the place of our layout, once it was tried on a sample; gives the version.

    Raises NoWordFile, TemplateTooLarge, TemplateForbidden, TemplateBroken, PlaceholderUnknown.
    """
    require_template(content, sample_values(kind))
    with transaction() as session:
        digest = storage.store(session, [content], file_name)
        return _choose(session, kind, digest, file_name, note, actor, now)


def revert_template(kind: DocumentKind, actor: User, now: datetime) -> int:
    """Go back to our own layout; the versions before stay on record."""
    with transaction() as session:
        return _choose(session, kind, None, "", "", actor, now)


def sample_paper(session: Session, kind: DocumentKind) -> Files:
    """The template in force filled with invented facts, to look at."""
    return files_of(current_template(session, kind)[1], sample_values(kind), lambda _digest: None)


@cache
def sample_values(kind: DocumentKind) -> dict[str, object]:
    """Invented facts of a kind."""
    return values_of(sample_of(FACTS[kind]))


def _choose(
    session: Session,
    kind: DocumentKind,
    digest: str | None,
    file_name: str,
    note: str,
    actor: User,
    now: datetime,
) -> int:
    hold(session, AUDIT)  # one at a time, so that two uploads get two versions
    last = session.scalar(select(func.max(DocumentTemplate.version)).where(DocumentTemplate.kind == kind))
    version = (last or 0) + 1
    session.add(
        DocumentTemplate(
            kind=kind,
            version=version,
            digest=digest,
            file_name=file_name[:200],
            note=note.strip()[:300],
            chosen_by_id=actor.id,
            chosen_at=now,
        )
    )
    data = {"version": version, "digest": digest, "file": file_name}
    audit.record(session, actor, "document:template:chosen", kind.label, data)
    return version
