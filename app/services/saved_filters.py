"""Keeping filters of lists by name, for oneself or for one's department."""

from __future__ import annotations

from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.models import SavedFilter
from app.services.agencies import agency_of
from app.services.transaction import NotFound, transaction

LONGEST_NAME = 40
LONGEST_QUERY = 2_000
MOST_KEPT = 50
"""Filters that one person may keep for one list."""


class FilterRefused(DomainError):
    """A filter without a name, with too long a one, or one too many."""

    code = "filter_refused"


def save(
    view: str,
    name: str,
    query: str,
    actor: User,
    now: datetime,
    is_usual: bool = False,
    is_shared: bool = False,
) -> int:
    """Keep a filter under a name; the same name again replaces it. Raises FilterRefused."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or len(query) > LONGEST_QUERY:
        raise FilterRefused(longest=LONGEST_NAME, most=MOST_KEPT)
    with transaction() as session:
        own = session.scalars(_own(actor, view)).all()
        kept = next((each for each in own if each.name == name), None)
        if kept is None and len(own) >= MOST_KEPT:
            raise FilterRefused(longest=LONGEST_NAME, most=MOST_KEPT)
        agency = agency_of(session, actor) if is_shared else None
        for each in own if is_usual else ():
            each.is_usual = False
        kept = kept or SavedFilter(owner_id=actor.id, view=view, name=name)
        kept.query, kept.is_usual, kept.saved_at = query, is_usual, now
        kept.agency_id = agency.id if agency else None
        session.add(kept)
        session.flush()
        return kept.id


def forget(filter_id: int, actor: User) -> None:
    """Take a filter of one's own away. Raises NotFound, also for another's."""
    with transaction() as session:
        found = session.get(SavedFilter, filter_id)
        if found is None or found.owner_id != actor.id:
            raise NotFound(what="SavedFilter", key=filter_id)
        session.delete(found)


def offered(session: Session, view: str, reader: User) -> list[SavedFilter]:
    """The reader's own filters of a list, then those that the department shares, each in the order of names."""
    agency = agency_of(session, reader)
    seen = or_(SavedFilter.owner_id == reader.id, SavedFilter.agency_id == (agency.id if agency else None))
    query = select(SavedFilter).where(SavedFilter.view == view, seen)
    return sorted(session.scalars(query), key=lambda each: (each.owner_id != reader.id, each.name))


def usual(session: Session, view: str, reader: User) -> str:
    """The query with which the reader's list opens, empty for none."""
    query = _own(reader, view).where(SavedFilter.is_usual)
    found = session.scalar(query)
    return found.query if found else ""


def _own(owner: User, view: str) -> Select[SavedFilter]:
    return select(SavedFilter).where(SavedFilter.owner_id == owner.id, SavedFilter.view == view)
