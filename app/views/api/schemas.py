"""What goes in and out of the interface; the description (OpenAPI) is made from these."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from app.domain.vocabulary import CheckMethod, Disposal, PointOutcome, ResultCode

MOST_TEXT = 2000
PAGE = 100


def _codes(vocabulary: Any) -> fields.List:
    known = validate.OneOf([term.value for term in vocabulary])
    return fields.List(
        fields.String(validate=known),
        required=True,
        validate=validate.Length(min=1, max=len(vocabulary)),
        metadata={"description": "；".join(f"{term.value} {term.label}" for term in vocabulary)},
    )


class Strict(Schema):
    """Unknown fields are refused, so that a misspelt one is noticed."""


class Window(Schema):
    """A page of a list."""

    class Meta:
        unknown = EXCLUDE

    year = fields.Integer(validate=validate.Range(min=2000, max=2100), metadata={"description": "年度"})
    after = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=2**31 - 1),
        metadata={"description": "上一页最后一项的 id"},
    )
    size = fields.Integer(load_default=PAGE, validate=validate.Range(min=1, max=PAGE))


class YearAsked(Schema):
    """The year of the plan whose figures are asked for."""

    class Meta:
        unknown = EXCLUDE

    year = fields.Integer(
        required=True, validate=validate.Range(min=2000, max=2100), metadata={"description": "计划年度"}
    )


class FigureOut(Schema):
    """指标 of the calling department: its value, and the part and whole of a rate."""

    key = fields.String()
    name = fields.String()
    unit = fields.String()
    value = fields.Float(allow_none=True)
    part = fields.Integer(allow_none=True)
    whole = fields.Integer(allow_none=True)
    counts = fields.String()
    rule = fields.String()


class FiguresOut(Schema):
    """The figures of a year, as of a moment."""

    year = fields.Integer()
    as_of = fields.AwareDateTime()
    figures = fields.List(fields.Nested(FigureOut))


class PlanLineOut(Schema):
    """计划行, with the items of the calling department."""

    id = fields.Integer()
    plan = fields.String()
    filing_no = fields.String()
    year = fields.Integer()
    name = fields.String()
    lead_agency = fields.String()
    is_joint = fields.Boolean()
    starts_on = fields.Date()
    ends_on = fields.Date()
    items = fields.List(fields.String())


class TaskOut(Schema):
    """抽查任务 in which the calling department takes part."""

    id = fields.Integer()
    number = fields.String()
    external_task_no = fields.String(allow_none=True)
    name = fields.String()
    state = fields.String()
    state_label = fields.String()
    lead_agency = fields.String()
    is_joint = fields.Boolean()
    starts_on = fields.Date()
    ends_on = fields.Date()
    items = fields.List(fields.String())


class PackageOut(Schema):
    """The task as an exchange package."""

    format = fields.String()
    task = fields.Dict()
    count = fields.Integer()
    rows = fields.List(fields.Dict())


class PointIn(Strict):
    """Outcome of one check point, by its ordinal on the published form."""

    ordinal = fields.Integer(required=True, validate=validate.Range(min=1, max=1000))
    outcome = fields.String(required=True, validate=validate.OneOf([term.value for term in PointOutcome]))
    note = fields.String(load_default="", validate=validate.Length(max=300))


class FindingIn(Strict):
    """One item's result, as the department's own system recorded it."""

    staff_no = fields.String(
        required=True,
        validate=validate.Length(min=1, max=22),
        metadata={"description": "检查人员编号，须为本次检查的检查人员"},
    )
    checked_on = fields.Date(required=True)
    results = _codes(ResultCode)
    methods = _codes(CheckMethod)
    disposals = _codes(Disposal)
    problem = fields.String(load_default="", validate=validate.Length(max=MOST_TEXT))
    points = fields.List(fields.Nested(PointIn), load_default=list, validate=validate.Length(max=200))


class CallHeaders(Schema):
    """A call that changes something may be repeated under the same key without doing anything twice."""

    class Meta:
        unknown = EXCLUDE

    idempotency_key = fields.String(
        required=True,
        data_key="Idempotency-Key",
        validate=[validate.Length(min=8, max=80), validate.Regexp(r"[!-~]+\Z")],
    )


class RecordedOut(Schema):
    """Which version of the finding the call made."""

    visit = fields.String()
    item = fields.String()
    version = fields.Integer()


class Fault(Schema):
    """Why a call was refused."""

    code = fields.String()
    message = fields.String()
    fields_ = fields.Dict(data_key="fields")
