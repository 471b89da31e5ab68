"""Territory and jurisdiction: what the columns say, never what the credit code says (R11)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Region
from app.services.roster_import.faults import Flag
from app.services.roster_import.words import plain

_REGION_CODE = re.compile(r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])\d{4}(?:\d{6})?")
_CITY_SUFFIX = re.compile(r"(?:市|地区|自治州|州|盟)$")


class Where(Enum):
    """What a stated territory is."""

    NOT_STATED = auto()
    OURS = auto()
    ELSEWHERE = auto()
    NOWHERE = auto()


@dataclass(frozen=True, slots=True)
class Territory:
    """属地 as stated: the code where it is one of ours, and what it is otherwise."""

    code: str | None
    where: Where


NOT_STATED = Territory(None, Where.NOT_STATED)
NOWHERE = Territory(None, Where.NOWHERE)
ELSEWHERE = Territory(None, Where.ELSEWHERE)


class Places:
    """The regions that the roster of this city may name."""

    def __init__(self, session: Session) -> None:
        regions = session.scalars(select(Region)).all()
        ours = {region.code: region for region in regions if region.is_ours}
        cities = [region for region in ours.values() if region.parent_code not in ours]
        territories = [
            region for region in ours.values() if region.parent_code in ours and not region.is_legacy
        ]
        self._codes = {region.code for region in territories}
        self._former = {region.code for region in regions if region.is_legacy}
        self._city_names = {_city_name(region.name) for region in cities}
        self._by_name = {
            name: region.code for region in territories for name in _names(region.name, self._city_names)
        }
        self._city_names |= {region.code for region in cities}
        self._prefixes = {region.code[:4] for region in cities}
        self._known: dict[tuple[str, str], Territory] = {}

    def territory(self, code: str, name: str) -> Territory:
        """The territory that a code, or else a name, states."""
        found = self._known.get((code, name))
        if found is None:
            found = self._known[code, name] = self._find(code, name)
        return found

    def is_own_city(self, city: str) -> bool:
        """True when a 地市 column names this city."""
        return city in self._city_names or _city_name(city) in self._city_names

    def fingerprint(self) -> str:
        """Everything that territories and jurisdiction are told by."""
        known = (self._codes, self._former, self._city_names, self._prefixes)
        return repr([*map(sorted, known), sorted(self._by_name.items())])

    def _find(self, code: str, name: str) -> Territory:
        if not code and not name:
            return NOT_STATED
        if code in self._codes:
            return Territory(code, Where.OURS)
        if self._is_elsewhere(code):  # before the name: other cities have a 朝阳区 too
            return ELSEWHERE
        known = self._by_name.get(plain(name))
        return Territory(known, Where.OURS) if known else NOWHERE

    def _is_elsewhere(self, code: str) -> bool:
        is_region = bool(_REGION_CODE.fullmatch(code))
        return is_region and code[:4] not in self._prefixes and code not in self._former


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """Whether an enterprise is ours: as a fact, or only as a guess for a new one; None where nothing says so."""

    fact: bool | None = None
    guess: bool | None = None
    flag: Flag | None = None


def jurisdiction(places: Places, city: str | None, stated: Territory, guessed: Territory) -> Jurisdiction:
    """What territory and 地市 (None: the file has no such column) say about jurisdiction.

    A column for the city that stays blank says that nobody knows: such a row is kept and never drawn.
    """
    if stated.where == Where.OURS or (city and places.is_own_city(city)):
        return Jurisdiction(fact=True)
    if city or stated.where == Where.ELSEWHERE:
        return Jurisdiction(fact=False, flag=Flag.OUT_OF_JURISDICTION)
    if guessed.where == Where.OURS:
        return Jurisdiction(guess=True)
    if guessed.where == Where.ELSEWHERE:
        return Jurisdiction(guess=False, flag=Flag.OUT_OF_JURISDICTION)
    return Jurisdiction() if city is None else Jurisdiction(guess=False, flag=Flag.CITY_NOT_STATED)


def _names(name: str, cities: set[str]) -> set[str]:
    """A territory's name with and without that of the city before it."""
    whole = plain(name)
    return {whole} | {whole.removeprefix(city) for city in cities}


def _city_name(name: str) -> str:
    return _CITY_SUFFIX.sub("", plain(name))
