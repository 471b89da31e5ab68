"""The statistical reports: a form per section, totals, and a sheet that says what each figure means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.measures import (
    CHINA,
    MEASURES,
    REPORT_SECTIONS,
    Measure,
    PeriodKind,
    ReportData,
    ReportMeta,
    Table,
    Tally,
    Unit,
    follow,
)
from app.reports import workbook
from app.reports.forms import FORMS, Form, FormColumn
from app.reports.layout import Column, Kind, Sheet

ANY_PERIOD = (PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.MONTH)
TOTAL = "合计"
DISTINCT_TOTAL = "去重合计"

Builder = Callable[[str, ReportData, ReportMeta], bytes]


@dataclass(frozen=True, slots=True)
class DistinctRow:
    """The row below the totals, in which nobody counts twice; fields of a form that it has not are blank."""

    tally: Tally


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """One line of the sheet of definitions."""

    name: str
    unit: str
    counts: str
    against: str
    rule: str
    moment: str
    filters: str


def build(name: str, data: ReportData, meta: ReportMeta) -> bytes:
    """The workbook of a report: one sheet per section and 指标说明."""
    sections = REPORT_SECTIONS[name]
    forms = [FORMS[section] for section in sections]
    sheets = [_sheet(FORMS[section], data.tables[section], data, meta) for section in sections]
    streamed = any(form.streamed for form in forms)
    return workbook.to_bytes(
        [*sheets, definitions(forms, data, meta)], created=meta.as_of, streaming=streamed
    )


@dataclass(frozen=True, slots=True)
class ReportSpec:
    """One report as the command line and the pages list it."""

    title: str
    periods: tuple[PeriodKind, ...] = ANY_PERIOD
    builder: Builder = build


REPORTS: Mapping[str, ReportSpec] = {
    "statistics": ReportSpec("统计报表（全套）"),
    "work": ReportSpec("抽查工作情况统计表"),
    "agencies": ReportSpec("分部门抽查情况统计表"),
    "districts": ReportSpec("分区县抽查情况统计表"),
    "items": ReportSpec("分事项抽查情况统计表"),
    "categories": ReportSpec("分类名录抽查情况统计表"),
    "industries": ReportSpec("分行业抽查情况统计表"),
    "progress": ReportSpec("工作进展情况表"),
    "plan": ReportSpec("年度抽查工作计划表", (PeriodKind.YEAR,)),
    "tasks": ReportSpec("抽查任务一览表"),
    "findings": ReportSpec("抽查情况明细表（一企一表）"),
}


def definitions(forms: Sequence[Form], data: ReportData, meta: ReportMeta) -> Sheet:
    """指标说明: unit, numerator, denominator, rule, moment and filter of every figure of these forms."""
    moment = _moment(meta)
    filters = "；".join((_belonging(data), *meta.filters))
    rows = [DefinitionRow(*words, moment, filters) for words in dict.fromkeys(_definitions(forms))]
    return Sheet(
        "指标说明",
        (
            Column("序号", lambda row: None, Kind.ORDINAL, 5),
            Column("指标", lambda row: row.name, width=26),
            Column("单位", lambda row: row.unit, width=6),
            Column("计数口径（分子）", lambda row: row.counts, width=46),
            Column("分母", lambda row: row.against, width=14),
            Column("依据", lambda row: row.rule, width=18),
            Column("统计时点", lambda row: row.moment, width=16),
            Column("筛选条件", lambda row: row.filters, width=34),
        ),
        rows,
        title="指标说明",
        subtitle=(f"统计期：{data.period.caption}", f"填报单位：{meta.agency}"),
        notes=(
            "户：检查对象，同一户只计一次；户次：每次抽取的每一户；件：一户的一个检查事项。"
            "三种口径分别由明细记录计算，不互相推算；问题发现率等比率的分子、分母为同一口径。",
        ),
    )


def _moment(meta: ReportMeta) -> str:
    """统计时点 by the Chinese clock."""
    return f"{meta.as_of.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _belonging(data: ReportData) -> str:
    """How a draw is assigned to the period."""
    if data.period.kind == PeriodKind.YEAR:
        return f"计划年度为{data.period.year}年的任务"
    return f"名单封存日期在{data.period.caption}内的任务"


def _definitions(forms: Sequence[Form]) -> Iterator[tuple[str, str, str, str, str]]:
    for column in (column for form in forms for column in form.columns):
        if column.measure:
            yield _words(MEASURES[column.measure])
        elif column.definition:
            note = column.definition
            yield column.caption.replace("\n", ""), note.unit.label, note.counts, "", note.rule


def _words(measure: Measure) -> tuple[str, str, str, str, str]:
    return measure.name, measure.unit.label, measure.counts, measure.against, measure.rule


def _sheet(form: Form, table: Table, data: ReportData, meta: ReportMeta) -> Sheet:
    extra = (DistinctRow(table.whole),) if table.whole is not None else ()
    return Sheet(
        form.sheet,
        _columns(form),
        table.rows,
        title=f"{data.period.caption}{form.caption}",
        subtitle=(f"填报单位：{meta.agency}", f"统计时点：{_moment(meta)}　单位：{form.unit}"),
        total_label=TOTAL if form.totalled else "",
        extra=extra,
        notes=form.notes,
        numbered=form.numbered,
        filtered=form.filtered,
    )


def _columns(form: Form) -> tuple[Column, ...]:
    named = next((column for column in form.columns if column.kind != Kind.ORDINAL), None)
    return tuple(_column(column, is_name=column is named) for column in form.columns)


def _column(column: FormColumn, *, is_name: bool) -> Column:
    if column.measure:
        return _measure_column(column, MEASURES[column.measure])
    return Column(
        column.caption,
        _by_path(column.path, DISTINCT_TOTAL if is_name else None),
        column.kind,
        column.width,
        column.group,
        summed=column.summed,
    )


def _measure_column(column: FormColumn, measure: Measure) -> Column:
    is_rate = measure.unit == Unit.PERCENT
    return Column(
        column.caption,
        lambda row: measure.read(row.tally),
        Kind.PERCENT if is_rate else Kind.COUNT,
        column.width,
        column.group,
        key=measure.key,
        summed=not is_rate,
        ratio=(_counted(measure.part), _counted(measure.whole)) if is_rate else None,
    )


def _counted(path: str) -> str:
    """The measure that counts what a rate names as its part or whole."""
    return next(key for key, measure in MEASURES.items() if measure.part == path and not measure.whole)


def _by_path(path: str, distinct: str | None) -> Callable[[Any], Any]:
    def read(row: Any) -> Any:
        if isinstance(row, DistinctRow):
            return distinct
        return follow(row, path) if path else None

    return read
