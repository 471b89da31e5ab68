"""The overview in a browser: usable with the keyboard and a screen reader, and on one printed page."""

from contextlib import closing
from io import BytesIO
from threading import Thread

import pytest
from pypdf import PdfReader
from werkzeug.serving import make_server

from app.security import roles
from app.services.chain import ensure_heads
from tests.builders import PASSWORD, make_user
from tests.reports.world import YEAR, World

pytestmark = pytest.mark.browser


@pytest.fixture
def overview(app, session, page):
    """The overview of the sample year as the leading group sees it."""
    World(session).build()
    ensure_heads(session)
    session.commit()
    make_user("leader", roles.LEADING_GROUP)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    with closing(server.socket):
        site = f"http://127.0.0.1:{server.port}"
        page.goto(f"{site}/login/")
        page.fill("[name=username]", "leader")
        page.fill("[name=password]", PASSWORD)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.goto(f"{site}/dashboard/?year={YEAR}")
        yield page
        server.shutdown()


def test_no_fault_is_found_by_axe_and_none_by_the_policy_of_the_page(overview):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe package installed")
    for summary in overview.locator("details.menu ~ details summary, main details summary").all():
        summary.click()
    found = axe.Axe().run(overview).response["violations"]
    assert [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in found] == []


def test_a_district_is_reached_and_opened_by_the_keyboard(overview):
    district = overview.locator(".map a").first
    district.focus()
    assert overview.evaluate("document.activeElement.getAttribute('aria-label')")
    with overview.expect_navigation():
        overview.keyboard.press("Enter")
    assert "/dashboard/rows/problem" in overview.url


def test_the_year_goes_on_one_page_a4_landscape(overview):
    printed = PdfReader(BytesIO(overview.pdf(prefer_css_page_size=True, print_background=True)))
    assert len(printed.pages) == 1
    box = printed.pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (842, 595)
