"""报表: pick, look, take along, report, compare; layouts and declared figures on their pages."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.extensions import db
from app.models import Agency, DeclaredFigure, InspectionPlan, Job, ReportedPeriod, ReportLayout
from app.reports.forms import shipped_text
from app.reports.statistics import REPORTS
from tests.builders import World
from tests.views.pages import enter

YEAR = date.today().year  # noqa: DTZ011


@pytest.fixture
def world(app):
    world = World()
    world.open()
    return world


@pytest.fixture
def planner(app, world):
    return enter(app, "planner")


def post(client, address, **data):
    return client.post(address, data=data, follow_redirects=True)


@pytest.mark.parametrize("name", REPORTS)
def test_r77_the_figures_of_every_report_are_shown_before_they_are_taken_along(planner, name):
    page = planner.get("/reports/", query_string={"report": name, "part": "Q4"})
    assert page.status_code == 200
    assert REPORTS[name].title in page.text
    assert "统计时点" in page.text


def test_r81_a_form_without_an_official_blank_says_so_on_the_page_and_in_the_workbook(planner):
    page = planner.get("/reports/", query_string={"report": "summary"})
    assert "归纳表样" in page.text
    answer = planner.get("/reports/download", query_string={"report": "summary", "part": "H1"})
    sheet = load_workbook(BytesIO(answer.data)).worksheets[0]
    assert any("归纳表样" in str(cell.value) for cell in sheet["A"])


@pytest.mark.parametrize(
    "query",
    [
        {"part": "range", "start": "2026-05-01", "end": "2026-01-01"},
        {"part": "range", "start": "x"},
        {"part": "Q9"},
        {"year": "abcd"},
        {"period": "2026-H3"},
    ],
)
def test_a_period_that_does_not_exist_is_refused_in_words(planner, query):
    page = planner.get("/reports/", query_string={"report": "work", **query})
    assert "没有这个统计期间。" in page.text


@pytest.mark.parametrize(
    "query", [{"report": "league"}, {"report": "work", "agency": "999"}, {"report": "work", "territory": "1"}]
)
def test_what_does_not_exist_is_not_found(planner, query):
    assert planner.get("/reports/", query_string=query).status_code == 404


def test_a_list_of_details_is_written_in_the_background_and_downloaded_from_there(planner):
    page = post(planner, "/reports/export", report="findings")
    job = db.session.query(Job).one()
    assert job.state.value == "done"
    assert job.title in page.text
    with planner.get(f"/jobs/{job.id}/file") as answer:
        book = load_workbook(BytesIO(answer.data))
    assert book.sheetnames == ["一企一表明细", "指标说明"]
    assert book.worksheets[0]["E4"].value


def test_following_an_address_starts_no_work_in_the_background(planner):
    asked = {"report": "findings", "period": f"{YEAR}-Q2"}
    page = planner.get("/reports/download", query_string=asked, follow_redirects=True)
    assert "后台" in page.text
    assert page.request.args["period"] == f"{YEAR}-Q2"
    assert db.session.query(Job).count() == 0


def test_the_whole_set_is_written_in_the_background_because_it_holds_lists(planner):
    post(planner, "/reports/export", report="forms")
    job = db.session.query(Job).one()
    assert job.state.value == "done"
    with planner.get(f"/jobs/{job.id}/file") as answer:
        assert len(load_workbook(BytesIO(answer.data)).sheetnames) == 13


def test_r82_a_period_is_reported_downloaded_and_compared(planner):
    page = post(planner, "/reports/report", report="work", period=str(YEAR))
    assert "本期报表已按上报时的数据保存。" in page.text
    assert "各项数据一致。" in page.text
    edition = db.session.query(ReportedPeriod).one()
    assert edition.title in planner.get("/reported/").text
    book = load_workbook(BytesIO(planner.get(f"/reported/{edition.id}/file").data))
    assert "指标说明" in book.sheetnames
    again = post(planner, "/reports/report", report="work", period=str(YEAR), reason="x")
    assert "与第 1 版完全一致" in again.text
    assert planner.get(f"/reported/{edition.id}/beside/{edition.id}").status_code == 200


def test_r82_a_reader_without_the_power_reports_nothing(app, world):
    client = enter(app, "leader")
    assert "上报本期" not in client.get("/reports/", query_string={"report": "work"}).text
    client.post("/reports/report", data={"report": "work", "period": str(YEAR)})
    assert db.session.query(ReportedPeriod).count() == 0


def test_a_changed_layout_is_used_and_taken_back(planner):
    text = shipped_text("work").replace('标题: "抽查内容"', '标题: "抽查事项名称"')
    page = post(planner, "/report-layouts/work/replace", text=text, note="按市里新表")
    assert "表样已启用。" in page.text
    answer = planner.get("/reports/download", query_string={"report": "work", "year": YEAR})
    assert load_workbook(BytesIO(answer.data)).worksheets[0]["B3"].value == "抽查事项名称"
    assert "已恢复内置表样。" in post(planner, "/report-layouts/work/revert").text
    answer = planner.get("/reports/download", query_string={"report": "work", "year": YEAR})
    assert load_workbook(BytesIO(answer.data)).worksheets[0]["B3"].value == "抽查内容"


def test_a_layout_with_mistakes_is_answered_with_chinese_sentences(planner):
    text = shipped_text("work").replace('取数: "抽查户数", 单位: "户"', '取数: "抽查户次", 单位: "户"')
    page = post(planner, "/report-layouts/work/replace", text=text.replace("栏次: 是", "栏次: 也许"))
    assert "表样未启用：" in page.text
    assert "第 7 栏：该取数项的单位是“户次”，不是“户”；计量单位不得混用。" in page.text
    assert "表样：“栏次”应填“是”或“否”" in page.text
    assert db.session.query(ReportLayout).count() == 0
    assert "文件不能作为表样读取" in post(planner, "/report-layouts/work/replace", text="表名: [").text


def test_a_layout_file_can_be_downloaded_changed_and_put_back(planner):
    content = planner.get("/report-layouts/penalties/file").data
    file = (BytesIO(content.replace('单位名称"'.encode(), '填报单位"'.encode(), 1)), "表样.yaml")
    page = planner.post(
        "/report-layouts/penalties/replace",
        data={"file": file, "note": ""},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    assert "表样已启用。" in page.text
    assert "填报单位".encode() in planner.get("/report-layouts/penalties/file?version=1").data
    assert planner.get("/report-layouts/penalties/file?own=1").data == content


def test_r79_declared_figures_are_kept_and_stand_in_the_form(planner):
    agency = db.session.query(Agency).filter_by(is_bureau=True).one().id
    page = post(planner, "/declared/declare", agency=agency, year=YEAR, staff_passed="21", training="两期")
    assert "已保存填报数据" in page.text
    assert "当年培训考试合格人数" in page.text
    assert "21" in planner.get("/reports/", query_string={"report": "enforcement", "year": YEAR}).text
    page = post(planner, "/declared/declare", agency=agency, year=YEAR, staff_passed="许多")
    assert "“当年培训考试合格人数”应填数量，“许多”不符。" in page.text
    assert db.session.query(DeclaredFigure).count() == 2


def test_r79_the_year_before_waits_on_the_desk_until_it_is_reported(planner):
    words = f"{YEAR - 1} 年度报表尚未上报"
    assert words not in planner.get("/").text
    plan = db.session.query(InspectionPlan).first()
    plan.year = YEAR - 1
    db.session.commit()
    assert words in planner.get("/").text
    post(planner, "/reports/report", report="work", period=str(YEAR - 1))
    other = db.session.query(Agency).filter_by(code="A02").one()
    post(planner, "/reports/report", report="enforcement", period=str(YEAR - 1), agency=other.id)
    assert words in planner.get("/").text
    post(planner, "/reports/report", report="enforcement", period=str(YEAR - 1))
    assert words not in planner.get("/").text
