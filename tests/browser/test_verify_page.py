"""The page of a draw in a real browser: it says that the result agrees only after it has computed it."""

import re
import threading
import zlib
from datetime import timedelta

import pytest
from werkzeug.serving import make_server

from app.domain.vocabulary import Stratification
from app.extensions import db
from app.models import Draw, DrawnTarget, Enterprise, InspectionTask, StoredChunk, VisitMember
from app.services.matching import disclose_draw
from app.services.public_draw import check_number
from app.services.replacing import replace_target
from app.services.substituting import substitute_inspector
from tests.builders import NOW, World

pytestmark = pytest.mark.browser


@pytest.fixture
def address(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def world(app):
    return World(enterprises=40)


def newest_draw():
    return db.session.query(Draw).order_by(Draw.id.desc()).first()


def opened(page, address, draw):
    """The page of the draw after its worker has spoken; what the browser complained about is a failure."""
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/public/draws/{draw.number}")
    page.wait_for_selector("#proof-start:visible")
    return complaints


def asked(page, code, check=None):
    page.fill("#code", code)
    if check:
        page.fill("#check", check)
    page.click("#firm-form button")
    page.wait_for_selector("#firm-answer dl, #firm-answer .note.bad")
    return page.inner_text("#firm-answer")


@pytest.mark.parametrize("stratification", [Stratification.ATTENTION, Stratification.RISK])
def test_the_browser_recomputes_an_honest_draw(page, address, world, stratification):
    world.open(stratification=stratification)
    complaints = opened(page, address, newest_draw())
    assert page.inner_text("#proof-says").startswith("✓")
    assert re.search(r"\b40\b", page.inner_text("#proof-more"))
    assert page.locator("#proof-steps li").count() == 6
    assert complaints == []


def test_a_changed_roster_is_named_in_a_red_box(page, address, world):
    world.open()
    draw = newest_draw()
    chunk = db.session.query(StoredChunk).filter_by(digest=draw.roster_file).one()
    chunk.content = zlib.compress(zlib.decompress(chunk.content).replace(b"ALL", b"ALM", 1))
    db.session.commit()
    opened(page, address, draw)
    assert page.locator("#proof.bad").count() == 1
    assert "✓" not in page.inner_text("#proof")
    assert "ALM" in page.inner_text("#proof-more") or "roster.tsv" in page.inner_text("#proof-more")


def test_every_verdict_on_a_firm_is_reached_in_the_browser(page, address, world):
    world.open()
    draw = newest_draw()
    opened(page, address, draw)
    drawn = {row.identifier for row in db.session.query(DrawnTarget).filter_by(is_reserve=False)}
    other = next(row.identifier for row in db.session.query(Enterprise) if row.identifier not in drawn)
    for code, css in ((min(drawn), "drawn"), (other, "not_drawn"), ("ZZZ", "absent")):
        answer = asked(page, code)
        assert page.locator(f".verdict.{css}").count() == 1, answer
        assert "printf '%s:%s'" in answer


def test_r29_a_firm_opens_its_own_row_of_a_sealed_draw(page, address, world):
    world.open(stratification=Stratification.RISK)
    draw = newest_draw()
    code = db.session.query(DrawnTarget).filter_by(is_reserve=False).first().identifier
    stratum = db.session.query(DrawnTarget).filter_by(identifier=code).first().stratum
    opened(page, address, draw)
    assert stratum not in asked(page, code)
    assert stratum in asked(page, code, check_number(draw, code))


def test_a_replaced_firm_routes_and_a_changed_team_are_accepted_and_shown(page, address, world):
    task = world.drawn()
    draw = newest_draw()
    first = db.session.query(DrawnTarget).filter_by(is_reserve=False, rank=1).one().identifier
    reserve = db.session.query(DrawnTarget).filter_by(is_reserve=True, rank=1).one().identifier
    replace_target(
        task, first, "已注销，登记机关证明", world.planner, world.witness, NOW + timedelta(hours=1)
    )
    db.session.get(InspectionTask, task).route_size = 3
    db.session.commit()
    world.match(task)
    disclose_draw(task, world.planner, NOW + timedelta(hours=3))
    absent = db.session.query(VisitMember).first().inspector.staff_no
    substitute_inspector(task, absent, "病假", world.planner, world.approver, NOW + timedelta(hours=4))
    assert opened(page, address, draw) == []
    assert page.inner_text("#proof-says").startswith("✓")
    for code in (first, reserve):
        answer = asked(page, code)
        assert first in answer
        assert reserve in answer
    notice = page.locator(".latest a").get_attribute("href")
    page.goto(address + notice)
    assert absent in page.inner_text("main")


def test_the_check_can_be_cancelled_and_then_proves_nothing(page, address, world):
    world.open()
    page.route("**/files/roster.tsv", lambda route: None)
    page.goto(f"{address}/public/draws/{newest_draw().number}")
    page.wait_for_selector("#proof-cancel:visible")
    page.click("#proof-cancel")
    page.wait_for_selector("#proof.wait")
    assert "✓" not in page.inner_text("#proof")


@pytest.mark.parametrize("path", ["/public/", "/public/draws/", "/public/draws/{number}"])
def test_r91_the_site_has_no_serious_barrier(chromium, address, world, path):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe package installed")
    world.open()
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(address + path.format(number=newest_draw().number))
    found = axe.Axe().run(page).response["violations"]
    context.close()
    assert [
        (each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")
    ] == []


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_its_window(chromium, address, world, width):
    world.open()
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    for path in ("/public/", "/public/results/", f"/public/draws/{newest_draw().number}"):
        page.goto(address + path)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, path
    context.close()
