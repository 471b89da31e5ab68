"""随机匹配执法检查人员 (art. 6): visits are formed first, then inspectors assigned by the published key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.domain.draw.hashing import hex_digest
from app.domain.draw.record import Assign
from app.domain.draw.ticket import draw_key
from app.domain.lifecycle import TASK, advance
from app.domain.matching import files
from app.domain.matching.bulk import EligiblePairs, eligible_pairs
from app.domain.matching.instance import Instance
from app.domain.matching.remedies import Remedies, apply_remedies
from app.domain.matching.remedies import remedies as find_remedies
from app.domain.matching.solve import Match, match_unique
from app.domain.vocabulary import DisclosureKind, LogKind
from app.models import (
    Draw,
    DrawnTarget,
    InspectionTask,
    Inspector,
    ItemFinding,
    Matching,
    Visit,
    VisitMember,
)
from app.services import draw_log, staffing
from app.services.ceremony import attempted, current_draw, put_on_record
from app.services.disclosure import publish
from app.services.jobs import report
from app.services.joint.parts import tell_of_disclosure
from app.services.joint.teams import departments_of
from app.services.routes import Errand, Route, needs_of, routes_of, visit_day
from app.services.staffing import RULES
from app.services.storage import fetch_bytes, fetch_lines, store
from app.services.transaction import fetch, lock, transaction


@attempted("draw:matched")
def match_inspectors(task_id: int, actor: User, now: datetime, remedies: Remedies | None = None) -> int:
    """Match inspectors to the drawn targets and form the visits; gives back how many visits.

    Staff, certificates and recusals are those frozen with the plan. `remedies` are what the clerk chose
    out of a shortage; they are published with the match, the key stays. Raises NothingDrawn,
    CannotBeStaffed, IllegalTransition.
    """
    with transaction() as session:
        task = lock(session, InspectionTask, task_id)
        task.state = advance(TASK, task.state, "match")
        draw = current_draw(session, task)
        routes = routes_of(session, task, draw)
        report(0, None, "matching")
        eligible = eligible_for(session, task, draw, routes)
        chosen = remedies or Remedies()
        instance = apply_remedies(eligible.instance, chosen) if remedies else eligible.instance
        purpose, found = match_unique(instance, pair_keys(draw), draw.algorithm, eligible.refusals_of)
        matching = _store(session, draw, instance, purpose, found, actor, now)
        matching.remedies = asdict(chosen)
        matching.refusal_counts = {reason.value: count for reason, count in eligible.totals().items()}
        matching.visit_count = _form_visits(session, task, draw, routes, found.visits)
        put_on_record(session, draw, "matched", actor, None, now, _note(chosen, purpose))
        return matching.visit_count


def propose_remedies(task_id: int) -> Remedies:
    """The cheapest way to staff a task that cannot be staffed; empty when it can (R20)."""
    with transaction() as session:
        task = fetch(session, InspectionTask, task_id)
        draw = current_draw(session, task)
        routes = routes_of(session, task, draw)
        order = [route.target for route in _by_rank(session, draw, routes)]
        return find_remedies(eligible_for(session, task, draw, routes).instance, order=order)


def disclose_draw(task_id: int, actor: User, now: datetime) -> str:
    """公示抽取和匹配结果 (art. 6, R32); visits may begin. Gives back the index number."""
    with transaction() as session:
        task = lock(session, InspectionTask, task_id)
        task.state = advance(TASK, task.state, "disclose")
        draw = current_draw(session, task)
        title = f"{task.name}：抽取与匹配结果"
        body = _body(session, task, draw)
        put_on_record(session, draw, "disclosed", actor, None, now)
        tell_of_disclosure(session, task, now)
        return publish(
            session, DisclosureKind.DRAW, title, task.lead_agency_id, task.id, body, actor, now
        ).index_no


def eligible_for(session: Session, task: InspectionTask, draw: Draw, routes: list[Route]) -> EligiblePairs:
    """Every lawful pair of the frozen staff and these routes, and why the others are refused."""
    people = staffing.from_json(fetch_bytes(session, draw.staff_detail or ""))
    frozen = (line.decode().split("\t") for line in fetch_lines(session, draw.staff_file or ""))
    digests = {staff_no: digest for staff_no, *_, digest in frozen}
    return eligible_pairs(people, needs_of(task, routes), RULES, digests)


def pair_keys(draw: Draw) -> Callable[[str], str]:
    """K by purpose for the match of this draw."""
    return lambda purpose: draw_key(draw.algorithm, purpose, draw.seed_hash or "")


def _store(
    session: Session, draw: Draw, instance: Instance, purpose: str, found: Match, actor: User, now: datetime
) -> Matching:
    contents = {
        "staff.tsv": files.staff_file(instance),
        "eligible.tsv": files.eligible_file(instance),
        "demand.tsv": files.demand_file(instance),
        "assign.tsv": files.assign_file(found.visits),
        "prices.json": files.prices_file(instance, found.prices),
    }
    record = _assign_record(draw, purpose, found, contents)
    kept = {name: store(session, [content], name) for name, content in contents.items()}
    matching = Matching(
        draw_id=draw.id,
        purpose=purpose,
        record=record.text(),
        record_hash=record.digest(draw.algorithm),
        cost=found.cost,
        staff_file=kept["staff.tsv"],
        eligible_file=kept["eligible.tsv"],
        demand_file=kept["demand.tsv"],
        assign_file=kept["assign.tsv"],
        prices_file=kept["prices.json"],
        visit_count=0,
        matched_at=now,
        matched_by_id=actor.id,
    )
    session.add(matching)
    draw_log.append(session, draw, LogKind.ASSIGN, record, now)
    return matching


def _assign_record(draw: Draw, purpose: str, found: Match, contents: Mapping[str, bytes]) -> Assign:
    digests = {name: hex_digest(draw.algorithm, content) for name, content in contents.items()}
    return Assign(
        plan=draw.plan_hash,
        seed=draw.seed_hash or "",
        purpose=purpose,
        key=pair_keys(draw)(purpose),
        staff_file=digests["staff.tsv"],
        elig_file=digests["eligible.tsv"],
        demand_file=digests["demand.tsv"],
        cost=found.cost,
        rows=digests["assign.tsv"],
    )


def _note(chosen: Remedies, purpose: str) -> str:
    if chosen == Remedies():
        return purpose
    parts = (len(chosen.raised), len(chosen.waived), len(chosen.postponed))
    return f"{purpose}; raised {parts[0]}, waived {parts[1]}, postponed {parts[2]}"


def _by_rank(session: Session, draw: Draw, routes: list[Route]) -> list[Route]:
    """Routes in order of drawing: the smallest rank that one of their firms has in any item first."""
    query = (
        select(DrawnTarget.identifier, func.min(DrawnTarget.rank))
        .where(DrawnTarget.draw_id == draw.id)
        .group_by(DrawnTarget.identifier)
    )
    ranks = dict(session.execute(query).all())
    return sorted(routes, key=lambda route: (min(ranks[name] for name in route.covers), route.target))


def _form_visits(
    session: Session,
    task: InspectionTask,
    draw: Draw,
    routes: list[Route],
    teams: Mapping[str, tuple[str, ...]],
) -> int:
    """One visit an enterprise with one unchecked finding an item; a route's visits share team and day.

    Inserted as rows: a city has fifty thousand visits, and here nobody needs one as an object.
    """
    staffed = [route for route in routes if route.target in teams]
    visits = [
        (errand, route.target, visit_day(task, place, len(staffed)))
        for place, route in enumerate(staffed)
        for errand in route.errands
    ]
    rows = [_visit(task, draw, number, *visit) for number, visit in enumerate(visits, 1)]
    session.execute(insert(Visit.__table__), rows)
    query = select(Visit.enterprise_id, Visit.id).where(Visit.draw_id == draw.id)
    keys = dict(session.execute(query).all())
    people = _people(session, task)
    placed = [(keys[errand.enterprise.id], errand, teams[target]) for errand, target, _ in visits]
    session.execute(
        insert(VisitMember.__table__), [row for key, _, team in placed for row in _members(key, team, people)]
    )
    session.execute(
        insert(ItemFinding.__table__), [row for key, errand, _ in placed for row in _findings(key, errand)]
    )
    return len(visits)


def _visit(
    task: InspectionTask, draw: Draw, number: int, errand: Errand, route: str, day: date
) -> dict[str, object]:
    return {
        "number": f"{draw.number}-{number:04d}",
        "task_id": task.id,
        "draw_id": draw.id,
        "enterprise_id": errand.enterprise.id,
        "route": route,
        "planned_on": day,
    }


def _members(visit_id: int, team: Sequence[str], people: Mapping[str, int]) -> Iterator[dict[str, object]]:
    """The lead stands first in a team."""
    for place, staff_no in enumerate(team):
        yield {"visit_id": visit_id, "inspector_id": people[staff_no], "is_lead": place == 0}


def _findings(visit_id: int, errand: Errand) -> Iterator[dict[str, object]]:
    for item in errand.items:
        yield {"visit_id": visit_id, "task_item_id": item.id, "agency_id": item.agency_id}


def _people(session: Session, task: InspectionTask) -> dict[str, int]:
    query = select(Inspector.staff_no, Inspector.id).where(Inspector.agency_id.in_(departments_of(task)))
    return dict(session.execute(query).all())


def _body(session: Session, task: InspectionTask, draw: Draw) -> dict[str, object]:
    """What is published of draw and match: targets with items and how many inspectors of which agency."""
    teams = session.scalars(select(Visit).where(Visit.draw_id == draw.id).order_by(Visit.id)).all()
    return {
        "number": task.number,
        "name": task.name,
        "draw": draw.number,
        "plan_hash": draw.plan_hash,
        "seed_hash": draw.seed_hash,
        "result_hash": draw.result_hash,
        "targets": [_published_visit(visit) for visit in teams] if task.publish_list else None,
        "count": len(teams),
    }


def _published_visit(visit: Visit) -> dict[str, object]:
    agencies: defaultdict[str, int] = defaultdict(int)
    for member in visit.team:
        agencies[member.inspector.agency.short_name] += 1
    return {
        "identifier": visit.enterprise.identifier,
        "name": visit.enterprise.name,
        "items": [finding.task_item.code for finding in visit.findings],
        "inspectors": [member.inspector.staff_no for member in visit.team],
        "agencies": dict(agencies),
    }
