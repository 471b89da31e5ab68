"""One row in the words of its roster: cells by field, as text, date, number or term."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, TypeVar

from app.domain import credit_code
from app.domain.credit_code import CodeFault
from app.domain.policy import PPM
from app.domain.vocabulary import IdentifierKind
from app.services.roster_import.columns import Layout
from app.services.roster_import.faults import Flag, RowRefused
from app.services.roster_import.outcome import Outcome
from app.services.roster_import.text import Row
from app.services.roster_import.words import ANSWERS, plain

V = TypeVar("V")

BLANKS = frozenset({"", "-", "--", "—", "——", "/", "N/A", "NULL", "null", "None", "\\N"})
LONGEST_NAME = 60
"""Characters that the name of a category or a field of expertise may have."""

_SUB_TARGET = re.compile(r"([0-9A-Z]{18})-[0-9A-Z]{3}")
_ROUNDED = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL_DATE = re.compile(r"[1-7]\d{4}")
_SERIAL_ORIGIN = date(1899, 12, 30)
_YEARS = range(1840, 2200)
_SEPARATORS = re.compile(r"[、;；,，\n]")


class Identifier(NamedTuple):
    """An identifier that can be used, its kind, and the fault it is flagged for."""

    code: str
    kind: IdentifierKind
    fault: CodeFault | None


class Record:
    """A row under a layout; `flags` gathers what needs a look."""

    __slots__ = ("cells", "flags", "layout", "line")

    def __init__(self, row: Row, layout: Layout) -> None:
        self.line, self.cells, self.layout = row.line, row.cells, layout
        self.flags: list[str] = []

    def text(self, field: str) -> str:
        """The cell of a field without surrounding white space; empty where it is blank or absent."""
        return self._cell(self.layout.facts.get(field))

    def guess(self, field: str) -> str:
        """The guessed value of a field; empty where there is none."""
        return self._cell(self.layout.guesses.get(field))

    def required(self, field: str, limit: int) -> str:
        """The text of a field that may not be blank. Raises RowRefused."""
        value = self.limited(field, limit)
        if value is None:
            raise RowRefused("row_value_missing", column=self.layout.header(field))
        return value

    def limited(self, field: str, limit: int) -> str | None:
        """The text of a field, or None; a text longer than the record can hold is refused, never cut."""
        value = self.text(field)
        if len(value) > limit:
            raise RowRefused(
                "row_value_too_long", column=self.layout.header(field), limit=limit, length=len(value)
            )
        return value or None

    def names(self, field: str) -> list[str]:
        """The names that a cell lists. Raises RowRefused when one is too long for a name."""
        names = names_in(self.text(field))
        longest = max(map(len, names), default=0)
        if longest > LONGEST_NAME:
            raise RowRefused(
                "row_value_too_long", column=self.layout.header(field), limit=LONGEST_NAME, length=longest
            )
        return names

    def term(self, field: str, words: Mapping[str, V]) -> V | None:
        """The term that a field names, or None when blank. Raises RowRefused on an unknown word."""
        value = self.text(field)
        if not value:
            return None
        found = words.get(value) or words.get(plain(value))
        if found is None:
            raise RowRefused("row_term_unknown", column=self.layout.header(field), value=value)
        return found

    def term_or_flag(self, field: str, words: Mapping[str, V], flag: Flag) -> V | None:
        """The term that a field names, or None; an unknown word is flagged."""
        value = self.text(field)
        found = words.get(value) or words.get(plain(value))
        if value and found is None:
            self.flags.append(flag)
        return found

    def day(self, field: str) -> date | None:
        """The date of a field, or None when blank. Raises RowRefused."""
        value = self.text(field)
        if not value:
            return None
        found = parse_date(value)
        if found is None:
            raise RowRefused("row_date_unreadable", column=self.layout.header(field), value=value)
        return found

    def day_or_flag(self, field: str) -> date | None:
        """The date of a field, or None; an unreadable one is flagged."""
        value = self.text(field)
        found = parse_date(value) if value else None
        if value and found is None:
            self.flags.append(Flag.DATE_UNREADABLE)
        return found

    def answer(self, field: str) -> bool | None:
        """Yes or no, or None when blank. Raises RowRefused."""
        value = self.text(field)
        if value and value.upper() not in ANSWERS:
            raise RowRefused("row_answer_unreadable", column=self.layout.header(field), value=value)
        return ANSWERS[value.upper()] if value else None

    def number(self, field: str) -> int | None:
        """A whole number from 0 on, or None when blank. Raises RowRefused."""
        value = self.text(field)
        if value and not (value.isascii() and value.isdigit() and len(value) < 7):
            raise RowRefused("row_number_unreadable", column=self.layout.header(field), value=value)
        return int(value) if value else None

    def ppm(self, field: str) -> int | None:
        """A ratio in millionths, or None when blank. Raises RowRefused.

        A bare 1 could be one per cent or the whole, so from 1 on the sign is required.
        """
        value = self.text(field)
        found = parse_ppm(value) if value else None
        if value and found is None:
            raise RowRefused("row_ratio_unreadable", column=self.layout.header(field), value=value)
        return found

    def identifier(self) -> Identifier:
        """The identifier of an enterprise, its weaknesses flagged (R10, draw protocol 2.1).

        Raises RowRefused when it cannot be one; a repair is offered, never made.
        """
        raw = self.text("identifier")
        if not raw:
            raise RowRefused("row_identifier_missing")
        found = read_identifier(raw)
        if found.fault:
            self.flags.append(_FLAGS[found.fault])
        if found.kind != IdentifierKind.UNIFIED:
            self.flags.append(Flag.LEGACY_IDENTIFIER)
        return found

    def _cell(self, place: int | None) -> str:
        if place is None or place >= len(self.cells):
            return ""
        value = self.cells[place].strip()
        return "" if value in BLANKS else value


_FLAGS = {
    CodeFault.WRONG_CHECK_DIGIT: Flag.WRONG_CHECK_DIGIT,
    CodeFault.WRONG_ORGANISATION_CHECK: Flag.WRONG_ORGANISATION_CHECK,
}


def records(rows: Iterator[Row], layout: Layout, outcome: Outcome) -> Iterator[Record]:
    """The rows as records; blank ones are passed over, those that cannot be read are rejected."""
    for row in rows:
        if not row.fault and not any(map(str.strip, row.cells)):
            continue
        outcome.read += 1
        try:
            yield _checked(row, layout)
        except RowRefused as error:
            outcome.reject(row.line, row.cells, error)


def _checked(row: Row, layout: Layout) -> Record:
    if row.fault:
        raise RowRefused(row.fault)
    if any(map(str.strip, row.cells[layout.width :])):
        raise RowRefused("row_too_many_cells", expected=layout.width, found=len(row.cells))
    if _CONTROL.search("".join(row.cells)):
        raise RowRefused("row_control_character")
    record = Record(row, layout)
    if len(row.cells) < layout.width:
        record.flags.append(Flag.SHORT_ROW)
    return record


def read_identifier(raw: str) -> Identifier:
    """A normalised identifier. Raises RowRefused when it cannot be used; the code names what is wrong."""
    code = credit_code.normalise(raw)
    base = _base(code)
    fault = credit_code.fault(base)
    if fault is None or fault in _FLAGS:
        return Identifier(code, IdentifierKind.of(credit_code.kind_of(base).value), fault)
    if _ROUNDED.fullmatch(code):
        raise RowRefused("row_identifier_rounded", value=raw)
    suggestion = credit_code.suggest(code)
    if suggestion:
        raise RowRefused("row_identifier_mistyped", value=raw, suggestion=suggestion)
    raise RowRefused(f"row_identifier_{fault or CodeFault.WRONG_CHARACTER}", value=raw)


def _base(code: str) -> str:
    """The code that is checked: a sub-target has that of the enterprise it belongs to, and a number."""
    found = _SUB_TARGET.fullmatch(code)
    return found[1] if found else code


def parse_date(value: str) -> date | None:
    """A date in the usual spellings, or as the serial number of a spreadsheet; None when it is none."""
    found = _DATE.fullmatch(value) or _COMPACT_DATE.fullmatch(value)
    try:
        if found:
            day = date(*map(int, found.groups()))
        elif _SERIAL_DATE.fullmatch(value):
            day = _SERIAL_ORIGIN + timedelta(days=int(value))
        else:
            return None
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def parse_ppm(value: str) -> int | None:
    """`5%` or `0.05` in millionths; None when it is no ratio in (0, 1] or the sign is missing."""
    text = value.replace("％", "%").strip()
    try:
        number = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or not (text.endswith("%") or number < 1):
        return None
    ppm = number * (PPM // 100 if text.endswith("%") else PPM)
    return int(ppm) if 0 < ppm <= PPM and ppm == ppm.to_integral_value() else None


def names_in(value: str) -> list[str]:
    """The names of a list in one cell, each once, in order."""
    return list(dict.fromkeys(name for part in _SEPARATORS.split(value) if (name := part.strip())))
