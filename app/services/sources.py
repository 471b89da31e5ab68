"""数据来源: where the roster comes from, and which source is believed about which field (R13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.provenance import STATEABLE, Precedence
from app.domain.vocabulary import RosterField
from app.models import ImportBatch, RosterSource, SourceRank
from app.services import audit

MANUAL, LEGAL_PERSONS, PUBLICITY, OTHER = "manual", "legal_persons", "publicity", "other"
_FIRST = (
    (MANUAL, "人工核改"),
    (LEGAL_PERSONS, "市法人库"),
    (PUBLICITY, "国家企业信用信息公示系统（吉林）"),
    (OTHER, "其他名单"),
)
"""The sources that the bureau's rule names, the most believed first; further ones may be added."""


class SourceUnknown(DomainError):
    """There is no source with this code."""

    code = "source_unknown"


class OrderIncomplete(DomainError):
    """An order of precedence names each source once."""

    code = "source_order_incomplete"


def ensure_sources(session: Session) -> None:
    """Create the first sources where they are missing; those that exist stay as the clerks have them."""
    known = set(session.scalars(select(RosterSource.code)))
    fresh = [
        {
            "code": code,
            "name": name,
            "rank": rank,
            "is_manual": code == MANUAL,
            "is_default": code == LEGAL_PERSONS,
        }
        for rank, (code, name) in enumerate(_FIRST, 1)
        if code not in known
    ]
    if fresh:
        session.execute(insert(RosterSource), fresh)


def source_named(session: Session, code: str) -> RosterSource:
    """The source with this code or name, or the usual one where none is named. Raises SourceUnknown."""
    wanted = or_(RosterSource.code == code, RosterSource.name == code) if code else RosterSource.is_default
    found = session.scalars(select(RosterSource).where(wanted).order_by(RosterSource.rank)).first()
    if found is None and code in ("", LEGAL_PERSONS):
        ensure_sources(session)
        found = session.scalars(select(RosterSource).where(RosterSource.code == LEGAL_PERSONS)).one()
    if found is None or found.is_manual:
        raise SourceUnknown(value=code)
    return found


def sources_in_order(session: Session) -> Sequence[RosterSource]:
    """All sources, the most believed first."""
    return session.scalars(select(RosterSource).order_by(RosterSource.rank, RosterSource.id)).all()


def last_batch(session: Session, source: RosterSource) -> ImportBatch | None:
    """The last load of a source."""
    query = select(ImportBatch).where(ImportBatch.source_id == source.id).order_by(ImportBatch.id.desc())
    return session.scalars(query.limit(1)).first()


def precedence(session: Session) -> Precedence:
    """The order in which sources are believed, in general and for single fields."""
    general = tuple(source.id for source in sources_in_order(session))
    by_field = defaultdict(list)
    for row in session.scalars(select(SourceRank).order_by(SourceRank.rank)):
        by_field[row.field].append(row.source_id)
    return Precedence(general, {field: tuple(order) for field, order in by_field.items()})


def set_precedence(
    session: Session, orders: Mapping[RosterField, Sequence[int]], actor: User | None, now: datetime
) -> list[RosterField]:
    """Set the order of the sources for these fields; the fields whose order is now another one.

    An order equal to the general one leaves the field without its own. Raises OrderIncomplete.
    """
    held = precedence(session)
    changed = []
    for field, order in orders.items():
        if field not in STATEABLE or sorted(order) != sorted(held.general):
            raise OrderIncomplete(field=field)
        if tuple(order) == held.order(field):
            continue
        changed.append(field)
        session.execute(delete(SourceRank).where(SourceRank.field == field))
        if tuple(order) != held.general:
            ranks = [
                {"field": field, "source_id": source, "rank": rank} for rank, source in enumerate(order, 1)
            ]
            session.execute(insert(SourceRank), ranks)
    if changed:
        data = {field.value: list(orders[field]) for field in changed}
        audit.record(session, actor, "source:precedence:changed", "roster_source", data)
    return changed
