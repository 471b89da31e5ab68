"""One matching problem in plain records: who is there, what is demanded, who may go where."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.domain.errors import DomainError

MINIMUM_TEAM = 2
IDENTIFIER = re.compile(r"[0-9A-Z-]{1,22}")
GROUP = re.compile(r"[0-9A-Za-z_.-]{1,32}")

Row = tuple[str, str, bool]


class InvalidIdentifier(DomainError):
    """An identifier that may not enter a hash (draw protocol 2.1); params `field`, `value`."""

    code = "invalid_identifier"


class DuplicateRow(DomainError):
    """The same person or the same demand stands twice in the input; params `table`, `value`."""

    code = "duplicate_row"


class EmptyTask(DomainError):
    """Nothing is demanded, so nothing can be matched."""

    code = "empty_task"


class TeamTooSmall(DomainError):
    """A visit with fewer than two inspectors is unlawful (R17); params `target`, `size`."""

    code = "team_too_small"


class InvalidCap(DomainError):
    """A person's cap is negative; params `staff_no`, `cap`."""

    code = "invalid_cap"


class UnknownPair(DomainError):
    """An eligible pair names a person or a demand that is not in the input; params `target`, `staff_no`."""

    code = "unknown_pair"


@dataclass(frozen=True, slots=True)
class Staff:
    """One inspector (执法检查人员) as the match sees a person; `cap` counts visits."""

    staff_no: str
    cap: int
    may_lead: bool
    group: str
    digest: str = "-"


@dataclass(frozen=True, slots=True)
class Demand:
    """`size` inspectors of one group for one target; `needs_key` asks for a key person among them."""

    target: str
    group: str
    size: int
    needs_key: bool

    @property
    def name(self) -> str:
        """The name under which prices are published: `target|group`."""
        return f"{self.target}|{self.group}"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Eligible pairs as three parallel columns, ascending by (demand, staff); positions, not names."""

    demand: array[int]
    staff: array[int]
    key: array[int]

    def __len__(self) -> int:
        return len(self.demand)

    @classmethod
    def empty(cls) -> Pairs:
        """No pair yet; append to the three columns together."""
        return cls(array("i"), array("i"), array("b"))


@dataclass(frozen=True, slots=True)
class Instance:
    """A checked problem: staff ascending by number, demands ascending by (target, group), pairs.

    Raises InvalidIdentifier, DuplicateRow, EmptyTask, TeamTooSmall (R17) or InvalidCap.
    """

    staff: tuple[Staff, ...]
    demands: tuple[Demand, ...]
    pairs: Pairs

    def __post_init__(self) -> None:
        _check_staff(self.staff)
        _check_demands(self.demands)

    @classmethod
    def of(cls, staff: Iterable[Staff], demands: Iterable[Demand], rows: Iterable[Row]) -> Instance:
        """Build from named rows `(target, staff_no, is_key)` in any order; raises also UnknownPair."""
        people = tuple(sorted(staff, key=lambda person: person.staff_no))
        wanted = tuple(sorted(demands, key=lambda demand: (demand.target, demand.group)))
        return cls(people, wanted, _placed(people, wanted, rows))

    @property
    def targets(self) -> set[str]:
        """The targets that anything is demanded for."""
        return {demand.target for demand in self.demands}

    def rows(self) -> Iterator[Row]:
        """The eligible pairs by name, in the order of `pairs`."""
        for demand, person, key in zip(self.pairs.demand, self.pairs.staff, self.pairs.key, strict=True):
            yield self.demands[demand].target, self.staff[person].staff_no, bool(key)


def without(
    instance: Instance,
    staff: Collection[str] = (),
    targets: Collection[str] = (),
    pairs: Collection[tuple[str, str]] = (),
) -> Instance:
    """The same problem less some people, some targets, or single pairs `(target, staff_no)`."""
    kept = [
        row
        for row in instance.rows()
        if row[0] not in targets and row[1] not in staff and (row[0], row[1]) not in pairs
    ]
    people = [person for person in instance.staff if person.staff_no not in staff]
    demands = [demand for demand in instance.demands if demand.target not in targets]
    return Instance.of(people, demands, kept)


def _placed(staff: Sequence[Staff], demands: Sequence[Demand], rows: Iterable[Row]) -> Pairs:
    people = {person.staff_no: place for place, person in enumerate(staff)}
    places = {(demand.target, demand.group): place for place, demand in enumerate(demands)}
    found: dict[tuple[int, int], bool] = {}
    for target, staff_no, key in rows:
        person = people.get(staff_no, -1)
        place = places.get((target, staff[person].group), -1) if person >= 0 else -1
        if place < 0:
            raise UnknownPair(target=target, staff_no=staff_no)
        found[place, person] = key
    ordered = sorted(found)
    return Pairs(
        array("i", [place for place, _ in ordered]),
        array("i", [person for _, person in ordered]),
        array("b", [found[pair] for pair in ordered]),
    )


def _check_staff(staff: Sequence[Staff]) -> None:
    for person in staff:
        _check_identifier("staff_no", person.staff_no, IDENTIFIER)
        _check_identifier("group", person.group, GROUP)
        if person.cap < 0:
            raise InvalidCap(staff_no=person.staff_no, cap=person.cap)
    _check_distinct("staff", [person.staff_no for person in staff])


def _check_demands(demands: Sequence[Demand]) -> None:
    if not demands:
        raise EmptyTask
    total: Counter[str] = Counter()
    for demand in demands:
        _check_identifier("target", demand.target, IDENTIFIER)
        _check_identifier("group", demand.group, GROUP)
        total[demand.target] += demand.size
        if demand.size < 1:
            raise TeamTooSmall(target=demand.target, size=demand.size)
    for target, size in total.items():
        if size < MINIMUM_TEAM:
            raise TeamTooSmall(target=target, size=size)
    _check_distinct("demand", [demand.name for demand in demands])


def _check_identifier(field: str, value: str, shape: re.Pattern[str]) -> None:
    if not shape.fullmatch(value):
        raise InvalidIdentifier(field=field, value=value)


def _check_distinct(table: str, names: Sequence[str]) -> None:
    repeated = [name for name, times in Counter(names).items() if times > 1]
    if repeated:
        raise DuplicateRow(table=table, value=min(repeated))
