"""What the rows of an inspector file say: one person may stand on several, a certificate or recusal on each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain import credit_code
from app.domain.vocabulary import CertificateKind, InspectorStatus, RecusalKind, StaffKind
from app.services.roster_import.faults import RowRefused
from app.services.roster_import.outcome import Outcome
from app.services.roster_import.record import Record, names_in, read_identifier
from app.services.roster_import.words import (
    CERTIFICATE_KINDS,
    RECUSAL_KINDS,
    STAFF_KINDS,
    STAFF_STATUSES,
    plain,
)

_STAFF_NO = re.compile(r"[0-9A-Z-]{1,22}")
_LONGEST_NAME, _LONGEST_POSITION, _LONGEST_NUMBER, _LONGEST_REASON = 40, 60, 40, 200

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class References:
    """What a row may refer to: agencies by name, region codes, and whose a certificate is."""

    agencies: dict[str, int]
    regions: frozenset[str]
    holders: dict[str, str]


@dataclass(slots=True)
class Person:
    """One inspector as the file states them."""

    staff_no: str
    facts: Values
    certificates: dict[str, Values] = field(default_factory=dict)
    recusals: dict[str, Values] = field(default_factory=dict)
    expertise: list[str] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)

    def take(self, other: Person) -> None:
        """Merge a further row. Raises RowRefused when it contradicts the rows before it."""
        for name, value in other.facts.items():
            if self.facts.get(name, value) != value:
                header = other.records[0].layout.header(_HEADED.get(name, name))
                raise RowRefused("row_contradicts", column=header, first_line=self.records[0].line)
        for number, values in other.certificates.items():
            if self.certificates.get(number, values) != values:
                raise RowRefused("row_contradicts", column=number, first_line=self.records[0].line)
        self.facts |= other.facts
        self.certificates |= other.certificates
        self.recusals.update(other.recusals)
        self.expertise = list(dict.fromkeys(self.expertise + other.expertise))
        self.records.extend(other.records)


_HEADED = {"agency_id": "agency"}


def people(records: Iterator[Record], references: References, outcome: Outcome) -> dict[str, Person]:
    """The persons of a file by staff number; rows that cannot be used are rejected."""
    found: dict[str, Person] = {}
    holders = dict(references.holders)
    for record in records:
        try:
            person = _read(record, references)
            _require_own(person, holders)
            if person.staff_no in found:
                found[person.staff_no].take(person)
            else:
                found[person.staff_no] = person
            holders |= dict.fromkeys(person.certificates, person.staff_no)
        except RowRefused as error:
            outcome.reject(record.line, record.cells, error)
    return found


def _require_own(person: Person, holders: dict[str, str]) -> None:
    for number in person.certificates:
        if holders.get(number, person.staff_no) != person.staff_no:
            raise RowRefused("row_certificate_taken", number=number, holder=holders[number])


def _read(record: Record, references: References) -> Person:
    staff_no = credit_code.normalise(record.required("staff_no", 60))
    if not _STAFF_NO.fullmatch(staff_no):
        raise RowRefused("row_staff_no_unusable", value=record.text("staff_no"))
    person = Person(staff_no, _facts(record, references), records=[record])
    person.expertise = record.names("expertise")
    number = record.limited("certificate_no", _LONGEST_NUMBER)
    if number:
        person.certificates[number] = _certificate(record, references)
    for code in names_in(record.text("recused_from")):
        person.recusals[read_identifier(code).code] = _recusal(record)
    return person


def _facts(record: Record, references: References) -> Values:
    agency = record.required("agency", _LONGEST_POSITION)
    if plain(agency) not in references.agencies:
        raise RowRefused("row_agency_unknown", value=agency)
    facts = {
        "name": record.required("name", _LONGEST_NAME),
        "agency_id": references.agencies[plain(agency)],
        "position": record.limited("position", _LONGEST_POSITION),
        "kind": record.term("kind", STAFF_KINDS),
        "status": record.term("status", STAFF_STATUSES),
        "may_lead": record.answer("may_lead"),
        "yearly_cap": record.number("yearly_cap"),
    }
    return {name: value for name, value in facts.items() if value is not None}


def _certificate(record: Record, references: References) -> Values:
    starts, ends = _required_day(record, "valid_from"), _required_day(record, "valid_to")
    if ends < starts:
        raise RowRefused("row_dates_reversed", first=starts.isoformat(), second=ends.isoformat())
    area = record.text("area_code")
    if area and area not in references.regions:
        raise RowRefused("row_area_unknown", value=area)
    return {
        "kind": record.term("certificate_kind", CERTIFICATE_KINDS) or CertificateKind.PROVINCIAL,
        "area_code": area or None,
        "valid_from": starts,
        "valid_to": ends,
    }


def _required_day(record: Record, name: str) -> date:
    day = record.day(name)
    if day is None:
        raise RowRefused("row_value_missing", column=record.layout.header(name))
    return day


def _recusal(record: Record) -> Values:
    reason = record.limited("recusal_reason", _LONGEST_REASON)
    return {"kind": RECUSAL_KINDS.get(plain(reason or ""), RecusalKind.RELATION), "reason": reason}


NEW_PERSON: Values = {
    "position": None,
    "kind": StaffKind.INSPECTOR,
    "status": InspectorStatus.ACTIVE,
    "may_lead": False,
    "yearly_cap": None,
}
"""What a new inspector has where the file states nothing."""
