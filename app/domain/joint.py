"""联合检查 (art. 8, R73-R75): how many visits joining spares, and what a joint plan is refused for.

Under one ticket for every enterprise an item takes the smallest tickets of its pool, so that where two
pools meet, the firms drawn for the smaller share are drawn for the larger one as well. An enterprise is
then visited with the largest share among the items that it stands under: Σ over enterprises of max k/N.
Where every department draws by itself, the same sum is taken department by department.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.draw.roster import Pools, parse_cells
from app.domain.errors import DomainError


class NotThatDepartment(DomainError):
    """Only the department concerned, or the lead where the lead decides, takes this step; param agency."""

    code = "not_that_department"


class JointUnsettled(DomainError):
    """A joint line waits for its lead or for a department; nothing goes to approval before (R73); param lines."""

    code = "joint_unsettled"


class OffersOpen(DomainError):
    """What departments have offered is taken up or put aside before the plan is submitted; param offers."""

    code = "offers_open"


class JointNeedsDepartments(DomainError):
    """A joint line has two departments at least."""

    code = "joint_needs_departments"


class LeadTakesNoPart(DomainError):
    """The lead is one of the departments of the line; param agency."""

    code = "lead_takes_no_part"


class LetterMissing(DomainError):
    """An answer that somebody else enters names the letter in which it came; param agency."""

    code = "answer_letter_missing"


class JointTeamTooSmall(DomainError):
    """A department with items sends two people at least, one without items two or none (R17); param agency."""

    code = "joint_team_too_small"


class LeadCannotWithdraw(DomainError):
    """The lead of a task does not withdraw from it; the draw is voided instead; param agency."""

    code = "lead_cannot_withdraw"


class NothingLeft(DomainError):
    """No item of another department would be left; param agency."""

    code = "nothing_left"


class PartsMissing(DomainError):
    """Some departments' parts of the visit are not complete; param missing."""

    code = "parts_missing"


class ConfirmedAlready(DomainError):
    """The visit was confirmed, and nothing has changed since; param visit."""

    code = "confirmed_already"


class WholeNotConfirmed(DomainError):
    """A joint task is archived when its lead has confirmed every joint visit (art. 8); params task, count."""

    code = "whole_not_confirmed"


class NotJoint(DomainError):
    """Only a visit in which several departments take part is confirmed as a whole; param visit."""

    code = "visit_not_joint"


class NotAsked(DomainError):
    """The department is not among those asked; param agency."""

    code = "department_not_asked"


@dataclass(frozen=True, slots=True)
class Part:
    """One item in a joint line: its department, the pool it draws from, how many of them it takes.

    `pool` is the place of the pool in the patterns of `expected`; items may share a pool.
    """

    department: int
    pool: int
    size: int
    quota: int


@dataclass(frozen=True, slots=True)
class Expected:
    """Visits expected in the long run: every department alone, or all at once."""

    alone: Mapping[int, Fraction]
    """The visits of every department by itself, by its key."""
    together: Fraction

    @property
    def separate(self) -> Fraction:
        """Σ over departments."""
        return sum(self.alone.values(), Fraction(0))

    @property
    def saved(self) -> Fraction:
        """Σ of the departments' own visits − visits under shared tickets."""
        return self.separate - self.together

    def rounded(self) -> tuple[int, int]:
        """(separate, together) as whole visits."""
        return round(self.separate), round(self.together)


def frozen_visits(
    kinds: Mapping[str, int], pools: Pools, quotas: Mapping[tuple[int, str], int], departments: Sequence[int]
) -> Expected:
    """The visits of a frozen roster; `departments` names that of every item, by its place in the plan.

    `together` is the least that any draw with these quotas needs (draw protocol 4): Σ over firms of their
    largest chance. A tier is drawn before the next one, so that every tier has a chance of its own.
    """
    chances = {place: _by_tier(tiers, quotas.get(place, 0)) for place, tiers in pools.items()}
    tally = _Tally()
    for cells, firms in kinds.items():
        shares: defaultdict[int, Fraction] = defaultdict(Fraction)
        for place, cell in enumerate(parse_cells(cells)):
            if cell is not None:
                own = departments[place]
                shares[own] = max(shares[own], chances[place, cell.stratum][cell.tier])
        tally.add(firms, shares)
    return Expected(dict(tally.alone), tally.together)


class _Tally:
    """Adds up firms with their chance in every department."""

    def __init__(self) -> None:
        self.alone: defaultdict[int, Fraction] = defaultdict(Fraction)
        self.together = Fraction(0)

    def add(self, firms: int, shares: Mapping[int, Fraction]) -> None:
        for department, share in shares.items():
            self.alone[department] += firms * share
        self.together += firms * max(shares.values(), default=Fraction(0))


def _by_tier(firms: Sequence[int], quota: int) -> list[Fraction]:
    """The chance of a firm of each tier when `quota` are drawn, tier after tier."""
    found, left = [], quota
    for count in firms:
        taken = min(left, count)
        found.append(Fraction(taken, count) if count else Fraction(0))
        left -= taken
    return found


def expected(parts: Iterable[Part], patterns: Mapping[int, int]) -> Expected:
    """The visits of some items; `patterns` counts enterprises by the set of pools they are in, as bits."""
    given = list(parts)
    tally = _Tally()
    for pools, firms in patterns.items():
        shares: defaultdict[int, Fraction] = defaultdict(Fraction)
        for part in given:
            if part.size and pools >> part.pool & 1:
                share = Fraction(part.quota, part.size)
                shares[part.department] = max(shares[part.department], share)
        tally.add(firms, shares)
    return Expected(dict(tally.alone), tally.together)
