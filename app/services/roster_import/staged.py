"""What is staged of a row: one value a column, in the form in which the database keeps it."""

from __future__ import annotations

from typing import Any

from app.domain.provenance import STATEABLE, bit
from app.services.roster_import.faults import Flag
from app.services.roster_import.reader import Entry

COLUMNS = (
    "line",
    "line_hash",
    "identifier",
    "identifier_kind",
    "identifier_fault",
    "name",
    "kind",
    "kind_guess",
    "entity_type",
    "established_on",
    "status",
    "registration_authority",
    "territory_code",
    "territory_guess",
    "functional_zone",
    "industry_code",
    "industry_guess",
    "address",
    "business_scope",
    "risk_class",
    "in_jurisdiction",
    "jurisdiction_guess",
    "stated",
    "flags",
)
"""The columns of the staging table in the order in which they are written."""

GUESSES = {
    "kind": "kind_guess",
    "territory_code": "territory_guess",
    "industry_code": "industry_guess",
    "in_jurisdiction": "jurisdiction_guess",
}
"""Fields that a file may only guess, with the column of the guess."""

_FLAGS = {flag: 1 << place for place, flag in enumerate(Flag)}


def staged(entry: Entry, line: int, line_hash: int | None) -> dict[str, Any]:
    """One row as it is staged. A row with flags keeps no hash, so that it is read again next time."""
    values = dict.fromkeys(COLUMNS) | entry.facts
    values |= {GUESSES[name]: value for name, value in entry.guesses.items()}
    values["established_on"] = (
        entry.facts["established_on"].isoformat() if entry.facts.get("established_on") else None
    )
    return values | {
        "line": line,
        "line_hash": None if entry.flags else line_hash,
        "identifier": entry.identifier,
        "stated": sum(bit(field) for field in STATEABLE if values[field.value] is not None),
        "flags": sum(_FLAGS[Flag(flag)] for flag in set(entry.flags)),
    }


def flags_in(number: int) -> list[Flag]:
    """The flags of a staged row."""
    return [flag for flag, mark in _FLAGS.items() if number & mark]
