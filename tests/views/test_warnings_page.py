"""Risk warnings on their pages: each step by the right role, what follows from them, who sees them (art. 11, R88)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.vocabulary import ProposalState, WarningState
from app.extensions import db
from app.models import InspectionItem, RatioProposal, RiskWarning, SpecialInspection, Visit
from app.security import roles
from app.services import planning
from app.services.risk.warnings import raise_warnings
from app.views.base.format import CLOCK
from tests.builders import NOW, World, make_enterprise, make_item, make_user
from tests.services.risk.test_warnings import problem, record
from tests.views.pages import enter, messages, visible_text

LATER = NOW + timedelta(days=40)
NEXT_YEAR = datetime.now(CLOCK).year + 1


@pytest.fixture
def world(app):
    """A bureau whose one enterprise had a problem in the same item in two visits, and the warning of it."""
    world = World(enterprises=1)
    version = make_item("XC-77")
    for _ in range(2):
        task = world.open(versions=[version], ppm=1_000_000)
        record(db.session.query(Visit).filter_by(task_id=task).one(), problem)
    raise_warnings(date(2026, 4, 1), None, LATER)
    return world


def warning():
    db.session.expire_all()
    return db.session.query(RiskWarning).one()


def address(step=""):
    return f"/warnings/{warning().id}/{step}" if step else f"/warnings/show/{warning().id}"


def step(client, route, event, note="已核实"):
    return client.post(address(route), data={"event": event, "note": note}, follow_redirects=True)


def test_R88_the_page_shows_the_matter_and_the_findings_behind_it(app, world):
    text = visible_text(enter(app, "planner").get(address()).text)
    assert world.enterprises[0].name in text
    assert "同一事项屡次发现问题" in text
    assert text.count("有问题") >= 2


def test_R88_the_list_is_filtered_by_state_and_level(app, world):
    client = enter(app, "auditor")
    assert warning().number in client.get("/warnings/list/?state=found").text
    assert warning().number not in client.get("/warnings/list/?state=lifted").text
    assert warning().number not in client.get("/warnings/list/?level=severe").text


def test_article_11_the_planner_assesses_and_handles_the_chief_reports_and_lifts(app, world):
    planner, chief = enter(app, "planner"), enter(app, "approver")
    step(planner, "work", "assess")
    assert planner.post(address("decide"), data={"event": "report", "note": "报告"}).status_code == 403
    step(chief, "decide", "report")
    step(planner, "work", "handle")
    step(chief, "decide", "lift")
    assert warning().state == WarningState.LIFTED
    assert [each.event for each in warning().steps][1:] == ["assess", "report", "handle", "lift"]


def test_article_11_a_step_without_a_reason_is_refused(app, world):
    answer = step(enter(app, "planner"), "work", "assess", note=" ")
    assert messages(answer)
    assert warning().state == WarningState.FOUND


def test_R88_a_false_alarm_is_noted_with_its_reason(app, world):
    step(enter(app, "planner"), "work", "assess")
    text = visible_text(step(enter(app, "approver"), "decide", "dismiss", "集中检查所致").text)
    assert warning().is_false_alarm
    assert "误报" in text
    assert "集中检查所致" in text


@pytest.mark.parametrize("event", ["lift", "report", "nothing"])
def test_a_step_of_another_power_is_not_taken_by_its_name(app, world, event):
    assert enter(app, "planner").post(address("work"), data={"event": event, "note": "记"}).status_code == 404


def test_the_chief_names_the_owner_whose_desk_then_shows_the_warning(app, world):
    chief = enter(app, "approver")
    chief.post(address("assign"), data={"owner": str(world.planner.id)})
    assert warning().owner_id == world.planner.id
    assert "研判风险预警" in visible_text(enter(app, "planner").get("/").text)
    assert chief.post(address("assign"), data={"owner": str(world.clerk.id)}).status_code == 404


def test_article_11_a_proposed_ratio_is_decided_by_another_and_stands_in_next_years_lines(app, world):
    planner, chief = enter(app, "planner"), enter(app, "approver")
    item = db.session.query(InspectionItem).one()
    step(planner, "work", "assess")
    data = {"item": str(item.id), "percent": "37.5", "reason": "问题集中"}
    planner.post(address("propose"), data=data)
    made = db.session.query(RatioProposal).one()
    answer = address(f"proposals/{made.id}")
    planner.post(answer, data={"adopted": "1", "decision": "同意"})
    db.session.expire_all()
    assert made.state == ProposalState.OPEN
    chief.post(answer, data={"adopted": "1", "decision": "同意"})
    db.session.expire_all()
    assert made.state == ProposalState.ADOPTED
    plan = planning.create_plan(NEXT_YEAR, "明年计划", item.agency_id, world.planner)
    page = planner.get(f"/plans/{plan}/lines/add").text
    assert 'value="37.5"' in page
    assert "按预警建议" in visible_text(page)


def test_article_15_a_special_inspection_is_started_from_the_warning(app, world):
    for _ in range(4):
        make_enterprise()
    planner = enter(app, "planner")
    step(planner, "work", "assess")
    form = planner.get(f"/special-inspections/new?warning={warning().id}").text
    assert warning().number in form
    start = datetime.now(UTC).date() + timedelta(days=10)
    data = {
        "warning": str(warning().id),
        "title": "专项检查",
        "origin": "own",
        "reason": "预警",
        "quota": "2",
        "starts_on": start.isoformat(),
        "ends_on": (start + timedelta(days=20)).isoformat(),
        "version": "1",
    }
    planner.post("/special-inspections/new", data=data)
    special = db.session.query(SpecialInspection).one()
    assert [row.special_id for row in warning().responses] == [special.id]
    assert special.number in planner.get(address()).text


def test_article_11_the_month_before_is_analysed_by_a_button(app, world):
    answer = enter(app, "planner").post("/warnings/analyse", follow_redirects=True)
    assert "风险分析" in visible_text(answer.text)
    assert "已完成" in visible_text(answer.text)


@pytest.mark.parametrize("username", ["leader", "auditor"])
def test_the_leading_group_and_the_auditor_read_and_do_nothing(app, world, username):
    make_user("leader", roles.LEADING_GROUP)
    client = enter(app, username)
    assert client.get(address()).status_code == 200
    for route in ("work", "decide", "assign", "propose"):
        assert client.post(address(route), data={"event": "assess", "note": "记"}).status_code == 403


def test_another_department_sees_only_warnings_that_it_owns(app, world):
    partner = make_user("partner", roles.APPROVER, agency="A02")
    client = enter(app, "partner")
    assert client.get(address()).status_code == 404
    assert client.post("/warnings/analyse").status_code == 404
    warning().owner_id = partner.id
    db.session.commit()
    assert client.get(address()).status_code == 200
