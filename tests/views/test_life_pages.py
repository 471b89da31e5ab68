"""One page for the life of an enterprise, one for the history of a person, one for status changes in open tasks."""

from app.domain.vocabulary import EntityStatus
from app.extensions import db
from app.models import RecordChange
from app.security.roles import INSPECTOR, PLANNER, ROSTER_CLERK
from tests.builders import World


def test_an_enterprise_page_leads_to_its_whole_life(app, sign_in):
    world = World()
    world.open(ppm=1_000_000)
    client = sign_in(PLANNER, username="planner2")
    firm = world.enterprises[0]
    assert f"/life/{firm.id}" in client.get(f"/enterprises/show/{firm.id}").get_data(as_text=True)
    page = client.get(f"/life/{firm.id}").get_data(as_text=True)
    assert firm.name in page
    assert "已抽取" in page
    assert client.get("/life/999999").status_code == 404


def test_R13_a_change_by_hand_keeps_the_reason_that_was_typed(app, sign_in):
    world = World()
    client = sign_in(ROSTER_CLERK, username="clerk2")
    person = world.inspectors[0]
    page = client.get(f"/inspectors/edit/{person.id}").get_data(as_text=True)
    assert 'name="why"' in page
    client.post(
        "/complaints/add",
        data={
            "enterprise": world.enterprises[0].id,
            "received_on": "2026-03-01",
            "ordinal": "1",
            "subject": "不开发票",
            "why": "12345 转办",
        },
    )
    (kept,) = db.session.query(RecordChange).filter_by(register="complaint").all()
    assert (kept.why, kept.actor.username) == ("12345 转办", "clerk2")
    history = client.get(f"/inspector-history/{person.id}").get_data(as_text=True)
    assert person.name in history


def test_R12_the_planner_sees_whose_status_changed_under_way(app, sign_in):
    world = World()
    world.drawn(ppm=1_000_000)
    world.enterprises[0].status = EntityStatus.DEREGISTERED
    db.session.commit()
    client = sign_in(PLANNER, username="planner2")
    page = client.get("/status-changes/").get_data(as_text=True)
    assert world.enterprises[0].name in page
    assert "由备选依次补位" in page
    assert "登记状态发生变化" in client.get("/").get_data(as_text=True)


def test_an_inspector_does_not_open_the_life_of_every_enterprise(app, sign_in):
    world = World()
    assert sign_in(INSPECTOR, username="stranger").get(f"/life/{world.enterprises[0].id}").status_code == 403
