"""How inspectors are assigned elsewhere, on the same people and targets, and what comes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from app.domain.matching.instance import Instance

Pair = tuple[int, int]


@dataclass(frozen=True)
class Outcome:
    """Targets left without a lawful team, distinct pairs of people that occurred, and pairs that ever could."""

    unstaffed: int
    pairs: int
    reachable: int


class Board:
    """Who is eligible for each demand, who is key, and how often everybody may still go."""

    def __init__(self, instance: Instance) -> None:
        self.left = [person.cap for person in instance.staff]
        self.demands: list[dict[int, bool]] = [{} for _ in instance.demands]
        for demand, person, key in zip(
            instance.pairs.demand, instance.pairs.staff, instance.pairs.key, strict=True
        ):
            self.demands[demand][person] = bool(key)

    def team(self, eligible: Mapping[int, bool], order: Iterable[int]) -> tuple[int, ...]:
        """The first two in `order` with time left, one of them key; fewer when there are no such two."""
        team: list[int] = []
        for person in order:
            wanted = self.left[person] > 0 and (len(team) == 0 or eligible[person] or eligible[team[0]])
            if wanted:
                team.append(person)
            if len(team) == 2:
                break
        return tuple(team)

    def send(self, team: Sequence[int]) -> None:
        """Count one visit for each member."""
        for person in team:
            self.left[person] -= 1


def of_match(instance: Instance, visits: Mapping[str, Sequence[str]]) -> Outcome:
    """The match of this product."""
    places = {person.staff_no: place for place, person in enumerate(instance.staff)}
    teams = [tuple(places[staff_no] for staff_no in team) for team in visits.values()]
    return Outcome(len(instance.demands) - len(visits), _distinct(teams), lawful_pairs(instance))


def round_robin(instance: Instance, key: str) -> Outcome:
    """As existing platforms do it: one random start, then always the next two on the list, whoever they are."""
    board, size = Board(instance), len(instance.staff)
    start, teams = _start(key, size), []
    for turn, eligible in enumerate(board.demands):
        team = tuple((start + 2 * turn + member) % size for member in (0, 1))
        lawful = all(person in eligible and board.left[person] > 0 for person in team)
        if lawful and any(eligible[person] for person in team):
            board.send(team)
            teams.append(team)
    neighbours = {_pair((place, (place + 1) % size)) for place in range(size)}
    return Outcome(len(board.demands) - len(teams), _distinct(teams), len(neighbours))


def skipping_round_robin(instance: Instance, key: str) -> Outcome:
    """The same, but passing over whoever is not eligible or has no time left; one outcome per start."""
    size = len(instance.staff)
    starts = sorted({_start(f"{key}{turn}", size) for turn in range(8)})
    played = [_played(instance, start) for start in starts]
    reached = {_pair(team) for teams in played for team in teams}
    return Outcome(len(instance.demands) - len(played[0]), _distinct(played[0]), len(reached))


def greedy(instance: Instance, costs: Sequence[int]) -> Outcome:
    """Target by target the eligible in random order, as long as they have time; nothing is ever repaired."""
    board, teams, place = Board(instance), [], 0
    for eligible in board.demands:
        own = dict(zip(eligible, costs[place : place + len(eligible)], strict=True))
        place += len(eligible)
        team = board.team(eligible, sorted(own, key=own.__getitem__))
        if len(team) == 2:
            board.send(team)
            teams.append(team)
    return Outcome(len(board.demands) - len(teams), _distinct(teams), lawful_pairs(instance))


def lawful_pairs(instance: Instance) -> int:
    """Pairs of people who may go together to at least one target."""
    pools = {(tuple(eligible), tuple(eligible.values())) for eligible in Board(instance).demands}
    return len({pair for people, keys in pools for pair in _lawful(people, keys)})


def _lawful(people: Sequence[int], keys: Sequence[bool]) -> Iterator[Pair]:
    for (one, one_key), (other, other_key) in combinations(zip(people, keys, strict=True), 2):
        if one_key or other_key:
            yield _pair((one, other))


def _played(instance: Instance, start: int) -> list[tuple[int, ...]]:
    board, pointer, teams = Board(instance), start, []
    size = len(instance.staff)
    for eligible in board.demands:
        order = sorted(eligible, key=lambda person: (person - pointer) % size)
        team = board.team(eligible, order)
        if len(team) == 2:
            board.send(team)
            teams.append(team)
            pointer = team[-1] + 1
    return teams


def _start(key: str, size: int) -> int:
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % size


def _distinct(teams: Iterable[Sequence[int]]) -> int:
    return len({_pair(team) for team in teams})


def _pair(team: Sequence[int]) -> Pair:
    one, other = sorted(team)
    return one, other
