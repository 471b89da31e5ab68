"""The statistical workbooks of a small world: layouts, totals, definitions, and the golden ones."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from app.domain.measures import (
    REPORT_SECTIONS,
    Period,
    PeriodKind,
    ReportData,
    ReportMeta,
    Table,
    Tally,
    WorkRow,
)
from app.domain.vocabulary import CheckMethod, RiskClass
from app.models import Enterprise, FindingMethod
from app.reports import statistics as reports
from app.reports.forms import FORMS
from app.reports.layout import Kind
from app.services import statistics
from tests.reports.golden import assert_golden
from tests.reports.world import AS_OF, TODAY, YEAR, World

THIS_YEAR = Period(YEAR)
META = ReportMeta("长春市商务局", AS_OF)
SHARED = Path(__file__).parents[3] / "shared" / "data" / "report_forms.csv"


@pytest.fixture
def world(session):
    return World(session).build()


def build(session, name, period=THIS_YEAR):
    return reports.build(name, statistics.rows_for(session, name, period, TODAY), META)


def load(content, **options):
    return openpyxl.load_workbook(io.BytesIO(content), **options)


def captions(page, first, second):
    """Captions of the two heading rows, the lower one where there are two."""
    pairs = zip(page[first], page[second], strict=True)
    return [(lower.value or upper.value).replace("\n", "") for upper, lower in pairs]


def test_golden_statistics_workbook(session, world):
    assert_golden("statistics.xlsx", build(session, "statistics"))


def test_golden_plan_and_tasks(session, world):
    assert_golden("plan.xlsx", build(session, "plan"))
    assert_golden("tasks.xlsx", build(session, "tasks"))


@pytest.mark.parametrize(
    "name", ["checklist", "penalties", "enforcement", "inspections", "summary", "building", "filing"]
)
def test_golden_forms(session, world, name):
    assert_golden(f"{name}.xlsx", build(session, name))


def test_golden_table_by_risk_class(session, world):
    for place, enterprise in enumerate(session.query(Enterprise).order_by(Enterprise.identifier)):
        enterprise.risk_class = [*RiskClass, None][place % 5]
    assert_golden("risks.xlsx", build(session, "risks"))


def test_golden_table_by_method(session, world):
    assert_golden("methods.xlsx", build(session, "methods"))


def test_r48_a_check_by_two_methods_counts_in_both_and_once_in_the_total(session, world):
    before = by_method(session)
    used = session.query(FindingMethod).filter_by(code=CheckMethod.ONLINE_MONITORING).first()
    session.add(FindingMethod(record_id=used.record_id, code=CheckMethod.DOCUMENT_REVIEW))
    rows, whole = by_method(session)
    work = statistics.rows_for(session, "work", THIS_YEAR, TODAY).tables["work"]
    assert rows - before[0] == {CheckMethod.DOCUMENT_REVIEW.label: 1}
    assert whole == before[1] == work.whole.findings.checked


def by_method(session):
    """Findings by method, and all of them."""
    table = statistics.rows_for(session, "methods", THIS_YEAR, TODAY).tables["methods"]
    rows = {row.label: row.tally.findings.total for row in table.rows}
    return Counter(rows), table.whole.findings.total


def test_golden_announcement_and_results(session, world):
    assert_golden("announcement.xlsx", build(session, "announcement", Period(YEAR, quarter=1)))
    assert_golden("results.xlsx", build(session, "results", Period(YEAR, half=1)))


def test_golden_findings_of_a_quarter(session, world):
    assert_golden("findings.xlsx", build(session, "findings", Period(YEAR, quarter=3)))


def test_the_demo_workbook_has_its_sheets_in_order(session, world):
    assert load(build(session, "statistics")).sheetnames == [
        "抽查工作情况统计",
        "分部门",
        "分区县",
        "分事项",
        "工作进展",
        "指标说明",
    ]


@pytest.mark.real_input
@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data is not here")
def test_f1_has_exactly_the_columns_of_the_form_with_the_bureaus_own_name(session, world):
    with SHARED.open(encoding="utf-8-sig", newline="") as file:
        wanted = [row["column"] for row in csv.DictReader(file) if row["form_id"] == "F1"]
    ours = [
        "违反商务管理相关规定"
        if name == "违反工商行政管理相关规定"
        else name.replace("违反其他工商行政管理规定", "违反其他商务管理规定")
        for name in wanted
    ]
    page = load(build(session, "work"))["抽查工作情况统计"]
    assert captions(page, 3, 4) == ours
    assert [cell.value for cell in page[5]] == list(range(1, 34))


def test_f1_groups_stand_over_their_columns(session, world):
    page = load(build(session, "work"))["抽查工作情况统计"]
    groups = {str(area): page[str(area).split(":")[0]].value for area in page.merged_cells.ranges}
    assert groups["H3:J3"] == "抽查结果公示"
    assert groups["K3:Q3"] == "检查结果"
    assert groups["R3:Y3"] == "发现问题待后续处理"
    assert groups["Z3:AE3"] == "后续处置"
    assert groups["AF3:AG3"] == "完结情况"


@pytest.mark.parametrize("name", REPORT_SECTIONS)
def test_every_cached_value_is_what_its_formula_gives(session, world, name):
    content = build(session, name)
    formulas, values = load(content), load(content, data_only=True)
    checked = 0
    for page in formulas:
        for cell in (cell for line in page.iter_rows() for cell in line if cell.data_type == "f"):
            cached = values[page.title][cell.coordinate].value
            assert calculated(values[page.title], cell.value) == pytest.approx(cached or "", nan_ok=False)
            checked += 1
    assert checked > 0 or not any(FORMS[section].totalled for section in REPORT_SECTIONS[name])


def calculated(page, formula):
    """The two kinds of formula that the reports write, worked out from the cells themselves."""
    if formula == "=0":
        return ""
    if found := re.fullmatch(r'=IF\(COUNT\(([\w:,]+)\)=0,"",SUM\(\1\)\)', formula):
        return _added_up(page, found[1]) or ""
    if found := re.fullmatch(r"=SUM\(([\w:,]+)\)", formula):
        return sum(_added_up(page, area) for area in found[1].split(",")) or ""
    whole, part, again = re.fullmatch(r'=IF\((\w+)=0,"",(\w+)/(\w+)\)', formula).groups()
    assert whole == again
    return ((page[part].value or 0) / page[whole].value if page[whole].value else "") or ""


def _added_up(page, area):
    left, top, right, bottom = range_boundaries(area)
    cells = page.iter_rows(top, bottom, left, right, values_only=True)
    return sum(value for line in cells for value in line if value is not None)


def test_r77_completion_is_disclosed_over_drawn_in_every_row(session, world):
    page = load(build(session, "work"), data_only=True)["抽查工作情况统计"]
    lines = [row for row in page.iter_rows(min_row=6, values_only=True) if isinstance(row[6], int)]
    assert len(lines) == 4 + 3 + 2  # items, subtotals of the departments, totals
    for row in lines:
        drawn, shown, hidden, rate = row[6:10]
        assert drawn == shown + hidden
        assert rate in (None, "") if drawn == 0 else rate == pytest.approx(shown / drawn)


def test_r80_the_distinct_total_counts_nobody_twice(session, world):
    page = load(build(session, "work"), data_only=True)["抽查工作情况统计"]
    by_label = {row[1]: row for row in page.iter_rows(min_row=6, values_only=True)}
    assert by_label["合计"][6] > by_label["去重合计"][6] == 20


def test_every_figure_on_the_sheets_is_defined_with_unit_and_rule(session, world):
    page = load(build(session, "statistics"))["指标说明"]
    defined = {row[1]: row for row in page.iter_rows(min_row=4, values_only=True) if row[2]}
    for section in REPORT_SECTIONS["statistics"]:
        for column in FORMS[section].columns:
            if column.kind in (Kind.COUNT, Kind.PERCENT):
                assert column.source.name in defined
    assert defined["抽查完成率"][2:6] == ("%", "已公示户数（不是已检查户数）", "抽查户数", "R77")
    assert all(row[5] and row[6] == "2026-09-01 09:30" for row in defined.values())


def test_the_period_is_said_in_the_title_and_in_the_definitions(session, world):
    book = load(build(session, "work", Period(YEAR, month=3)))
    assert book.worksheets[0]["A1"].value == "2026年3月抽查工作情况统计表"
    assert book["指标说明"]["H4"].value == "名单封存日期在2026年3月内的任务"


def test_an_empty_period_still_gives_every_sheet(session, world):
    book = load(build(session, "statistics", Period(YEAR, month=12)), data_only=True)
    assert [cell.value for cell in book["分部门"]["B"][4:7]] == ["商务局", "市场监督管理局", "公安局"]
    assert [cell.value for cell in book["分部门"]["C"][4:7]] == [0, 0, 0]


def test_every_report_has_a_title_its_periods_and_its_forms():
    assert set(reports.REPORTS) == set(REPORT_SECTIONS)
    assert all(spec.title and spec.builder is reports.build for spec in reports.REPORTS.values())
    assert reports.REPORTS["plan"].periods == (PeriodKind.YEAR,)


def test_r29_no_form_has_a_column_for_the_risk_class():
    words = [term.label for term in RiskClass] + ["risk"]
    for form in FORMS.values():
        text = " ".join(f"{column.caption} {column.path}" for column in form.columns)
        assert not any(word in text for word in words)


def test_r29_the_table_by_risk_class_says_that_it_stays_inside(session, world):
    page = load(build(session, "risks")).worksheets[0]
    assert any("不得公开" in str(cell.value) for cell in page["A"])


def test_r45_r79_fines_stand_in_the_statutory_forms_only_and_nobody_is_ranked(session, world):
    naming = {key for key, form in FORMS.items() if any("罚" in column.caption for column in form.columns)}
    assert naming == {"penalties", "enforcement", "summary"}
    for name in naming:
        page = load(build(session, name)).worksheets[0]
        labels = [
            cell.value
            for cell in page["B"]
            if cell.value in ("长春市商务局", "商务局", "长春市公安局", "公安局")
        ]
        assert labels[0].endswith("商务局")


def test_names_that_look_like_formulas_stay_text_in_a_report():
    row = WorkRow("=cmd|' /C calc'!A0", "定向", "@x", 1, 10_000, Tally())
    data = ReportData("work", Period(YEAR), {"work": Table([row])})
    page = load(reports.build("work", data, META)).worksheets[0]
    assert (page["B6"].value, page["B6"].data_type) == ("=cmd|' /C calc'!A0", "s")
    assert page["D6"].data_type == "s"
