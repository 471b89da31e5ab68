"""Rows of the statistical reports: plain values, ready for a form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.domain.measures.counts import Share, Tally
from app.domain.measures.period import Period
from app.domain.policy import PPM


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One department, district, item, category or industry with its tally."""

    code: str
    label: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One line of the work form F1: an item of a plan line. `ppm` is the yearly ratio."""

    label: str
    scope: str
    targets: str
    base: int | None
    ppm: int | None
    tally: Tally
    organiser: str = ""
    """组织部门: the department that leads the plan line."""

    @property
    def ratio(self) -> float | None:
        """抽查比例 as a fraction."""
        return None if self.ppm is None else self.ppm / PPM


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One department in the work-progress form."""

    code: str
    label: str
    items: int
    joint_items: int
    roster: int
    inspectors: int
    planned: int
    """Drawn targets planned for the year, in 件 (enterprise × item)."""
    tasks: int
    joint_tasks: int
    turns: int
    """出动执法人员: inspectors of its own sent on checked visits, in 人次."""
    tally: Tally
    values: Mapping[str, Any] = field(default_factory=dict)
    """What F7 asks beyond that, by the names of app.domain.forms.departments.SUMMARY."""

    @property
    def joint_task_share(self) -> float | None:
        """联合抽查任务数 ÷ 抽查任务数."""
        return Share(self.joint_tasks, self.tasks).value

    @property
    def drawn_share(self) -> float | None:
        """抽查户数 ÷ 名录库户数."""
        return Share(self.tally.households.total, self.roster).value


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One line of the annual plan table F3: an item of a plan line."""

    plan_title: str
    filing_no: str
    line: str
    scope: str
    item_code: str
    item: str
    targets: str
    base: int
    ppm: int
    planned: int
    drawn: int
    """Targets drawn so far for this item of the line, in 件."""
    frequency: int
    methods: str
    stratification: str
    starts_on: date
    ends_on: date
    lead: str
    partners: str
    tasks: str
    note: str
    content: str = ""
    bases: str = ""
    levels: str = ""
    organised_level: str = ""
    lead_name: str = ""
    drawn_days: str = ""
    """First and last day of a draw for this line so far."""

    @property
    def ratio(self) -> float:
        """抽查比例 as a fraction."""
        return self.ppm / PPM

    @property
    def days(self) -> str:
        """检查起止时间."""
        return f"{self.starts_on} 至 {self.ends_on}"

    @property
    def ratio_words(self) -> str:
        """How F9 wants the ratio said: from how many, at which ratio, how many."""
        percent = f"{100 * self.ppm / PPM:.4g}%"
        return f"从{self.base:,}户名录库中按{percent}随机抽取{self.planned:,}户"

    @property
    def time_words(self) -> str:
        """How F9 wants the time said: from which month to which, and how many."""
        return f"{self.starts_on:%Y年%m月}至{self.ends_on:%Y年%m月}，{self.planned:,}户"

    @property
    def list_words(self) -> str:
        """Where the list of the drawn stands."""
        return "见抽查任务公告所附名单" if self.drawn else ""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task in the list of tasks (after F4)."""

    number: str
    name: str
    line: str
    scope: str
    items: str
    lead: str
    agencies: str
    is_joint: bool
    state: str
    starts_on: date
    ends_on: date
    tally: Tally
    filing_no: str = ""
    plan_title: str = ""
    targets: str = ""
    list_words: str = ""


@dataclass(slots=True)
class FindingLine:
    """One item of one visit as it stands in the 一企一表: what was checked, found and done about it."""

    task_number: str
    visit_number: str
    enterprise: str
    identifier: str
    district: str
    agency: str
    item: str
    content: str
    methods: str
    results: str
    problem: str
    disposals: str
    checked_on: date | None
    team: str
    state: str
    closed_on: date | None
    filing_no: str = ""
    plan_title: str = ""
    task_name: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row of F2, F6 or F8: a department or an item, its values by the names of its row kind."""

    code: str
    label: str
    values: Mapping[str, Any]
    tally: Tally | None = None


@dataclass(slots=True)
class ListedTarget:
    """One enterprise in the list of a task's announcement (F4)."""

    task_number: str
    task_name: str
    item: str
    name: str
    identifier: str
    authority: str


@dataclass(frozen=True, slots=True)
class Band:
    """The rows after it, until the next one, belong together: a line with `label` above, a subtotal below."""

    label: str


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one sheet, and the tally of them all in which nobody counts twice."""

    rows: Iterable[Any]
    whole: Tally | None = None
    bands: Sequence[str] = ()
    """The values of `organiser` under which the rows stand, those without a row too."""

    @property
    def banded(self) -> Iterator[Any]:
        """The rows below the bands to which they belong; just the rows where there are no bands."""
        if not self.bands:
            yield from self.rows
            return
        rows = list(self.rows)
        for name in self.bands:
            yield Band(name)
            yield from (row for row in rows if row.organiser == name)


@dataclass(frozen=True, slots=True)
class ReportData:
    """What a report shows: its tables by section."""

    name: str
    period: Period
    tables: Mapping[str, Table]


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """One enterprise drawn for one item, with its ticket beside the last one drawn, and its team.

    In a sealed draw stratum, ticket and cutoff are empty and the rank is a running number (R29).
    """

    rank: int
    item: str
    name: str
    identifier: str
    authority: str
    district: str
    stratum: str
    ticket: str
    cutoff: str
    """The ticket of the last one drawn in the same item and stratum."""
    team: str
    planned_on: date | None
    is_reserve: bool = False
    note: str = ""
    """补位: whose place it took, or who took its place before the match."""


@dataclass(frozen=True, slots=True)
class DrawnList:
    """抽取结果名单 of one draw: the heading facts and the rows, drawn ones by item and rank."""

    task_number: str
    task_name: str
    draw_number: str
    agency: str
    scope: str
    items: tuple[str, ...]
    starts_on: date
    ends_on: date
    roster_n: int
    roster_root: str
    seed_hash: str
    result_hash: str
    rows: tuple[DrawnRow, ...]


@dataclass(frozen=True, slots=True)
class FormMember:
    """One inspector on a 一企一表, with the certificate valid on the day of the check (R15, R17)."""

    name: str
    agency: str
    certificate: str
    is_lead: bool


@dataclass(frozen=True, slots=True)
class FormPoint:
    """One check point and its outcome; empty outcome on a blank form."""

    text: str
    outcome: str
    note: str


@dataclass(frozen=True, slots=True)
class FormItem:
    """One item on a 一企一表."""

    agency: str
    code: str
    name: str
    basis: str
    points: tuple[FormPoint, ...]
    methods: tuple[str, ...]
    results: tuple[str, ...]
    problem: str
    disposals: tuple[str, ...]
    checked_on: date | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class EnterpriseForm:
    """一企一表: everything about one visit to one enterprise (art. 7, R49)."""

    visit_number: str
    task_number: str
    task_name: str
    agency: str
    enterprise: str
    identifier: str
    address: str
    planned_on: date
    done_on: date | None
    members: tuple[FormMember, ...]
    items: tuple[FormItem, ...]


@dataclass(frozen=True, slots=True)
class ReportMeta:
    """Who reports, and as of when; stands in the heading and the definitions of a workbook."""

    agency: str
    as_of: datetime
    filters: tuple[str, ...] = ()
