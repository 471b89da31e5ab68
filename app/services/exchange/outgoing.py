"""One task as a package: for the provincial platform, and for the system of a department that takes part."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.exchange import ExchangeRow, Head, Package
from app.domain.vocabulary import FindingState, VisitState
from app.models import FindingRecord, InspectionTask, ItemFinding, TaskItem, Visit, VisitMember


def package_of(session: Session, task: InspectionTask, agency_id: int | None = None) -> Package:
    """The task with its targets, teams and results, ascending by target and item.

    With `agency_id` the results of other departments appear only once they are disclosed (R73).
    """
    findings = selectinload(Visit.findings)
    records = findings.selectinload(ItemFinding.records)
    query = (
        select(Visit)
        .where(Visit.task_id == task.id, Visit.state != VisitState.CANCELLED)
        .options(
            selectinload(Visit.enterprise),
            selectinload(Visit.members).selectinload(VisitMember.inspector),
            findings.joinedload(ItemFinding.agency),
            findings.joinedload(ItemFinding.task_item).joinedload(TaskItem.version),
            *(
                records.selectinload(codes)
                for codes in (FindingRecord.methods, FindingRecord.results, FindingRecord.disposals)
            ),
        )
    )
    rows = [_row(visit, finding, agency_id) for visit in session.scalars(query) for finding in visit.findings]
    return Package(head_of(task), tuple(sorted(rows, key=lambda row: (row.identifier, row.item))))


def head_of(task: InspectionTask) -> Head:
    """The numbers under which the task is known outside: the other platform's where there are any."""
    plan = task.line.plan if task.line else None
    return Head(
        plan_no=task.external_plan_no or (plan.filing_no if plan else "") or "",
        task_no=task.external_task_no or task.number,
        task_name=task.name,
        lead_agency=task.lead_agency.name,
        starts_on=task.starts_on,
        ends_on=task.ends_on,
    )


def _row(visit: Visit, finding: ItemFinding, agency_id: int | None) -> ExchangeRow:
    team: defaultdict[int, list[str]] = defaultdict(list)
    for member in visit.team:
        team[member.inspector.agency_id].append(member.inspector.staff_no)
    is_shown = agency_id in (None, finding.agency_id) or finding.state == FindingState.DISCLOSED
    latest = finding.latest if is_shown else None
    return ExchangeRow(
        identifier=visit.enterprise.identifier,
        name=visit.enterprise.name,
        item=finding.task_item.code,
        item_name=finding.task_item.version.name,
        agency=finding.agency.name,
        planned_on=visit.planned_on,
        team=tuple(team[finding.agency_id]),
        checked_on=latest.checked_on if latest else None,
        methods=tuple(sorted(row.code for row in latest.methods)) if latest else (),
        results=tuple(sorted(row.code for row in latest.results)) if latest else (),
        disposals=tuple(sorted(row.code for row in latest.disposals)) if latest else (),
        problem=(latest.problem or "") if latest else "",
    )
