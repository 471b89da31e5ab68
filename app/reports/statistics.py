"""The statistical reports: a form per section, totals, and a sheet that says what each figure means."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO

from app.domain.forms import Field, Form, FormColumn, Kind
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
    follow,
)
from app.reports import workbook
from app.reports.forms import FORMS
from app.reports.layout import Column, Sheet

ANY_PERIOD = tuple(PeriodKind)
TOTAL = "合计"
DISTINCT_TOTAL = "去重合计"

Builder = Callable[..., bytes]


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


UNOFFICIAL = "归纳表样：尚未取得上级下发的正式空白表，报送前须以正式表样替换。"


def build(
    name: str, data: ReportData, meta: ReportMeta, layouts: Mapping[str, Form] = FORMS, **options: Any
) -> bytes:
    """The workbook of a report: one sheet per section and 指标说明."""
    buffer = io.BytesIO()
    write(buffer, name, data, meta, layouts, **options)
    return buffer.getvalue()


def write(
    target: str | Path | BinaryIO,
    name: str,
    data: ReportData,
    meta: ReportMeta,
    layouts: Mapping[str, Form] = FORMS,
    *,
    sheet_rows: int = workbook.SHEET_ROWS,
) -> None:
    """The same to a path or stream; what is streamed passes through memory one row at a time."""
    sheets = sheets_of(name, data, meta, layouts)
    workbook.write(
        target, sheets, created=meta.as_of, streaming=is_streamed(name, layouts), sheet_rows=sheet_rows
    )


def sheets_of(
    name: str, data: ReportData, meta: ReportMeta, layouts: Mapping[str, Form] = FORMS
) -> list[Sheet]:
    """The sheets of a report, that of the definitions last."""
    sections = REPORT_SECTIONS[name]
    sheets = [sheet_of(layouts[section], data.tables[section], data, meta) for section in sections]
    return [*sheets, definitions([layouts[section] for section in sections], data, meta)]


def is_streamed(name: str, layouts: Mapping[str, Form] = FORMS) -> bool:
    """Whether a report consists of nothing but details, too many to be held at once."""
    return all(layouts[section].streamed for section in REPORT_SECTIONS[name])


def has_details(name: str, layouts: Mapping[str, Form] = FORMS) -> bool:
    """Whether a report holds a list of details beside its forms, so that writing it may take its time."""
    return any(layouts[section].streamed for section in REPORT_SECTIONS[name])


@dataclass(frozen=True, slots=True)
class ReportSpec:
    """One report as the command line and the pages list it."""

    title: str
    periods: tuple[PeriodKind, ...] = ANY_PERIOD
    builder: Builder = build


YEARLY = (PeriodKind.YEAR,)
REPORTS: Mapping[str, ReportSpec] = {
    "forms": ReportSpec("全套报表（F1–F9）"),
    "statistics": ReportSpec("统计报表（按维度汇总）"),
    "work": ReportSpec("F1 抽查工作情况统计表"),
    "checklist": ReportSpec("F2 随机抽查事项清单", YEARLY),
    "plan": ReportSpec("F3 年度抽查工作计划表", YEARLY),
    "announcement": ReportSpec("F4 抽查任务公告（含抽取名单）"),
    "results": ReportSpec("F5 抽查（检查）结果公示表"),
    "penalties": ReportSpec("F6a 行政处罚实施情况统计表"),
    "enforcement": ReportSpec("F6b 行政执法总体情况统计表", YEARLY),
    "inspections": ReportSpec("F6c 行政检查实施情况统计表"),
    "summary": ReportSpec("F7 “双随机、一公开”工作情况统计表"),
    "building": ReportSpec("F8 推行“双随机、一公开”情况统计表", (PeriodKind.YEAR, PeriodKind.HALF)),
    "filing": ReportSpec("F9 涉企行政执法检查计划备案表", YEARLY),
    "progress": ReportSpec("工作进展情况表"),
    "agencies": ReportSpec("分部门抽查情况统计表"),
    "districts": ReportSpec("分区县抽查情况统计表"),
    "items": ReportSpec("分事项抽查情况统计表"),
    "categories": ReportSpec("分类名录抽查情况统计表"),
    "industries": ReportSpec("分行业抽查情况统计表"),
    "risks": ReportSpec("按信用风险分类抽查情况统计表"),
    "methods": ReportSpec("按检查方式抽查情况统计表"),
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
        source = column.source
        if isinstance(source, Measure):
            yield source.name, source.unit.label, source.counts, source.against, source.rule
        elif source.unit:
            against = source.ratio[1] if source.ratio else ""
            yield source.name, source.unit.label, source.counts, against, source.rule


def sheet_of(form: Form, table: Table, data: ReportData, meta: ReportMeta) -> Sheet:
    """One form with its rows, the totals below them, and what the reader must know about it."""
    extra = (DistinctRow(table.whole),) if table.whole is not None and form.totalled else ()
    filters = f"　筛选：{'；'.join(meta.filters)}" if meta.filters else ""
    return Sheet(
        form.sheet,
        _columns(form),
        table.banded,
        title=f"{data.period.caption}{form.caption}",
        subtitle=(f"填报单位：{meta.agency}{filters}", f"统计时点：{_moment(meta)}　单位：{form.unit}"),
        total_label=TOTAL if form.totalled else "",
        extra=extra,
        notes=form.notes,
        numbered=form.numbered,
        filtered=form.filtered,
        warning=UNOFFICIAL if form.unofficial else "",
        chart=form.chart,
        streamed=form.streamed,
    )


def _columns(form: Form) -> tuple[Column, ...]:
    named = next((column for column in form.columns if column.kind in (Kind.TEXT, Kind.CODE)), None)
    return tuple(_column(column, form, is_name=column is named) for column in form.columns)


def _column(column: FormColumn, form: Form, *, is_name: bool) -> Column:
    source = column.source
    if isinstance(source, Measure):
        read, ratio = _by_measure(source), _ratio_of(source)
    else:
        read, ratio = _by_path(source.path), source.ratio
        if form.totalled:
            read = _or_distinct(read, DISTINCT_TOTAL if is_name else None)
    return Column(
        column.caption,
        read,
        column.kind,
        column.width,
        column.group,
        key=column.key,
        summed=column.summed,
        ratio=ratio,
        is_key=isinstance(source, Field) and source.is_key,
    )


def _ratio_of(measure: Measure) -> tuple[str, str] | None:
    return (_counted(measure.part), _counted(measure.whole)) if measure.whole else None


def _counted(path: str) -> str:
    """The measure that counts what a rate names as its part or whole."""
    return next(key for key, measure in MEASURES.items() if measure.part == path and not measure.whole)


def _by_measure(measure: Measure) -> Callable[[Any], Any]:
    return lambda row: measure.read(row.tally) if row.tally is not None else None


def _by_path(path: str) -> Callable[[Any], Any]:
    return attrgetter(path) if path.isidentifier() else partial(_follow, path)


def _or_distinct(get: Callable[[Any], Any], distinct: str | None) -> Callable[[Any], Any]:
    """The row below the totals has none of the fields; `distinct` stands in it under the first name."""

    def read(row: Any) -> Any:
        return distinct if type(row) is DistinctRow else get(row)

    return read


def _follow(path: str, row: Any) -> Any:
    return follow(row, path) if path else None
