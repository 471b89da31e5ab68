"""The interface for other departments' systems: its description holds, and no key opens a foreign row (R76)."""

from datetime import UTC, datetime, timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from app.domain.measures import Period
from app.extensions import db
from app.models import Agency, FindingRecord, InspectionPlan, Visit
from app.services import statistics
from app.services.exchange.keys import make_key, revoke_key
from tests.builders import World

ROOT = "/api/exchange/v1"


@pytest.fixture
def world(app):
    return World(enterprises=4)


@pytest.fixture
def call(app, world):
    """A caller with the key of a department: call("A01").get(address)."""
    return lambda agency: Caller(app, key_for(world, agency))


def key_for(world, agency):
    where = db.session.query(Agency).filter_by(code=agency).one()
    now = datetime.now(UTC)
    return make_key(where.id, "样例系统", (now + timedelta(days=30)).date(), world.planner, now)


class Caller:
    def __init__(self, app, key):
        self._client, self.key = app.test_client(), key

    def get(self, address, **values):
        return self._client.get(ROOT + address, headers=self._headers(), **values)

    def put(self, address, body, idempotency_key="call-0001"):
        headers = self._headers() | {"Idempotency-Key": idempotency_key}
        return self._client.put(ROOT + address, json=body, headers=headers)

    def _headers(self):
        return {"Authorization": f"Bearer {self.key}"}


def finding_address(visit):
    return f"/visits/{visit.number}/findings/{visit.findings[0].task_item.code}"


def result(visit, **values):
    points = visit.findings[0].task_item.version.points
    return {
        "staff_no": visit.team[0].inspector.staff_no,
        "checked_on": visit.planned_on.isoformat(),
        "results": ["1"],
        "methods": ["on_site"],
        "disposals": ["1"],
        "points": [{"ordinal": point.ordinal, "outcome": "ok"} for point in points],
    } | values


def test_without_a_key_nothing_is_said(client, world):
    for address in ("/tasks", "/plans", "/tasks/1/package"):
        answer = client.get(ROOT + address)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_key_is_shut_out(world, call):
    from app.models import AgencyKey

    caller = call("A01")
    assert caller.get("/tasks").status_code == 200
    revoke_key(db.session.query(AgencyKey).one().id, world.planner, datetime.now(UTC))
    assert caller.get("/tasks").status_code == 401


def test_a_department_gets_its_tasks_and_their_packages(world, call):
    task = world.open()
    (found,) = call("A01").get("/tasks").get_json()
    assert found["id"] == task
    package = call("A01").get(f"/tasks/{task}/package").get_json()
    assert package["count"] == len(package["rows"]) == db.session.query(Visit).count()


def test_another_departments_key_finds_nothing_there(world, call):
    task = world.open()
    visit = db.session.query(Visit).first()
    stranger = call("A02")
    assert stranger.get("/tasks").get_json() == []
    assert stranger.get(f"/tasks/{task}/package").status_code == 404
    assert stranger.put(finding_address(visit), result(visit)).status_code == 404
    assert db.session.query(FindingRecord).count() == 0


def test_a_finding_is_recorded_once_however_often_it_is_sent(world, call):
    world.open()
    visit = db.session.query(Visit).order_by(Visit.planned_on).first()
    caller, address, body = call("A01"), finding_address(visit), result(visit)
    first, again = caller.put(address, body), caller.put(address, body)
    assert first.status_code == again.status_code == 200
    assert (
        first.get_json()
        == again.get_json()
        == {"visit": visit.number, "item": body_item(visit), "version": 1}
    )
    assert db.session.query(FindingRecord).count() == 1


def body_item(visit):
    return visit.findings[0].task_item.code


def test_the_same_idempotency_key_for_another_request_is_refused(world, call):
    world.open()
    visit = db.session.query(Visit).order_by(Visit.planned_on).first()
    caller = call("A01")
    caller.put(finding_address(visit), result(visit))
    answer = caller.put(finding_address(visit), result(visit, problem="别的"))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "request_differs")


def test_a_rule_that_is_broken_is_named_in_chinese(world, call):
    world.open()
    visit = db.session.query(Visit).order_by(Visit.planned_on).first()
    answer = call("A01").put(finding_address(visit), result(visit, results=["1", "A"]))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "exclusive_result")
    assert "不能" in answer.get_json()["message"]


def test_a_wrong_field_is_named(world, call):
    world.open()
    visit = db.session.query(Visit).first()
    answer = call("A01").put(finding_address(visit), result(visit, results=["Z"], surprise=1))
    assert answer.status_code == 422
    assert {"results", "surprise"} <= set(answer.get_json()["fields"]["json"])


def test_R75_R77_a_department_reads_its_own_figures_as_its_reports_count_them(world, call):
    world.open()
    year = db.session.query(InspectionPlan).one().year
    own = call("A01").get("/figures", query_string={"year": year}).get_json()
    figures = {each["name"]: each for each in own["figures"]}
    bureau = db.session.query(Agency).filter_by(code="A01").one().id
    data = statistics.rows_for(
        db.session(), "agencies", Period(year), datetime.now(UTC).date(), agency_id=bureau
    )
    whole = data.tables["agencies"].whole
    assert figures["抽查户数"]["value"] == whole.households.total > 0
    assert (figures["抽查完成率"]["part"], figures["抽查完成率"]["whole"]) == (0, whole.households.total)
    assert figures["问题发现率"]["value"] is None
    others = call("A02").get("/figures", query_string={"year": year}).get_json()["figures"]
    assert {each["value"] for each in others} <= {0, None}
    assert call("A01").get("/figures").status_code == 422


def test_the_description_names_every_call(client):
    paths = client.get("/api/exchange/openapi.json").get_json()["paths"]
    assert set(paths) == {
        f"{ROOT}/figures",
        f"{ROOT}/plans",
        f"{ROOT}/tasks",
        f"{ROOT}/tasks/{{task_id}}/package",
        f"{ROOT}/visits/{{number}}/findings/{{item}}",
    }


@pytest.mark.slow
@pytest.mark.parametrize("place", range(5))
def test_schemathesis_finds_no_answer_that_the_description_does_not_allow(app, world, place):
    world.open()
    headers = {"Authorization": f"Bearer {key_for(world, 'A01')}"}
    schema = schemathesis.openapi.from_wsgi("/api/exchange/openapi.json", app)
    operation = list(schema.get_all_operations())[place].ok()
    answers = []

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(case=operation.as_strategy())
    def check(case):
        answers.append(case.call_and_validate(headers=headers | dict(case.headers or {})))

    check()
    assert answers
