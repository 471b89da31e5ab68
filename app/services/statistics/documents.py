"""The rows of two documents: the form of one visit (一企一表) and the list of one draw (抽取结果名单)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from app.domain.measures import DrawnList, DrawnRow, EnterpriseForm, FormItem, FormMember, FormPoint
from app.domain.vocabulary import DrawForm
from app.models import (
    Draw,
    DrawnTarget,
    FindingRecord,
    Inspector,
    ItemFinding,
    ItemVersion,
    PointResult,
    Region,
    TargetReplacement,
    TaskItem,
    Visit,
    VisitMember,
)
from app.services.transaction import fetch


def enterprise_form(session: Session, visit_id: int, agency_id: int | None = None) -> EnterpriseForm:
    """一企一表 of one visit, blank where nothing is recorded (art. 7, R49).

    With `agency_id` only that department's part of a joint visit. Raises NotFound.
    """
    visit = fetch(session, Visit, visit_id)
    on = visit.done_on or visit.planned_on
    members = session.scalars(
        select(VisitMember)
        .where(VisitMember.visit_id == visit.id, VisitMember.left_at.is_(None))
        .options(selectinload(VisitMember.inspector).selectinload(Inspector.certificates))
        .order_by(VisitMember.is_lead.desc(), VisitMember.id)
    )
    return EnterpriseForm(
        visit_number=visit.number,
        task_number=visit.task.number,
        task_name=visit.task.name,
        agency=visit.task.lead_agency.name,
        enterprise=visit.enterprise.name,
        identifier=visit.enterprise.identifier,
        address=visit.enterprise.address or "",
        planned_on=visit.planned_on,
        done_on=visit.done_on,
        members=tuple(_member(member, on) for member in members),
        items=tuple(_form_item(finding) for finding in _findings(session, visit.id, agency_id)),
    )


def drawn_list(session: Session, draw_id: int, *, with_reserves: bool = False) -> DrawnList:
    """抽取结果名单 of one draw with the teams matched so far (art. 5, 6, R32). Raises NotFound.

    A sealed draw gives one list by identifier without stratum or ticket, because either would tell the
    internal risk class (R29).
    """
    draw = fetch(session, Draw, draw_id)
    task = draw.task
    targets = _targets(session, draw, with_reserves)
    return DrawnList(
        task_number=task.number,
        task_name=task.name,
        draw_number=draw.number,
        agency=task.lead_agency.name,
        scope=task.line.scope.label,
        items=tuple(item.version.name for item in task.items),
        starts_on=task.starts_on,
        ends_on=task.ends_on,
        roster_n=draw.roster_n,
        roster_root=draw.roster_root,
        seed_hash=draw.seed_hash or "",
        result_hash=draw.result_hash or "",
        rows=tuple(_drawn_rows(session, draw, targets)),
    )


def _findings(session: Session, visit_id: int, agency_id: int | None) -> Sequence[ItemFinding]:
    version = selectinload(ItemFinding.task_item).selectinload(TaskItem.version)
    records = selectinload(ItemFinding.records)
    query = (
        select(ItemFinding)
        .where(ItemFinding.visit_id == visit_id)
        .options(
            version.selectinload(ItemVersion.points),
            version.selectinload(ItemVersion.bases),
            records.selectinload(FindingRecord.results),
            records.selectinload(FindingRecord.disposals),
            records.selectinload(FindingRecord.methods),
            records.selectinload(FindingRecord.points),
        )
        .order_by(ItemFinding.agency_id, ItemFinding.id)
    )
    if agency_id is not None:
        query = query.where(ItemFinding.agency_id == agency_id)
    return session.scalars(query).all()


def _member(member: VisitMember, on: date) -> FormMember:
    valid = [
        paper.number
        for paper in member.inspector.certificates
        if not paper.is_suspended and paper.valid_from <= on <= paper.valid_to
    ]
    return FormMember(
        name=member.inspector.name,
        agency=member.inspector.agency.short_name,
        certificate=valid[0] if valid else "",
        is_lead=member.is_lead,
    )


def _form_item(finding: ItemFinding) -> FormItem:
    version, record = finding.task_item.version, finding.latest
    answers = {answer.point_id: answer for answer in record.points} if record else {}
    return FormItem(
        agency=finding.agency.short_name,
        code=finding.task_item.code,
        name=version.name,
        basis="；".join(str(basis) for basis in version.bases),
        points=tuple(_form_point(point.id, point.text, answers) for point in version.points),
        methods=_labels(record.methods) if record else (),
        results=_labels(record.results) if record else (),
        problem=(record.problem or "") if record else "",
        disposals=_labels(record.disposals) if record else (),
        checked_on=record.checked_on if record else None,
        closed_on=finding.closed_on,
    )


def _form_point(point_id: int, text: str, answers: Mapping[int, PointResult]) -> FormPoint:
    answer = answers.get(point_id)
    if answer is None:
        return FormPoint(text, "", "")
    return FormPoint(text, answer.outcome.label, answer.note or "")


def _labels(rows: Sequence[FindingRecord]) -> tuple[str, ...]:
    return tuple(row.code.label for row in sorted(rows, key=lambda row: row.code))


def _targets(session: Session, draw: Draw, with_reserves: bool) -> Sequence[DrawnTarget]:
    query = (
        select(DrawnTarget)
        .where(DrawnTarget.draw_id == draw.id)
        .options(selectinload(DrawnTarget.enterprise))
        .order_by(DrawnTarget.item_code, DrawnTarget.stratum, DrawnTarget.is_reserve, DrawnTarget.rank)
    )
    if not with_reserves:
        came = select(TargetReplacement.came_identifier).where(
            TargetReplacement.draw_id == draw.id, TargetReplacement.item_code == DrawnTarget.item_code
        )
        query = query.where(or_(DrawnTarget.is_reserve.is_(False), DrawnTarget.identifier.in_(came)))
    return session.scalars(query).all()


def _drawn_rows(session: Session, draw: Draw, targets: Sequence[DrawnTarget]) -> list[DrawnRow]:
    notes = _replacements(session, draw.id)
    visits = _visits(session, draw.id)
    regions = {code: name for code, name in session.execute(select(Region.code, Region.name))}
    rows = [_drawn_row(target, draw, visits, regions, notes) for target in targets]
    return _sealed(rows) if draw.form == DrawForm.SEALED else _with_cutoffs(rows)


def _drawn_row(
    target: DrawnTarget,
    draw: Draw,
    visits: Mapping[int, Visit],
    regions: Mapping[str, str],
    notes: Mapping[tuple[str, str], str],
) -> DrawnRow:
    firm, visit = target.enterprise, visits.get(target.enterprise_id)
    items = {item.code: item.version.name for item in draw.task.items}
    strata = {(quota.item_code, quota.stratum): quota.stratum_label for quota in draw.quotas}
    authority = firm.registration_authority or ""
    return DrawnRow(
        rank=target.rank,
        item=items.get(target.item_code, target.item_code),
        name=firm.name,
        identifier=target.identifier,
        authority=regions.get(authority, authority),
        district=regions.get(firm.territory_code or "", ""),
        stratum=strata.get((target.item_code, target.stratum), target.stratum),
        ticket=target.ticket,
        cutoff="",
        team="、".join(member.inspector.name for member in visit.team) if visit else "",
        planned_on=visit.planned_on if visit else None,
        is_reserve=target.is_reserve,
        note=notes.get((target.item_code, target.identifier), ""),
    )


def _with_cutoffs(rows: list[DrawnRow]) -> list[DrawnRow]:
    """Beside each ticket the last one drawn in its item and stratum."""
    last = {(row.item, row.stratum): row.ticket for row in rows if not row.is_reserve}
    return [replace(row, cutoff=last.get((row.item, row.stratum), "")) for row in rows]


def _sealed(rows: list[DrawnRow]) -> list[DrawnRow]:
    ordered = sorted(rows, key=lambda row: (row.item, row.is_reserve, row.identifier))
    return [
        replace(row, rank=number, stratum="", ticket="", cutoff="") for number, row in enumerate(ordered, 1)
    ]


def _replacements(session: Session, draw_id: int) -> dict[tuple[str, str], str]:
    """What to say about the firms of each logged replacement, by item code and identifier."""
    query = (
        select(TargetReplacement).where(TargetReplacement.draw_id == draw_id).order_by(TargetReplacement.id)
    )
    notes: dict[tuple[str, str], str] = {}
    for row in session.scalars(query):
        notes[row.item_code, row.came_identifier] = f"补位，替换 {row.left_identifier}"
        notes[row.item_code, row.left_identifier] = f"已由 {row.came_identifier} 补位"
    return notes


def _visits(session: Session, draw_id: int) -> dict[int, Visit]:
    query = (
        select(Visit)
        .where(Visit.draw_id == draw_id)
        .options(selectinload(Visit.members).selectinload(VisitMember.inspector))
    )
    return {visit.enterprise_id: visit for visit in session.scalars(query)}
