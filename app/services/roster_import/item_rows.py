"""What one row of a checklist file says about an inspection item."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.draw.grammar import ITEM
from app.domain.stale_bases import stale_basis
from app.domain.vocabulary import CheckMethod, ItemCategory
from app.services.roster_import.categories import Categories
from app.services.roster_import.faults import Flag, RowRefused
from app.services.roster_import.record import Record, names_in
from app.services.roster_import.words import ITEM_CATEGORIES, METHODS, plain

_PART = re.compile(r"[；;\n]")
_TITLE = re.compile(r"《(.+?)》(.*)", re.DOTALL)
_FREQUENCY = re.compile(r"([0-9]{1,3})(?:次(?:/年)?)?")
_VERIFIED = frozenset({"已核实", "CONFIRMED", "是"})
_LONGEST_CODE = 20
_LONGEST_POINT, _LONGEST_ARTICLE, _LONGEST_DOCUMENT = 300, 120, 80

_COLUMN_OF = {
    "category": "item_category",
    "category_id": "category",
    "maximum_ppm": "maximum",
    "partner_text": "partners",
    "needs_review": "verified",
}
"""Fields of a version that stand under a column of another name."""

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Basis:
    """A legal basis; `until` is the last day of one that is known to be repealed."""

    title: str
    document_no: str | None
    article: str | None
    until: date | None = None


@dataclass(slots=True)
class ItemRow:
    """An item with the wording of one version, as the row states it; None where the file has no such column."""

    record: Record
    code: str
    field: str
    agency_id: int
    wording: Values
    bases: tuple[Basis, ...] | None
    points: tuple[tuple[str, str | None], ...] | None
    expertise: tuple[str, ...] | None


def read_item(record: Record, agencies: dict[str, int], categories: Categories) -> ItemRow:
    """What the row states. Raises RowRefused."""
    code = record.required("code", _LONGEST_CODE)
    if not ITEM.fullmatch(code):
        raise RowRefused("row_item_code_unusable", value=code)
    agency = record.required("agency", 60)
    if plain(agency) not in agencies:
        raise RowRefused("row_agency_unknown", value=agency)
    bases, points = _parts(record, "bases"), _parts(record, "points")
    return ItemRow(
        record,
        code,
        record.required("field", 60),
        agencies[plain(agency)],
        _wording(record, categories),
        None if bases is None else tuple(_basis(part, record) for part in bases),
        None if points is None else tuple(_point(part, record) for part in points),
        tuple(record.names("expertise")) if "expertise" in record.layout.facts else None,
    )


def _wording(record: Record, categories: Categories) -> Values:
    minimum, maximum = record.ppm("minimum"), record.ppm("maximum")
    if minimum is not None and maximum is not None and maximum < minimum:
        raise RowRefused("row_ratios_reversed", first=_percent(minimum), second=_percent(maximum))
    wording: Values = {
        "name": record.required("name", 120),
        "target_text": record.limited("target_text", 200) or "",
        "content": record.text("content"),
        "category": record.term("item_category", ITEM_CATEGORIES) or ItemCategory.ORDINARY,
        "category_id": _category(record, categories),
        "methods": _methods(record),
        "maximum_ppm": maximum,
        "yearly_frequency": _frequency(record),
        "off_site_possible": bool(record.answer("off_site_possible")),
        "joint_applicable": bool(record.answer("joint_applicable")),
        "partner_text": record.limited("partners", 120),
        "needs_review": record.text("verified").upper() not in _VERIFIED,
    }
    stated = {name for name in wording if _COLUMN_OF.get(name, name) in record.layout.facts}
    named = {name: value for name, value in wording.items() if name in stated}
    return named | ({} if minimum is None else {"minimum_ppm": minimum})


def _category(record: Record, categories: Categories) -> int | None:
    """An item draws from one category; further ones are flagged, the target text still names them."""
    found = categories.ids(record.text("category"))
    if len(found) > 1:
        record.flags.append(Flag.FURTHER_CATEGORIES)
    return found[0] if found else None


def _methods(record: Record) -> str:
    methods = []
    for name in names_in(record.text("methods")):
        method = METHODS.get(plain(name))
        if method is None:
            raise RowRefused("row_term_unknown", column=record.layout.header("methods"), value=name)
        methods.append(method.value)
    return ",".join(dict.fromkeys(methods)) or CheckMethod.ON_SITE.value


def _frequency(record: Record) -> int:
    value = record.text("yearly_frequency")
    found = _FREQUENCY.fullmatch(value)
    if value and not found:
        raise RowRefused(
            "row_number_unreadable", column=record.layout.header("yearly_frequency"), value=value
        )
    return int(found[1]) if found else 1


def _parts(record: Record, name: str) -> list[str] | None:
    if name not in record.layout.facts:
        return None
    return [part.strip() for part in _PART.split(record.text(name)) if part.strip()]


def _basis(part: str, record: Record) -> Basis:
    """《title》|document number|article, or 《title》 with the article behind it."""
    fields = [text.strip() for text in part.split("|")]
    found = _TITLE.fullmatch(fields[0])
    if not found or len(fields) > 3:
        raise RowRefused("row_basis_unreadable", value=part)
    document_no, article, *_ = [*fields[1:], "", ""] if len(fields) > 1 else ["", found[2].strip()]
    for text, limit in ((found[1], 120), (document_no, _LONGEST_DOCUMENT), (article, _LONGEST_ARTICLE)):
        _require_short(text, limit, record, "bases")
    stale = stale_basis(found[1], document_no)
    if stale:
        record.flags.append(Flag.STALE_BASIS)
    return Basis(found[1], document_no or None, article or None, stale.until if stale else None)


def _point(part: str, record: Record) -> tuple[str, str | None]:
    text, _, guidance = (piece.strip() for piece in part.partition("|"))
    _require_short(text, _LONGEST_POINT, record, "points")
    _require_short(guidance, _LONGEST_POINT, record, "points")
    return text, guidance or None


def _require_short(text: str, limit: int, record: Record, name: str) -> None:
    if len(text) > limit:
        raise RowRefused(
            "row_value_too_long", column=record.layout.header(name), limit=limit, length=len(text)
        )


def _percent(ppm: int) -> str:
    return f"{ppm / 10_000:g}%"
