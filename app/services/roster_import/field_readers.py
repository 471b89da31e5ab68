"""How the cell of each field is read for a preview; the same readers as at a load, one cell at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.vocabulary import ImportKind
from app.models import Region
from app.services.roster_import.faults import Flag, RowRefused
from app.services.roster_import.inspectors import agencies_by_name
from app.services.roster_import.places import Places, Territory, Where
from app.services.roster_import.record import Record
from app.services.roster_import.words import (
    CERTIFICATE_KINDS,
    COMPLAINTS,
    ITEM_CATEGORIES,
    KINDS,
    LISTS,
    RISK_CLASSES,
    STAFF_KINDS,
    STAFF_STATUSES,
    STATUSES,
    plain,
)

Reader = Callable[[Record], Any]
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Lookups:
    """What cells may refer to: places, region names, agencies."""

    places: Places
    regions: dict[str, str]
    agencies: dict[str, int]


def lookups(session: Session) -> Lookups:
    """What the roster knows now."""
    regions = dict(session.execute(select(Region.code, Region.name)).all())
    return Lookups(Places(session), regions, agencies_by_name(session))


def readers(kind: ImportKind, known: Lookups) -> dict[str, Reader]:
    """Readers by field; a field without one is plain text."""
    makers = {
        ImportKind.ENTERPRISES: _enterprise,
        ImportKind.INSPECTORS: _inspector,
        ImportKind.ITEMS: _item,
        ImportKind.LISTINGS: _listing,
    }
    return makers[kind](known)


def _enterprise(known: Lookups) -> dict[str, Reader]:
    return {
        "identifier": lambda record: record.identifier().code,
        "name": lambda record: record.required("name", 200),
        "kind": lambda record: record.term_or_flag("kind", KINDS, Flag.KIND_UNKNOWN),
        "status": lambda record: record.term_or_flag("status", STATUSES, Flag.STATUS_UNKNOWN),
        "risk_class": lambda record: record.term_or_flag("risk_class", RISK_CLASSES, Flag.RISK_CLASS_UNKNOWN),
        "established_on": lambda record: record.day_or_flag("established_on"),
        "territory_code": lambda record: _place(
            record, known.places.territory(record.text("territory_code"), ""), known
        ),
        "territory_name": lambda record: _place(
            record, known.places.territory("", record.text("territory_name")), known
        ),
        "categories": lambda record: record.names("categories"),
    }


def _place(record: Record, found: Territory, known: Lookups) -> str | None:
    if found.where == Where.NOWHERE:
        record.flags.append(Flag.TERRITORY_UNKNOWN)
    if found.where == Where.ELSEWHERE:
        record.flags.append(Flag.OUT_OF_JURISDICTION)
    return known.regions.get(found.code, found.code) if found.code else None


def _listing(known: Lookups) -> dict[str, Reader]:
    return {
        "identifier": lambda record: record.identifier().code,
        "list_type": _list_type,
        "included_on": lambda record: record.day("included_on"),
        "removed_on": lambda record: record.day("removed_on"),
        "reason": lambda record: record.limited("reason", 200),
    }


def _list_type(record: Record) -> Any:
    value = record.text("list_type")
    return value if plain(value) in COMPLAINTS else record.term("list_type", LISTS)


def _inspector(known: Lookups) -> dict[str, Reader]:
    days = ("valid_from", "valid_to")
    return {
        "staff_no": lambda record: record.required("staff_no", 60),
        "name": lambda record: record.required("name", 40),
        "agency": lambda record: _agency(record, known),
        "kind": lambda record: record.term("kind", STAFF_KINDS),
        "status": lambda record: record.term("status", STAFF_STATUSES),
        "certificate_kind": lambda record: record.term("certificate_kind", CERTIFICATE_KINDS),
        "may_lead": lambda record: record.answer("may_lead"),
        "yearly_cap": lambda record: record.number("yearly_cap"),
        "expertise": lambda record: record.names("expertise"),
    } | {name: _day(name) for name in days}


def _day(name: str) -> Reader:
    return lambda record: record.day(name)


def _agency(record: Record, known: Lookups) -> str:
    name = record.required("agency", 60)
    if plain(name) not in known.agencies:
        raise RowRefused("row_agency_unknown", value=name)
    return name


def _item(known: Lookups) -> dict[str, Reader]:
    return {
        "code": lambda record: record.required("code", 20),
        "field": lambda record: record.required("field", 60),
        "name": lambda record: record.required("name", 120),
        "agency": lambda record: _agency(record, known),
        "item_category": lambda record: record.term("item_category", ITEM_CATEGORIES),
        "minimum": lambda record: _percent(record.ppm("minimum")),
        "maximum": lambda record: _percent(record.ppm("maximum")),
        "off_site_possible": lambda record: record.answer("off_site_possible"),
        "joint_applicable": lambda record: record.answer("joint_applicable"),
        "expertise": lambda record: record.names("expertise"),
    }


def _percent(ppm: int | None) -> str | None:
    return None if ppm is None else f"{ppm / 10_000:g}%"
