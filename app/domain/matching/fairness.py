"""What the auditor looks at: how load and pairs are spread, and who is never drawn (R20)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

Visits = Mapping[str, Sequence[str]]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Concentration:
    """How many of the possible pairs of inspectors occurred, and which most often.

    `repeated` lists (target, pair, years) where one pair met one target in two consecutive years or more.
    """

    possible: int
    occurred: int
    top: tuple[tuple[Pair, int], ...]
    repeated: tuple[tuple[str, Pair, tuple[int, ...]], ...]

    @property
    def share_ppm(self) -> int:
        """Pairs that occurred in ppm of the possible ones; 0 when no pair is possible."""
        return self.occurred * 1_000_000 // self.possible if self.possible else 0


def load_histogram(visits: Visits, pool: Iterable[str]) -> dict[int, int]:
    """Number of people of `pool` by visits made, ascending; people without a visit count under 0."""
    loads = Counter(staff_no for team in visits.values() for staff_no in team)
    return dict(sorted(Counter(loads[staff_no] for staff_no in pool).items()))


def never_drawn(matches: Iterable[Visits], pool: Iterable[str]) -> tuple[str, ...]:
    """The people of `pool` who are in no team of any match, ascending."""
    drawn = {staff_no for visits in matches for team in visits.values() for staff_no in team}
    return tuple(sorted(set(pool) - drawn))


def concentration(
    years: Mapping[int, Sequence[Visits]], pools: Iterable[Sequence[str]], top: int = 10
) -> Concentration:
    """Concentration of pairs over `years` of matches; `pools` are the people who may form pairs together.

    Only pairs within a pool are counted, each unordered and once per visit.
    """
    home = {staff_no: place for place, pool in enumerate(pools) for staff_no in pool}
    sizes = Counter(home.values())
    times: Counter[Pair] = Counter()
    met: dict[tuple[str, Pair], set[int]] = {}
    for year, matches in years.items():
        for target, team in ((target, team) for visits in matches for target, team in visits.items()):
            for pair in _pairs(team, home):
                times[pair] += 1
                met.setdefault((target, pair), set()).add(year)
    return Concentration(
        sum(size * (size - 1) // 2 for size in sizes.values()),
        len(times),
        tuple(sorted(times.items(), key=lambda item: (-item[1], item[0]))[:top]),
        tuple((*name, tuple(sorted(seen))) for name, seen in sorted(met.items()) if _is_consecutive(seen)),
    )


def _pairs(team: Sequence[str], home: Mapping[str, int]) -> Iterable[Pair]:
    known = sorted(staff_no for staff_no in team if staff_no in home)
    return (pair for pair in combinations(known, 2) if home[pair[0]] == home[pair[1]])


def _is_consecutive(years: set[int]) -> bool:
    return any(year + 1 in years for year in years)
