"""Lists and forms in a browser: every field has its name, those too that find their options on the server."""

from threading import Thread

import pytest
from werkzeug.serving import make_server

from app.services.chain import ensure_heads
from tests.builders import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.database_plays_no_part]


@pytest.fixture
def planner(app, session, page):
    """The browser of a planner."""
    ensure_heads(session)
    World(enterprises=1, inspectors=1)
    session.commit()
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


def faults(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe package installed")
    found = axe.Axe().run(page).response["violations"]
    return [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in found]


def test_a_list_that_is_searched_by_a_related_field_has_no_barrier(planner):
    planner.goto(planner.url + "recusals/list/")
    assert faults(planner) == []
    box = planner.get_by_role("combobox", name="执法人员")
    box.click()
    planner.wait_for_selector(".select2-results__option[role=option]")
    assert faults(planner) == []
    planner.keyboard.press("Enter")
    assert "样员" in box.inner_text()


def test_a_form_with_one_and_with_many_related_rows_has_no_barrier(planner):
    planner.goto(planner.url + "inspectors/add")
    assert faults(planner) == []
