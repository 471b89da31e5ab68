"""Which source is believed: fields as bits, precedence per field, and when a file is a source's whole list (R13).

A source's statement about an enterprise is kept as one claim: the set of fields it states, as bits. Where a
source is believed, its value is the one in the roster; where not, its value is kept beside it as a dissent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.vocabulary import RosterField

STATEABLE: tuple[RosterField, ...] = tuple(
    field for field in RosterField if field not in (RosterField.CATEGORY, RosterField.PRESENCE)
)
"""The fields that a claim can state, in the order of their bits."""
CONFLICT_FIELDS = (RosterField.NAME, RosterField.STATUS, RosterField.ADDRESS)
"""Fields on which a disagreement of two sources is shown to the clerk (issue of R13)."""

_BITS = {field: 1 << place for place, field in enumerate(STATEABLE)}
PPM = 1_000_000


def bit(field: RosterField) -> int:
    """The bit of a field in the set of stated fields."""
    return _BITS[field]


def bits(fields: Iterable[RosterField]) -> int:
    """A set of fields as a whole number."""
    return sum(_BITS[field] for field in set(fields))


def fields_in(stated: int) -> tuple[RosterField, ...]:
    """The fields of a set that was kept as a whole number."""
    return tuple(field for field in STATEABLE if stated & _BITS[field])


@dataclass(frozen=True, slots=True)
class Precedence:
    """The sources in the order in which they are believed: in general, and for single fields."""

    general: tuple[int, ...]
    by_field: Mapping[RosterField, tuple[int, ...]]

    def order(self, field: RosterField) -> tuple[int, ...]:
        """The keys of the sources for one field, the most believed first."""
        named = self.by_field.get(field, ())
        return (*named, *(source for source in self.general if source not in named))

    def beats(self, one: int, other: int, field: RosterField) -> bool:
        """True when the first source is believed before the second about this field."""
        order = self.order(field)
        return order.index(one) < order.index(other)

    def better(self, one: int, other: int) -> int:
        """The fields, as bits, about which the first source is believed before the second."""
        return bits(field for field in STATEABLE if self.beats(one, other, field))

    def believed(self, sources: Iterable[int], field: RosterField) -> int | None:
        """Of the sources that state a field the one that is believed; None where there is none."""
        stating = set(sources)
        return next((source for source in self.order(field) if source in stating), None)


def is_whole_list(seen: int, listed: int, least_ppm: int) -> bool:
    """Whether a file is the whole list of a source: it carries enough of the rows that the source had.

    A file of a few corrections, or one cut off, must not mark the rest of the city as gone.
    """
    return listed > 0 and seen * PPM >= listed * least_ppm
