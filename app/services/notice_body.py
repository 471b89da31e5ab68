"""The facts of a notice as they stand when it is issued (D02, D03); nothing internal is among them (R29)."""

from __future__ import annotations

from typing import Any

from app.domain.notice import merged_materials
from app.domain.vocabulary import ApprovalState, SpecialOrigin, TaskKind, TaskSource
from app.models import InspectionTask, ItemFinding, Visit, VisitApproval
from app.services.certificates import certificate_on


def notice_body(visit: Visit, findings: list[ItemFinding]) -> dict[str, Any]:
    """Everything that the enterprise is told, as plain JSON."""
    task = visit.task
    approvals = standing_approvals(visit)
    return {
        "visit": visit.number,
        "task_number": task.number,
        "task_name": task.name,
        "kind": task.kind.value,
        "source": source_of(task).value,
        "enterprise": visit.enterprise.name,
        "identifier": visit.enterprise.identifier,
        "place": visit.enterprise.address or "",
        "agencies": list(dict.fromkeys(finding.agency.name for finding in findings)),
        "lead_agency": task.lead_agency.name,
        "planned_on": visit.planned_on.isoformat(),
        "starts_on": task.starts_on.isoformat(),
        "ends_on": task.ends_on.isoformat(),
        "is_on_site": all(approval.is_on_site for approval in approvals),
        "items": [_item(finding) for finding in findings],
        "materials": _materials(findings),
        "team": _team(visit),
        "assistants": "、".join(approval.assistants for approval in approvals if approval.assistants),
        "frequency": [_frequency(approval) for approval in approvals],
        "filing_no": visit.filing.filing_no if visit.filing else "",
    }


def cleared_findings(visit: Visit) -> list[ItemFinding]:
    """The items that the heads have approved or that were reported as urgent, in the order of the visit."""
    approved = {
        finding.id
        for approval in visit.approvals
        if approval.state == ApprovalState.APPROVED
        for finding in approval.findings
    }
    urgent = {report.agency_id for report in visit.urgent_reports}
    return [each for each in visit.findings if each.id in approved or each.agency_id in urgent]


def standing_approvals(visit: Visit) -> list[VisitApproval]:
    """The newest approval of each body, in the order in which the bodies came in."""
    newest = {each.agency_id: each for each in visit.approvals if each.state == ApprovalState.APPROVED}
    return list(newest.values())


def source_of(task: InspectionTask) -> TaskSource:
    """任务来源 of a task (D01)."""
    if task.kind == TaskKind.TRIGGERED and task.trigger is not None:
        return task.trigger.source
    if task.kind == TaskKind.SPECIAL and task.special is not None:
        own = task.special.origin == SpecialOrigin.OWN
        return TaskSource.OWN_SPECIAL if own else TaskSource.SUPERIOR
    return TaskSource.ANNUAL_PLAN


def materials_of(text: str | None) -> list[str]:
    """The lines of what an item version asks the enterprise to prepare."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _materials(findings: list[ItemFinding]) -> list[dict[str, Any]]:
    """What to prepare, each thing once whoever wants it (R73)."""
    wanted = (
        (finding.agency.short_name, materials_of(finding.task_item.version.materials)) for finding in findings
    )
    return [{"name": each.name, "agencies": list(each.wanted_by)} for each in merged_materials(wanted)]


def _item(finding: ItemFinding) -> dict[str, Any]:
    version = finding.task_item.version
    return {
        "finding": finding.id,
        "code": finding.task_item.code,
        "name": version.name,
        "content": version.content,
        "agency": finding.agency.short_name,
        "bases": [str(basis) for basis in version.bases],
        "methods": [word for word in version.methods.replace("、", ",").split(",") if word],
        "materials": materials_of(version.materials),
    }


def _team(visit: Visit) -> list[dict[str, Any]]:
    rows = []
    for member in visit.team:
        paper = certificate_on(member.inspector, visit.planned_on)
        rows.append(
            {
                "inspector": member.inspector_id,
                "name": member.inspector.name,
                "agency": member.inspector.agency.short_name,
                "certificate": paper.number if paper else "",
                "is_lead": member.is_lead,
            }
        )
    return rows


def _frequency(approval: VisitApproval) -> dict[str, Any]:
    return {
        "agency": approval.agency.short_name,
        "number": approval.act_number,
        "cap": approval.cap,
        "apart": approval.counted_apart,
        "enters": approval.is_on_site,
    }
