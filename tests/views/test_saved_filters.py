"""我的筛选: kept by name, offered in its list, shared with the department, opened by default."""

import html

import pytest

from app.extensions import db
from app.models import SavedFilter
from app.security import roles
from app.services import saved_filters
from tests.builders import World, make_user
from tests.views.pages import enter, messages

LIST = "/enterprises/list/"


@pytest.fixture
def clerk(app):
    World(enterprises=1, inspectors=0)
    make_user("foreign", roles.AUDITOR, agency="A02")
    return enter(app, "clerk")


def save(client, name="歇业企业", query="status=dormant", **values):
    data = {"view": "EnterpriseView", "name": name, "query": query, **values}
    return client.post("/saved-filters/save", data=data)


def offered(client):
    page = client.get(f"{LIST}?all=1").text
    part = page[page.index('<details class="menu saved">') :]
    return html.unescape(part[: part.index("</details>")])


def test_a_filter_is_offered_in_its_list_under_its_name(clerk):
    answer = save(clerk)
    assert answer.location == f"{LIST}?status=dormant"
    assert f'<a href="{LIST}?status=dormant">歇业企业</a>' in offered(clerk)


def test_the_same_name_again_replaces_the_filter(clerk):
    save(clerk)
    save(clerk, query="status=existing")
    assert [each.query for each in db.session.query(SavedFilter)] == ["status=existing"]


def test_only_what_filters_or_sorts_is_kept(clerk):
    save(
        clerk,
        query="status=dormant&page_EnterpriseView=7&after_EnterpriseView=9&x=1&_oc_EnterpriseView=name&_od_EnterpriseView=asc",
    )
    kept = db.session.query(SavedFilter).one().query
    assert kept == "status=dormant&_oc_EnterpriseView=name&_od_EnterpriseView=asc"


def test_the_usual_filter_opens_the_list_until_another_is_asked_for(clerk):
    save(clerk, usual="1")
    assert clerk.get(LIST).location == f"{LIST}?status=dormant"
    assert clerk.get(f"{LIST}?all=1").status_code == 200
    save(clerk, name="存续企业", query="status=existing", usual="1")
    assert clerk.get(LIST).location == f"{LIST}?status=existing"


def test_a_shared_filter_is_seen_by_the_department_and_nobody_else(app, clerk):
    save(clerk, shared="1")
    save(clerk, name="自用", query="status=existing")
    planner, foreign = enter(app, "planner"), enter(app, "foreign")
    assert "歇业企业" in offered(planner)
    assert "自用" not in offered(planner)
    assert "歇业企业" not in offered(foreign)


def test_another_persons_filter_cannot_be_taken_away(app, clerk):
    save(clerk, shared="1")
    key = db.session.query(SavedFilter).one().id
    address = f"/saved-filters/{key}/forget"
    enter(app, "planner").post(address, data={"view": "EnterpriseView"})
    assert db.session.query(SavedFilter).count() == 1
    clerk.post(address, data={"view": "EnterpriseView"})
    assert db.session.query(SavedFilter).count() == 0


@pytest.mark.parametrize("name", ["", "   ", "长" * 41])
def test_a_filter_needs_a_name(clerk, name):
    page = clerk.get(save(clerk, name=name).location)
    assert "请为筛选起一个不超过 40 个字的名称" in messages(page)[0]
    assert db.session.query(SavedFilter).count() == 0


def test_the_number_kept_for_one_list_is_bounded(clerk, monkeypatch):
    monkeypatch.setattr(saved_filters, "MOST_KEPT", 1)
    save(clerk)
    save(clerk, name="另一个")
    assert [each.name for each in db.session.query(SavedFilter)] == ["歇业企业"]


@pytest.mark.parametrize("view", ["", "NoView", "HomeView", "InspectionTaskView"])
def test_a_list_that_is_not_the_readers_is_not_found(clerk, view):
    answer = clerk.post("/saved-filters/save", data={"view": view, "name": "甲", "query": ""})
    assert answer.status_code == 404
