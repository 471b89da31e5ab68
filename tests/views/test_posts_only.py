"""Nothing changes by following an address, and no form is accepted without its token."""

import pytest
from sqlalchemy import func, select

import config
from app.extensions import db
from app.models import AuditEvent, InspectionTask
from app.security import roles
from tests.builders import PASSWORD, World, make_user
from tests.conftest import make_app
from tests.views.pages import addresses, enter

pytestmark = pytest.mark.database_plays_no_part

STEPS = (
    "/plans/1/submit",
    "/plans/1/approve",
    "/plans/1/file",
    "/plans/1/disclose",
    "/plans/1/return",
    "/tasks/1/match",
    "/tasks/1/disclose",
    "/tasks/1/archive",
    "/items/publish-all",
    "/items/disclose",
    "/item-versions/1/publish",
    "/item-versions/1/withdraw",
    "/visits/1/submit",
    "/phone/visits/1/entries",
    "/phone/visits/1/files",
    "/phone/visits/1/signatures",
    "/phone/visits/1/holds",
    "/phone/visits/1/submit",
    "/phone/visits/1/findings/1/complete",
    "/phone/visits/1/holds/1/decide",
    "/visits/1/findings/1",
    "/review/1/approve",
    "/review/1/return",
    "/results/1/disclose",
    "/disclosures/1/withdraw",
    "/disclosures/1/wrong",
    "/disclosures/1/propagate",
    "/visits/1/submit-part",
    "/findings/1/close",
    "/findings/1/severity",
    "/findings/1/leniency",
    "/rectifications/1/prove",
    "/rectifications/1/recheck",
    "/rectifications/1/extend",
    "/rectifications/1/revoke",
    "/transfers/1/step",
    "/transfers/1/decide",
    "/transfers/1/documents",
    "/agency-notices/1/receipt",
    "/agency-notices/1/answer",
    "/agency-notices/letters/1",
    "/objections/1/register",
    "/objections/1/dismiss",
    "/objections/1/decide",
    "/credit/1/measure",
    "/credit/1/restore",
    "/penalty-cases/1/decide",
    "/penalty-cases/1/drop",
    "/service/result/1",
    "/holiday-notices/preview",
    "/holiday-notices/apply",
    "/warnings/analyse",
    "/warnings/1/work",
    "/warnings/1/decide",
    "/warnings/1/assign",
    "/warnings/1/propose",
    "/warnings/1/proposals/1",
    "/joint-plans/plan/1/form",
    "/joint-plans/offers/1/alone",
    "/joint-plans/offers/1/aside",
    "/joint-plans/offers/1/again",
    "/joint-plans/1/confirm",
    "/joint-plans/1/answer",
    "/joint-plans/1/ask-again",
    "/joint-plans/1/without",
    "/joint-plans/1/agree",
    "/joint-plans/1/apart",
    "/joint-parts/tasks/1/confirm",
    "/joint-parts/tasks/1/withdraw",
    "/joint-parts/tasks/1/remind",
    "/joint-parts/visits/1/confirm",
    "/outbox/1/retry",
    "/declared/declare",
    "/reports/export",
    "/reports/report",
    "/report-layouts/work/replace",
    "/report-layouts/work/revert",
)


class WithTokens(config.Testing):
    """Forms need their token, as in production."""

    WTF_CSRF_ENABLED = True


@pytest.fixture
def everything(app):
    """A reader who holds every role but is the same person."""
    world = World()
    make_user("everybody", roles.PLANNER)
    manager = app.appbuilder.sm
    user = manager.find_user("everybody")
    user.roles = [manager.find_role(name) for name in roles.GRANTS]
    db.session.commit()
    return world


@pytest.mark.parametrize("address", STEPS)
def test_steps_are_taken_by_button_only(app, everything, address):
    assert enter(app, "everybody").get(address).status_code == 405


def test_reading_every_page_leaves_no_trace_in_the_records(app, everything):
    everything.drawn()
    client = enter(app, "everybody")
    before = db.session.scalar(select(func.count()).select_from(AuditEvent))
    for address in addresses(app):
        client.get(address).close()
    db.session.expire_all()
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == before
    assert db.session.get(InspectionTask, 1).state.value == "drawn"


def test_steps_without_the_token_are_refused(tmp_path):
    app = make_app(f"sqlite:///{tmp_path / 'tokens.db'}", settings=WithTokens, VAR_DIR=str(tmp_path))
    with app.app_context():
        world = World(enterprises=4)
        world.drawn()
        client = app.test_client()
        page = client.get("/login/").text
        token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
        entry = {"username": "planner", "password": PASSWORD, "csrf_token": token}
        assert client.post("/login/", data=entry).status_code == 302
        assert client.post("/tasks/1/match").status_code == 400
        db.session.expire_all()
        assert db.session.get(InspectionTask, 1).state.value == "drawn"
        db.session.remove()
        db.engine.dispose()
