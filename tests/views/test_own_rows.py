"""Rows: inspectors see their own visits, another department what concerns it; foreign keys find nothing."""

import pytest

from app.domain.vocabulary import ClockKind
from app.extensions import db
from app.models import Agency, Disclosure, Escalation, InspectionTask, ItemFinding, Visit
from app.security import roles
from tests.builders import NOW, World, make_inspector, make_item, make_user
from tests.views.pages import enter


@pytest.fixture
def joint(app):
    """An open joint task of the bureau and A02, and one of the bureau alone."""
    world = World()
    for _ in range(4):
        make_inspector(agency="A02")
    world.open(versions=[make_item("XC-01"), make_item("SJ-01", agency="A02")])
    world.open(versions=[make_item("XC-02")])
    make_user("partner", roles.APPROVER, agency="A02")
    make_user("stranger", roles.APPROVER, agency="A03")
    return world


def visit_pages(client):
    return {visit.id: client.get(f"/visits/show/{visit.id}").status_code for visit in db.session.query(Visit)}


def test_r49_inspectors_open_their_own_visits_only(app, joint):
    visit = db.session.query(Visit).first()
    member = visit.team[0].inspector
    own = {
        each.id for each in db.session.query(Visit) if member.id in {mate.inspector_id for mate in each.team}
    }
    pages = visit_pages(enter(app, member.user.username))
    assert {key for key, status in pages.items() if status == 200} == own
    assert {status for key, status in pages.items() if key not in own} == {404}


def test_inspectors_do_not_find_foreign_visits_in_the_list(app, joint):
    visit = db.session.query(Visit).first()
    team = {mate.inspector_id for mate in visit.team}
    outsider = next(person for person in joint.inspectors if person.id not in team)
    page = enter(app, outsider.user.username).get("/visits/list/").text
    assert f'/visits/show/{visit.id}"' not in page


def test_nobody_records_for_a_visit_of_others(app, joint):
    visit = db.session.query(Visit).first()
    team = {mate.inspector_id for mate in visit.team}
    outsider = next(person for person in joint.inspectors if person.id not in team)
    client = enter(app, outsider.user.username)
    assert client.post(f"/visits/{visit.id}/findings/{visit.findings[0].id}").status_code == 404
    assert client.post(f"/visits/{visit.id}/submit").status_code == 404


def test_a_finding_of_another_visit_is_not_recorded_under_the_own_one(app, joint):
    first, *_others, last = db.session.query(Visit).all()
    client = enter(app, first.team[0].inspector.user.username)
    assert client.post(f"/visits/{first.id}/findings/{last.findings[0].id}").status_code == 404


def test_r73_another_department_reads_its_own_findings_only(app, joint):
    client = enter(app, "partner")
    pages = {
        finding: client.get(f"/findings/show/{finding.id}").status_code
        for finding in db.session.query(ItemFinding)
    }
    assert {finding.agency.code for finding, status in pages.items() if status == 200} == {"A02"}
    assert {finding.agency.code for finding, status in pages.items() if status == 404} == {"A01"}


def test_another_department_sees_the_tasks_in_which_it_takes_part(app, joint):
    first, second = db.session.query(InspectionTask).order_by(InspectionTask.id)
    partner, stranger = enter(app, "partner"), enter(app, "stranger")
    assert partner.get(f"/tasks/show/{first.id}").status_code == 200
    assert partner.get(f"/tasks/show/{second.id}").status_code == 404
    assert stranger.get(f"/tasks/show/{first.id}").status_code == 404


def test_another_department_does_not_review_foreign_findings(app, joint):
    foreign = next(finding for finding in db.session.query(ItemFinding) if finding.agency.code == "A01")
    assert enter(app, "partner").post(f"/review/{foreign.id}/approve").status_code == 404


def test_the_joint_register_shows_joint_tasks_only(app, joint):
    page = enter(app, "planner").get("/joint-tasks/list/").text
    assert "/joint-tasks/show/1" in page
    assert "/joint-tasks/show/2" not in page


def test_another_department_takes_no_step_in_a_task_it_does_not_lead(app, joint):
    make_user("guest", roles.PLANNER, agency="A02")
    client = enter(app, "guest")
    steps = ("freeze", "seed", "draw", "void", "match", "disclose", "archive")
    assert {client.post(f"/tasks/1/{step}").status_code for step in steps} == {404}


def test_another_department_neither_approves_plans_nor_withdraws_disclosures_of_the_bureau(app, joint):
    client = enter(app, "partner")
    assert client.post("/plans/1/approve").status_code == 404
    bureau = next(row for row in db.session.query(Disclosure) if row.agency.code == "A01")
    assert client.post(f"/disclosures/{bureau.id}/withdraw", data={"reason": "误"}).status_code == 404


def test_r73_a_department_discloses_where_it_takes_part_and_nowhere_else(app, joint):
    partner, stranger = enter(app, "partner"), enter(app, "stranger")
    assert partner.post("/results/1/disclose").status_code == 302
    assert partner.post("/results/2/disclose").status_code == 404
    assert stranger.post("/results/1/disclose").status_code == 404


def test_r54_another_department_sees_its_own_deadlines_before_the_leading_group_only(app, joint):
    for code, text in (("A01", "本局逾期"), ("A02", "参与部门逾期")):
        owner = db.session.query(Agency).filter_by(code=code).one()
        db.session.add(
            Escalation(
                kind=ClockKind.DISCLOSURE,
                subject=f"visit:1:{code}",
                due="2026-05-01",
                agency_id=owner.id,
                text=text,
                raised_at=NOW,
            )
        )
    db.session.commit()
    page = enter(app, "partner").get("/deadlines/").text
    assert "参与部门逾期" in page
    assert "本局逾期" not in page
