"""What the pages of a match show: teams, load, who was never drawn and why, shortages. Nothing is changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.matching.explain import Shortage, explain
from app.domain.matching.fairness import load_histogram, never_drawn
from app.domain.matching.refusal import Refusal
from app.domain.matching.remedies import Remedies, RemedyPrices
from app.domain.matching.substitution import Change, replaced_counts
from app.domain.vocabulary import DrawState, VisitState
from app.models import (
    Agency,
    Draw,
    Enterprise,
    InspectionTask,
    Inspector,
    Matching,
    Substitution,
    Visit,
    VisitMember,
)
from app.services import staffing
from app.services.ceremony import current_draw
from app.services.matching import eligible_for
from app.services.routes import routes_of
from app.services.storage import fetch_bytes, fetch_lines

Teams = dict[str, list[str]]
"""Standing teams by credit code of the enterprise."""


@dataclass(frozen=True, slots=True)
class Person:
    """An inspector as the pages name one; `agency` is the department's short name."""

    staff_no: str
    name: str
    agency: str


@dataclass(frozen=True, slots=True)
class Load:
    """The people of one department who make the same number of visits."""

    agency: str
    visits: int
    staff: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Idle:
    """Somebody whom no team took. `cap`: visits open to the person at most; `eligible`: for how many of the
    `demands` of the own department the person was eligible; `refusals`: why not for the others.
    """

    person: Person
    cap: int
    demands: int
    eligible: int
    refusals: tuple[tuple[Refusal, int], ...]


@dataclass(frozen=True, slots=True)
class Replaced:
    """How often somebody was asked to be replaced, and how many teams the person left by substitutions (R19)."""

    person: Person
    requests: int
    teams: int


@dataclass(frozen=True, slots=True)
class Round:
    """One match as it was published and as its teams stand now.

    `groups` and `caps` describe everybody on the staff file, `demands` counts by department, `eligible` by
    person; `assigned` are the published teams by target, `teams` the standing ones by enterprise.
    """

    task: InspectionTask
    draw: Draw
    matching: Matching
    groups: dict[str, str]
    caps: dict[str, int]
    demands: Counter[str]
    eligible: Counter[str]
    assigned: Teams
    teams: Teams

    @property
    def busy(self) -> int:
        """Inspectors who stand in at least one team."""
        return len({staff_no for team in self.teams.values() for staff_no in team})


@dataclass(frozen=True, slots=True)
class Impasse:
    """Why a task cannot be staffed, with the names behind the numbers and the cheapest remedies.

    `leads` are the staff numbers that may lead, `enterprises` the names behind each target of the match,
    `agencies` the short names behind the groups.
    """

    shortages: tuple[Shortage, ...]
    people: Mapping[str, Person]
    leads: frozenset[str]
    enterprises: Mapping[str, tuple[str, ...]]
    agencies: Mapping[str, str]
    proposal: Remedies


def matching_of(session: Session, task: InspectionTask) -> Matching | None:
    """The match of the draw in progress, or None."""
    found: Matching | None = session.scalar(
        select(Matching)
        .join(Draw, Draw.id == Matching.draw_id)
        .where(Draw.task_id == task.id, Draw.state != DrawState.VOID)
    )
    return found


def people(session: Session) -> dict[str, Person]:
    """Everybody on the roster of inspectors by staff number."""
    query = select(Inspector.staff_no, Inspector.name, Agency.short_name).join(Agency)
    return {staff_no: Person(staff_no, name, agency) for staff_no, name, agency in session.execute(query)}


def person_of(known: Mapping[str, Person], staff_no: str) -> Person:
    """The person of a number; one who has left the roster keeps the number only."""
    return known.get(staff_no) or Person(staff_no, "", "")


def round_of(session: Session, matching: Matching) -> Round:
    """One match read from its published files and its visits."""
    draw: Draw = matching.draw
    staff = [line.decode().split("\t") for line in fetch_lines(session, matching.staff_file)]
    demands = (line.decode().split("\t") for line in fetch_lines(session, matching.demand_file))
    pairs = (line.split(b"\t")[1] for line in fetch_lines(session, matching.eligible_file))
    rows = (line.decode().split("\t") for line in fetch_lines(session, matching.assign_file))
    return Round(
        task=draw.task,
        draw=draw,
        matching=matching,
        groups={row[0]: row[3] for row in staff},
        caps={row[0]: int(row[1]) for row in staff},
        demands=Counter(row[1] for row in demands),
        eligible=Counter({name.decode(): count for name, count in Counter(pairs).items()}),
        assigned={row[0]: row[1:] for row in rows},
        teams=_standing(session, draw),
    )


def visits_of(session: Session, matching: Matching, limit: int) -> Sequence[Visit]:
    """The first visits of a match in order of their numbers, with enterprise, team and departments."""
    query = (
        select(Visit)
        .where(Visit.draw_id == matching.draw_id)
        .options(
            selectinload(Visit.enterprise),
            selectinload(Visit.members).selectinload(VisitMember.inspector).selectinload(Inspector.agency),
        )
        .order_by(Visit.number)
        .limit(limit)
    )
    return session.scalars(query).all()


def loads(rounds: Iterable[Round], known: Mapping[str, Person]) -> tuple[Load, ...]:
    """Load histogram by department over everybody on the staff files; people without a visit stand under 0."""
    rounds = list(rounds)
    groups = {staff_no: group for each in rounds for staff_no, group in each.groups.items()}
    teams = {f"{each.draw.id}:{name}": team for each in rounds for name, team in each.teams.items()}
    carried = Counter(staff_no for team in teams.values() for staff_no in team)
    pools: defaultdict[str, list[str]] = defaultdict(list)
    for staff_no in sorted(groups):
        pools[groups[staff_no]].append(staff_no)
    return tuple(
        Load(
            person_of(known, pool[0]).agency or group,
            visits,
            tuple(person_of(known, staff_no) for staff_no in pool if carried[staff_no] == visits),
        )
        for group, pool in sorted(pools.items())
        for visits in load_histogram(teams, pool)
    )


def idle(session: Session, rounds: Iterable[Round], known: Mapping[str, Person]) -> tuple[Idle, ...]:
    """Who stood in no team of these matches and why, by staff number (R20).

    The reasons are worked out from the staff frozen with each plan record.
    """
    rounds = list(rounds)
    pool = {staff_no for each in rounds for staff_no in each.groups}
    names = never_drawn([teams for each in rounds for teams in (each.assigned, each.teams)], pool)
    reasons: defaultdict[str, Counter[Refusal]] = defaultdict(Counter)
    for each in rounds if names else ():
        found = eligible_for(session, each.task, each.draw, routes_of(session, each.task, each.draw))
        for name in names:
            if name in each.groups:
                reasons[name] += found.refusals_of_staff(name)
    return tuple(_idle(name, rounds, reasons[name], person_of(known, name)) for name in names)


def refusals_of(matching: Matching) -> tuple[tuple[Refusal, int], ...]:
    """Refusals of the whole match by reason, most frequent first; other departments' people left out."""
    counts = Counter({Refusal.of(reason): count for reason, count in matching.refusal_counts.items()})
    return own_reasons(counts)


def own_reasons(counts: Mapping[Refusal, int]) -> tuple[tuple[Refusal, int], ...]:
    """Refusals by reason, most frequent first, without those of being from another department."""
    own = {reason: count for reason, count in counts.items() if reason != Refusal.WRONG_AGENCY and count}
    order = list(Refusal)
    return tuple(sorted(own.items(), key=lambda entry: (-entry[1], order.index(entry[0]))))


def remedies_of(matching: Matching) -> Remedies:
    """What the clerk chose out of a shortage before this match; empty when nothing had to be chosen."""
    kept = matching.remedies or {}
    return Remedies(
        tuple((staff_no, extra) for staff_no, extra in kept.get("raised", ())),
        tuple((target, group) for target, group in kept.get("waived", ())),
        tuple(kept.get("postponed", ())),
        int(kept.get("price", 0)),
    )


def substitutions_of(session: Session, matchings: Iterable[Matching]) -> Sequence[Substitution]:
    """The substitutions of these matches, newest first."""
    keys = [matching.id for matching in matchings]
    query = select(Substitution).where(Substitution.matching_id.in_(keys)).order_by(Substitution.id.desc())
    return session.scalars(query).all()


def replaced(rows: Iterable[Substitution], known: Mapping[str, Person]) -> tuple[Replaced, ...]:
    """Substitutions counted per inspector, most frequent first (R19)."""
    rows = list(rows)
    requests = Counter(row.inspector.staff_no for row in rows)
    left = replaced_counts([[Change(**change) for change in row.difference] for row in rows])
    names = sorted(requests.keys() | left.keys(), key=lambda name: (-requests[name], -left[name], name))
    return tuple(Replaced(person_of(known, name), requests[name], left[name]) for name in names)


def enterprises_of(session: Session, task: InspectionTask, draw: Draw) -> dict[str, tuple[str, ...]]:
    """The names of the enterprises behind each target of the match. Raises NothingDrawn."""
    return {
        route.target: tuple(errand.enterprise.name for errand in route.errands)
        for route in routes_of(session, task, draw)
    }


def shortages_of(session: Session, task: InspectionTask) -> tuple[Shortage, ...]:
    """Why a drawn task cannot be staffed as it stands; empty when it can. Raises NoDraw, NothingDrawn."""
    draw = current_draw(session, task)
    found = eligible_for(session, task, draw, routes_of(session, task, draw))
    return explain(found.instance, found.refusals_of)


def impasse(
    session: Session, task: InspectionTask, shortages: tuple[Shortage, ...], proposal: Remedies | None = None
) -> Impasse:
    """Shortages with the names of their people and enterprises. Raises NoDraw, NothingDrawn."""
    draw = current_draw(session, task)
    frozen = staffing.from_json(fetch_bytes(session, draw.staff_detail or ""))
    return Impasse(
        shortages,
        people(session),
        frozenset(person.staff_no for person in frozen if person.may_lead),
        enterprises_of(session, task, draw),
        {item.agency.code: item.agency.short_name for item in task.items},
        proposal or Remedies(),
    )


def chosen_remedies(
    proposal: Remedies,
    raised: Iterable[str],
    waived: Iterable[tuple[str, str]],
    postponed: Iterable[str],
) -> Remedies:
    """The part of `proposal` that was chosen: staff numbers, (target, group), targets.

    Whatever was not proposed is ignored, so that nobody can leave out an enterprise of their own choice.
    """
    names, demands, targets = set(raised), set(waived), set(postponed)
    caps = tuple(entry for entry in proposal.raised if entry[0] in names)
    leads = tuple(entry for entry in proposal.waived if entry in demands)
    later = tuple(target for target in proposal.postponed if target in targets)
    prices = RemedyPrices()
    price = prices.extra_visit * sum(extra for _, extra in caps)
    return Remedies(caps, leads, later, price + prices.waive_key * len(leads) + prices.postpone * len(later))


def open_teams(session: Session, task: InspectionTask) -> dict[str, tuple[str, list[str]]]:
    """Planned visits whose team may still change: credit code -> (enterprise, staff numbers, lead first)."""
    matching = matching_of(session, task)
    if matching is None:
        return {}
    planned = select(Visit).where(Visit.draw_id == matching.draw_id, Visit.state == VisitState.PLANNED)
    query = planned.options(
        selectinload(Visit.enterprise), selectinload(Visit.members).selectinload(VisitMember.inspector)
    ).order_by(Visit.number)
    return {
        visit.enterprise.identifier: (visit.enterprise.name, [m.inspector.staff_no for m in visit.team])
        for visit in session.scalars(query)
    }


def _standing(session: Session, draw: Draw) -> Teams:
    query = (
        select(Enterprise.identifier, Inspector.staff_no)
        .select_from(VisitMember)
        .join(Visit, Visit.id == VisitMember.visit_id)
        .join(Enterprise, Enterprise.id == Visit.enterprise_id)
        .join(Inspector, Inspector.id == VisitMember.inspector_id)
        .where(Visit.draw_id == draw.id, VisitMember.left_at.is_(None), Visit.state != VisitState.CANCELLED)
        .order_by(Visit.id, VisitMember.id)
    )
    teams: Teams = {}
    for identifier, staff_no in session.execute(query):
        teams.setdefault(identifier, []).append(staff_no)
    return teams


def _idle(name: str, rounds: Sequence[Round], reasons: Counter[Refusal], person: Person) -> Idle:
    present = [each for each in rounds if name in each.groups]
    return Idle(
        person,
        present[-1].caps[name],
        sum(each.demands[each.groups[name]] for each in present),
        sum(each.eligible[name] for each in present),
        own_reasons(reasons),
    )
