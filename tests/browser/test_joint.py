"""R73: a joint line from the offer to the plan, each department at its own browser, with the buttons there are."""

import threading

import pytest
from werkzeug.serving import make_server

from app.domain.vocabulary import JointState, PartState
from app.extensions import db
from app.models import InspectionTask, JointLine
from app.services import tasks
from tests.builders import NOW, PASSWORD
from tests.builders_joint import JointWorld

pytestmark = pytest.mark.browser


@pytest.fixture
def address(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def seat(chromium, address):
    """A browser in which somebody is signed in; nothing may be complained about there."""
    contexts, complaints = [], []

    def sit_down(username):
        context = chromium.new_context(viewport={"width": 1440, "height": 1000}, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{address}/login/")
        page.fill("#username", username)
        page.fill("#password", PASSWORD)
        page.click("button.primary")
        page.wait_for_url("**/")
        return page

    yield sit_down
    for context in contexts:
        context.close()
    assert complaints == []


def joint():
    db.session.expire_all()
    return db.session.query(JointLine).one()


def test_R73_a_joint_line_and_its_task_at_three_browsers(app, address, seat):
    world = JointWorld()
    world.offered()
    planner, market = seat("planner"), seat("head-a02")
    planner.goto(f"{address}/joint-plans/plan/{world.plan}")
    planner.click("text=提出联合计划")
    planner.click("text=确认并征求意见")
    planner.wait_for_selector("text=已确认，已向各部门征求意见。")
    market.goto(f"{address}/")
    market.click("text=答复联合计划：汽车销售部门联合抽查")
    market.click("summary:has-text('不同意')")
    market.fill("input[name=reason]", "四月人手不足")
    market.click(".drop.panel button:has-text('不同意')")
    market.wait_for_selector("text=答复已记录。")
    planner.reload()
    assert planner.locator("button:has-text('商定')").is_disabled()
    planner.click("summary:has-text('再次征求')")
    planner.fill(".drop.panel:visible input[name=reason]", "改在五月")
    planner.click(".drop.panel:visible button")
    planner.wait_for_selector("text=已再次征求该部门意见。")
    market.reload()
    market.click("button:has-text('同意参加')")
    market.wait_for_selector("text=答复已记录。")
    planner.reload()
    planner.click("button:has-text('商定')")
    planner.click("#ask button[value=yes]")
    planner.wait_for_selector("text=已商定，并列入年度计划。")
    assert joint().state == JointState.AGREED


def test_R73_a_department_withdraws_only_after_it_was_asked_twice(app, address, seat):
    world = JointWorld()
    line = world.agreed()
    world.disclose(world.plan)
    task = tasks.create_task(line, world.planner, NOW)
    market = seat("head-a02")
    market.goto(f"{address}/tasks/show/{task}")
    market.click("summary:has-text('退出')")
    market.fill("input[name=reason]", "专项任务冲突")
    market.click(".drop.panel:visible button")
    market.click("#ask button[value=no]")
    assert part(task).state == PartState.ASKED
    market.click("summary:has-text('退出')")
    market.click(".drop.panel:visible button")
    market.click("#ask button[value=yes]")
    market.wait_for_selector("text=该部门已退出")
    assert part(task).state == PartState.WITHDRAWN


def part(task):
    db.session.expire_all()
    return db.session.get(InspectionTask, task).parts[0]
