"""The sample city in numbers: every enterprise's facts as columns, one block of rows after the other.

Row i depends on (seed, i) alone: a block is always made whole, so a longer roster begins with the shorter.
Nothing here is a text; enterprises.py and listings.py write the columns out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from app.domain.vocabulary import EntityKind, EntityStatus
from app.reference import codes
from app.sample.places import CITY_AUTHORITY, PLACES, PROVINCE_AUTHORITY
from app.sample.trades import BLOCK, TRADES

Column = npt.NDArray[Any]

KINDS = (EntityKind.COMPANY, EntityKind.INDIVIDUAL, EntityKind.COOPERATIVE)
_COMPANY, _HOUSEHOLD, _COOPERATIVE = range(3)
STATUSES = (
    EntityStatus.EXISTING,
    EntityStatus.DORMANT,
    EntityStatus.CLOSING,
    EntityStatus.LICENCE_REVOKED,
    EntityStatus.DEREGISTERED,
    EntityStatus.RESCINDED,
    EntityStatus.MOVED_OUT,
)
_STATUS_WEIGHTS = (916, 9, 3, 24, 40, 2, 6)
_LIVE, _REVOKED = 3, 3
"""Statuses before _LIVE can be drawn (R12)."""

DOMESTIC_TYPES = ("1130", "1151", "1190", "1153", "2100", "1222", "4540", "4533")
_DOMESTIC_WEIGHTS = (44, 26, 9, 7, 6, 2, 4, 2)
FOREIGN_TYPES = ("5110", "5150", "6110", "6150")

RISKS = ("A", "B", "C", "D")
_RISK_BOUNDS = (0.38, 0.88, 0.97)

LAST_FOUNDED = np.datetime64("2026-08-31")
LAST_LISTED = np.datetime64("2026-06-30")
_OLDEST_DAYS = np.array([12_500, 7_000, 6_900])
"""Days before LAST_FOUNDED that the oldest company, household and cooperative (2007) was founded."""
_LETTERED_SINCE = np.datetime64("2015-10-01")
_MOST_COMPLAINTS = (0.55, 0.82, 0.95)


@dataclass(frozen=True, slots=True)
class Slot:
    """What one of the block's rows is: a trade, a kind, its categories."""

    trade: int
    kind: int
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class City:
    """Columns of some rows of the city; those named `*_dice` are uniform in [0, 1), for texts and dates."""

    index: Column
    slot: Column
    kind: Column
    place: Column
    founded: Column
    authority: Column
    lettered: Column
    entity_type: Column
    status: Column
    risk: Column
    abnormal: Column
    dishonest: Column
    complaints: Column
    name_dice: Column
    address_dice: Column
    listing_dice: Column

    def where(self, rows: Column | slice) -> City:
        """The rows that a mask or a slice names."""
        return City(*(getattr(self, field.name)[rows] for field in fields(self)))


def _slots() -> Iterator[Slot]:
    for number, trade in enumerate(TRADES):
        own = (trade.category,) if trade.category else ()
        further = [name for name, count in trade.also for _ in range(count)]
        for place in range(trade.companies):
            yield Slot(number, _COMPANY, own + tuple(further[place : place + 1]))
        yield from repeat(Slot(number, _HOUSEHOLD, own), trade.households)
        yield from repeat(Slot(number, _COOPERATIVE, ()), trade.cooperatives)


SLOTS = tuple(_slots())
_SLOT_KINDS = np.array([slot.kind for slot in SLOTS])
_SLOT_IS_SUPERVISED = np.array([bool(slot.categories) for slot in SLOTS])
_SLOT_IS_FOREIGN = np.array([codes.FOREIGN_INVESTMENT in slot.categories for slot in SLOTS])


class Dice:
    """Columns of uniform numbers for one block, from a counter-based generator that needs no history."""

    def __init__(self, seed: int, block: int) -> None:
        self._source = np.random.Philox(key=seed, counter=[0, 0, 0, block])

    def units(self) -> Column:
        """A column in [0, 1)."""
        return (self._source.random_raw(BLOCK) >> np.uint64(11)) * 2.0**-53

    def table(self, width: int) -> Column:
        """So many columns in [0, 1), one row an enterprise."""
        return np.stack([self.units() for _ in range(width)], axis=1)

    def pick(self, weights: Sequence[int]) -> Column:
        """A column of places in `weights`, drawn by weight."""
        bounds = np.cumsum(weights) / sum(weights)
        return np.searchsorted(bounds, self.units(), side="right")

    def shuffled(self) -> Column:
        """The numbers below BLOCK in random order."""
        return np.argsort(self.units(), kind="stable")


def cities(n: int, seed: int) -> Iterator[City]:
    """The first `n` rows of the city, block by block."""
    for block in range(-(-n // BLOCK)):
        city = _whole_block(block, seed)
        yield city.where(slice(n - block * BLOCK)) if (block + 1) * BLOCK > n else city


def _whole_block(block: int, seed: int) -> City:
    dice = Dice(seed, block)
    slot = dice.shuffled()
    kind = _SLOT_KINDS[slot]
    place = _places(dice, kind)
    founded = LAST_FOUNDED - (dice.units() ** 2 * _OLDEST_DAYS[kind]).astype(np.int64)
    status = dice.pick(_STATUS_WEIGHTS)
    abnormal, dishonest, complaints = _records(dice, slot, founded, status)
    danger = dice.units() + 0.18 * abnormal + 0.5 * dishonest + 0.12 * (complaints > 0)
    return City(
        index=np.arange(block * BLOCK, (block + 1) * BLOCK),
        slot=slot,
        kind=kind,
        place=place,
        founded=founded,
        authority=_authorities(dice, kind, place, founded),
        lettered=(founded >= _LETTERED_SINCE) | (kind == _HOUSEHOLD) | (dice.units() < 0.2),
        entity_type=_entity_types(dice, slot),
        status=status,
        risk=np.digitize(danger, _RISK_BOUNDS),
        abnormal=abnormal,
        dishonest=dishonest,
        complaints=complaints,
        name_dice=dice.table(5),
        address_dice=dice.table(3),
        listing_dice=dice.table(6),
    )


def _places(dice: Dice, kind: Column) -> Column:
    by_kind = (
        dice.pick([place.companies for place in PLACES]),
        dice.pick([place.households for place in PLACES]),
        dice.pick([place.cooperatives for place in PLACES]),
    )
    return np.choose(kind, by_kind)


_OLD_AUTHORITY = np.array([int(place.old_authority) for place in PLACES])
_AUTHORITY = np.array([int(place.authority) for place in PLACES])
_CHANGED_IN = np.array([f"{place.changed_in}-01-01" for place in PLACES], dtype="datetime64[D]")


def _authorities(dice: Dice, kind: Column, place: Column, founded: Column) -> Column:
    """The region that the registering authority wrote into the code: four in ten are not of today (R11)."""
    authority = np.where(founded < _CHANGED_IN[place], _OLD_AUTHORITY[place], _AUTHORITY[place])
    central = dice.units()
    share = np.where(founded < np.datetime64("2019-01-01"), 0.34, 0.08)
    authority = np.where((kind == _COMPANY) & (central < share), int(CITY_AUTHORITY), authority)
    return np.where((kind == _COMPANY) & (central < 0.04), int(PROVINCE_AUTHORITY), authority)


def _entity_types(dice: Dice, slot: Column) -> Column:
    """Places in DOMESTIC_TYPES + FOREIGN_TYPES; of no meaning for households and cooperatives."""
    domestic = dice.pick(_DOMESTIC_WEIGHTS)
    foreign = len(DOMESTIC_TYPES) + dice.pick([1] * len(FOREIGN_TYPES))
    return np.where(_SLOT_IS_FOREIGN[slot], foreign, domestic)


def _records(dice: Dice, slot: Column, founded: Column, status: Column) -> tuple[Column, Column, Column]:
    """Whether listed as abnormal, whether as seriously dishonest, and the number of complaints."""
    old_enough = (founded + 400 < LAST_LISTED) & (status <= _REVOKED)
    revoked = status == _REVOKED
    abnormal = old_enough & (dice.units() < np.where(revoked, 0.7, 0.035))
    dishonest = old_enough & (_SLOT_KINDS[slot] == _COMPANY) & (dice.units() < np.where(revoked, 0.06, 0.006))
    complaint_rate = np.where(_SLOT_IS_SUPERVISED[slot], 0.09, 0.012)
    complained = old_enough & (status < _LIVE) & (dice.units() < complaint_rate)
    return abnormal, dishonest, complained * (1 + np.digitize(dice.units(), _MOST_COMPLAINTS))
