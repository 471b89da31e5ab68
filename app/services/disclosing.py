"""公示结果: each department discloses what it found as soon as its own findings were reviewed (R54, R73)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.lifecycle import FINDING, VISIT, advance
from app.domain.measures import CHINA
from app.domain.publication import longest_until
from app.domain.vocabulary import DisclosureKind, FindingState, VisitState
from app.models import Disclosure, InspectionTask, ItemFinding, Visit
from app.services.closing import close_when_done
from app.services.credit import enter
from app.services.disclosure import publish
from app.services.tasks import follow_visits
from app.services.transaction import lock, transaction


def disclose_findings(visit_id: int, agency_id: int, actor: User, now: datetime) -> str:
    """公示 the reviewed findings of one department of a visit; the index number (art. 7, R54, R73).

    The department does not wait for the others; the visit is disclosed with the last of them. A corrected
    finding is disclosed again, and the earlier document stays beside it (R58). Raises IllegalTransition
    while a finding of the department is not reviewed, PersonalDataFound.
    """
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        return _disclose(session, visit, agency_id, actor, now).index_no


def disclose_visit(visit_id: int, actor: User, now: datetime) -> None:
    """Disclose what every department found in a visit. Raises IllegalTransition when one is not ready."""
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        standing = [finding for finding in visit.findings if finding.state != FindingState.WITHDRAWN]
        waiting = {finding.agency_id for finding in standing if finding.state != FindingState.DISCLOSED}
        for agency_id in sorted(waiting) or sorted({finding.agency_id for finding in standing}):
            _disclose(session, visit, agency_id, actor, now)


def disclose_reviewed(task_id: int, actor: User, now: datetime, agency_id: int | None = None) -> int:
    """Disclose every department's reviewed findings of a task, or one department's; the number of visits."""
    with transaction() as session:
        task = lock(session, InspectionTask, task_id)
        count = 0
        for visit in task.visits:
            ready = [each for each in ready_agencies(visit) if agency_id is None or each == agency_id]
            count += bool(ready)
            for each in ready:
                _disclose(session, lock(session, Visit, visit.id), each, actor, now)
        return count


def ready_agencies(visit: Visit) -> list[int]:
    """The departments that have something to disclose and nothing of their own that is not reviewed."""
    states: dict[int, set[FindingState]] = {}
    for finding in visit.findings:
        if finding.state != FindingState.WITHDRAWN:
            states.setdefault(finding.agency_id, set()).add(finding.state)
    ready = {FindingState.REVIEWED, FindingState.DISCLOSED}
    return sorted(key for key, own in states.items() if FindingState.REVIEWED in own and own <= ready)


def standing_result(session: Session, visit_id: int, agency_id: int) -> Disclosure | None:
    """The result of a visit that a department has in public now, if any."""
    query = select(Disclosure).where(
        Disclosure.kind == DisclosureKind.RESULT,
        Disclosure.subject_id == visit_id,
        Disclosure.agency_id == agency_id,
        Disclosure.withdrawn_at.is_(None),
    )
    return session.scalar(query.order_by(Disclosure.id.desc()).limit(1))


def _disclose(session: Session, visit: Visit, agency_id: int, actor: User, now: datetime) -> Disclosure:
    own = [finding for finding in visit.findings if finding.agency_id == agency_id]
    own = [finding for finding in own if finding.state != FindingState.WITHDRAWN]
    fresh = [finding for finding in own if finding.state != FindingState.DISCLOSED]
    for finding in fresh or own:
        finding.state = advance(FINDING, finding.state, "disclose")
    day = now.astimezone(CHINA).date()
    earlier = standing_result(session, visit.id, agency_id)
    made = publish(
        session,
        DisclosureKind.RESULT,
        f"{visit.enterprise.name}抽查结果",
        agency_id,
        visit.id,
        _body(visit, own, day),
        actor,
        now,
        replaces=earlier,
        expires_on=max(longest_until(finding.severity, day) for finding in own),
    )
    for finding in own:
        enter(session, finding, made, day)
    for finding in fresh:
        close_when_done(finding)
    if visit.state == VisitState.REVIEWED and all(
        each.state in (FindingState.DISCLOSED, FindingState.WITHDRAWN) for each in visit.findings
    ):
        visit.state = advance(VISIT, visit.state, "disclose")
    follow_visits(session, visit.task)
    return made


def _body(visit: Visit, findings: list[ItemFinding], day: date) -> dict[str, Any]:
    """What the public sees: enterprise, items, results, agency, date; no names of people, no risk class."""
    return {
        "task": visit.task.number,
        "enterprise": visit.enterprise.name,
        "identifier": visit.enterprise.identifier,
        "checked_on": max(finding.latest.checked_on for finding in findings if finding.latest).isoformat(),
        "agency": findings[0].agency.name,
        "items": [
            {
                "code": finding.task_item.code,
                "name": finding.task_item.version.name,
                "methods": sorted(row.code.value for row in finding.latest.methods),
                "results": sorted(row.code.value for row in finding.latest.results),
                "disposals": sorted(row.code.value for row in finding.latest.disposals),
                "until": longest_until(finding.severity, day).isoformat(),
            }
            for finding in findings
            if finding.latest
        ],
    }
