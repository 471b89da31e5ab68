"""Lists of details in the background: every row once, over as many sheets as they need, in constant memory."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest

from app.domain.measures import CHINA, Period, ReportData, ReportMeta, Table
from app.extensions import db
from app.models import AuditEvent, Job
from app.reports import statistics as reports
from app.security import roles
from app.services import report_export, statistics, storage
from app.services.reporting import Asked
from tests.builders import make_user
from tests.reports.casework import CaseWorld
from tests.reports.world import AS_OF, TODAY, YEAR

META = ReportMeta("长春市商务局", AS_OF)


@pytest.fixture
def world(app, session):
    return CaseWorld(session).build()


def export(asked, role=roles.PLANNER):
    user = make_user("reader", role)
    key = report_export.ask(asked, user, AS_OF + timedelta(days=1), "/reports/")
    return db.session.get(Job, key)


def book_of(job):
    return openpyxl.load_workbook(BytesIO(storage.fetch_bytes(db.session, job.result["file"])))


def test_a_list_of_details_is_written_whole_and_the_export_is_audited(world):
    job = export(Asked("findings", Period(YEAR)))
    assert job.state.value == "done"
    page = book_of(job)["一企一表明细"]
    codes = [cell.value for cell in page["E"][3:] if cell.value]
    assert len(codes) == 12 + 9 + 8 + 6 == job.result["rows"]
    assert page.auto_filter.ref == f"A3:Q{3 + len(codes)}"
    event = db.session.query(AuditEvent).order_by(AuditEvent.number.desc()).first()
    assert event.tag == "report:file:exported"


def test_r73_a_department_takes_its_own_rows_along(world):
    page = book_of(export(Asked("findings", Period(YEAR), world.market.id)))["一企一表明细"]
    assert {cell.value for cell in page["G"][3:] if cell.value} == {"市场监督管理局"}


def test_whoever_lost_the_right_gets_no_file(world):
    job = export(Asked("findings", Period(YEAR)), roles.INSPECTOR)
    assert (job.state.value, job.error_code) == ("failed", "export_not_permitted")


def test_rows_beyond_the_last_row_of_a_sheet_go_on_in_a_next_one(world, tmp_path):
    data = statistics.rows_for(db.session, "findings", Period(YEAR), TODAY)
    reports.write(tmp_path / "split.xlsx", "findings", data, META, sheet_rows=13)
    book = openpyxl.load_workbook(tmp_path / "split.xlsx")
    details = [page for page in book if page.title.startswith("一企一表明细")]
    assert [page.max_row for page in details] == [13, 13, 13, 8]
    numbers = [row[0] for page in details for row in page.iter_rows(min_row=4, values_only=True)]
    assert numbers == list(range(1, 36))
    assert all(page["B3"].value == "任务编号" for page in details)


def test_details_are_read_while_they_are_written(world, tmp_path):
    """At no time are more rows taken from the source than the writer has asked for."""
    taken = []

    def lines():
        for number, row in enumerate(
            statistics.rows_for(db.session, "findings", Period(YEAR), TODAY).tables["findings"].rows
        ):
            taken.append(number)
            yield row

    data = ReportData("findings", Period(YEAR), {"findings": Table(lines())})
    sheet = reports.sheets_of("findings", data, META)[0]
    assert taken == []
    assert next(iter(sheet.rows)).task_number
    assert taken == [0]


def test_r57_the_list_of_results_shows_what_is_disclosed_and_stands(world):
    page = book_of(export(Asked("results", Period(YEAR))))["F5 结果公示"]
    whole = statistics.rows_for(db.session, "work", Period(YEAR), TODAY).tables["work"].whole
    assert (
        len([cell for cell in page["A"][4:] if isinstance(cell.value, int)]) == whole.findings.disclosed > 0
    )


def test_the_job_is_called_after_report_and_period(world):
    assert (
        export(Asked("findings", Period(YEAR, half=1))).title
        == f"抽查情况明细表（一企一表）（{YEAR}年上半年）"
    )
    assert AS_OF.astimezone(CHINA).year == YEAR
