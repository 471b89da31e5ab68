"""一次完成: all items of one enterprise make one visit, and near enterprises may make one route for one team."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.domain.matching.eligibility import VisitNeed
from app.models import Draw, DrawnTarget, Enterprise, InspectionTask, TaskItem
from app.services.joint.teams import team_plan, withdrawn_departments
from app.services.replacing import standing_targets


class NothingDrawn(DomainError):
    """No target was drawn, so there is nothing to match."""

    code = "nothing_drawn"


class Firm(NamedTuple):
    """What a route has to know of an enterprise; a record, since a match may visit fifty thousand."""

    id: int
    identifier: str
    name: str
    territory_code: str | None
    functional_zone: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Errand:
    """What is done at one enterprise at once (一次完成): its items, whatever their agency."""

    enterprise: Firm
    items: tuple[TaskItem, ...]

    @property
    def agencies(self) -> tuple[str, ...]:
        """Codes of the agencies concerned, ascending."""
        return tuple(sorted({item.agency.code for item in self.items}))


@dataclass(frozen=True, slots=True)
class Route:
    """One or more errands that one team does in a row; `target` is its name in the match."""

    target: str
    errands: tuple[Errand, ...]

    @property
    def covers(self) -> tuple[str, ...]:
        """Identifiers of the enterprises, in the order in which they are visited."""
        return tuple(errand.enterprise.identifier for errand in self.errands)

    @property
    def items(self) -> tuple[TaskItem, ...]:
        """Every item of the route, as often as it is done."""
        return tuple(item for errand in self.errands for item in errand.items)


def routes_of(session: Session, task: InspectionTask, draw: Draw) -> list[Route]:
    """The routes of a drawn task, ascending by target. Raises NothingDrawn.

    With a route size of 1 every enterprise is its own route under its own identifier. Otherwise up to
    so many enterprises of one district and the same agencies follow each other by address.
    """
    errands = _errands(session, task, draw)
    if task.route_size <= 1:
        return [Route(errand.enterprise.identifier, (errand,)) for errand in errands]
    return sorted(_bundled(errands, task.route_size), key=lambda route: route.target)


def needs_of(task: InspectionTask, routes: Iterable[Route]) -> Iterator[VisitNeed]:
    """One need per route and agency; the lead comes from the task's lead agency where it takes part (R73).

    How many people a department sends, and who comes along without an item, is as the plan says.
    """
    asked: dict[tuple[TaskItem, ...], list[tuple[str, frozenset[str]]]] = {}
    plan = team_plan(task)
    for route in routes:
        items = route.items
        groups = asked.get(items) or asked.setdefault(items, _skills_by_agency(items))
        codes = [code for code, _ in groups]
        lead = task.lead_agency.code if task.lead_agency.code in codes else codes[0]
        area = route.errands[0].enterprise.territory_code or ""
        for code, skills in [*groups, *((guest, frozenset()) for guest in plan.guests_of(area))]:
            yield VisitNeed(
                target=route.target,
                group=code,
                size=plan.size_of(code),
                needs_lead=code == lead,
                starts=task.starts_on,
                ends=task.ends_on,
                area=area,
                held_by_one=skills,
                covers=route.covers if len(route.errands) > 1 else (),
            )


def visit_day(task: InspectionTask, place: int, count: int) -> date:
    """The planned day of the `place`-th of `count` routes, spread evenly over the task's period."""
    span = (task.ends_on - task.starts_on).days
    return task.starts_on + timedelta(days=place * span // max(count, 1))


def _skills_by_agency(items: Sequence[TaskItem]) -> list[tuple[str, frozenset[str]]]:
    """Codes of the agencies concerned, ascending, each with the expertise that its items ask for."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for item in items:
        found[item.agency.code] |= {skill.code for skill in item.version.expertise}
    return [(code, frozenset(skills)) for code, skills in sorted(found.items())]


def _errands(session: Session, task: InspectionTask, draw: Draw) -> list[Errand]:
    gone = withdrawn_departments(task)
    places = {item.code: place for place, item in enumerate(task.items) if item.agency_id not in gone}
    found: defaultdict[str, set[int]] = defaultdict(set)
    for code, identifier in standing_targets(session, draw):
        if code in places:
            found[identifier].add(places[code])
    if not found:
        raise NothingDrawn(task=task.number)
    firms, items = _firms(session, draw), list(task.items)
    return [
        Errand(firms[identifier], tuple(items[place] for place in sorted(found[identifier])))
        for identifier in sorted(found)
    ]


def _firms(session: Session, draw: Draw) -> dict[str, Firm]:
    """The firms drawn or held in reserve, by identifier."""
    query = (
        select(*(getattr(Enterprise, name) for name in Firm._fields))
        .join(DrawnTarget, DrawnTarget.enterprise_id == Enterprise.id)
        .where(DrawnTarget.draw_id == draw.id)
    )
    return {row.identifier: Firm._make(row) for row in session.execute(query)}


def _bundled(errands: Sequence[Errand], size: int) -> Iterator[Route]:
    near = sorted(errands, key=lambda errand: (_neighbourhood(errand), _address(errand)))
    for _, group in groupby(near, key=_neighbourhood):
        members = list(group)
        for start in range(0, len(members), size):
            chunk = tuple(members[start : start + size])
            name = chunk[0].enterprise.identifier
            yield Route(name if len(chunk) == 1 else f"{name[:18]}-R{len(chunk):02d}", chunk)


def _neighbourhood(errand: Errand) -> tuple[str, str, tuple[str, ...]]:
    return (errand.enterprise.territory_code or "", errand.enterprise.functional_zone or "", errand.agencies)


def _address(errand: Errand) -> tuple[str, str]:
    return (errand.enterprise.address or "", errand.enterprise.identifier)
