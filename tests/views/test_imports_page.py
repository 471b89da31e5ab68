"""导入: a file through the page, its outcome, its refused rows as a workbook."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.extensions import db
from app.models import Enterprise, ImportBatch
from tests.builders import World
from tests.views.pages import enter, messages

HEADER = "企业名称,统一社会信用代码,登记状态\n"
GOOD = "杭州样例甲有限公司,91330108793696828A,存续\n"
BAD = "杭州样例乙有限公司,91330108793696828B1,存续\n"


@pytest.fixture
def clerk(app):
    World(enterprises=0, inspectors=0)
    return enter(app, "clerk")


def upload(client, text, name="名录.csv", **fields):
    data = {"kind": "enterprises", "file": (BytesIO(text.encode()), name), **fields}
    return client.post("/import/", data=data, content_type="multipart/form-data")


def test_good_rows_are_loaded_and_refused_ones_come_back_with_line_and_reason(clerk):
    page = upload(clerk, HEADER + GOOD + BAD).text
    assert db.session.query(Enterprise).count() == 1
    assert '<td class="num">3</td>' in page
    assert "91330108793696828B1" in page


def test_refused_rows_can_be_downloaded_as_a_workbook(clerk):
    upload(clerk, HEADER + GOOD + BAD)
    batch = db.session.query(ImportBatch).one()
    sheet = load_workbook(BytesIO(clerk.get(f"/imports/{batch.id}/rejects").data)).active
    assert [cell.value for cell in sheet[1]][:2] == ["行号", "原因"]
    assert sheet["A2"].value in (3, "3")


def test_a_trial_stores_nothing(clerk):
    page = upload(clerk, HEADER + GOOD, dry_run="1").text
    assert "没有写入任何数据" in page
    assert (db.session.query(Enterprise).count(), db.session.query(ImportBatch).count()) == (0, 0)


@pytest.mark.parametrize("text", ["", "无关的表头\n1\n"])
def test_an_unreadable_file_is_refused_in_words(clerk, text):
    answer = upload(clerk, text)
    assert answer.status_code == 200
    assert len(messages(answer)) == 1
    assert db.session.query(ImportBatch).count() == 0


def test_a_batch_without_refused_rows_has_no_workbook(clerk):
    upload(clerk, HEADER + GOOD)
    assert clerk.get(f"/imports/{db.session.query(ImportBatch).one().id}/rejects").status_code == 404
