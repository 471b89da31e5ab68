"""Finding enterprises by code, name, pinyin initials or address, through the index."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, Select, any_, cast, column, false, func, select, table, text
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.orm import Session

from app.models import Enterprise
from app.models.search import WORDS, EnterpriseSearch
from app.services.search.beginnings import begins_with
from app.services.search.tokens import Part, asked_tokens, is_initials, plain

COMMON = {"sqlite": 20_000, "postgresql": 10_000}
"""Above this many hits a word is common: reading rows in their order meets it sooner than the index lists it."""
SHORTEST_CODE = 6
"""Characters of a code that must be typed; the first six say the region, which all neighbours share."""

_WORDS = table(WORDS, column("rowid"), column(WORDS))


def find(session: Session, term: str, limit: int) -> list[int]:
    """Keys of enterprises for a term, the best first: code, beginning of the name, name, initials, address."""
    found: dict[int, None] = {}
    term = _clean(term)
    if not term:
        return []
    for source in (_codes, _beginnings, _inside(Part.NAME), _inside(Part.INITIALS), _inside(Part.ADDRESS)):
        query = source(session, term)
        if query is not None and len(found) < limit and not (found and is_code(term)):
            found.update(dict.fromkeys(_keys(session, query.limit(limit))))
    return list(found)[:limit]


@dataclass(frozen=True)
class Found:
    """The condition that an enterprise matches a term; `common` when more match than anybody counts."""

    condition: ColumnElement[bool]
    common: bool = False


def named(session: Session, term: str) -> Found:
    """Enterprises that have the term in their name or as its initials, or whose code begins so."""
    term = _clean(term)
    code = _codes(session, term)
    if code is not None and session.scalar(code.limit(1)) is not None:
        return Found(begins_with(session, Enterprise.identifier, plain(term).upper()))
    found = _listed(session, hits(session, term, Part.NAME, Part.INITIALS))
    if found is None and is_initials(term):
        found = _listed(session, hits(session, term, Part.NAME))
    return found or Found(Enterprise.name.contains(term, autoescape=True), common=True)


def located(session: Session, term: str) -> Found:
    """Enterprises that have the term in their address."""
    term = _clean(term)
    found = _listed(session, hits(session, term, Part.ADDRESS))
    return found or Found(Enterprise.address.contains(term, autoescape=True), common=True)


def is_code(term: str) -> bool:
    """Whether a term can be the beginning of a credit code or an older number."""
    letters = plain(term).replace("-", "")
    return len(letters) >= SHORTEST_CODE and letters.isascii() and letters.isalnum() and not letters.isalpha()


def hits(session: Session, term: str, *parts: Part) -> Select[int] | None:
    """The keys of the enterprises that have every token of the term in one of the parts; None without tokens."""
    asked = [tokens for part in parts if (tokens := asked_tokens(term, part))]
    if not asked:
        return None
    if session.get_bind().dialect.name == "sqlite":
        words = " OR ".join(f"({' AND '.join(map(_quoted_for_sqlite, tokens))})" for tokens in asked)
        return select(_WORDS.c.rowid).where(_WORDS.c[WORDS].op("MATCH")(words))
    words = " | ".join(f"({' & '.join(map(_quoted_for_postgresql, tokens))})" for tokens in asked)
    matches = EnterpriseSearch.tokens.op("@@")(cast(words, TSQUERY))
    return select(EnterpriseSearch.enterprise_id).where(matches)


def _quoted_for_sqlite(token: str) -> str:
    return f'"{token[:-1]}"*' if token.endswith("*") else f'"{token}"'


def _quoted_for_postgresql(token: str) -> str:
    return f"'{token[:-1]}':*" if token.endswith("*") else f"'{token}'"


def _clean(term: str) -> str:
    return term.replace("\0", " ").strip()


def _listed(session: Session, query: Select[int] | None) -> Found | None:
    """The enterprises among the hits; None when they are too many to list."""
    if query is None:
        return Found(false())
    dialect = session.get_bind().dialect.name
    keys = _keys(session, query.limit(COMMON[dialect] + 1))
    if len(keys) > COMMON[dialect]:
        return None
    if dialect == "sqlite":
        return Found(
            Enterprise.id.in_(select(func.json_each(json.dumps(keys)).table_valued("value").c.value))
        )
    return Found(Enterprise.id == any_(cast(keys, ARRAY(Integer))))


def _keys(session: Session, query: Select[int]) -> list[int]:
    """The keys of the hits, found through the index.

    PostgreSQL takes every beginning for a common one and would read the whole table to meet the first few.
    """
    if session.get_bind().dialect.name == "sqlite":
        return list(session.scalars(query))
    session.execute(text("SET LOCAL enable_seqscan = off"))
    keys = list(session.scalars(query))
    session.execute(text("SET LOCAL enable_seqscan = on"))
    return keys


def _codes(session: Session, term: str) -> Select[int] | None:
    if not is_code(term):
        return None
    begins = begins_with(session, Enterprise.identifier, plain(term).upper())
    return select(Enterprise.id).where(begins).order_by(Enterprise.identifier)


def _beginnings(session: Session, term: str) -> Select[int] | None:
    return select(Enterprise.id).where(begins_with(session, Enterprise.name, term)).order_by(Enterprise.name)


def _inside(part: Part) -> Callable[[Session, str], Select[int] | None]:
    return lambda session, term: hits(session, term, part)
