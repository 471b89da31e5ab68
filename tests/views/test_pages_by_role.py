"""Who sees what: the menu of each role, and every address against the allow-table."""

import pytest
from flask import url_for

from app.security import roles
from app.security.roles import GRANTS
from app.views import MENU
from tests.builders import World, make_user
from tests.views.pages import addresses, enter

pytestmark = pytest.mark.database_plays_no_part

CLOSED_TO_OTHERS = {
    roles.ADMINISTRATOR: [
        "/tasks/list/",
        "/plans/list/",
        "/enterprises/list/",
        "/visits/list/",
        "/audit/list/",
    ],
    roles.ROSTER_CLERK: ["/tasks/list/", "/plans/list/", "/users/list/", "/audit/list/", "/review/list/"],
    roles.PLANNER: [
        "/users/list/",
        "/audit/list/",
        "/review/list/",
        "/import/",
        "/phone/",
        "/witnessed/",
    ],
    roles.APPROVER: ["/plans/create", "/tasks/create", "/tasks/1/draw", "/import/", "/users/list/"],
    roles.INSPECTOR: [
        "/tasks/list/",
        "/enterprises/list/",
        "/findings/list/",
        "/reports/",
        "/inspectors/list/",
    ],
    roles.LEADING_GROUP: ["/enterprises/list/", "/inspectors/list/", "/visits/list/", "/findings/list/"],
    roles.AUDITOR: ["/plans/create", "/tasks/1/freeze", "/import/", "/results/", "/phone/"],
}


@pytest.fixture
def reader(app):
    World(enterprises=1, inspectors=2)

    def signed_in(role):
        make_user("reader", role)
        return enter(app, "reader")

    return signed_in


@pytest.mark.parametrize("role", GRANTS)
def test_every_address_answers_as_the_table_says(app, reader, role):
    client = reader(role)
    views = {type(view).__name__: view for view in app.appbuilder.baseviews}
    for address, endpoint in addresses(app).items():
        view, method = endpoint.split(".")
        if not hasattr(getattr(views[view], method), "_permission_name"):
            continue
        allowed = views[view].get_method_permission(method) in GRANTS[role].get(
            views[view].class_permission_name, ()
        )
        with client.get(address) as answer:
            status = answer.status_code
        assert (status == 403) is not allowed, f"{role} {address} {status}"
        assert status < 500, f"{role} {address}"


@pytest.mark.parametrize("role", GRANTS)
def test_what_is_not_the_roles_business_is_closed(reader, role):
    client = reader(role)
    assert [address for address in CLOSED_TO_OTHERS[role] if client.get(address).status_code != 403] == []


@pytest.mark.parametrize("role", GRANTS)
def test_the_menu_shows_exactly_what_the_role_may_open(app, reader, role):
    page = reader(role).get("/").text
    with app.test_request_context():
        for entry in [entry for group in MENU for entry in group.entries]:
            address = f'href="{url_for(f"{entry.view.__name__}.{entry.view.default_view}")}"'
            side = page[page.index('<nav class="side"') : page.index("</nav>")]
            assert (address in side) is roles.may(role, entry.power, entry.view.class_permission_name), (
                entry.view
            )


def test_whoever_draws_does_not_approve_plans_and_keeps_no_accounts():
    for role in GRANTS:
        if roles.may(role, "draw", "InspectionTask"):
            assert not roles.may(role, "approve", "InspectionPlan")
            assert not roles.may(role, "witness", "InspectionTask")
            assert not roles.may(role, "write", "User")


def test_the_administrator_has_no_power_over_draws_or_results():
    held = GRANTS[roles.ADMINISTRATOR]
    assert not {"InspectionTask", "InspectionPlan", "ItemFinding", "Disclosure"} & set(held)


def test_the_leading_group_only_reads_and_sees_no_rosters():
    held = GRANTS[roles.LEADING_GROUP]
    assert {
        power
        for view, powers in held.items()
        if view not in ("Account", "Job", "SavedFilter")
        for power in powers
    } <= {
        "read",
        "export",
    }
    assert not {"Enterprise", "Inspector", "Visit", "ItemFinding", "Complaint"} & set(held)
