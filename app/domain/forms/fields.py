"""What the rows of each form have to offer: named once, with unit, meaning and rule (取数项).

A layout names a measure of the catalogue or one of these fields; what a figure means can therefore not be
changed by a layout, only where it stands and how it is headed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from app.domain.forms.kind import Kind
from app.domain.measures.catalogue import MEASURES, Measure
from app.domain.measures.counts import Unit


@dataclass(frozen=True, slots=True)
class Field:
    """取数项 of a row: where it stands on the row, and what it says.

    A `summed` one adds up over rows; `ratio` names two other fields of the row, part and whole;
    `is_key` fields tell one row from another when two editions of a report are compared.
    """

    name: str
    path: str
    kind: Kind = Kind.TEXT
    unit: Unit | None = None
    counts: str = ""
    rule: str = ""
    summed: bool = False
    ratio: tuple[str, str] | None = None
    is_key: bool = False


@dataclass(frozen=True, slots=True)
class RowKind:
    """行类: the fields of a row by name, and whether the measures of the catalogue can be read on it."""

    fields: Mapping[str, Field]
    has_tally: bool = False

    def find(self, name: str) -> Field | Measure | None:
        """A field of the row, or a measure by its Chinese name or its key; None when there is neither."""
        if found := self.fields.get(name):
            return found
        return _BY_NAME.get(name) if self.has_tally else None

    @property
    def names(self) -> list[str]:
        """Everything that a layout may name, fields first."""
        return [*self.fields, *(_NAMES if self.has_tally else ())]


_NAMES = tuple(measure.name for measure in MEASURES.values())
_BY_NAME: Mapping[str, Measure] = {
    **MEASURES,
    **{measure.name: measure for measure in MEASURES.values()},
}
NUMBER = Field("序号", "", Kind.ORDINAL)
BLANK = Field("空栏", "")
"""A column that is filled in by hand on paper: the system knows nothing about it."""


def row_kind(*fields: Field, has_tally: bool = False) -> RowKind:
    """The fields by name, with the running number and the blank column that every form may have."""
    return RowKind({field.name: field for field in chain((NUMBER, BLANK), fields)}, has_tally)


def text(name: str, path: str, *, is_key: bool = False) -> Field:
    """Words."""
    return Field(name, path, Kind.TEXT, is_key=is_key)


def code(name: str, path: str, *, is_key: bool = False) -> Field:
    """A number that is no quantity."""
    return Field(name, path, Kind.CODE, is_key=is_key)


def day(name: str, path: str) -> Field:
    """A date."""
    return Field(name, path, Kind.DATE)


def count(name: str, path: str, unit: Unit, counts: str, rule: str, *, summed: bool = True) -> Field:
    """A number of something."""
    return Field(name, path, Kind.COUNT, unit, counts, rule, summed)


def share(name: str, path: str, counts: str, rule: str, ratio: tuple[str, str] | None = None) -> Field:
    """A rate; with `ratio` the sheet works it out from two of its columns."""
    return Field(name, path, Kind.PERCENT, Unit.PERCENT, counts, rule, ratio=ratio)
