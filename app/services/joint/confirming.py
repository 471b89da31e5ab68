"""认定 (art. 8): the lead sees which department's part of a joint visit is missing, and confirms the whole.

A part is complete when every item of the department is reviewed, disclosed, or withdrawn. What was confirmed
stays as it then stood; a correction afterwards asks for a further version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from app.domain.joint import ConfirmedAlready, NotJoint, PartsMissing
from app.domain.measures import CHINA
from app.domain.vocabulary import PROBLEM_RESULTS, FindingState, VisitState
from app.models import Agency, FindingRecord, InspectionTask, ItemFinding, Visit, VisitConfirmation
from app.services import audit
from app.services.disclosure import ReasonMissing
from app.services.joint.departments import require_department
from app.services.transaction import lock, transaction

COMPLETE = (FindingState.REVIEWED, FindingState.DISCLOSED, FindingState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class PartOfVisit:
    """How far one department is with its items of a visit."""

    agency: Agency
    findings: tuple[ItemFinding, ...]

    @property
    def missing(self) -> tuple[ItemFinding, ...]:
        """The items that are not reviewed yet."""
        return tuple(each for each in self.findings if each.state not in COMPLETE)

    @property
    def is_complete(self) -> bool:
        """Whether nothing of it is missing."""
        return not self.missing

    @property
    def is_disclosed(self) -> bool:
        """Whether the department has made its results public, which is its own duty (R54, R73)."""
        return all(each.state in (FindingState.DISCLOSED, FindingState.WITHDRAWN) for each in self.findings)

    @property
    def problems(self) -> int:
        """Items in which a problem was found."""
        return sum(_has_problem(each) for each in self.findings)

    @property
    def withdrawn(self) -> int:
        """Items from which the department has withdrawn."""
        return sum(each.state == FindingState.WITHDRAWN for each in self.findings)


def parts_of_visit(visit: Visit) -> list[PartOfVisit]:
    """The departments of a visit, the lead's first."""
    found: dict[Agency, list[ItemFinding]] = {}
    for finding in visit.findings:
        found.setdefault(finding.agency, []).append(finding)
    ordered = sorted(found, key=lambda agency: (agency.id != visit.task.lead_agency_id, agency.code))
    return [PartOfVisit(agency, tuple(found[agency])) for agency in ordered]


def confirm_visit(visit_id: int, opinion: str, actor: User, now: datetime) -> int:
    """认定 the whole of a joint visit by its lead; gives back the version.

    Raises ReasonMissing without an opinion, NotJoint, NotThatDepartment, PartsMissing, ConfirmedAlready.
    """
    if not opinion.strip():
        raise ReasonMissing()
    with transaction() as session:
        visit = lock(session, Visit, visit_id)
        parts = parts_of_visit(visit)
        if len(parts) < 2:
            raise NotJoint(visit=visit.number)
        require_department(session, actor, visit.task.lead_agency)
        _require_complete(parts)
        told = [_told(part) for part in parts]
        if _is_confirmed(visit, told):
            raise ConfirmedAlready(visit=visit.number)
        row = _row(visit, opinion, told, actor, now)
        session.add(row)
        data = {"version": row.version, "opinion": opinion, "problems": sum(part.problems for part in parts)}
        audit.record(session, actor, "joint:visit:confirmed", visit.number, data)
        return row.version


def needs_confirmation(visit: Visit) -> bool:
    """Whether every part of a joint visit is complete and the lead has not confirmed it as it stands."""
    return all(part.is_complete for part in parts_of_visit(visit)) and _is_open(visit)


def unconfirmed(session: Session, task_id: int) -> int:
    """Visits of a task in which several departments took part and that the lead has not confirmed as they stand."""
    query = _open_wholes().where(Visit.task_id == task_id, Visit.state != VisitState.CANCELLED)
    return sum(_is_open(visit) for visit in session.scalars(query))


def to_confirm(session: Session, lead_agency_id: int, most: int) -> int:
    """Visits of which every part is complete and that wait for a department as the lead; at most so many are read."""
    query = (
        _open_wholes()
        .join(InspectionTask, InspectionTask.id == Visit.task_id)
        .where(
            InspectionTask.lead_agency_id == lead_agency_id,
            InspectionTask.is_joint,
            Visit.state.in_((VisitState.REVIEWED, VisitState.DISCLOSED)),
        )
        .limit(most)
    )
    return sum(needs_confirmation(visit) for visit in session.scalars(query))


def _is_open(visit: Visit) -> bool:
    """Whether several departments took part and the newest confirmation, if any, says something else."""
    told = [_told(part) for part in parts_of_visit(visit)]
    return len(told) > 1 and not _is_confirmed(visit, told)


def _is_confirmed(visit: Visit, told: list[dict[str, Any]]) -> bool:
    """Whether the newest confirmation has the same results; a department may be called otherwise since."""
    if not visit.confirmations:
        return False
    confirmed = visit.confirmations[-1].parts
    return [part["items"] for part in confirmed] == [part["items"] for part in told]


def _open_wholes() -> Select[Visit]:
    """Visits of several departments that nobody has confirmed, or in which something was recorded since."""
    one, other = aliased(ItemFinding), aliased(ItemFinding)
    several = exists().where(
        one.visit_id == Visit.id, other.visit_id == Visit.id, one.agency_id < other.agency_id
    )
    last = select(func.max(VisitConfirmation.at)).where(VisitConfirmation.visit_id == Visit.id)
    since = ItemFinding.records.any(FindingRecord.recorded_at > last.scalar_subquery())
    findings = selectinload(Visit.findings)
    return (
        select(Visit)
        .where(several, or_(~Visit.confirmations.any(), Visit.findings.any(since)))
        .options(
            joinedload(Visit.task),
            selectinload(Visit.confirmations),
            findings.joinedload(ItemFinding.agency),
            findings.joinedload(ItemFinding.task_item),
            findings.selectinload(ItemFinding.records).selectinload(FindingRecord.results),
        )
        .order_by(Visit.id)
    )


def _row(visit: Visit, opinion: str, told: list[Any], actor: User, now: datetime) -> VisitConfirmation:
    return VisitConfirmation(
        visit_id=visit.id,
        version=len(visit.confirmations) + 1,
        opinion=opinion.strip()[:300],
        parts=told,
        done_on=now.astimezone(CHINA).date(),
        by_id=actor.id,
        at=now,
    )


def _require_complete(parts: list[PartOfVisit]) -> None:
    missing = [f"{part.agency.short_name} {item}" for part in parts for item in part.missing]
    if missing:
        raise PartsMissing(missing="、".join(missing))


def _told(part: PartOfVisit) -> dict[str, Any]:
    return {
        "agency": part.agency.short_name,
        "items": [
            {
                "code": finding.task_item.code,
                "version": finding.latest.version if finding.latest else None,
                "results": sorted(row.code.value for row in finding.latest.results) if finding.latest else [],
            }
            for finding in part.findings
        ],
    }


def _has_problem(finding: ItemFinding) -> bool:
    latest = finding.latest
    return latest is not None and any(row.code in PROBLEM_RESULTS for row in latest.results)
