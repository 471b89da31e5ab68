"""随机匹配执法检查人员 (art. 6): visits are formed first, then inspectors assigned by the published key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
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
from app.services.ceremony import current_draw, put_on_record
from app.services.disclosure import publish
from app.services.staffing import RULES
from app.services.storage import fetch_bytes, store
from app.services.transaction import lock, transaction


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


def match_inspectors(task_id: int, actor: User, now: datetime) -> int:
    """Match inspectors to the drawn targets and form the visits; gives back how many visits.

    Staff, certificates and recusals are those frozen with the plan. Raises NothingDrawn,
    CannotBeStaffed, IllegalTransition.
    """
    with transaction() as session:
        task = lock(session, InspectionTask, task_id)
        task.state = advance(TASK, task.state, "match")
        draw = current_draw(session, task)
        errands = errands_of(session, task, draw)
        if not errands:
            raise NothingDrawn(task=task.number)
        eligible = _eligible(session, task, draw, errands)
        purpose, found = match_unique(
            eligible.instance,
            lambda purpose: draw_key(draw.algorithm, purpose, draw.seed_hash or ""),
            draw.algorithm,
            eligible.refusals_of,
        )
        matching = _store(session, draw, eligible, purpose, found, actor, now)
        _form_visits(session, task, draw, errands, found.visits)
        put_on_record(session, draw, "matched", actor, None, now, f"{matching.visit_count} {purpose}")
        return matching.visit_count


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
    """The drawn enterprises by identifier, each with all of its items."""
    items = {item.code: item for item in task.items}
    query = (
        select(Enterprise, DrawnTarget.item_code)
        .join(DrawnTarget, DrawnTarget.enterprise_id == Enterprise.id)
        .where(DrawnTarget.draw_id == draw.id, ~DrawnTarget.is_reserve)
        .order_by(Enterprise.identifier, DrawnTarget.id)
    )
    found: defaultdict[int, list[TaskItem]] = defaultdict(list)
    enterprises: dict[int, Enterprise] = {}
    for enterprise, code in session.execute(query):
        enterprises[enterprise.id] = enterprise
        found[enterprise.id].append(items[code])
    errands = [Errand(enterprises[key], tuple(entries)) for key, entries in found.items()]
    return sorted(errands, key=lambda errand: errand.enterprise.identifier)


def _eligible(session: Session, task: InspectionTask, draw: Draw, errands: list[Errand]) -> EligiblePairs:
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


def _store(
    session: Session,
    draw: Draw,
    eligible: EligiblePairs,
    purpose: str,
    found: Match,
    actor: User,
    now: datetime,
) -> Matching:
    contents = {
        "eligible": files.eligible_file(eligible.instance),
        "demand": files.demand_file(eligible.instance),
        "assign": files.assign_file(found.visits),
        "prices": files.prices_file(eligible.instance, found.prices),
    }
    record = _assign_record(session, draw, purpose, found, contents)
    matching = Matching(
        draw_id=draw.id,
        purpose=purpose,
        record=record.text(),
        record_hash=record.digest(draw.algorithm),
        cost=found.cost,
        eligible_file=store(session, [contents["eligible"]], "eligible.tsv"),
        demand_file=store(session, [contents["demand"]], "demand.tsv"),
        assign_file=store(session, [contents["assign"]], "assign.tsv"),
        prices_file=store(session, [contents["prices"]], "prices.json"),
        refusal_counts={reason.value: count for reason, count in eligible.totals().items()},
        visit_count=len(found.visits),
        matched_at=now,
        matched_by_id=actor.id,
    )
    session.add(matching)
    draw_log.append(session, draw, LogKind.ASSIGN, record, now)
    return matching


def _assign_record(
    session: Session, draw: Draw, purpose: str, found: Match, contents: Mapping[str, bytes]
) -> Assign:
    alg = draw.algorithm
    return Assign(
        plan=draw.plan_hash,
        seed=draw.seed_hash or "",
        purpose=purpose,
        key=draw_key(alg, purpose, draw.seed_hash or ""),
        staff_file=hex_digest(alg, fetch_bytes(session, draw.staff_file or "")),
        elig_file=hex_digest(alg, contents["eligible"]),
        demand_file=hex_digest(alg, contents["demand"]),
        cost=found.cost,
        rows=hex_digest(alg, contents["assign"]),
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
    for place, errand in enumerate(errands):
        lead, *others = teams[errand.enterprise.identifier]
        visit = Visit(
            number=f"{draw.number}-{place + 1:04d}",
            task_id=task.id,
            draw_id=draw.id,
            enterprise_id=errand.enterprise.id,
            planned_on=_day(task, place, len(errands)),
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
