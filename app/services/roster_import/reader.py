"""检查对象名录: what one row of an enterprise file says, as facts and as guesses (R10–R13)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import EntityKind
from app.models import Enterprise, Industry
from app.services.bulk import table_of
from app.services.roster_import.categories import Categories
from app.services.roster_import.faults import Flag
from app.services.roster_import.places import Places, Where, jurisdiction
from app.services.roster_import.record import Record
from app.services.roster_import.words import KINDS, RISK_CLASSES, STATUSES

Values = dict[str, Any]

LIMITS = {
    name: table_of(Enterprise).c[name].type.length  # type: ignore[attr-defined]
    for name in ("name", "entity_type", "functional_zone", "registration_authority", "address")
} | {"business_scope": 20_000}
"""Characters that the text of a field may have."""

KIND_OF_CODE = {"92": EntityKind.INDIVIDUAL, "93": EntityKind.COOPERATIVE}
"""Which kind the first two characters of a unified code suggest; all others suggest a company."""

_INDUSTRY = re.compile(r"([A-T]?)(\d{0,4})")


@dataclass(slots=True)
class Entry:
    """What one row says about one enterprise."""

    identifier: str
    facts: Values
    guesses: Values
    categories: tuple[int, ...] = ()
    guessed_categories: tuple[int, ...] = ()
    flags: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a row that can be read by itself: the fields it looks at, and what it makes of them."""

    looks_at: tuple[str, ...]
    read: Callable[[Record], tuple[Values, Values]]
    gives: tuple[str, ...]


class EnterpriseReader:
    """Turns records into entries; knows regions, industries and categories."""

    def __init__(self, session: Session) -> None:
        self._places = Places(session)
        self._categories = Categories(session)
        self._industries = frozenset(session.scalars(select(Industry.code)))
        self.parts = (
            Part(
                ("city", "territory_code", "territory_name"),
                self._location,
                ("territory_code", "in_jurisdiction"),
            ),
            *(_part(name, read) for name, read in self._single_fields().items()),
        )

    def read(self, record: Record) -> Entry:
        """What the row states and guesses. Raises RowRefused when it cannot be loaded."""
        code, kind, fault = record.identifier()
        facts: Values = {"identifier_kind": kind, "identifier_fault": fault.value if fault else None}
        guesses: Values = {"kind": KIND_OF_CODE.get(code[:2], EntityKind.COMPANY)}
        facts["name"] = record.required("name", LIMITS["name"])
        for part in self.parts:
            said, guessed = part.read(record)
            facts |= said
            guesses |= guessed
        for name in ("address", "business_scope"):
            facts[name] = record.limited(name, LIMITS[name])
        categories, guessed_categories = self.categories(record)
        return Entry(
            identifier=code,
            facts={name: value for name, value in facts.items() if value is not None},
            guesses={name: value for name, value in guesses.items() if value is not None},
            categories=categories,
            guessed_categories=guessed_categories,
            flags=record.flags,
        )

    def categories(self, record: Record) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The categories that the row states and those it guesses. Raises RowRefused."""
        return (
            self._categories.ids(record.text("categories")),
            self._categories.ids(record.guess("categories")),
        )

    def fingerprint(self) -> str:
        """The code lists that the reading of a row depends on."""
        return f"{self._places.fingerprint()} {sorted(self._industries)}"

    def _single_fields(self) -> dict[str, Callable[[Record], tuple[Any, Any]]]:
        return {
            "kind": lambda record: (record.term_or_flag("kind", KINDS, Flag.KIND_UNKNOWN), None),
            "entity_type": lambda record: (_limited(record, "entity_type"), None),
            "established_on": lambda record: (record.day_or_flag("established_on"), None),
            "status": lambda record: (record.term_or_flag("status", STATUSES, Flag.STATUS_UNKNOWN), None),
            "registration_authority": lambda record: (_limited(record, "registration_authority"), None),
            "functional_zone": lambda record: (_limited(record, "functional_zone"), None),
            "industry_code": lambda record: (
                self._industry(record, record.text("industry_code")),
                self._industry(record, record.guess("industry_code")),
            ),
            "risk_class": lambda record: (
                record.term_or_flag("risk_class", RISK_CLASSES, Flag.RISK_CLASS_UNKNOWN),
                None,
            ),
        }

    def _location(self, record: Record) -> tuple[Values, Values]:
        has_city = "city" in record.layout.facts
        stated = self._places.territory(record.text("territory_code"), record.text("territory_name"))
        guessed = self._places.territory(record.guess("territory_code"), record.guess("territory_name"))
        if Where.NOWHERE in (stated.where, guessed.where):
            record.flags.append(Flag.TERRITORY_UNKNOWN)
        ours = jurisdiction(self._places, record.text("city") if has_city else None, stated, guessed)
        if ours.flag:
            record.flags.append(ours.flag)
        return (
            {"territory_code": stated.code, "in_jurisdiction": ours.fact},
            {"territory_code": guessed.code, "in_jurisdiction": ours.guess},
        )

    def _industry(self, record: Record, value: str) -> str | None:
        """A code of GB/T 4754 with or without the letter of its section."""
        found = _INDUSTRY.fullmatch(value)
        code = (found[2] or found[1]) if found else ""
        if value and (not code or (self._industries and code not in self._industries)):
            record.flags.append(Flag.INDUSTRY_UNKNOWN)
            return None
        return code or None


def _limited(record: Record, name: str) -> str | None:
    return record.limited(name, LIMITS[name])


def _part(name: str, read: Callable[[Record], tuple[Any, Any]]) -> Part:
    def both(record: Record) -> tuple[Values, Values]:
        fact, guess = read(record)
        return {name: fact}, {name: guess} if guess is not None else {}

    return Part((name,), both, (name,))
