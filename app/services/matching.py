"""随机匹配执法检查人员 (art. 6): visits are formed first, then inspectors assigned by the published key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import policy
from app.domain.draw.hashing import hex_digest
from app.domain.draw.record import Assign
from app.domain.draw.ticket import draw_key
from app.domain.errors import DomainError
from app.domain.lifecycle import TASK, advance
from app.domain.matching import files
from app.domain.matching.bulk import EligiblePairs, eligible_pairs
from app.domain.matching.eligibility import VisitNeed
from app.domain.matching.instance import Instance
from app.domain.matching.remedies import Remedies, apply_remedies
from app.domain.matching.remedies import remedies as find_remedies
from app.domain.matching.solve import Match, match_unique
from app.domain.vocabulary import DisclosureKind, LogKind
from app.models import (
    Draw,
    DrawnTarget,
    Enterprise,
    InspectionTask,
    Inspector,
    ItemFinding,
    Matching,
    TaskItem,
    Visit,
    VisitMember,
)
from app.services import draw_log, staffing
from app.services.ceremony import attempted, current_draw, put_on_record
from app.services.disclosure import publish
from app.services.replacing import enterprises_by_identifier, standing_targets
from app.services.staffing import RULES
from app.services.storage import fetch_bytes, store
from app.services.transaction import fetch, lock, transaction


class NothingDrawn(DomainError):
    """No target was drawn, so there is nothing to match."""

    code = "nothing_drawn"


@dataclass(frozen=True, slots=True)
class Errand:
    """What is done at one enterprise at once (一次完成): its items, whatever their agency."""

    enterprise: Enterprise
    items: tuple[TaskItem, ...]

    @property
    def agencies(self) -> tuple[str, ...]:
        """Codes of the agencies concerned, ascending."""
        return tuple(sorted({item.agency.code for item in self.items}))


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
        errands = errands_of(session, task, draw)
        eligible = eligible_for(session, task, draw, errands)
        chosen = remedies or Remedies()
        instance = apply_remedies(eligible.instance, chosen)
        purpose, found = match_unique(instance, pair_keys(draw), draw.algorithm, eligible.refusals_of)
        matching = _store(session, draw, instance, purpose, found, actor, now)
        matching.remedies = asdict(chosen)
        matching.refusal_counts = {reason.value: count for reason, count in eligible.totals().items()}
        _form_visits(session, task, draw, errands, found.visits)
        put_on_record(session, draw, "matched", actor, None, now, _note(chosen, purpose))
        return matching.visit_count


def propose_remedies(task_id: int) -> Remedies:
    """The cheapest way to staff a task that cannot be staffed; empty when it can (R20)."""
    with transaction() as session:
        task = fetch(session, InspectionTask, task_id)
        draw = current_draw(session, task)
        errands = errands_of(session, task, draw)
        order = [errand.enterprise.identifier for errand in _by_rank(session, draw, errands)]
        return find_remedies(eligible_for(session, task, draw, errands).instance, order=order)


def disclose_draw(task_id: int, actor: User, now: datetime) -> str:
    """公示抽取和匹配结果 (art. 6, R32); visits may begin. Gives back the index number."""
    with transaction() as session:
        task = lock(session, InspectionTask, task_id)
        task.state = advance(TASK, task.state, "disclose")
        draw = current_draw(session, task)
        title = f"{task.name}抽取结果公示"
        body = _body(session, task, draw)
        put_on_record(session, draw, "disclosed", actor, None, now)
        return publish(
            session, DisclosureKind.DRAW, title, task.lead_agency_id, task.id, body, actor, now
        ).index_no


def errands_of(session: Session, task: InspectionTask, draw: Draw) -> list[Errand]:
    """The enterprises to visit by identifier, each with all of its items. Raises NothingDrawn."""
    places = {item.code: place for place, item in enumerate(task.items)}
    found: defaultdict[str, set[int]] = defaultdict(set)
    for code, identifier in standing_targets(session, draw):
        found[identifier].add(places[code])
    if not found:
        raise NothingDrawn(task=task.number)
    enterprises = enterprises_by_identifier(session, sorted(found))
    return [
        Errand(enterprises[identifier], tuple(task.items[place] for place in sorted(found[identifier])))
        for identifier in sorted(found)
    ]


def eligible_for(session: Session, task: InspectionTask, draw: Draw, errands: list[Errand]) -> EligiblePairs:
    """Every lawful pair of the frozen staff and these errands, and why the others are refused."""
    people = staffing.from_json(fetch_bytes(session, draw.staff_detail or ""))
    secret = (draw.salt_secret or "").encode()
    digests = {person.staff_no: files.staff_digest(secret, person, RULES) for person in people}
    needs = [need for errand in errands for need in _needs(task, errand)]
    return eligible_pairs(people, needs, RULES, digests)


def _needs(task: InspectionTask, errand: Errand) -> Iterator[VisitNeed]:
    """One need per agency; the lead comes from the task's lead agency where it takes part (R73)."""
    lead = task.lead_agency.code if task.lead_agency.code in errand.agencies else errand.agencies[0]
    for code in errand.agencies:
        own = [item for item in errand.items if item.agency.code == code]
        yield VisitNeed(
            target=errand.enterprise.identifier,
            group=code,
            size=policy.MATCH.team_size,
            needs_lead=code == lead,
            starts=task.starts_on,
            ends=task.ends_on,
            area=errand.enterprise.territory_code or "",
            held_by_one=frozenset(skill.code for item in own for skill in item.version.expertise),
        )


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
        visit_count=len(found.visits),
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


def _by_rank(session: Session, draw: Draw, errands: list[Errand]) -> list[Errand]:
    """Errands in order of drawing: the smallest rank that an enterprise has in any item first."""
    query = (
        select(DrawnTarget.identifier, func.min(DrawnTarget.rank))
        .where(DrawnTarget.draw_id == draw.id)
        .group_by(DrawnTarget.identifier)
    )
    ranks = dict(session.execute(query).all())
    return sorted(
        errands, key=lambda errand: (ranks[errand.enterprise.identifier], errand.enterprise.identifier)
    )


def _form_visits(
    session: Session,
    task: InspectionTask,
    draw: Draw,
    errands: list[Errand],
    teams: Mapping[str, tuple[str, ...]],
) -> None:
    """One visit an enterprise, spread evenly over the period, with one unchecked finding an item."""
    people = {
        person.staff_no: person.id
        for person in session.scalars(
            select(Inspector).where(Inspector.agency_id.in_({item.agency_id for item in task.items}))
        )
    }
    staffed = [errand for errand in errands if errand.enterprise.identifier in teams]
    for place, errand in enumerate(staffed):
        lead, *others = teams[errand.enterprise.identifier]
        visit = Visit(
            number=f"{draw.number}-{place + 1:04d}",
            task_id=task.id,
            draw_id=draw.id,
            enterprise_id=errand.enterprise.id,
            planned_on=_day(task, place, len(staffed)),
        )
        visit.members = [
            VisitMember(inspector_id=people[staff_no], is_lead=staff_no == lead)
            for staff_no in (lead, *others)
        ]
        visit.findings = [
            ItemFinding(task_item_id=item.id, agency_id=item.agency_id) for item in errand.items
        ]
        session.add(visit)
    session.flush()


def _day(task: InspectionTask, place: int, count: int) -> date:
    span = (task.ends_on - task.starts_on).days
    return task.starts_on + timedelta(days=place * span // max(count, 1))


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
