"""The page of reports in a browser: choose form and period, look at the figures, take the workbook along."""

from threading import Thread

import pytest
from openpyxl import load_workbook
from werkzeug.serving import make_server

from app.security import roles
from app.services.chain import ensure_heads
from tests.builders import PASSWORD, make_user
from tests.reports.world import YEAR, World

pytestmark = [pytest.mark.browser, pytest.mark.database_plays_no_part]
HALF = f"{YEAR}年上半年"


@pytest.fixture
def desk(app, session, page):
    """The desk of a planner in the sample year."""
    ensure_heads(session)
    World(session).build()
    make_user("planner", roles.PLANNER)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    page.goto(f"http://127.0.0.1:{server.port}/login/")
    page.fill("#username", "planner")
    page.fill("#password", PASSWORD)
    page.click("button.primary")
    page.wait_for_url("**/")
    yield page
    server.shutdown()
    server.server_close()


def test_r77_the_workbook_says_what_the_page_has_shown(desk, tmp_path):
    desk.goto(desk.url.rstrip("/") + "/reports/")
    desk.select_option("#report", label="分部门抽查情况统计表")
    desk.select_option("#year", str(YEAR))
    desk.select_option("#part", "H1")
    desk.click("button.primary:has-text('查看')")
    shown = desk.locator("table.grid-t tbody tr:has-text('商务局') td").all_inner_texts()
    with desk.expect_download() as taken:
        desk.click(".bar button:has-text('下载')")
    taken.value.save_as(tmp_path / "taken.xlsx")
    rows = list(load_workbook(tmp_path / "taken.xlsx", data_only=True)["分部门"].iter_rows(values_only=True))
    assert HALF in rows[0][0]
    assert HALF in taken.value.suggested_filename
    row = next(row for row in rows if row[1] == "商务局")
    assert [text.strip() for text in shown[:5]] == [str(value) for value in row[:5]]
    assert row[2] > 0
