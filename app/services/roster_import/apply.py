"""Compares entries with the roster in blocks and writes only what differs, in bulk.

What a file does not state stays as it is; a guess fills what is empty or was itself a guess; nothing is
deleted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import EntityKind, EntityStatus, MembershipSource
from app.models import CategoryMembership, Enterprise
from app.services.roster_import.blocks import insert_all, table_of, update_all
from app.services.roster_import.outcome import Effect

ENTERPRISE, MEMBERSHIP = table_of(Enterprise), table_of(CategoryMembership)
_SOURCE_LENGTH = 60

DEFAULTS: dict[str, Any] = {
    "identifier_kind": None,
    "identifier_fault": None,
    "name": None,
    "kind": EntityKind.COMPANY,
    "entity_type": None,
    "established_on": None,
    "status": EntityStatus.UNKNOWN,
    "registration_authority": None,
    "territory_code": None,
    "territory_guessed": False,
    "functional_zone": None,
    "in_jurisdiction": True,
    "industry_code": None,
    "industry_guessed": False,
    "address": None,
    "business_scope": None,
    "risk_class": None,
    "risk_class_on": None,
}
"""The columns that a file can state, with what a new enterprise has where it states nothing."""

_GUESSED = {"territory_code": "territory_guessed", "industry_code": "industry_guessed"}
"""Fields that may hold a guess, with the column that says so."""

Values = dict[str, Any]


@dataclass(slots=True)
class Entry:
    """What one row says about one enterprise."""

    identifier: str
    facts: Values
    guesses: Values
    categories: tuple[int, ...] = ()
    guessed_categories: tuple[int, ...] = ()
    flags: list[str] = field(default_factory=list)


class Roster:
    """The enterprises in the database, as the target of one load."""

    def __init__(self, session: Session, source: str, now: datetime) -> None:
        self._session, self._now = session, now
        self._stamp = {"source": source[-_SOURCE_LENGTH:], "loaded_at": now}

    def apply(self, block: list[Entry]) -> list[Effect]:
        """Write the entries of one block, each identifier once; what became of each, in order."""
        stored = self._stored([entry.identifier for entry in block])
        effects = [self._write(entry, stored) for entry in block]
        insert_all(self._session, ENTERPRISE, [row for effect, row in effects if effect == Effect.ADDED])
        update_all(self._session, ENTERPRISE, [row for effect, row in effects if effect == Effect.CHANGED])
        joined = self._join(block)
        return [
            Effect.CHANGED if effect == Effect.UNCHANGED and entry.identifier in joined else effect
            for entry, (effect, _) in zip(block, effects, strict=True)
        ]

    def _stored(self, identifiers: list[str]) -> dict[str, Values]:
        columns = [ENTERPRISE.c[name] for name in ("id", "identifier", *DEFAULTS)]
        query = select(*columns).where(ENTERPRISE.c.identifier.in_(identifiers))
        return {row["identifier"]: dict(row) for row in self._session.execute(query).mappings()}

    def _write(self, entry: Entry, stored: dict[str, Values]) -> tuple[Effect, Values]:
        old = stored.get(entry.identifier)
        if old is None:
            new = {"identifier": entry.identifier, **DEFAULTS} | self._said(entry, DEFAULTS, is_new=True)
            return Effect.ADDED, new | self._stamp
        said = self._said(entry, old, is_new=False)
        if all(old[name] == value for name, value in said.items()):
            return Effect.UNCHANGED, old
        kept = {name: old[name] for name in ("id", *DEFAULTS)}
        return Effect.CHANGED, kept | said | self._stamp

    def _said(self, entry: Entry, old: Values, *, is_new: bool) -> Values:
        said = dict(entry.facts)
        for name, value in entry.guesses.items():
            if name not in said and self._may_guess(name, old, is_new=is_new):
                said[name] = value
                if name in _GUESSED:
                    said[_GUESSED[name]] = True
        for name, mark in _GUESSED.items():
            if name in entry.facts:
                said[mark] = False
        if said.get("risk_class", old["risk_class"]) != old["risk_class"]:
            said["risk_class_on"] = self._now.date()
        return said

    @staticmethod
    def _may_guess(name: str, old: Values, *, is_new: bool) -> bool:
        mark = _GUESSED.get(name)
        return is_new if mark is None else old[name] is None or bool(old[mark])

    def _join(self, block: list[Entry]) -> set[str]:
        """Enter the enterprises into their categories; those whose membership changed."""
        wanted = _wanted(block)
        if not wanted:
            return set()
        query = select(ENTERPRISE.c.identifier, ENTERPRISE.c.id)
        names = {key for key, _ in wanted}
        ids = dict(self._session.execute(query.where(ENTERPRISE.c.identifier.in_(names))).all())
        stored = self._memberships(ids.values())
        fresh, facts, joined = [], [], set()
        for (identifier, category_id), source in wanted.items():
            held = stored.get((ids[identifier], category_id))
            if held is None:
                keys = {"enterprise_id": ids[identifier], "category_id": category_id}
                fresh.append(keys | {"source": source})
            elif held[1] == MembershipSource.GUESS and source == MembershipSource.FILE:
                facts.append({"id": held[0], "source": source})
            else:
                continue
            joined.add(identifier)
        insert_all(self._session, MEMBERSHIP, fresh)
        update_all(self._session, MEMBERSHIP, facts)
        return joined

    def _memberships(self, ids: Iterable[int]) -> dict[tuple[int, int], tuple[int, MembershipSource]]:
        query = select(MEMBERSHIP).where(MEMBERSHIP.c.enterprise_id.in_(list(ids)))
        return {
            (row.enterprise_id, row.category_id): (row.id, row.source) for row in self._session.execute(query)
        }


def _wanted(block: list[Entry]) -> dict[tuple[str, int], MembershipSource]:
    wanted = {}
    for entry in block:
        wanted.update({(entry.identifier, key): MembershipSource.GUESS for key in entry.guessed_categories})
        wanted.update({(entry.identifier, key): MembershipSource.FILE for key in entry.categories})
    return wanted
