"""Why a match cannot be staffed: the minimum cut as plain numbers, for the edge to put into words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from app.domain.matching.flow import greatest_flow
from app.domain.matching.instance import Instance
from app.domain.matching.network import Columns, Flags, build
from app.domain.matching.refusal import Refusal
from app.domain.vocabulary import Term

Refused = Callable[[str, str], Counter[Refusal]]
"""Counts the refusals of one demand, given its target and group."""


class ShortageKind(Term):
    """缺员类别 (draw protocol section 3)."""

    NO_QUALIFIED_PERSON = "no_qualified_person", "合格人员不足", "Too few qualified persons"
    NO_LEAD = "no_lead", "主检或所需专长人员不足", "No lead, or nobody with the expertise, to spare"
    GROUP_TOTAL = "group_total", "本组人手总量不足", "The group as a whole is too small"


@dataclass(frozen=True, slots=True)
class Shortage:
    """A smallest set of demands that asks for more person-visits than can reach it.

    required = what the demands ask for; available = caps of the `exhausted` persons + `keyless_places` (the
    size - 1 places per demand open to persons without key) + `single_places` (persons with time left who are
    already in the team and cannot be in it twice). `staff` are all persons eligible for one of the demands,
    `refusals` counts over the demands why the others are not.
    """

    kind: ShortageKind
    demands: tuple[tuple[str, str], ...]
    required: int
    exhausted: tuple[tuple[str, int], ...]
    keyless_places: int
    single_places: int
    staff: tuple[str, ...]
    refusals: Mapping[Refusal, int] = field(default_factory=dict)
    sizes: tuple[int, ...] = ()
    """Person-visits that each of the demands asks for, in their order."""

    @property
    def available(self) -> int:
        """Person-visits that can reach the demands at most."""
        return sum(cap for _, cap in self.exhausted) + self.keyless_places + self.single_places

    @property
    def shortfall(self) -> int:
        """Person-visits that are missing."""
        return self.required - self.available

    def by_group(self) -> dict[str, int]:
        """What each department is asked for in these demands, in person-visits, by its code."""
        found: dict[str, int] = {}
        for (_, group), size in zip(self.demands, self.sizes, strict=True):
            found[group] = found.get(group, 0) + size
        return dict(sorted(found.items()))

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets concerned, ascending."""
        return tuple(sorted({target for target, _ in self.demands}))


def explain(instance: Instance, refused: Refused | None = None) -> tuple[Shortage, ...]:
    """All shortages of `instance`, each on its own demands; empty when it can be staffed."""
    columns = Columns.of(instance)
    flow = greatest_flow(build(columns, np.zeros(len(instance.pairs), dtype=np.int64)))
    cut = _Cut(instance, columns, flow[: len(instance.pairs)] > 0)
    return tuple(_shortage(cut, reached, refused) for reached in cut.components())


class _Cut:
    """The residual graph of a greatest flow, walked backwards from what is understaffed.

    Nodes are ("demand", d), ("quota", d) and ("person", i).
    """

    def __init__(self, instance: Instance, columns: Columns, chosen: Flags) -> None:
        self.instance = instance
        self.chosen = chosen.tolist()
        self.direct = columns.direct.tolist()
        self.loads = columns.loads(chosen).tolist()
        self.filled = columns.per_demand(chosen).tolist()
        self.keyless = columns.per_demand(chosen & ~columns.direct).tolist()
        bounds = np.searchsorted(columns.demand, np.arange(len(instance.demands) + 1))
        self.bounds = bounds.tolist()
        self.visits: defaultdict[int, list[int]] = defaultdict(list)
        for place in np.flatnonzero(chosen).tolist():
            self.visits[instance.pairs.staff[place]].append(place)

    def pairs_of(self, demand: int) -> range:
        """The eligible pairs of one demand."""
        return range(self.bounds[demand], self.bounds[demand + 1])

    def components(self) -> list[set[Node]]:
        """Sets of nodes from which an understaffed demand is reached, disjoint, in order of the demands."""
        found: list[set[Node]] = []
        for place, demand in enumerate(self.instance.demands):
            start: Node = ("demand", place)
            if self.filled[place] < demand.size and not any(start in reached for reached in found):
                reached = self.closure([start])
                overlapping = [other for other in found if not other.isdisjoint(reached)]
                found = [other for other in found if other not in overlapping]
                found.append(reached.union(*overlapping))
        return found

    def closure(self, starts: Iterable[Node], waived: frozenset[int] = frozenset()) -> set[Node]:
        """Everything that can still send a unit to `starts`; `waived` demands have no quota."""
        reached = set(starts)
        pending = list(reached)
        while pending:
            for node in self.senders(pending.pop(), waived):
                if node not in reached:
                    reached.add(node)
                    pending.append(node)
        return reached

    def senders(self, node: Node, waived: frozenset[int]) -> Iterator[Node]:
        """The nodes with an arc into `node` that has room left."""
        kind, place = node
        if kind == "person":
            for pair in self.visits[place]:
                entered = "demand" if self.direct[pair] else "quota"
                yield entered, self.instance.pairs.demand[pair]
            return
        for pair in self.pairs_of(place):
            if not self.chosen[pair] and self.direct[pair] == (kind == "demand"):
                yield "person", self.instance.pairs.staff[pair]
        if kind == "quota" and self.keyless[place]:
            yield "demand", place
        if kind == "demand" and (place in waived or self.keyless[place] < self.quota(place)):
            yield "quota", place

    def quota(self, demand: int) -> int:
        """Places of a demand that persons without key may fill, 0 when no key is asked for."""
        wanted = self.instance.demands[demand]
        return wanted.size - 1 if wanted.needs_key else 0


Node = tuple[str, int]


def _shortage(cut: _Cut, reached: set[Node], refused: Refused | None) -> Shortage:
    instance = cut.instance
    places = sorted(place for kind, place in reached if kind == "demand")
    names = tuple((instance.demands[place].target, instance.demands[place].group) for place in places)
    exhausted = sorted(place for kind, place in reached if kind == "person")
    eligible = {instance.pairs.staff[pair] for place in places for pair in cut.pairs_of(place)}
    refusals: Counter[Refusal] = Counter()
    for target, group in names if refused else ():
        refusals.update(refused(target, group) if refused else ())
    return Shortage(
        _kind(cut, places, reached),
        names,
        sum(instance.demands[place].size for place in places),
        tuple((instance.staff[place].staff_no, instance.staff[place].cap) for place in exhausted),
        sum(cut.quota(place) for place in places if ("quota", place) not in reached),
        sum(_single_places(cut, place, reached) for place in places),
        tuple(instance.staff[place].staff_no for place in sorted(eligible)),
        dict(refusals),
        tuple(instance.demands[place].size for place in places),
    )


def _single_places(cut: _Cut, demand: int, reached: set[Node]) -> int:
    entries = {True: ("demand", demand) in reached, False: ("quota", demand) in reached}
    return sum(
        cut.chosen[pair]
        and entries[cut.direct[pair]]
        and ("person", cut.instance.pairs.staff[pair]) not in reached
        for pair in cut.pairs_of(demand)
    )


def _kind(cut: _Cut, places: list[int], reached: set[Node]) -> ShortageKind:
    if any(len(cut.pairs_of(place)) < cut.instance.demands[place].size for place in places):
        return ShortageKind.NO_QUALIFIED_PERSON
    keyed = frozenset(place for place in places if cut.instance.demands[place].needs_key)
    nobody = any(not any(cut.direct[pair] for pair in cut.pairs_of(place)) for place in keyed)
    if nobody or _has_time_left(cut, cut.closure(reached, keyed)):
        return ShortageKind.NO_LEAD
    return ShortageKind.GROUP_TOTAL


def _has_time_left(cut: _Cut, reached: set[Node]) -> bool:
    return any(
        kind == "person" and cut.loads[place] < cut.instance.staff[place].cap for kind, place in reached
    )
