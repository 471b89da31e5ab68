"""All eligible pairs of a whole city without testing every pair.

Candidates of equal standing (certificates, service) form one class, those of equal skill (expertise, lead)
another, and needs that ask for the same form a pool. One test per class and pool decides for everybody: the
eligible are those whose two classes pass. Recusals and last visits are exceptions of single persons at
single enterprises and are taken out afterwards.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain.matching.eligibility import (
    Candidate,
    EligibilityRules,
    VisitNeed,
    is_key,
    personal_refusals,
    skill_refusals,
    standing_refusals,
)
from app.domain.matching.instance import Demand, Instance, Pairs, Staff
from app.domain.matching.refusal import Refusal

Reasons = tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class _Class:
    """Candidates who are alike in one respect; any of them can be asked for all."""

    representative: Candidate
    members: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Candidates of some classes after one question: who passed, and the reasons of the others."""

    passed: set[int]
    refused: list[tuple[set[int], Reasons]]


@dataclass(frozen=True, slots=True)
class _Crowd:
    """The candidates of one agency for visits in one period, classed by standing and by skill."""

    standings: list[_Class]
    skills: list[_Class]
    size: int
    by_place: dict[Hashable, _Sorted] = field(default_factory=dict)
    by_task: dict[Hashable, _Sorted] = field(default_factory=dict)

    def in_standing(self, need: VisitNeed, rules: EligibilityRules) -> _Sorted:
        """Whose certificate and service pass for `need`; asked once per area and kinds of certificate."""
        name = need.area, need.kinds
        if name not in self.by_place:
            self.by_place[name] = _sort_out(self.standings, lambda who: standing_refusals(who, need, rules))
        return self.by_place[name]

    def skilled(self, need: VisitNeed) -> _Sorted:
        """Whose expertise passes for `need`; asked once per set of expertise."""
        if need.held_by_all not in self.by_task:
            self.by_task[need.held_by_all] = _sort_out(self.skills, lambda who: skill_refusals(who, need))
        return self.by_task[need.held_by_all]

    def key_people(self, need: VisitNeed, eligible: set[int]) -> set[int]:
        """Those of `eligible` who may answer for lead and expertise."""
        keys = [skill.members for skill in self.skills if is_key(skill.representative, need)]
        return {place for members in keys for place in members & eligible}


@dataclass(slots=True)
class _Pool:
    """What needs of one signature share: who is eligible, who is key, and why the others are refused."""

    group: str
    staff: array[int]
    key: array[int]
    refused: list[tuple[set[int], Reasons]]
    outsiders: int
    uses: int = 0

    def counts(self) -> Counter[Refusal]:
        """Persons refused by reason, for one need of this pool; a person may count under several reasons."""
        total: Counter[Refusal] = Counter()
        for members, reasons in self.refused:
            total.update(dict.fromkeys(reasons, len(members)))
        if self.outsiders:
            total[Refusal.WRONG_AGENCY] += self.outsiders
        return total


@dataclass(frozen=True, slots=True)
class EligiblePairs:
    """The problem to solve, and why everybody else may not go.

    Members of another agency count as wrong_agency only; their other reasons are of no interest.
    """

    instance: Instance
    _pools: tuple[_Pool, ...]
    _pool_of: Mapping[tuple[str, str], int]
    _barred: Mapping[tuple[str, str], Mapping[int, Reasons]]

    def refusals_of(self, target: str, group: str) -> Counter[Refusal]:
        """How many persons are refused for this demand, by reason."""
        total = self._pools[self._pool_of[target, group]].counts()
        for reasons in self._barred.get((target, group), {}).values():
            total.update(reasons)
        return total

    def refusals_of_staff(self, staff_no: str) -> Counter[Refusal]:
        """For how many demands this person is refused, by reason."""
        place = next(i for i, person in enumerate(self.instance.staff) if person.staff_no == staff_no)
        total: Counter[Refusal] = Counter()
        for pool in self._pools:
            if pool.group != self.instance.staff[place].group:
                total[Refusal.WRONG_AGENCY] += pool.uses
            for members, reasons in pool.refused:
                if place in members:
                    total.update(dict.fromkeys(reasons, pool.uses))
        for barred in self._barred.values():
            total.update(barred.get(place, ()))
        return total

    def totals(self) -> Counter[Refusal]:
        """Refusals over all demands by reason: the statistics that accompany a match."""
        total: Counter[Refusal] = Counter()
        for pool in self._pools:
            total.update({reason: times * pool.uses for reason, times in pool.counts().items()})
        for barred in self._barred.values():
            for reasons in barred.values():
                total.update(reasons)
        return total


def eligible_pairs(
    candidates: Iterable[Candidate],
    needs: Iterable[VisitNeed],
    rules: EligibilityRules,
    digests: Mapping[str, str] | None = None,
) -> EligiblePairs:
    """Every lawful pair of `candidates` and `needs`, equal to asking `refusals` for each pair.

    `digests` names the certificate digest of each staff number for the published staff file. Raises what
    Instance raises.
    """
    people = sorted(candidates, key=lambda candidate: candidate.staff_no)
    wanted = sorted(needs, key=lambda need: (need.target, need.group))
    census = _Census(people, rules)
    exceptions = _Exceptions(people, rules)
    pairs = Pairs.empty()
    pool_of, barred = {}, {}
    for place, need in enumerate(wanted):
        name = need.target, need.group
        pool_of[name] = census.pool_number(need)
        found = exceptions.barred(need)
        if found:
            barred[name] = found
        _append(pairs, place, census.pools[pool_of[name]], found)
    staff = tuple(as_staff(candidate, digests or {}) for candidate in people)
    demands = tuple(Demand(need.target, need.group, need.size, need.needs_key) for need in wanted)
    return EligiblePairs(Instance(staff, demands, pairs), tuple(census.pools), pool_of, barred)


class _Census:
    """Crowds per period and pools per need signature, each made once."""

    def __init__(self, people: Sequence[Candidate], rules: EligibilityRules) -> None:
        self.people = people
        self.rules = rules
        self.insiders: defaultdict[str, list[int]] = defaultdict(list)
        for place, candidate in enumerate(people):
            self.insiders[candidate.group].append(place)
        self.pools: list[_Pool] = []
        self.numbers: dict[Hashable, int] = {}
        self.crowds: dict[tuple[str, date, date], _Crowd] = {}

    def pool_number(self, need: VisitNeed) -> int:
        """The pool of `need`, made when its signature is met for the first time, and used once more."""
        signature = (
            need.group,
            need.starts,
            need.ends,
            need.area,
            need.held_by_all,
            need.held_by_one,
            need.kinds,
            need.needs_lead,
        )
        if signature not in self.numbers:
            self.numbers[signature] = len(self.pools)
            self.pools.append(self._pool(need))
        number = self.numbers[signature]
        self.pools[number].uses += 1
        return number

    def _pool(self, need: VisitNeed) -> _Pool:
        crowd = self._crowd(need)
        standing, skilled = crowd.in_standing(need, self.rules), crowd.skilled(need)
        eligible = standing.passed & skilled.passed
        keys = crowd.key_people(need, eligible)
        ordered = sorted(eligible)
        return _Pool(
            need.group,
            array("i", ordered),
            array("b", [place in keys for place in ordered]),
            standing.refused + skilled.refused,
            len(self.people) - crowd.size,
        )

    def _crowd(self, need: VisitNeed) -> _Crowd:
        name = need.group, need.starts, need.ends
        if name not in self.crowds:
            places = self.insiders[need.group]
            standings = _classes(self.people, places, lambda who: _standing(who, need.starts, need.ends))
            skills = _classes(self.people, places, lambda who: (who.may_lead, who.expertise))
            self.crowds[name] = _Crowd(standings, skills, len(places))
        return self.crowds[name]


class _Exceptions:
    """Who is barred from single enterprises, found from the enterprise."""

    def __init__(self, people: Sequence[Candidate], rules: EligibilityRules) -> None:
        self.people = people
        self.rules = rules
        self.named: defaultdict[str, set[int]] = defaultdict(set)
        for place, candidate in enumerate(people):
            for target in [recusal.target for recusal in candidate.recusals] + [*candidate.recent]:
                self.named[target].add(place)

    def barred(self, need: VisitNeed) -> dict[int, Reasons]:
        """Positions of the people barred from an enterprise of `need`, with their reasons."""
        places = [self.named[name] for name in need.enterprises if name in self.named]
        found = {}
        for place in sorted(set().union(*places)):
            if self.people[place].group == need.group:
                reasons = tuple(dict.fromkeys(personal_refusals(self.people[place], need, self.rules)))
                if reasons:
                    found[place] = reasons
        return found


def _sort_out(classes: Iterable[_Class], ask: Callable[[Candidate], Iterable[Refusal]]) -> _Sorted:
    passed: set[int] = set()
    refused = []
    for alike in classes:
        reasons = tuple(dict.fromkeys(ask(alike.representative)))
        if reasons:
            refused.append((alike.members, reasons))
        else:
            passed |= alike.members
    return _Sorted(passed, refused)


def _classes(
    people: Sequence[Candidate], places: Iterable[int], respect: Callable[[Candidate], Hashable]
) -> list[_Class]:
    found: dict[Hashable, _Class] = {}
    for place in places:
        candidate = people[place]
        found.setdefault(respect(candidate), _Class(candidate)).members.add(place)
    return list(found.values())


def _standing(candidate: Candidate, starts: date, ends: date) -> Hashable:
    certificates = [
        (
            held.kind,
            held.area is None,
            held.area or "",
            held.suspended,
            held.valid_to < ends,
            held.valid_from > starts,
        )
        for held in candidate.certificates
    ]
    return candidate.kind, candidate.status, tuple(sorted(certificates))


def _append(pairs: Pairs, place: int, pool: _Pool, barred: Mapping[int, Reasons]) -> None:
    staff, key = pool.staff, pool.key
    if barred:
        kept = [i for i, person in enumerate(staff) if person not in barred]
        staff, key = array("i", [staff[i] for i in kept]), array("b", [key[i] for i in kept])
    pairs.demand.extend(array("i", [place]) * len(staff))
    pairs.staff.extend(staff)
    pairs.key.extend(key)


def as_staff(candidate: Candidate, digests: Mapping[str, str]) -> Staff:
    """`candidate` as the match and the staff file see a person; "-" where no digest is known."""
    digest = digests.get(candidate.staff_no, "-")
    return Staff(candidate.staff_no, candidate.cap, candidate.may_lead, candidate.group, digest)
