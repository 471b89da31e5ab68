"""人员负荷与搭档集中度 of a year, for the auditor (R20): load, who is never drawn, how pairs repeat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.matching.fairness import Concentration, Visits, concentration
from app.domain.vocabulary import DrawState
from app.models import Agency, Draw, Enterprise, InspectionTask, Matching, Substitution, TaskItem
from app.services.match_review import (
    Idle,
    Load,
    Person,
    Replaced,
    Round,
    idle,
    loads,
    people,
    person_of,
    replaced,
    round_of,
    substitutions_of,
)


@dataclass(frozen=True, slots=True)
class PairsOfAgency:
    """How many people of a department were eligible at all, and how many of their pairs occurred."""

    agency: str
    people: int
    found: Concentration


@dataclass(frozen=True, slots=True)
class YearReview:
    """Everything that the page of a year shows. `since` is the first year that the pairs are counted from."""

    rounds: tuple[Round, ...]
    known: Mapping[str, Person]
    loads: tuple[Load, ...]
    idle: tuple[Idle, ...]
    substitutions: Sequence[Substitution]
    replaced: tuple[Replaced, ...]
    since: int
    pairs: Concentration
    by_agency: tuple[PairsOfAgency, ...]
    enterprises: Mapping[str, str]


def review_years(session: Session, agency: Agency | None = None) -> list[int]:
    """The years in which tasks were matched, newest first; of one department where it is named."""
    found = _matchings(session, agency)
    return sorted({matching.draw.task.starts_on.year for matching in found}, reverse=True)


def year_review(session: Session, year: int, agency: Agency | None = None) -> YearReview:
    """Load and idle people of `year`, pairs of all years up to it (R19, R20).

    With `agency` only the tasks that concern it and only its own people.
    """
    before = [each for each in _matchings(session, agency) if each.draw.task.starts_on.year <= year]
    known = people(session)
    rounds = [round_of(session, matching) for matching in before]
    if agency is not None:
        rounds = [_narrowed(each, agency.code) for each in rounds]
    own = [each for each in rounds if each.task.starts_on.year == year]
    substitutions = substitutions_of(session, [each.matching for each in own])
    years, pools = _years(rounds), _pools(rounds)
    pairs = concentration(years, pools.values())
    return YearReview(
        tuple(own),
        known,
        loads(own, known),
        idle(session, own, known),
        substitutions,
        replaced(substitutions, known),
        min(years, default=year),
        pairs,
        tuple(_by_agency(years, pools, known)),
        _names(session, [target for target, _, _ in pairs.repeated]),
    )


def _matchings(session: Session, agency: Agency | None) -> Sequence[Matching]:
    query = (
        select(Matching)
        .join(Draw, Draw.id == Matching.draw_id)
        .join(InspectionTask, InspectionTask.id == Draw.task_id)
        .where(Draw.state != DrawState.VOID)
        .order_by(InspectionTask.starts_on, Matching.id)
    )
    if agency is not None:
        takes_part = InspectionTask.items.any(TaskItem.agency_id == agency.id)
        query = query.where(or_(InspectionTask.lead_agency_id == agency.id, takes_part))
    return session.scalars(query).all()


def _narrowed(found: Round, group: str) -> Round:
    own = {staff_no for staff_no, code in found.groups.items() if code == group}
    return Round(
        task=found.task,
        draw=found.draw,
        matching=found.matching,
        groups={name: group for name in sorted(own)},
        caps={name: cap for name, cap in found.caps.items() if name in own},
        demands=found.demands,
        eligible=found.eligible,
        assigned={target: [name for name in team if name in own] for target, team in found.assigned.items()},
        teams={target: [name for name in team if name in own] for target, team in found.teams.items()},
    )


def _years(rounds: Iterable[Round]) -> dict[int, list[Visits]]:
    years: defaultdict[int, list[Visits]] = defaultdict(list)
    for each in rounds:
        years[each.task.starts_on.year].append(each.teams)
    return dict(years)


def _pools(rounds: Iterable[Round]) -> dict[str, list[str]]:
    """By department the people who were eligible for anything: only they can form pairs."""
    home = {name: group for each in rounds for name, group in each.groups.items() if each.eligible[name]}
    pools: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(home):
        pools[home[name]].append(name)
    return dict(sorted(pools.items()))


def _by_agency(
    years: Mapping[int, Sequence[Visits]], pools: Mapping[str, list[str]], known: Mapping[str, Person]
) -> Iterable[PairsOfAgency]:
    for group, pool in pools.items():
        name = person_of(known, pool[0]).agency or group
        yield PairsOfAgency(name, len(pool), concentration(years, [pool], top=0))


def _names(session: Session, identifiers: Sequence[str]) -> dict[str, str]:
    query = select(Enterprise.identifier, Enterprise.name).where(Enterprise.identifier.in_(identifiers))
    return {identifier: name for identifier, name in session.execute(query)}
