"""检查对象名录: what one row of an enterprise file says, and loading the file (R10–R13)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import EntityKind
from app.models import Enterprise, Industry
from app.services.roster_import.apply import Entry, Roster
from app.services.roster_import.blocks import Seen, blocks, table_of
from app.services.roster_import.categories import Categories
from app.services.roster_import.faults import Flag, RowRefused
from app.services.roster_import.outcome import Outcome
from app.services.roster_import.places import Places, Where, jurisdiction
from app.services.roster_import.record import Record
from app.services.roster_import.words import KINDS, RISK_CLASSES, STATUSES

_INDUSTRY = re.compile(r"([A-T]?)(\d{0,4})")
_KIND_OF_CODE = {"92": EntityKind.INDIVIDUAL, "93": EntityKind.COOPERATIVE}
_LIMITS = {
    name: table_of(Enterprise).c[name].type.length  # type: ignore[attr-defined]
    for name in ("name", "entity_type", "functional_zone", "registration_authority", "address")
}
_LONGEST_SCOPE = 20_000


def load(session: Session, records: Iterator[Record], outcome: Outcome, now: datetime) -> None:
    """Compare the file with the roster block by block and write what is new or differs."""
    reader = EnterpriseReader(session)
    roster = Roster(session, outcome.file_name, now)
    for block in blocks(_entries(records, reader, outcome)):
        for entry, effect in zip(block, roster.apply(block), strict=True):
            outcome.accept(effect, entry.flags)


def _entries(records: Iterator[Record], reader: EnterpriseReader, outcome: Outcome) -> Iterator[Entry]:
    seen = Seen()
    for record in records:
        try:
            entry = reader.read(record)
            seen.require_new(entry.identifier, record.line)
        except RowRefused as error:
            outcome.reject(record.line, record.cells, error)
        else:
            yield entry


@dataclass(frozen=True, slots=True)
class _Location:
    """Facts and guesses about where an enterprise is."""

    facts: dict[str, Any]
    guesses: dict[str, Any]


class EnterpriseReader:
    """Turns records into entries; knows regions, industries and categories."""

    def __init__(self, session: Session) -> None:
        self._places = Places(session)
        self._categories = Categories(session)
        self._industries = frozenset(session.scalars(select(Industry.code)))

    def read(self, record: Record) -> Entry:
        """What the row states and guesses. Raises RowRefused when it cannot be loaded."""
        code, kind, fault = record.identifier()
        location = self._location(record)
        facts = {
            "identifier_kind": kind,
            "identifier_fault": fault.value if fault else None,
            "name": record.required("name", _LIMITS["name"]),
            "kind": record.term_or_flag("kind", KINDS, Flag.KIND_UNKNOWN),
            "entity_type": record.limited("entity_type", _LIMITS["entity_type"]),
            "established_on": record.day_or_flag("established_on"),
            "status": record.term_or_flag("status", STATUSES, Flag.STATUS_UNKNOWN),
            "registration_authority": record.limited(
                "registration_authority", _LIMITS["registration_authority"]
            ),
            "functional_zone": record.limited("functional_zone", _LIMITS["functional_zone"]),
            "industry_code": self._industry(record, record.text("industry_code")),
            "address": record.limited("address", _LIMITS["address"]),
            "business_scope": record.limited("business_scope", _LONGEST_SCOPE),
            "risk_class": record.term_or_flag("risk_class", RISK_CLASSES, Flag.RISK_CLASS_UNKNOWN),
        } | location.facts
        guesses = location.guesses | {
            "industry_code": self._industry(record, record.guess("industry_code")),
            "kind": _KIND_OF_CODE.get(code[:2], EntityKind.COMPANY),
        }
        return Entry(
            identifier=code,
            facts={name: value for name, value in facts.items() if value is not None},
            guesses={name: value for name, value in guesses.items() if value is not None},
            categories=self._categories.ids(record.text("categories")),
            guessed_categories=self._categories.ids(record.guess("categories")),
            flags=record.flags,
        )

    def _location(self, record: Record) -> _Location:
        has_city = "city" in record.layout.facts
        stated = self._places.territory(record.text("territory_code"), record.text("territory_name"))
        guessed = self._places.territory(record.guess("territory_code"), record.guess("territory_name"))
        if Where.NOWHERE in (stated.where, guessed.where):
            record.flags.append(Flag.TERRITORY_UNKNOWN)
        ours = jurisdiction(self._places, record.text("city") if has_city else None, stated, guessed)
        if ours.flag:
            record.flags.append(ours.flag)
        return _Location(
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
