"""The clerk's side of the exchange: a task goes out, comes back, and a damaged package says what is wrong."""

import io

from app.extensions import db
from app.models import InspectionTask
from app.security.roles import ADMINISTRATOR, PLANNER
from tests.builders import World, make_inspector, make_item, make_user
from tests.views.pages import enter


def taken(client, content, name="package.json"):
    data = {"file": (io.BytesIO(content), name)}
    return client.post("/exchange/take", data=data, follow_redirects=True).get_data(as_text=True)


def test_R76_a_task_goes_out_in_both_forms_and_its_own_package_changes_nothing(app, sign_in):
    task = World().open()
    client = sign_in(PLANNER, username="planner2")
    assert "JSON" in client.get("/exchange/").get_data(as_text=True)
    text = client.get(f"/exchange/give/{task}.json").get_data()
    sheet = client.get(f"/exchange/give/{task}.xlsx").get_data()
    assert "新增 0 行" in taken(client, text)
    assert "新增 0 行" in taken(client, sheet, "package.xlsx")
    assert db.session.query(InspectionTask).count() == 1


def test_a_half_sent_package_is_told_in_words(app, sign_in):
    task = World().open()
    client = sign_in(PLANNER, username="planner2")
    text = client.get(f"/exchange/give/{task}.json").get_data()
    assert "可能没有传完" in taken(client, text[:-40])


def test_a_key_is_shown_once(app, sign_in):
    World()
    client = sign_in(ADMINISTRATOR, username="keeper")
    page = client.get("/agency-keys/").get_data(as_text=True)
    day = page.split('name="expires_on" type="date" value="')[1][:10]
    agency = page.split('<option value="')[1].split('"')[0]
    made = client.post("/agency-keys/make", data={"agency": agency, "name": "审批系统", "expires_on": day})
    assert "只显示这一次" in made.get_data(as_text=True)
    assert "只显示这一次" not in client.get("/agency-keys/").get_data(as_text=True)


def test_R73_another_department_gives_out_and_sees_its_own_tasks_only(app):
    world = World()
    for _ in range(4):
        make_inspector(agency="A02")
    shared = world.open(versions=[make_item("XC-01"), make_item("SJ-01", agency="A02")])
    alone = world.open(versions=[make_item("XC-02")])
    guest = enter(app, make_user("planner-a02", PLANNER, "A02").username)
    page = guest.get("/exchange/").text
    assert f"/exchange/give/{shared}.json" in page
    assert f"/exchange/give/{alone}.json" not in page
    assert guest.get(f"/exchange/give/{shared}.json").status_code == 200
    assert guest.get(f"/exchange/give/{alone}.json").status_code == 404
