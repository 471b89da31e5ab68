"""All eligible pairs of a whole city without testing every pair.

Candidates who differ in nothing that a visit asks about form a profile, needs that ask for the same form a
pool; one test per (profile, pool) decides for all of them. Recusals and last visits are exceptions of
single persons at single enterprises and are taken out afterwards.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain.matching.eligibility import (
    Candidate,
    EligibilityRules,
    VisitNeed,
    is_key,
    personal_refusals,
    profile_refusals,
)
from app.domain.matching.instance import Demand, Instance, Pairs, Staff
from app.domain.matching.refusal import Refusal

Reasons = tuple[Refusal, ...]


@dataclass(slots=True)
class _Profile:
    """Candidates of one agency who are alike for visits in one period."""

    representative: Candidate
    members: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Pool:
    """What needs of one signature share: who is eligible, who is key, and why the others are refused."""

    group: str
    staff: array[int]
    key: array[int]
    refused: list[tuple[_Profile, Reasons]]
    outsiders: int
    uses: int = 0

    def counts(self) -> Counter[Refusal]:
        """Persons refused by reason, for one need of this pool; a person may count under several reasons."""
        total: Counter[Refusal] = Counter()
        for profile, reasons in self.refused:
            total.update(dict.fromkeys(reasons, len(profile.members)))
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
            for profile, reasons in pool.refused:
                if place in profile.members:
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
    staff = tuple(_staff(candidate, digests or {}) for candidate in people)
    demands = tuple(Demand(need.target, need.group, need.size, need.needs_key) for need in wanted)
    return EligiblePairs(Instance(staff, demands, pairs), tuple(census.pools), pool_of, barred)


class _Census:
    """Profiles per period and pools per need signature, each made once."""

    def __init__(self, people: Sequence[Candidate], rules: EligibilityRules) -> None:
        self.people = people
        self.rules = rules
        self.pools: list[_Pool] = []
        self.numbers: dict[tuple[object, ...], int] = {}
        self.profiles: dict[tuple[date, date], dict[str, list[_Profile]]] = {}

    def pool_number(self, need: VisitNeed) -> int:
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
        period = need.starts, need.ends
        if period not in self.profiles:
            self.profiles[period] = _profiles(self.people, *period)
        eligible: list[tuple[int, bool]] = []
        refused = []
        insiders = 0
        for profile in self.profiles[period].get(need.group, ()):
            insiders += len(profile.members)
            reasons = tuple(profile_refusals(profile.representative, need, self.rules))
            if reasons:
                refused.append((profile, reasons))
            else:
                key = is_key(profile.representative, need)
                eligible += [(member, key) for member in profile.members]
        eligible.sort()
        staff = array("i", [member for member, _ in eligible])
        keys = array("b", [key for _, key in eligible])
        return _Pool(need.group, staff, keys, refused, len(self.people) - insiders)


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
        places = [self.named[name] for name in need.enterprises if name in self.named]
        found = {}
        for place in sorted(set().union(*places)):
            if self.people[place].group == need.group:
                reasons = tuple(personal_refusals(self.people[place], need, self.rules))
                if reasons:
                    found[place] = reasons
        return found


def _profiles(people: Sequence[Candidate], starts: date, ends: date) -> dict[str, list[_Profile]]:
    found: dict[tuple[object, ...], _Profile] = {}
    for place, candidate in enumerate(people):
        signature = _profile_signature(candidate, starts, ends)
        found.setdefault(signature, _Profile(candidate)).members.add(place)
    by_group: defaultdict[str, list[_Profile]] = defaultdict(list)
    for profile in found.values():
        by_group[profile.representative.group].append(profile)
    return by_group


def _profile_signature(candidate: Candidate, starts: date, ends: date) -> tuple[object, ...]:
    certificates = [
        (held.kind, held.area or "", held.area is None, held.suspended, held.valid_to < ends, held.valid_from > starts)
        for held in candidate.certificates
    ]
    return (
        candidate.group,
        candidate.kind,
        candidate.status,
        candidate.may_lead,
        candidate.expertise,
        tuple(sorted(certificates)),
    )


def _append(pairs: Pairs, place: int, pool: _Pool, barred: Mapping[int, Reasons]) -> None:
    staff, key = pool.staff, pool.key
    if barred:
        kept = [i for i, person in enumerate(staff) if person not in barred]
        staff, key = array("i", [staff[i] for i in kept]), array("b", [key[i] for i in kept])
    pairs.demand.extend(array("i", [place]) * len(staff))
    pairs.staff.extend(staff)
    pairs.key.extend(key)


def _staff(candidate: Candidate, digests: Mapping[str, str]) -> Staff:
    digest = digests.get(candidate.staff_no, "-")
    return Staff(candidate.staff_no, candidate.cap, candidate.may_lead, candidate.group, digest)
