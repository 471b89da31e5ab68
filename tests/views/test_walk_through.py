"""The whole cycle through the pages, by the buttons a person would press."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.vocabulary import PlanState, TaskState, VisitState
from app.extensions import db
from app.models import Disclosure, Draw, InspectionPlan, ItemFinding, Visit
from tests.builders import PASSWORD, make_inspector, make_item
from tests.evidence_builders import make_ready
from tests.office import DICE, DICE_PLAN, WITNESS, Office, today
from tests.views.pages import enter, messages


@pytest.fixture
def office(app):
    return Office(app)


def answers(finding, **values):
    """A clean finding as the form posts it."""
    points = {f"point-{point.id}": "ok" for point in finding.task_item.version.points}
    given = {"result": ["1"], "disposal": ["1"], "method": ["on_site"], "checked_on": today().isoformat()}
    given["violation_on"] = today().isoformat()
    return {**points, **given, **values}


def record_all(office, **values):
    for visit in db.session.query(Visit).all():
        username = visit.team[0].inspector.user.username
        for finding in visit.findings:
            office.post(username, f"/visits/{visit.id}/findings/{finding.id}", **answers(finding, **values))
        make_ready(visit)
        office.post(username, f"/visits/{visit.id}/submit")


def test_r21_plan_goes_from_draft_to_disclosure(office):
    office.plan()
    plan = db.session.get(InspectionPlan, 1)
    assert (plan.state, plan.filing_no) == (PlanState.DISCLOSED, "长司备〔2026〕1号")
    assert [entry.target_count for entry in plan.lines[0].items] == [2, 2]


def test_the_planner_cannot_approve_a_plan(office):
    office.post("planner", "/plans/create", year=2026, title="年度计划", agency=office.bureau())
    assert office.post("planner", "/plans/1/approve").status_code == 403


def test_r26_plan_page_shows_the_formula(office):
    office.plan()
    assert "⌈10×20%⌉＝2" in office.clients["planner"].get("/plans/show/1").text


def test_whole_cycle_ends_with_disclosed_results(office):
    office.opened()
    assert office.task().state == TaskState.DISCLOSED
    record_all(office)
    assert office.task().state == TaskState.UNDER_REVIEW
    waiting = [finding.id for finding in db.session.query(ItemFinding)]
    office.post("approver", "/review/action_post", action="approve_all", rowid=waiting)
    office.post("approver", "/results/1/disclose")
    assert office.task().state == TaskState.RESULTS_DISCLOSED
    office.post("planner", "/tasks/1/archive")
    assert {visit.state for visit in db.session.query(Visit)} == {VisitState.ARCHIVED}
    assert db.session.query(Disclosure).count() >= 3 + len(office.task().visits)


def test_r31_witness_with_a_wrong_password_is_refused(office):
    office.plan()
    office.post("planner", "/tasks/create", line=1)
    answer = office.post(
        "planner", "/tasks/1/freeze", **DICE_PLAN, witness="auditor", witness_password="wrong"
    )
    assert "没有见证权限" in answer.text
    assert office.task().state == TaskState.DRAFT


@pytest.mark.parametrize("username", ["planner", "clerk"])
def test_r31_only_another_person_with_the_power_witnesses(office, username):
    office.plan()
    office.post("planner", "/tasks/create", line=1)
    office.post("planner", "/tasks/1/freeze", **DICE_PLAN, witness=username, witness_password=PASSWORD)
    assert office.task().state == TaskState.DRAFT


def test_the_witnessed_steps_stand_on_the_witness_page(office):
    office.frozen()
    assert "封存名单，公示方案" in enter(office.app, "auditor").get("/witnessed/").text


def test_seed_waits_for_its_moment(office):
    office.plan()
    office.post("planner", "/tasks/create", line=1)
    later = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    office.post("planner", "/tasks/1/freeze", **DICE_PLAN, **WITNESS, seed_after=later)
    page = office.clients["planner"].get("/tasks/show/1").text
    assert "之后可录入" in page
    office.post("planner", "/tasks/1/seed", value_0=DICE, **WITNESS)
    assert office.task().state == TaskState.FROZEN


def test_a_wrong_seed_is_refused_and_stays_on_the_form(office):
    office.frozen()
    answer = office.post("planner", "/tasks/1/seed", value_0="12", **WITNESS)
    assert 'value="12"' in answer.text
    assert office.task().state == TaskState.FROZEN


def test_r31_voided_draw_stays_in_the_feed(office):
    office.frozen()
    office.post("planner", "/tasks/1/void", reason="名单有误", **WITNESS)
    page = office.clients["planner"].get("/tasks/show/1").text
    assert office.task().state == TaskState.DRAFT
    assert "作废抽取" in page
    assert "名单有误" in page


def test_public_promises_stand_on_the_task_page(office):
    office.frozen()
    draw = db.session.query(Draw).one()
    page = office.clients["planner"].get("/tasks/show/1").text
    assert draw.roster_root in page
    assert draw.plan_hash in page


def test_the_bundle_can_be_downloaded_after_the_draw(office):
    office.opened()
    answer = office.clients["planner"].get("/tasks/1/bundle")
    content = answer.data
    answer.close()
    assert (content[:2], answer.mimetype) == (b"PK", "application/zip")


def test_r17_shortage_is_explained_with_its_arithmetic(office):
    for person in office.world.inspectors[1:]:
        person.certificates.clear()
    db.session.commit()
    office.drawn()
    answer = office.post("planner", "/tasks/1/match")
    assert "还缺 2 人次" in answer.text
    assert "按所选办法匹配" in answer.text
    assert "无行政执法证" in answer.text
    assert office.task().state == TaskState.DRAWN


def test_a_refused_finding_keeps_what_was_typed(office):
    office.opened()
    visit = db.session.query(Visit).first()
    finding, username = visit.findings[0], visit.team[0].inspector.user.username
    entry = answers(finding, result=["E"], disposal=["3"], problem="")
    answer = office.post(username, f"/visits/{visit.id}/findings/{finding.id}", **entry)
    assert "请写明发现的问题。" in messages(answer)
    assert f'id="f{finding.id}-result-E" checked' in answer.text


def test_r53_returned_finding_is_corrected_as_a_second_version(office):
    office.opened()
    record_all(office)
    finding = db.session.query(ItemFinding).first()
    office.post("approver", f"/review/{finding.id}/return", reason="请补充")
    username = finding.visit.team[0].inspector.user.username
    assert "已退回：请补充" in enter(office.app, username).get(f"/visits/show/{finding.visit_id}").text
    office.post(username, f"/visits/{finding.visit_id}/findings/{finding.id}", **answers(finding))
    assert [record.version for record in db.session.get(ItemFinding, finding.id).records] == [1, 2]


def test_r57_withdrawn_disclosure_leaves_its_reason(office):
    office.plan()
    published = db.session.query(Disclosure).first()
    office.post("approver", f"/disclosures/{published.id}/withdraw", reason="")
    assert published.withdrawn_at is None
    office.post("approver", f"/disclosures/{published.id}/withdraw", reason="公示有误")
    assert db.session.get(Disclosure, published.id).withdrawn_reason == "公示有误"


def test_r75_joint_task_brings_each_department_a_part_of_the_form(office):
    office.versions = [make_item("XC-11"), make_item("SJ-11", agency="A02")]
    office.world.publish_items()
    for _ in range(4):
        make_inspector(agency="A02")
    office.opened()
    assert office.task().is_joint
    visit = db.session.query(Visit).first()
    ours = next(member.inspector for member in visit.team if member.inspector.agency.code == "A02")
    page = enter(office.app, ours.user.username).get(f"/visits/show/{visit.id}").text
    assert page.count('class="sheet-item"') == sum(finding.agency.code == "A02" for finding in visit.findings)
