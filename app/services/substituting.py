"""人员替换 (R19): the match is repeated under the same key on the reduced staff; nobody is picked by hand."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from itertools import zip_longest

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.draw.record import Substitute, Swap
from app.domain.errors import DomainError
from app.domain.matching.instance import Demand, Instance, Staff
from app.domain.matching.solve import match_unique
from app.domain.matching.substitution import Change, difference, pending
from app.domain.vocabulary import DisclosureKind, LogKind, TaskState, VisitState
from app.models import Draw, InspectionTask, Inspector, Matching, Substitution, Visit, VisitMember
from app.services import draw_log
from app.services.ceremony import attempted, current_draw, put_on_record
from app.services.disclosure import publish
from app.services.matching import pair_keys
from app.services.replacing import NotDrawn
from app.services.storage import fetch_lines
from app.services.transaction import lock, transaction

OPEN = (TaskState.MATCHED, TaskState.DISCLOSED, TaskState.INSPECTING)


class ApproverMissing(DomainError):
    """A substitution is approved by somebody other than who asks for it (R19)."""

    code = "approver_missing"


class NotInAnyTeam(DomainError):
    """The inspector stands in no team that has yet to make its visit."""

    code = "not_in_any_team"


class TaskNotMatched(DomainError):
    """Only a matched task whose visits are not over has teams to change."""

    code = "task_not_matched"


class SubstitutionReasonMissing(DomainError):
    """A substitution needs its reason (R19)."""

    code = "substitution_reason_missing"


@attempted("draw:substituted")
def substitute_inspector(
    task_id: int,
    staff_no: str,
    reason: str,
    actor: User,
    approver: User,
    now: datetime,
    target: str | None = None,
) -> tuple[Change, ...]:
    """Take an inspector off all open visits of a task, or off one `target` (recusal granted).

    Visits already made keep their teams. The difference is logged and published. Raises
    SubstitutionReasonMissing, ApproverMissing, TaskNotMatched, NotInAnyTeam, CannotBeStaffed.
    """
    if not reason.strip():
        raise SubstitutionReasonMissing()
    if approver.id == actor.id:
        raise ApproverMissing()
    with transaction() as session:
        task = lock(session, InspectionTask, task_id)
        if task.state not in OPEN:
            raise TaskNotMatched(task=task.number)
        draw = current_draw(session, task)
        matching = session.scalars(select(Matching).where(Matching.draw_id == draw.id)).one()
        visits = _by_route(task, draw)
        if target is not None:
            target = _route_of(visits, target)
        _require_in_team(visits, staff_no, target)
        person = session.scalars(select(Inspector).where(Inspector.staff_no == staff_no)).one()
        changes = _rematch(session, draw, matching, visits, staff_no, target)
        substitution = _store(session, draw, matching, person, reason, actor, approver, now, target, changes)
        _change_teams(session, visits, changes, substitution, now)
        _publish(session, task, draw, changes, actor, now)
        put_on_record(
            session, draw, "substituted", actor, approver, now, f"{staff_no} {reason.strip()}"[:300]
        )
        return changes


def instance_of(session: Session, matching: Matching) -> Instance:
    """The problem that was solved, read back from the published files."""
    staff = [_staff(line) for line in _rows(session, matching.staff_file)]
    demands = [
        Demand(target, group, int(size), key == "1")
        for target, group, size, key in _rows(session, matching.demand_file)
    ]
    pairs = ((target, name, key == "1") for target, name, key in _rows(session, matching.eligible_file))
    return Instance.of(staff, demands, pairs)


def _rematch(
    session: Session,
    draw: Draw,
    matching: Matching,
    visits: Mapping[str, list[Visit]],
    staff_no: str,
    target: str | None,
) -> tuple[Change, ...]:
    before = {name: tuple(m.inspector.staff_no for m in route[0].team) for name, route in visits.items()}
    done = [name for name, route in visits.items() if not _is_open(route)]
    earlier = session.scalars(select(Substitution).where(Substitution.matching_id == matching.id)).all()
    absent = {row.inspector.staff_no for row in earlier if row.barred_target is None}
    barred = {(row.barred_target, row.inspector.staff_no) for row in earlier if row.barred_target}
    if target is None:
        absent.add(staff_no)
    else:
        barred.add((target, staff_no))
    rest = pending(instance_of(session, matching), before, done, absent, barred)
    first = int(matching.purpose.partition("/")[2] or 0)
    _, found = match_unique(rest, pair_keys(draw), draw.algorithm, first=first)
    return difference(before, found.visits)


def _store(
    session: Session,
    draw: Draw,
    matching: Matching,
    person: Inspector,
    reason: str,
    actor: User,
    approver: User,
    now: datetime,
    target: str | None,
    changes: tuple[Change, ...],
) -> Substitution:
    evidence = hashlib.sha256(reason.strip().encode()).hexdigest()
    record = Substitute(draw.plan_hash, evidence, staff=tuple(_swaps(changes)))
    row = Substitution(
        matching_id=matching.id,
        inspector_id=person.id,
        reason=reason.strip(),
        requested_by_id=actor.id,
        approved_by_id=approver.id,
        barred_target=target,
        at=now,
        record=record.text(),
        difference=[asdict(change) for change in changes],
    )
    session.add(row)
    session.flush()
    draw_log.append(session, draw, LogKind.SUBSTITUTE, record, now)
    return row


def _change_teams(
    session: Session,
    visits: Mapping[str, list[Visit]],
    changes: tuple[Change, ...],
    substitution: Substitution,
    now: datetime,
) -> None:
    came = {name for change in changes for name in change.came}
    rows = session.execute(select(Inspector.staff_no, Inspector.id).where(Inspector.staff_no.in_(came)))
    people = dict(rows.all())
    for change in changes:
        for visit in visits[change.target]:
            _change_team(session, visit, change, people, substitution, now)


def _change_team(
    session: Session,
    visit: Visit,
    change: Change,
    people: Mapping[str, int],
    substitution: Substitution,
    now: datetime,
) -> None:
    for member in visit.team:
        if member.inspector.staff_no in change.left:
            member.left_at = now
    for name in change.came:
        visit.members.append(VisitMember(inspector_id=people[name], substitution_id=substitution.id))
    session.flush()
    for member in visit.team:
        member.is_lead = member.inspector.staff_no == change.lead_after


def _by_route(task: InspectionTask, draw: Draw) -> dict[str, list[Visit]]:
    found: defaultdict[str, list[Visit]] = defaultdict(list)
    for visit in task.visits:
        if visit.draw_id == draw.id:
            found[visit.route].append(visit)
    return dict(found)


def _route_of(visits: Mapping[str, list[Visit]], identifier: str) -> str:
    for name, route in visits.items():
        if any(visit.enterprise.identifier == identifier for visit in route):
            return name
    raise NotDrawn(identifier=identifier)


def _is_open(route: list[Visit]) -> bool:
    return all(visit.state == VisitState.PLANNED for visit in route)


def _publish(
    session: Session,
    task: InspectionTask,
    draw: Draw,
    changes: tuple[Change, ...],
    actor: User,
    now: datetime,
) -> None:
    """The difference is public; the reason may be personal and stays inside."""
    body = {
        "number": task.number,
        "draw": draw.number,
        "changes": [asdict(change) for change in changes],
    }
    title = f"{task.name}：检查人员调整"
    publish(session, DisclosureKind.DRAW, title, task.lead_agency_id, task.id, body, actor, now)


def _require_in_team(visits: Mapping[str, list[Visit]], staff_no: str, target: str | None) -> None:
    concerned = (route for name, route in visits.items() if _is_open(route) and target in (None, name))
    if not any(staff_no == member.inspector.staff_no for route in concerned for member in route[0].team):
        raise NotInAnyTeam(staff_no=staff_no)


def _swaps(changes: tuple[Change, ...]) -> Iterator[Swap]:
    for change in changes:
        for left, came in zip_longest(change.left, change.came):
            yield Swap(change.target, left or "-", came)


def _rows(session: Session, digest: str) -> Iterator[list[str]]:
    return (line.decode().split("\t") for line in fetch_lines(session, digest))


def _staff(row: list[str]) -> Staff:
    staff_no, cap, may_lead, group, digest = row
    return Staff(staff_no, int(cap), may_lead == "1", group, digest)
