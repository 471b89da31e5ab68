"""One row in the words of its roster: cells by field, as text, date, number or term."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, TypeVar

from app.domain import credit_code
from app.domain.credit_code import CodeFault
from app.domain.policy import PPM
from app.domain.vocabulary import IdentifierKind
from app.services.roster_import.faults import Flag, RowRefused
from app.services.roster_import.layout import Layout
from app.services.roster_import.outcome import Correction, Outcome
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
_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u3000\u00a0\u200b\ufeff]")
_HALF = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_HALF_WIDTH = str.maketrans(_HALF | {0x3000: " ", 0xA0: " ", 0x200B: "", 0xFEFF: ""})
"""Digits, letters and spaces; full-width punctuation is how Chinese is written and stays."""
_LOOK_ALIKES = str.maketrans("OoIlSZzB", "00115228")
_SEPARATORS = re.compile(r"[、;；,，\n]")


class Identifier(NamedTuple):
    """An identifier that can be used, its kind, and the fault it is flagged for."""

    code: str
    kind: IdentifierKind
    fault: CodeFault | None


class Record:
    """A row under a layout; `flags` gathers what needs a look.

    `cells` are as in the file, `values` the copy that is read: digits, letters and spaces in half width.
    """

    __slots__ = ("cells", "corrections", "flags", "layout", "line", "values")

    def __init__(self, row: Row, layout: Layout, values: list[str] | None = None) -> None:
        self.line, self.cells, self.layout = row.line, row.cells, layout
        self.values = row.cells if values is None else values
        self.flags: list[str] = []
        self.corrections: list[Correction] = []

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
        found, offer = parse_date(value), offered_date(value)
        if found is None and offer is None:
            raise RowRefused("row_date_unreadable", column=self.layout.header(field), value=value)
        return found or self._corrected(field, value, offer, "row_date_mistyped")

    def day_or_flag(self, field: str) -> date | None:
        """The date of a field, or None; an unreadable one is flagged."""
        value = self.text(field)
        found = parse_date(value) if value else None
        if value and found is None:
            offer = offered_date(value)
            if offer and self.layout.corrects:
                return self._corrected(field, value, offer, "row_date_mistyped")
            self.flags.append(Flag.DATE_UNREADABLE)
        return found

    def _corrected(self, field: str, raw: str, offer: V, code: str) -> V:
        """The offer, where the clerk takes offers for the whole file. Raises RowRefused with it otherwise."""
        header = self.layout.header(field)
        if not self.layout.corrects:
            raise RowRefused(code, column=header, value=raw, suggestion=str(offer))
        self.corrections.append(Correction(self.line, header, raw, str(offer)))
        self.flags.append(Flag.CORRECTED)
        return offer

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
        try:
            found = read_identifier(raw)
        except RowRefused as error:
            if not self.layout.corrects or "suggestion" not in error.params:
                raise
            found = read_identifier(
                self._corrected("identifier", raw, error.params["suggestion"], error.code)
            )
        if found.fault:
            self.flags.append(_FLAGS[found.fault])
        if found.kind != IdentifierKind.UNIFIED:
            self.flags.append(Flag.LEGACY_IDENTIFIER)
        return found

    def _cell(self, place: int | None) -> str:
        if place is None or place >= len(self.values):
            return ""
        value = self.values[place].strip()
        return "" if value in BLANKS else value


_FLAGS = {
    CodeFault.WRONG_CHECK_DIGIT: Flag.WRONG_CHECK_DIGIT,
    CodeFault.WRONG_ORGANISATION_CHECK: Flag.WRONG_ORGANISATION_CHECK,
}


def records(rows: Iterable[Row], layout: Layout, outcome: Outcome) -> Iterator[Record]:
    """The rows as records; blank ones are passed over, those that cannot be read are rejected.

    What a record gathered while it was read is noted when the next one is asked for.
    """
    for row in rows:
        if not row.fault and not any(map(str.strip, row.cells)):
            continue
        outcome.read += 1
        try:
            record = checked(row, layout)
        except RowRefused as error:
            outcome.reject(row.line, row.cells, error)
            continue
        yield record
        if record.flags:
            outcome.note_flags(record.line, record.flags, record.cells)
            outcome.corrections.extend(record.corrections[: outcome.corrections_left])


def checked(row: Row, layout: Layout) -> Record:
    """The row as a record. Raises RowRefused when it cannot be read."""
    if row.fault:
        raise RowRefused(row.fault)
    if len(row.cells) > layout.width and any(map(str.strip, row.cells[layout.width :])):
        raise RowRefused("row_too_many_cells", expected=layout.width, found=len(row.cells))
    whole = "".join(row.cells)
    if _CONTROL.search(whole):
        raise RowRefused("row_control_character")
    is_wide = not whole.isascii() and _WIDE.search(whole)
    record = Record(row, layout, [cell.translate(_HALF_WIDTH) for cell in row.cells] if is_wide else None)
    if len(row.cells) < layout.width:
        record.flags.append(Flag.SHORT_ROW)
    return record


def is_odd(character: str) -> bool:
    """True for a character that makes a row refused, or that is read in another form."""
    return bool(_CONTROL.match(character) or _WIDE.match(character))


def read_identifier(raw: str) -> Identifier:
    """A normalised identifier. Raises RowRefused when it cannot be used; the code names what is wrong."""
    code = credit_code.normalise(raw)
    base = _base(code)
    fault = credit_code.fault(base)
    if fault is None or fault in _FLAGS:
        return Identifier(code, IdentifierKind.of(credit_code.kind_of(base).value), fault)
    if _ROUNDED.fullmatch(code):
        raise RowRefused("row_identifier_rounded", value=raw)
    suggestion = credit_code.suggest(code) or _without_marks(code)
    if suggestion:
        raise RowRefused("row_identifier_mistyped", value=raw, suggestion=suggestion)
    raise RowRefused(f"row_identifier_{fault or CodeFault.WRONG_CHARACTER}", value=raw)


def _without_marks(code: str) -> str | None:
    """A valid code that is left when everything but letters and digits is taken away, to be offered."""
    bare = "".join(filter(str.isalnum, code))
    return bare if bare != code and credit_code.is_valid(bare) else None


def _base(code: str) -> str:
    """The code that is checked: a sub-target has that of the enterprise it belongs to, and a number."""
    found = _SUB_TARGET.fullmatch(code)
    return found[1] if found else code


def parse_date(value: str) -> date | None:
    """A date in the usual spellings, or as the serial number of a spreadsheet; None when it is none."""
    if not value.isascii():
        value = unicodedata.normalize("NFKC", value)
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


def offered_date(value: str) -> date | None:
    """The date that a text gives when letters that look like digits are read as such; to be offered only."""
    read = value.translate(_LOOK_ALIKES)
    return None if read == value else parse_date(read)


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
