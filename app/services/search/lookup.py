"""Finding enterprises by code, name, pinyin initials or address, through the index."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, Select, cast, column, false, or_, select, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from app.models import Enterprise
from app.models.search import WORDS, EnterpriseSearch
from app.services.search.beginnings import begins_with
from app.services.search.tokens import Part, asked_tokens, is_initials, plain

COMMON = 10_000
"""Above this many hits a part of a name or address is common, and reading the roster meets it soon."""

_WORDS = table(WORDS, column("rowid"), column(WORDS))
_COLUMNS = {Part.NAME: Enterprise.name, Part.ADDRESS: Enterprise.address}


def find(session: Session, term: str, limit: int) -> list[int]:
    """Keys of enterprises for a term, the best first: code, beginning of the name, name, initials, address."""
    found: dict[int, None] = {}
    term = _clean(term)
    if not term:
        return []
    for source in (_codes, _beginnings, _inside(Part.NAME), _inside(Part.INITIALS), _inside(Part.ADDRESS)):
        query = source(session, term)
        if query is not None and len(found) < limit:
            found.update(dict.fromkeys(session.scalars(query.limit(limit))))
    return list(found)[:limit]


def named(session: Session, term: str) -> ColumnElement[bool]:
    """The condition that an enterprise has the term in its name, as its initials or at the start of its code."""
    term = _clean(term)
    conditions = [_containing(session, term, Part.NAME)]
    if is_code(term):
        conditions.append(begins_with(session, Enterprise.identifier, plain(term).upper()))
    if is_initials(term) and not plain(term).isdigit():
        conditions.append(_indexed(session, term, Part.INITIALS))
    return or_(*conditions)


def located(session: Session, term: str) -> ColumnElement[bool]:
    """The condition that an enterprise has the term in its address."""
    return _containing(session, _clean(term), Part.ADDRESS)


def is_code(term: str) -> bool:
    """Whether a term can be the beginning of a credit code."""
    text = plain(term)
    return len(text) > 1 and text.isascii() and text[:2].isalnum() and text.replace("-", "").isalnum()


def hits(session: Session, term: str, part: Part) -> Select[int] | None:
    """The keys of the enterprises that have every token of the term; None when the term has none."""
    tokens = asked_tokens(term, part)
    if not tokens:
        return None
    if session.get_bind().dialect.name == "sqlite":
        asked = " AND ".join(f'"{token.rstrip("*")}"{"*" if token.endswith("*") else ""}' for token in tokens)
        return select(_WORDS.c.rowid).where(_WORDS.c[WORDS].op("MATCH")(asked))
    asked = " & ".join(f"'{token.rstrip('*')}'{':*' if token.endswith('*') else ''}" for token in tokens)
    matches = EnterpriseSearch.tokens.op("@@")(cast(asked, TSQUERY))
    return select(EnterpriseSearch.enterprise_id).where(matches)


def _clean(term: str) -> str:
    return term.replace("\0", " ").strip()


def _containing(session: Session, term: str, part: Part) -> ColumnElement[bool]:
    """Through the index while the term is rare; a common one is met soon by reading rows in their order."""
    query = hits(session, term, part)
    if query is None:
        return false()
    reached = session.scalar(query.offset(COMMON).limit(1))
    if reached is None:
        return Enterprise.id.in_(query)
    return _COLUMNS[part].contains(term, autoescape=True)


def _indexed(session: Session, term: str, part: Part) -> ColumnElement[bool]:
    query = hits(session, term, part)
    return false() if query is None else Enterprise.id.in_(query)


def _codes(session: Session, term: str) -> Select[int] | None:
    if not is_code(term):
        return None
    begins = begins_with(session, Enterprise.identifier, plain(term).upper())
    return select(Enterprise.id).where(begins).order_by(Enterprise.identifier)


def _beginnings(session: Session, term: str) -> Select[int] | None:
    return select(Enterprise.id).where(begins_with(session, Enterprise.name, term)).order_by(Enterprise.name)


def _inside(part: Part) -> Callable[[Session, str], Select[int] | None]:
    return lambda session, term: hits(session, term, part)
