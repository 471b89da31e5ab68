"""The pages of a match: who may see what, the remedies a clerk chooses, the substitution a second person approves."""

import pytest
from flask import current_app
from flask_babel import force_locale

from app.domain.vocabulary import TaskState
from app.extensions import db
from app.models import AuditEvent, DrawnTarget, InspectionTask, Matching, Substitution, Visit
from app.security import roles
from app.services import match_review
from app.views.matching import arithmetic
from tests.builders import PASSWORD, World, make_inspector


@pytest.fixture
def world(app):
    return World()


@pytest.fixture
def enter(client):
    def sign(username, password=PASSWORD):
        answer = client.post("/login/", data={"username": username, "password": password})
        assert answer.status_code == 302
        return client

    return sign


@pytest.fixture
def short(app):
    """Ten firms to visit, two inspectors with three visits each."""
    world = World(enterprises=10, inspectors=0)
    for number in (1, 2):
        make_inspector(staff_no=f"S{number:03d}", yearly_cap=3)
    return world.drawn(ppm=1_000_000)


def state_of(task):
    db.session.expire_all()
    return db.session.get(InspectionTask, task).state


def stored():
    db.session.expire_all()
    return db.session.query(Matching).count(), db.session.query(Visit).count()


def form_of(task, **values):
    gone = db.session.query(Visit).filter_by(task_id=task).first().team[0].inspector.staff_no
    given = {
        "inspector": gone,
        "enterprise": "",
        "reason": "病假",
        "witness": "approver",
        "witness_password": PASSWORD,
    }
    return given | values


def test_the_page_shows_teams_key_and_refusals(world, enter):
    make_inspector(valid_to=None)
    task = world.open()
    page = enter("planner").get(f"/matching/{task}").text
    match = db.session.query(Matching).one()
    assert match.record_hash in page
    assert all(visit.number in page for visit in db.session.query(Visit))
    assert "无行政执法证" in page
    assert "style=" not in page.split("<main")[-1]


def test_a_task_without_a_match_says_so_and_offers_the_question(world, enter):
    task = world.drawn()
    page = enter("planner").get(f"/matching/{task}").text
    assert f"/matching/{task}/match" in page


@pytest.mark.parametrize("name", [roles.LEADING_GROUP, roles.AUDITOR])
def test_who_watches_may_neither_match_nor_replace(world, sign_in, name):
    task = world.open()
    client = sign_in(name, username="watcher")
    assert client.get(f"/matching/{task}").status_code == 200
    assert client.get("/matching/").status_code == 200
    for page in ("match", "substitute"):
        assert client.post(f"/matching/{task}/{page}").status_code in (302, 403)
    assert db.session.query(Substitution).count() == 0


def test_r19_counts_per_inspector_are_for_the_auditor_not_for_the_leading_group(world, enter, sign_in):
    task = world.open()
    enter("planner").post(f"/matching/{task}/substitute", data=form_of(task))
    assert "各检查人员替换次数" in seen(enter("auditor").get(f"/matching/{task}"))
    watcher = seen(sign_in(roles.LEADING_GROUP, username="watcher").get(f"/matching/{task}"))
    assert "各检查人员替换次数" not in watcher
    assert "病假" not in watcher


def seen(answer):
    """The page with the words that the translation will carry."""
    return answer.text.replace("Substitutions by inspector", "各检查人员替换次数")


def test_names_are_for_who_may_read_the_roster(world, enter, sign_in):
    task = world.open()
    person = db.session.query(Visit).first().team[0].inspector
    assert person.name in enter("planner").get(f"/matching/{task}").text
    watched = sign_in(roles.LEADING_GROUP, username="watcher").get(f"/matching/{task}").text
    assert person.staff_no in watched
    assert person.name not in watched


def test_a_shortage_is_arithmetic_with_the_cheapest_remedies(short, enter):
    page = enter("planner").get(f"/matching/{short}/match").text
    for figure in ("10", "20", "14"):
        assert figure in page
    assert page.count('name="raise"') == 2
    assert state_of(short) == TaskState.DRAWN


def test_the_chosen_remedies_staff_the_task_and_stay_on_record(short, enter):
    client = enter("planner")
    client.post(f"/matching/{short}/match", data={"remedies": "1", "raise": ["S001", "S002"]})
    assert state_of(short) == TaskState.MATCHED
    assert stored() == (1, 10)
    assert dict(db.session.query(Matching).one().remedies["raised"]) == {"S001": 7, "S002": 7}
    assert "S001" in client.get(f"/matching/{short}").text


def test_too_few_remedies_explain_again_and_store_nothing(short, enter):
    answer = enter("planner").post(f"/matching/{short}/match", data={"remedies": "1", "raise": ["S001"]})
    assert answer.status_code == 200
    assert answer.text.count('name="raise"') == 2
    assert answer.text.count("checked") == 1
    assert (state_of(short), stored()) == (TaskState.DRAWN, (0, 0))
    assert db.session.query(AuditEvent).filter_by(tag="draw:matched:refused").count() == 1


def test_nobody_leaves_out_a_firm_that_was_not_proposed(short, enter):
    targets = [row.identifier for row in db.session.query(DrawnTarget).filter_by(is_reserve=False)]
    enter("planner").post(f"/matching/{short}/match", data={"remedies": "1", "postpone": targets[:7]})
    assert (state_of(short), stored()) == (TaskState.DRAWN, (0, 0))


def test_a_task_that_can_be_staffed_is_matched_from_here_once(world, enter):
    task = world.drawn()
    client = enter("planner")
    for _ in range(2):
        client.post(f"/matching/{task}/match")
    assert (state_of(task), stored()) == (TaskState.MATCHED, (1, 3))


def test_r19_a_substitution_needs_the_password_of_a_second_person(world, enter):
    task = world.open()
    client = enter("planner")
    refused = [
        {"witness_password": "wrong-Password-1"},
        {"witness": "planner"},
        {"witness": "auditor"},
        {"reason": ""},
        {"inspector": "X999"},
    ]
    for wrong in refused:
        client.post(f"/matching/{task}/substitute", data=form_of(task, **wrong))
    assert db.session.query(Substitution).count() == 0
    client.post(f"/matching/{task}/substitute", data=form_of(task))
    db.session.expire_all()
    row = db.session.query(Substitution).one()
    assert (row.requested_by.username, row.approved_by.username) == ("planner", "approver")


def test_r19_nobody_approves_what_they_ask_for(world, enter):
    task = world.open()
    enter("approver").post(f"/matching/{task}/substitute", data=form_of(task))
    assert db.session.query(Substitution).count() == 0


def test_r19_the_difference_is_shown_afterwards(world, enter):
    task = world.open()
    client = enter("planner")
    page = client.post(f"/matching/{task}/substitute", data=form_of(task), follow_redirects=True).text
    difference = db.session.query(Substitution).one().difference
    assert difference
    assert all(change["target"] in page for change in difference)
    assert "病假" in page


def test_r18_a_recusal_takes_the_inspector_off_one_visit(world, enter):
    task = world.open()
    visit = db.session.query(Visit).first()
    identifier, gone = visit.enterprise.identifier, visit.team[0].inspector.staff_no
    enter("planner").post(
        f"/matching/{task}/substitute", data=form_of(task, inspector=gone, enterprise=identifier)
    )
    db.session.expire_all()
    assert db.session.query(Substitution).one().barred_target == identifier


def test_r19_a_substitution_that_leaves_too_few_is_explained_and_changes_nothing(app, enter):
    world = World(enterprises=10, inspectors=2)
    task = world.open()
    answer = enter("planner").post(f"/matching/{task}/substitute", data=form_of(task))
    assert answer.status_code == 200
    assert "合格人员不足" in answer.text
    assert db.session.query(Substitution).count() == 0


def test_the_year_shows_load_and_pairs(world, enter):
    task = world.open()
    page = enter("auditor").get("/matching/").text
    assert f"/matching/{task}" in page
    assert "<progress" in page
    assert enter("auditor").get("/matching/?year=1999").status_code == 200


def test_the_page_of_a_task_leads_here(world, enter):
    task = world.open()
    assert f'href="/matching/{task}"' in enter("planner").get(f"/tasks/show/{task}").text


def sentence(task):
    found = db.session.get(InspectionTask, task)
    shortages = match_review.shortages_of(db.session(), found)
    impasse = match_review.impasse(db.session(), found, shortages)
    with current_app.test_request_context(), force_locale("en"):
        return [str(arithmetic(shortage, impasse)) for shortage in shortages]


def test_the_arithmetic_of_a_group_that_is_too_small(short):
    assert sentence(short) == [
        "10 enterprises need 20 person-visits; at most 6 can be sent: 2 inspectors who are full: 6; 14 missing"
    ]


def test_the_arithmetic_of_too_few_leads(app):
    world = World(enterprises=12, inspectors=0)
    for number, cap, may_lead in ((1, 3, True), (2, 3, True), (3, 12, False), (4, 12, False)):
        make_inspector(staff_no=f"S{number:03d}", yearly_cap=cap, may_lead=may_lead)
    assert sentence(world.drawn(ppm=1_000_000)) == [
        "12 enterprises need 24 person-visits; at most 18 can be sent:"
        " 2 leads who are full: 6 ＋ places that need no lead: 12; 6 missing"
    ]


def test_the_arithmetic_without_anybody(app):
    world = World(enterprises=1, inspectors=0)
    make_inspector(valid_to=None)
    assert sentence(world.drawn(ppm=1_000_000)) == [
        "1 enterprises need 2 person-visits; nobody can be sent; 2 missing"
    ]
