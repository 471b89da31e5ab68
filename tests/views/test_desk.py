"""工作台: to-dos by role, counts in the menu, the searches, the reports."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.extensions import db
from app.models import ItemFinding, Visit
from app.services import planning, visits
from app.views.base.format import CLOCK
from tests.builders import YEAR, World, at, clean, make_inspector, make_item
from tests.evidence_builders import make_ready
from tests.views.pages import enter, visible_text

TODAY = datetime.now(CLOCK).date()


@pytest.fixture
def world(app):
    return World()


def desk(app, username):
    return visible_text(enter(app, username).get("/").text)


def hand_in(visit):
    person = visit.team[0].inspector.user
    for finding in visit.findings:
        visits.record_finding(finding.id, clean(finding), person, at(visit.planned_on, 8))
    make_ready(visit)
    visits.submit_visit(visit.id, person)


def test_the_approver_is_told_of_a_submitted_plan(app, world):
    plan = planning.create_plan(YEAR, "等待审批的计划", 1, world.planner)
    world.publish_items()
    assert "等待审批的计划" not in desk(app, "approver")
    version = make_item("XC-31")
    world.publish_items()
    day = {"lead_agency_id": 1, "starts_on": TODAY, "ends_on": TODAY + timedelta(days=9)}
    planning.add_line(plan, "抽查", {version.id: 100_000}, world.planner, **day)
    planning.submit_plan(plan, world.planner)
    assert "审批：等待审批的计划" in desk(app, "approver")
    assert "等待审批的计划" not in desk(app, "planner")


def test_the_planner_is_told_the_next_step_of_a_task(app, world):
    world.drawn()
    assert "匹配执法人员" in desk(app, "planner")
    assert "匹配执法人员" not in desk(app, "approver")


def test_an_inspector_is_told_of_the_own_visits_only(app, world):
    world.open()
    visit = db.session.query(Visit).first()
    idle = make_inspector()
    assert visit.enterprise.name in desk(app, visit.team[0].inspector.user.username)
    assert visit.enterprise.name not in desk(app, idle.user.username)


def test_the_reviewer_is_told_how_many_findings_wait(app, world):
    world.open()
    hand_in(db.session.query(Visit).first())
    assert "1 项结果待审核" in desk(app, "approver")


def test_r54_results_to_disclose_are_told_with_their_deadline(app, world):
    world.open()
    visit = db.session.query(Visit).first()
    hand_in(visit)
    for finding in visit.findings:
        finding.disclose_by = TODAY - timedelta(days=30)
    db.session.commit()
    assert "逾期" in desk(app, "approver")


def test_r15_the_clerk_is_told_of_certificates_about_to_expire(app, world):
    make_inspector(valid_to=TODAY + timedelta(days=10))
    make_inspector(valid_to=TODAY - timedelta(days=10))
    text = desk(app, "clerk")
    assert "1 个执法证 30 日内到期" in text
    assert "1 个执法证已过期" in text


def test_r15_the_roster_marks_certificates_by_their_validity(app, world):
    make_inspector(valid_to=TODAY + timedelta(days=10))
    make_inspector(valid_to=TODAY - timedelta(days=10))
    page = enter(app, "clerk").get("/certificates/list/").text
    assert '<span class="tag warn">10 天后到期</span>' in page
    assert '<span class="tag bad">已过期</span>' in page


@pytest.mark.parametrize(
    ("term", "kind"), [("code", "企业"), ("name", "企业"), ("task", "任务"), ("person", "执法人员")]
)
def test_the_search_finds_enterprises_tasks_and_inspectors(app, world, term, kind):
    world.task()
    enterprise, person = world.enterprises[0], world.inspectors[0]
    wanted = {
        "code": enterprise.identifier[:12].lower(),
        "name": enterprise.name[:6],
        "task": "抽查",
        "person": person.staff_no,
    }
    page = enter(app, "planner").get("/search/", query_string={"q": wanted[term]}).text
    assert f'<span class="tag">{kind}</span>' in page


def test_the_search_tells_an_inspector_nothing_of_the_rosters(app, world):
    username = world.inspectors[0].user.username
    page = enter(app, username).get("/search/", query_string={"q": world.enterprises[0].name[:6]}).text
    assert world.enterprises[0].name not in page


def test_r77_a_report_is_downloaded_as_a_workbook(app, world):
    world.open()
    answer = enter(app, "planner").get("/reports/download", query_string={"report": "work", "year": YEAR})
    book = load_workbook(BytesIO(answer.data))
    assert "指标说明" in book.sheetnames


def test_a_month_that_does_not_exist_is_refused_in_words(app, world):
    query = {"report": "work", "year": YEAR, "part": "13"}
    answer = enter(app, "planner").get("/reports/download", query_string=query, follow_redirects=True)
    assert "没有这个统计期间。" in answer.text


def test_the_form_of_a_visit_can_be_taken_along_on_paper(app, world):
    world.open()
    finding = db.session.query(ItemFinding).first()
    answer = enter(app, finding.visit.team[0].inspector.user.username).get(
        f"/visits/{finding.visit_id}/paper"
    )
    assert load_workbook(BytesIO(answer.data)).active is not None


def test_every_change_in_a_register_is_put_on_the_trail(app, world):
    client = enter(app, "clerk")
    client.post("/expertise/add", data={"code": "E99", "name": "样例专长"})
    page = enter(app, "auditor").get("/audit/list/?tag=expertise:added").text
    assert "样例专长" in page


def test_r3_a_published_item_version_cannot_be_edited(app, world):
    version = make_item("XC-41")
    world.publish_items()
    client = enter(app, "clerk")
    entry = {
        "item": version.item_id,
        "name": "改名",
        "target_text": "甲",
        "content": "乙",
        "category": "ordinary",
    }
    more = {
        "minimum_ppm": "5",
        "maximum_ppm": "20",
        "methods": "on_site",
        "levels": "city",
        "yearly_frequency": "1",
    }
    page = client.post(f"/item-versions/edit/{version.id}", data=entry | more, follow_redirects=True).text
    db.session.expire_all()
    assert version.name != "改名"
    assert "已公布" in page
