"""The calls: plans, tasks, packages, and the department's own findings."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from flask import abort, request
from flask_smorest import Blueprint
from sqlalchemy import extract, select
from sqlalchemy.orm import selectinload

from app.domain.exchange import as_plain
from app.domain.findings import Finding
from app.domain.measures import MEASURES, Measure
from app.domain.vocabulary import (
    CheckMethod,
    Disposal,
    PlanState,
    PointOutcome,
    ResultCode,
    TaskState,
)
from app.extensions import db
from app.models import (
    InspectionItem,
    InspectionPlan,
    InspectionTask,
    ItemFinding,
    ItemVersion,
    PlanLine,
    PlanLineItem,
    TaskItem,
    Visit,
)
from app.services.exchange.outgoing import package_of
from app.services.exchange.receipts import Call, record_once
from app.services.figures import Sheet, sheet_of
from app.views.api import schemas
from app.views.api.access import SCHEME, caller, keyed

NOT_YET = (TaskState.DRAFT, TaskState.FROZEN, TaskState.SEEDED, TaskState.DRAWN, TaskState.MATCHED)
BY_CODE = ("results", "disposals")
"""Counts by result code are not kept ready."""

exchange = Blueprint(
    "exchange",
    __name__,
    url_prefix="/api/exchange/v1",
    description="抽查计划、任务、名单与检查结果的数据交换；每个部门使用自己的密钥，只能读写本部门的事项。",
)
secured = exchange.doc(security=[{SCHEME: []}])


def _refusals(function: Any) -> Any:
    """What every call may answer beside its result."""
    for status, words in ((401, "密钥无效或已过期"), (422, "参数不正确"), (429, "请求过于频繁")):
        function = exchange.alt_response(status, schema=schemas.Fault, description=words)(function)
    return function


@exchange.route("/plans")
@secured
@_refusals
@exchange.arguments(schemas.Window, location="query")
@exchange.response(200, schemas.PlanLineOut(many=True))
@keyed
def plans(window: dict[str, Any]) -> list[dict[str, Any]]:
    """已公布的年度计划中涉及本部门事项的计划行"""
    own = PlanLineItem.version.has(ItemVersion.item.has(InspectionItem.agency_id == caller().agency_id))
    query = (
        select(PlanLine)
        .join(InspectionPlan)
        .where(InspectionPlan.state == PlanState.DISCLOSED, PlanLine.id > window["after"])
        .where(PlanLine.items.any(own))
        .order_by(PlanLine.id)
        .limit(window["size"])
    )
    if "year" in window:
        query = query.where(InspectionPlan.year == window["year"])
    return [_line(line) for line in db.session.scalars(query)]


@exchange.route("/tasks")
@secured
@_refusals
@exchange.arguments(schemas.Window, location="query")
@exchange.response(200, schemas.TaskOut(many=True))
@keyed
def tasks(window: dict[str, Any]) -> list[dict[str, Any]]:
    """本部门参加的、抽取结果已公示的抽查任务"""
    query = _own_tasks().where(InspectionTask.id > window["after"]).order_by(InspectionTask.id)
    if "year" in window:
        query = query.where(extract("year", InspectionTask.starts_on) == window["year"])
    return [_task(task) for task in db.session.scalars(query.limit(window["size"]))]


@exchange.route("/tasks/<int:task_id>/package")
@secured
@_refusals
@exchange.alt_response(404, schema=schemas.Fault, description="没有这个任务，或本部门未参加")
@exchange.response(200, schemas.PackageOut)
@keyed
def package(task_id: int) -> dict[str, Any]:
    """任务的交换数据：名单、检查人员、本部门的结果和其他部门已公示的结果"""
    task = db.session.scalar(_own_tasks().where(InspectionTask.id == task_id))
    if task is None:
        abort(404)
    return as_plain(package_of(db.session(), task, caller().agency_id))


@exchange.route("/visits/<string:number>/findings/<string:item>", methods=["PUT"])
@secured
@_refusals
@exchange.alt_response(404, schema=schemas.Fault, description="没有这项检查，或不属于本部门")
@exchange.alt_response(409, schema=schemas.Fault, description="违反检查规则，或幂等键已用于其他请求")
@exchange.arguments(schemas.CallHeaders, location="headers")
@exchange.arguments(schemas.FindingIn)
@exchange.response(200, schemas.RecordedOut)
@keyed
def record(headers: dict[str, Any], given: dict[str, Any], number: str, item: str) -> dict[str, Any]:
    """录入本部门一个事项的检查结果；更正生成新版本，原版本保留"""
    finding = _own_finding(number, item, caller().agency_id)
    member = next((m for m in finding.visit.team if m.inspector.staff_no == given["staff_no"]), None)
    if member is None or member.inspector.user is None:
        abort(404)
    call = Call(caller().agency_id, headers["idempotency_key"], _digest(number, item))
    answer = {"visit": number, "item": item}
    actor, now = member.inspector.user, datetime.now(UTC)
    return record_once(call, finding.id, _entry(finding, given), actor, now, answer)


@exchange.route("/figures")
@secured
@_refusals
@exchange.alt_response(409, schema=schemas.Fault, description="统计数据正在首次计算")
@exchange.arguments(schemas.YearAsked, location="query")
@exchange.response(200, schemas.FiguresOut)
@keyed
def figures(asked: dict[str, Any]) -> dict[str, Any]:
    """本部门一个计划年度的统计指标，口径与报表、总览相同"""
    sheet = sheet_of(db.session(), asked["year"], datetime.now(UTC), caller().agency_id)
    kept = [measure for measure in MEASURES.values() if measure.part.partition(".")[0] not in BY_CODE]
    return {"year": sheet.year, "as_of": sheet.as_of, "figures": [_figure(each, sheet) for each in kept]}


def _own_tasks() -> Any:
    own = select(TaskItem.task_id).where(TaskItem.agency_id == caller().agency_id)
    return (
        select(InspectionTask)
        .where(InspectionTask.id.in_(own), InspectionTask.state.not_in(NOT_YET))
        .options(selectinload(InspectionTask.items))
    )


def _own_finding(number: str, item: str, agency_id: int) -> ItemFinding:
    query = (
        select(ItemFinding)
        .join(Visit)
        .join(TaskItem, TaskItem.id == ItemFinding.task_item_id)
        .where(Visit.number == number, TaskItem.code == item, ItemFinding.agency_id == agency_id)
    )
    return db.session.scalar(query) or abort(404)


def _entry(finding: ItemFinding, given: dict[str, Any]) -> Finding:
    points = {point.ordinal: point.id for point in finding.task_item.version.points}
    return Finding(
        results=frozenset(map(ResultCode.of, given["results"])),
        methods=frozenset(map(CheckMethod.of, given["methods"])),
        disposals=frozenset(map(Disposal.of, given["disposals"])),
        checked_on=given["checked_on"],
        problem=given["problem"],
        points={
            points.get(point["ordinal"], -point["ordinal"]): (
                PointOutcome.of(point["outcome"]),
                point["note"],
            )
            for point in given["points"]
        },
    )


def _figure(measure: Measure, sheet: Sheet) -> dict[str, Any]:
    share = measure.share(sheet.whole) if measure.whole else None
    return {
        "key": measure.key,
        "name": measure.name,
        "unit": measure.unit.label,
        "value": measure.read(sheet.whole),
        "part": share.part if share else None,
        "whole": share.whole if share else None,
        "counts": measure.counts,
        "rule": measure.rule,
    }


def _line(line: PlanLine) -> dict[str, Any]:
    own = [entry for entry in line.items if entry.version.item.agency_id == caller().agency_id]
    return {
        "id": line.id,
        "plan": line.plan.title,
        "filing_no": line.plan.filing_no,
        "year": line.plan.year,
        "name": line.name,
        "lead_agency": line.lead_agency.name,
        "is_joint": line.is_joint,
        "starts_on": line.starts_on,
        "ends_on": line.ends_on,
        "items": [entry.version.item.code for entry in own],
    }


def _task(task: InspectionTask) -> dict[str, Any]:
    return {
        "id": task.id,
        "number": task.number,
        "external_task_no": task.external_task_no,
        "name": task.name,
        "state": task.state.value,
        "state_label": task.state.label,
        "lead_agency": task.lead_agency.name,
        "is_joint": task.is_joint,
        "starts_on": task.starts_on,
        "ends_on": task.ends_on,
        "items": [item.code for item in task.items if item.agency_id == caller().agency_id],
    }


def _digest(number: str, item: str) -> str:
    body = json.dumps(request.get_json(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{number}\n{item}\n{body}".encode()).hexdigest()
