"""数据交换 by 抽查计划编号 and 抽查任务编号: what goes to and comes from the provincial platform (R76).

A package is one task: a head and one row for each target and item. The same rows stand in a JSON text and in
a sheet, under these fields and headings. The numbers of the other platform are foreign keys, never ours.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from app.domain.errors import DomainError
from app.domain.vocabulary import CheckMethod, Disposal, ResultCode

FORMAT = "ssj-exchange/1"
SEPARATOR = "、"
LONGEST = 300


class ExchangeMalformed(DomainError):
    """The package is no whole exchange package; `where` names the place, `why` a code of what is wrong there."""

    code = "exchange_malformed"

    def __init__(self, why: str, **params: Any) -> None:
        super().__init__(why=why, **params)
        self.code = f"exchange_{why}"


@dataclass(frozen=True, slots=True)
class Head:
    """The task that a package is about, under the numbers of both platforms."""

    plan_no: str
    task_no: str
    task_name: str
    lead_agency: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """One target for one item: who checks it, when, and what was found (codes of R48, R53, R65)."""

    identifier: str
    name: str
    item: str
    item_name: str
    agency: str
    planned_on: date | None = None
    team: tuple[str, ...] = ()
    checked_on: date | None = None
    methods: tuple[CheckMethod, ...] = ()
    results: tuple[ResultCode, ...] = ()
    disposals: tuple[Disposal, ...] = ()
    problem: str = ""

    @property
    def has_result(self) -> bool:
        """True when the row says what was found."""
        return bool(self.results)


@dataclass(frozen=True, slots=True)
class Package:
    """A task with its rows."""

    head: Head
    rows: tuple[ExchangeRow, ...] = field(default_factory=tuple)


HEADINGS: Mapping[str, str] = {
    "plan_no": "抽查计划编号",
    "task_no": "抽查任务编号",
    "task_name": "抽查任务名称",
    "lead_agency": "发起部门",
    "starts_on": "检查日期自",
    "ends_on": "检查日期至",
    "identifier": "统一社会信用代码/注册号",
    "name": "市场主体名称",
    "item": "抽查事项编码",
    "item_name": "抽查事项名称",
    "agency": "检查机关",
    "planned_on": "计划检查日期",
    "team": "检查人员编号",
    "checked_on": "检查日期",
    "methods": "检查方式",
    "results": "检查结果",
    "disposals": "后续处置",
    "problem": "发现问题情况",
}
"""Field → heading, in the order of the sheet: the head of the task stands in every row."""

_HEAD = tuple(entry.name for entry in fields(Head))
_ROW = tuple(entry.name for entry in fields(ExchangeRow))
_DATES = {"starts_on", "ends_on", "planned_on", "checked_on"}
_LISTS: Mapping[str, Any] = {
    "team": str,
    "methods": CheckMethod.of,
    "results": ResultCode.of,
    "disposals": Disposal.of,
}
_REQUIRED = {"task_no", "task_name", "lead_agency", "starts_on", "ends_on", "identifier", "item"}


def to_json(package: Package) -> str:
    """The package as text; `count` lets a reader see that it arrived whole."""
    return json.dumps(as_plain(package), ensure_ascii=False, indent=1) + "\n"


def as_plain(package: Package) -> dict[str, Any]:
    """The package as plain values, as the interface gives it out."""
    rows = [_plain(asdict(row)) for row in package.rows]
    return {"format": FORMAT, "task": _plain(asdict(package.head)), "count": len(rows), "rows": rows}


def from_json(text: str) -> Package:
    """Read a package; raises ExchangeMalformed, also when it was cut off on the way."""
    try:
        given = json.loads(text)
    except ValueError:
        raise ExchangeMalformed("not_json") from None
    return from_plain(given)


def from_plain(given: Any) -> Package:
    """A package of plain values; raises ExchangeMalformed."""
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise ExchangeMalformed("format_unknown", format=FORMAT)
    rows, head = given.get("rows"), given.get("task")
    if not isinstance(rows, list) or not isinstance(head, dict):
        raise ExchangeMalformed("not_whole", expected=given.get("count"), found=0)
    if given.get("count") != len(rows):
        raise ExchangeMalformed("not_whole", expected=given.get("count"), found=len(rows))
    return _checked(Head(**_values(head, _HEAD, 0)), [_row(row, place) for place, row in enumerate(rows, 1)])


def from_cells(records: Sequence[Mapping[str, str]]) -> Package:
    """A package of rows of a sheet, each with the text of every field; raises ExchangeMalformed."""
    if not records:
        raise ExchangeMalformed("not_whole", expected=1, found=0)
    heads = {tuple(record.get(name, "") for name in _HEAD) for record in records}
    if len(heads) > 1:
        raise ExchangeMalformed("several_tasks", count=len(heads))
    split = [{name: _split(name, record.get(name, "")) for name in (*_HEAD, *_ROW)} for record in records]
    rows = [_row(row, place) for place, row in enumerate(split, 1)]
    return _checked(Head(**_values(split[0], _HEAD, 1)), rows)


def cell(row: ExchangeRow, head: Head, name: str) -> Any:
    """What stands in the sheet under a field."""
    value = getattr(head if name in _HEAD else row, name)
    return SEPARATOR.join(map(str, value)) if isinstance(value, tuple) else value


def _checked(head: Head, rows: list[ExchangeRow]) -> Package:
    if head.ends_on < head.starts_on:
        raise ExchangeMalformed("dates_reversed", first=head.starts_on, second=head.ends_on)
    twice = [key for key, number in Counter((row.identifier, row.item) for row in rows).items() if number > 1]
    if twice:
        raise ExchangeMalformed("row_twice", identifier=twice[0][0], item=twice[0][1])
    return Package(head, tuple(rows))


def _row(given: Any, place: int) -> ExchangeRow:
    if not isinstance(given, dict):
        raise ExchangeMalformed("row_unreadable", row=place)
    return ExchangeRow(**_values(given, _ROW, place))


def _values(given: Mapping[str, Any], names: Sequence[str], place: int) -> dict[str, Any]:
    found = {name: _value(name, given.get(name), place) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def _value(name: str, given: Any, place: int) -> Any:
    if given in (None, "", []):
        if name in _REQUIRED:
            raise ExchangeMalformed("value_missing", row=place, column=HEADINGS[name])
        return () if name in _LISTS else None if name in _DATES else ""
    try:
        if name in _DATES:
            return date.fromisoformat(given)
        if name in _LISTS:
            return tuple(_LISTS[name](_text(word)) for word in given)
        return _text(given)
    except (ValueError, TypeError):
        raise ExchangeMalformed(
            "value_unreadable", row=place, column=HEADINGS[name], value=str(given)[:40]
        ) from None


def _text(given: Any) -> str:
    if not isinstance(given, str) or len(given) > LONGEST or not given.isprintable():
        raise ValueError(given)
    return given.strip()


def _split(name: str, text: str) -> Any:
    return [word for word in text.split(SEPARATOR) if word] if name in _LISTS else text


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _as_plain(value) for name, value in values.items()}


def _as_plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return [str(word) for word in value] if isinstance(value, tuple) else value
